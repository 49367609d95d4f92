"""The slip of a gift card or a store credit: the only place where its code ever stands."""

from datetime import datetime

from sqlmodel import Session

from pos.models import Boutique, Device, GiftCard, GiftCardKind
from pos.paper import lasting, sealed, spool
from pos.paper.slips.facts import GiftFacts, plain
from pos.paper.slips.kinds import Kind
from pos.selling.slips import supplier_of
from pos.shop import Shop


def write_down(
    tx: Session,
    shop: Shop,
    *,
    card: GiftCard,
    code: str,
    device: Device,
    boutique: Boutique,
    language: str,
    at: datetime,
    order_id: str | None = None,
    order_code: str = "",
    replaced: bool = False,
) -> None:
    """Queue the slip of a card inside the transaction that issues it, at this tablet's printer.

    Once a code, by the schema. The code lies under seal until the printer says that the slip is out (pos/paper/sealed).
    """
    facts = GiftFacts(
        supplier=supplier_of(boutique),
        last4=card.last4,
        code=code,
        amount_minor=card.balance_minor,
        currency=card.currency,
        issued_at=at,
        zone=boutique.zone,
        replaced=replaced,
        expires_on=card.expires_on or "",
        order_no=order_code,
    )
    job = spool.job(
        kind=Kind.CREDIT if card.kind == GiftCardKind.CREDIT else Kind.GIFT,
        facts=sealed.seal(shop, plain(facts), names=("code",)),
        printer_id=device.printer_id,
        language=language,
        order_id=order_id,
        device_id=device.id,
        at=at,
        original_of=_once(card.code_hash),
    )
    spool.enqueue(tx, [job])


def withdraw(tx: Session, *, code_hash: str, by: str, at: datetime) -> None:
    """The slip of a code that opens nothing any more is not printed, unless it is out or on its way."""
    lasting.withdraw(tx, original_of=_once(code_hash), by=by, at=at)


def _once(code_hash: str) -> str:
    return f"gift:{code_hash[:32]}"
