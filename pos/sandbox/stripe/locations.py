"""Locations: the boutiques readers stand in."""

from typing import Final

from pos.sandbox.stripe.errors import Thing, invalid
from pos.sandbox.stripe.listing import merged, page
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

KIND: Final = "terminal.location"
_ADDRESS: Final = ("city", "country", "line1", "line2", "postal_code", "state")


def create(world: World, call: Call) -> Thing:
    """A new location."""
    return make(world, call.params)


def make(world: World, given: Thing) -> Thing:
    """The location itself. Raises 400 parameter_missing without a country."""
    if not given["address"].get("country"):
        raise invalid("Missing required param: address[country].", param="address[country]", code="parameter_missing")
    location: Thing = {
        "id": new_id("tml"),
        "object": KIND,
        "address": {**dict.fromkeys(_ADDRESS), **given["address"]},
        "display_name": given["display_name"],
        "livemode": False,
        "metadata": merged({}, given.get("metadata"), given="metadata" in given),
    }
    if given.get("phone"):
        location["phone"] = given["phone"]
    return world.shelf.put(KIND, location["id"], location)


def retrieve(world: World, call: Call) -> Thing:
    """One location."""
    return world.shelf.get(KIND, call.ids["location"], param="location")


def update(world: World, call: Call) -> Thing:
    """Change a location."""
    location, given = retrieve(world, call), call.params
    location.update({name: given[name] for name in ("display_name", "phone") if given.get(name)})
    location["address"] = {**location["address"], **(given.get("address") or {})}
    location["metadata"] = merged(location["metadata"], given.get("metadata"), given="metadata" in given)
    world.shelf.touch(KIND, location["id"])
    return location


def listed(world: World, call: Call) -> Thing:
    """Locations, newest first."""
    return page(world, call, KIND)
