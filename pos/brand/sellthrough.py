"""How an edition sells: over the hours since its drop, against its size, in pieces and in money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from sqlmodel import Session, col, select

from pos.errors import Unknown
from pos.models import Capsule, Edition, Order, OrderLine, OrderState, Piece, PieceState, PreorderWindow, Variant
from pos.shop import Shop

MARKS = (24, 48, 72)  # hours since the drop at which a run is judged
BOUGHT = (PieceState.SOLD, PieceState.PROMISED, PieceState.COMMITTED)  # the last: while its balance is being paid
PAID = (OrderState.DEPOSIT, OrderState.PAID)


@dataclass(frozen=True)
class SellThrough:
    """One edition, or a capsule's editions together, as of a moment; times UTC, money in pence.

    sold: pieces bought, pre-orders with their deposit paid included. kept: in a basket, or being paid for.
    preorders: pieces bought before they were made, whether or not their balance is paid by now.
    marks: pieces bought within 24, 48 and 72 hours of the drop; None while that hour has not come.
    taken_ex_vat_minor: money taken, without its VAT (a deposit counts as what was paid of it).
    curve: hours since the drop and pieces bought until then, one step for each sale.
    What came back was not bought, and what was given back is not taken; a piece that is inspected is not free yet.
    """

    sku: str | None  # None: all editions of the capsule
    name: str
    size: int
    opened_at: datetime
    as_of: datetime
    sold: int
    kept: int
    free: int
    preorders: int
    cap: int | None
    marks: tuple[int | None, ...]
    orders: int
    taken_ex_vat_minor: int
    curve: tuple[tuple[float, int], ...]

    @property
    def hours(self) -> float:
        """Hours since the drop; never negative."""
        return max(0.0, (self.as_of - self.opened_at) / timedelta(hours=1))


@dataclass(frozen=True)
class CapsuleName:
    """A capsule to choose from."""

    capsule_id: str
    name: str


def capsules(shop: Shop, *, language: str) -> tuple[CapsuleName, ...]:
    """Every capsule, in its order."""
    with shop.read() as look:
        found = look.exec(select(Capsule).order_by(col(Capsule.position)))
        return tuple(CapsuleName(capsule.id, capsule.name[language]) for capsule in found)


def of_capsule(shop: Shop, *, capsule_id: str, language: str) -> tuple[SellThrough, ...]:
    """The capsule as a whole, first, then each of its editions. Raises Unknown."""
    at = shop.clock.now()
    with shop.read() as look:
        capsule = look.get(Capsule, capsule_id)
        if capsule is None:
            raise Unknown("capsule", capsule_id)
        editions = _editions(look, capsule_id=capsule_id)
        skus = [variant.sku for variant, _, _ in editions]
        pieces, lines = _pieces(look, skus), _lines(look, skus)
    whole = sum(edition.size for _, edition, _ in editions)
    caps = [window.cap for _, _, window in editions if window]
    opened = capsule.opens_at
    everything = _count(
        pieces,
        lines,
        sku=None,
        name=capsule.name[language],
        size=whole,
        cap=sum(caps) if caps else None,
        opened_at=opened,
        as_of=at,
    )
    each = [
        _count(
            pieces[pieces["sku"] == variant.sku],
            lines[lines["sku"] == variant.sku],
            sku=variant.sku,
            name=variant.name[language],
            size=edition.size,
            cap=window.cap if window else None,
            opened_at=max(opened, window.opens_at) if window else opened,
            as_of=at,
        )
        for variant, edition, window in editions
    ]
    return (everything, *each)


def _editions(look: Session, *, capsule_id: str) -> list[tuple[Variant, Edition, PreorderWindow | None]]:
    query: Any = (
        select(Variant, Edition, PreorderWindow)
        .join(Edition, col(Edition.sku) == col(Variant.sku))
        .join(PreorderWindow, col(PreorderWindow.sku) == col(Variant.sku), isouter=True)
        .where(Variant.capsule_id == capsule_id)
        .order_by(col(Variant.position))
    )
    return [tuple(row) for row in look.exec(query)]


def _pieces(look: Session, skus: Sequence[str]) -> pd.DataFrame:
    rows: Any = look.exec(
        select(Piece.sku, Piece.state, Piece.sold_at, Piece.held_until).where(
            col(Piece.sku).in_(skus), Piece.state != PieceState.FREE
        )
    )
    frame = pd.DataFrame([tuple(row) for row in rows], columns=["sku", "state", "sold_at", "held_until"])
    return frame.assign(**{name: pd.to_datetime(frame[name], utc=True) for name in ("sold_at", "held_until")})


def _lines(look: Session, skus: Sequence[str]) -> pd.DataFrame:
    """What was taken for each line of a paid order: its price, or until the balance its deposit; less what went back.

    kept: the piece is the order's still; one that came back was not sold.
    """
    deposit = col(Order.state) == OrderState.DEPOSIT
    rows: Any = look.exec(
        select(
            OrderLine.order_id,
            OrderLine.sku,
            deposit,
            OrderLine.gross_minor - OrderLine.vat_minor,  # type: ignore[call-overload]
            OrderLine.due_now_minor - OrderLine.vat_now_minor,
            OrderLine.promised_on,
            OrderLine.refunded_minor - OrderLine.vat_refunded_minor,
            Piece.order_id == OrderLine.order_id,
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(Piece, col(Piece.id) == col(OrderLine.piece_id))
        .where(col(OrderLine.sku).in_(skus), col(Order.state).in_(PAID))
    )
    frame = pd.DataFrame(
        [tuple(row) for row in rows],
        columns=["order_id", "sku", "deposit", "whole", "first", "promised", "back", "kept"],
    )
    frame["taken"] = frame["whole"].where(~frame["deposit"].astype(bool), frame["first"]) - frame["back"]
    frame["kept"] = frame["kept"].fillna(value=False).astype(bool)
    return frame


def _count(
    pieces: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    sku: str | None,
    name: str,
    size: int,
    cap: int | None,
    opened_at: datetime,
    as_of: datetime,
) -> SellThrough:
    bought = pieces[pieces["state"].isin(BOUGHT) & pieces["sold_at"].notna()]
    waiting = pieces[(pieces["state"] == PieceState.HELD) & (pieces["held_until"] > as_of)]
    paying = pieces[(pieces["state"] == PieceState.COMMITTED) & pieces["sold_at"].isna()]
    kept = len(waiting) + len(paying)
    inspected = int((pieces["state"] == PieceState.INSPECTION).sum())
    sold = lines[lines["kept"]]
    hours = sorted(((bought["sold_at"] - opened_at) / timedelta(hours=1)).clip(lower=0.0))
    passed = (as_of - opened_at) / timedelta(hours=1)
    return SellThrough(
        sku=sku,
        name=name,
        size=size,
        opened_at=opened_at,
        as_of=as_of,
        sold=len(bought),
        kept=kept,
        free=size - len(bought) - kept - inspected,
        preorders=int(sold["promised"].notna().sum()),
        cap=cap,
        marks=tuple(sum(1 for hour in hours if hour <= mark) if passed >= mark else None for mark in MARKS),
        orders=int(sold["order_id"].nunique()),
        taken_ex_vat_minor=int(lines["taken"].sum()),
        curve=tuple((round(hour, 3), n) for n, hour in enumerate(hours, start=1)),
    )
