"""The queue of slips: rows written with the sale, sent by one worker a printer, proven or asked about.

A slip is sent again by itself only when no byte of it had left. `unknown` waits for a person: the printer may have
printed it, and a second original must never be. The states are drawn in pos/models/paper.py.
"""

import hashlib
import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, or_, update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.errors import NotAllowed, RecordsTrouble, Unknown, WrongState
from pos.ids import new_id
from pos.models import Device, JobState, Printer, PrintJob, Role, put_all
from pos.paper import connection, escpos, pulse, sealed, slips, status
from pos.paper.models import MODELS
from pos.paper.preview import preview
from pos.paper.pulse import DRAWER
from pos.paper.waiting import NO_PRINTER
from pos.paper.wire import Address, Limits
from pos.people import rights
from pos.shop import Shop, wake

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)  # a worker that has not been heard of for so long is dead
WAITS = (1, 2, 5, 10, 30)  # seconds before a printer that could not print is asked again
INTERRUPTED = "interrupted"
UNPRINTABLE = "unprintable"
WAITING = (JobState.QUEUED, JobState.BLOCKED)
ANSWER = "answer for a slip"
ASIDE = timedelta(minutes=10)  # before a slip that cannot be set is tried again, perhaps by a shop that can


@dataclass(frozen=True)
class _Claim:
    """A slip about to be sent."""

    job_id: str
    printer_id: str
    address: Address
    payload: bytes
    process_id: str
    leftovers: bool
    clear: bool
    else_now: bytes


class _TakenElsewhere(Exception):
    """Another worker was first: nothing was sent."""


def job(
    *,
    kind: str,
    facts: Mapping[str, Any],
    printer_id: str | None,
    language: str,
    order_id: str | None,
    device_id: str | None = None,
    at: datetime,
    piece_id: int | None = None,
    original_of: str | None = None,
) -> dict[str, Any]:
    """The row of a slip to be printed; original_of may stand once in the records.

    device_id is the tablet that took the payment: where it has no printer, the slip waits for the one it gets.
    """
    return {
        "id": new_id(),
        "printer_id": printer_id,
        "order_id": order_id,
        "device_id": device_id,
        "piece_id": piece_id,
        "kind": kind,
        "original_of": original_of,
        "language": language,
        "facts": dict(facts),
        "state": JobState.QUEUED if printer_id else JobState.BLOCKED,
        "cause": None if printer_id else NO_PRINTER,
        "queued_at": at,
    }


def enqueue(tx: Session, jobs: Sequence[Mapping[str, Any]]) -> None:
    """Write slips down to be printed, inside the transaction they tell of."""
    put_all(tx, PrintJob, jobs)
    wake(tx, "printing")


def print_next(
    shop: Shop, *, printer_id: str, give_up: threading.Event | None = None, limits: Limits | None = None
) -> JobState | None:
    """Send the oldest slip of a printer that may be sent now; says what became of it, or None where none is waiting.

    One thread a printer calls it: what this process is still sending when the next slip is asked for has no end.
    """
    claim = _prepare(shop, printer_id=printer_id)
    if claim is None:
        return None
    try:
        outcome = connection.send(
            claim.address,
            payload=claim.payload,
            process_id=claim.process_id,
            before_first_byte=lambda: _sending(shop, claim),
            limits=limits,
            on_status=lambda now: _say_cause(shop, claim, now.cause),
            give_up=give_up,
            leftovers=claim.leftovers,
            clear=claim.clear,
            else_now=claim.else_now,
        )
    except _TakenElsewhere:
        return JobState.SENDING
    return _record(shop, claim, outcome)


def rest(shop: Shop, *, printer_id: str, at_most: float) -> float:
    """For how many seconds a printer may rest: until its oldest slip, which it could not print, may be tried again."""
    now = shop.clock.now()
    with shop.read() as look:
        due = look.exec(_oldest(select(PrintJob.not_before), printer_id=printer_id, at=now)).first()
    return at_most if due is None else min(at_most, max(0.0, (due - now).total_seconds()))


