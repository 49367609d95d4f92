"""The receipt printers of the boutiques: which the shop knows, and where they are."""

from pos.books import audit
from pos.errors import Unknown
from pos.models import Boutique, Printer
from pos.paper import spool
from pos.paper.models import MODELS
from pos.shop import Shop, wake


def register(
    shop: Shop, *, printer_id: str, boutique_id: str, label: str, host: str, port: int = 9100, model: str = "generic-80"
) -> None:
    """Give a printer to a boutique, or write down where it has moved to; slips that waited for one are printed there.

    What numbers its slips (never used twice) is left as it is. Raises Unknown (boutique, printer model).
    """
    if model not in MODELS:
        raise Unknown("printer model", model)
    with shop.write() as tx:
        if tx.get(Boutique, boutique_id) is None:
            raise Unknown("boutique", boutique_id)
        known = tx.get(Printer, printer_id)
        if known is not None:
            known.boutique_id, known.label, known.retired = boutique_id, label, False
            known.host, known.port, known.model = host, port, model
            audit.record(tx, "printer registered", printer_id, by="shop", boutique=boutique_id, host=host, port=port)
            wake(tx, "printing")
        audit.unchanged(tx)
    if known is None:
        printer = Printer(id=printer_id, boutique_id=boutique_id, label=label, host=host, port=port, model=model)
        spool.adopt(shop, printer=printer)
