"""The reader on the screen: a small drawn terminal where a person taps, inserts, is declined, or cancels."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pos.sandbox.stripe import presenting, readers
from pos.sandbox.stripe.cards import CARDS, VISA
from pos.sandbox.stripe.errors import Refused, Thing
from pos.sandbox.stripe.presenting import Gesture
from pos.sandbox.stripe.world import World

PAGE: Final = (Path(__file__).parent / "screen.html").read_text(encoding="utf-8")
SHORT: Final = {"visa": VISA, "declined": "4000000000000002", "no_funds": "4000000000009995"}
_Handler = Callable[[Request], Awaitable[Response]]


def routes(world: World) -> list[Route]:
    """The reader's page, its state, and what a person does at it."""
    return [
        Route("/reader/{reader}", _page(world)),
        Route("/reader/{reader}/state", _state(world)),
        Route("/reader/{reader}/present", _present(world), methods=["POST"]),
        Route("/reader/{reader}/cancel", _cancel(world), methods=["POST"]),
    ]


def state(world: World, reader: Thing) -> Thing:
    """What the reader's screen shows now. amount is in the smallest unit of currency.

    shows is one of: idle, offline, cart, waiting, chip, authorising, approved, declined, cancelled, failed, dead.
    """
    own = readers.state_of(world, reader["id"])
    action: Any = reader["action"]
    shown = {
        "label": reader["label"],
        "shows": _shows(world, reader, own),
        "amount": None,
        "currency": None,
        "message": action["failure_message"] if action else None,
        "can_cancel": presenting.may_cancel(world, reader),
        "faults": [a.fault for a in world.faults.armed()],
        "refund": bool(action and action["type"] == "refund_payment"),
    }
    return {**shown, **_amount(world, action)}


def _shows(world: World, reader: Thing, own: Thing) -> str:
    action = reader["action"]
    if readers.is_offline(world, reader):
        return "offline"
    if action is None:
        return "idle"
    if action["type"] == "set_reader_display":
        return "cart"
    if action["status"] == "in_progress":
        return _in_progress(own)
    if world.clock.now() - (own["finished_at"] or 0) > world.settings.outcome_shown:
        return "idle"
    if action["status"] == "succeeded":
        return "approved"
    if action["failure_code"] == "customer_canceled":
        return "cancelled"
    return "failed" if action["failure_code"] == "connection_error" else "declined"


def _in_progress(own: Thing) -> str:
    if own["dead"]:
        return "dead"
    if own["authorising"] is not None:
        return "authorising"
    return "chip" if own["wants_chip"] else "waiting"


def _amount(world: World, action: Any) -> Thing:
    if action is None:
        return {}
    if action["type"] == "set_reader_display":
        cart = action["set_reader_display"]["cart"]
        return {"amount": cart["total"], "currency": cart["currency"]}
    if action["type"] == "refund_payment":
        asked = action["refund_payment"]
        charge = world.shelf.find("charge", asked["charge"]) or {}
        return {"amount": asked["amount"], "currency": charge.get("currency")}
    intent = world.shelf.find("payment_intent", action["process_payment_intent"]["payment_intent"]) or {}
    return {"amount": intent.get("amount"), "currency": intent.get("currency")}


def _page(world: World) -> _Handler:
    async def page(request: Request) -> Response:
        if _reader(world, request) is None:
            return HTMLResponse("<!doctype html><title>No such reader</title><p>No such reader.", 404)
        return HTMLResponse(PAGE)

    return page


def _state(world: World) -> _Handler:
    async def current(request: Request) -> Response:
        with world.acting():
            reader = _reader(world, request)
            if reader is None:
                return _no_reader()
            return JSONResponse(state(world, reader), headers={"Cache-Control": "no-store"})

    return current


def _present(world: World) -> _Handler:
    async def present(request: Request) -> Response:
        try:
            gesture = _gesture(await request.json())
        except ValueError as trouble:
            return JSONResponse({"error": str(trouble)}, 400)
        return _do(world, request, lambda key: presenting.by_hand(world, key, gesture))

    return present


def _cancel(world: World) -> _Handler:
    async def cancel(request: Request) -> Response:
        return _do(world, request, lambda key: presenting.cancel_by_hand(world, key))

    return cancel


def _do(world: World, request: Request, act: Callable[[str], None]) -> Response:
    with world.acting():
        reader = _reader(world, request)
        if reader is None:
            return _no_reader()
        try:
            act(reader["id"])
        except Refused as refusal:
            return JSONResponse({"error": str(refusal), **state(world, reader)}, 409)
        return JSONResponse(state(world, reader))


def _gesture(wish: Any) -> Gesture:
    if not isinstance(wish, dict):
        raise ValueError("give an object with card and how")
    number = SHORT.get(str(wish.get("card", "visa")), str(wish.get("card", "visa")))
    how = str(wish.get("how", "tap"))
    if number not in CARDS or how not in presenting.READ_METHODS:
        raise ValueError("card is visa, declined, no_funds or a test number; how is tap, insert or phone")
    return Gesture(number, how, pin=bool(wish.get("pin")))


def _reader(world: World, request: Request) -> Thing | None:
    return world.shelf.find(readers.KIND, request.path_params["reader"])


def _no_reader() -> Response:
    return JSONResponse({"error": "no such reader"}, 404)
