"""A sale at the reader, and what people do instead of paying at once."""

import pytest

from pos.errors import WrongState
from pos.models import AttemptState, OrderState, PaymentState, PieceState
from pos.payments import intents, readers, record
from pos.payments.recover import recover
from pos.selling import checkout, finish, orders
from tests.payments.conftest import DECLINED, NO_FUNDS, STOLEN, Till
from tests.selling.shelf import TAG, later


def test_a_card_pays_and_the_piece_is_sold(till: Till) -> None:
    payment = till.sale(number=12)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert till.piece(12).state == PieceState.COMMITTED
    till.card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)
    assert till.piece(12).state == PieceState.SOLD
    assert intents.open_payments(till.shop) == []


def test_the_intent_says_what_it_is_for_and_leaves_capture_to_us(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    (intent,) = till.intents(payment)
    order = till.order(payment)
    assert intent["metadata"] == {"order_id": order.id, "payment_id": payment, "boutique": "demo"}
    assert intent["description"] == f"Order {order.code}"
    assert (intent["capture_method"], intent["payment_method_types"]) == ("manual", ["card_present"])
    shown = till.stripe.transcript.exchanges(f"{till.reader_id}/process_payment_intent")[-1]
    assert "process_config[skip_tipping]=true" in shown.form
    assert "process_config[enable_customer_cancellation]=true" in shown.form
    assert shown.version == "2026-10-28.endive"


def test_scenario_11_nothing_is_captured_before_the_sale_is_settled(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    with monkeypatch.context() as broken:
        broken.setattr(finish.settle, "settle", lambda *_, **__: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError):
            till.carry_on(payment)
    assert till.payment(payment).state == PaymentState.AUTHORISED
    assert till.intents(payment)[0]["status"] == "requires_capture"
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    till.assert_sold_once(payment)


def test_only_what_a_slip_may_say_is_kept_of_the_card(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    till.carry_on(payment)
    card = till.payment(payment).card
    assert card["brand"] == "visa"
    assert card["last4"] == "4242"
    assert card["dedicated_file_name"] == "A0000000031010"
    assert set(card) <= {
        "brand",
        "last4",
        "read_method",
        "application_preferred_name",
        "dedicated_file_name",
        "authorization_code",
        "cardholder_verification_method",
        "account_type",
    }
    said = "".join(str(call.said) for verb in ("fetch_intent", "capture_intent") for call in till.calls(payment, verb))
    assert "4242" not in said


def test_scenario_1_a_refused_card_then_another_is_one_charge(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(NO_FUNDS)
    assert till.carry_on(payment) == PaymentState.DECLINED
    refused = till.payment(payment)
    assert refused.reason == "insufficient_funds"
    assert till.attempts(payment)[0].message == "Your card has insufficient funds."
    intents.retry(till.shop, payment_id=payment, by="tablet")
    intents.retry(till.shop, payment_id=payment, by="tablet")  # a double tap
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert [each.state for each in till.attempts(payment)] == [AttemptState.DECLINED, AttemptState.SUCCEEDED]
    assert till.charges(payment, "failed") == 1


def test_a_stolen_card_is_refused_in_plain_words(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(STOLEN)
    till.carry_on(payment)
    assert till.payment(payment).reason == "card_declined"
    assert till.attempts(payment)[0].message == "Your card was declined."


def test_scenario_1_three_cards_refused_are_three_tries(till: Till) -> None:
    payment = till.sale()
    for _ in range(3):
        till.carry_on(payment)
        till.card(DECLINED)
        assert till.carry_on(payment) == PaymentState.DECLINED
        intents.retry(till.shop, payment_id=payment, by="tablet")
    assert [each.state for each in till.attempts(payment)] == [AttemptState.DECLINED] * 3
    assert len(till.intents(payment)) == 1


def test_scenario_19_the_shopper_cancels_on_the_reader(till: Till) -> None:
    payment = till.sale(number=7)
    till.carry_on(payment)
    till.walk_away()
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert till.payment(payment).reason == "customer_canceled"
    assert till.piece(7).state == PieceState.HELD  # the basket keeps it until its time is over


def test_the_screen_cancels_before_a_card_comes(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert readers.status(till.shop, reader_id=till.reader_id).showing is None
    with pytest.raises(WrongState):
        intents.retry(till.shop, payment_id=payment, by="tablet")


def test_cancelled_before_the_reader_was_asked_needs_no_stripe(till: Till) -> None:
    payment = till.sale()
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert till.intents(payment) == []


def test_a_refused_payment_can_be_left(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    till.carry_on(payment)
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert till.attempts(payment)[0].state == AttemptState.DECLINED  # the log keeps what happened


def test_scenario_5_a_card_in_the_middle_when_the_screen_cancels_has_paid(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.begin_card()
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.DISPATCHED  # the reader is busy: wait
    assert till.calls(payment, "cancel_action")[-1].outcome == "terminal_reader_busy"
    till.end_card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)


def test_scenario_5_a_cancel_that_comes_after_the_card_changes_nothing(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CAPTURED


def test_a_card_that_does_not_come_in_time_gives_the_piece_back(till: Till) -> None:
    payment = till.sale(number=3)
    till.carry_on(payment)
    later(till.shop, minutes=till.shop.settings.payment_minutes + 11)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert till.payment(payment).reason == "timed_out"
    assert till.piece(3).state == PieceState.FREE


def test_each_new_card_has_the_whole_time(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    till.carry_on(payment)
    later(till.shop, minutes=till.shop.settings.payment_minutes - 1)
    intents.retry(till.shop, payment_id=payment, by="tablet")
    till.carry_on(payment)
    later(till.shop, minutes=2)
    assert till.carry_on(payment) == PaymentState.DISPATCHED


def test_scenario_9_two_tablets_share_a_reader_one_after_the_other(till: Till) -> None:
    first, second = till.sale(), till.neighbour().sale()
    till.carry_on(first)
    assert till.carry_on(second) == PaymentState.QUEUED  # sending it would push the first off the reader
    assert till.payment(second).reason == "reader_taken"
    shown = orders.view(till.shop, order_id=till.payment(second).order_id).payment
    assert (shown.state, shown.reason) == (PaymentState.QUEUED, "reader_taken")  # the tablet can say why it waits
    till.card()
    till.carry_on(first)
    till.assert_sold_once(first)
    assert till.carry_on(second) == PaymentState.DISPATCHED
    assert till.payment(second).reason is None
    till.card()
    till.carry_on(second)
    till.assert_sold_once(second)


def test_who_looked_at_a_free_reader_too_early_still_does_not_push_the_other_off(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = till.sale(), till.neighbour().sale()
    till.carry_on(first)
    with monkeypatch.context() as blind:
        blind.setattr(record, "reader_in_use", lambda *_: False)  # it was free when the second one looked
        assert till.carry_on(second) == PaymentState.QUEUED
    assert till.sends() == 1
    till.card()
    till.carry_on(first)
    till.assert_sold_once(first)


def test_a_payment_that_is_being_sent_has_the_reader_already(till: Till) -> None:
    first, second = till.sale(), till.neighbour().sale()
    till.fault("rate_limit", times=1)  # the same try is sent again soon
    assert till.carry_on(first) == PaymentState.QUEUED
    assert till.carry_on(second) == PaymentState.QUEUED
    assert till.payment(second).reason == "reader_taken"


def test_another_try_has_its_whole_time_even_if_the_reader_is_taken_first(till: Till) -> None:
    first, second = till.sale(), till.neighbour().sale()
    till.carry_on(first)
    till.card(DECLINED)
    assert till.carry_on(first) == PaymentState.DECLINED
    later(till.shop, minutes=till.shop.settings.payment_minutes - 1)
    till.carry_on(second)
    intents.retry(till.shop, payment_id=first, by="tablet")
    later(till.shop, minutes=2)
    assert till.carry_on(first) == PaymentState.QUEUED
    assert till.payment(first).reason == "reader_taken"


def test_scenario_9_another_systems_payment_is_never_cleared_from_the_reader(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.take_over_the_reader()  # nobody had tapped, so Stripe lets it be replaced
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.payment(payment).reason == "reader_taken"
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert till.calls(payment, "cancel_action") == []
    assert readers.status(till.shop, reader_id=till.reader_id).showing is not None
    till.card()
    till.assert_undone(payment)
    assert till.charges(payment) == 0


def test_a_balance_asked_for_anew_is_a_new_intent_and_the_first_stays_closed(till: Till) -> None:
    till.tablet.hold(TAG, number=3)
    till.tablet.book()
    order_id = till.tablet.open()
    deposit = orders.view(till.shop, order_id=order_id).payment.payment_id
    till.carry_on(deposit)
    till.card()
    till.carry_on(deposit)
    counter = till.neighbour().tablet.unlock()
    asked = {"order_id": order_id, "device_id": counter.device_id, "staff_id": counter.staff_id or ""}
    counter.say_ready(order_id)
    first = checkout.open_balance(till.shop, **asked)
    till.carry_on(first)
    till.walk_away()
    assert till.carry_on(first) == PaymentState.CANCELLED
    second = checkout.open_balance(till.shop, **asked)
    till.carry_on(second)
    till.card()
    assert till.carry_on(second) == PaymentState.CAPTURED
    taken = [intent["amount_received"] for payment in (deposit, first, second) for intent in till.intents(payment)]
    assert taken == [43500, 0, 101500]
    assert till.order(second).state == OrderState.PAID
