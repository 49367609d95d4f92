"""Who looks after a payment, or a part of a refund: one worker of one process, for seconds, renewed while it works.

A lease saves work; it does not make the money safe. Whoever dies or hangs past it is replaced, and two who work at the
same time do no harm: every command has its key, and every move of the row is guarded.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, or_, update
from sqlmodel import col, select

from pos.models import Payment, RefundPart
from pos.shop import Shop

LEASE = timedelta(seconds=6)  # how long a killed process keeps its payments from the others


def _free(kind: Any) -> Any:
    return or_(
        col(kind.worker).is_(None),
        col(kind.worker) == bindparam("me"),
        col(kind.worker_until) <= bindparam("at", type_=kind.__table__.c.worker_until.type),
    )


KINDS: tuple[Any, ...] = (Payment, RefundPart)
WHO = {kind: select(kind.worker, kind.worker_until).where(kind.id == bindparam("row_id")) for kind in KINDS}
TAKE = {
    kind: update(kind)
    .where(col(kind.id) == bindparam("row_id"), _free(kind))
    .values(worker=bindparam("me"), worker_until=bindparam("until"))
    for kind in KINDS
}


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
    return _taken(shop, kind, row_id, _seen(shop, kind, row_id))


def _seen(shop: Shop, kind: Any, row_id: str) -> Any:
    """Who looks after a row, and until when."""
    with shop.read() as look:
        return look.connection().execute(WHO[kind], {"row_id": row_id}).first()


def _taken(shop: Shop, kind: Any, row_id: str, seen: Any) -> bool:
    if seen is None:
        return False
    now = shop.clock.now()
    me = worker(shop)
    if seen.worker_until is not None and seen.worker_until > now:
        if seen.worker != me:
            return False
        if seen.worker_until - now > LEASE / 2:
            return True
    with shop.jot() as tx:
        at = tx.now()
        wanted = {"row_id": row_id, "me": me, "at": at, "until": at + LEASE}
        return tx.connection().execute(TAKE[kind], wanted).rowcount == 1


def _leave(shop: Shop, kind: Any, row_id: str) -> None:
    mine = (col(kind.id) == row_id, col(kind.worker) == worker(shop))
    with shop.jot() as tx:
        tx.exec(update(kind).where(*mine).values(worker=None, worker_until=None))


@contextmanager
def _holding(shop: Shop, kind: Any, row_id: str) -> Iterator[bool]:
    seen = _seen(shop, kind, row_id)
    already = _is_mine(shop, seen)
    taken = _taken(shop, kind, row_id, seen)
    try:
        yield taken
    finally:
        if taken and not already:
            _leave(shop, kind, row_id)


def _is_mine(shop: Shop, seen: Any) -> bool:
    if seen is None or seen.worker != worker(shop) or seen.worker_until is None:
        return False
    return bool(seen.worker_until > shop.clock.now())
