"""Cards as Stripe shows them: the one presented at a reader, and the one that can be charged again later."""

import hashlib
from dataclasses import dataclass
from typing import Any

from pos.sandbox.stripe.cards import CARDS, READY_MADE, Card
from pos.sandbox.stripe.errors import Thing, unexpected
from pos.sandbox.stripe.listing import page
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

BLANK_BILLING: Thing = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}


@dataclass(frozen=True)
class Presented:
    """A card held to a reader: which one, how it was read, and what verified its holder."""

    card: Card
    read_method: str
    cvm: str = "none"
    wallet: str | None = None

    def as_dict(self) -> Thing:
        """Plain values, to survive a restart in the authorising moment."""
        return {"number": self.card.number, "read_method": self.read_method, "cvm": self.cvm, "wallet": self.wallet}

    @staticmethod
    def of(kept: Thing) -> "Presented":
        """The card that as_dict() described."""
        return Presented(CARDS[kept["number"]], kept["read_method"], kept["cvm"], kept["wallet"])


def card_present(world: World, presented: Presented) -> Thing:
    """The payment method of one presentation; it cannot be charged again."""
    card = presented.card
    shown: Thing = {
        "brand": card.brand,
        "brand_product": None,
        "cardholder_name": None,
        "country": card.country,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "offline": None,
        "preferred_locales": ["en"],
        "read_method": presented.read_method,
    }
    if presented.wallet is not None:
        shown["wallet"] = {"type": presented.wallet}
    return _keep(world, "card_present", shown, number=card.number)


def generated_card(world: World, card: Card, *, charge: str, customer: str | None, allow_redisplay: str) -> Thing:
    """The reusable card made from a presented one (docs.stripe.com/terminal/features/saving-payment-details)."""
    origin: Thing = {"charge": charge, "payment_method_details": None, "setup_attempt": None}
    method = _keep(world, "card", _card_fields(card, origin), number=card.number, customer=customer)
    method["allow_redisplay"] = allow_redisplay
    return method


def typed_in(world: World, card: Card) -> Thing:
    """A card whose figures somebody typed into a page of Stripe's."""
    return _keep(world, "card", _card_fields(card, None), number=card.number)


def usable(world: World, wanted: str, *, param: str) -> Thing:
    """A payment method by id, or one of the ready-made pm_card_… of every test account. Raises 404."""
    number = READY_MADE.get(wanted)
    if number is not None and world.shelf.find("payment_method", wanted) is None:
        return _keep(world, "card", _card_fields(CARDS[number], None), number=number)
    method = world.shelf.get("payment_method", wanted, param=param)
    if world.shelf.find("detached", wanted) is not None:
        raise unexpected(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared "
            "with a connected account without Customer attachment, or was detached from a Customer. It may not be used "
            "again.",
            param=param,
        )
    return method


def card_of(world: World, method: Thing) -> Card:
    """The test card behind a payment method: Stripe knows its number, the shop never does."""
    kept = world.shelf.find("card_number", method["id"])
    assert kept is not None
    return CARDS[kept["number"]]


def fingerprint(card: Card) -> str:
    """The same for the same card, telling nothing about it."""
    return hashlib.sha256(card.number.encode()).hexdigest()[:16]


def retrieve(world: World, call: Call) -> Thing:
    """One payment method."""
    return world.shelf.get("payment_method", call.ids["payment_method"], param="payment_method")


def detach(world: World, call: Call) -> Thing:
    """Take a card from its customer, for ever. Raises 400 for one that is nobody's."""
    method = retrieve(world, call)
    if method["customer"] is None:
        raise unexpected(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    was = {"customer": method["customer"]}
    method["customer"] = None
    world.shelf.put("detached", method["id"], {"at": world.clock.seconds()})
    world.shelf.touch("payment_method", method["id"])
    world.tell("payment_method.detached", method, call=call, was=was)
    return method


def of_customer(world: World, call: Call) -> Thing:
    """The saved cards of one customer."""
    customer = world.shelf.get("customer", call.ids["customer"], param="customer")["id"]
    wanted: Any = call.params.get("type")
    return page(
        world,
        call,
        "payment_method",
        keep=lambda m: m["customer"] == customer and wanted in (None, m["type"]),
    )


def _card_fields(card: Card, origin: Thing | None) -> Thing:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": None},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "generated_from": origin,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _keep(world: World, kind: str, shown: Thing, *, number: str, customer: str | None = None) -> Thing:
    method: Thing = {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": dict(BLANK_BILLING),
        "created": world.clock.seconds(),
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
        kind: shown,
    }
    world.shelf.put("card_number", method["id"], {"number": number})
    return world.shelf.put("payment_method", method["id"], method)
