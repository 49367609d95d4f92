"""Money on its way back: what is given back of which line, and by which road.

queued ──ask──▶ pending ──▶ refunded            (cash and cards of the house: refunded at once)
   │              └───────▶ failed ──a person: another road──▶ queued
   └──no answer──▶ unknown ──list, then the same key──▶ pending …
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class Fate(StrEnum):
    """What becomes of the piece of a refunded line."""

    STOCK = "stock"  # for sale again at once
    INSPECTION = "inspection"  # somebody looks at it first
    KEPT = "kept"  # the shopper keeps it: something off the price
    NONE = "none"  # a service, or a piece that was never handed over and never made


class Road(StrEnum):
    """By which road money goes back."""

    CARD = "card"  # to the card that paid, by Stripe
    RELEASE = "release"  # the hold on a card that was not taken yet is let go
    CASH = "cash"
    GIFT_CARD = "gift_card"  # to the card of the house that paid
    CREDIT = "credit"  # a new store credit


class RefundState(StrEnum):
    """What is known of one part of a refund. Only an answer of Stripe moves a card's."""

    QUEUED = "queued"
    PENDING = "pending"  # Stripe has it, the bank not yet
    REFUNDED = "refunded"
    FAILED = "failed"  # the bank would not: the shop owes it still, a person finds another road
    UNKNOWN = "unknown"


class Refund(Table, table=True):
    """One giving back, with its own number in a series without gaps; lines and roads are below it."""

    __table_args__ = (
        CheckConstraint("gross_minor > 0", name="amount"),
        CheckConstraint("vat_minor >= 0 AND vat_minor <= gross_minor", name="vat"),
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(unique=True, max_length=100)  # of the tap: given twice it is one refund
    number: str = Field(unique=True, max_length=48)  # of the refund slip
    order_id: str = Field(foreign_key="orders.id", index=True, max_length=32)
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    device_id: str = Field(foreign_key="device.id")
    staff_id: str = Field(foreign_key="staff.id")
    manager_id: str | None = Field(default=None, foreign_key="staff.id")  # who allowed what staff alone may not
    reason: str = Field(max_length=200)
    gross_minor: int
    vat_minor: int
    vat_rows: list[dict[str, Any]] = Field(sa_type=Facts)  # {rate_bp, gross_minor, net_minor, vat_minor}
    currency: str = Field(max_length=3)
    at: datetime = Field(sa_type=UtcTime, index=True)


class RefundLine(Table, table=True):
    """What is given back of one line of an order, and where its piece goes."""

    __tablename__ = "refund_line"
    __table_args__ = (
        UniqueConstraint("refund_id", "order_line_id"),
        CheckConstraint("gross_minor > 0", name="amount"),
    )

    id: str = Field(primary_key=True, max_length=32)
    refund_id: str = Field(foreign_key="refund.id", max_length=32)
    order_line_id: str = Field(foreign_key="order_line.id", index=True, max_length=32)
    gross_minor: int
    vat_minor: int
    fate: Fate = Field(sa_type=one_of(Fate))


class RefundPart(Table, table=True):
    """What one payment gives back of a refund, by one road."""

    __tablename__ = "refund_part"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    id: str = Field(primary_key=True, max_length=32)
    refund_id: str = Field(foreign_key="refund.id", index=True, max_length=32)
    payment_id: str = Field(foreign_key="payment.id", index=True, max_length=32)
    road: Road = Field(sa_type=one_of(Road))
    amount_minor: int
    currency: str = Field(max_length=3)
    state: RefundState = Field(default=RefundState.QUEUED, sa_type=one_of(RefundState), index=True)
    reason: str | None = Field(default=None, max_length=80)  # why it failed or is unknown
    stripe_refund_id: str | None = Field(default=None, unique=True, max_length=80)
    gift_card_id: str | None = Field(default=None, foreign_key="gift_card.id", max_length=32)
    replaces: str | None = Field(default=None, foreign_key="refund_part.id", unique=True, max_length=32)  # a failed one
    attempts: int = 0
    asked_at: datetime = Field(sa_type=UtcTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcTime)  # when it is looked at next
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)  # nothing is left to do for it
    worker: str | None = Field(default=None, max_length=32)
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)
