"""The roads on which money goes back, as they are written down: at once in the house, or for Stripe to be asked."""

from collections.abc import Callable, Sequence
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


def write_down(tx: Writing, parts: Sequence[RefundPart], *, boutique_id: str, by: str, slip: Slip | None) -> None:
    """Write parts down inside their refund's transaction: what the house gives is given, a card's waits for Stripe.

    What goes back as store credit is one card, however many payments had paid. slip prints its code, which stands
    nowhere else. Raises CannotGiveBack where there is none.
    """
    for one in parts:
        if one.road in AT_ONCE:
            one.state, one.finished_at = RefundState.REFUNDED, one.asked_at
        put(tx, one)
    # In one order of the cards, whatever paid first: two refunds that fill the same two cards wait, and never forever.
    filled = {one.id: tx.get_one(Payment, one.payment_id).gift_card_id or "" for one in _by(parts, Road.GIFT_CARD)}
    for one in sorted(_by(parts, Road.GIFT_CARD), key=lambda one: filled[one.id]):
        gift_cards.refund_to(tx, refund_part=one)
    if credit := _by(parts, Road.CREDIT):
        _write_credit(tx, credit, boutique_id=boutique_id, by=by, slip=slip)
    wake(tx, BELL)


def _by(parts: Sequence[RefundPart], road: Road) -> list[RefundPart]:
    return [one for one in parts if one.road == road]


def _write_credit(tx: Writing, parts: list[RefundPart], *, boutique_id: str, by: str, slip: Slip | None) -> None:
    first = parts[0]
    if slip is None:
        raise CannotGiveBack(first.refund_id, "no_credit")
    card, code = gift_cards.issue_credit(
        tx,
        amount_minor=sum(one.amount_minor for one in parts),
        boutique_id=boutique_id,
        staff_id=by,
        at=first.asked_at,
        currency=first.currency,
        refund_part_id=first.id,
    )
    mine = col(RefundPart.id).in_([one.id for one in parts])
    tx.exec(update(RefundPart).where(mine).values(gift_card_id=card.id))
    slip(tx, first, card, code)


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
