"""Who looks after a payment now: one worker of one process, for a few seconds, renewed while it works.

A lease saves work; it does not make the money safe. Whoever dies or hangs past it is replaced, and two who work at the
same time do no harm: every command has its key, and every move of the row is guarded.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import col

from pos.models import Payment
from pos.shop import Shop

LEASE = timedelta(seconds=6)  # how long a killed process keeps its payments from the others


def take(shop: Shop, *, payment_id: str) -> bool:
    """Look after a payment, or go on doing so; False while somebody else does."""
    now = shop.clock.now()
    me = worker(shop)
    with shop.read() as look:
        payment = look.get(Payment, payment_id)
    if payment is None:
        return False
    if payment.worker_until is not None and payment.worker_until > now:
        if payment.worker != me:
            return False
        if payment.worker_until - now > LEASE / 2:
            return True
    with shop.jot() as tx:
        at = tx.now()
        free = or_(col(Payment.worker).is_(None), col(Payment.worker) == me, col(Payment.worker_until) <= at)
        taken = tx.exec(
            update(Payment).where(col(Payment.id) == payment_id, free).values(worker=me, worker_until=at + LEASE)
        )
        return taken.rowcount == 1


def leave(shop: Shop, *, payment_id: str) -> None:
    """Stop looking after a payment."""
    mine = (col(Payment.id) == payment_id, col(Payment.worker) == worker(shop))
    with shop.jot() as tx:
        tx.exec(update(Payment).where(*mine).values(worker=None, worker_until=None))


@contextmanager
def holding(shop: Shop, *, payment_id: str) -> Iterator[bool]:
    """Look after a payment for one act; yields False while somebody else does. Inside a lease of one's own it stays."""
    already = _mine(shop, payment_id=payment_id)
    taken = take(shop, payment_id=payment_id)
    try:
        yield taken
    finally:
        if taken and not already:
            leave(shop, payment_id=payment_id)


def worker(shop: Shop) -> str:
    """The name of this thread of this process, among all that share the records."""
    return f"{shop.name[-16:]}{threading.get_ident():x}"[:32]


def _mine(shop: Shop, *, payment_id: str) -> bool:
    with shop.read() as look:
        payment = look.get(Payment, payment_id)
    if payment is None or payment.worker != worker(shop) or payment.worker_until is None:
        return False
    return payment.worker_until > shop.clock.now()
