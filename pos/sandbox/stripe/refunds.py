"""Refunds: money back to the card it came from, whole or in part, and the refund that fails later."""

from typing import Final

from pos.sandbox.stripe import charges, outcomes, payment_methods
from pos.sandbox.stripe.blanks import empty
from pos.sandbox.stripe.errors import Thing, invalid, missing, unexpected
from pos.sandbox.stripe.listing import filters, merged, page
from pos.sandbox.stripe.money import written
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

KIND: Final = "refund"


def create(world: World, call: Call) -> Thing:
    """Give money back. Raises charge_already_refunded, or 400 for more than is left or for money not yet taken."""
    given = call.params
    charge = refundable(world, given)
    return make(
        world, charge, amount=given.get("amount"), reason=given.get("reason"), metadata=given.get("metadata"), call=call
    )


def refundable(world: World, given: Thing) -> Thing:
    """The captured charge a request means. Raises 400 or 404."""
    if bool(given.get("charge")) == bool(given.get("payment_intent")):
        raise invalid(
            "You must provide either a charge or a payment_intent, and not both.",
            code=None if given.get("charge") else "parameter_missing",
            param="payment_intent",
        )
    if given.get("charge"):
        charge = world.shelf.get("charge", given["charge"], param="charge")
    else:
        intent = world.shelf.get("payment_intent", given["payment_intent"], param="payment_intent")
        outcomes.expire_if_late(world, intent)
        if intent["status"] not in ("succeeded", "requires_capture"):
            raise unexpected(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        charge = outcomes.latest_charge(world, intent)
    if not charge["captured"]:
        raise unexpected(
            f"Charge {charge['id']} has not been captured. Cancel its PaymentIntent to release the hold.",
            code="charge_not_refundable",
        )
    return charge


def make(
    world: World,
    charge: Thing,
    *,
    amount: int | None,
    reason: str | None,
    metadata: Thing | None,
    call: Call | None = None,
) -> Thing:
    """The refund itself. amount is in the smallest unit; None gives back all that is left."""
    amount = _within_what_is_left(charge, amount)
    refund = _blank(world, charge, amount=amount, reason=reason, metadata=metadata or {})
    world.shelf.put(KIND, refund["id"], refund)
    was = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.shelf.touch("charge", charge["id"])
    world.tell("refund.created", refund, call=call)
    world.tell("charge.refunded", charge, call=call, was=was)
    world.tell("refund.updated", refund, call=call)
    method = world.shelf.find("payment_method", charge["payment_method"])
    if method is not None and payment_methods.card_of(world, method).refund_fails:
        world.later("refund fails", refund["id"], seconds=world.settings.refund_fails_after)
    return refund


def fail(world: World, refund_id: str) -> None:
    """The card's bank sent the money back: the refund failed and the shop owes it again."""
    refund = world.shelf.get(KIND, refund_id, param="id")
    charge = world.shelf.get("charge", refund["charge"], param="charge")
    entry = charges.balance_entry(world, refund, kind="refund_failure", amount=refund["amount"])
    refund.update(status="failed", failure_reason="expired_or_canceled_card", failure_balance_transaction=entry["id"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.shelf.touch(KIND, refund_id)
    world.shelf.touch("charge", charge["id"])
    world.tell("refund.failed", refund, was={"status": "succeeded"})
    world.tell("refund.updated", refund, was={"status": "succeeded"})
    world.tell("charge.refund.updated", refund, was={"status": "succeeded"})


def retrieve(world: World, call: Call) -> Thing:
    """One refund."""
    return world.shelf.get(KIND, call.ids["refund"], param="id")


def update(world: World, call: Call) -> Thing:
    """Change a refund's metadata."""
    refund = retrieve(world, call)
    refund["metadata"] = merged(refund["metadata"], call.params.get("metadata"), given="metadata" in call.params)
    world.shelf.touch(KIND, refund["id"])
    return refund


def listed(world: World, call: Call) -> Thing:
    """Refunds, newest first."""
    for name, kind in (("charge", "charge"), ("payment_intent", "payment_intent")):
        wanted = call.params.get(name)
        if wanted is not None and world.shelf.find(kind, wanted) is None:
            raise missing(kind, wanted, param=name)
    return page(world, call, KIND, keep=filters(call, "charge", "payment_intent"))


def _within_what_is_left(charge: Thing, amount: int | None) -> int:
    left = int(charge["amount"] - charge["amount_refunded"])
    if left <= 0:
        raise unexpected(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is None:
        return left
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > left:
        currency = charge["currency"]
        raise unexpected(
            f"Refund amount ({written(amount, currency=currency)}) is greater than unrefunded amount on charge "
            f"({written(left, currency=currency)})",
            param="amount",
        )
    return amount


def _blank(world: World, charge: Thing, *, amount: int, reason: str | None, metadata: Thing) -> Thing:
    refund: Thing = {
        **empty("refund"),
        "id": new_id("re"),
        "object": KIND,
        "amount": amount,
        "charge": charge["id"],
        "created": world.clock.seconds(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "status": "succeeded",
    }
    refund["balance_transaction"] = charges.balance_entry(world, refund, kind="refund", amount=-amount)["id"]
    return refund
