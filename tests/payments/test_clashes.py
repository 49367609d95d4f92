"""Two of something that must be one: baskets, taps, keys, captures. Numbers as in stripe_terminal.md §12."""

import threading
from collections.abc import Callable

import pytest

from pos import doctor
from pos.errors import PriceMoved
from pos.models import OrderState, PaymentState, PieceState
from pos.payments import intents
from pos.payments.recover import recover
from pos.selling import basket, checkout, finish, orders
from pos.selling import settle as settling
from pos.shop import Shop
from tests.payments.conftest import CREATE, Till
from tests.selling.shelf import CHAIN, CHARM


def at_once(*acts: Callable[[], str]) -> list[str]:
    """Do things at the same moment; what each of them said."""
    start, said = threading.Barrier(len(acts)), []

    def run(act: Callable[[], str]) -> None:
        start.wait()
        said.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def payment_of(till: Till, order_id: str) -> str:
    return orders.view(till.shop, order_id=order_id).payment.payment_id


# --- the basket is edited after the reader was asked ---


def test_scenario_10_what_is_added_while_the_card_is_asked_for_is_not_paid_by_it(till: Till) -> None:
    payment = till.sale(number=12)
    till.carry_on(payment)
    till.tablet.hold(CHAIN, number=3, size="45")
    till.card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)
    order = orders.view(till.shop, order_id=till.payment(payment).order_id)
    assert [line.sku for line in order.lines if line.number] == [CHARM]
    assert order.total_minor == till.intents(payment)[0]["amount_received"]


def test_scenario_10_a_basket_changed_after_a_cancel_is_a_new_order_with_a_new_amount(till: Till) -> None:
    first = till.sale(number=12)
    till.carry_on(first)
    intents.ask_cancel(till.shop, payment_id=first, by="tablet")
    assert till.carry_on(first) == PaymentState.CANCELLED
    till.tablet.hold(CHAIN, number=3, size="45")
    second = payment_of(till, till.tablet.open())
    till.carry_on(second)
    till.card()
    till.carry_on(second)
    till.assert_sold_once(second)
    till.assert_undone(first)
    assert till.payment(second).amount_minor > till.payment(first).amount_minor
    assert till.intents(second)[0]["id"] != till.intents(first)[0]["id"]


def test_scenario_10_the_price_on_the_screen_of_before_opens_nothing(till: Till) -> None:
    till.tablet.hold(CHARM, number=12)
    till.tablet.book()
    shown = till.tablet.quote()
    till.tablet.hold(CHAIN, number=3, size="45")
    with pytest.raises(PriceMoved):
        till.tablet.open(shown)


def test_scenario_10_a_piece_that_is_being_paid_cannot_be_put_back(till: Till) -> None:
    payment = till.sale(number=12)
    till.carry_on(payment)
    basket.wipe(till.shop, basket_id=till.order(payment).basket_id)
    assert till.piece(12).state == PieceState.COMMITTED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert till.piece(12).state == PieceState.SOLD


# --- three taps ---


def test_scenario_12_three_taps_on_pay_from_two_browser_sessions_are_one_order(till: Till, settings) -> None:  # type: ignore[no-untyped-def]
    till.tablet.hold(CHARM, number=12)
    till.tablet.book()
    shown = till.tablet.quote()
    other = Shop(settings, clock=till.shop.clock)

    def pay(shop: Shop) -> Callable[[], str]:
        return lambda: checkout.open(
            shop, quote=shown, device_id=till.tablet.device_id, terms_version="2026-11", staff_id=None
        )

    (order_id,) = set(at_once(pay(till.shop), pay(till.shop), pay(other)))
    other.close()
    payment = payment_of(till, order_id)
    assert len(orders.view(till.shop, order_id=order_id).payments) == 1
    till.carry_on(payment)
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert till.tablet.open(shown) == order_id  # a late tap, when it is paid


# --- idempotency keys that clash ---


