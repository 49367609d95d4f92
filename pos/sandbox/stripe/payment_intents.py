"""PaymentIntents: made, changed, confirmed with a saved card, captured, cancelled, listed, searched."""

from typing import Final

from pos.sandbox.stripe import intent_terms, outcomes, payment_methods
from pos.sandbox.stripe.cards import AUTHENTICATION, DECLINED, EXPIRED, Refusal
from pos.sandbox.stripe.errors import Thing, declined, invalid, unexpected
from pos.sandbox.stripe.intent_terms import KIND
from pos.sandbox.stripe.known_differences import assumed
from pos.sandbox.stripe.listing import filters, merged, page, search
from pos.sandbox.stripe.money import check_amount, checked_currency
from pos.sandbox.stripe.world import Call, World

OPEN: Final = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(world: World, call: Call) -> Thing:
    """A new intent, confirmed at once when asked."""
    given = call.params
    currency = checked_currency(given["currency"])
    check_amount(given["amount"], currency=currency)
    intent_terms.check_exclusions(given)
    intent_terms.check_descriptors(given)
    intent = intent_terms.blank(world, currency=currency, amount=given["amount"])
    intent_terms.fill(world, intent, given)
    if given.get("automatic_payment_methods"):
        wish = given["automatic_payment_methods"]
        intent["automatic_payment_methods"] = {"allow_redirects": "always", **wish}
    intent["confirmation_method"] = given.get("confirmation_method") or "automatic"
    intent_terms.choose_method(world, intent, given)
    world.shelf.put(KIND, intent["id"], intent)
    world.tell("payment_intent.created", intent, call=call)
    if given.get("confirm"):
        _confirm(world, intent, call)
    return intent


def retrieve(world: World, call: Call) -> Thing:
    """One intent as it is now."""
    return _intent(world, call)


def update(world: World, call: Call) -> Thing:
    """Change an intent. Raises payment_intent_unexpected_state for an amount that is already held or taken."""
    intent, given = _intent(world, call), call.params
    intent_terms.check_descriptors(given)
    if intent["status"] not in OPEN and any(given.get(k) is not None for k in ("amount", "currency", "capture_method")):
        raise unexpected(
            f"This PaymentIntent's amount could not be updated because it has a status of {intent['status']}. You may "
            f"only update the amount of a PaymentIntent with one of the following statuses: {', '.join(OPEN)}.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    currency = checked_currency(given.get("currency") or intent["currency"])
    amount = given.get("amount") or intent["amount"]
    check_amount(amount, currency=currency)
    draft = {**intent, "currency": currency, "amount": amount}  # a refused change leaves nothing behind
    draft["payment_method_options"] = {k: dict(v) for k, v in intent["payment_method_options"].items()}
    intent_terms.fill(world, draft, given)
    intent_terms.choose_method(world, draft, given)
    intent.update(draft)
    world.shelf.touch(KIND, intent["id"])
    return intent


def confirm(world: World, call: Call) -> Thing:
    """Charge a saved card. Raises 402 card_error when the issuer refuses."""
    intent = _intent(world, call)
    intent_terms.check_exclusions(call.params)
    draft = {**intent}
    intent_terms.fill(world, draft, call.params)
    intent_terms.choose_method(world, draft, call.params)
    intent.update(draft)
    _confirm(world, intent, call)
    return intent


def capture(world: World, call: Call) -> Thing:
    """Take the money held. Raises payment_intent_unexpected_state, amount_too_large, charge_expired_for_capture."""
    given = call.params
    intent = world.shelf.get(KIND, call.ids["intent"], param="intent")
    if outcomes.expire_if_late(world, intent):
        raise unexpected(
            "The charge cannot be captured because the charge has expired. Only uncaptured charges that have not "
            "expired can be captured.",
            code="charge_expired_for_capture",
        )
    if intent["status"] != "requires_capture":
        raise unexpected(
            _not_capturable(intent), code=assumed("capture_of_captured_intent"), payment_intent=dict(intent)
        )
    amount = given["amount_to_capture"] if given.get("amount_to_capture") is not None else intent["amount_capturable"]
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", param="amount_to_capture")
    if amount > intent["amount_capturable"]:
        raise unexpected(
            "The requested capture amount is greater than the amount you can capture for this charge.",
            code="amount_too_large",
            param="amount_to_capture",
        )
    intent["metadata"] = merged(intent["metadata"], given.get("metadata"), given="metadata" in given)
    outcomes.capture(world, intent, amount=amount, call=call)
    return intent


def cancel(world: World, call: Call) -> Thing:
    """Give an intent up; a hold on a card is released. Raises payment_intent_unexpected_state once final."""
    intent = _intent(world, call)
    if intent["status"] in ("succeeded", "canceled"):
        raise unexpected(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a PaymentIntent "
            "with one of the following statuses may be canceled: requires_payment_method, requires_capture, "
            "requires_reauthorization, requires_confirmation, requires_action, processing.",
            code="payment_intent_unexpected_state",
            payment_intent=dict(intent),
        )
    outcomes.release(world, intent, reason=call.params.get("cancellation_reason"), call=call)
    return intent


def listed(world: World, call: Call) -> Thing:
    """Intents, newest first."""
    return page(world, call, KIND, keep=filters(call, "customer"))


def searched(world: World, call: Call) -> Thing:
    """Intents that fit a query, for instance metadata['order_id']:'V-1'."""
    return search(world, call, KIND)


def _intent(world: World, call: Call) -> Thing:
    intent = world.shelf.get(KIND, call.ids["intent"], param="intent")
    outcomes.expire_if_late(world, intent)
    return intent


def _confirm(world: World, intent: Thing, call: Call) -> None:
    if intent["status"] not in OPEN:
        raise unexpected(
            f"This PaymentIntent could not be confirmed because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=dict(intent),
        )
    if intent["payment_method"] is None:
        raise unexpected(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
            payment_intent=dict(intent),
        )
    method = world.shelf.get("payment_method", intent["payment_method"], param="payment_method")
    card = payment_methods.card_of(world, method)
    refusal = _refusal(world, intent, card.refusal or card.refusal_later)
    world.shelf.touch(KIND, intent["id"])
    if refusal is AUTHENTICATION and not (
        call.params.get("off_session") or call.params.get("error_on_requires_action")
    ):
        intent.update(status="requires_action", next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}})
        world.tell("payment_intent.requires_action", intent, call=call)
    elif refusal is not None:
        error = outcomes.refuse_saved_card(world, intent, method, card, refusal, call=call)
        raise declined(error, payment_intent=dict(intent))
    else:
        outcomes.approve_saved_card(world, intent, method, card, call=call)


def _refusal(world: World, intent: Thing, own: Refusal | None) -> Refusal | None:
    fault = world.faults.strike("confirm", intent["id"])
    if fault is None:
        return own
    refusals = {"authentication_required": AUTHENTICATION, "card_declined": DECLINED, "expired_card": EXPIRED}
    return refusals[fault.fault]


def _not_capturable(intent: Thing) -> str:
    if intent["status"] == "succeeded":
        return "This PaymentIntent could not be captured because it has already been captured."
    return (
        f"This PaymentIntent could not be captured because it has a status of {intent['status']}. "
        "Only a PaymentIntent with one of the following statuses may be captured: requires_capture."
    )
