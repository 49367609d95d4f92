"""Stripe knocks: proof of who it is, once for each event, and a bell for whoever looks after the payment.

What an event says of a payment is never believed: it may be old, out of order or for an earlier try. It only says which
payment to ask Stripe about, so a webhook that never comes costs time and nothing else.
"""

import logging

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from pos.db import Writing
from pos.models import Payment, RefundPart, RefundState, StripeEvent
from pos.payments import record, roads
from pos.payments.answers import EventAnswer
from pos.shop import Shop, wake

log = logging.getLogger(__name__)


def receive(shop: Shop, *, raw: bytes, signature: str) -> None:
    """Take in one webhook: raw is the body as it came, signature its Stripe-Signature header.

    Signed with any of the shop's secrets (two while one is replaced), at most 300 s ago, at most 256 KiB. An event that
    comes again is counted and nothing else. Raises NotAllowed for anything else.
    """
    event = shop.terminal.event(raw=raw, signature=signature)
    if event.live != shop.settings.stripe_live:
        log.warning("event %s is of the other mode (live: %s): left alone", event.id, event.live)
        return
    try:
        with shop.jot() as tx:
            _keep(tx, event)
    except IntegrityError:  # the same event at the same moment, by another door: that one rang the bell
        log.info("event %s came twice at once", event.id)


def _keep(tx: Writing, event: EventAnswer) -> None:
    again = update(StripeEvent).where(col(StripeEvent.id) == event.id)
    if tx.exec(again.values(deliveries=StripeEvent.deliveries + 1)).rowcount:
        return
    tx.add(
        StripeEvent(
            id=event.id, type=event.type[:80], object_id=event.link_id or event.intent_id or "", received_at=tx.now()
        )
    )
    if event.refund_id is not None:
        _look_at(tx, event)
    if event.intent_id is None and event.link_id is None:
        return
    ours = Payment.link_id == event.link_id if event.link_id else Payment.intent_id == event.intent_id
    desk = tx.exec(select(record.DESK).where(ours)).first()
    if desk is not None:
        record.ring(tx, desk=desk)


def _look_at(tx: Writing, event: EventAnswer) -> None:
    """Stripe has something to say of a part of a refund: it is looked at now, also if it was done."""
    ours = or_(col(RefundPart.stripe_refund_id) == event.refund_id, col(RefundPart.id) == event.part_id)
    tx.exec(update(RefundPart).where(ours, col(RefundPart.state) != RefundState.FAILED).values(look_at=tx.now()))
    wake(tx, roads.BELL)