def test_scenario_13_a_key_another_version_used_leads_to_the_intent_that_was_made_with_it(till: Till) -> None:
    payment = till.sale()
    order = till.order(payment)
    made = till.stranger.v1.payment_intents.create(
        {
            "amount": till.payment(payment).amount_minor,
            "currency": "gbp",
            "allowed_payment_method_types": ["card_present"],
            "capture_method": "manual",
            "description": "In the words of the version before",
            "metadata": {"order_id": order.id, "payment_id": payment},
        },
        {"idempotency_key": f"order:{order.id}:now"},
    )
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert till.calls(payment, "create_intent")[0].outcome == "idempotency_error"
    assert till.payment(payment).intent_id == made.id
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_13_a_key_that_is_taken_and_leads_nowhere_takes_no_new_one(till: Till) -> None:
    payment = till.sale(number=12)
    till.stripe.fault("key_clash", on=f"POST {CREATE}", times=None)
    for _ in range(2):
        assert till.carry_on(payment) == PaymentState.DECLINED
        assert till.payment(payment).reason == "stripe_idempotency_error"
        intents.retry(till.shop, payment_id=payment, by="tablet")
    assert len({call.idempotency_key for call in till.calls(payment, "create_intent")}) == 1
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert till.piece(12).state == PieceState.HELD


@pytest.mark.parametrize("on", [f"POST {CREATE}", "POST /v1/terminal/readers/*/process_payment_intent"])
def test_scenario_13_a_key_in_use_is_waited_for(till: Till, on: str) -> None:
    payment = till.sale()
    till.stripe.fault("key_in_use", on=on, times=3)  # longer than the library waits
    assert till.carry_on(payment) == PaymentState.QUEUED
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert len(till.intents(payment)) == len(till.attempts(payment)) == 1
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


# --- the capture: forgotten, twice, somebody else's ---


@pytest.fixture
def settled(till: Till) -> str:
    """A sale that is written, and whose money is not taken yet: the shop died in between."""
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    intents.find_out(till.shop, payment_id=payment)
    settling.settle(till.shop, payment_id=payment)
    return payment


def test_scenario_14_a_capture_that_was_forgotten_is_named_with_its_last_day_and_taken(
    till: Till, settled: str
) -> None:
    finding = doctor._payments(till.shop)
    last = till.payment(settled).capture_before
    assert last is not None
    assert not finding.well
    assert f"{till.order(settled).code} authorised, to be taken before {last:%d %B %H:%M} UTC" in finding.said
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    till.assert_sold_once(settled)
    assert doctor._payments(till.shop).well


def test_scenario_14_a_capture_forgotten_for_two_days_takes_nothing_and_hands_nothing_over(
    till: Till, settled: str
) -> None:
    till.stripe.advance(seconds=49 * 3600)
    assert till.carry_on(settled) == PaymentState.CANCELLED
    assert till.intents(settled)[0]["amount_received"] == 0
    assert "nothing was taken" in doctor._payments(till.shop).said
    assert till.order(settled).state == OrderState.PAID  # the paper is out; a person must look


def test_scenario_14_asked_twice_and_at_once_the_money_is_taken_once(till: Till, settled: str) -> None:
    take = lambda: intents.capture(till.shop, payment_id=settled)  # noqa: E731
    assert set(at_once(take, take, take)) == {PaymentState.CAPTURED}
    till.carry_on(settled)
    till.assert_sold_once(settled)


def test_scenario_14_what_somebody_took_in_the_dashboard_is_taken(till: Till, settled: str) -> None:
    till.stranger.v1.payment_intents.capture(till.payment(settled).intent_id or "")
    assert till.carry_on(settled) == PaymentState.CAPTURED
    assert till.calls(settled, "capture_intent") == []  # a look was enough
    till.assert_sold_once(settled)


def test_scenario_14_taken_before_says_stripe_and_it_is_so(till: Till, settled: str) -> None:
    till.stranger.v1.payment_intents.capture(till.payment(settled).intent_id or "")
    assert intents.capture(till.shop, payment_id=settled) == PaymentState.CAPTURED
    assert till.calls(settled, "capture_intent")[-1].outcome == "payment_intent_unexpected_state"
    till.carry_on(settled)
    till.assert_sold_once(settled)