def keep_alive(shop: Shop) -> None:
    """Say that this process still looks after its printers and the slips it is sending; called every few seconds."""
    until = shop.clock.now() + LEASE
    with shop.jot() as tx:
        mine = update(PrintJob).where(col(PrintJob.state) == JobState.SENDING, col(PrintJob.worker) == shop.name)
        tx.connection().execute(mine.values(worker_until=until))
        tx.connection().execute(update(Printer).where(col(Printer.worker) == shop.name).values(worker_until=until))


def bury_the_dead(shop: Shop) -> int:
    """Slips whose worker died while sending are unknown: some of it may be on paper. Says how many."""
    now = shop.clock.now()
    with shop.jot() as tx:
        found = tx.connection().execute(
            update(PrintJob)
            .where(col(PrintJob.state) == JobState.SENDING, col(PrintJob.worker_until) < now)
            .values(state=JobState.UNKNOWN, cause=INTERRUPTED, ended_at=now)
        )
    if found.rowcount:
        log.warning("%d slips were being sent when their worker died", found.rowcount)
    return int(found.rowcount)


def came_out(shop: Shop, *, job_id: str, staff_id: str, device_id: str, yes: bool) -> None:
    """A person has looked: the slip of unknown fate came out, or did not and is printed anew, the same to the byte.

    Only somebody in the printer's boutique can have looked. A printer that cannot clear itself (models.clears) has been
    switched off and on before somebody says no: it may still hold the first one, and nobody could tell the two apart.
    Raises WrongState where it is not unknown, NotAllowed or Unknown.
    """
    now = shop.clock.now()
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=ANSWER)
        values: dict[str, Any] = {"state": JobState.CONFIRMED, "ended_at": now}
        if not yes:
            values = {"state": JobState.QUEUED, "ended_at": None, "not_before": None, "bytes_sent": 0}
        here = select(Printer.id).join(Device, col(Device.boutique_id) == col(Printer.boutique_id))
        beside = col(PrintJob.printer_id).in_(here.where(Device.id == device_id))
        moved = tx.connection().execute(
            update(PrintJob)
            .where(col(PrintJob.id) == job_id, col(PrintJob.state) == JobState.UNKNOWN, beside)
            .values(cause=None, settled_by=staff_id, **values)
        )
        if moved.rowcount != 1:
            job = tx.get(PrintJob, job_id)
            if job is None:
                raise Unknown("slip", job_id)
            if job.state != JobState.UNKNOWN:
                raise WrongState("slip", job_id, job.state)
            raise NotAllowed(staff_id, ANSWER)
        if yes:
            sealed.forget(tx.get_one(PrintJob, job_id))
        audit.record(tx, "slip came out" if yes else "slip replaced", job_id, by=staff_id)
        wake(tx, "printing")


def to_look_for(shop: Shop, *, boutique_id: str) -> tuple[str | None, ...]:
    """The orders of slips that somebody of this boutique has to look for at its printers, the oldest first.

    None: a card of the house, which belongs to no order.
    """
    with shop.read() as look:
        found = look.exec(
            select(PrintJob.order_id)
            .join(Printer, col(Printer.id) == col(PrintJob.printer_id))
            .where(Printer.boutique_id == boutique_id, PrintJob.state == JobState.UNKNOWN, PrintJob.kind != DRAWER)
            .where(or_(col(PrintJob.order_id).is_not(None), col(PrintJob.kind).in_(slips.CARDS)))
            .order_by(col(PrintJob.queued_at))
        )
        return tuple(found)


def picture(shop: Shop, *, job_id: str) -> bytes:
    """A slip as a PNG of its paper, from the same layout that is printed; what is under seal is not shown.

    Raises Unknown, or WrongState for one whose facts this version cannot set.
    """
    with shop.read() as look:
        job = look.get(PrintJob, job_id)
        if job is None:
            raise Unknown("slip", job_id)
        printer = look.get(Printer, job.printer_id) if job.printer_id else None
    try:
        document = slips.document(job.kind, facts=sealed.veiled(job.facts), language=job.language)
        return preview(document, model=MODELS[printer.model if printer else "generic-80"])
    except Exception as wrong:  # whatever it is, the page around the picture stands
        log.warning("slip %s cannot be drawn", job_id, exc_info=True)
        raise WrongState("slip", job_id, UNPRINTABLE) from wrong


