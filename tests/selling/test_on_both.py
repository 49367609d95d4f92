"""The main road on SQLite and on PostgreSQL: one code, the same sale."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import func, select

from pos.books import audit
from pos.clock import SetClock
from pos.errors import PieceTaken, SlotFull, WindowFull
from pos.models import Device, OrderState, PaymentState, Piece, PieceState, Receipt, Staff, Table
from pos.people import devices, staff
from pos.selling import arrival, basket, checkout, orders, pickup
from pos.selling.arrival import Arrival
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING
from tests.selling.shelf import CHAIN, CHARM, TAG, Tablet, later, stand_up
from tests.selling.test_checkout import answered, sold


@pytest.fixture
def either(settings: Settings, records_url: str) -> Iterator[Shop]:
    """A shop with the small shelf, on each kind of database."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx)
    yield opened
    with opened.read() as look:
        assert audit.broken_at(look) is None
    opened.close()


def states(shop: Shop, sku: str) -> set[PieceState]:
    with shop.read() as look:
        return set(look.exec(select(Piece.state).where(Piece.sku == sku)))


def test_a_bundle_is_sold_whole_and_its_numbers_stay_taken(either: Shop) -> None:
    shopper, late = Tablet(either).enrol(), Tablet(either).enrol()
    shopper.hold_pair(charm=7, chain=3)
    shopper.book()
    order_id = shopper.open()
    sold(either, order_id)
    seen = orders.view(either, order_id=order_id)
    assert (seen.state, seen.paid_minor, len(seen.certificates)) == (OrderState.PAID, 21499, 2)
    with pytest.raises(PieceTaken):
        late.hold_pair(charm=7, chain=4)
    assert states(either, CHAIN) == {PieceState.FREE, PieceState.SOLD}


def test_a_pre_order_from_deposit_to_hand_over(either: Shop) -> None:
    shopper, counter = Tablet(either).enrol(), Tablet(either).enrol().unlock()
    shopper.hold(TAG)
    shopper.book()
    order_id = shopper.open()
    sold(either, order_id)
    counter.say_ready(order_id)
    checkout.open_balance(either, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    sold(either, order_id)
    booked = orders.view(either, order_id=order_id).pickup
    assert booked is not None
    pickup.hand_over(either, code=booked.code, staff_id="ada", device_id=counter.device_id)
    with either.read() as look:
        numbers = list(look.exec(select(Receipt.number).order_by(Receipt.number)))
    assert numbers == ["DEMO-000001", "DEMO-000002"]


def test_a_window_and_a_slot_have_only_so_many_places(either: Shop) -> None:
    noon = datetime.combine(date(2026, 12, 14), datetime.min.time(), MONDAY_MORNING.tzinfo) + timedelta(hours=12)
    tablets = [Tablet(either).enrol() for _ in range(5)]
    for tablet in tablets[:4]:
        tablet.hold(TAG)
        basket.choose_pickup(either, basket_id=tablet.basket_id, boutique_id="demo", start=noon)
    with pytest.raises(WindowFull):
        tablets[4].hold(TAG)
    for tablet in tablets[:2]:
        tablet.open()
    with pytest.raises(SlotFull):
        tablets[2].open()


def test_time_alone_frees_a_piece_and_a_cancelled_payment_gives_it_back(either: Shop) -> None:
    first, second = Tablet(either).enrol(), Tablet(either).enrol()
    first.hold(CHARM, number=1)
    first.book()
    order_id = first.open()
    checkout.undo(either, payment_id=answered(either, order_id, PaymentState.CANCELLED))
    with pytest.raises(PieceTaken):
        second.hold(CHARM, number=1)
    later(either, minutes=15)
    assert second.hold(CHARM, number=1).number == 1


def test_a_look_sees_one_moment_whatever_is_written_meanwhile(either: Shop) -> None:
    tablet = Tablet(either).enrol()
    with either.read() as look:
        before = look.exec(select(func.count()).select_from(Piece).where(Piece.state == PieceState.HELD)).one()
        tablet.hold(CHAIN, size="45")
        after = look.exec(select(func.count()).select_from(Piece).where(Piece.state == PieceState.HELD)).one()
    assert before == after == 0


def comes(shop: Shop, shopper: Tablet) -> Arrival:
    """What a screen of this tablet begins with, the same as is asked one by one."""
    cookie = f"cookie of {shopper.device_id}"
    with shop.jot() as tx:
        tx.get_one(Device, shopper.device_id).token_hash = devices.hash_of(cookie)
    found = arrival.of(shop, cookie=cookie)
    assert found is not None
    assert found.tablet == devices.known(shop, cookie=cookie)
    return found


def test_a_screen_begins_with_its_tablet_its_person_and_what_is_being_paid(either: Shop) -> None:
    shopper, other = Tablet(either).enrol(), Tablet(either).enrol()
    assert (comes(either, shopper).unlocked, comes(either, shopper).paying) == (None, None)
    shopper.hold(CHARM)
    shopper.book()
    order_id = shopper.open()
    assert comes(either, shopper).paying == order_id
    assert comes(either, other).paying is None
    sold(either, order_id)
    assert comes(either, shopper).paying is None
    other.unlock()
    counter = comes(either, other).unlocked
    assert counter is not None
    assert counter.person == staff.glance(either, device_id=other.device_id)
    later(either, minutes=either.settings.staff_lock_minutes)
    assert staff.still_here(either, counter, device_id=other.device_id, seen=True) is None  # the clock locks it
    assert comes(either, other).unlocked is None


def test_nobody_comes_with_a_stranger_s_cookie_or_a_lost_tablet_and_who_left_opened_nothing(either: Shop) -> None:
    tablet = Tablet(either).enrol().unlock()
    with either.jot() as tx:
        tx.get_one(Staff, "ada").retired = True
    assert comes(either, tablet).unlocked is None
    devices.revoke(either, device_id=tablet.device_id)
    for cookie in (None, "", "a stranger's", f"cookie of {tablet.device_id}"):
        assert arrival.of(either, cookie=cookie) is None
