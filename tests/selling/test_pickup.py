"""Pickups: room for a few, closed days, and a hand-over that happens once."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from pos.errors import AlreadyHandedOver, BalanceDue, NotAllowed, SlotClosed, SlotFull, Unknown, WrongState
from pos.models import Boutique, Capsule, Device, PaymentState, PickupSlot
from pos.selling import basket, checkout, orders, pickup
from pos.shop import Shop
from tests.selling.shelf import CHARM, TAG, Tablet, later
from tests.selling.test_checkout import answered, sold

Tablets = Callable[[], Tablet]
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def bought(boutique: Shop, tablet: Tablets, sku: str = CHARM) -> str:
    shopper = tablet()
    shopper.hold(sku)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    return order_id


def code_of(boutique: Shop, order_id: str) -> str:
    seen = orders.view(boutique, order_id=order_id).pickup
    assert seen is not None
    return seen.code


def test_slots_follow_the_boutiques_day_and_leave_out_closed_ones(boutique: Shop) -> None:
    with boutique.jot() as tx:
        tx.get_one(Boutique, "demo").closed_days = ["2026-11-24", "12-25"]
    days = {slot.start.date() for slot in pickup.slots(boutique, boutique_id="demo")}
    assert date(2026, 11, 23) in days
    assert date(2026, 11, 24) not in days  # closed
    assert date(2026, 11, 29) not in days  # a Sunday
    first = pickup.slots(boutique, boutique_id="demo")[0]
    assert first.start == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a moment to fetch it from the safe
    assert first.free == 2


def test_as_many_days_are_offered_as_the_boutique_says_today_among_them(boutique: Shop) -> None:
    with boutique.jot() as tx:
        tx.get_one(Boutique, "demo").pickup_days = 42
    coming = pickup.days(boutique, boutique_id="demo")
    assert (coming[0].day, coming[-1].day, len(coming)) == (date(2026, 11, 23), date(2027, 1, 3), 42)


def test_hours_are_local_in_summer_too(boutique: Shop) -> None:
    later(boutique, days=200)
    opens = pickup.slots(boutique, boutique_id="demo", not_before=date(2027, 6, 14))[0].start
    assert opens == datetime(2027, 6, 14, 9, 0, tzinfo=UTC)


def test_what_is_touched_off_is_not_booked(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    for _ in range(2):
        basket.forget_way_home(boutique, basket_id=shopper.basket_id)
    seen = basket.view(boutique, basket_id=shopper.basket_id)
    assert (seen.pickup_boutique_id, seen.pickup_start) == (None, None)
    with pytest.raises(SlotClosed):
        shopper.open()
    counter = tablet().unlock()
    counter.hold(CHARM)
    basket.take_away(boutique, basket_id=counter.basket_id)
    basket.forget_way_home(boutique, basket_id=counter.basket_id)
    with pytest.raises(SlotClosed):
        counter.open()


def test_a_piece_is_collected_only_where_its_capsule_is_shown(boutique: Shop, tablet: Tablets) -> None:
    with boutique.jot() as tx:
        there = tx.get_one(Boutique, "demo").model_dump() | {"id": "far", "name": "Far"}
        tx.add(Boutique(**there))
        tx.get_one(Capsule, "nc").boutiques = ["demo", "far"]
    shopper = tablet()
    shopper.hold(CHARM)
    basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="far", start=NOON)
    with boutique.jot() as tx:
        tx.get_one(Capsule, "nc").boutiques = ["demo"]
    with pytest.raises(SlotClosed):
        shopper.open()
    with pytest.raises(SlotClosed):
        basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="far", start=NOON)
    basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="demo", start=NOON)
    assert shopper.open()


def test_a_slot_takes_as_many_as_it_has_room_for(boutique: Shop, tablet: Tablets) -> None:
    for _ in range(2):
        shopper = tablet()
        shopper.hold(CHARM)
        basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="demo", start=NOON)
        shopper.open()
    late = tablet()
    late.hold(CHARM)
    basket.choose_pickup(boutique, basket_id=late.basket_id, boutique_id="demo", start=NOON)
    with pytest.raises(SlotFull):
        late.open()
    assert NOON not in {slot.start for slot in pickup.slots(boutique, boutique_id="demo")}


def test_a_cancelled_order_gives_its_slot_back(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="demo", start=NOON)
    order_id = shopper.open()
    checkout.undo(boutique, payment_id=answered(boutique, order_id, PaymentState.CANCELLED))
    with boutique.read() as look:
        slot = look.get_one(PickupSlot, 1)
    assert slot.booked == 0


def test_a_time_between_slots_or_at_night_is_refused(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    for minute, hour in ((15, 12), (0, 22)):
        with pytest.raises(SlotClosed):
            start = NOON.replace(hour=hour, minute=minute)
            basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="demo", start=start)


def test_a_piece_is_handed_over_once_and_the_second_scan_says_when_and_by_whom(boutique: Shop, tablet: Tablets) -> None:
    code, counter = code_of(boutique, bought(boutique, tablet)), tablet().unlock()
    give = {"staff_id": "ada", "device_id": counter.device_id}
    given = pickup.hand_over(boutique, code=code, **give)
    assert given.handed_over_by == "Ada"
    later(boutique, minutes=5)
    with pytest.raises(AlreadyHandedOver) as refused:
        pickup.hand_over(boutique, code=code, **give)
    assert (refused.value.at, refused.value.by) == (given.handed_over_at, "Ada")


def test_a_typed_code_is_found_however_it_is_typed(boutique: Shop, tablet: Tablets) -> None:
    order_id = bought(boutique, tablet)
    typed = " " + code_of(boutique, order_id).lower().replace("-", " ") + "\n"
    assert pickup.find(boutique, code=typed) == order_id


def test_an_unknown_code_opens_nothing(boutique: Shop, tablet: Tablets) -> None:
    for guess in ("AAAA-AAAA", "", "'; DROP TABLE pickup; --", "Ω" * 4000):
        with pytest.raises(Unknown):
            pickup.find(boutique, code=guess)
        with pytest.raises(Unknown):
            pickup.hand_over(boutique, code=guess, staff_id="ada", device_id=tablet().unlock().device_id)


def test_a_pre_order_with_a_balance_is_not_handed_over(boutique: Shop, tablet: Tablets) -> None:
    order_id, counter = bought(boutique, tablet, TAG), tablet().unlock()
    counter.say_ready(order_id)
    with pytest.raises(BalanceDue) as refused:
        pickup.hand_over(boutique, code=code_of(boutique, order_id), staff_id="ada", device_id=counter.device_id)
    assert refused.value.amount == 101500


def test_a_shopper_cannot_hand_over(boutique: Shop, tablet: Tablets) -> None:
    code = code_of(boutique, bought(boutique, tablet))
    with pytest.raises(NotAllowed):
        pickup.hand_over(boutique, code=code, staff_id="ada", device_id=tablet().device_id)


def test_a_sale_whose_money_is_not_taken_yet_stays_in_the_safe(boutique: Shop, tablet: Tablets) -> None:
    order_id, counter = bought(boutique, tablet), tablet().unlock()
    answered(boutique, order_id, PaymentState.AUTHORISED)
    with pytest.raises(WrongState):
        pickup.hand_over(boutique, code=code_of(boutique, order_id), staff_id="ada", device_id=counter.device_id)


def test_another_boutique_does_not_hand_over_what_is_not_there(boutique: Shop, tablet: Tablets) -> None:
    code, elsewhere = code_of(boutique, bought(boutique, tablet)), tablet().unlock()
    with boutique.jot() as tx:
        tx.add(Boutique(id="pets", name="Pets", address=[], vat_number="", hours={}))
        tx.flush()
        tx.get_one(Device, elsewhere.device_id).boutique_id = "pets"
    with pytest.raises(NotAllowed):
        pickup.hand_over(boutique, code=code, staff_id="ada", device_id=elsewhere.device_id)
