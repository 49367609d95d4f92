"""What staff see of the paper: how each printer stands, its queue, the slip in trouble, and the picture of any slip."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, distinct, or_
from sqlmodel import Session, col, func, select

from pos.errors import Unknown, WrongState
from pos.models import Device, JobState, Order, Printer, PrintJob
from pos.paper import printers, sealed, slips
from pos.paper.document import Document
from pos.paper.lasting import UNPRINTABLE, WAITING, WELL
from pos.paper.models import MODELS
from pos.paper.preview import preview
from pos.paper.printers import READY
from pos.paper.pulse import DRAWER
from pos.shop import Shop

log = logging.getLogger(__name__)

OLD_WORD = timedelta(seconds=90)  # what a printer said before that is no news
MOST_SHOWN = 12  # slips of a queue
LATELY = timedelta(hours=36)
COLUMNS = (
    col(PrintJob.id), col(PrintJob.kind), col(PrintJob.state), col(PrintJob.cause), col(PrintJob.copy_number),
    col(PrintJob.queued_at), col(PrintJob.sent_at), col(PrintJob.ended_at), col(PrintJob.printer_id), col(Order.code),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A slip on the printers' screen; copies says whether it may be printed again, marked as a copy."""

    job_id: str
    kind: str
    state: JobState
    cause: str | None
    copy_number: int
    queued_at: datetime
    ended_at: datetime | None
    printer_id: str | None
    order_code: str
    copies: bool


