"""Paper: printers and what is to be printed.

queued ──claim──▶ sending ──echo──▶ confirmed
   ▲ │               └──silence──▶ unknown ──a person──▶ confirmed | queued (replacement)
   │ └──printer says no──▶ blocked(cause) ──printer ready──┐
   └───────────────────────────────────────────────────────┘
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class JobState(StrEnum):
    """What is known of a slip. Confirmed means the printer itself said that it was printed."""

    QUEUED = "queued"
    BLOCKED = "blocked"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"


class Printer(Table, table=True):
    """A receipt printer of a boutique."""

    id: str = Field(primary_key=True, max_length=40)
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    label: str
    host: str
    port: int = 9100
    model: str = Field(default="generic-80", max_length=40)
    next_process: int = 1  # never used twice, across restarts
    retired: bool = False
    worker: str | None = Field(default=None, max_length=32)  # the process whose press it is
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)  # after this it is anybody's


class PrintJob(Table, table=True):
    """One slip to be printed once."""

    __tablename__ = "print_job"
    __table_args__ = (Index("ix_print_job_queue", "printer_id", "state", "queued_at"),)

    id: str = Field(primary_key=True, max_length=32)
    printer_id: str | None = Field(default=None, foreign_key="printer.id")  # None: its tablet has no printer yet
    device_id: str | None = Field(default=None, foreign_key="device.id")  # the tablet that took the payment it tells of
    order_id: str | None = Field(default=None, foreign_key="orders.id", index=True, max_length=32)
    piece_id: int | None = Field(default=None, foreign_key="piece.id")
    kind: str = Field(max_length=24)
    original_of: str | None = Field(default=None, unique=True, max_length=60)  # one original a certificate
    copy_number: int = 0
    language: str = Field(default="en", max_length=2)
    facts: dict[str, Any] = Field(sa_type=Facts)  # what the slip says; the layout is made from it
    state: JobState = Field(default=JobState.QUEUED, sa_type=one_of(JobState))
    cause: str | None = Field(default=None, max_length=40)
    payload: bytes | None = Field(default=None, sa_type=LargeBinary)  # as sent, so that a repeat is the same
    payload_sha256: str | None = Field(default=None, max_length=64)
    process_id: str | None = Field(default=None, max_length=4)
    attempts: int = 0
    blocked_times: int = 0  # how often the printer could not, before the first byte
    bytes_sent: int = 0
    queued_at: datetime = Field(sa_type=UtcTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    worker: str | None = Field(default=None, max_length=32)  # the process that is sending it
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)  # after this it is taken to have died
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    settled_by: str | None = None  # the person who said that it came out, or not
