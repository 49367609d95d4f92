"""What an intent is about: its amount, its payment method types, its card, its words on a statement."""

import re
from typing import Final

from pos.sandbox.stripe import payment_methods
from pos.sandbox.stripe.blanks import empty
from pos.sandbox.stripe.errors import Thing, invalid, unexpected
from pos.sandbox.stripe.known_differences import assumed
from pos.sandbox.stripe.listing import merged
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import World

KIND: Final = "payment_intent"
_TYPES: Final = ("card", "card_present", "interac_present", "link")
_DESCRIPTOR_REFUSES: Final = re.compile(r"[<>\\'\"*]")


def blank(world: World, *, currency: str, amount: int) -> Thing:
    """A new intent that waits for a card. amount is in the smallest unit."""
    key = new_id("pi")
    return {
        **empty("payment_intent"),
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
    }


def fill(world: World, intent: Thing, given: Thing) -> None:
    """Write what was given into an intent. Raises 400 or 404 for what does not fit."""
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


def choose_method(world: World, intent: Thing, given: Thing) -> None:
    """Put the card that was named on an intent. Raises 400 for one it does not allow, 404 for none."""
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


def check_exclusions(given: Thing) -> None:
    """Raises 400 for parameters that exclude each other."""
    if given.get("allowed_payment_method_types") and given.get("automatic_payment_methods"):
        raise invalid(
            "You may only specify one of these parameters: allowed_payment_method_types, automatic_payment_methods.",
            code="parameters_exclusive",
        )
    if given.get("off_session") and not given.get("confirm", True):
        raise invalid("off_session can only be used together with confirm=true.", param="off_session")


def check_descriptors(given: Thing) -> None:
    """Raises 400 for words a card statement cannot carry: Latin, at most 22, with a letter."""
    if given.get("statement_descriptor") and "card_present" in (given.get("allowed_payment_method_types") or []):
        raise invalid(
            "The statement_descriptor parameter is not supported for card charges: use statement_descriptor_suffix.",
            param="statement_descriptor",
        )
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        text = given.get(name)
        if text is None:
            continue
        if len(text) > 22 or _DESCRIPTOR_REFUSES.search(text) or not re.search(r"[A-Za-z]", text):
            raise invalid(
                f"The {name} must be at most 22 characters, contain a letter, and none of < > \\ ' \" *.", param=name
            )


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
