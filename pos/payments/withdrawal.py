"""Cancelling a payment that nobody has paid. A card that was authorised first has paid: then the sale goes on."""

import logging

from pos.ids import new_id
from pos.models import Method, PaymentState
from pos.payments import charging, lease, links, outcome, record
from pos.payments.answers import Kind, ReaderAnswer, Refusal
from pos.payments.journal import Journal
from pos.payments.outcome import Look
from pos.payments.record import Facts
from pos.payments.reduce import GIVEN_UP, MISMATCH, OPEN, Verdict
from pos.shop import Shop

log = logging.getLogger(__name__)


def cancel(shop: Shop, *, payment_id: str) -> PaymentState:
    """Take a payment off its reader and close its intent, as far as that can be done now; ask again until it is over.

    The reader is cleared only while it shows this very payment, and not while a card is being authorised. An
    authorisation that came first wins. Raises Unknown.
    """
    with lease.holding(shop, payment_id=payment_id) as mine:
        facts = record.facts(shop, payment_id=payment_id)
        if not mine or facts.state not in OPEN:
            return facts.state
        if facts.known.intent_id is None and facts.method is Method.SAVED_CARD:
            return charging.give_up(shop, payment_id=payment_id)
        if facts.known.intent_id is None and facts.method is Method.LINK:
            return links.withdraw(shop, payment_id=payment_id)
        if facts.known.intent_id is None:
            return _never_sent(shop, facts)
        if not _off_the_reader(shop, facts):
            return facts.state
        return _close_unless_paid(shop, facts)


def release(shop: Shop, *, payment_id: str) -> PaymentState:
    """Release the hold of an authorised payment that was given up (record.give_up); ask again until Stripe says so.

    Only Stripe's word that the intent is canceled moves it. Money that was taken meanwhile stays taken. Raises Unknown.
    """
    with lease.holding(shop, payment_id=payment_id) as mine:
        facts = record.facts(shop, payment_id=payment_id)
        given_up = facts.state is PaymentState.AUTHORISED and facts.known.cancel_why in GIVEN_UP
        return outcome.close(shop, facts) if mine and given_up else facts.state


def _never_sent(shop: Shop, facts: Facts) -> PaymentState:
    """No reader was ever given it, so nobody can pay it, even if an intent was made whose answer was lost."""
    record.move(shop, facts, Verdict(PaymentState.CANCELLED, facts.known.cancel_why))
    return record.facts(shop, payment_id=facts.id).state


def _off_the_reader(shop: Shop, facts: Facts) -> bool:
    """Whether this payment is not on the reader any more; False: wait, a card may be in the middle of it."""
    if not facts.attempts:
        return True
    journal = Journal(shop, payment_id=facts.id)
    reader = shop.terminal.fetch_reader(journal, reader_id=facts.reader_id)
    if isinstance(reader, Refusal):
        return reader.kind is Kind.REFUSED
    if not _shows(reader, facts):  # another till's payment is never cleared from here
        return True
    answer = shop.terminal.cancel_action(journal, reader_id=facts.reader_id, key=f"clear:{new_id()}")
    if isinstance(answer, ReaderAnswer):
        return True
    # An offline or broken reader cannot be cleared; the closed intent then refuses a late card.
    return answer.kind is Kind.REFUSED and answer.code != "terminal_reader_busy"


def _shows(reader: ReaderAnswer, facts: Facts) -> bool:
    action = reader.action
    return action is not None and action.intent_id == facts.known.intent_id and action.status == "in_progress"


def _close_unless_paid(shop: Shop, facts: Facts) -> PaymentState:
    journal, intent_id = Journal(shop, payment_id=facts.id), facts.known.intent_id
    assert intent_id is not None
    intent = shop.terminal.fetch_intent(journal, intent_id=intent_id)
    state = outcome.apply(shop, payment_id=facts.id, look=Look(facts.attempts, intent))
    if state not in OPEN:
        return state
    if isinstance(intent, Refusal):
        return _forget(shop, facts) if intent.code == "resource_missing" else state
    return state if intent.status == "succeeded" else outcome.close(shop, facts)


def _forget(shop: Shop, was: Facts) -> PaymentState:
    """Stripe answers, and knows no such intent (the key of another account, say): there is nothing left to close.

    Should a card have paid it where we cannot look: nothing is taken, as only we capture, and such a hold expires.
    """
    facts = record.facts(shop, payment_id=was.id)
    wanted = facts.known.cancel_why is not None and facts.state in OPEN
    if not wanted or facts.known.reason == MISMATCH or not _key_works(shop, facts):
        return facts.state
    log.error("Stripe knows no intent %s: payment %s is cancelled", facts.known.intent_id, facts.id)
    record.move(shop, facts, Verdict(PaymentState.CANCELLED, "intent_unknown", charge_id=facts.known.charge_id))
    return record.facts(shop, payment_id=facts.id).state


def _key_works(shop: Shop, facts: Facts) -> bool:
    """Whether Stripe shows anything else to our key: its reader, or the list of readers."""
    reader = facts.reader_id and shop.terminal.fetch_reader(
        Journal(shop, payment_id=facts.id), reader_id=facts.reader_id
    )
    return isinstance(reader, ReaderAnswer) or not isinstance(shop.terminal.readers(), Refusal)
