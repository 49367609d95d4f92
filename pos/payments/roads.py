"""The roads on which money goes back, as they are written down: at once in the house, or for Stripe to be asked."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, func, select

from pos.db import Writing
from pos.errors import CannotGiveBack, ManagerNeeded
from pos.ids import new_id
from pos.models import (
    GiftCard,
    Method,
    Payment,
    Refund,
    RefundPart,
    RefundState,
    Road,
    Role,
    Staff,
    put,
)
from pos.payments import gift_cards
from pos.people import rights
from pos.shop import Shop, wake

BELL = "refunds"
AT_ONCE = (Road.CASH, Road.GIFT_CARD, Road.CREDIT)
Slip = Callable[[Writing, RefundPart, GiftCard, str], None]
ORIGINAL = {
    Method.CARD: Road.CARD,
    Method.SAVED_CARD: Road.CARD,
    Method.LINK: Road.CARD,
    Method.CASH: Road.CASH,
    Method.GIFT_CARD: Road.GIFT_CARD,
}  # by what a payment was made, by that its money goes back


def part(
    refund: Refund,
    payment: Payment,
    amount_minor: int,
    *,
    road: Road | None,
    at: datetime,
    replaces: str | None = None,
) -> RefundPart:
    """What one payment gives back, in pence, before it is written down; road None: as it was paid."""
    return RefundPart(
        id=new_id(),
        refund_id=refund.id,
        payment_id=payment.id,
        road=road or ORIGINAL[payment.method],
        amount_minor=amount_minor,
        currency=refund.currency,
        replaces=replaces,
        asked_at=at,
    )


def write_down(tx: Writing, one: RefundPart, *, boutique_id: str, by: str, slip: Slip | None) -> None:
    """Write a part down inside its refund's transaction: what the house gives is given, a card's waits for Stripe.

    slip prints the code of a new store credit, which stands nowhere else. Raises CannotGiveBack where there is none.
    """
    if one.road in AT_ONCE:
        one.state, one.finished_at = RefundState.REFUNDED, one.asked_at
    put(tx, one)
    if one.road == Road.GIFT_CARD:
        gift_cards.refund_to(tx, refund_part=one)
    if one.road == Road.CREDIT:
        if slip is None:
            raise CannotGiveBack(one.refund_id, "no_credit")
        card, code = gift_cards.issue_credit(
            tx,
            amount_minor=one.amount_minor,
            boutique_id=boutique_id,
            staff_id=by,
            at=one.asked_at,
            currency=one.currency,
            refund_part_id=one.id,
        )
        tx.exec(update(RefundPart).where(col(RefundPart.id) == one.id).values(gift_card_id=card.id))
        slip(tx, one, card, code)
    wake(tx, BELL)


def approve_cash(
    tx: Writing, shop: Shop, refund: Refund, *, parts: list[RefundPart], person: Staff, manager_id: str | None
) -> str | None:
    """Who allows the cash of these parts: a manager where it is more than staff may give of one order, else nobody.

    Counted over all refunds of the order, under its lock. manager_id is somebody who gave their PIN for it. Raises
    ManagerNeeded.
    """
    cash = sum(one.amount_minor for one in parts if one.road == Road.CASH)
    given = (
        select(func.coalesce(func.sum(RefundPart.amount_minor), 0))
        .join(Refund, col(Refund.id) == col(RefundPart.refund_id))
        .where(Refund.order_id == refund.order_id, RefundPart.road == Road.CASH)
    )
    limit = shop.settings.cash_refund_limit
    if not cash or cash + tx.exec(given).one() <= limit:
        return None
    allows = person if manager_id is None else tx.get(Staff, manager_id)
    if allows is None or allows.retired or not rights.allows(allows.role, needed=Role.MANAGER):
        raise ManagerNeeded(person.id, "give back this much cash", limit)
    return allows.id
