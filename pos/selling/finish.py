"""Carrying a payment on, as far as it goes now: shown, found out, settled, captured; or cancelled and undone."""

import logging
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from pos.errors import RecordsTrouble, ShopError
from pos.models import Payment, PaymentState
from pos.models.payments import IN_THE_HOUSE
from pos.payments import intents, record, refund_parts
from pos.payments.record import Facts
from pos.payments.reduce import CANNOT_SETTLE, GIVEN_UP, OPEN, UNWOUND
from pos.selling import checkout, settle, unwinding
from pos.selling.sale import HELD
from pos.shop import Shop

log = logging.getLogger(__name__)


def carry_on(shop: Shop, *, payment_id: str, glance: bool = False) -> PaymentState:
    """Do the next things for a payment until it waits for somebody, or nothing is left to do; says its state.

    Safe to call from anywhere, any number of times and at the same time: each step is guarded where it is taken.
    A sale that cannot be written is let go: the hold on the card is released, nothing is taken. glance: a look at the
    reader alone is enough while it waits for a card. Raises RecordsTrouble, which is for the next try.
    """
    facts = record.facts(shop, payment_id=payment_id)
    if facts.finished:
        return facts.state
    state = _decide(shop, facts, glance=glance) if facts.state in OPEN else _ask_again(shop, facts)
    if state is PaymentState.AUTHORISED and facts.shares:
        _ask_the_others(shop, facts)
    if state is PaymentState.AUTHORISED:
        state = _settle_and_take(shop, payment_id=payment_id)
    if state is PaymentState.CAPTURED:
        _end_paid(shop, facts)
    if state is PaymentState.CANCELLED:
        _give_back(shop, facts)
    return state


def _decide(shop: Shop, facts: Facts, *, glance: bool) -> PaymentState:
    waited = shop.clock.now() - facts.waiting_since
    at_home = facts.link_id is not None  # Stripe ends a link by itself, after 24 hours
    if facts.known.cancel_why is None and not at_home and waited > timedelta(minutes=shop.settings.payment_minutes):
        record.want_cancel(shop, payment_id=facts.id, why="timed_out", by="shop")
        return intents.cancel(shop, payment_id=facts.id)
    if facts.known.cancel_why is not None:
        return intents.cancel(shop, payment_id=facts.id)
    if facts.state is PaymentState.QUEUED:
        state = intents.dispatch(shop, payment_id=facts.id)
    else:
        state = intents.find_out(shop, payment_id=facts.id, glance=glance)
    if state in OPEN and record.facts(shop, payment_id=facts.id).known.cancel_why is not None:
        return intents.cancel(shop, payment_id=facts.id)  # left on the reader just now, or a kept card was refused
    return state


def _ask_again(shop: Shop, facts: Facts) -> PaymentState:
    """An authorisation may have expired while nobody looked: the sale is settled only on one that stands."""
    if facts.state is PaymentState.AUTHORISED:
        return intents.find_out(shop, payment_id=facts.id)
    return facts.state


def _ask_the_others(shop: Shop, facts: Facts) -> None:
    """Of a part that is paid in several ways every hold must stand: a card may have been held long before this one."""
    held = select(Payment.id).where(
        Payment.order_id == facts.order_id,
        Payment.part == facts.part,
        Payment.id != facts.id,
        Payment.state == PaymentState.AUTHORISED,
        col(Payment.intent_id).is_not(None),
    )
    with shop.read() as look:
        others = list(look.exec(held))
    for payment_id in others:
        intents.find_out(shop, payment_id=payment_id)


