"""The main road on SQLite and on PostgreSQL: one code, the same sale."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import func, select

from pos.books import audit
from pos.clock import SetClock
from pos.errors import PieceTaken, SlotFull, WindowFull
from pos.models import OrderState, PaymentState, Piece, PieceState, Receipt, Table
from pos.selling import basket, checkout, orders, pickup
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
