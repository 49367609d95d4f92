"""Every refusal Stripe documents for a till: its status, its type, its code, its words (reference, section 8)."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_shop import Till, client_of

INVALID = "invalid_request_error"
Act = Callable[[Till], object]


def at_the_reader(fault: str) -> Act:
    """The reader answers with this when it is asked for a card."""

    def act(till: Till) -> object:
        intent = till.intent()
        till.running.fault(fault)
        return till.send(intent)

    return act


def struck_by(fault: str) -> Act:
    """Stripe answers with this when an intent is made."""

    def act(till: Till) -> object:
        till.running.fault(fault)
        return till.intent()

    return act


def saved_card(card: str, **more: Any) -> Act:
    """A saved card is charged without its holder."""

    def act(till: Till) -> object:
        given: Any = {"amount": 33200, "currency": "gbp", "payment_method": card, "off_session": True, "confirm": True,
                      "allowed_payment_method_types": ["card"]}  # fmt: skip
        return till.client.v1.payment_intents.create({**given, **more})

    return act


def a_held_card_too_late(till: Till) -> object:
    held = till.authorised()
    till.running.advance(seconds=49 * 3600)
    return till.client.v1.payment_intents.capture(held.id)


def a_refund_twice(till: Till) -> object:
    paid = till.captured()
    till.refund(paid)
    return till.refund(paid)


def a_key_with_other_words(till: Till) -> object:
    till.intent(key="order-1")
    return till.intent(5000, key="order-1")


DOCUMENTED: list[tuple[Act, int, str, str | None, str]] = [
    (at_the_reader("reader_offline"), 400, INVALID, "terminal_reader_offline", "Reader is currently offline, please"),
    (at_the_reader("reader_busy"), 400, INVALID, "terminal_reader_busy", "Reader is currently busy processing another"),
    (at_the_reader("reader_timeout_delivered"), 400, INVALID, "terminal_reader_timeout", "There was a timeout"),
    (at_the_reader("reader_timeout_not_delivered"), 400, INVALID, "terminal_reader_timeout", "There was a timeout"),
    (at_the_reader("reader_hardware_fault"), 400, INVALID, "terminal_reader_hardware_fault", "internal hardware fault"),
    (at_the_reader("reader_invalid_location_for_payment"), 400, INVALID,
     "terminal_reader_invalid_location_for_payment", "location"),
    (lambda t: t.send(t.captured()), 400, INVALID, "intent_invalid_state",
     "Payment intent must be in the requires_payment_method state to be processed by a reader."),
    (lambda t: t.client.v1.payment_intents.cancel(t.captured().id), 400, INVALID, "payment_intent_unexpected_state",
     "You cannot cancel this PaymentIntent because it has a status of succeeded."),
    (lambda t: t.client.v1.payment_intents.capture(t.intent().id), 400, INVALID, "payment_intent_unexpected_state",
     "could not be captured because it has a status of requires_payment_method"),
    (lambda t: t.client.v1.payment_intents.capture(t.captured().id), 400, INVALID, "payment_intent_unexpected_state",
     "could not be captured because it has already been captured"),
    (a_held_card_too_late, 400, INVALID, "charge_expired_for_capture", "the charge has expired"),
    (a_refund_twice, 400, INVALID, "charge_already_refunded", "has already been refunded."),
    (saved_card("pm_card_chargeDeclined"), 402, "card_error", "card_declined", "Your card was declined."),
    (saved_card("pm_card_chargeDeclinedInsufficientFunds"), 402, "card_error", "card_declined", "insufficient funds"),
    (saved_card("pm_card_chargeDeclinedExpiredCard"), 402, "card_error", "expired_card", "Your card has expired."),
    (saved_card("pm_card_authenticationRequired", error_on_requires_action=True), 402, "card_error",
     "authentication_required", "requires authentication"),
    (lambda t: t.client.v1.payment_intents.retrieve("pi_nobody"), 404, INVALID, "resource_missing",
     "No such payment_intent: 'pi_nobody'"),
    (a_key_with_other_words, 400, "idempotency_error", None,
     "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a "
     "key other than 'order-1' if you meant to execute a different request."),
    (struck_by("key_in_use"), 409, INVALID, "idempotency_key_in_use", "another in-progress request"),
    (struck_by("lock_timeout"), 429, INVALID, "lock_timeout", "This object cannot be accessed right now"),
    (struck_by("rate_limit"), 429, INVALID, "rate_limit", "Request rate limit exceeded."),
    (struck_by("error_500_before"), 500, "api_error", None, "error while talking to one of our backends"),
    (lambda t: t.intent(29), 400, INVALID, "amount_too_small", "must"),
    (lambda t: t.intent(100_000_000), 400, INVALID, "amount_too_large", "must"),
    (lambda t: t.intent(amount=None), 400, INVALID, "parameter_missing", "Missing required param: amount."),
    (lambda t: t.intent(colour="red"), 400, INVALID, "parameter_unknown", "Received unknown parameter: colour"),
    (lambda t: t.intent("4.32"), 400, INVALID, "parameter_invalid_integer", "Invalid integer: 4.32"),  # type: ignore[arg-type]
    (lambda t: t.intent(payment_method_types=["card_present"]), 400, INVALID,
     "payment_method_types_no_longer_supported", "allowed_payment_method_types"),
    (lambda t: t.client.v1.charges.list(options={"api_key": "sk_test_stranger"}), 401, INVALID, None,
     "Invalid API Key provided"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "status", "kind", "code", "words"), DOCUMENTED)
def test_a_refusal_is_stripes_own(till: Till, act: Act, status: int, kind: str, code: str | None, words: str) -> None:
    with pytest.raises(stripe.StripeError) as refused:
        act(till)
    error = refused.value.error
    assert (refused.value.http_status, error.type, getattr(error, "code", None)) == (status, kind, code)
    assert words in error.message
    assert refused.value.request_id in error.request_log_url
    assert (code is None) or error.doc_url.endswith(code.replace("_", "-"))


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000009979", "card_declined", "stolen_card"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000119", "processing_error", None),
    ],
)
def test_a_card_refused_at_the_reader_is_told_by_reader_and_intent_alike(
    till: Till, card: str, code: str, decline_code: str | None
) -> None:
    intent = till.intent()
    till.send(intent)
    action = till.card(card).action  # the call itself succeeds
    said = till.now(intent).last_payment_error
    assert action.failure_code == action.api_error.code == said.code == code
    assert getattr(action.api_error, "decline_code", None) == getattr(said, "decline_code", None) == decline_code
    assert action.failure_message == action.api_error.message == said.message
    assert action.api_error.type == said.type == "card_error"


@pytest.mark.parametrize(
    ("amount", "decline_code"),
    [(43201, "call_issuer"), (43205, "generic_decline"), (43255, "incorrect_pin"),
     (43265, "withdrawal_count_limit_exceeded"), (43275, "pin_try_exceeded")],
)  # fmt: skip
def test_an_amount_may_decline_and_the_next_amount_does_not(till: Till, amount: int, decline_code: str) -> None:
    intent = till.intent(amount)
    till.send(intent)
    assert till.card().action.api_error.decline_code == decline_code
    till.client.v1.payment_intents.update(intent.id, {"amount": 43200})
    till.send(intent)
    assert till.card().action.status == "succeeded"


def test_only_a_lock_says_that_it_may_be_tried_again(till: Till) -> None:
    hasty = client_of(till.running)
    said = {}
    for fault in ("lock_timeout", "rate_limit", "key_in_use"):
        till.running.fault(fault)
        with pytest.raises(stripe.StripeError) as refused:
            hasty.v1.customers.create({})
        said[fault] = refused.value.headers.get("stripe-should-retry")
    assert said == {"lock_timeout": "true", "rate_limit": None, "key_in_use": None}
