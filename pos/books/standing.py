"""What screens see of the comparison with Stripe: what differs now, and whether anybody has looked lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from pos.books.differences import BY_STRIPE, Kind
from pos.models import Difference, Order, Payment, Reconciliation
from pos.shop import Shop

STALE = timedelta(hours=36)
LATE = timedelta(days=1)  # how long before a comparison the days that it compared may end
MOST = 100  # shown at once
LATEST = 50  # comparisons looked through for the last good one


@dataclass(frozen=True)
class Standing:
    """One difference that stands; amount in the smallest unit, times UTC. order_code None: it belongs to no order."""

    kind: Kind
    subject: str
    order_code: str | None
    ours: str
    theirs: str
    amount_minor: int
    currency: str
    since: datetime


@dataclass(frozen=True)
class Compared:
    """When the books were last compared up to the day before (None: never), and whether that is too long ago."""

    at: datetime | None
    stale: bool


def standing(shop: Shop, *, boutique_id: str) -> tuple[Standing, ...]:
    """What differs in a boutique now, the oldest first."""
    asked: Any = (
        select(Difference, Order.code)
        .join(Order, col(Order.id) == col(Difference.order_id), isouter=True)
        .where(col(Difference.gone_at).is_(None), col(Difference.boutique_id) == boutique_id)
        .order_by(col(Difference.first_seen_at), col(Difference.id))
        .limit(MOST)
    )
    with shop.read() as look:
        return tuple(_view(*row) for row in look.exec(asked))


def count(shop: Shop, *, boutique_id: str | None = None) -> int:
    """How many differences stand in a boutique; in the whole house where none is named."""
    asked = select(func.count()).select_from(Difference).where(col(Difference.gone_at).is_(None))
    if boutique_id is not None:
        asked = asked.where(col(Difference.boutique_id) == boutique_id)
    with shop.read() as look:
        return look.exec(asked).one()


def compared(shop: Shop) -> Compared:
    """When the books were last compared. A shop that has sold nothing for so long is not late."""
    now = shop.clock.now()
    asked = select(Reconciliation).where(col(Reconciliation.trouble).is_(None))
    sold = select(func.min(Payment.opened_at)).where(col(Payment.method).in_(BY_STRIPE))
    with shop.read() as look:
        lately = look.exec(asked.order_by(col(Reconciliation.ran_at).desc()).limit(LATEST)).all()
        first_sale = look.exec(sold).one()
    last = next((run.ran_at for run in lately if run.ends_at >= run.ran_at - LATE), None)
    since = last or first_sale
    return Compared(last, stale=since is not None and now - since > STALE)


def _view(one: Difference, order_code: str | None) -> Standing:
    return Standing(
        kind=Kind(one.kind),
        subject=one.subject,
        order_code=order_code,
        ours=one.ours,
        theirs=one.theirs,
        amount_minor=one.amount_minor,
        currency=one.currency,
        since=one.first_seen_at,
    )
