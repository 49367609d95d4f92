"""Which printer a waiting slip waits for: its tablet's, or the first that its boutique gets."""

from typing import Any

from sqlmodel import Session, col, select, update

from pos.models import Device, JobState, Printer, PrintJob
from pos.paper.lasting import WAITING
from pos.paper.pulse import DRAWER
from pos.shop import Shop, wake

NO_PRINTER = "no_printer"


def adopt(tx: Session, *, printer_id: str, boutique_id: str) -> int:
    """The slips of a boutique's tablets that had no printer are this one's, inside its transaction; says how many.

    The boutique is that of the tablet that took the payment: a balance may be paid in another than the deposit.
    """
    here = select(Device.id).where(Device.boutique_id == boutique_id)
    return _give(tx, printer_id, tablets=here)


def find_printers(tx: Session) -> int:
    """Slips of a printer that is out of use, or of a tablet that had none, are its tablet's printer's; says how many.

    What no tablet's printer takes waits for one. A slip that another printer takes is set anew, for its paper.
    """
    gone = select(Printer.id).where(col(Printer.retired))
    # Another printer has another drawer.
    theirs = update(PrintJob).where(col(PrintJob.printer_id).in_(gone), col(PrintJob.kind) != DRAWER)
    taken_away = {"printer_id": None, "payload": None, "payload_sha256": None}
    waits = {"state": JobState.BLOCKED, "cause": NO_PRINTER}
    tx.connection().execute(theirs.where(col(PrintJob.state).in_(WAITING)).values(**taken_away, **waits))
    tx.connection().execute(theirs.where(col(PrintJob.state) == JobState.HELD).values(**taken_away))
    in_use = col(Device.printer_id).in_(select(Printer.id).where(col(Printer.retired).is_(False)))
    beside = select(Device.printer_id).where(col(Device.id) == col(PrintJob.device_id)).scalar_subquery()
    return _give(tx, beside, tablets=select(Device.id).where(in_use))


def look_after(shop: Shop) -> None:
    """What was sold while a printer was being taken away or brought finds its printer too; called every few seconds."""
    with shop.jot() as tx:
        find_printers(tx)


def _give(tx: Session, printer_id: Any, *, tablets: Any) -> int:
    """What waits is queued there; what is held belongs there, and is held on."""
    theirs = update(PrintJob).where(col(PrintJob.printer_id).is_(None), col(PrintJob.device_id).in_(tablets))
    queued = {"state": JobState.QUEUED, "cause": None, "not_before": None}
    given = tx.connection().execute(
        theirs.where(col(PrintJob.state).in_(WAITING)).values(printer_id=printer_id, **queued)
    )
    tx.connection().execute(theirs.where(col(PrintJob.state) == JobState.HELD).values(printer_id=printer_id))
    if given.rowcount:
        wake(tx, "printing")
    return int(given.rowcount)
