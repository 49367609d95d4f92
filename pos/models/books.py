"""The books: receipts by number, counters, and the audit chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of
from pos.models.payments import Part


class Counter(Table, table=True):
    """A series of numbers without gaps: receipts of a boutique."""

    name: str = Field(primary_key=True, max_length=60)
    last: int = 0


class Receipt(Table, table=True):
    """One tax receipt: what was paid of a part of an order, by however many payments, and the VAT in it."""

    __table_args__ = (UniqueConstraint("order_id", "part"),)

    number: str = Field(primary_key=True, max_length=48)  # the whole boutique id: two boutiques never share one
    order_id: str = Field(foreign_key="orders.id", index=True, max_length=32)
    part: Part = Field(sa_type=one_of(Part))
    issued_at: datetime = Field(sa_type=UtcTime, index=True)
    gross_minor: int
    vat_minor: int
    currency: str = Field(max_length=3)
    vat_rows: list[dict[str, Any]] = Field(sa_type=Facts)  # {rate_bp, gross_minor, net_minor, vat_minor}
    # The secret end of its address (pos/selling/receipt_links.py); those from before there were any have none.
    link: str | None = Field(default=None, unique=True, index=True, max_length=43, repr=False)


class AuditEntry(Table, table=True):
    """One write of the shop; each names the hash of the one before, so none can be changed or taken out unseen."""

    __tablename__ = "audit_entry"

    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=80)
    act: str = Field(max_length=60)
    subject: str = Field(max_length=80, index=True)
    facts: dict[str, Any] = Field(sa_type=Facts)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Reconciliation(Table, table=True):
    """One comparison of our books with Stripe's, and how it went; from and to are the day's edges, UTC."""

    id: str = Field(primary_key=True, max_length=32)
    starts_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime = Field(sa_type=UtcTime)
    ran_at: datetime = Field(sa_type=UtcTime, index=True)
    compared: int = 0  # how many things stood on both sides
    differences: int = 0
    trouble: str | None = None  # it could not be finished, and why


class Difference(Table, table=True):
    """Something our books and Stripe's say differently, from when it was first seen until it is no more."""

    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=80)  # Stripe's id, or ours where Stripe has none
    order_id: str | None = Field(default=None, foreign_key="orders.id", max_length=32)
    boutique_id: str | None = Field(default=None, foreign_key="boutique.id", index=True)
    ours: str
    theirs: str
    amount_minor: int = 0
    currency: str = Field(default="gbp", max_length=3)
    first_seen_at: datetime = Field(sa_type=UtcTime)
    last_seen_at: datetime = Field(sa_type=UtcTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)  # the books agree again
