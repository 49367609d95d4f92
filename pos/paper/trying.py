"""The test page of a printer: whether it is set up right, and what it says of itself, on its own paper."""

from sqlmodel import select

from pos.books import audit
from pos.models import Boutique, PrintJob, Role
from pos.paper import moving, printers, slips, spool
from pos.paper.models import MODELS
from pos.paper.slips import SupplierFacts, TestFacts
from pos.people import rights
from pos.shop import Shop

TRY = "print a test page"


def try_out(shop: Shop, *, printer_id: str, language: str, tap: str, staff_id: str, device_id: str) -> str:
    """Print a test page at a printer of this boutique, once for each tap; says its id. Raises NotAllowed or Unknown."""
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=TRY)
        printer = moving.beside(tx, printer_id, staff_id=staff_id, device_id=device_id)
        once = f"test:{tap}"
        done = tx.exec(select(PrintJob.id).where(PrintJob.original_of == once)).first()
        if done:
            audit.unchanged(tx)
            return done
        boutique = tx.get_one(Boutique, printer.boutique_id)
        facts = TestFacts(
            supplier=SupplierFacts(
                name=boutique.name,
                address=tuple(boutique.address),
                vat_number=boutique.vat_number,
                phone=boutique.phone,
            ),
            printer=printer.label,
            address=str(printers.address(printer)),
            model=MODELS[printer.model].called,
            issued_at=tx.now(),
            zone=boutique.zone,
        )
        page = spool.job(
            kind=slips.Kind.TEST,
            facts=slips.plain(facts),
            printer_id=printer_id,
            language=language,
            order_id=None,
            device_id=device_id,
            at=tx.now(),
            original_of=once,
        )
        spool.enqueue(tx, [page])
        audit.record(tx, "printer tried", printer_id, by=staff_id)
        return str(page["id"])
