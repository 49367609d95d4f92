"""What is going to be collected, and whether it lies in the safe: made, struck and engraved, not only promised.

The promised day is no barrier (a piece may be ready early, or late), so a person of the boutique says it. A balance is
asked for, and a piece is handed over, only once somebody has said so; what lies there when it is sold needs no word.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import NotAllowed, NotHallmarked, NotReady, Unknown, WrongState
from pos.models import Boutique, Device, Order, OrderLine, OrderState, Pickup, PickupState, Piece, Role, Variant
from pos.people import rights
from pos.selling import mailing
from pos.selling.views import ExpectedView
from pos.shop import Shop

BOUGHT = (OrderState.DEPOSIT, OrderState.PAID)
# What came back is nobody's, or another buyer's by now.
STILL = (col(Piece.id) == col(OrderLine.piece_id)) & (col(Piece.order_id) == col(OrderLine.order_id))
MOST = 60  # pickups shown at once: more than a boutique hands over in days


def expected(shop: Shop, *, boutique_id: str) -> tuple[ExpectedView, ...]:
    """What this boutique is going to hand over, the oldest appointment first."""
    with shop.read() as look:
        found: Any = look.exec(
            select(Pickup, Order, Boutique)
            .join(Order, col(Order.id) == col(Pickup.order_id))
            .join(Boutique, col(Boutique.id) == col(Pickup.boutique_id))
            .where(
                Pickup.boutique_id == boutique_id,
                Pickup.state == PickupState.BOOKED,
                col(Order.state).in_(BOUGHT),
            )
            .order_by(col(Pickup.starts_at), col(Order.code))
            .limit(MOST)
        )
        rows = list(found)
        pieces = _pieces(look, [order.id for _, order, _ in rows])
        return tuple(
            ExpectedView(
                order_id=order.id,
                order_code=order.code,
                start=booked.starts_at,
                zone=boutique.zone,
                pieces=tuple(pieces[order.id]),
                ready_at=booked.ready_at,
                balance_minor=order.total_minor - order.paid_minor,
            )
            for booked, order, boutique in rows
        )


def mark_ready(shop: Shop, *, order_id: str, staff_id: str, device_id: str) -> datetime:
    """Say that all of an order lies in the safe of the boutique that hands it over; says since when, UTC.

    Saying it twice keeps the first moment. Raises NotHallmarked while a piece of it is to be struck, NotAllowed,
    WrongState or Unknown.
    """
    with shop.write() as tx:
        order, booked = _to_collect(tx, shop, order_id=order_id, staff_id=staff_id, device_id=device_id)
        _refuse_unstruck(tx, order_id=order.id)
        if booked.ready_at is None:
            booked.ready_at, booked.ready_by = tx.now(), staff_id
            mailing.of_ready(tx, shop, order=order, booked=booked, at=booked.ready_at)
            audit.record(tx, "ready to collect", order.code, by=staff_id)
        audit.unchanged(tx)
        return booked.ready_at


def mark_unready(shop: Shop, *, order_id: str, staff_id: str, device_id: str) -> None:
    """Take the word back: something of it is not in the safe after all. Raises NotAllowed, WrongState or Unknown."""
    with shop.write() as tx:
        order, booked = _to_collect(tx, shop, order_id=order_id, staff_id=staff_id, device_id=device_id)
        if booked.ready_at is not None:
            booked.ready_at = booked.ready_by = None
            mailing.not_ready(tx, order=order)
            audit.record(tx, "not ready to collect", order.code, by=staff_id)
        audit.unchanged(tx)


def refuse_unready(tx: Session, *, order: Order) -> None:
    """Raises NotReady while an order that is collected is not said to be ready."""
    waiting = select(Pickup.code).where(
        Pickup.order_id == order.id, Pickup.state == PickupState.BOOKED, col(Pickup.ready_at).is_(None)
    )
    if tx.exec(waiting).first() is not None:
        raise NotReady(order.code)


def _to_collect(tx: Writing, shop: Shop, *, order_id: str, staff_id: str, device_id: str) -> tuple[Order, Pickup]:
    """An order that this tablet's boutique hands over, locked. Raises NotAllowed, WrongState or Unknown."""
    person = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="say it is ready")
    order = tx.exec(select(Order).where(Order.id == order_id).with_for_update()).first()
    booked = tx.exec(select(Pickup).where(Pickup.order_id == order_id)).first()
    if order is None or booked is None:
        raise Unknown("order", order_id)
    if tx.get_one(Device, device_id).boutique_id != booked.boutique_id:
        raise NotAllowed(person.name, "say what lies in another boutique's safe")
    if booked.state != PickupState.BOOKED:
        raise WrongState("pickup", order.code, booked.state)
    if order.state not in BOUGHT:
        raise WrongState("order", order.code, order.state)
    return order, booked


def _refuse_unstruck(tx: Session, *, order_id: str) -> None:
    lines = select(Variant).join(OrderLine, col(OrderLine.sku) == col(Variant.sku)).join(Piece, STILL)
    for variant in tx.exec(lines.where(OrderLine.order_id == order_id)):
        if variant.hallmark.get("status") == "planned":
            raise NotHallmarked(variant.sku)


def _pieces(look: Session, order_ids: list[str]) -> dict[str, list[tuple[str, int]]]:
    lines = select(OrderLine).join(Piece, STILL).where(col(OrderLine.order_id).in_(order_ids))
    named: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for line in look.exec(lines.order_by(col(OrderLine.position))):
        if line.number is not None:
            named[line.order_id].append((line.sku, line.number))
    return named
