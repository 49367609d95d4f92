"""Checkout Sessions: an amount to be paid on a page of Stripe's, from home.

Stripe's published shapes do not reach this far here: names and types are those of its library (16.1.0,
`stripe.checkout.Session` and `stripe.params.checkout.SessionCreateParams`).
"""

from typing import Any, Final

from pos.sandbox.stripe import intent_terms, outcomes, payment_methods
from pos.sandbox.stripe.blanks import empty
from pos.sandbox.stripe.cards import CARDS, judge
from pos.sandbox.stripe.errors import Thing, invalid, unexpected
from pos.sandbox.stripe.money import check_amount, checked_currency
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

KIND: Final = "checkout.session"
SOONEST, LATEST = 30 * 60, 24 * 3600  # seconds from its making until it may, and must, expire


def create(world: World, call: Call) -> Thing:
    """An open session with the address of its page. Raises 400 for what cannot be paid, or expires too soon or late."""
    given, now = call.params, world.clock.seconds()
    currency, amount = _amount(given)
    expires_at = given.get("expires_at") or now + LATEST
    if not SOONEST <= expires_at - now + 1 <= LATEST + 1:
        raise invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session "
                      "creation.", param="expires_at")  # fmt: skip
    if not given.get("success_url"):
        raise invalid("You must provide `success_url`.", param="success_url", code="parameter_missing")
    key = new_id("cs")
    session: Thing = {
        **empty("checkout.session"),
        "id": key,
        "object": KIND,
        "allowed_payment_method_types": given.get("allowed_payment_method_types"),
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": "if_required",
        "expires_at": expires_at,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given.get("metadata") or {},
        "mode": "payment",
        "payment_method_types": given.get("allowed_payment_method_types") or ["card", "link"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "success_url": given["success_url"],
        "ui_mode": "hosted_page",
        "url": f"{world.address}/_sandbox/checkout/{key}",
    }
    world.shelf.put("session_terms", key, {"of_the_intent": given.get("payment_intent_data") or {}})
    return world.shelf.put(KIND, key, session)


def retrieve(world: World, call: Call) -> Thing:
    """One session as it is now."""
    return current(world, call.ids["session"])


def expire(world: World, call: Call) -> Thing:
    """Shut an open session: its page takes no card any more. Raises 400 once it is complete or expired."""
    session = retrieve(world, call)
    if session["status"] != "open":
        raise unexpected(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`."
        )
    _expire(world, session, call=call)
    return session


def current(world: World, key: str) -> Thing:
    """A session by its id, expired if its time is over. Raises 404."""
    session = world.shelf.get(KIND, key, param="session")
    if session["status"] == "open" and world.clock.seconds() >= session["expires_at"]:
        _expire(world, session)
    return session


def pay(world: World, key: str, *, number: str) -> str | None:
    """A card is typed in on the page; says why it was refused, or None once the session is complete.

    Raises 400 where the session is not open, or for a number that is no test card.
    """
    session, card = current(world, key), CARDS.get(number)
    if session["status"] != "open":
        raise unexpected(f"This Checkout Session is {session['status']}.")
    if card is None:
        raise invalid(f"Invalid test card number: {number}", param="card[number]")
    intent = _intent(world, session)
    call = Call("POST", f"/_sandbox/checkout/{key}", {})
    method = payment_methods.typed_in(world, card)
    refusal = judge(card, amount=intent["amount"]).refusal
    if refusal is not None:
        outcomes.refuse_saved_card(world, intent, method, card, refusal, call=call)
        return refusal.message
    outcomes.approve_saved_card(world, intent, method, card, call=call)
    paid = "unpaid" if outcomes.is_manual(intent) else "paid"
    session.update(status="complete", payment_status=paid, url=None)
    world.shelf.touch(KIND, key)
    world.tell("checkout.session.completed", session, call=call)
    return None


def _intent(world: World, session: Thing) -> Thing:
    """The intent of a session, made when a card is first typed in (API 2022-08-01 and later)."""
    if session["payment_intent"] is not None:
        return world.shelf.get(intent_terms.KIND, session["payment_intent"], param="intent")
    terms = (world.shelf.find("session_terms", session["id"]) or {})["of_the_intent"]
    intent = intent_terms.blank(world, currency=session["currency"], amount=session["amount_total"])
    given = {**terms, "allowed_payment_method_types": session["allowed_payment_method_types"]}
    intent_terms.fill(world, intent, given)
    world.shelf.put(intent_terms.KIND, intent["id"], intent)
    world.tell("payment_intent.created", intent)
    session["payment_intent"] = intent["id"]
    world.shelf.touch(KIND, session["id"])
    return intent


def _expire(world: World, session: Thing, *, call: Call | None = None) -> None:
    session.update(status="expired", url=None)
    world.shelf.touch(KIND, session["id"])
    intent = world.shelf.find(intent_terms.KIND, session["payment_intent"]) if session["payment_intent"] else None
    if intent is not None and intent["status"] == "requires_payment_method":
        outcomes.release(world, intent, reason="automatic", call=call)
    world.tell("checkout.session.expired", session, call=call)


def _amount(given: Thing) -> tuple[str, int]:
    if given["mode"] != "payment":
        raise invalid("This stand-in serves sessions of mode payment only.", param="mode")
    items: Any = given.get("line_items") or []
    prices = [item.get("price_data") or {} for item in items]
    if not items or any(price.get("unit_amount") is None or not price.get("currency") for price in prices):
        raise invalid("line_items need price_data with currency and unit_amount.", param="line_items")
    currency = checked_currency(prices[0]["currency"])
    amount = sum(price["unit_amount"] * (item.get("quantity") or 1) for item, price in zip(items, prices, strict=True))
    check_amount(amount, currency=currency)
    return currency, amount
