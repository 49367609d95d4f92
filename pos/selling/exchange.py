"""An exchange: what came back is a store credit of this till, and the next sale here is offered it without its code.

Which credit that is stands in the records alone: a reload, another window or a restart offers the same one. It is one
as any other, and its slip is printed; whoever goes away keeps what is on it.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pos.models import Payment, Receipt, Refund, RefundPart, Road
from pos.payments import gift_cards
from pos.payments.gift_cards import GiftCardView
from pos.shop import Shop

OFFERED = timedelta(minutes=30)  # after it the shopper has left, with the slip


def credits(shop: Shop, *, device_id: str) -> tuple[GiftCardView, ...]:
    """The store credits of the newest refund at this tablet that can pay for something now; none where it gave none.

    One, and one more for each part that failed on its way to a card and went this road instead. For half an hour, and
    until the next sale of this tablet is paid: what is left is on the slip then, the next shopper is not offered it.
    """
    since = shop.clock.now() - OFFERED
    newest = select(Refund).where(Refund.device_id == device_id, col(Refund.at) >= since)
    with shop.read() as look:
        refund = look.exec(newest.order_by(col(Refund.at).desc(), col(Refund.number).desc())).first()
        if refund is None or _has_sold(look, device_id=device_id, since=refund.at):
            return ()
        given = select(RefundPart.gift_card_id).where(RefundPart.refund_id == refund.id, RefundPart.road == Road.CREDIT)
        card_ids = [card_id for card_id in look.exec(given) if card_id is not None]
    return tuple(one for one in gift_cards.views(shop, card_ids=card_ids) if one.can_pay)


def _has_sold(look: Session, *, device_id: str, since: datetime) -> bool:
    paid = (
        select(Receipt.number)
        .join(Payment, col(Payment.receipt_no) == col(Receipt.number))
        .where(Payment.device_id == device_id, col(Receipt.issued_at) > since)
    )
    return look.exec(paid).first() is not None
