"""One sale at the stand-in, and all the ways it can go, driven by the real stripe library."""

import pytest
import stripe

from tests.sandbox.stripe_shop import DECLINED, NO_FUNDS, Till


def test_a_card_is_held_and_then_taken(till: Till) -> None:
    intent = till.intent()
    assert "card_present" in intent.payment_method_types
    assert intent.allowed_payment_method_types == ["card_present"]

    shown = till.send(intent)
    assert shown.action.status == "in_progress"
    assert shown.action.process_payment_intent.payment_intent == intent.id
    assert till.now(intent).status == "requires_payment_method"

    assert till.card().action.status == "succeeded"
    held = till.now(intent)
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 43200, 0)

    taken = till.client.v1.payment_intents.capture(intent.id)
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 43200)
    assert till.events() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "terminal.reader.action_succeeded",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_money_is_taken_at_once_without_manual_capture(till: Till) -> None:
    intent = till.authorised(capture_method="automatic")
    assert (intent.status, intent.amount_received) == ("succeeded", 43200)
    assert till.events()[1:] == ["charge.succeeded", "payment_intent.succeeded", "terminal.reader.action_succeeded"]


def test_the_receipt_has_what_the_schemes_want(till: Till) -> None:
    charge = till.now(till.authorised(), "latest_charge").latest_charge
    shown = charge.payment_method_details.card_present
    assert (shown.brand, shown.last4, shown.read_method) == ("visa", "4242", "contact_emv")
    assert shown.receipt.application_preferred_name == "VISA CREDIT"
    assert shown.receipt.dedicated_file_name == "A0000000031010"
    assert len(shown.receipt.authorization_code) == 6
    assert shown.receipt.account_type == "credit"
    assert shown.receipt.cardholder_verification_method == "none"
    for line in ("authorization_response_code", "terminal_verification_results", "transaction_status_information"):
        assert getattr(shown.receipt, line)
    assert shown.capture_before - charge.created == pytest.approx(2 * 24 * 3600, abs=2)
    assert (charge.captured, charge.amount_captured, charge.balance_transaction) == (False, 0, None)


@pytest.mark.parametrize(
    ("number", "brand", "last4"),
    [
        ("4000056655665556", "visa", "5556"),
        ("5555555555554444", "mastercard", "4444"),
        ("378282246310005", "amex", "0005"),
        ("3566002020360505", "jcb", "0505"),
        ("4000002500001001", "cartes_bancaires", "1001"),
    ],
)
def test_each_brand_prints_as_itself(till: Till, number: str, brand: str, last4: str) -> None:
    shown = till.now(till.authorised(number=number), "latest_charge").latest_charge.payment_method_details.card_present
    assert (shown.brand, shown.last4) == (brand, last4)


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        (DECLINED, "card_declined", "generic_decline"),
        (NO_FUNDS, "card_declined", "insufficient_funds"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000009979", "card_declined", "stolen_card"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000119", "processing_error", None),
    ],
)
def test_a_refused_card_leaves_the_sale_open(till: Till, number: str, code: str, decline_code: str | None) -> None:
    intent = till.intent()
    till.send(intent)
    action = till.card(number).action
    assert (action.status, action.failure_code, action.api_error.type) == ("failed", code, "card_error")
    after = till.now(intent, "latest_charge")
    assert after.status == "requires_payment_method"
    assert after.last_payment_error.code == code
    assert getattr(after.last_payment_error, "decline_code", None) == decline_code
    assert after.latest_charge.status == "failed"
    assert till.events()[1:] == ["charge.failed", "payment_intent.payment_failed", "terminal.reader.action_failed"]


def test_another_card_pays_the_same_intent(till: Till) -> None:
    intent = till.intent()
    till.send(intent)
    till.card(DECLINED)
    till.send(intent)
    till.card()
    paid = till.now(intent)
    assert (paid.status, paid.last_payment_error) == ("requires_capture", None)
    attempts = till.client.v1.charges.list({"payment_intent": intent.id}).data
    assert [charge.status for charge in attempts] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("amount", "decline_code"),
    [
        (105501, "call_issuer"),
        (105505, "generic_decline"),
        (105555, "incorrect_pin"),
        (105565, "withdrawal_count_limit_exceeded"),
        (105575, "pin_try_exceeded"),
    ],
)
def test_some_amounts_are_refused_in_test_mode(till: Till, amount: int, decline_code: str) -> None:
    assert till.authorised(amount).last_payment_error.decline_code == decline_code


@pytest.mark.parametrize(("amount", "cvm"), [(105500, "none"), (105502, "offline_pin"), (105503, "online_pin")])
def test_some_amounts_ask_for_a_pin(till: Till, amount: int, cvm: str) -> None:
    charge = till.now(till.authorised(amount), "latest_charge").latest_charge
    assert charge.payment_method_details.card_present.receipt.cardholder_verification_method == cvm


def test_a_card_that_refuses_by_itself_ignores_the_amount(till: Till) -> None:
    assert till.authorised(105565, NO_FUNDS).last_payment_error.decline_code == "insufficient_funds"


