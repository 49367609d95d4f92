"""The queue of slips: rows written with the sale, sent by one worker a printer, proven or asked about.

A slip is sent again by itself only when no byte of it had left. `unknown` waits for a person: the printer may have
printed it, and a second original must never be. The states are drawn in pos/models/paper.py; what a person says of a
slip is in answers.py, how long one is worth printing in lasting.py, where else it may go in moving.py.
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

from pos.errors import RecordsTrouble
from pos.ids import new_id
from pos.models import JobState, Printer, PrintJob, put_all
from pos.paper import connection, desk, escpos, lasting, printers, pulse, sealed, status
from pos.paper.lasting import INTERRUPTED, UNPRINTABLE, WAITING
from pos.paper.models import MODELS, Proof
from pos.paper.pulse import DRAWER
from pos.paper.waiting import NO_PRINTER
from pos.paper.wire import Address, Limits
from pos.shop import Shop, wake

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)  # a worker that has not been heard of for so long is dead
WAITS = (1, 2, 5, 10, 30)  # seconds before a printer that could not print is asked again
MOST_DOUBTS = 2  # slips in doubt one after the other: then a printer waits until somebody has looked
LEFT = col(Printer.left_inside).is_(True)
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
    proof: Proof
    tells: bool


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
            proof=claim.proof,
            tells=claim.tells,
        )
    except _TakenElsewhere:
        return JobState.SENDING
    return _record(shop, claim, outcome)


def look(shop: Shop, *, printer_id: str, limits: Limits | None = None) -> None:
    """Ask an idle printer how it is, for the screens; only the process whose press it is asks.

    Nobody asks a printer that another process, or another till, may be speaking with.
    """
    with shop.jot() as tx:
        if not _our_press(tx, shop, printer_id=printer_id):
            return
        printer = tx.get_one(Printer, printer_id)
    tells = MODELS[printer.model].tells
    said = connection.status(printers.address(printer), limits=limits, tells=tells)
    with shop.jot() as tx:
        printers.note(tx, printer_id=printer_id, said=said, at=tx.now())


def rest(shop: Shop, *, printer_id: str, at_most: float) -> float:
    """For how many seconds a printer may rest: until its oldest slip, which it could not print, may be tried again."""
    now = shop.clock.now()
    with shop.read() as look:
        due = look.exec(_oldest(select(PrintJob.not_before), printer_id=printer_id, at=now)).first()
        if due is None or _stands(look, look.get_one(Printer, printer_id)):
            return at_most
    left: float = (due - now).total_seconds()
    return min(at_most, max(0.0, left))


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
            stands = _stands(look, printer)
        if job is None or (stands and job.kind != DRAWER):
            return None
        if _set_aside(shop, job, at=now):
            continue
        if job.not_before and job.not_before > now:
            return None
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
    model = MODELS[printer.model]
    return _Claim(
        job_id=job.id,
        printer_id=printer_id,
        address=printers.address(printer),
        payload=payload,
        process_id=status.process_id(used),
        # What was begun last and is not proven may lie half printed in there: unknown, or to be printed anew, or still
        # "being sent" by a worker that has just died.
        leftovers=printer.left_inside or last not in (None, *lasting.WELL),
        # Somebody has seen that it did not come out: it is on its way again, and what is left of it must not come too.
        clear=model.clears and (printer.left_inside or (settled_by is not None and last in lasting.NOT_OUT)),
        else_now=connection.PULSE_NOW if job.kind == DRAWER else b"",
        proof=model.proof,
        tells=model.tells,
    )


def _set_aside(shop: Shop, job: PrintJob, *, at: datetime) -> bool:
    """Whether nobody stands there any more for whom it would be printed; then it is not, by itself."""
    if pulse.is_too_late(job, at=at):
        pulse.leave_shut(shop, job)
        return True
    if lasting.is_over(job, at=at):
        lasting.hold(shop, job)
        return True
    return False


def _stands(look: Session, printer: Printer) -> bool:
    """Whether a printer prints nothing now: somebody has stopped it, or nobody knows what became of its last slips.

    What makes one slip doubtful makes the next so too, and each is a question to a person.
    """
    if printer.paused:
        return True
    doubts = [state for state, _ in look.exec(_last_sent(printer.id, count=MOST_DOUBTS))]
    return doubts == [JobState.UNKNOWN] * MOST_DOUBTS


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
        return escpos.render(desk.document(job, facts=sealed.opened(shop, job.facts)), model=MODELS[printer.model])
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


def _last_sent(printer_id: str, *, count: int = 1) -> Any:
    sent = and_(
        col(PrintJob.printer_id) == printer_id, col(PrintJob.sent_at).is_not(None), col(PrintJob.kind) != DRAWER
    )
    return select(PrintJob.state, PrintJob.settled_by).where(sent).order_by(col(PrintJob.sent_at).desc()).limit(count)


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
        printers.note(tx, printer_id=claim.printer_id, said=outcome.status, at=now)
        if job.state in lasting.WELL and job.kind != DRAWER:  # what lay in it went off before
            tx.connection().execute(
                update(Printer).where(col(Printer.id) == claim.printer_id, LEFT).values(left_inside=False)
            )
    if job.state not in lasting.WELL:
        log.warning("slip %s is %s: %s", claim.job_id, job.state, cause)
    return job.state


def _decide(job: PrintJob, sent: connection.Sent, *, cause: str | None, at: datetime) -> None:
    if sent == connection.Sent.CONFIRMED:
        job.state, job.cause, job.ended_at = JobState.CONFIRMED, None, at
        sealed.forget(job)
    elif sent == connection.Sent.SENT:  # what is under seal is kept: it may have to be printed once more
        job.state, job.cause, job.ended_at = JobState.SENT, None, at
    elif sent == connection.Sent.UNKNOWN:
        job.state, job.cause, job.ended_at = JobState.UNKNOWN, cause, at
    else:
        wait = WAITS[min(job.blocked_times, len(WAITS) - 1)]
        job.state, job.cause, job.not_before = JobState.BLOCKED, cause, at + timedelta(seconds=wait)
        job.blocked_times += 1
