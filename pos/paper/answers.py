"""What a person says of a slip: it came out, it did not, print it after all, leave it, give me another like it."""

from typing import Any

from sqlalchemy import func
from sqlmodel import select

from pos.books import audit
from pos.db import Writing
from pos.errors import NotAllowed, Unknown, WrongState
from pos.models import Boutique, Device, JobState, Printer, PrintJob, Role, Staff
from pos.paper import moving, sealed, slips, spool
from pos.paper.lasting import REPLACED, WELL
from pos.paper.pulse import DRAWER
from pos.paper.waiting import NO_PRINTER
from pos.people import rights
from pos.proof import certificate
from pos.shop import Shop, wake

ANSWER, COPY = "answer for a slip", "print a copy"
ONCE_ONLY = (DRAWER, slips.Kind.TEST, *slips.CARDS)  # a card's code stands on one paper: a lost one is replaced
REASON_LENGTH = 120


def came_out(
    shop: Shop, *, job_id: str, staff_id: str, device_id: str, yes: bool, printer_id: str | None = None
) -> None:
    """A person has looked: the slip of unknown fate came out, or did not and is printed anew, the same to the byte.

    Only somebody in the printer's boutique can have looked. A printer that cannot clear itself (models.clears) has been
    switched off and on before somebody says no: it may still hold the first one, and nobody could tell the two apart.
    printer_id is another printer of the boutique that shall print it; set for its paper, it says the same.
    Raises WrongState where nobody asks (unknown, or sent to a printer that proves nothing), NotAllowed or Unknown.
    """
    with shop.write() as tx:
        job = _looked_at(tx, shop, job_id, (JobState.UNKNOWN, JobState.SENT), staff_id=staff_id, device_id=device_id)
        now, was = tx.now(), job.state
        job.cause, job.settled_by, job.ended_at = None, staff_id, now
        if yes:
            job.state = JobState.CONFIRMED
            sealed.forget(job)
            audit.record(tx, "slip came out", job_id, by=staff_id)
        else:
            job.state, job.ended_at, job.not_before, job.bytes_sent = JobState.QUEUED, None, None, 0
            job.released_at = now
            if printer_id not in (None, job.printer_id):
                there = moving.beside(tx, str(printer_id), staff_id=staff_id, device_id=device_id)
                moving.hand_over(tx, job, printer_id=there.id)
            # The first never came out, by a person's word: what is printed now is the original, in its place.
            told = {"kind": job.kind, "was": was, "attempt": job.attempts, "original": job.original_of or ""}
            audit.record(tx, "slip replaced", job_id, by=staff_id, **told)
        wake(tx, "printing")


def release(shop: Shop, *, job_id: str, staff_id: str, device_id: str) -> None:
    """A slip that was held because it is old is wanted after all. Raises WrongState, NotAllowed or Unknown."""
    with shop.write() as tx:
        job = _looked_at(tx, shop, job_id, (JobState.HELD, JobState.DROPPED), staff_id=staff_id, device_id=device_id)
        job.state, job.cause = (JobState.QUEUED, None) if job.printer_id else (JobState.BLOCKED, NO_PRINTER)
        job.not_before, job.released_at = None, tx.now()
        audit.record(tx, "slip let go on", job_id, by=staff_id, kind=job.kind)
        wake(tx, "printing")


def leave(shop: Shop, *, job_id: str, staff_id: str, device_id: str) -> None:
    """A slip that was held is not wanted on paper; it stays in the records. Raises WrongState, NotAllowed, Unknown."""
    with shop.write() as tx:
        job = _looked_at(tx, shop, job_id, (JobState.HELD,), staff_id=staff_id, device_id=device_id)
        job.state, job.settled_by, job.ended_at = JobState.DROPPED, staff_id, tx.now()
        audit.record(tx, "slip left unprinted", job_id, by=staff_id, kind=job.kind)


def copy(
    shop: Shop, *, job_id: str, why: str, printer_id: str, staff_id: str, device_id: str, tap: str | None = None
) -> str:
    """Print a slip that came out once more, marked as COPY n with who, when and why; says the copy's id.

    All else, its code too, is as it was. tap (a new_id) names the touch: a finger that touches twice gets one copy. A
    slip of unknown fate is answered for first: then it is no copy but the original. Raises WrongState, NotAllowed (also
    for what stands on one paper only) or Unknown.
    """
    with shop.write() as tx:
        person = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=COPY)
        asked = tx.get(PrintJob, job_id)
        root_id = (asked.copy_of if asked else None) or job_id
        original = tx.exec(select(PrintJob).where(PrintJob.id == root_id).with_for_update()).first()
        if original is None:
            raise Unknown("slip", job_id)
        if tap and tx.get(PrintJob, tap) is not None:
            audit.unchanged(tx)
            return tap
        if original.kind in ONCE_ONLY or sealed.holds_secret(original.facts):
            raise NotAllowed(staff_id, COPY)
        if original.state not in WELL:
            raise WrongState("slip", job_id, original.state)
        there = moving.beside(tx, printer_id, staff_id=staff_id, device_id=device_id)
        most = tx.exec(select(func.max(PrintJob.copy_number)).where(PrintJob.copy_of == original.id)).one() or 0
        made = _copied(tx, original, person, why, there, number=most + 1, device_id=device_id)
        made["id"] = tap or made["id"]
        spool.enqueue(tx, [made])
        certificate.copied(tx, original_of=original.original_of)
        told = {"of": original.id, "kind": original.kind, "number": most + 1, "why": made["copied"]["why"]}
        audit.record(tx, "slip copied", made["id"], by=staff_id, **told)
        return str(made["id"])


def _copied(
    tx: Writing, original: PrintJob, person: Staff, why: str, there: Printer, *, number: int, device_id: str
) -> dict[str, Any]:
    row = spool.job(
        kind=original.kind,
        facts=original.facts,
        printer_id=there.id,
        language=original.language,
        order_id=original.order_id,
        device_id=device_id,
        at=tx.now(),
        piece_id=original.piece_id,
    )
    first = original.ended_at or original.sent_at
    copied = {
        "at": tx.now().isoformat(),
        "zone": tx.get_one(Boutique, there.boutique_id).zone,
        "by": person.name,
        "why": " ".join(why.split())[:REASON_LENGTH] or "–",
        "original_at": first.isoformat() if first else None,
    }
    return {**row, "copy_of": original.id, "copy_number": number, "copied": copied}


def _looked_at(
    tx: Writing, shop: Shop, job_id: str, states: tuple[JobState, ...], *, staff_id: str, device_id: str
) -> PrintJob:
    """A slip, locked, of which somebody of its boutique speaks; of one without a printer, its tablet's boutique."""
    rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=ANSWER)
    job = tx.exec(select(PrintJob).where(PrintJob.id == job_id).with_for_update()).first()
    if job is None:
        raise Unknown("slip", job_id)
    if job.state not in states or job.cause == REPLACED:
        raise WrongState("slip", job_id, job.state)
    here = tx.get_one(Device, device_id).boutique_id
    printer = tx.get(Printer, job.printer_id) if job.printer_id else None
    tablet = tx.get(Device, job.device_id) if job.device_id else None
    if here != (printer.boutique_id if printer else tablet.boutique_id if tablet else None):
        raise NotAllowed(staff_id, ANSWER)
    return job
