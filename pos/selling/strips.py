"""A strip of paper to measure a finger by, from the printer beside the tablet."""

from datetime import timedelta

from sqlmodel import col, select

from pos.books import audit
from pos.errors import Unknown
from pos.models import Boutique, Device, PrintJob
from pos.paper import spool
from pos.paper.slips import Kind
from pos.paper.slips.ring_strip import facts_of
from pos.selling.slips import supplier_of
from pos.shop import Shop

ONE_A = timedelta(seconds=60)  # an impatient finger is not a second strip


def print_strip(shop: Shop, *, device_id: str, language: str) -> None:
    """Print a strip with its ruler for whoever stands at this tablet; asked for again within a minute it is the same.

    A tablet without a printer keeps it until it has one. Raises Unknown.
    """
    with shop.write() as tx:
        device = tx.exec(select(Device).where(Device.id == device_id).with_for_update()).first()
        if device is None or device.revoked_at is not None:
            raise Unknown("tablet", device_id)
        now = tx.now()
        lately = select(PrintJob.id).where(
            PrintJob.device_id == device_id, PrintJob.kind == Kind.RING_STRIP, col(PrintJob.queued_at) > now - ONE_A
        )
        if tx.exec(lately).first() is not None:
            audit.unchanged(tx)
            return
        facts = facts_of(supplier_of(tx.get_one(Boutique, device.boutique_id)))
        spool.enqueue(
            tx,
            [
                spool.job(
                    kind=Kind.RING_STRIP,
                    facts=facts,
                    printer_id=device.printer_id,
                    language=language,
                    order_id=None,
                    device_id=device_id,
                    at=now,
                )
            ],
        )
        audit.record(tx, "ring strip printed", device_id, by=device_id)
