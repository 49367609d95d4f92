"""The moves of a numbered piece. Each is one guarded statement: whoever writes first has it, nobody looks and leaps.

On PostgreSQL a statement that meets a row somebody else is writing waits for that writer and looks again; the next
free number is therefore taken with SKIP LOCKED, so that two buyers never queue for one row. SQLite has one writer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, update
from sqlmodel import Session, col, select

from pos.models import Offer, OfferState, Piece, PieceState, Waiting
from pos.models.columns import UtcTime


@dataclass(frozen=True)
class Taken:
    """A piece just taken for a basket."""

    piece_id: int
    number: int


def is_free(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Free to be taken now: nobody's, or kept for somebody whose time is over; the clock alone ends a hold."""
    lapsed = and_(col(Piece.state) == PieceState.HELD, col(Piece.held_until) <= at)
    return or_(col(Piece.state) == PieceState.FREE, lapsed)


def is_kept(basket_id: str, *, at: datetime) -> ColumnElement[bool]:
    """Kept for this basket, and the time is not over."""
    return and_(is_held(basket_id), col(Piece.held_until) > at)


def is_held(basket_id: str) -> ColumnElement[bool]:
    """Held for this basket, whether or not the time is over: nobody else has taken it since."""
    return and_(col(Piece.state) == PieceState.HELD, col(Piece.basket_id) == basket_id)


def keeps(piece: Piece, *, basket_id: str, at: datetime) -> bool:
    """Whether this piece, as it was read, is kept for this basket, and the time is not over."""
    mine = piece.state == PieceState.HELD and piece.basket_id == basket_id
    return mine and piece.held_until is not None and piece.held_until > at


IN_ORDER = (col(Piece.sku), col(Piece.number))  # as everybody locks pieces, so that no two ever wait for each other


def lock(tx: Session, which: ColumnElement[bool]) -> list[Piece]:
    """These pieces, as they are once nobody else is writing them, and ours until the write is done."""
    query = select(Piece).where(which).order_by(*IN_ORDER).with_for_update()
    return list(tx.exec(query.execution_options(populate_existing=True)))


def take(
    tx: Session,
    *,
    sku: str,
    number: int | None,
    basket_id: str,
    until: datetime,
    at: datetime,
    cap: int | None = None,
    listed: bool = False,
) -> Taken | None:
    """free → held: this number, or the lowest free one. None where there is none.

    cap is the most of the edition that may be out at once (a window's places); the caller holds the window's row.
    listed: for somebody of the waiting list; whoever only passes by leaves as many as there are people on it.
    """
    wanted = select(Piece.id).where(Piece.sku == sku, is_free(at))
    if cap is not None:
        wanted = wanted.where(_out(sku, at=at) < cap)
    if not listed:
        wanted = wanted.where(_to_spare(sku, at=at, cap=cap))
    if number is not None:
        wanted = wanted.where(Piece.number == number)
    wanted = wanted.order_by(col(Piece.number)).limit(1)
    # Pass over what others are writing at this moment; only if nothing is left, wait for them and look again.
    for patient in (False, True, False):
        taken = _hold(tx, wanted.with_for_update(skip_locked=not patient), basket_id=basket_id, until=until, at=at)
        if taken or tx.get_bind().dialect.name == "sqlite":
            return taken
    return None


def _hold(tx: Session, wanted: Any, *, basket_id: str, until: datetime, at: datetime) -> Taken | None:
    row = (
        tx.connection()
        .execute(
            update(Piece)
            .where(col(Piece.id) == wanted.correlate(None).scalar_subquery(), is_free(at))
            .values(state=PieceState.HELD, basket_id=basket_id, held_until=until, extended=False, order_id=None)
            .returning(col(Piece.id), col(Piece.number))
        )
        .first()
    )
    return Taken(piece_id=int(row[0] or 0), number=row[1]) if row else None


def _out(sku: str, *, at: datetime) -> Any:
    """How many of an edition are somebody's: kept, committed, promised or sold."""
    return (
        select(func.count()).select_from(Piece).where(Piece.sku == sku, ~is_free(at)).correlate(None).scalar_subquery()
    )


def spare(tx: Session, *, sku: str, at: datetime, cap: int | None = None) -> bool:
    """Whether one can be had by whoever passes by: free, within its window's places, and not the waiting list's."""
    wanted = select(Piece.id).where(Piece.sku == sku, is_free(at), _to_spare(sku, at=at, cap=cap))
    if cap is not None:
        wanted = wanted.where(_out(sku, at=at) < cap)
    return tx.exec(wanted.limit(1)).first() is not None


