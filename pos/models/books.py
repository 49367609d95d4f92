"""The books: receipts by number, counters, and the audit chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime


class Counter(Table, table=True):
    """A series of numbers without gaps: receipts of a boutique."""

    name: str = Field(primary_key=True, max_length=60)
    last: int = 0


class Receipt(Table, table=True):
    """One tax receipt: what was paid, and the VAT in it."""

    __table_args__ = (UniqueConstraint("payment_id"),)

    number: str = Field(primary_key=True, max_length=48)  # the whole boutique id: two boutiques never share one
    order_id: str = Field(foreign_key="orders.id", index=True, max_length=32)
    payment_id: str = Field(foreign_key="payment.id", max_length=32)
    issued_at: datetime = Field(sa_type=UtcTime, index=True)
    gross_minor: int
    vat_minor: int
    currency: str = Field(max_length=3)
    vat_rows: list[dict[str, Any]] = Field(sa_type=Facts)  # {rate_bp, gross_minor, net_minor, vat_minor}


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
