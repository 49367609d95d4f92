"""What stands beside a tablet: card readers and receipt printers, written down where the shop finds them."""

from sqlmodel import Session

from pos.books import audit
from pos.errors import ReaderTrouble, Unknown
from pos.models import Boutique, Printer, Reader
from pos.paper.models import MODELS
from pos.payments.answers import Refusal
from pos.shop import Shop


def add_reader(shop: Shop, *, boutique_id: str, reader_id: str, label: str = "", by: str = "operator") -> None:
    """Write a card reader down that Stripe knows (`tmr_…`). Raises Unknown (boutique) or ReaderTrouble."""
    answer = shop.terminal.fetch_reader(None, reader_id=reader_id)
    if isinstance(answer, Refusal):
        raise ReaderTrouble(reader_id, answer.code)
    with shop.write() as tx:
        _refuse_unknown(tx, boutique_id)
        row = tx.get(Reader, reader_id) or Reader(id=reader_id, boutique_id=boutique_id, label="")
        row.boutique_id, row.label, row.retired = boutique_id, label or answer.label, False
        tx.add(row)
        audit.record(tx, "reader added", reader_id, by=by, boutique=boutique_id)


def add_printer(
    shop: Shop,
    *,
    boutique_id: str,
    printer_id: str,
    label: str,
    host: str,
    port: int = 9100,
    model: str = "generic-80",
    by: str = "operator",
) -> None:
    """Write a receipt printer down, or where it has moved to. Raises Unknown (boutique, printer model)."""
    if model not in MODELS:
        raise Unknown("printer model", model)
    with shop.write() as tx:
        _refuse_unknown(tx, boutique_id)
        row = tx.get(Printer, printer_id) or Printer(id=printer_id, boutique_id=boutique_id, label="", host="")
        row.boutique_id, row.label, row.retired = boutique_id, label, False
        row.host, row.port, row.model = host, port, model
        tx.add(row)
        audit.record(tx, "printer added", printer_id, by=by, boutique=boutique_id, host=host, port=port)


def _refuse_unknown(tx: Session, boutique_id: str) -> None:
    if tx.get(Boutique, boutique_id) is None:
        raise Unknown("boutique", boutique_id)