def _prepare(shop: Shop, *, printer_id: str) -> _Claim | None:
    """The next slip with its bytes; they are made once and kept, so that a repeat is the same.

    Bytes that hold something under seal are not kept: they are made anew from the same facts.
    """
    _own_up(shop, printer_id=printer_id)
    payload = None
    while payload is None:
        now = shop.clock.now()
        with shop.read() as look:
            printer = look.get_one(Printer, printer_id)
            job = look.exec(_oldest(select(PrintJob), printer_id=printer_id, at=now)).first()
            last, settled_by = look.exec(_last_sent(printer_id)).first() or (None, None)
        if job is None or (job.not_before and job.not_before > now):
            return None
        if pulse.is_too_late(job, at=now):
            pulse.leave_shut(shop, job)
            continue
        payload = job.payload or _rendered(shop, job, printer)
    with shop.jot() as tx:
        if not _our_press(tx, shop, printer_id=printer_id):
            return None
        if job.payload is None:
            kept: dict[str, Any] = {"payload_sha256": hashlib.sha256(payload).hexdigest()}
            if not sealed.holds_secret(job.facts):
                kept["payload"] = payload
            here = col(PrintJob.id) == job.id, col(PrintJob.printer_id) == printer_id
            tx.connection().execute(update(PrintJob).where(*here).values(**kept))
        number = update(Printer).where(col(Printer.id) == printer_id).values(next_process=Printer.next_process + 1)
        used = tx.connection().execute(number.returning(col(Printer.next_process))).scalar_one() - 1
    return _Claim(
        job_id=job.id,
        printer_id=printer_id,
        address=Address(printer.host, printer.port),
        payload=payload,
        process_id=status.process_id(used),
        # What was begun last and is not proven may lie half printed in there: unknown, or to be printed anew, or still
        # "being sent" by a worker that has just died.
        leftovers=last not in (None, JobState.CONFIRMED),
        # Somebody has seen that it did not come out: it is on its way again, and what is left of it must not come too.
        clear=MODELS[printer.model].clears and settled_by is not None and last in WAITING,
        else_now=connection.PULSE_NOW if job.kind == DRAWER else b"",
    )


def _own_up(shop: Shop, *, printer_id: str) -> None:
    """A slip that we still send when we come for the next has lost its outcome (a full disk): a person is asked.

    Its worker is alive, so that nobody else would ever take it for interrupted.
    """
    ours = col(PrintJob.state) == JobState.SENDING, col(PrintJob.worker) == shop.name
    lost = and_(col(PrintJob.printer_id) == printer_id, *ours)
    with shop.read() as look:
        if look.exec(select(PrintJob.id).where(lost)).first() is None:
            return
    with shop.jot() as tx:
        unknown = {"state": JobState.UNKNOWN, "cause": INTERRUPTED, "ended_at": shop.clock.now()}
        tx.connection().execute(update(PrintJob).where(lost).values(**unknown))
    log.warning("printer %s: what became of the last slip was not written down", printer_id)


def _our_press(tx: Session, shop: Shop, *, printer_id: str) -> bool:
    """One process prints on a printer: two would take each other's slips for broken off ones."""
    now = shop.clock.now()
    free = or_(col(Printer.worker).is_(None), col(Printer.worker) == shop.name, col(Printer.worker_until) < now)
    taken = update(Printer).where(col(Printer.id) == printer_id, col(Printer.retired).is_(False), free)
    return tx.connection().execute(taken.values(worker=shop.name, worker_until=now + LEASE)).rowcount == 1


def _rendered(shop: Shop, job: PrintJob, printer: Printer) -> bytes | None:
    """A slip's bytes; one whose facts this version cannot set steps aside, so that the next is printed."""
    try:
        if job.kind == DRAWER:
            return escpos.drawer_pulse(model=MODELS[printer.model])
        document = slips.document(job.kind, facts=sealed.opened(shop, job.facts), language=job.language)
        return escpos.render(document, model=MODELS[printer.model])
    except Exception:  # whatever is wrong with it, it is not the next slip's trouble
        log.exception("slip %s cannot be set for printer %s", job.id, printer.id)
    with shop.jot() as tx:
        tx.connection().execute(
            update(PrintJob)
            .where(col(PrintJob.id) == job.id, col(PrintJob.state).in_(WAITING))
            .values(state=JobState.BLOCKED, cause=UNPRINTABLE, not_before=shop.clock.now() + ASIDE)
        )
    return None


