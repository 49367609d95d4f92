"""A receipt on its buyer's own phone: at an address of its own, which opens for some weeks after the sale.

Whoever has the address has the receipt. So it is a secret: it stands on the screen that has just sold, as a code to
scan, and nowhere else; no log and no audit entry bears it. It says what the paper says, and nothing more.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from pos.errors import Unknown
from pos.models import PrintJob, Receipt
from pos.paper import slips
from pos.paper.document import Document
from pos.paper.slips.kinds import RECEIPTS
from pos.shop import Shop

PATH = "/receipts/"
LAST = (  # made once: the done page looks every second while its paper comes
    columns(*(getattr(Receipt, name) for name in ("number", "link", "issued_at")))
    .where(col(Receipt.order_id) == bindparam("order_id"))
    .order_by(col(Receipt.issued_at).desc(), col(Receipt.number).desc())
    .limit(1)
)
_OURS = re.compile(r"[A-Za-z0-9_-]{43}")  # pos/ids.py, secret_token


@dataclass(frozen=True)
class ReceiptLinkView:
    """The receipt of this number at its address, and until when that opens, UTC."""

    number: str
    url: str
    until: datetime


@dataclass(frozen=True)
class OpenedReceipt:
    """A receipt as its address opens it; until in UTC, zone that of the boutique. slip is None: its time is over."""

    language: str
    until: datetime
    zone: str
    slip: Document | None


def latest(shop: Shop, *, order_id: str) -> ReceiptLinkView | None:
    """The last receipt of an order, for a phone; None where there is none yet, or its address opens no more."""
    with shop.glance() as look:
        last: Any = look.execute(LAST, {"order_id": order_id}).first()
    if last is None or last.link is None or _is_over(shop, last.issued_at):
        return None
    until = _until(shop, last.issued_at)
    return ReceiptLinkView(number=last.number, url=f"{shop.settings.public}{PATH}{last.link}", until=until)


def look_up(shop: Shop, *, link: str) -> OpenedReceipt:
    """The receipt of an address. Raises Unknown for whatever is not the end of one, and RecordsTrouble."""
    with shop.read() as look:
        # What is not even shaped like ours may hold letters that a database refuses.
        found = look.exec(select(Receipt).where(Receipt.link == link)).first() if _OURS.fullmatch(link) else None
        printed = _printed(look, found) if found is not None else None
    if found is None or printed is None:
        raise Unknown("receipt", "…")  # never what was asked for: it may be an address with one letter wrong
    facts, language = printed.facts, printed.language
    return OpenedReceipt(
        language=language,
        until=_until(shop, found.issued_at),
        zone=str(facts["zone"]),
        slip=None if _is_over(shop, found.issued_at) else slips.document(printed.kind, facts=facts, language=language),
    )


def _printed(look: Session, receipt: Receipt) -> PrintJob | None:
    """The receipt as it was written down for the printer, whatever became of the paper; None: nobody kept that."""
    of_order = select(PrintJob).where(PrintJob.order_id == receipt.order_id, PrintJob.copy_number == 0)
    jobs = look.exec(of_order.where(col(PrintJob.kind).in_(RECEIPTS)))
    return next((job for job in jobs if job.facts["receipt_no"] == receipt.number), None)


def _until(shop: Shop, issued_at: datetime) -> datetime:
    return issued_at + timedelta(days=shop.settings.receipt_link_days)


def _is_over(shop: Shop, issued_at: datetime) -> bool:
    return shop.clock.now() >= _until(shop, issued_at)
