"""Pieces that came back: somebody looks at each before it is for sale again.

Where a piece lies is not in the records yet. So whoever is at the counter of a boutique that shows its capsule may say
that it is well, and so may the boutique that took it back, which is named beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import NotAllowed, StillEngraved, Unknown, WrongState
from pos.models import (
    AuditEntry,
    Boutique,
    Capsule,
    Device,
    Fate,
    OrderLine,
    Piece,
    PieceState,
    Refund,
    RefundLine,
    Role,
    Staff,
    Variant,
)
from pos.people import rights
from pos.shop import Shop
from pos.stock.pieces import FREED

KEPT_OUT = "inspection not passed"
MOST = 100  # more than any safe holds at once
LONGEST = 200  # characters of a reason


@dataclass(frozen=True)
class InInspection:
    """One piece that waits; engraving is what is still cut into it, kept_out what was last found wrong with it."""

    sku: str
    number: int
    engraving: tuple[str, ...]
    came_back_at: datetime  # UTC
    boutique: str  # that took it back
    refund_no: str
    reason: str
    kept_out: str


def waiting(shop: Shop, *, boutique_id: str) -> tuple[InInspection, ...]:
    """What waits for somebody of this boutique to look at it, the oldest first; at most a hundred."""
    with shop.read() as look:
        rows: Any = look.exec(
            select(Piece, Capsule, Refund, OrderLine)
            .join(Variant, col(Variant.sku) == col(Piece.sku))
            .join(Capsule, col(Capsule.id) == col(Variant.capsule_id))
            .join(OrderLine, col(OrderLine.piece_id) == col(Piece.id))
            .join(RefundLine, col(RefundLine.order_line_id) == col(OrderLine.id))
            .join(Refund, col(Refund.id) == col(RefundLine.refund_id))
            .where(Piece.state == PieceState.INSPECTION, RefundLine.fate == Fate.INSPECTION)
            .order_by(col(Refund.at))
        )
        # A piece may have come back more than once: only the last time is why it lies here.
        last = {row[0].id: row for row in rows}
        mine = [row for row in last.values() if _belongs(row[1], back=row[2], boutique_id=boutique_id)][:MOST]
        wrong = _found_wrong(look, [row[0] for row in mine])
        names: dict[str, str] = dict(look.exec(select(Boutique.id, Boutique.name)).all())
        return tuple(
            InInspection(
                sku=piece.sku,
                number=piece.number,
                engraving=tuple(line.engraving),
                came_back_at=back.at,
                boutique=names[back.boutique_id],
                refund_no=back.number,
                reason=back.reason,
                kept_out=_since(wrong.get(_subject(piece), ()), moment=back.at),
            )
            for piece, _, back, line in sorted(mine, key=lambda row: row[2].at)
        )


def passed(shop: Shop, *, sku: str, number: int, words_gone: bool, staff_id: str, device_id: str) -> None:
    """inspection → free: somebody has looked at the piece and it is for sale again.

    words_gone: they say that whatever was cut into it for somebody is polished away. Raises StillEngraved where it was
    engraved and they do not say so, WrongState where it does not wait, NotAllowed or Unknown.
    """
    with shop.write() as tx:
        piece, line, person = _in_hand(tx, shop, sku=sku, number=number, staff_id=staff_id, device_id=device_id)
        engraved = bool(line.engraving)
        if engraved and not words_gone:
            raise StillEngraved(sku, number)
        _move(tx, piece, **FREED, sold_at=None)
        audit.record(tx, "inspection passed", _subject(piece), by=person.id, words_gone=engraved)


def keep_out(shop: Shop, *, sku: str, number: int, why: str, staff_id: str, device_id: str) -> None:
    """Somebody has looked at the piece and it is not well: it stays in inspection, and the audit chain says why.

    Raises Unknown without a reason, WrongState where it does not wait, or NotAllowed.
    """
    words = " ".join(why.split())[:LONGEST]
    with shop.write() as tx:
        piece, _, person = _in_hand(tx, shop, sku=sku, number=number, staff_id=staff_id, device_id=device_id)
        if not words:
            raise Unknown("reason", "")
        audit.record(tx, KEPT_OUT, _subject(piece), by=person.id, why=words)


def _in_hand(
    tx: Writing, shop: Shop, *, sku: str, number: int, staff_id: str, device_id: str
) -> tuple[Piece, OrderLine, Staff]:
    """The piece, locked and in inspection, how it had left the shop, and who looks at it.

    Raises NotAllowed, WrongState or Unknown.
    """
    person = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="inspect a piece")
    piece = tx.exec(select(Piece).where(Piece.sku == sku, Piece.number == number).with_for_update()).first()
    if piece is None:
        raise Unknown("piece", f"{sku} {number}")
    if piece.state != PieceState.INSPECTION:
        raise WrongState("piece", _subject(piece), piece.state)
    capsule = tx.exec(select(Capsule).join(Variant).where(Variant.sku == sku)).one()
    line, back = _came_back(tx, piece)
    if not _belongs(capsule, back=back, boutique_id=tx.get_one(Device, device_id).boutique_id):
        raise NotAllowed(person.name, "inspect what another boutique has")
    return piece, line, person


def _came_back(tx: Session, piece: Piece) -> tuple[OrderLine, Refund]:
    """The line by which a piece left the shop last, and the refund with which it came back.

    While it waits no other line can be written for it, so this look needs no lock but the piece's.
    """
    last: Any = tx.exec(
        select(OrderLine, Refund)
        .join(RefundLine, col(RefundLine.order_line_id) == col(OrderLine.id))
        .join(Refund, col(Refund.id) == col(RefundLine.refund_id))
        .where(OrderLine.piece_id == piece.id, RefundLine.fate == Fate.INSPECTION)
        .order_by(col(Refund.at).desc())
        .limit(1)
    ).first()
    if last is None:
        raise WrongState("piece", _subject(piece), "not taken back by a refund")
    return last[0], last[1]


def _belongs(capsule: Capsule, *, back: Refund, boutique_id: str) -> bool:
    return not capsule.boutiques or boutique_id in (*capsule.boutiques, back.boutique_id)


def _move(tx: Session, piece: Piece, **values: Any) -> None:
    guard = (col(Piece.id) == piece.id, col(Piece.state) == PieceState.INSPECTION)
    if tx.connection().execute(update(Piece).where(*guard).values(**values)).rowcount != 1:
        raise WrongState("piece", _subject(piece), "no longer in inspection")


def _subject(piece: Piece) -> str:
    return f"{piece.sku} {piece.number}"


def _found_wrong(look: Session, pieces: Iterable[Piece]) -> dict[str, Sequence[AuditEntry]]:
    """What was ever found wrong with these pieces, the last first."""
    entries = (
        select(AuditEntry)
        .where(col(AuditEntry.subject).in_([_subject(piece) for piece in pieces]), AuditEntry.act == KEPT_OUT)
        .order_by(col(AuditEntry.seq).desc())
    )
    found: dict[str, list[AuditEntry]] = {}
    for entry in look.exec(entries):
        found.setdefault(entry.subject, []).append(entry)
    return dict(found)


def _since(entries: Sequence[AuditEntry], *, moment: datetime) -> str:
    return next((str(entry.facts["why"]) for entry in entries if entry.at >= moment), "")
