"""Several tenders with a real reader: a card held while cash comes, refused, expired, released, and given back."""

from datetime import timedelta

from pos.models import Method, OrderState, Payment, PaymentState
from pos.payments import overview
from pos.payments.overview import Act, Waits
from pos.payments.reduce import UNWOUND
from pos.selling import checkout, finish, orders, tenders, unwinding
from pos.selling.tenders import Tender
from tests.payments.conftest import DECLINED, Till
from tests.selling.shelf import CHARM, later

DUE = 14000
CASH, CARD = Method.CASH, Method.CARD


def begun(till: Till, first: Tender) -> str:
    till.tablet.unlock()
    till.tablet.hold(CHARM)
    till.tablet.book()
    return checkout.open(
        till.shop,
        quote=till.tablet.quote(),
        device_id=till.tablet.device_id,
        terms_version="2026-11",
        staff_id="ada",
        first=first,
    )


def add(till: Till, order_id: str, tender: Tender, key: str = "tap") -> str:
    device_id = till.tablet.device_id
    return tenders.add(till.shop, order_id=order_id, tender=tender, key=key, staff_id="ada", device_id=device_id)


def give_up(till: Till, order_id: str) -> None:
    unwinding.give_up(till.shop, order_id=order_id, staff_id="ada", device_id=till.tablet.device_id)


def take_back(till: Till, payment_id: str) -> None:
    unwinding.take_back(till.shop, payment_id=payment_id, staff_id="ada", device_id=till.tablet.device_id)


def hand_back(till: Till, payment_id: str) -> None:
    unwinding.cash_returned(till.shop, payment_id=payment_id, staff_id="ada", device_id=till.tablet.device_id)


def first_payment(till: Till, order_id: str) -> str:
    return orders.view(till.shop, order_id=order_id).payments[0].payment_id


def state(till: Till, order_id: str) -> tuple[OrderState, int]:
    seen = orders.view(till.shop, order_id=order_id)
    return seen.state, seen.remaining_minor


def held_card(till: Till, order_id: str, payment_id: str) -> None:
    assert till.carry_on(payment_id) is PaymentState.DISPATCHED
    till.card()
    assert till.carry_on(payment_id) is PaymentState.AUTHORISED


def test_a_card_is_only_held_while_cash_is_still_to_come(till: Till) -> None:
    order_id = begun(till, Tender(CARD, 9000))
    by_card = first_payment(till, order_id)
    held_card(till, order_id, by_card)
    assert till.charges(by_card) == 1
    assert [intent["status"] for intent in till.intents(by_card)] == ["requires_capture"]
    assert state(till, order_id) == (OrderState.OPEN, 5000)
    in_cash = add(till, order_id, Tender(CASH, 5000, tendered_minor=6000))
    assert till.carry_on(in_cash) is PaymentState.CAPTURED
    assert till.carry_on(by_card) is PaymentState.CAPTURED
    assert [(i["status"], i["amount_received"]) for i in till.intents(by_card)] == [("succeeded", 9000)]
    seen = orders.view(till.shop, order_id=order_id)
    assert (seen.state, seen.paid_minor, len(seen.receipts)) == (OrderState.PAID, DUE, 1)
    assert all(till.payment(one).finished_at for one in (by_card, in_cash))


def test_two_cards_one_after_the_other_pay_one_sale(till: Till) -> None:
    order_id = begun(till, Tender(CARD, 9000))
    first = first_payment(till, order_id)
    held_card(till, order_id, first)
    second = add(till, order_id, Tender(CARD, 5000))
    till.carry_on(second)
    till.card("5555555555554444")
    assert till.carry_on(second) is PaymentState.CAPTURED
    assert till.carry_on(first) is PaymentState.CAPTURED
    assert [till.intents(one)[0]["amount_received"] for one in (first, second)] == [9000, 5000]
    assert len(orders.view(till.shop, order_id=order_id).receipts) == 1


def test_a_card_that_is_declined_makes_room_for_cash(till: Till) -> None:
    order_id = begun(till, Tender(CASH, 4000))
    by_card = add(till, order_id, Tender(CARD, 10000))
    till.carry_on(by_card)
    till.card(DECLINED)
    assert till.carry_on(by_card) is PaymentState.DECLINED
    take_back(till, by_card)
    assert till.carry_on(by_card) is PaymentState.CANCELLED
    assert state(till, order_id) == (OrderState.OPEN, 10000)
    rest = add(till, order_id, Tender(CASH, 10000), key="again")
    assert till.carry_on(rest) is PaymentState.CAPTURED
    assert state(till, order_id)[0] == OrderState.PAID
    assert [intent["status"] for intent in till.intents(by_card)] == ["canceled"]