@dataclass(frozen=True, kw_only=True)
class PrinterView:
    """A printer and how it stands.

    said is its last word (`ready` or why it cannot print), None where it has not said anything for a while; near_end
    that its roll is; proves whether it says that it has printed, clears whether it can be told to forget; mine whether
    it is this tablet's. queue waits; asked is in doubt and needs somebody to look; held was too old.
    """

    printer_id: str
    label: str
    model: str
    address: str
    said: str | None
    said_at: datetime | None
    near_end: bool
    paused: bool
    station: bool
    proves: bool
    clears: bool
    mine: bool
    queue: tuple[Paper, ...]
    asked: tuple[Paper, ...]
    held: tuple[Paper, ...]

    @property
    def stands(self) -> bool:
        """It prints nothing more until somebody has looked for its slips."""
        return sum(one.state == JobState.UNKNOWN for one in self.asked) > 1


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The paper of a boutique: its printers, what waits for one, and what came out lately."""

    printers: tuple[PrinterView, ...]
    homeless: tuple[Paper, ...]
    lately: tuple[Paper, ...]


def look(shop: Shop, *, boutique_id: str, device_id: str) -> Desk:
    """How the printers of a boutique stand, as far as their workers have said."""
    now = shop.clock.now()
    with shop.read() as seen:
        mine = seen.get_one(Device, device_id).printer_id
        here = select(Printer).where(Printer.boutique_id == boutique_id, col(Printer.retired).is_(False))
        found = list(seen.exec(here.order_by(col(Printer.label), col(Printer.id))))
        papers = _unfinished(seen, boutique_id=boutique_id, printer_ids=[one.id for one in found])
        lately = _lately(seen, printer_ids=[one.id for one in found], since=now - LATELY)
    return Desk(
        printers=tuple(_printer(one, papers, mine=one.id == mine, at=now) for one in found),
        homeless=tuple(one for one in papers if one.printer_id is None)[:MOST_SHOWN],
        lately=lately,
    )


def to_look_for(shop: Shop, *, boutique_id: str) -> tuple[str | None, ...]:
    """The orders of slips that somebody of this boutique has to look for at its printers, the oldest first.

    None: a card of the house, which belongs to no order.
    """
    with shop.read() as seen:
        found = seen.exec(
            select(PrintJob.order_id)
            .join(Printer, col(Printer.id) == col(PrintJob.printer_id))
            .where(Printer.boutique_id == boutique_id, PrintJob.state == JobState.UNKNOWN, PrintJob.kind != DRAWER)
            .where(or_(col(PrintJob.order_id).is_not(None), col(PrintJob.kind).in_(slips.CARDS)))
            .order_by(col(PrintJob.queued_at))
        )
        return tuple(found)


def waits_for_a_person(shop: Shop, *, boutique_id: str) -> int:
    """How many printers of a boutique need somebody for what no other screen asks about.

    A slip of no order in doubt (a test page, a label, a report), one that is too old to be printed by itself, or slips
    that wait because the printer has just said that it cannot.
    """
    doubt = and_(
        col(PrintJob.state) == JobState.UNKNOWN,
        col(PrintJob.order_id).is_(None),
        col(PrintJob.kind).not_in((*slips.CARDS, DRAWER)),
    )
    cannot = and_(
        col(PrintJob.state).in_(WAITING),
        col(Printer.said) != READY,
        col(Printer.said_at) > shop.clock.now() - OLD_WORD,
        col(Printer.paused).is_(False),
    )
    with shop.read() as seen:
        asked = (
            select(func.count(distinct(col(Printer.id))))
            .join(PrintJob, col(PrintJob.printer_id) == col(Printer.id))
            .where(Printer.boutique_id == boutique_id, col(Printer.retired).is_(False))
            .where(or_(doubt, cannot, col(PrintJob.state) == JobState.HELD))
        )
        return seen.exec(asked).one()


def document(job: PrintJob, *, facts: Mapping[str, Any]) -> Document:
    """A slip set from these facts of it, marked where it is a copy. Raises ValueError for facts that do not fit."""
    made = slips.document(job.kind, facts=facts, language=job.language)
    if job.copied is None:
        return made
    told = {**job.copied, "at": datetime.fromisoformat(job.copied["at"])}
    first = job.copied["original_at"]
    told["original_at"] = datetime.fromisoformat(first) if first else None
    return slips.as_copy(made, slips.CopyFacts(number=job.copy_number, **told))


def picture(shop: Shop, *, job_id: str) -> bytes:
    """A slip as a PNG of its paper, from the same layout that is printed; what is under seal is not shown.

    Raises Unknown, or WrongState for one whose facts this version cannot set.
    """
    with shop.read() as seen:
        job = seen.get(PrintJob, job_id)
        if job is None:
            raise Unknown("slip", job_id)
        printer = seen.get(Printer, job.printer_id) if job.printer_id else None
    try:
        made = document(job, facts=sealed.veiled(job.facts))
        return preview(made, model=MODELS[printer.model if printer else "generic-80"])
    except Exception as wrong:  # whatever it is, the page around the picture stands
        log.warning("slip %s cannot be drawn", job_id, exc_info=True)
        raise WrongState("slip", job_id, UNPRINTABLE) from wrong


def _printer(one: Printer, papers: Sequence[Paper], *, mine: bool, at: datetime) -> PrinterView:
    model = MODELS[one.model]
    own = [paper for paper in papers if paper.printer_id == one.id]
    fresh = one.said_at is not None and at - one.said_at <= OLD_WORD
    return PrinterView(
        printer_id=one.id,
        label=one.label,
        model=model.name,
        address=str(printers.address(one)),
        said=one.said if fresh else None,
        said_at=one.said_at,
        near_end=one.near_end and fresh,
        paused=one.paused,
        station=one.station,
        proves=printers.proves(one),
        clears=model.clears,
        mine=mine,
        queue=tuple(paper for paper in own if paper.state in (*WAITING, JobState.SENDING)),
        asked=tuple(paper for paper in own if paper.state == JobState.UNKNOWN),
        held=tuple(paper for paper in own if paper.state == JobState.HELD),
    )


def _unfinished(seen: Session, *, boutique_id: str, printer_ids: Sequence[str]) -> list[Paper]:
    """What waits at these printers, or at a tablet of the boutique for the printer it does not have."""
    at_home = select(Device.id).where(Device.boutique_id == boutique_id)
    where = or_(
        col(PrintJob.printer_id).in_(printer_ids),
        col(PrintJob.printer_id).is_(None) & col(PrintJob.device_id).in_(at_home),
    )
    open_ = col(PrintJob.state).in_((*WAITING, JobState.SENDING, JobState.UNKNOWN, JobState.HELD))
    rows = _slips().where(where, open_).order_by(col(PrintJob.queued_at), col(PrintJob.id))
    return [_paper(row) for row in seen.execute(rows)]


def _lately(seen: Session, *, printer_ids: Sequence[str], since: datetime) -> tuple[Paper, ...]:
    done = col(PrintJob.state).in_(WELL), col(PrintJob.ended_at) > since, col(PrintJob.printer_id).in_(printer_ids)
    rows = _slips().where(*done).order_by(col(PrintJob.ended_at).desc(), col(PrintJob.id)).limit(MOST_SHOWN)
    return tuple(_paper(row) for row in seen.execute(rows))


def _slips() -> Any:
    asked = select(*COLUMNS).select_from(PrintJob)  # type: ignore[call-overload]
    return asked.join(Order, col(Order.id) == col(PrintJob.order_id), isouter=True).where(PrintJob.kind != DRAWER)


def _paper(row: Any) -> Paper:
    job_id, kind, state, cause, number, queued_at, sent_at, ended_at, printer_id, code = row
    return Paper(
        job_id=job_id,
        kind=kind,
        state=state,
        cause=cause,
        copy_number=number,
        queued_at=queued_at,
        ended_at=ended_at or sent_at,
        printer_id=printer_id,
        order_code=code or "",
        copies=kind not in slips.CARDS and kind != slips.Kind.TEST,
    )
