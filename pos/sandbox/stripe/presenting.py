"""A card meets a reader: the authorising moment, and the outcome that lands after it."""

from dataclasses import dataclass, replace
from typing import Final

from pos.sandbox.stripe import outcomes, readers, refunds
from pos.sandbox.stripe.cards import CARDS, INTERAC, VISA, judge
from pos.sandbox.stripe.errors import Thing, invalid, unexpected, wrong_intent_state
from pos.sandbox.stripe.known_differences import assumed
from pos.sandbox.stripe.payment_methods import Presented
from pos.sandbox.stripe.world import Call, World

READ_METHODS: Final = {"tap": "contactless_emv", "insert": "contact_emv", "phone": "contactless_emv"}
CANCELED: Final = "This action could not be completed due to an error on the card reader."
UNCONNECTED: Final = "Could not connect to Stripe."
LAND: Final = "outcome lands"


@dataclass(frozen=True)
class Gesture:
    """What a person does at a reader: which card, how it is held, with a PIN or not. tip is in the smallest unit."""

    number: str = VISA
    how: str = "tap"
    pin: bool = False
    tip: int | None = None
    read_method: str | None = None


def by_helper(world: World, call: Call) -> Thing:
    """Stripe's test helper: present a simulated card (docs.stripe.com/terminal/references/testing)."""
    reader = readers.retrieve(world, call)
    given = call.params
    if given.get("type") == "interac_present":
        raise invalid("This stand-in serves no Interac cards.", param="type")
    number = (given.get("card_present") or {}).get("number") or VISA
    gesture = Gesture(
        number, "insert", pin=False, tip=given.get("amount_tip"), read_method=assumed("simulated_read_method")
    )
    present(world, reader, gesture, seconds=world.settings.helper_authorising)
    return reader


def by_hand(world: World, reader_id: str, gesture: Gesture) -> None:
    """A person holds a card to the reader drawn on the screen."""
    reader = world.shelf.get(readers.KIND, reader_id, param="reader")
    present(world, reader, gesture, seconds=world.settings.screen_authorising)


def present(world: World, reader: Thing, gesture: Gesture, *, seconds: float) -> None:
    """Begin the authorising moment; with no seconds the outcome lands at once.

    Raises 400 when nothing waits for a card or the card is none of Stripe's test cards.
    """
    state = readers.state_of(world, reader["id"])
    if readers.waiting(reader) is None or state["authorising"] is not None or state["dead"]:
        raise unexpected("There is no payment on this reader that waits for a card.")
    card = CARDS.get(gesture.number)
    if card is None or gesture.number == INTERAC:
        raise invalid(f"Invalid test card number: {gesture.number}", param="card_present[number]")
    wallet = "apple_pay" if gesture.how == "phone" else None
    verdict = judge(card, amount=_amount(world, reader), tapped=gesture.how == "tap", wallet=wallet, pin=gesture.pin)
    world.shelf.touch("reader_state", reader["id"])
    if verdict.wants_chip:
        state["wants_chip"] = True
        return
    read_method = gesture.read_method or READ_METHODS[gesture.how]
    presented = Presented(card, read_method, verdict.cvm, wallet)
    state.update(
        wants_chip=False, authorising={**presented.as_dict(), "tip": gesture.tip, "ends": world.clock.now() + seconds}
    )
    if seconds <= 0:
        land(world, reader["id"])
        return
    world.held |= _holds(reader)  # whoever changes the intent now meets lock_timeout
    world.later(LAND, reader["id"], seconds=seconds)


def cancel_by_hand(world: World, reader_id: str) -> None:
    """The shopper presses cancel on the reader. Raises 400 where customer cancellation was not enabled."""
    reader = world.shelf.get(readers.KIND, reader_id, param="reader")
    if not may_cancel(world, reader):
        raise unexpected("This payment cannot be cancelled on the reader.")
    readers.fail_action(world, reader, code="customer_canceled", message=CANCELED)


