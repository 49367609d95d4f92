"""The receipt printers of the boutiques: which the shop knows, and where they are."""

from typing import Any

from sqlmodel import col, update

from pos.books import audit
from pos.errors import Unknown
from pos.models import Boutique, Device, EnrolToken, Printer
from pos.paper import waiting
from pos.paper.models import MODELS
from pos.shop import Shop, wake


def register(
    shop: Shop, *, printer_id: str, boutique_id: str, label: str, host: str, port: int = 9100, model: str = "generic-80"
) -> None:
    """Give a printer to a boutique, or write down where it has moved to; slips that waited for one are printed there.

    What numbers its slips (never used twice) is left as it is. Raises Unknown (boutique, printer model, address).
    """
    if model not in MODELS:
        raise Unknown("printer model", model)
    if not host or not 0 < port < 65536:
        raise Unknown("address", f"{host}:{port}")
    with shop.write() as tx:
        if tx.get(Boutique, boutique_id) is None:
            raise Unknown("boutique", boutique_id)
        where: dict[str, Any] = {"boutique_id": boutique_id, "label": label, "host": host, "port": port, "model": model}
        known = tx.get(Printer, printer_id)
        if known is None:
            tx.add(Printer(id=printer_id, **where))
        else:
            known.sqlmodel_update({**where, "retired": False})
        tx.flush()
        adopted = waiting.adopt(tx, printer_id=printer_id, boutique_id=boutique_id)
        audit.record(tx, "printer registered", printer_id, by="shop", slips=adopted, **where)
        wake(tx, "printing")


def retire(shop: Shop, *, printer_id: str) -> None:
    """Take a printer out of use: its tablets have none, and what waits for it waits for the one they get.

    A slip that it is printing now ends there; registering it again brings it back. Raises Unknown.
    """
    with shop.write() as tx:
        printer = tx.get(Printer, printer_id)
        if printer is None or printer.retired:
            raise Unknown("printer", printer_id)
        printer.retired = True
        for table in (Device, EnrolToken):
            tx.connection().execute(update(table).where(col(table.printer_id) == printer_id).values(printer_id=None))
        tx.flush()
        waiting.find_printers(tx)
        audit.record(tx, "printer retired", printer_id, by="shop")
        wake(tx, "printing")
