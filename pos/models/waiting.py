"""Who waits for a piece that is gone, in order; and the offers made to them when one comes back.

waiting ──a piece is free──▶ offered ──code──▶ taken (the piece is in a basket)
   │ left                       └──the clock──▶ lapsed: the next in order is offered it
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from pos.models.columns import Table, UtcTime, one_of

STILL = text("left_at IS NULL")
OPEN = text("state = 'open'")


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"  # the piece is held for it, until its time is over
    TAKEN = "taken"
    LAPSED = "lapsed"


class Waiting(Table, table=True):
    """One person who waits for a piece: a first name and one way to reach them, wiped when they no longer wait."""

    __table_args__ = (
        CheckConstraint("left_at IS NULL OR (name = '' AND contact = '')", name="wiped"),
        CheckConstraint("left_at IS NOT NULL OR contact != ''", name="reached"),
        CheckConstraint("reached_by IN ('mail', 'phone')", name="road"),
        Index("ix_waiting_order", "sku", "left_at", "joined_at"),
        Index("uq_waiting_contact", "sku", "contact", unique=True, sqlite_where=STILL, postgresql_where=STILL),
    )

    id: str = Field(primary_key=True, max_length=32)
    sku: str = Field(foreign_key="edition.sku", max_length=24)
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    device_id: str = Field(foreign_key="device.id")
    name: str = Field(max_length=40)
    contact: str = Field(max_length=254)
    reached_by: str = Field(max_length=8)  # mail | phone
    language: str = Field(max_length=2)
    consent: str  # what was agreed to, as it was read
    joined_at: datetime = Field(sa_type=UtcTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Offer(Table, table=True):
    """One piece kept for one who waited: a piece is offered to one at a time, and each has one offer at a time."""

    __table_args__ = (
        Index("uq_offer_piece", "piece_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_offer_waiting", "waiting_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: str = Field(primary_key=True, max_length=32)
    waiting_id: str = Field(foreign_key="waiting.id", index=True, max_length=32)
    piece_id: int = Field(foreign_key="piece.id")
    basket_id: str = Field(foreign_key="basket.id", max_length=32)  # a basket of its own, that nobody fills or pays
    code: str = Field(unique=True, max_length=16)
    state: OfferState = Field(default=OfferState.OPEN, sa_type=one_of(OfferState))
    made_at: datetime = Field(sa_type=UtcTime)
    until: datetime = Field(sa_type=UtcTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