def may_cancel(world: World, reader: Thing) -> bool:
    """Whether the reader shows a cancel button now."""
    kind = readers.waiting(reader)
    state = readers.state_of(world, reader["id"])
    if kind is None or state["authorising"] is not None or state["dead"]:
        return False
    config = reader["action"][kind].get("process_config") or reader["action"][kind].get("refund_payment_config") or {}
    return bool(config.get("enable_customer_cancellation"))


def land(world: World, reader_id: str) -> None:
    """The outcome of the card in the reader: approved, refused, lost on the way, or never told."""
    reader = world.shelf.find(readers.KIND, reader_id)
    state = world.shelf.find("reader_state", reader_id)
    if reader is None or state is None or state["authorising"] is None:
        return
    kept, state["authorising"] = state["authorising"], None
    world.shelf.touch("reader_state", reader_id)
    world.held -= _holds(reader)
    presented = Presented.of(kept)
    if reader["action"]["type"] == "refund_payment":
        _refund(world, reader)
        return
    intent = _intent(world, reader)
    fault = world.faults.strike("outcome", reader_id)
    if fault is None:
        _pay(world, reader, intent, presented, tip=kept["tip"])
    elif fault.fault == "stuck_in_progress":
        state["dead"] = True
        if fault.settings["authorised"]:
            _approve(world, reader, intent, presented)
    else:
        if fault.fault == "connection_error_with_auth":
            _approve(world, reader, intent, presented)
        readers.fail_action(world, reader, code="connection_error", message=UNCONNECTED)


def restore(world: World) -> None:
    """After a restart: intents whose card was being authorised stay locked until the outcome lands."""
    for reader_id, state in world.shelf.items("reader_state"):
        reader = world.shelf.find(readers.KIND, reader_id)
        if reader is not None and state["authorising"] is not None:
            world.held |= _holds(reader)


def _pay(world: World, reader: Thing, intent: Thing, presented: Presented, *, tip: int | None) -> None:
    if intent["status"] != "requires_payment_method":
        problem = wrong_intent_state()
        readers.fail_action(
            world, reader, code="intent_invalid_state", message=str(problem), api_error=dict(problem.error)
        )
        return
    if tip and not reader["action"]["process_payment_intent"]["process_config"].get("skip_tipping"):
        intent["amount"] += tip
        intent["amount_details"] = {"tip": {"amount": tip}}
    verdict = judge(presented.card, amount=intent["amount"], wallet=presented.wallet, pin=presented.cvm != "none")
    if verdict.refusal is None:
        _approve(world, reader, intent, replace(presented, cvm=verdict.cvm))
        readers.succeed_action(world, reader)
        return
    error = outcomes.refuse_at_reader(world, intent, presented, verdict.refusal, reader=reader)
    api_error = {k: v for k, v in error.items() if k != "payment_method"}
    readers.fail_action(world, reader, code=verdict.refusal.code, message=verdict.refusal.message, api_error=api_error)


def _approve(world: World, reader: Thing, intent: Thing, presented: Presented) -> None:
    if intent["status"] == "requires_payment_method":
        redisplay = readers.state_of(world, reader["id"])["allow_redisplay"]
        outcomes.approve_at_reader(world, intent, presented, reader=reader, allow_redisplay=redisplay)


def _refund(world: World, reader: Thing) -> None:
    asked = reader["action"]["refund_payment"]
    charge = world.shelf.get("charge", asked["charge"], param="charge")
    refund = refunds.make(world, charge, amount=asked["amount"], reason=None, metadata=asked["metadata"])
    asked["refund"] = refund["id"]
    readers.succeed_action(world, reader)


def _intent(world: World, reader: Thing) -> Thing:
    return world.shelf.get("payment_intent", reader["action"]["process_payment_intent"]["payment_intent"], param="id")


def _amount(world: World, reader: Thing) -> int:
    kind = readers.waiting(reader)
    if kind == "refund_payment":
        return 0  # test amounts are about payments
    return int(_intent(world, reader)["amount"])


def _holds(reader: Thing) -> set[str]:
    action = reader["action"] or {}
    held = action.get("process_payment_intent") or action.get("refund_payment") or {}
    return {held["payment_intent"]} if held.get("payment_intent") else set()
