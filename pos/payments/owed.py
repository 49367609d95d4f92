"""What is owed to shoppers: money that is on its way back, or that failed on it and waits for another road."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from pos.models import Order, Refund, RefundPart, RefundState, Road
from pos.payments.roads import BELL
from pos.shop import Shop, wake

MOST = 100  # shown at once


@dataclass(frozen=True)
class Owed:
    """One part of a refund that has not arrived; amount in the smallest unit, since in UTC."""

    part_id: str
    payment_id: str
    order_id: str
    order_code: str
    number: str  # of the refund
    road: Road
    amount_minor: int
    currency: str
    state: RefundState
    reason: str | None
    since: datetime

    @property
    def needs_a_person(self) -> bool:
        """Whether it failed: nothing comes of waiting, somebody gives it back by another road."""
        return self.state == RefundState.FAILED


def waiting(shop: Shop, *, boutique_id: str | None = None) -> tuple[Owed, ...]:
    """Every part of a refund that has not arrived, of one boutique or of all, the oldest first."""
    asked: Any = (
        select(RefundPart, Refund, Order)
        .join(Refund, col(Refund.id) == col(RefundPart.refund_id))
        .join(Order, col(Order.id) == col(Refund.order_id))
        .where(col(RefundPart.finished_at).is_(None))
    )
    if boutique_id is not None:
        asked = asked.where(Refund.boutique_id == boutique_id)
    with shop.read() as look:
        rows = look.exec(asked.order_by(col(RefundPart.asked_at), col(RefundPart.id)).limit(MOST))
        return tuple(
            Owed(
                part_id=part.id,
                payment_id=part.payment_id,
                order_id=order.id,
                order_code=order.code,
                number=refund.number,
                road=part.road,
                amount_minor=part.amount_minor,
                currency=part.currency,
                state=part.state,
                reason=part.reason,
                since=part.asked_at,
            )
            for part, refund, order in rows
        )


def look_again(shop: Shop) -> None:
    """Have the back office ask Stripe now about what waits, instead of in its own time."""
    with shop.jot() as tx:
        due = col(RefundPart.look_at).is_not(None) & col(RefundPart.finished_at).is_(None)
        tx.exec(update(RefundPart).where(due).values(look_at=tx.now()))
        wake(tx, BELL)