def test_a_hold_that_ends_while_cash_is_fetched_is_asked_for_again_and_nothing_is_sold(till: Till) -> None:
    order_id = begun(till, Tender(CARD, 9000))
    by_card = first_payment(till, order_id)
    held_card(till, order_id, by_card)
    till.stranger.v1.payment_intents.cancel(till.payment(by_card).intent_id or "")  # as its expiry does
    in_cash = add(till, order_id, Tender(CASH, 5000))
    assert till.carry_on(in_cash) is PaymentState.AUTHORISED  # the cash came second, and looked at the card first
    assert till.carry_on(by_card) is PaymentState.CANCELLED
    assert state(till, order_id) == (OrderState.OPEN, 9000)
    again = add(till, order_id, Tender(CARD, 9000), key="again")
    till.carry_on(again)
    till.card()
    assert till.carry_on(again) is PaymentState.CAPTURED
    assert state(till, order_id)[0] == OrderState.PAID


def test_a_half_paid_sale_that_is_given_up_releases_the_hold(till: Till) -> None:
    order_id = begun(till, Tender(CASH, 4000))
    by_card = add(till, order_id, Tender(CARD, 9000))
    held_card(till, order_id, by_card)
    give_up(till, order_id)
    assert till.carry_on(by_card) is PaymentState.CANCELLED
    assert [intent["status"] for intent in till.intents(by_card)] == ["canceled"]
    in_cash = first_payment(till, order_id)
    assert till.carry_on(in_cash) is PaymentState.AUTHORISED  # a hand gives it back
    hand_back(till, in_cash)
    assert till.carry_on(in_cash) is PaymentState.CANCELLED
    assert state(till, order_id)[0] == OrderState.CANCELLED


def test_a_card_that_says_yes_while_the_sale_is_given_up_is_released_too(till: Till) -> None:
    order_id = begun(till, Tender(CASH, 4000))
    by_card = add(till, order_id, Tender(CARD, 10000))
    till.carry_on(by_card)
    till.begin_card()
    give_up(till, order_id)
    till.end_card()
    for _ in range(3):
        seen = till.carry_on(by_card)
    assert seen is PaymentState.CANCELLED
    assert [intent["status"] for intent in till.intents(by_card)] == ["canceled"]
    assert till.receipts(by_card) == 0


def test_a_card_that_says_yes_while_it_is_taken_back_pays(till: Till) -> None:
    order_id = begun(till, Tender(CASH, 4000))
    by_card = add(till, order_id, Tender(CARD, 10000))
    till.carry_on(by_card)
    till.begin_card()
    take_back(till, by_card)
    till.end_card()
    assert till.carry_on(by_card) is PaymentState.CAPTURED
    assert till.carry_on(first_payment(till, order_id)) is PaymentState.CAPTURED
    assert state(till, order_id)[0] == OrderState.PAID


def test_held_cards_nobody_goes_on_with_are_released_by_themselves(till: Till) -> None:
    order_id = begun(till, Tender(CARD, 9000))
    by_card = first_payment(till, order_id)
    held_card(till, order_id, by_card)
    later(till.shop, minutes=till.shop.settings.payment_minutes, seconds=1)
    assert till.carry_on(by_card) is PaymentState.CANCELLED
    assert (till.payment(by_card).cancel_why, state(till, order_id)[0]) == (UNWOUND, OrderState.CANCELLED)
    assert [intent["status"] for intent in till.intents(by_card)] == ["canceled"]


def test_with_cash_in_the_drawer_it_waits_for_a_person(till: Till) -> None:
    order_id = begun(till, Tender(CASH, 4000))
    by_card = add(till, order_id, Tender(CARD, 9000))
    held_card(till, order_id, by_card)
    later(till.shop, minutes=till.shop.settings.payment_minutes, seconds=1)
    for payment_id in (by_card, first_payment(till, order_id)):
        assert till.carry_on(payment_id) is PaymentState.AUTHORISED
    seen = overview.unfinished(till.shop, boutique_id="demo")
    assert [(one.waits_for, one.act, one.left_minor) for one in seen] == [(Waits.REST, Act.GIVE_UP, 1000)] * 2
    assert {one.method for one in seen} == {CARD, CASH}


def test_cash_that_is_to_go_back_stands_there_until_somebody_says_so(till: Till) -> None:
    order_id = begun(till, Tender(CASH, 4000))
    give_up(till, order_id)
    (one,) = overview.unfinished(till.shop, boutique_id="demo")
    assert (one.waits_for, one.act) == (Waits.HAND, Act.CASH_RETURNED)
    hand_back(till, one.payment_id)
    finish.carry_on(till.shop, payment_id=one.payment_id)
    assert overview.unfinished(till.shop, boutique_id="demo") == ()


def test_killed_between_cash_and_settling_the_back_office_goes_on(till: Till) -> None:
    order_id = begun(till, Tender(CASH, DUE))
    with till.shop.read() as look:
        assert look.get_one(Payment, first_payment(till, order_id)).finished_at is None
    till.shop.clock.move(timedelta(hours=2))  # type: ignore[attr-defined]
    assert till.carry_on(first_payment(till, order_id)) is PaymentState.CAPTURED
    assert state(till, order_id)[0] == OrderState.PAID
