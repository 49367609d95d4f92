"""Readers: registered, listed, and given something to do. One action slot, holding the latest action."""

from typing import Any, Final

from pos.sandbox.stripe import outcomes, refunds
from pos.sandbox.stripe.errors import (
    Refused,
    Thing,
    invalid,
    locked,
    missing,
    reader_trouble,
    unexpected,
    wrong_intent_state,
)
from pos.sandbox.stripe.known_differences import assumed
from pos.sandbox.stripe.listing import filters, merged, page
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

KIND: Final = "terminal.reader"
CODES: Final = {
    "simulated-wpe": "simulated_wisepos_e",
    "simulated-s700": "simulated_stripe_s700",
    "simulated-s710": "simulated_stripe_s710",
}
SILENT_AFTER: Final = 120  # seconds without a signal until Stripe calls a reader offline


def create(world: World, call: Call) -> Thing:
    """Register a simulated reader. Raises 400 for another registration code."""
    given = call.params
    code = given["registration_code"]
    if code not in CODES:
        raise invalid(f"No reader was found with the registration code '{code}'.", param="registration_code")
    location = given.get("location")
    if location is not None:
        world.shelf.get("terminal.location", location, param="location")
    return make(world, code=code, label=given.get("label"), location=location, metadata=given.get("metadata"))


def make(world: World, *, code: str, label: str | None, location: str | None, metadata: Thing | None = None) -> Thing:
    """The reader itself, idle and online."""
    key = new_id("tmr")
    reader: Thing = {
        "id": key,
        "object": KIND,
        "action": None,
        "device_sw_version": "2.42.0.0",
        "device_type": CODES[code],
        "ip_address": "0.0.0.0",  # noqa: S104 (what Stripe shows for a simulated reader)
        "label": label or f"{code}-{key[4:7]}",
        "last_seen_at": None,
        "livemode": False,
        "location": location,
        "metadata": metadata or {},
        "serial_number": f"simulated-{key[4:16]}",
        "status": "online",
    }
    world.shelf.put("reader_state", key, idle_state())
    return world.shelf.put(KIND, key, reader)


def idle_state() -> Thing:
    """What the device itself knows and the API does not show."""
    return {"authorising": None, "wants_chip": False, "dead": False, "allow_redisplay": None, "finished_at": None}


def state_of(world: World, reader_id: str) -> Thing:
    """The device's own state."""
    state = world.shelf.find("reader_state", reader_id)
    assert state is not None
    return state


def view(world: World, reader: Thing) -> Thing:
    """A reader as the API shows it now: online and just seen, or offline while a fault of that kind is armed."""
    offline = is_offline(world, reader) or world.faults.watching("reader_looks_offline", reader["id"])
    seen = world.clock.now() - (SILENT_AFTER + 30 if offline else 1)
    return {**reader, "status": "offline" if offline else "online", "last_seen_at": int(seen * 1000)}


def is_offline(world: World, reader: Thing) -> bool:
    """Whether the device itself has no connection; its status may say so without cause."""
    what = f"POST /v1/terminal/readers/{reader['id']}/process_payment_intent"
    return world.faults.watching("reader_offline", what)


def retrieve(world: World, call: Call) -> Thing:
    """One reader."""
    return world.shelf.get(KIND, call.ids["reader"], param="reader")


def update(world: World, call: Call) -> Thing:
    """Change a reader's label or metadata."""
    reader, given = retrieve(world, call), call.params
    if given.get("label"):
        reader["label"] = given["label"]
    reader["metadata"] = merged(reader["metadata"], given.get("metadata"), given="metadata" in given)
    world.shelf.touch(KIND, reader["id"])
    return reader


def delete(world: World, call: Call) -> Thing:
    """Take a reader out of the account."""
    reader = retrieve(world, call)
    world.shelf.drop(KIND, reader["id"])
    gone = {name: reader[name] for name in ("id", "object", "device_type", "serial_number")}
    return {**gone, "deleted": True}


def listed(world: World, call: Call) -> Thing:
    """Readers, newest first."""
    keep = filters(call, "device_type", "location", "serial_number")
    status = call.params.get("status")
    return page(world, call, KIND, keep=lambda r: keep(r) and status in (None, view(world, r)["status"]))


