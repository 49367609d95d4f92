"""Ready or not: what is still to be made is neither paid off nor handed over."""

from collections.abc import Callable

import pytest

from pos.errors import NotAllowed, NotHallmarked, NotReady, Unknown, WrongState
from pos.models import Boutique, Device, OrderState, Variant
from pos.selling import checkout, orders, pickup, ready
from pos.shop import Shop
from tests.selling.shelf import CHAIN, CHARM, TAG, Tablet, later
from tests.selling.test_checkout import sold
from tests.selling.test_pickup import bought, code_of

Tablets = Callable[[], Tablet]


def test_what_lies_in_the_safe_needs_no_word(boutique: Shop, tablet: Tablets) -> None:
    order_id, counter = bought(boutique, tablet), tablet().unlock()
    pickup.hand_over(boutique, code=code_of(boutique, order_id), staff_id="ada", device_id=counter.device_id)


def test_a_pre_order_is_paid_off_only_once_it_is_made(boutique: Shop, tablet: Tablets) -> None:
    order_id, counter = bought(boutique, tablet, TAG), tablet().unlock()
    ask = {"order_id": order_id, "device_id": counter.device_id, "staff_id": "ada"}
    later(boutique, days=40)  # the promised day has passed: that does not make it
    counter.unlock()
    with pytest.raises(NotReady):
        checkout.open_balance(boutique, **ask)
    counter.say_ready(order_id)
    checkout.open_balance(boutique, **ask)


def test_an_engraved_piece_is_handed_over_once_it_is_cut(boutique: Shop, tablet: Tablets) -> None:
    shopper, counter = tablet(), tablet().unlock()
    shopper.hold(CHARM, engraving=("AM",))
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    give = {"code": code_of(boutique, order_id), "staff_id": "ada", "device_id": counter.device_id}
    with pytest.raises(NotReady):
        pickup.hand_over(boutique, **give)
    counter.say_ready(order_id)
    ready.mark_unready(boutique, order_id=order_id, staff_id="ada", device_id=counter.device_id)
    with pytest.raises(NotReady):
        pickup.hand_over(boutique, **give)
    counter.say_ready(order_id)
    assert pickup.hand_over(boutique, **give).handed_over_by == "Ada"


def test_a_piece_that_is_not_struck_is_not_ready(boutique: Shop, tablet: Tablets) -> None:
    order_id, counter = bought(boutique, tablet, TAG), tablet().unlock()
    with boutique.jot() as tx:
        tx.get_one(Variant, TAG).hallmark = {"status": "planned", "fineness": 950}
    with pytest.raises(NotHallmarked):
        counter.say_ready(order_id)


def test_saying_it_twice_keeps_the_first_moment(boutique: Shop, tablet: Tablets) -> None:
    order_id, counter = bought(boutique, tablet, TAG), tablet().unlock()
    say = {"order_id": order_id, "staff_id": "ada", "device_id": counter.device_id}
    first = ready.mark_ready(boutique, **say)
    later(boutique, minutes=1)
    assert ready.mark_ready(boutique, **say) == first


def test_only_the_boutique_that_hands_it_over_says_so(boutique: Shop, tablet: Tablets) -> None:
    order_id, elsewhere = bought(boutique, tablet, TAG), tablet().unlock()
    with pytest.raises(NotAllowed):
        ready.mark_ready(boutique, order_id=order_id, staff_id="ada", device_id=tablet().device_id)
    with boutique.jot() as tx:
        tx.add(Boutique(id="pets", name="Pets", address=[], vat_number="", hours={}))
        tx.flush()
        tx.get_one(Device, elsewhere.device_id).boutique_id = "pets"
    with pytest.raises(NotAllowed):
        elsewhere.say_ready(order_id)


def test_what_is_not_bought_or_has_left_is_not_made_ready(boutique: Shop, tablet: Tablets) -> None:
    counter, shopper = tablet().unlock(), tablet()
    with pytest.raises(Unknown):
        counter.say_ready("no such order")
    shopper.hold(TAG)
    shopper.book()
    with pytest.raises(WrongState):
        counter.say_ready(shopper.open())
    order_id = bought(boutique, tablet)
    pickup.hand_over(boutique, code=code_of(boutique, order_id), staff_id="ada", device_id=counter.device_id)
    with pytest.raises(WrongState):
        ready.mark_unready(boutique, order_id=order_id, staff_id="ada", device_id=counter.device_id)


def test_the_counter_sees_who_is_expected_and_what_is_still_to_be_made(boutique: Shop, tablet: Tablets) -> None:
    first, second, counter = bought(boutique, tablet, TAG), bought(boutique, tablet), tablet().unlock()
    seen = ready.expected(boutique, boutique_id="demo")
    assert [(one.order_id, one.ready_at is not None, one.balance_minor) for one in seen] == [
        (second, True, 0),
        (first, False, 101500),
    ]
    assert seen[0].pieces == ((CHARM, 1),)
    pickup.hand_over(boutique, code=code_of(boutique, second), staff_id="ada", device_id=counter.device_id)
    assert [one.order_id for one in ready.expected(boutique, boutique_id="demo")] == [first]
    assert ready.expected(boutique, boutique_id="elsewhere") == ()


def test_an_order_that_was_never_paid_is_not_expected(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHAIN, size="45")
    shopper.book()
    order_id = shopper.open()
    assert orders.view(boutique, order_id=order_id).state == OrderState.OPEN
    assert ready.expected(boutique, boutique_id="demo") == ()
