"""The cash drawer: a short pulse through the receipt printer it hangs at, once for each time money goes in or out.

It stands in the printer's queue before every slip, so that it waits for none. Where the drawer did not open, or nobody
knows, it is left at that: a hand has its key, and nobody needs a drawer that opens minutes later by itself.
"""

from datetime import datetime

from sqlmodel import Session, select

from pos.models import Device, Payment, PrintJob
from pos.paper import spool
from pos.paper.pulse import DRAWER

TAKEN, GIVEN_BACK = "taken", "back"


def kick(tx: Session, *, payment: Payment, device: Device, why: str, at: datetime) -> bool:
    """Have the drawer beside a tablet open for a payment in cash, inside its transaction; False: no printer, or done.

    Once for each payment and reason, by the schema (original_of).
    """
    once = f"{DRAWER}:{why}:{payment.id}"
    if device.printer_id is None or tx.exec(select(PrintJob.id).where(PrintJob.original_of == once)).first():
        return False
    pulse = spool.job(
        kind=DRAWER,
        facts={},
        printer_id=device.printer_id,
        language="en",
        order_id=payment.order_id,
        device_id=device.id,
        at=at,
        original_of=once,
    )
    spool.enqueue(tx, [pulse])
    return True
