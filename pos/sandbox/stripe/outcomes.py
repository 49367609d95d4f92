"""What becomes of an intent: authorised, refused, captured, released. The state machine of reference section 6."""

from typing import Any

from pos.sandbox.stripe import charges, payment_methods
from pos.sandbox.stripe.cards import Card, Refusal
from pos.sandbox.stripe.errors import Thing, doc_url
from pos.sandbox.stripe.payment_methods import Presented
from pos.sandbox.stripe.world import Call, World


def approve_at_reader(
    world: World, intent: Thing, presented: Presented, *, reader: Thing, allow_redisplay: str | None
) -> Thing:
    """A card was accepted at a reader: a hold (manual capture) or the money itself. Returns the charge."""
    manual = is_manual(intent)
    details = charges.card_present_details(world, intent, presented, refusal=None, manual=manual, reader=reader)
    method = payment_methods.card_present(world, presented)
    charge = charges.make(world, intent, method=method, details=details, refusal=None, manual=manual)
    if intent["setup_future_usage"] is not None and presented.card.reusable and presented.wallet is None:
        _save_card(world, intent, charge, presented.card, allow_redisplay or "unspecified")
    _approved(world, intent, charge, method, manual=manual)
    return charge


def approve_saved_card(world: World, intent: Thing, method: Thing, card: Card, *, call: Call) -> Thing:
    """A saved card was charged without its holder. Returns the charge."""
    manual = is_manual(intent)
    details = charges.card_details(intent, card, refusal=None)
    if manual:
        details["card"]["capture_before"] = world.clock.seconds() + 7 * 24 * 3600
    charge = charges.make(world, intent, method=method, details=details, refusal=None, manual=manual)
    _approved(world, intent, charge, method, manual=manual, call=call)
    return charge


def refuse_at_reader(world: World, intent: Thing, presented: Presented, refusal: Refusal, *, reader: Thing) -> Thing:
    """The issuer refused a card at a reader: the intent waits for another one. Returns the card error."""
    details = charges.card_present_details(world, intent, presented, refusal=refusal, manual=True, reader=reader)
    method = payment_methods.card_present(world, presented)
    charge = charges.make(world, intent, method=method, details=details, refusal=refusal, manual=True)
    return _refused(world, intent, charge, method, refusal)


def refuse_saved_card(world: World, intent: Thing, method: Thing, card: Card, refusal: Refusal, *, call: Call) -> Thing:
    """The issuer refused a saved card. Returns the card error."""
    details = charges.card_details(intent, card, refusal=refusal)
    charge = charges.make(world, intent, method=method, details=details, refusal=refusal, manual=True)
    return _refused(world, intent, charge, method, refusal, call=call)


def capture(world: World, intent: Thing, *, amount: int, call: Call) -> None:
    """Take the held money, whole or in part; what is not taken is released. amount in the smallest unit."""
    charge = latest_charge(world, intent)
    before = {"captured": False, "amount_captured": 0, "balance_transaction": None}
    charge.update(captured=True, amount_captured=amount)
    charge["amount_refunded"] = charge["amount"] - amount
    charges.book(world, charge)
    intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
    world.shelf.touch("payment_intent", intent["id"])
    world.tell("charge.captured", charge, call=call, was=before)
    world.tell("payment_intent.succeeded", intent, call=call, was={"status": "requires_capture"})


def release(
    world: World, intent: Thing, *, reason: str | None, expired: bool = False, call: Call | None = None
) -> None:
    """Cancel an intent; a hold on a card is given back. reason is Stripe's cancellation_reason."""
    was = intent["status"]
    now = world.clock.seconds()
    if was == "requires_capture":
        charge = latest_charge(world, intent)
        charge.update(refunded=True, amount_refunded=charge["amount"])
        world.shelf.touch("charge", charge["id"])
        world.tell("charge.expired" if expired else "charge.refunded", charge, call=call, was={"refunded": False})
    intent.update(status="canceled", canceled_at=now, cancellation_reason=reason, amount_capturable=0, next_action=None)
    world.shelf.touch("payment_intent", intent["id"])
    world.tell("payment_intent.canceled", intent, call=call, was={"status": was})


def expire_if_late(world: World, intent: Thing) -> bool:
    """Let a hold lapse whose capture_before has passed: the intent is canceled as “automatic”."""
    if intent["status"] != "requires_capture":
        return False
    details = latest_charge(world, intent)["payment_method_details"]
    if world.clock.seconds() <= details[details["type"]].get("capture_before", float("inf")):
        return False
    release(world, intent, reason="automatic", expired=True)
    return True


def latest_charge(world: World, intent: Thing) -> Thing:
    """The charge of the last attempt on an intent that has one."""
    charge = world.shelf.find("charge", intent["latest_charge"])
    assert charge is not None
    return charge


def is_manual(intent: Thing) -> bool:
    """Whether the money is held first and taken by capture."""
    own: Any = ((intent["payment_method_options"] or {}).get("card_present") or {}).get("capture_method")
    return intent["capture_method"] == "manual" or own in ("manual", "manual_preferred")


def _approved(
    world: World, intent: Thing, charge: Thing, method: Thing, *, manual: bool, call: Call | None = None
) -> None:
    was = {"status": intent["status"]}
    intent.update(latest_charge=charge["id"], payment_method=method["id"], last_payment_error=None, next_action=None)
    if manual:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
    else:
        intent.update(status="succeeded", amount_received=intent["amount"])
    world.shelf.touch("payment_intent", intent["id"])
    world.tell("charge.succeeded", charge, call=call)
    kind = "payment_intent.amount_capturable_updated" if manual else "payment_intent.succeeded"
    world.tell(kind, intent, call=call, was=was)


def _refused(
    world: World, intent: Thing, charge: Thing, method: Thing, refusal: Refusal, *, call: Call | None = None
) -> Thing:
    error: Thing = {
        "type": "card_error",
        "code": refusal.code,
        "message": refusal.message,
        "doc_url": doc_url(refusal.code),
        "charge": charge["id"],
        "payment_method": method,
    }
    if refusal.decline_code is not None:
        error["decline_code"] = refusal.decline_code
    intent.update(
        status="requires_payment_method",
        latest_charge=charge["id"],
        payment_method=None,
        last_payment_error=error,
        next_action=None,
    )
    world.shelf.touch("payment_intent", intent["id"])
    world.tell("charge.failed", charge, call=call)
    world.tell("payment_intent.payment_failed", intent, call=call)
    return error


def _save_card(world: World, intent: Thing, charge: Thing, card: Card, allow_redisplay: str) -> None:
    saved = payment_methods.generated_card(
        world, card, charge=charge["id"], customer=intent["customer"], allow_redisplay=allow_redisplay
    )
    charge["payment_method_details"]["card_present"]["generated_card"] = saved["id"]
    world.shelf.touch("charge", charge["id"])
    if intent["customer"] is not None:
        world.tell("payment_method.attached", saved)
