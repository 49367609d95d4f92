"""Cards of the house: gift cards that were bought, and store credit that was given back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Table, UtcTime, one_of


class GiftCardKind(StrEnum):
    """Where a card of the house comes from."""

    GIFT = "gift"  # bought
    CREDIT = "credit"  # given back as credit


class GiftCard(Table, table=True):
    """One card of the house, known by the hash of its code: the code itself stands on paper only."""

    __tablename__ = "gift_card"
    __table_args__ = (
        CheckConstraint("balance_minor >= 0 AND balance_minor <= issued_minor", name="balance"),
        CheckConstraint("issued_minor > 0", name="issued"),
    )

    id: str = Field(primary_key=True, max_length=32)
    code_hash: str = Field(unique=True, max_length=64)
    last4: str = Field(max_length=4)  # of the code, to tell two cards apart on a screen
    kind: GiftCardKind = Field(sa_type=one_of(GiftCardKind))
    currency: str = Field(max_length=3)
    issued_minor: int
    balance_minor: int
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    order_line_id: str | None = Field(default=None, foreign_key="order_line.id", unique=True, max_length=32)  # sold as
    issued_by: str | None = Field(default=None, foreign_key="staff.id")
    issued_at: datetime = Field(sa_type=UtcTime)
    expires_on: str | None = Field(default=None, max_length=10)  # ISO date; None: never
    blocked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class GiftMovement(Table, table=True):
    """One change of a card's balance, in pence: spent below zero, given back above it."""

    __tablename__ = "gift_movement"
    __table_args__ = (UniqueConstraint("payment_id", "why"), UniqueConstraint("refund_part_id", "why"))

    id: str = Field(primary_key=True, max_length=32)
    gift_card_id: str = Field(foreign_key="gift_card.id", index=True, max_length=32)
    amount_minor: int
    why: str = Field(max_length=24)  # issued, spent, unwound, refunded
    payment_id: str | None = Field(default=None, foreign_key="payment.id", max_length=32)
    refund_part_id: str | None = Field(default=None, foreign_key="refund_part.id", max_length=32)
    at: datetime = Field(sa_type=UtcTime)
