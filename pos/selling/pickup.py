"""Pickups: half hours of a boutique with room for a few, booked in the sale, handed over once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlalchemy import select as columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from pos.books import audit
from pos.catalogue.standing import standing
from pos.errors import (
    AlreadyHandedOver,
    BalanceDue,
    NotAllowed,
    NothingTaken,
    NotReady,
    SlotClosed,
    SlotFull,
    Unknown,
    WrongState,
)
from pos.ids import new_id, people_code, plain_code
from pos.models import (
    Boutique,
    Device,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Pickup,
    PickupSlot,
    PickupState,
    Role,
    Staff,
    put,
)
from pos.people import rights
from pos.selling.views import PickupView, SlotView
from pos.shop import Shop

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NOTICE = timedelta(minutes=15)  # the counter needs a moment to fetch a piece from the safe

SEAT = (
    update(PickupSlot)
    .where(
        col(PickupSlot.boutique_id) == bindparam("boutique"),
        col(PickupSlot.starts_at) == bindparam("start"),
        col(PickupSlot.booked) < col(PickupSlot.capacity),
    )
    .values(booked=PickupSlot.booked + 1)
    .returning(col(PickupSlot.id), col(PickupSlot.ends_at))
)
LEFT = columns(col(PickupSlot.starts_at), (col(PickupSlot.capacity) - col(PickupSlot.booked)).label("left")).where(
    col(PickupSlot.boutique_id) == bindparam("boutique_id"), col(PickupSlot.starts_at) >= bindparam("now")
)


@dataclass(frozen=True)
class DayView:
    """One of the coming days of a boutique, and the half hours of it that have room still.

    is_closed: nothing is handed over on it. A day that is neither closed nor free is full, or over for today.
    """

    day: date
    is_closed: bool
    slots: tuple[SlotView, ...]


def days(shop: Shop, *, boutique_id: str, not_before: date | None = None) -> list[DayView]:
    """The coming days as a calendar shows them, from the first on which a piece is ready. Raises Unknown."""
    now = shop.clock.now()
    with shop.glance() as look:
        boutique = standing(shop, look).boutiques.get(boutique_id)
        if boutique is None:
            raise Unknown("boutique", boutique_id)
        booked = {row.starts_at: row.left for row in look.execute(LEFT, {"boutique_id": boutique_id, "now": now})}
    zone, soonest = ZoneInfo(boutique.zone), now + NOTICE
    touched = {start.astimezone(zone).date() for start in booked}
    first = max(day_at(boutique, now), not_before or date.min)
    return [
        _left(one, booked, soonest) if one.day in touched or _has_begun(one, soonest) else one
        for one in _unbooked(_plan(boutique), first, boutique.pickup_days)
    ]


def _has_begun(one: DayView, soonest: datetime) -> bool:
    return bool(one.slots) and one.slots[0].start < soonest


def _left(one: DayView, booked: Mapping[datetime, int], soonest: datetime) -> DayView:
    """What is to be had of a day still: these are booked, so many are left of each, and it is late for others."""
    coming = (replace(slot, free=booked.get(slot.start, slot.free)) for slot in one.slots if slot.start >= soonest)
    return replace(one, slots=tuple(slot for slot in coming if slot.free > 0))


def slots(shop: Shop, *, boutique_id: str, not_before: date | None = None) -> list[SlotView]:
    """The half hours of the coming days that have room, in time order; not_before is the day a piece is promised for.

    Raises Unknown for a boutique that does not exist.
    """
    return [slot for day in days(shop, boutique_id=boutique_id, not_before=not_before) for slot in day.slots]


def refuse_closed(tx: Session, *, boutique_id: str, start: datetime, at: datetime) -> tuple[Boutique, datetime]:
    """The boutique and the end of the half hour that starts then. Raises SlotClosed or Unknown."""
    boutique = _boutique(tx, boutique_id)
    day = start.astimezone(ZoneInfo(boutique.zone)).date()
    for begins, ends in _half_hours(_plan(boutique), day):
        if begins == start and ends > at:
            return boutique, ends
    raise SlotClosed(boutique_id, start)


def day_at(boutique: Boutique, moment: datetime) -> date:
    """The day of a moment where the boutique stands."""
    return moment.astimezone(ZoneInfo(boutique.zone)).date()


def book(tx: Session, *, order_id: str, boutique_id: str, start: datetime, at: datetime, ready: bool) -> Pickup:
    """Book a half hour for an order inside its transaction; ready: all of it lies in that boutique's safe already.

    Raises SlotFull or SlotClosed.
    """
    seat = _seat(tx, boutique_id=boutique_id, start=start)
    if seat is None:
        boutique, ends = refuse_closed(tx, boutique_id=boutique_id, start=start, at=at)
        _open_slot(tx, boutique=boutique, start=start, end=ends)
        seat = _seat(tx, boutique_id=boutique_id, start=start)
    if seat is None:
        raise SlotFull(boutique_id, start)
    if seat[1] <= at:
        raise SlotClosed(boutique_id, start)
    booked = Pickup(
        id=new_id(),
        order_id=order_id,
        boutique_id=boutique_id,
        slot_id=seat[0],
        starts_at=start,
        ends_at=seat[1],
        code=people_code(),
        ready_at=at if ready else None,
    )
    put(tx, booked)
    return booked


def cancel(tx: Session, *, order_id: str) -> None:
    """Give the half hour of an order back, inside its transaction; nothing where there is none."""
    row = (
        tx.connection()
        .execute(
            update(Pickup)
            .where(col(Pickup.order_id) == order_id, col(Pickup.state) == PickupState.BOOKED)
            .values(state=PickupState.CANCELLED)
            .returning(col(Pickup.slot_id))
        )
        .first()
    )
    if row is not None:
        tx.connection().execute(
            update(PickupSlot).where(col(PickupSlot.id) == row[0]).values(booked=PickupSlot.booked - 1)
        )


def find(shop: Shop, *, code: str) -> str:
    """The order of a collect code, as typed or scanned. Raises Unknown."""
    with shop.read() as look:
        found = look.exec(select(Pickup.order_id).where(Pickup.code == plain_code(code))).first()
    if found is None:
        raise Unknown("collect code", code[:40])
    return found


def hand_over(shop: Shop, *, code: str, staff_id: str, device_id: str) -> PickupView:
    """Hand the pieces of a pickup over, once.

    Raises AlreadyHandedOver (when, by whom), NotReady, BalanceDue, NothingTaken, NotAllowed, WrongState (cancelled, or
    the money is still on its way) or Unknown.
    """
    with shop.write(durable=True) as tx:
        staff = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="hand over")
        found: Any = tx.exec(
            select(Pickup, Order, Boutique)
            .join(Order, col(Order.id) == col(Pickup.order_id))
            .join(Boutique, col(Boutique.id) == col(Pickup.boutique_id))
            .where(Pickup.code == plain_code(code))
            .with_for_update(of=Order)
        ).first()
        if found is None:
            raise Unknown("collect code", code[:40])
        booked, order, boutique = found
        if tx.get_one(Device, device_id).boutique_id != boutique.id:  # the piece lies in the other one's safe
            raise NotAllowed(staff.name, f"hand over what lies at {boutique.name}")
        if booked.state == PickupState.BOOKED and booked.ready_at is None:
            raise NotReady(order.code)
        if order.state == OrderState.DEPOSIT:
            raise BalanceDue(booked.code, order.due_later_minor)
        if order.state in (OrderState.OPEN, OrderState.REFUNDED):
            raise WrongState("order", order.code, order.state)
        _refuse_untaken(tx, order)
        _give(tx, booked, staff=staff, at=tx.now())
        audit.record(tx, "handed over", order.code, by=staff.id, pickup=booked.code)
        return view_of(booked, boutique=boutique, by=staff.name)


def _refuse_untaken(tx: Session, order: Order) -> None:
    """A sale is settled a moment before its money is taken; until then the piece stays in the safe.

    Only what has a receipt counts: a balance that was asked for and cancelled settled nothing.
    """
    settled = select(Payment.state).where(Payment.order_id == order.id, col(Payment.receipt_no).is_not(None))
    for state in tx.exec(settled):
        if state == PaymentState.CANCELLED:
            raise NothingTaken(order.code)
        if state != PaymentState.CAPTURED:
            raise WrongState("payment", order.code, state)


def view_of(booked: Pickup, *, boutique: Boutique, by: str | None) -> PickupView:
    """A pickup as a screen or a slip shows it."""
    return PickupView(
        code=booked.code,
        boutique_id=booked.boutique_id,
        boutique_name=boutique.name,
        start=booked.starts_at,
        end=booked.ends_at,
        zone=boutique.zone,
        state=booked.state,
        ready_at=booked.ready_at,
        handed_over_at=booked.handed_over_at,
        handed_over_by=by if booked.handed_over_at else None,
    )


def _give(tx: Session, booked: Pickup, *, staff: Staff, at: datetime) -> None:
    given = tx.connection().execute(
        update(Pickup)
        .where(
            col(Pickup.id) == booked.id,
            col(Pickup.state) == PickupState.BOOKED,
            col(Pickup.ready_at).is_not(None),  # it was read before the order was locked
        )
        .values(state=PickupState.HANDED_OVER, handed_over_at=at, handed_over_by=staff.id)
    )
    tx.refresh(booked)
    if given.rowcount == 1:
        return
    if booked.state == PickupState.BOOKED:
        raise NotReady(tx.get_one(Order, booked.order_id).code)
    if booked.state == PickupState.CANCELLED:
        raise WrongState("pickup", booked.code, booked.state)
    giver = tx.get(Staff, booked.handed_over_by) if booked.handed_over_by else None
    raise AlreadyHandedOver(booked.code, booked.handed_over_at, giver.name if giver else "")


def _boutique(tx: Session, boutique_id: str) -> Boutique:
    boutique = tx.get(Boutique, boutique_id)
    if boutique is None:
        raise Unknown("boutique", boutique_id)
    return boutique


class Plan(NamedTuple):
    """When a boutique hands over: its week by its own clock, the days it is closed, what one slot is and holds."""

    boutique_id: str
    week: tuple[tuple[str, str] | None, ...]  # from Monday on, opens and shuts
    closed: frozenset[str]  # a date, or a day of every year
    zone: str
    minutes: int
    capacity: int


def _plan(boutique: Boutique) -> Plan:
    hours = (boutique.hours.get(day) for day in DAYS)
    week = tuple((str(day[0]), str(day[1])) if day else None for day in hours)
    closed = frozenset(boutique.closed_days)
    return Plan(boutique.id, week, closed, boutique.zone, boutique.slot_minutes, boutique.slot_capacity)


@lru_cache(maxsize=64)
def _unbooked(plan: Plan, first: date, many: int) -> tuple[DayView, ...]:
    """So many days on which nobody has booked yet, as most have not: asked for every time a basket is drawn."""
    coming = [(day, _half_hours(plan, day)) for day in (first + timedelta(days=i) for i in range(many))]
    return tuple(
        DayView(day, not every, tuple(SlotView(plan.boutique_id, start, end, plan.capacity) for start, end in every))
        for day, every in coming
    )


def _half_hours(plan: Plan, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The slots of one day in UTC, none where it is closed; an hour that the clocks skip or repeat is counted once."""
    hours = plan.week[day.weekday()]
    if hours is None or plan.closed.intersection((day.isoformat(), day.strftime("%m-%d"))):
        return ()
    zone = ZoneInfo(plan.zone)
    opens, shuts = (datetime.combine(day, time.fromisoformat(at), zone).astimezone(UTC) for at in hours)
    step = timedelta(minutes=plan.minutes)
    return tuple((opens + i * step, opens + (i + 1) * step) for i in range((shuts - opens) // step))


def _seat(tx: Session, *, boutique_id: str, start: datetime) -> tuple[int, datetime] | None:
    row = tx.connection().execute(SEAT, {"boutique": boutique_id, "start": start}).first()
    return (int(row[0] or 0), row[1]) if row else None


def _open_slot(tx: Session, *, boutique: Boutique, start: datetime, end: datetime) -> None:
    """Write the slot down at its first booking; whoever comes second finds it there."""
    values = {
        "boutique_id": boutique.id,
        "starts_at": start,
        "ends_at": end,
        "capacity": boutique.slot_capacity,
        "booked": 0,
    }
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    tx.connection().execute(dialect.insert(PickupSlot).values(values).on_conflict_do_nothing())
