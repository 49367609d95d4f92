"""Certificates: what the shop has signed, and the log of what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
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
    hand_over_failures: int = 0  # short codes and hand-over codes tried in vain, one after the other
    hand_over_locked_until: datetime | None = Field(default=None, sa_type=UtcTime)


class HandOver(Table, table=True):
    """One code by which a certificate passes to a new owner: good once, for a while. It names no owner, old or new."""

    __tablename__ = "hand_over"
    __table_args__ = (
        Index(
            "uq_hand_over_open",
            "certificate_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
    )

    id: str = Field(primary_key=True, max_length=32)
    certificate_id: str = Field(foreign_key="certificate.id", index=True, max_length=32)
    code_hash: str = Field(unique=True, max_length=64)  # the code itself is told once and kept nowhere
    made_at: datetime = Field(sa_type=UtcTime)
    made_by: str | None = Field(default=None, foreign_key="staff.id")  # None: by the owner, on the public page
    expires_at: datetime = Field(sa_type=UtcTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    confirmed_by: str | None = Field(default=None, foreign_key="staff.id")  # None: on the public page
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)  # another code took its place


class LogAct(StrEnum):
    """What the log of certificates says of one."""

    ISSUED = "issued"
    COPIED = "copied"  # its slip was printed again, as a copy
    RETURNED = "returned"
    VOIDED = "voided"
    TRANSFERRED = "transferred"
    REISSUED = "reissued"  # in the place of one that was voided, after a resizing or an engraving


class LogEntry(Table, table=True):
    """One entry of the log: written in the transaction of the act, never changed; numbered from 0 without a gap."""

    __tablename__ = "log_entry"

    leaf: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    act: LogAct = Field(sa_type=one_of(LogAct))
    at: datetime = Field(sa_type=UtcTime)  # to the second, as it is published
    certificate_id: str = Field(foreign_key="certificate.id", index=True, max_length=32)
    seal: str = Field(max_length=64, index=True)  # the certificate's name in public: only who has its address knows it
    nodes: bytes = Field(
        sa_type=LargeBinary
    )  # the hashes of the parts of the tree this leaf makes whole, 32 bytes each


class LogHead(Table, table=True):
    """How far the log has come: its one row is what every entry is appended under, and what the house signs."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    origin: str = Field(max_length=80)  # the log's name, drawn once
    size: int = 0
    peaks: bytes = Field(default=b"", sa_type=LargeBinary)  # of the tree, the largest first, 32 bytes each
    key_id: str = Field(default="", max_length=16)
    signature: str = Field(default="", max_length=86)  # over the checkpoint of this size; empty: nothing is logged yet
