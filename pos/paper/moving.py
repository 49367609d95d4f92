"""Where a slip may go instead: another printer of the same boutique, when a person says so, and a printer that rests.

Never by itself: whoever waits at one printer must not find that the paper came out of another.
"""

from sqlmodel import col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import NotAllowed, Unknown, WrongState
from pos.models import Device, JobState, Printer, PrintJob, Role
from pos.paper.lasting import WAITING
from pos.paper.pulse import DRAWER
from pos.people import rights
from pos.shop import Shop, wake

MOVE, PAUSE = "move a slip to another printer", "stop a printer"
MOVABLE = (*WAITING, JobState.HELD)  # no byte of it is on its way


def move(shop: Shop, *, job_id: str, printer_id: str, staff_id: str, device_id: str) -> None:
    """Print a waiting slip at another printer of this boutique; one that was held is let go on.

    What was begun is answered for first (answers.came_out, which may move it too). Raises WrongState, NotAllowed or
    Unknown (slip, printer).
    """
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=MOVE)
        there = beside(tx, printer_id, staff_id=staff_id, device_id=device_id)
        job = tx.exec(select(PrintJob).where(PrintJob.id == job_id).with_for_update()).first()
        if job is None:
            raise Unknown("slip", job_id)
        if job.state not in MOVABLE or job.kind == DRAWER:
            raise WrongState("slip", job_id, job.state)
        _from_here(tx, job, boutique_id=there.boutique_id, staff_id=staff_id)
        if job.state == JobState.HELD:
            job.released_at = tx.now()
        _gone_over(tx, job, there, by=staff_id)


def move_all(shop: Shop, *, from_id: str, printer_id: str, staff_id: str, device_id: str) -> int:
    """Everything that waits at one printer goes to another of this boutique, in its order; says how many slips.

    What is held stays held. Raises NotAllowed or Unknown.
    """
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=MOVE)
        for name in (from_id, printer_id):
            there = beside(tx, name, staff_id=staff_id, device_id=device_id)
        waits = col(PrintJob.state).in_(WAITING), col(PrintJob.printer_id) == from_id, col(PrintJob.kind) != DRAWER
        moved = list(tx.exec(select(PrintJob).where(*waits).order_by(col(PrintJob.queued_at)).with_for_update()))
        for job in moved:
            _gone_over(tx, job, there, by=staff_id)
        if not moved:
            audit.unchanged(tx)
        return len(moved)


def pause(shop: Shop, *, printer_id: str, paused: bool, staff_id: str, device_id: str) -> None:
    """Stop a printer of this boutique after the slip it prints, or let it go on. Raises NotAllowed or Unknown."""
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=PAUSE)
        printer = beside(tx, printer_id, staff_id=staff_id, device_id=device_id)
        if printer.paused == paused:
            audit.unchanged(tx)
            return
        printer.paused = paused
        audit.record(tx, "printer stopped" if paused else "printer goes on", printer_id, by=staff_id)
        wake(tx, "printing")


def beside(tx: Writing, printer_id: str, *, staff_id: str, device_id: str) -> Printer:
    """A printer in use that stands in this tablet's boutique. Raises Unknown or NotAllowed."""
    printer = tx.get(Printer, printer_id)
    if printer is None or printer.retired:
        raise Unknown("printer", printer_id)
    if printer.boutique_id != tx.get_one(Device, device_id).boutique_id:
        raise NotAllowed(staff_id, MOVE)
    return printer


def hand_over(tx: Writing, job: PrintJob, *, printer_id: str) -> None:
    """A slip is another printer's now, and set anew for its paper; the old one may still hold what was begun there."""
    if job.sent_at is not None and job.printer_id is not None:
        tx.get_one(Printer, job.printer_id).left_inside = True
    job.printer_id, job.sent_at = printer_id, None
    job.payload, job.payload_sha256 = None, None


def _gone_over(tx: Writing, job: PrintJob, there: Printer, *, by: str) -> None:
    came_from = job.printer_id or ""
    hand_over(tx, job, printer_id=there.id)
    job.state, job.cause, job.not_before, job.blocked_times = JobState.QUEUED, None, None, 0
    audit.record(tx, "slip moved", job.id, by=by, came_from=came_from, to=there.id, kind=job.kind)
    wake(tx, "printing")


def _from_here(tx: Writing, job: PrintJob, *, boutique_id: str, staff_id: str) -> None:
    """The slip waits in this boutique, at a printer of it or for one."""
    owner = tx.get(Printer, job.printer_id) if job.printer_id else None
    tablet = tx.get(Device, job.device_id) if job.device_id else None
    if boutique_id != (owner.boutique_id if owner else tablet.boutique_id if tablet else None):
        raise NotAllowed(staff_id, MOVE)
