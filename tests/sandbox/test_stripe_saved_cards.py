"""The balance of a pre-order: a card saved at the reader and charged later, without its holder."""

from typing import Any

import pytest
import stripe

from tests.sandbox.stripe_shop import Till

AUTHENTICATES_LATER = "pm_card_authenticationRequired"


def deposit(till: Till, number: str | None = None) -> tuple[str, Any]:
    """A deposit that saves the card for its customer; the saved card may be None."""
    customer = till.client.v1.customers.create({"email": "shopper@example.com", "name": "A. Shopper"})
    paid = till.captured(
        10000, number, customer=customer.id, setup_future_usage="off_session", allow_redisplay="limited"
    )
    charge = till.now(paid, "latest_charge").latest_charge
    return customer.id, charge.payment_method_details.card_present.generated_card


def balance(till: Till, customer: str | None, card: str, amount: int = 33200) -> stripe.PaymentIntent:
    given: dict[str, Any] = {
        "amount": amount,
        "currency": "gbp",
        "payment_method": card,
        "off_session": True,
        "confirm": True,
        "error_on_requires_action": True,
        "allowed_payment_method_types": ["card"],
    }
    return till.client.v1.payment_intents.create({**given, "customer": customer} if customer else given)


def test_the_balance_is_charged_to_the_card_of_the_deposit(till: Till) -> None:
    customer, card = deposit(till)
    paid = balance(till, customer, card)
    assert (paid.status, paid.amount_received) == ("succeeded", 33200)
    saved = till.client.v1.payment_methods.retrieve(card)
    assert (saved.type, saved.customer, saved.card.last4) == ("card", customer, "4242")
    assert [m.id for m in till.client.v1.customers.payment_methods.list(customer, {"type": "card"}).data] == [card]
    assert "payment_method.attached" in till.events()


def test_no_card_is_saved_where_the_scheme_forbids_it(till: Till) -> None:
    assert deposit(till, "4711009900000316877")[1] is None


def test_no_card_is_saved_from_a_phone(till: Till) -> None:
    intent = till.intent(setup_future_usage="off_session")
    till.send(intent, allow_redisplay="limited")
    till.at_reader("present", card="visa", how="phone")
    shown = till.now(intent, "latest_charge").latest_charge.payment_method_details.card_present
    assert (shown.wallet.type, shown.generated_card) == ("apple_pay", None)


def test_no_card_is_saved_unless_asked(till: Till) -> None:
    charge = till.now(till.authorised(), "latest_charge").latest_charge
    assert charge.payment_method_details.card_present.generated_card is None


def test_saving_needs_the_shoppers_consent(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.send(till.intent(setup_future_usage="off_session"))
    assert refused.value.param == "process_config[allow_redisplay]"


def test_a_bank_may_want_the_holder_present(till: Till) -> None:
    with pytest.raises(stripe.CardError) as refused:
        balance(till, None, AUTHENTICATES_LATER)
    assert (refused.value.http_status, refused.value.code) == (402, "authentication_required")
    failed = till.client.v1.payment_intents.retrieve(refused.value.error.payment_intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "authentication_required"


def test_a_saved_card_can_be_refused_and_another_confirmed(till: Till) -> None:
    with pytest.raises(stripe.CardError) as refused:
        balance(till, None, "pm_card_chargeDeclinedInsufficientFunds")
    assert refused.value.error.decline_code == "insufficient_funds"
    intent = refused.value.error.payment_intent
    paid = till.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa", "off_session": True})
    assert paid.status == "succeeded"


def test_the_same_answer_fits_any_saved_card_by_a_fault(till: Till) -> None:
    customer, card = deposit(till)
    till.running.fault("authentication_required")
    with pytest.raises(stripe.CardError) as refused:
        balance(till, customer, card)
    assert refused.value.code == "authentication_required"
    assert balance(till, customer, card).status == "succeeded"


def test_with_the_holder_present_the_bank_asks_instead(till: Till) -> None:
    intent = till.client.v1.payment_intents.create(
        {
            "amount": 33200,
            "currency": "gbp",
            "payment_method": AUTHENTICATES_LATER,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
        }
    )
    assert (intent.status, intent.next_action.type) == ("requires_action", "use_stripe_sdk")


def test_anothers_card_is_not_charged(till: Till) -> None:
    _, card = deposit(till)
    other = till.client.v1.customers.create({"name": "B. Shopper"})
    with pytest.raises(stripe.InvalidRequestError):
        balance(till, other.id, card)


def test_a_card_presented_at_a_reader_cannot_be_charged_again(till: Till) -> None:
    used = till.authorised().payment_method
    assert isinstance(used, str)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        balance(till, None, used)
    assert refused.value.code == "payment_intent_incompatible_payment_method"


def test_a_customer_is_kept_changed_and_found(till: Till) -> None:
    made = till.client.v1.customers.create(
        {"email": "found@example.com", "address": {"city": "Paris", "country": "FR"}}
    )
    till.client.v1.customers.update(made.id, {"phone": "+33 1 00 00 00 00", "metadata": {"language": "fr"}})
    kept = till.client.v1.customers.retrieve(made.id)
    assert (kept.phone, kept.metadata["language"], kept.address.city) == ("+33 1 00 00 00 00", "fr", "Paris")
    assert [c.id for c in till.client.v1.customers.list({"email": "found@example.com"}).data] == [made.id]
