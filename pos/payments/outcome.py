"""Finding out how a payment stands, and taking the money once it is ours: ask Stripe, reduce, write down."""

from dataclasses import dataclass

from pos.ids import new_id
from pos.models import PaymentState
from pos.payments import record
from pos.payments.answers import IntentAnswer, ReaderAnswer, Refusal
from pos.payments.journal import Journal
from pos.payments.record import Facts
from pos.payments.reduce import FINAL, reduce
from pos.shop import Shop


@dataclass(frozen=True)
class Look:
    """What Stripe said of one try: the reader was asked first, the intent after it. None: not asked."""

    attempts: int  # the try it was asked about; what a reader says of an earlier one no longer counts
    intent: IntentAnswer | Refusal | None = None
    reader: ReaderAnswer | Refusal | None = None


def find_out(shop: Shop, *, payment_id: str, glance: bool = False) -> PaymentState:
    """Ask Stripe how a payment stands and write it down; safe from anywhere, any number of times, never backwards.

    glance: ask the reader alone while it still waits for a card; that saves half of the questions, but a reader that
    died in the middle looks the same, so every few glances need a full look.
    """
    facts = record.facts(shop, payment_id=payment_id)
    if facts.state in FINAL or facts.known.intent_id is None:
        return facts.state
    return apply(shop, payment_id=payment_id, look=look(shop, facts, glance=glance))


def look(shop: Shop, facts: Facts, *, glance: bool = False) -> Look:
    """Ask the reader, then the intent: the intent decides, so it must be the later answer."""
    journal, intent_id = Journal(shop, payment_id=facts.id), facts.known.intent_id
    if intent_id is None:
        return Look(facts.attempts)
    reader = shop.terminal.fetch_reader(journal, reader_id=facts.reader_id) if facts.attempts else None
    if glance and _still_waits(reader, intent_id=intent_id):
        return Look(facts.attempts, reader=reader)
    return Look(facts.attempts, shop.terminal.fetch_intent(journal, intent_id=intent_id), reader)


def apply(shop: Shop, *, payment_id: str, look: Look) -> PaymentState:
    """Reduce what was seen into the row, as often as somebody else moves the row in between."""
    while True:
        facts = record.facts(shop, payment_id=payment_id)
        reader = look.reader if facts.attempts == look.attempts else None
        verdict = reduce(facts.known, look.intent, reader)
        if not verdict.says_more_than(facts.known):
            return facts.state
        if record.move(shop, facts, verdict):
            return verdict.state


def capture(shop: Shop, *, payment_id: str) -> PaymentState:
    """Take the authorised amount; only after the sale is settled, which is the caller's to know (finish.carry_on).

    One key until Stripe has answered: asked twice, the money is taken once. Whatever comes back, the intent decides.
    """
    facts = record.facts(shop, payment_id=payment_id)
    if facts.state is not PaymentState.AUTHORISED or facts.known.reason is not None or facts.known.intent_id is None:
        return facts.state
    journal, intent_id = Journal(shop, payment_id=payment_id), facts.known.intent_id
    # A refusal is kept by Stripe under its key for a day: after a clear one the next try needs a new key.
    key = f"capture:{payment_id}:{journal.refusals('capture_intent')}"
    answer = shop.terminal.capture_intent(journal, intent_id=intent_id, key=key)
    if isinstance(answer, Refusal):
        answer = shop.terminal.fetch_intent(journal, intent_id=intent_id)
    return apply(shop, payment_id=payment_id, look=Look(facts.attempts, answer))


def close(shop: Shop, facts: Facts) -> PaymentState:
    """Close the intent, so that no late card can pay it; whatever comes back, the intent decides."""
    journal, intent_id = Journal(shop, payment_id=facts.id), facts.known.intent_id
    assert intent_id is not None
    answer = shop.terminal.cancel_intent(journal, intent_id=intent_id, key=f"cancel:{new_id()}")
    if isinstance(answer, Refusal):
        answer = shop.terminal.fetch_intent(journal, intent_id=intent_id)
    return apply(shop, payment_id=facts.id, look=Look(facts.attempts, answer))


def _still_waits(reader: ReaderAnswer | Refusal | None, *, intent_id: str) -> bool:
    action = reader.action if isinstance(reader, ReaderAnswer) else None
    return action is not None and action.intent_id == intent_id and action.status == "in_progress"
