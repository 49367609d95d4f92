"""The door of this room: what an order asks for is written down here, and carried out by its other modules.

A screen writes an intent row and reads; it never waits for a reader. The back office calls dispatch, find_out, cancel
and capture. Whoever asks twice asks for the same thing.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pos.errors import WrongState
from pos.ids import new_id
from pos.models import Method, Order, Part, Payment, PaymentState, put
from pos.payments import charging, links, outcome, presentation, record
from pos.payments.clearing import force_clear
from pos.payments.outcome import capture
from pos.payments.reduce import OPEN
from pos.payments.withdrawal import cancel, release
from pos.shop import Shop

__all__ = [
    "ask_cancel",
    "cancel",
    "capture",
    "dispatch",
    "find_out",
    "force_clear",
    "open_payments",
    "release",
    "retry",
    "write_down",
]


def write_down(
    tx: Session,
    *,
    order: Order,
    part: Part,
    amount_minor: int,
    currency: str,
    device_id: str,
    at: datetime,
    reader_id: str | None = None,
    staff_id: str | None = None,
    round: int = 1,
    **tender: Any,
) -> Payment:
    """Ask for an amount (smallest unit), at a reader or by another way: part of the transaction that opens the order.

    round counts how often this part was asked for; a part has one undecided payment at a time, by the schema. tender
    is what the way of paying needs to know (columns of the payment).
    """
    payment = Payment(
        id=new_id(),
        order_id=order.id,
        part=part,
        round=round,
        reader_id=reader_id,
        device_id=device_id,
        staff_id=staff_id,
        amount_minor=amount_minor,
        currency=currency,
        opened_at=at,
        **tender,
    )
    put(tx, payment)
    record.ring(tx, desk=payment.desk)
    return payment


def dispatch(shop: Shop, *, payment_id: str) -> PaymentState:
    """Ask for the money of a queued payment by its own road: at its reader, of the kept card, by a link."""
    facts = record.facts(shop, payment_id=payment_id)
    if facts.method is Method.SAVED_CARD:
        return charging.charge(shop, payment_id=payment_id)
    if facts.method is Method.LINK:
        return links.send(shop, payment_id=payment_id)
    return presentation.dispatch(shop, payment_id=payment_id)


def find_out(shop: Shop, *, payment_id: str, glance: bool = False) -> PaymentState:
    """Ask Stripe how a payment stands and write it down; safe from anywhere, any number of times, never backwards.

    glance: a look at the reader alone is enough while it waits for a card (outcome.find_out).
    """
    facts = record.facts(shop, payment_id=payment_id)
    if facts.method is Method.SAVED_CARD and facts.state in OPEN:
        return charging.charge(shop, payment_id=payment_id)
    if facts.method is Method.LINK and facts.state in OPEN:
        return links.find_out(shop, payment_id=payment_id)
    return outcome.find_out(shop, payment_id=payment_id, glance=glance)


def retry(shop: Shop, *, payment_id: str, by: str) -> None:
    """Show a refused payment at the reader again, for another card: the same intent, so one charge.

    Asking twice is asking once. Raises WrongState for a payment that is cancelled or to be cancelled, and Unknown.
    """
    if record.want_again(shop, payment_id=payment_id, by=by):
        return
    facts = record.facts(shop, payment_id=payment_id)
    if facts.state is PaymentState.CANCELLED or facts.known.cancel_why is not None:
        raise WrongState("payment", payment_id, facts.state)


def ask_cancel(shop: Shop, *, payment_id: str, by: str) -> None:
    """Ask for a payment to be cancelled; if a card pays it first, it is paid. Asking twice, or late, changes nothing.

    Raises Unknown.
    """
    if not record.want_cancel(shop, payment_id=payment_id, why="asked", by=by):
        record.facts(shop, payment_id=payment_id)


def open_payments(shop: Shop, *, desk: str | None = None, unattended: bool = False) -> list[str]:
    """Payments for which something is still to be done, oldest first; unattended: only those nobody looks after now."""
    wanted = select(Payment.id).where(col(Payment.finished_at).is_(None))
    if desk is not None:
        wanted = wanted.where(desk == record.DESK)
    if unattended:
        wanted = wanted.where((col(Payment.worker_until).is_(None)) | (col(Payment.worker_until) <= shop.clock.now()))
    with shop.read() as look:
        return list(look.exec(wanted.order_by(col(Payment.opened_at), col(Payment.id))))
