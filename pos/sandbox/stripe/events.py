"""Events: what has happened, to be read again."""

from fnmatch import fnmatchcase

from pos.sandbox.stripe.errors import Thing
from pos.sandbox.stripe.listing import page
from pos.sandbox.stripe.world import Call, World


def retrieve(world: World, call: Call) -> Thing:
    """One event."""
    return world.shelf.get("event", call.ids["id"], param="id")


def listed(world: World, call: Call) -> Thing:
    """Events, newest first; a type may end in an asterisk."""
    wanted = call.params.get("types") or [call.params.get("type") or "*"]
    success = call.params.get("delivery_success")
    return page(
        world,
        call,
        "event",
        keep=lambda e: (
            any(fnmatchcase(e["type"], pattern) for pattern in wanted) and success in (None, e["pending_webhooks"] == 0)
        ),
    )
