"""Charges and what they leave on the balance."""

import hashlib
from typing import Final

from pos.sandbox.stripe.blanks import empty
from pos.sandbox.stripe.cards import Card, Refusal
from pos.sandbox.stripe.errors import Thing
from pos.sandbox.stripe.listing import filters, page, search
from pos.sandbox.stripe.payment_methods import BLANK_BILLING, Presented, fingerprint
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.world import Call, World

_OF_THE_INTENT: Final = (
    "amount",
    "currency",
    "customer",
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
)


def make(world: World, intent: Thing, *, method: Thing, details: Thing, refusal: Refusal | None, manual: bool) -> Thing:
    """The charge of one attempt on an intent: approved (held or taken) or refused by the issuer."""
    taken = refusal is None and not manual
    charge: Thing = {
        **empty("charge"),
        **{name: intent[name] for name in _OF_THE_INTENT},
        "id": new_id("ch"),
        "object": "charge",
        "amount_captured": intent["amount"] if taken else 0,
        "amount_refunded": 0,
        "billing_details": dict(BLANK_BILLING),
        "calculated_statement_descriptor": intent["statement_descriptor_suffix"] or "VITRINE",
        "captured": taken,
        "created": world.clock.seconds(),
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": _outcome(refusal),
        "paid": refusal is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details,
        "refunded": False,
        "status": "failed" if refusal else "succeeded",
    }
    if refusal is not None:
        charge.update(failure_code=refusal.code, failure_message=refusal.message)
    world.shelf.put("charge", charge["id"], charge)
    if taken:
        book(world, charge)
    return charge


def card_present_details(
    world: World, intent: Thing, presented: Presented, *, refusal: Refusal | None, manual: bool, reader: Thing
) -> Thing:
    """payment_method_details of a card at a reader, with what its receipt must show."""
    card = presented.card
    shown: Thing = {
        **empty("card_present"),
        "amount_authorized": intent["amount"] if refusal is None else None,
        "brand": card.brand,
        "country": card.country,
        "emv_auth_data": "8A02" + ("3030" if refusal is None else "3035"),
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "incremental_authorization_supported": False,
        "last4": card.last4,
        "network": card.brand,
        "network_transaction_id": _figures(intent["id"], 15),
        "overcapture_supported": False,
        "preferred_locales": ["en"],
        "read_method": presented.read_method,
        "reader": reader["id"],
        "receipt": receipt(intent, presented, refusal=refusal),
    }
    if reader["location"] is not None:
        shown["location"] = reader["location"]
    if manual and refusal is None:
        shown["capture_before"] = world.clock.seconds() + int(world.settings.capture_within)
    if presented.wallet is not None:
        shown["wallet"] = {"type": presented.wallet}
    return {"type": "card_present", "card_present": shown}


def receipt(intent: Thing, presented: Presented, *, refusal: Refusal | None) -> Thing:
    """What the card schemes want on paper (docs.stripe.com/terminal/features/receipts)."""
    card = presented.card
    seed = f"{intent['id']}{card.number}{intent['latest_charge']}"
    return {
        "account_type": "checking" if card.funding == "debit" else "credit",
        "application_cryptogram": hashlib.sha256(seed.encode()).hexdigest()[:16].upper(),
        "application_preferred_name": card.application,
        "authorization_code": _figures(seed, 6) if refusal is None else None,
        "authorization_response_code": "3030" if refusal is None else "3035",
        "cardholder_verification_method": presented.cvm,
        "dedicated_file_name": card.aid,
        "terminal_verification_results": "0000008000" if presented.cvm == "none" else "0000000000",
        "transaction_status_information": "E800" if presented.read_method == "contact_emv" else "0000",
    }


def card_details(intent: Thing, card: Card, *, refusal: Refusal | None) -> Thing:
    """payment_method_details of a saved card charged without its holder."""
    shown: Thing = {
        "amount_authorized": intent["amount"] if refusal is None else None,
        "authorization_code": _figures(intent["id"], 6) if refusal is None else None,
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": None},
        "country": card.country,
        "electronic_commerce_indicator": None,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "network": card.brand,
        "network_transaction_id": _figures(intent["id"], 15),
        "regulated_status": "unregulated",
        "transaction_link_id": None,
        "wallet": None,
    }
    return {"type": "card", "card": shown}


def book(world: World, charge: Thing) -> None:
    """Put the captured amount on the balance, less a fee of 1.4 % and 10 in the smallest unit."""
    fee = round(charge["amount_captured"] * 0.014) + 10
    entry = balance_entry(world, charge, kind="charge", amount=charge["amount_captured"], fee=fee)
    charge["balance_transaction"] = entry["id"]
    world.shelf.touch("charge", charge["id"])


def balance_entry(world: World, source: Thing, *, kind: str, amount: int, fee: int = 0) -> Thing:
    """One line of the balance. amount and fee are in the smallest unit; a refund's amount is negative."""
    now = world.clock.seconds()
    detail = {"amount": fee, "application": None, "currency": source["currency"],
              "description": "Stripe processing fees", "type": "stripe_fee"}  # fmt: skip
    entry: Thing = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 7 * 24 * 3600,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [detail] if fee else [],
        "net": amount - fee,
        "reporting_category": kind,  # of these three kinds the category has the name of the type
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
    return world.shelf.put("balance_transaction", entry["id"], entry)


def retrieve(world: World, call: Call) -> Thing:
    """One charge."""
    return world.shelf.get("charge", call.ids["charge"], param="id")


def listed(world: World, call: Call) -> Thing:
    """Charges, newest first."""
    return page(world, call, "charge", keep=filters(call, "customer", "payment_intent"))


def searched(world: World, call: Call) -> Thing:
    """Charges that fit a query."""
    return search(world, call, "charge")


def balance_lines(world: World, call: Call) -> Thing:
    """What came to the balance and left it, newest first."""
    return page(world, call, "balance_transaction", keep=filters(call, "currency", "source", "type"))


def balance_line(world: World, call: Call) -> Thing:
    """One line of the balance."""
    return world.shelf.get("balance_transaction", call.ids["id"], param="id")


def _outcome(refusal: Refusal | None) -> Thing:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": "05" if refusal else None,
        "network_status": "declined_by_network" if refusal else "approved_by_network",
        "reason": (refusal.decline_code or refusal.code) if refusal else None,
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details with this decline."
        if refusal
        else "Payment complete.",
        "type": "issuer_declined" if refusal else "authorized",
    }


def _figures(seed: str, count: int) -> str:
    return str(int(hashlib.sha256(seed.encode()).hexdigest(), 16))[-count:]
