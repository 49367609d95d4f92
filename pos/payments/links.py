"""A link to a page of Stripe's, which the shopper opens at home to pay: made, watched, withdrawn.

A link is good for Stripe's 24 hours. What is paid there is a hold like any other, which the shop captures once the sale
is written; the session only says which intent to ask about.
"""

import logging

from pos.models import PaymentState
from pos.payments import lease, outcome, record
from pos.payments.answers import Kind, LinkAnswer, Refusal
from pos.payments.journal import Journal
from pos.payments.record import Facts
from pos.payments.reduce import OPEN, Verdict
from pos.shop import Shop

log = logging.getLogger(__name__)

ASK = "open_link"
EXPIRED = "link_expired"


def send(shop: Shop, *, payment_id: str) -> PaymentState:
    """Have the page of a queued payment made: the same key until Stripe has answered. Raises Unknown.

    After a stumble the key is a new one. Had that stumble made a page all the same, nobody is ever told its address.
    """
    with lease.holding(shop, payment_id=payment_id) as mine:
        facts = record.facts(shop, payment_id=payment_id)
        if not mine or facts.state is not PaymentState.QUEUED or facts.known.cancel_why is not None:
            return facts.state
        answer = _ask(shop, facts)
        if isinstance(answer, Refusal):
            if answer.kind is not Kind.REFUSED:
                record.note_reason(shop, facts, reason=f"stripe_{answer.code}")
                return facts.state
            log.error("no pay link for order %s: %s", facts.order_code, answer.code)
            record.move(shop, facts, Verdict(PaymentState.CANCELLED, f"stripe_{answer.code}"))
        else:
            record.note_link(shop, facts, link_id=answer.id, url=answer.url or "")
        return record.facts(shop, payment_id=payment_id).state


def find_out(shop: Shop, *, payment_id: str) -> PaymentState:
    """Ask whether somebody has paid by the link, or its time is over; safe any number of times. Raises Unknown."""
    facts = record.facts(shop, payment_id=payment_id)
    if facts.known.intent_id is not None or facts.link_id is None or facts.state not in OPEN:
        return outcome.find_out(shop, payment_id=payment_id)
    answer = shop.terminal.fetch_link(Journal(shop, payment_id=payment_id), link_id=facts.link_id)
    return facts.state if isinstance(answer, Refusal) else _as_seen(shop, facts, answer)


def withdraw(shop: Shop, *, payment_id: str) -> PaymentState:
    """Shut the page of a link that is wanted no more; what was paid there first is paid. Raises Unknown."""
    facts = record.facts(shop, payment_id=payment_id)
    if facts.link_id is None:  # nobody was ever told an address
        record.move(shop, facts, Verdict(PaymentState.CANCELLED, facts.known.cancel_why))
        return record.facts(shop, payment_id=payment_id).state
    state = find_out(shop, payment_id=payment_id)
    if state not in OPEN or record.facts(shop, payment_id=payment_id).known.intent_id is not None:
        return state
    journal = Journal(shop, payment_id=payment_id)
    # A refusal is kept by Stripe under its key for a day: after one the next try needs a new key.
    key = f"link:{payment_id}:expire:{journal.refusals('expire_link')}"
    answer = shop.terminal.expire_link(journal, link_id=facts.link_id, key=key)
    if isinstance(answer, Refusal):
        if answer.code != "resource_missing":
            return find_out(shop, payment_id=payment_id)
        log.error("Stripe knows no link %s: payment %s is cancelled", facts.link_id, payment_id)
        record.move(shop, facts, Verdict(PaymentState.CANCELLED, "link_unknown"))
        return record.facts(shop, payment_id=payment_id).state
    return _as_seen(shop, facts, answer)


def _ask(shop: Shop, facts: Facts) -> LinkAnswer | Refusal:
    journal = Journal(shop, payment_id=facts.id)
    stumbles = journal.stumbles(ASK)
    public = shop.settings.public
    return shop.terminal.open_link(
        journal,
        key=f"order:{facts.order_id}:{facts.part}:{facts.round}:link" + (f":{stumbles}" if stumbles else ""),
        amount_minor=facts.known.amount_minor,
        currency=facts.known.currency,
        name=f"Order {facts.order_code}",
        metadata=facts.marks,
        locale=facts.language,
        paid_url=f"{public}/link-paid?lang={facts.language}",
        later_url=f"{public}/link-later?lang={facts.language}",
    )


def _as_seen(shop: Shop, facts: Facts, link: LinkAnswer) -> PaymentState:
    if link.status == "complete" and link.intent_id is not None:
        record.note_intent(shop, facts, intent_id=link.intent_id)
        return outcome.find_out(shop, payment_id=facts.id)
    if link.status == "expired":
        record.move(shop, facts, Verdict(PaymentState.CANCELLED, facts.known.cancel_why or EXPIRED))
        return record.facts(shop, payment_id=facts.id).state
    return facts.state