def _to_spare(sku: str, *, at: datetime, cap: int | None) -> ColumnElement[bool]:
    """More can be had of an edition than people wait for who are offered none at this moment."""
    offered = select(Offer.id).where(Offer.waiting_id == Waiting.id, Offer.state == OfferState.OPEN).exists()
    waits = (Waiting.sku == sku, col(Waiting.left_at).is_(None), ~offered)
    nobody = ~select(Waiting.id).where(*waits).correlate(None).exists()
    count = select(func.count()).select_from(Waiting).where(*waits).correlate(None).scalar_subquery()
    free = select(func.count()).select_from(Piece).where(Piece.sku == sku, is_free(at)).correlate(None)
    more = free.scalar_subquery() > count
    return or_(nobody, and_(more, cap - _out(sku, at=at) > count) if cap is not None else more)


def let_go(tx: Session, *, piece_ids: Sequence[int], basket_id: str) -> int:
    """held → free, if it is still this basket's; says how many."""
    return _move(
        tx,
        and_(col(Piece.id).in_(piece_ids), col(Piece.state) == PieceState.HELD, col(Piece.basket_id) == basket_id),
        **FREED,
    )


COMMIT = (
    update(Piece)
    .where(
        col(Piece.id).in_(bindparam("ids", expanding=True)),
        col(Piece.state) == PieceState.HELD,
        col(Piece.basket_id) == bindparam("basket"),
        col(Piece.held_until) > bindparam("now"),
    )
    .values(state=PieceState.COMMITTED, order_id=bindparam("order"))
)
SELL = (
    update(Piece)
    .where(
        col(Piece.id).in_(bindparam("ids", expanding=True)),
        col(Piece.order_id) == bindparam("order"),
        col(Piece.state) == PieceState.COMMITTED,
    )
    .values(
        state=bindparam("then"), held_until=None, sold_at=func.coalesce(Piece.sold_at, bindparam("now", type_=UtcTime))
    )
)


def commit(tx: Session, *, piece_ids: Sequence[int], basket_id: str, order_id: str, at: datetime) -> int:
    """held → committed: the order has it while its payment is decided; says how many."""
    given = {"ids": piece_ids, "basket": basket_id, "order": order_id, "now": at}
    return int(tx.connection().execute(COMMIT, given).rowcount)


def promise(tx: Session, *, piece_ids: Sequence[int], order_id: str, at: datetime) -> int:
    """committed → promised: the deposit is paid; says how many."""
    return _pass_on(tx, piece_ids, order_id=order_id, then=PieceState.PROMISED, at=at)


def sell(tx: Session, *, piece_ids: Sequence[int], order_id: str, at: datetime) -> int:
    """committed → sold; sold_at stays the moment it was first bought. Says how many."""
    return _pass_on(tx, piece_ids, order_id=order_id, then=PieceState.SOLD, at=at)


def _pass_on(tx: Session, piece_ids: Sequence[int], *, order_id: str, then: PieceState, at: datetime) -> int:
    given = {"ids": piece_ids, "order": order_id, "then": then, "now": at}
    return int(tx.connection().execute(SELL, given).rowcount)


def recommit(tx: Session, *, order_id: str) -> int:
    """promised → committed: the balance is being paid; says how many."""
    return _move(tx, _of(order_id, PieceState.PROMISED), state=PieceState.COMMITTED)


def give_back(tx: Session, *, order_id: str, to_basket: bool, at: datetime) -> int:
    """committed → held while its basket still waits and its time is not over, else free; says how many."""
    mine = _of(order_id, PieceState.COMMITTED)
    waits = and_(mine, col(Piece.held_until) > at)
    back = _move(tx, waits, state=PieceState.HELD, order_id=None) if to_basket else 0
    return back + _move(tx, mine, **FREED)


def promise_again(tx: Session, *, order_id: str) -> int:
    """committed → promised: the balance was not paid, the deposit stands; says how many."""
    return _move(tx, _of(order_id, PieceState.COMMITTED), state=PieceState.PROMISED)


def come_back(tx: Session, *, piece_ids: Sequence[int], order_id: str, to: PieceState, made: bool = True) -> int:
    """sold, promised → free, or inspection, as its price goes back; says how many were this order's.

    made False: only what was promised and never sold, for nobody has to look at what does not exist yet.
    """
    bought = col(Piece.state).in_((PieceState.SOLD, PieceState.PROMISED) if made else (PieceState.PROMISED,))
    mine = and_(col(Piece.id).in_(piece_ids), col(Piece.order_id) == order_id, bought)
    return _move(tx, mine, **{**FREED, "state": to, "sold_at": None})


FREED: dict[str, Any] = {
    "state": PieceState.FREE,
    "basket_id": None,
    "held_until": None,
    "extended": False,
    "order_id": None,
}


def _of(order_id: str, state: PieceState) -> ColumnElement[bool]:
    return and_(col(Piece.order_id) == order_id, col(Piece.state) == state)


def _move(tx: Session, guard: ColumnElement[bool], **values: Any) -> int:
    moved = tx.connection().execute(update(Piece).where(guard).values(**values))
    return int(moved.rowcount)
