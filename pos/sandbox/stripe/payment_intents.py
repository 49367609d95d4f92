"""PaymentIntents: made, changed, confirmed with a saved card, captured, cancelled, listed, searched."""

import re
from typing import Final

from pos.sandbox.stripe import outcomes, payment_methods
from pos.sandbox.stripe.cards import AUTHENTICATION, DECLINED, Refusal
from pos.sandbox.stripe.errors import Refused, Thing, declined, invalid, unexpected
from pos.sandbox.stripe.known_differences import assumed
from pos.sandbox.stripe.listing import filters, merged, page, search
from pos.sandbox.stripe.money import check_amount, checked_currency
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

KIND: Final = "payment_intent"
OPEN: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
_TYPES: Final = ("card", "card_present", "interac_present", "link")
_DESCRIPTOR_REFUSES: Final = re.compile(r"[<>\\'\"*]")


def create(world: World, call: Call) -> Thing:
    """A new intent, confirmed at once when asked."""
    given = call.params
    currency = checked_currency(given["currency"])
    check_amount(given["amount"], currency=currency)
    _check_exclusions(given)
    _check_descriptors(given)
    intent = _blank(world, currency=currency, amount=given["amount"])
    _fill(world, intent, given)
    if given.get("automatic_payment_methods"):
        wish = given["automatic_payment_methods"]
        intent["automatic_payment_methods"] = {"allow_redirects": "always", **wish}
    intent["confirmation_method"] = given.get("confirmation_method") or "automatic"
    _choose_method(world, intent, given)
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
    _check_descriptors(given)
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
    _fill(world, draft, given)
    _choose_method(world, draft, given)
    intent.update(draft)
    world.shelf.touch(KIND, intent["id"])
    return intent


def confirm(world: World, call: Call) -> Thing:
    """Charge a saved card. Raises 402 card_error when the issuer refuses."""
    intent = _intent(world, call)
    _check_exclusions(call.params)
    draft = {**intent}
    _fill(world, draft, call.params)
    _choose_method(world, draft, call.params)
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


def types_for(wanted: list[str] | None, *, currency: str) -> list[str]:
    """The payment method types of an intent: what was allowed, less what does not fit, silently.

    Raises 400 for a type Stripe does not know, or when nothing is left.
    """
    if wanted is None:
        return ["card", "link"]
    for kind in wanted:
        if kind not in _TYPES:
            raise invalid(f"Invalid allowed_payment_method_types: must be one of {', '.join(_TYPES)}",
                          param="allowed_payment_method_types")  # fmt: skip
    fitting = [kind for kind in wanted if kind != "interac_present" or currency == "cad"]
    if not fitting:
        raise invalid("No valid payment method types for this Payment Intent. Please ensure that you have activated "
                      "payment methods compatible with your chosen currency.",
                      param="allowed_payment_method_types")  # fmt: skip
    return fitting


def _intent(world: World, call: Call) -> Thing:
    intent = world.shelf.get(KIND, call.ids["intent"], param="intent")
    outcomes.expire_if_late(world, intent)
    return intent


def _blank(world: World, *, currency: str, amount: int) -> Thing:
    key = new_id("pi")
    empty = dict.fromkeys(
        (
            "application",
            "application_fee_amount",
            "allowed_payment_method_types",
            "automatic_payment_methods",
            "canceled_at",
            "cancellation_reason",
            "customer",
            "customer_account",
            "description",
            "excluded_payment_method_types",
            "last_payment_error",
            "latest_charge",
            "managed_payments",
            "next_action",
            "on_behalf_of",
            "payment_method",
            "payment_method_configuration_details",
            "payment_record",
            "processing",
            "receipt_email",
            "review",
            "setup_future_usage",
            "shipping",
            "source",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        )
    )
    return {
        "id": key,
        "object": KIND,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": assumed("default_capture_method"),
        "client_secret": f"{key}_secret_{new_id('s')[2:]}",
        "confirmation_method": "automatic",
        "created": world.clock.seconds(),
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "payment_method_options": {},
        "payment_method_types": [],
        "status": "requires_payment_method",
        **empty,
    }


