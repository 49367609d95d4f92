"""Certificates: what the shop has signed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class CertificateState(StrEnum):
    """What the public page says of a certificate."""

    VALID = "valid"
    RETURNED = "returned"
    VOIDED = "voided"


class Certificate(Table, table=True):
    """The one original certificate of a piece; sold again after a return, it has a new one with a serial of its own."""

    __table_args__ = (
        UniqueConstraint("gtin", "serial"),
        Index(
            "uq_certificate_valid",
            "piece_id",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    piece_id: int = Field(foreign_key="piece.id", index=True)
    order_id: str = Field(foreign_key="orders.id", index=True, max_length=32)
    gtin: str = Field(max_length=14)
    serial: str = Field(max_length=20)  # GS1 AI 21 allows 20 characters
    short_code: str = Field(unique=True, max_length=16)
    statement: dict[str, Any] = Field(sa_type=Facts)  # what the signed digest is of; no person in it
    signature: str = Field(max_length=86)  # base64url, no padding
    key_id: str = Field(max_length=16)
    state: CertificateState = Field(default=CertificateState.VALID, sa_type=one_of(CertificateState))
    issued_at: datetime = Field(sa_type=UtcTime)