def _oldest(wanted: Any, *, printer_id: str, at: datetime) -> Any:
    """The slip whose turn it is at a printer; while it has to wait, all wait: a customer's slips come out in order.

    Only one that cannot be set lets the others pass, until it is tried again. A drawer is opened before all of them.
    """
    waiting = col(PrintJob.state).in_(WAITING)
    can_be_set = or_(col(PrintJob.cause).is_(None), col(PrintJob.cause) != UNPRINTABLE)
    here = wanted.where(
        col(PrintJob.printer_id) == printer_id, waiting, or_(can_be_set, col(PrintJob.not_before) <= at)
    )
    first = case((col(PrintJob.kind) == DRAWER, 0), else_=1)
    return here.order_by(first, col(PrintJob.queued_at), col(PrintJob.id)).limit(1)


def _last_sent(printer_id: str) -> Any:
    sent = and_(
        col(PrintJob.printer_id) == printer_id, col(PrintJob.sent_at).is_not(None), col(PrintJob.kind) != DRAWER
    )
    return select(PrintJob.state, PrintJob.settled_by).where(sent).order_by(col(PrintJob.sent_at).desc()).limit(1)


def _sending(shop: Shop, claim: _Claim) -> None:
    """Written before the first byte leaves: who finds the row like this after a crash knows that paper may be out."""
    now = shop.clock.now()
    with shop.jot(durable=True) as tx:
        claimed = tx.connection().execute(
            update(PrintJob)
            .where(
                col(PrintJob.id) == claim.job_id,
                col(PrintJob.printer_id) == claim.printer_id,
                col(PrintJob.state).in_(WAITING),
            )
            .values(
                state=JobState.SENDING,
                cause=None,
                process_id=claim.process_id,
                attempts=PrintJob.attempts + 1,
                sent_at=now,
                worker=shop.name,
                worker_until=now + LEASE,
            )
        )
    if claimed.rowcount != 1:
        raise _TakenElsewhere


def _say_cause(shop: Shop, claim: _Claim, cause: str | None) -> None:
    """What the printer waits for, on the screens; the slip's state is decided at the end only."""
    ours = col(PrintJob.id) == claim.job_id, col(PrintJob.state) == JobState.SENDING
    # Words for a screen are no reason to leave a slip in the middle.
    with suppress(RecordsTrouble), shop.jot() as tx:
        tx.connection().execute(update(PrintJob).where(*ours).values(cause=cause))


def _record(shop: Shop, claim: _Claim, outcome: connection.Outcome) -> JobState:
    """Write down what became of a slip, if it is still as we left it: it may be another worker's by now."""
    now = shop.clock.now()
    cause = outcome.cause.value if outcome.cause else None
    ours = and_(
        col(PrintJob.state) == JobState.SENDING,
        col(PrintJob.worker) == shop.name,
        col(PrintJob.process_id) == claim.process_id,
    )
    if outcome.state == connection.Sent.NOT_STARTED:  # before the slip was begun, or after, but before its first byte
        ours = or_(ours, col(PrintJob.state).in_(WAITING))
    with shop.jot() as tx:
        job = tx.exec(select(PrintJob).where(PrintJob.id == claim.job_id, ours).with_for_update()).first()
        if job is None:
            log.warning("slip %s was decided elsewhere; seen here: %s", claim.job_id, outcome.state)
            return JobState.SENDING
        _decide(job, outcome.state, cause=cause, at=now)
        job.bytes_sent = outcome.bytes_sent
    if outcome.state != connection.Sent.CONFIRMED:
        log.warning("slip %s is %s: %s", claim.job_id, job.state, cause)
    return job.state


def _decide(job: PrintJob, sent: connection.Sent, *, cause: str | None, at: datetime) -> None:
    if sent == connection.Sent.CONFIRMED:
        job.state, job.cause, job.ended_at = JobState.CONFIRMED, None, at
        sealed.forget(job)
    elif sent == connection.Sent.UNKNOWN:
        job.state, job.cause, job.ended_at = JobState.UNKNOWN, cause, at
    else:
        wait = WAITS[min(job.blocked_times, len(WAITS) - 1)]
        job.state, job.cause, job.not_before = JobState.BLOCKED, cause, at + timedelta(seconds=wait)
        job.blocked_times += 1
