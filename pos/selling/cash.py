"""The law's limit of cash: below it from one buyer, with all the orders that belong together.

A seller of goods who takes it, or more, must be registered as a high value dealer first; payments that are linked are
summed, however they are split (data/reference/cash_limits.csv, each row with its source). Cash that was handed back
before the sale was written was never taken; cash that was refunded later was. Amounts are in pence.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, or_, select

from pos.books import audit
from pos.catalogue import reference
from pos.db import Writing
from pos.errors import CashLimit, Unknown, WrongState
from pos.ids import plain_code
from pos.models import Boutique, Device, Method, Order, OrderLink, Payment, PaymentState, Role, put
from pos.people import rights
from pos.shop import Shop

BRITISH = ("Europe/London", "Europe/Belfast", "Europe/Jersey", "Europe/Guernsey", "Europe/Isle_of_Man")


def limit(shop: Shop, *, boutique: Boutique, currency: str, at: datetime) -> int | None:
    """Below what the cash of one buyer must stay at a moment, in pence; None: there is no limit."""
    house = shop.settings.cash_limit_minor or None
    law = None if shop.settings.high_value_dealer else _by_law(boutique, currency=currency, at=at)
    return min((one for one in (house, law) if one is not None), default=None)


def circle(look: Session, *order_ids: str) -> tuple[str, ...]:
    """Orders and all that are linked with them, by whatever way, in the order of their ids."""
    seen, fresh = set(order_ids), set(order_ids)
    while fresh:
        links = look.exec(
            select(OrderLink.order_id, OrderLink.other_id).where(
                or_(col(OrderLink.order_id).in_(fresh), col(OrderLink.other_id).in_(fresh))
            )
        ).all()
        fresh = {one for pair in links for one in pair} - seen
        seen |= fresh
    return tuple(sorted(seen))


def lock(tx: Writing, *order_ids: str) -> tuple[str, ...]:
    """Lock orders and all that are linked with them, in the order of their ids; says which.

    Two tills that take cash of one buyer at once come here one after the other, whichever order each has before it.
    Raises WrongState where another one was linked at this very moment: then it is to be begun again.
    """
    seen = circle(tx, *order_ids)
    tx.exec(select(Order.id).where(col(Order.id).in_(seen)).order_by(col(Order.id)).with_for_update()).all()
    if circle(tx, *order_ids) != seen:
        raise WrongState("order", order_ids[0], "changing")
    return seen


def taken(look: Session, *, order_ids: tuple[str, ...]) -> int:
    """The cash of these orders together, in pence."""
    paid = select(func.coalesce(func.sum(Payment.amount_minor), 0)).where(
        col(Payment.order_id).in_(order_ids),
        Payment.method == Method.CASH,
        Payment.state != PaymentState.CANCELLED,
    )
    return int(look.exec(paid).one())


def too_much(
    tx: Writing, shop: Shop, *, order: Order, device_id: str, order_ids: tuple[str, ...], more_minor: int
) -> CashLimit | None:
    """Why so much more cash cannot be taken at a till for these orders, which are locked; None: it can.

    The law is that of the place where the cash changes hands, wherever the order was begun.
    """
    here = tx.get_one(Boutique, tx.get_one(Device, device_id).boutique_id)
    most = limit(shop, boutique=here, currency=order.currency, at=tx.now())
    already = taken(tx, order_ids=order_ids)
    reached = most is not None and already + more_minor >= max(most, 1)
    return CashLimit(most, already) if reached else None


def link(shop: Shop, *, order_id: str, code: str, staff_id: str, device_id: str) -> None:
    """Say that another order, by its code, is the same buyer's: their cash counts together from here on.

    Linking twice is once. Raises CashLimit where the two are too much together already: then they are linked all the
    same, and what was taken last is to go back. Else Unknown, WrongState (changing at this moment) or NotAllowed.
    """
    with shop.write() as tx:
        audit.unchanged(tx)
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="link orders")
        other_id = tx.exec(select(Order.id).where(Order.code == plain_code(code))).first()
        if other_id is None or other_id == order_id:
            raise Unknown("order", code[:40])
        order_ids = lock(tx, order_id, other_id)
        order = tx.get(Order, order_id)
        if order is None:
            raise Unknown("order", order_id)
        first, second = sorted((order_id, other_id))
        if tx.get(OrderLink, (first, second)) is None:
            put(tx, OrderLink(order_id=first, other_id=second, linked_by=staff_id, linked_at=tx.now()))
            audit.record(tx, "orders linked", order.code, by=staff_id, other=plain_code(code))
        refusal = too_much(tx, shop, order=order, device_id=device_id, order_ids=order_ids, more_minor=0)
    if refusal is not None:
        raise refusal


def _by_law(boutique: Boutique, *, currency: str, at: datetime) -> int | None:
    place = "GB" if boutique.zone in BRITISH else "EU"
    day = at.astimezone(ZoneInfo(boutique.zone)).date()
    for row in reference.table("cash_limits"):
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        if row["place"] == place and date.fromisoformat(row["valid_from"]) <= day <= until:
            in_the_laws = row["currency"].lower() == currency.lower()
            figure = row["limit_minor"] if in_the_laws else row["gbp_minor"] if currency.lower() == "gbp" else ""
            return int(figure) if figure else 0  # a limit nobody can compare with lets no cash in
    return None
