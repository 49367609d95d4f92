"""Charging a kept card, with nobody at a reader: asked for once, however often the question is put.

The charge is a hold like any other: the shop captures it once the sale is written. A refusal ends the payment, and the
order says “balance due” again; nobody stands there who could try another card.
"""

import logging
from datetime import timedelta

from pos.models import PaymentState, SavedCard
from pos.payments import lease, outcome, record
from pos.payments.answers import IntentAnswer, Kind, Refusal
from pos.payments.journal import Journal
from pos.payments.outcome import Look
from pos.payments.record import Facts
from pos.payments.reduce import OPEN, Verdict
from pos.shop import Shop

log = logging.getLogger(__name__)

ASK = "charge_kept_card"
# After this a question that left no intent at Stripe never arrived there, or was undone: its last try ends after 75 s,
# and the library tries three times.
SURE = timedelta(minutes=5)


def charge(shop: Shop, *, payment_id: str) -> PaymentState:
    """Charge the kept card of a payment, or find out what became of it; safe any number of times.

    No answer: the same question is put again, with the same key, which is the same charge. Did Stripe stumble over it,
    it is not put again; the customer's intents tell. Raises Unknown.
    """
    with lease.holding(shop, payment_id=payment_id) as mine:
        facts = record.facts(shop, payment_id=payment_id)
        if facts.known.intent_id is not None:
            return outcome.find_out(shop, payment_id=payment_id)
        if not mine or facts.state not in OPEN or facts.known.cancel_why is not None:
            return facts.state
        journal = Journal(shop, payment_id=payment_id)
        if journal.leaves_open(ASK):
            return _search(shop, journal, facts)
        answer = _ask(shop, journal, facts)
        return _refused(shop, journal, facts, answer) if isinstance(answer, Refusal) else _adopt(shop, facts, answer)


def give_up(shop: Shop, *, payment_id: str) -> PaymentState:
    """The charge is not wanted any more, and it is not known whether it was made; a charge that was made is paid."""
    facts = record.facts(shop, payment_id=payment_id)
    journal = Journal(shop, payment_id=payment_id)
    if journal.first_asked(ASK) is not None:
        return _search(shop, journal, facts)
    return _end(shop, facts, reason=facts.known.cancel_why or "asked")


def _ask(shop: Shop, journal: Journal, facts: Facts) -> IntentAnswer | Refusal:
    with shop.read() as look:
        card = look.get_one(SavedCard, facts.saved_card_id)
    return shop.terminal.charge_kept_card(
        journal,
        key=f"order:{facts.order_id}:{facts.part}:{facts.round}:kept",
        amount_minor=facts.known.amount_minor,
        currency=facts.known.currency,
        description=f"Order {facts.order_code}",
        metadata=facts.marks,
        customer_id=card.customer_id or "",
        method_id=card.method_id or "",
    )


def _refused(shop: Shop, journal: Journal, facts: Facts, answer: Refusal) -> PaymentState:
    if answer.intent_id is not None:  # the card was refused, in an intent that is still open
        record.note_intent(shop, facts, intent_id=answer.intent_id)
        return outcome.find_out(shop, payment_id=facts.id)
    if answer.kind is Kind.BUSY:
        record.note_reason(shop, facts, reason=f"stripe_{answer.code}")  # not done; asked again soon
        return facts.state
    if answer.kind is Kind.NO_ANSWER:
        record.move(shop, facts, Verdict(PaymentState.UNKNOWN, answer.code))
        return record.facts(shop, payment_id=facts.id).state
    if answer.kind is Kind.FAULT or answer.code == "idempotency_error":
        return _search(shop, journal, facts, reason=answer.code)
    log.error("the kept card of order %s cannot be charged: %s", facts.order_code, answer.code)
    return _end(shop, facts, reason=f"stripe_{answer.code}")


def _adopt(shop: Shop, facts: Facts, intent: IntentAnswer) -> PaymentState:
    record.note_intent(shop, facts, intent_id=intent.id)
    return outcome.apply(shop, payment_id=facts.id, look=Look(facts.attempts, intent))


def _search(shop: Shop, journal: Journal, facts: Facts, *, reason: str | None = None) -> PaymentState:
    """Look for the intent of a question whose answer says nothing; after a while, none is none."""
    with shop.read() as look:
        customer_id = look.get_one(SavedCard, facts.saved_card_id).customer_id or ""
    why = (reason or facts.known.reason or "no_answer").removeprefix("stripe_")
    found = shop.terminal.intents_of_customer(journal, customer_id=customer_id)
    if not isinstance(found, Refusal):
        for intent in found:
            if intent.payment_id == facts.id:
                return _adopt(shop, facts, intent)
        asked = journal.first_asked(ASK)
        if asked is None or shop.clock.now() - asked > SURE:
            return _end(shop, facts, reason=facts.known.cancel_why or f"stripe_{why}")
    waits = Verdict(PaymentState.UNKNOWN, why)
    if waits.says_more_than(facts.known):
        record.move(shop, facts, waits)
    return record.facts(shop, payment_id=facts.id).state


def _end(shop: Shop, facts: Facts, *, reason: str) -> PaymentState:
    """Nothing was charged, and that is sure."""
    record.move(shop, facts, Verdict(PaymentState.CANCELLED, reason))
    return record.facts(shop, payment_id=facts.id).state
