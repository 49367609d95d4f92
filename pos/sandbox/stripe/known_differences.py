"""What Stripe leaves undocumented, what this stand-in assumes instead, and where a real answer would be written.

One run against a Stripe test account settles these rows. A row whose `assumed` value the code reads needs only
its value changed here; for the others `seen_in` names the place.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Difference:
    """One open question about Stripe's behaviour and the answer assumed here."""

    key: str
    question: str
    assumed: Any
    because: str
    seen_in: str


_ROWS: Final = (
    Difference(
        "terminal_error_status",
        "Which HTTP status carries terminal_reader_busy, _offline and _timeout?",
        400,
        "their wire type is invalid_request_error",
        "errors.reader_trouble",
    ),
    Difference(
        "hardware_fault_status",
        "Which HTTP status carries terminal_reader_hardware_fault?",
        400,
        "like its siblings; one public test of another integration shows 402, and a till must take both as a refusal",
        "errors.reader_trouble",
    ),
    Difference(
        "invalid_location_words",
        "The words of terminal_reader_invalid_location_for_payment.",
        "Reader is registered to a location in which this payment cannot be processed.",
        "only the code is published",
        "errors.reader_trouble",
    ),
    Difference(
        "reader_timeout_is_stored",
        "Is terminal_reader_timeout (and _busy, _offline) replayed by its idempotency key?",
        True,
        "a 400 is stored once execution has begun",
        "errors.reader_trouble",
    ),
    Difference(
        "action_after_cancel",
        "What is reader.action after cancel_action: null or failed?",
        None,
        "the guide says the call resets the reader",
        "readers.cancel_action",
    ),
    Difference(
        "cancel_with_nothing_to_cancel",
        "Does cancel_action on an idle reader answer 200 or resource_missing?",
        200,
        "some integrations report resource_missing: the fault nothing_to_cancel gives that answer",
        "readers.cancel_action",
    ),
    Difference(
        "event_order",
        "In which order do the events of one act arrive?",
        "charge, payment intent, reader",
        "Stripe promises no order; the faults webhook_reorder and webhook_delay shuffle it",
        "outcomes",
    ),
    Difference(
        "display_over_card",
        "What does set_reader_display do while a card is being read?",
        "terminal_reader_busy during the authorising moment, replacement before it",
        "seen on a simulated reader only for an unpresented payment",
        "readers.set_reader_display",
    ),
    Difference(
        "allow_redisplay_missing",
        "Which error answers setup_future_usage without allow_redisplay?",
        "parameter_missing",
        "the parameter is documented as required",
        "readers.process_payment_intent",
    ),
    Difference(
        "default_capture_method",
        "Which capture_method does an intent get when none is sent?",
        "automatic_async",
        "the API reference names it; the shop always sends its own",
        "intent_terms.blank",
    ),
    Difference(
        "payment_method_types_message",
        "The words of payment_method_types_no_longer_supported.",
        "own words",
        "only the code is published",
        "errors.payment_method_types_gone",
    ),
    Difference(
        "no_allowed_type_left",
        "What happens when filtering leaves no payment method type?",
        "400 invalid_request_error",
        "an intent nobody can pay is refused by the older parameter",
        "intent_terms.types_for",
    ),
    Difference(
        "missing_version_header",
        "Which version serves a call without Stripe-Version?",
        "2026-10-28.endive",
        "an account's default version; a new account has the newest",
        "wire.version_of",
    ),
    Difference(
        "older_versions",
        "What do versions before endive answer?",
        "400",
        "Stripe serves them; this stand-in speaks endive only and says so",
        "wire.version_of",
    ),
    Difference(
        "intent_while_authorising",
        "What does a change to a PaymentIntent answer while its card is being authorised?",
        "429 lock_timeout after a short wait",
        "the intent is being written by another request",
        "door",
    ),
    Difference(
        "in_use_type",
        "The error type of 409 idempotency_key_in_use.",
        "invalid_request_error",
        "the SDK maps it by its status",
        "errors.key_in_use",
    ),
    Difference(
        "capture_of_captured_intent",
        "Which code answers a second capture of one intent?",
        "payment_intent_unexpected_state",
        "charge_already_captured belongs to charges; a till must take both as done",
        "payment_intents.capture",
    ),
    Difference(
        "capture_after_expiry",
        "Which code answers a capture after capture_before?",
        "charge_expired_for_capture",
        "the published error codes; afterwards the intent is canceled with reason automatic",
        "payment_intents.capture",
    ),
    Difference(
        "released_hold_on_charge",
        "How does a charge show the part of a hold that was released?",
        "in amount_refunded, without a Refund",
        "capture: “any additional amount will be automatically refunded”",
        "outcomes.release",
    ),
    Difference(
        "failed_refund_on_charge",
        "Does a failed refund lower charge.amount_refunded again?",
        True,
        "the money is back on the balance and can be refunded again",
        "refunds.fail",
    ),
    Difference(
        "amount_changed_on_reader",
        "Which amount is authorised when an intent is updated after it was sent to the reader?",
        "the intent's at the moment of authorisation",
        "the guide asks for a new process_payment_intent; a till must compare amounts before capture",
        "outcomes.land",
    ),
    Difference(
        "intent_changed_state_on_reader",
        "What happens to an action whose intent was cancelled or paid elsewhere?",
        "the action fails with intent_invalid_state",
        "the same check as at process_payment_intent",
        "outcomes.land",
    ),
    Difference(
        "simulated_read_method",
        "Which read_method does present_payment_method simulate?",
        "contact_emv",
        "not documented; the reader drawn on the screen distinguishes tap and chip",
        "readers.present_payment_method",
    ),
    Difference(
        "present_without_payment",
        "What does present_payment_method answer when nothing waits for a card?",
        "400 invalid_request_error without a code",
        "not documented",
        "readers.present",
    ),
    Difference(
        "unknown_registration_code",
        "What does an unknown registration code answer?",
        "400 invalid_request_error, param registration_code",
        "not documented",
        "readers.create",
    ),
    Difference(
        "checkout_shapes",
        "What are the exact shapes of /v1/checkout/sessions?",
        "those of the library's types",
        "the OpenAPI file holds Terminal and payments only; stripe 16.1.0 names every parameter and field "
        "(stripe.params.checkout.SessionCreateParams, stripe.checkout.Session)",
        "sessions",
    ),
    Difference(
        "checkout_intent_made",
        "When does a session of mode payment get its PaymentIntent?",
        "when a card is first typed in; the intent of a refused card is closed with the session",
        "since 2022-08-01 it is made at confirmation; a till waits for status complete either way",
        "sessions.pay",
    ),
    Difference(
        "checkout_payment_status_of_a_hold",
        "What is payment_status of a completed session whose amount is only held?",
        "unpaid",
        "not documented for manual capture; a till asks the intent",
        "sessions.pay",
    ),
    Difference(
        "generated_card_without_future_usage",
        "Is generated_card made when setup_future_usage was not asked for?",
        False,
        "saving needs consent by allow_redisplay",
        "outcomes.approve",
    ),
    Difference(
        "fee_of_a_charge",
        "How much is the fee of a charge, and does a refund give it back?",
        "1.4 % and 10 in the smallest unit, never given back",
        "Stripe's UK price in person; a contract may say otherwise, so a till reads it from the balance line",
        "charges.book",
    ),
    Difference(
        "cursor_outside_its_filter",
        "What does a cursor answer whose object the list's other filters leave out?",
        "404 resource_missing",
        "a cursor names a place in the list as it was asked for",
        "listing.page",
    ),
    Difference(
        "search_freshness",
        "How soon does search find a new object?",
        "at once",
        "Stripe says within a minute: the fault search_lag holds new objects back",
        "listing.search",
    ),
    Difference(
        "key_lifetime_hours",
        "How long is an idempotency key kept?",
        24,
        "at least 24 hours are promised",
        "idempotency.Answers",
    ),
)

KNOWN_DIFFERENCES: Final = {row.key: row for row in _ROWS}


def assumed(key: str) -> Any:
    """The value assumed for one open question. Raises KeyError for a question not in the table."""
    return KNOWN_DIFFERENCES[key].assumed
