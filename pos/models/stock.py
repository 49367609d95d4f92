"""Numbered pieces. One row is one piece of metal, made or still to be made; its state says whose it is.

free ──hold──▶ held ──open──▶ committed ──settle──▶ sold            (from stock)
                                        └─settle──▶ promised ──open──▶ committed ──settle──▶ sold   (pre-order, balance)
 ▲              │                │                                        │ return
 ├─ lapse, release ──────────────┘ cancel                                  ▼
 └──────────────────────────────────────────────────────── looked at ── inspection, or free at once
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Table, UtcTime, one_of


class PieceState(StrEnum):
    """Whose a piece is."""

    FREE = "free"
    HELD = "held"  # a basket's, until held_until
    COMMITTED = "committed"  # an open order's, while its payment is decided
    PROMISED = "promised"  # pre-ordered, the deposit paid
    SOLD = "sold"
    INSPECTION = "inspection"  # came back: somebody looks at it before it is for sale again


class Piece(Table, table=True):
    """One numbered piece of an edition."""

    __table_args__ = (
        UniqueConstraint("sku", "number"),
        Index("ix_piece_free", "sku", "state", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("state != 'held' OR (basket_id IS NOT NULL AND held_until IS NOT NULL)", name="held"),
        CheckConstraint("state NOT IN ('committed', 'promised', 'sold') OR order_id IS NOT NULL", name="owned"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sku: str = Field(foreign_key="edition.sku", max_length=24)
    number: int
    state: PieceState = Field(default=PieceState.FREE, sa_type=one_of(PieceState))
    basket_id: str | None = Field(default=None, foreign_key="basket.id", index=True, max_length=32)
    held_until: datetime | None = Field(default=None, sa_type=UtcTime)
    extended: bool = False  # a hold is extended once
    order_id: str | None = Field(default=None, foreign_key="orders.id", index=True, max_length=32)
    sold_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
