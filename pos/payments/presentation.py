"""Bringing a payment to its reader: one intent, however often it is asked for; one try at a time."""

import logging

from pos.errors import Unknown
from pos.models import AttemptState, PaymentState
from pos.payments import lease, outcome, record, saved_cards
from pos.payments.answers import IntentAnswer, Kind, ReaderAnswer, Refusal
from pos.payments.journal import Journal
from pos.payments.record import Facts
from pos.payments.reduce import Verdict, not_sent, reduce
from pos.shop import Shop

log = logging.getLogger(__name__)

MOST_SENDS = 3  # of one intent to a reader that does not answer, before the shopper is asked (Stripe: 2-3 times)
MAYBE_DELIVERED = {"terminal_reader_timeout", "no_answer"}


def dispatch(shop: Shop, *, payment_id: str) -> PaymentState:
    """Show a queued payment at its reader: make its intent or take the one it has, and ask the reader.

    No transaction is open while Stripe is asked. Nothing is raised for what Stripe or the reader said: that is in the
    payment's state and reason. Of several workers one does it; the others get the state as it is. Raises Unknown.
    """
    with lease.holding(shop, payment_id=payment_id) as mine:
        facts = record.facts(shop, payment_id=payment_id)
        if not mine or facts.state is not PaymentState.QUEUED or facts.known.cancel_why is not None:
            return facts.state
        if record.reader_in_use(shop, facts):
            record.note_reason(shop, facts, reason="reader_taken")  # it waits: sending it would push the other one off
            return facts.state
        if facts.known.intent_id is None and not _make_intent(shop, facts):
            return record.facts(shop, payment_id=payment_id).state
        return _present(shop, payment_id=payment_id)


def _make_intent(shop: Shop, facts: Facts) -> bool:
    journal = Journal(shop, payment_id=facts.id)
    customer = saved_cards.customer_for(shop, journal, facts)
    answer = customer if isinstance(customer, Refusal) else _ask_for_intent(shop, journal, facts, customer_id=customer)
    if isinstance(answer, Refusal) and (answer.code == "idempotency_error" or answer.kind is Kind.FAULT):
        # The key was used with other words (another version of the shop), or Stripe stumbled: the intent may exist.
        answer = _search(shop, journal, facts) or answer
    if isinstance(answer, Refusal):
        if answer.kind in (Kind.NO_ANSWER, Kind.BUSY):
            record.note_reason(shop, facts, reason=f"stripe_{answer.code}")  # asked again soon, with the same key
        else:
            record.move(shop, facts, not_sent(answer))
        return False
    record.note_intent(shop, facts, intent_id=answer.id, keeps_card=answer.keeps_card)
    wrong = _wrong_with(answer, facts)
    if wrong is not None:
        log.error("intent %s of payment %s: %s", answer.id, facts.id, wrong)
        record.want_cancel(shop, payment_id=facts.id, why=wrong, by="shop")
    return wrong is None


def _ask_for_intent(shop: Shop, journal: Journal, facts: Facts, *, customer_id: str | None) -> IntentAnswer | Refusal:
    """Ask with the same key each time; a payment is given up within the hour, long before Stripe forgets it (24 h).

    Stripe repeats a stumble (5xx) under its key for a day, so after one the key is a new one. Had that stumble made an
    intent all the same, nobody is ever shown it, and nobody can pay it.
    """
    part = facts.part if facts.round == 1 else f"{facts.part}:{facts.round}"
    stumbles = journal.stumbles("create_intent")
    return shop.terminal.create_intent(
        journal,
        key=f"order:{facts.order_id}:{part}" + (f":{stumbles}" if stumbles else ""),
        amount_minor=facts.known.amount_minor,
        currency=facts.known.currency,
        description=f"Order {facts.order_code}",
        metadata=facts.marks,
        customer_id=customer_id,
    )


def _search(shop: Shop, journal: Journal, facts: Facts) -> IntentAnswer | Refusal | None:
    found = shop.terminal.find_intents(journal, payment_id=facts.id)
    if isinstance(found, Refusal):
        return found
    ours = [intent for intent in found if intent.payment_id == facts.id and intent.status != "canceled"]
    return ours[0] if ours else None


def _wrong_with(intent: IntentAnswer, facts: Facts) -> str | None:
    """What is not as it was asked for, if anything: Stripe leaves out payment types without a word."""
    if "card_present" not in intent.takes:
        return "stripe_no_card_present"
    if intent.capture_method != "manual":
        return "stripe_capture_method"
    if (intent.amount, intent.currency) != (facts.known.amount_minor, facts.known.currency.lower()):
        return "stripe_amount"
    return None