def process_payment_intent(world: World, call: Call) -> Thing:
    """Show a payment on the reader; a payment nobody has presented a card for is replaced."""
    reader = retrieve(world, call)
    config = call.params.get("process_config") or {}
    intent = world.shelf.get("payment_intent", call.params["payment_intent"], param="payment_intent")
    outcomes.expire_if_late(world, intent)
    if intent["status"] != "requires_payment_method":
        raise wrong_intent_state(payment_intent=dict(intent))
    if not {"card_present", "interac_present"} & set(intent["payment_method_types"]):
        raise unexpected(
            "The PaymentIntent must allow the card_present payment method type to be processed by a reader.",
            code="payment_intent_invalid_parameter",
            param="payment_intent",
        )
    if intent["setup_future_usage"] is not None and config.get("allow_redisplay") is None:
        raise invalid(
            "Missing required param: process_config[allow_redisplay].",
            param="process_config[allow_redisplay]",
            code=assumed("allow_redisplay_missing"),
        )
    if intent["id"] in world.held and state_of(world, reader["id"])["authorising"] is None:
        raise locked()  # its card is being authorised at another reader
    shown = {k: v for k, v in config.items() if k != "allow_redisplay"}
    given = {"payment_intent": intent["id"], "process_config": shown}
    return _start(world, reader, call, "process_payment_intent", given, allow_redisplay=config.get("allow_redisplay"))


def refund_payment(world: World, call: Call) -> Thing:
    """Ask for the card a payment was made with, to give money back to it."""
    reader, given = retrieve(world, call), call.params
    charge = refunds.refundable(world, given)
    left = charge["amount"] - charge["amount_refunded"]
    amount = given.get("amount") or left
    if amount > left:
        raise unexpected("The amount is greater than what is left to refund.", param="amount")
    shown: Thing = {"amount": amount, "charge": charge["id"], "payment_intent": charge["payment_intent"],
                    "metadata": given.get("metadata") or {},
                    "refund_payment_config": given.get("refund_payment_config") or {}}  # fmt: skip
    return _start(world, reader, call, "refund_payment", shown)


def set_reader_display(world: World, call: Call) -> Thing:
    """Show a cart. It stays for ever, sends no event, and replaces a payment nobody has presented a card for."""
    reader = retrieve(world, call)
    cart = call.params.get("cart") or {}
    for name in ("currency", "line_items", "total"):
        if cart.get(name) is None:
            raise invalid(f"Missing required param: cart[{name}].", param=f"cart[{name}]", code="parameter_missing")
    shown = {"cart": {"tax": None, **cart}, "type": "cart"}
    return _start(world, reader, call, "set_reader_display", shown)


def cancel_action(world: World, call: Call) -> Thing:
    """Reset the reader. Raises terminal_reader_busy while a card is being authorised."""
    reader = retrieve(world, call)
    late_trouble = _trouble(world, reader, call)
    reader["action"] = assumed("action_after_cancel")
    world.shelf.put("reader_state", reader["id"], idle_state())
    world.shelf.touch(KIND, reader["id"])
    if late_trouble is not None:
        raise late_trouble
    return reader


def fail_action(world: World, reader: Thing, *, code: str, message: str, api_error: Thing | None = None) -> None:
    """End the action on a reader badly, and say so by event."""
    action = reader["action"]
    action.update(status="failed", failure_code=code, failure_message=message, api_error=api_error)
    _finished(world, reader, "terminal.reader.action_failed")


def succeed_action(world: World, reader: Thing) -> None:
    """End the action on a reader well, and say so by event."""
    reader["action"]["status"] = "succeeded"
    _finished(world, reader, "terminal.reader.action_succeeded")


def waiting(reader: Thing) -> str | None:
    """The kind of action that waits for a card on this reader, or None."""
    action: Any = reader["action"]
    if action is None or action["status"] != "in_progress":
        return None
    return str(action["type"]) if action["type"] in ("process_payment_intent", "refund_payment") else None


def _start(
    world: World, reader: Thing, call: Call, kind: str, given: Thing, *, allow_redisplay: str | None = None
) -> Thing:
    late_trouble = _trouble(world, reader, call)
    action: Thing = {"api_error": None, "failure_code": None, "failure_message": None, "status": "in_progress"}
    reader["action"] = {**action, "type": kind, kind: given}
    world.shelf.put("reader_state", reader["id"], {**idle_state(), "allow_redisplay": allow_redisplay})
    world.shelf.touch(KIND, reader["id"])
    if late_trouble is not None:
        raise late_trouble
    return reader


def _trouble(world: World, reader: Thing, call: Call) -> Refused | None:
    """Raises what keeps a command from the reader; returns a timeout that hides a delivered command."""
    fault = world.faults.strike("reader", call.what)
    if fault is not None and fault.fault == "nothing_to_cancel":
        raise missing("terminal.reader action", reader["id"], param="reader")
    if fault is not None and fault.fault != "reader_timeout_delivered":
        raise reader_trouble(
            "terminal_reader_timeout" if fault.fault == "reader_timeout_not_delivered" else f"terminal_{fault.fault}"
        )
    if state_of(world, reader["id"])["authorising"] is not None:
        raise reader_trouble("terminal_reader_busy")
    return reader_trouble("terminal_reader_timeout") if fault is not None else None


def _finished(world: World, reader: Thing, event: str) -> None:
    state_of(world, reader["id"])["finished_at"] = world.clock.now()
    world.shelf.touch("reader_state", reader["id"])
    world.shelf.touch(KIND, reader["id"])
    world.tell(event, view(world, reader))
