"""Who looks after a payment, or a part of a refund: one worker of one process, for seconds, renewed while it works.

A lease saves work; it does not make the money safe. Whoever dies or hangs past it is replaced, and two who work at the
same time do no harm: every command has its key, and every move of the row is guarded.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col

from pos.models import Payment, RefundPart
from pos.shop import Shop

LEASE = timedelta(seconds=6)  # how long a killed process keeps its payments from the others


def take(shop: Shop, *, payment_id: str) -> bool:
    """Look after a payment, or go on doing so; False while somebody else does."""
    return _take(shop, Payment, payment_id)


def leave(shop: Shop, *, payment_id: str) -> None:
    """Stop looking after a payment."""
    _leave(shop, Payment, payment_id)


@contextmanager
def holding(shop: Shop, *, payment_id: str) -> Iterator[bool]:
    """Look after a payment for one act; yields False while somebody else does. Inside a lease of one's own it stays."""
    with _holding(shop, Payment, payment_id) as taken:
        yield taken


@contextmanager
def holding_part(shop: Shop, *, part_id: str) -> Iterator[bool]:
    """The same for a part of a refund."""
    with _holding(shop, RefundPart, part_id) as taken:
        yield taken


def worker(shop: Shop) -> str:
    """The name of this thread of this process, among all that share the records."""
    return f"{shop.name[-16:]}{threading.get_ident():x}"[:32]


def _take(shop: Shop, kind: Any, row_id: str) -> bool:
    now = shop.clock.now()
    me = worker(shop)
    with shop.read() as look:
        row = look.get(kind, row_id)
    if row is None:
        return False
    if row.worker_until is not None and row.worker_until > now:
        if row.worker != me:
            return False
        if row.worker_until - now > LEASE / 2:
            return True
    with shop.jot() as tx:
        at = tx.now()
        free = or_(col(kind.worker).is_(None), col(kind.worker) == me, col(kind.worker_until) <= at)
        taken = tx.exec(update(kind).where(col(kind.id) == row_id, free).values(worker=me, worker_until=at + LEASE))
        return int(taken.rowcount) == 1


def _leave(shop: Shop, kind: Any, row_id: str) -> None:
    mine = (col(kind.id) == row_id, col(kind.worker) == worker(shop))
    with shop.jot() as tx:
        tx.exec(update(kind).where(*mine).values(worker=None, worker_until=None))


@contextmanager
def _holding(shop: Shop, kind: Any, row_id: str) -> Iterator[bool]:
    already = _mine(shop, kind, row_id)
    taken = _take(shop, kind, row_id)
    try:
        yield taken
    finally:
        if taken and not already:
            _leave(shop, kind, row_id)


def _mine(shop: Shop, kind: Any, row_id: str) -> bool:
    with shop.read() as look:
        row = look.get(kind, row_id)
    if row is None or row.worker != worker(shop) or row.worker_until is None:
        return False
    return bool(row.worker_until > shop.clock.now())