def _present(shop: Shop, *, payment_id: str) -> PaymentState:
    for _ in range(MOST_SENDS):
        facts = record.facts(shop, payment_id=payment_id)
        if facts.state is not PaymentState.QUEUED:
            return facts.state
        if waits_for := _held_up(shop, facts):
            record.note_reason(shop, facts, reason=waits_for)
            return facts.state
        attempt_id = _try_of(shop, facts)
        if attempt_id is None:
            if record.reader_in_use(shop, facts):
                record.note_reason(shop, facts, reason="reader_taken")
            return record.facts(shop, payment_id=payment_id).state
        state = _send(shop, payment_id=payment_id, attempt_id=attempt_id)
        if state is not None:
            return state
    facts = record.facts(shop, payment_id=payment_id)
    record.move(shop, facts, Verdict(PaymentState.DECLINED, "reader_timeout", charge_id=facts.known.charge_id))
    return record.facts(shop, payment_id=payment_id).state


def _held_up(shop: Shop, facts: Facts) -> str | None:
    """Why the reader is not asked yet: another system of the same Stripe account shows its own payment there.

    Stripe lets a payment nobody has tapped for be replaced without a word, and whoever stands there would pay ours.
    What an earlier payment of this shop left behind is nobody's any more; clearing.py takes off what hangs.
    """
    reader = shop.terminal.fetch_reader(None, reader_id=facts.reader_id)
    if isinstance(reader, Refusal):
        return f"stripe_{reader.code}" if _unseen(reader) else None  # a clear no is the command's to say
    shown = reader.action
    if shown is None or not shown.wants_a_card:
        return None
    if shown.type == "process_payment_intent" and record.is_ours(shop, intent_id=shown.intent_id or ""):
        return None
    Journal(shop, payment_id=facts.id).looked("fetch_reader", reader)
    return "reader_taken"


def _try_of(shop: Shop, facts: Facts) -> str | None:
    """The try to send: a new one, or one whose sender died, with its own key, unless the reader already has it."""
    if facts.attempt_state is not AttemptState.QUEUED:
        return record.begin_try(shop, facts)
    if outcome.find_out(shop, payment_id=facts.id) is not PaymentState.QUEUED:
        return None
    return facts.attempt_id


def _send(shop: Shop, *, payment_id: str, attempt_id: str) -> PaymentState | None:
    """Ask the reader once; None where it surely did not get it and may be asked again."""
    facts = record.facts(shop, payment_id=payment_id)
    intent_id = facts.known.intent_id
    if intent_id is None:
        raise Unknown("intent", payment_id)
    answer = shop.terminal.present(
        Journal(shop, payment_id=payment_id),
        reader_id=facts.reader_id,
        intent_id=intent_id,
        key=attempt_id,
        keeps_card=facts.saved_card_id is not None,
    )
    if isinstance(answer, ReaderAnswer):
        return _sent(shop, facts, answer)
    if answer.kind is Kind.BUSY:
        return facts.state  # nothing was done; the same try is sent again soon
    return _not_answered(shop, facts, answer)


def _sent(shop: Shop, facts: Facts, answer: ReaderAnswer) -> PaymentState:
    verdict = reduce(facts.known, None, answer)
    if verdict.state is not PaymentState.DISPATCHED:  # already over, or already another's: the intent says which
        verdict = Verdict(PaymentState.DISPATCHED, charge_id=facts.known.charge_id)
        record.move(shop, facts, verdict)
        return outcome.find_out(shop, payment_id=facts.id)
    record.move(shop, facts, verdict)
    return record.facts(shop, payment_id=facts.id).state


def _not_answered(shop: Shop, facts: Facts, refusal: Refusal) -> PaymentState | None:
    """A refusal may be a false one: what the reader and the intent say counts more (stripe_terminal.md §2.3)."""
    seen = outcome.look(shop, facts)
    state = outcome.apply(shop, payment_id=facts.id, look=seen)
    if state is not PaymentState.QUEUED:
        return state
    if _unseen(seen.intent) or _unseen(seen.reader):
        verdict = Verdict(PaymentState.UNKNOWN, refusal.code, charge_id=facts.known.charge_id)
    elif refusal.code in MAYBE_DELIVERED or refusal.kind is Kind.FAULT:
        record.fail_try(shop, facts, reason=refusal.code)
        return None
    else:
        verdict = not_sent(refusal)
    record.move(shop, facts, verdict)
    return record.facts(shop, payment_id=facts.id).state


def _unseen(answer: IntentAnswer | ReaderAnswer | Refusal | None) -> bool:
    """Whether a look showed nothing; a clear no (there is no such reader) shows enough."""
    return answer is None or (isinstance(answer, Refusal) and answer.kind is not Kind.REFUSED)