def test_a_second_payment_replaces_one_nobody_has_tapped_for(till: Till) -> None:
    first, second = till.intent(), till.intent(5000)
    till.send(first)
    assert till.send(second).action.process_payment_intent.payment_intent == second.id
    till.card()
    assert (till.now(first).status, till.now(second).status) == ("requires_payment_method", "requires_capture")


def test_a_cart_on_the_display_replaces_a_payment_without_a_word(till: Till) -> None:
    intent = till.intent()
    till.send(intent)
    cart = {
        "currency": "gbp",
        "total": 43200,
        "tax": 7200,
        "line_items": [{"amount": 43200, "description": "Corner charm", "quantity": 1}],
    }
    shown = till.client.v1.terminal.readers.set_reader_display(till.reader, {"type": "cart", "cart": cart})
    assert (shown.action.type, shown.action.status) == ("set_reader_display", "in_progress")
    with pytest.raises(stripe.InvalidRequestError):
        till.card()
    assert till.now(intent).status == "requires_payment_method"
    assert "terminal.reader.action_failed" not in till.events()


def test_cancelling_before_a_card_resets_the_reader(till: Till) -> None:
    intent = till.intent()
    till.send(intent)
    assert till.cancel().action is None
    assert till.now(intent).status == "requires_payment_method"
    assert till.events() == ["payment_intent.created"]


def test_a_paid_intent_is_not_shown_again(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.send(till.authorised())
    assert refused.value.code == "intent_invalid_state"
    assert "Payment intent must be in the requires_payment_method state" in str(refused.value)


def test_an_intent_cancelled_under_the_card_fails_the_action(till: Till) -> None:
    intent = till.intent()
    till.send(intent)
    till.client.v1.payment_intents.cancel(intent.id)
    assert till.card().action.failure_code == "intent_invalid_state"
    assert till.now(intent).status == "canceled"


def test_capturing_twice_says_so(till: Till) -> None:
    intent = till.captured()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.client.v1.payment_intents.capture(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert "already been captured" in str(refused.value)
    assert till.now(intent).amount_received == 43200


def test_part_of_a_hold_can_be_taken(till: Till) -> None:
    held = till.authorised()
    taken = till.client.v1.payment_intents.capture(held.id, {"amount_to_capture": 40000, "expand": ["latest_charge"]})
    assert (taken.amount_received, taken.latest_charge.amount_captured) == (40000, 40000)
    assert taken.latest_charge.amount_refunded == 3200


def test_more_than_the_hold_cannot_be_taken(till: Till) -> None:
    held = till.authorised()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.client.v1.payment_intents.capture(held.id, {"amount_to_capture": 43201})
    assert refused.value.code == "amount_too_large"
    assert till.now(held).status == "requires_capture"


def test_voiding_a_hold_gives_it_back(till: Till) -> None:
    held = till.authorised()
    gone = till.client.v1.payment_intents.cancel(held.id, {"cancellation_reason": "requested_by_customer"})
    assert (gone.status, gone.amount_capturable) == ("canceled", 0)
    assert till.events()[-2:] == ["charge.refunded", "payment_intent.canceled"]
    with pytest.raises(stripe.InvalidRequestError, match="You cannot cancel this PaymentIntent"):
        till.client.v1.payment_intents.cancel(held.id)


def test_the_amount_changes_only_while_nothing_is_held(till: Till) -> None:
    intent = till.intent()
    changed = till.client.v1.payment_intents.update(intent.id, {"amount": 50000, "metadata": {"order_id": "V-2"}})
    assert (changed.amount, changed.metadata["order_id"]) == (50000, "V-2")
    till.send(intent)
    till.card()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.client.v1.payment_intents.update(intent.id, {"amount": 60000})
    assert refused.value.code == "payment_intent_unexpected_state"
    described = till.client.v1.payment_intents.update(intent.id, {"description": "Corner charm 12/50"})
    assert described.description == "Corner charm 12/50"


def test_a_tip_on_the_reader_grows_the_amount_unless_skipped(till: Till) -> None:
    tipped, plain = till.intent(), till.intent()
    till.send(tipped, skip_tipping=False)
    till.card(amount_tip=500)
    till.send(plain, skip_tipping=True)
    till.card(amount_tip=500)
    assert (till.now(tipped).amount, till.now(tipped).amount_details.tip.amount) == (43700, 500)
    assert till.now(plain).amount == 43200


def test_nothing_to_pay_means_nothing_to_present(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="no payment on this reader"):
        till.card()


def test_an_intent_for_other_types_is_not_for_a_reader(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.send(till.intent(allowed_payment_method_types=["card"]))
    assert refused.value.param == "payment_intent"


def test_types_that_do_not_fit_are_dropped_in_silence(till: Till) -> None:
    mixed = till.intent(allowed_payment_method_types=["card_present", "interac_present"])
    assert mixed.payment_method_types == ["card_present"]
    with pytest.raises(stripe.InvalidRequestError):
        till.intent(allowed_payment_method_types=["interac_present"])