def _fill(world: World, intent: Thing, given: Thing) -> None:
    plain = (
        "description",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor",
        "statement_descriptor_suffix",
    )
    intent.update({name: given[name] for name in plain if name in given})
    if given.get("capture_method") is not None:
        intent["capture_method"] = given["capture_method"]
    if "customer" in given:
        customer = given["customer"]
        intent["customer"] = customer and world.shelf.get("customer", customer, param="customer")["id"]
    intent["metadata"] = merged(intent["metadata"], given.get("metadata"), given="metadata" in given)
    if "allowed_payment_method_types" in given or not intent["payment_method_types"]:
        allowed = given.get("allowed_payment_method_types")
        intent["payment_method_types"] = types_for(allowed, currency=intent["currency"])
        intent["allowed_payment_method_types"] = allowed
        intent["automatic_payment_methods"] = (
            {"allow_redirects": "always", "enabled": True} if allowed is None else None
        )
        intent["payment_method_options"] = _options(intent["payment_method_types"])
    wish = (given.get("payment_method_options") or {}).get("card_present")
    if wish and "card_present" in intent["payment_method_options"]:
        intent["payment_method_options"]["card_present"].update(wish)


def _options(types: list[str]) -> Thing:
    options: Thing = {}
    if "card_present" in types:
        options["card_present"] = {
            "request_extended_authorization": False,
            "request_incremental_authorization_support": False,
        }
    if "card" in types:
        options["card"] = {
            "installments": None,
            "mandate_options": None,
            "network": None,
            "request_three_d_secure": "automatic",
        }
    return options


def _choose_method(world: World, intent: Thing, given: Thing) -> None:
    if given.get("payment_method") is None:
        return
    method = payment_methods.usable(world, given["payment_method"], param="payment_method")
    if method["type"] not in intent["payment_method_types"]:
        raise unexpected(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent. Please attach a "
            f"PaymentMethod of one of these types: {', '.join(intent['payment_method_types'])}.",
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )
    if method["customer"] is not None and method["customer"] != intent["customer"]:
        raise unexpected(
            "The provided PaymentMethod belongs to another Customer. Supply that Customer with the PaymentMethod.",
            param="payment_method",
        )
    intent["payment_method"] = method["id"]
    if intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


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
    refusal = _refusal(world, intent, card.refusal)
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
    return {"authentication_required": AUTHENTICATION, "card_declined": DECLINED}[fault.fault]


def _check_exclusions(given: Thing) -> None:
    if given.get("allowed_payment_method_types") and given.get("automatic_payment_methods"):
        raise invalid(
            "You may only specify one of these parameters: allowed_payment_method_types, automatic_payment_methods.",
            code="parameters_exclusive",
        )
    if given.get("off_session") and not given.get("confirm", True):
        raise invalid("off_session can only be used together with confirm=true.", param="off_session")


def _check_descriptors(given: Thing) -> None:
    if given.get("statement_descriptor") and "card_present" in (given.get("allowed_payment_method_types") or []):
        raise Refused(
            400,
            "The statement_descriptor parameter is not supported for card charges: use statement_descriptor_suffix.",
            param="statement_descriptor",
            stored=False,
        )
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        text = given.get(name)
        if text is None:
            continue
        if len(text) > 22 or _DESCRIPTOR_REFUSES.search(text) or not re.search(r"[A-Za-z]", text):
            raise invalid(
                f"The {name} must be at most 22 characters, contain a letter, and none of < > \\ ' \" *.", param=name
            )


def _not_capturable(intent: Thing) -> str:
    if intent["status"] == "succeeded":
        return "This PaymentIntent could not be captured because it has already been captured."
    return (
        f"This PaymentIntent could not be captured because it has a status of {intent['status']}. "
        "Only a PaymentIntent with one of the following statuses may be captured: requires_capture."
    )