def _settle_and_take(shop: Shop, *, payment_id: str) -> PaymentState:
    settled, cause = _settle(shop, payment_id=payment_id)
    facts = record.facts(shop, payment_id=payment_id)
    if not _is_settled(shop, payment_id=payment_id):
        given_up = facts.known.reason is not None or facts.known.cancel_why in GIVEN_UP
        if cause is None and not settled and not given_up:
            return _wait_for_the_rest(shop, facts)
        return _let_go(shop, facts, cause=cause)
    if refund_parts.is_all_given_back(shop, payment_id=payment_id):
        return facts.state  # what is only held is released, not taken first: pos/payments/refunds.py
    if facts.known.reason is not None:
        log.error("order %s is settled, but nothing is taken: %s", facts.order_code, facts.known.reason)
        return facts.state
    return intents.capture(shop, payment_id=payment_id)


def _settle(shop: Shop, *, payment_id: str) -> tuple[bool, Exception | None]:
    """Write the sale, unless it was given up already; says whether it is written, and why it cannot be.

    Neither: other payments of it are still to come. A full disk is not such a why.
    """
    facts = record.facts(shop, payment_id=payment_id)
    if facts.known.reason is not None or facts.known.cancel_why in GIVEN_UP:
        return False, None
    try:
        return settle.settle(shop, payment_id=payment_id), None
    except RecordsTrouble:
        raise
    except (ShopError, IntegrityError) as cause:
        # Taken back, or ended, while we were writing: then it is this one that goes, not the sale.
        now = record.facts(shop, payment_id=payment_id)
        gone = now.state not in HELD or now.known.cancel_why in GIVEN_UP
        return False, None if gone else cause


def _wait_for_the_rest(shop: Shop, facts: Facts) -> PaymentState:
    """Held, and the order is not covered yet: it waits for its other tenders, unless nobody goes on with them."""
    if unwinding.is_left_alone(shop, payment_id=facts.id):
        unwinding.unwind(shop, payment_id=facts.id, why=UNWOUND)
        log.warning("order %s was paid in part and left alone: its tenders go back", facts.order_code)
        return _release(shop, facts)
    return facts.state


def _let_go(shop: Shop, facts: Facts, *, cause: Exception | None) -> PaymentState:
    """No sale will come of this authorisation: the shopper gets the hold on the card back now, not in days.

    Where the sale itself cannot be written, the other tenders of it go back too.
    """
    why = type(cause).__name__ if cause else facts.known.reason or "order is not open"
    if cause is not None:
        given_up = unwinding.unwind(shop, payment_id=facts.id, why=CANNOT_SETTLE)
    else:
        given_up = record.give_up(shop, payment_id=facts.id, cause=why)
    if given_up:
        log.error(
            "order %s cannot be settled (%s): payment %s is let go", facts.order_code, why, facts.id, exc_info=cause
        )
    return _release(shop, facts)


def _release(shop: Shop, facts: Facts) -> PaymentState:
    """Stripe lets a held card go; cash waits for a hand (unwinding.cash_returned)."""
    if facts.method in IN_THE_HOUSE:
        return record.facts(shop, payment_id=facts.id).state
    return intents.release(shop, payment_id=facts.id)


def _end_paid(shop: Shop, facts: Facts) -> None:
    if not _is_settled(shop, payment_id=facts.id):
        _settle(shop, payment_id=facts.id)
    if not _is_settled(shop, payment_id=facts.id):
        log.error("payment %s is captured, but order %s is not settled: a person must look", facts.id, facts.order_code)
        return
    record.finish(shop, payment_id=facts.id)


def _give_back(shop: Shop, facts: Facts) -> None:
    if not _is_settled(shop, payment_id=facts.id):
        checkout.undo(shop, payment_id=facts.id)
    elif not refund_parts.is_all_given_back(shop, payment_id=facts.id):
        # Nothing more comes of it by asking again; the hand-over refuses it, and the doctor names it.
        log.error("order %s is settled, but its payment %s was cancelled before capture", facts.order_code, facts.id)
    record.finish(shop, payment_id=facts.id)


def _is_settled(shop: Shop, *, payment_id: str) -> bool:
    with shop.read() as look:
        return look.exec(select(Payment.receipt_no).where(Payment.id == payment_id)).first() is not None
