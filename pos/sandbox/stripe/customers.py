"""Customers: who a card is kept for."""

from typing import Final

from pos.sandbox.stripe.blanks import empty
from pos.sandbox.stripe.errors import Thing
from pos.sandbox.stripe.listing import filters, merged, page
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

KIND: Final = "customer"
_PLAIN: Final = ("description", "email", "name", "phone")
_INVOICE_SETTINGS: Final = ("custom_fields", "default_payment_method", "footer", "rendering_options")
_ADDRESS: Final = ("city", "country", "line1", "line2", "postal_code", "state")


def create(world: World, call: Call) -> Thing:
    """A new customer."""
    customer: Thing = {
        **empty("customer"),
        "id": new_id("cus"),
        "object": KIND,
        "balance": 0,
        "created": world.clock.seconds(),
        "delinquent": False,
        "invoice_prefix": new_id("x")[2:10].upper(),
        "invoice_settings": dict.fromkeys(_INVOICE_SETTINGS),
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }
    _fill(customer, call.params)
    world.shelf.put(KIND, customer["id"], customer)
    world.tell("customer.created", customer, call=call)
    return customer


def retrieve(world: World, call: Call) -> Thing:
    """One customer."""
    return world.shelf.get(KIND, call.ids["customer"], param="id")


def update(world: World, call: Call) -> Thing:
    """Change a customer."""
    customer = retrieve(world, call)
    _fill(customer, call.params)
    world.shelf.touch(KIND, customer["id"])
    world.tell("customer.updated", customer, call=call)
    return customer


def listed(world: World, call: Call) -> Thing:
    """Customers, newest first."""
    return page(world, call, KIND, keep=filters(call, "email"))


def _fill(customer: Thing, given: Thing) -> None:
    customer.update({name: given[name] for name in _PLAIN if name in given})
    if "preferred_locales" in given:
        customer["preferred_locales"] = given["preferred_locales"] or []
    if "address" in given:
        address = given["address"]
        customer["address"] = {**dict.fromkeys(_ADDRESS), **address} if address else None
    customer["metadata"] = merged(customer["metadata"], given.get("metadata"), given="metadata" in given)
