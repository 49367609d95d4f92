"""Paper: printers and what is to be printed.

queued ──claim──▶ sending ──echo──▶ confirmed
 ▲ ▲ │               ├──all of it left, and the printer proves nothing──▶ sent
 │ │ │               └──silence──▶ unknown ──a person──▶ confirmed | queued (replacement)
 │ │ └──printer says no──▶ blocked(cause) ──printer ready──┐
 │ └───────────────────────────────────────────────────────┘
 └──a person── held ◀──too old to be printed by itself── queued | blocked          held ──a person──▶ dropped
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class JobState(StrEnum):
    """What is known of a slip.

    Confirmed means that the printer itself said that it was printed, or a person did; sent, that all of it went to a
    printer that proves nothing: the word “printed” is not for it.
    """

    QUEUED = "queued"
    BLOCKED = "blocked"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    SENT = "sent"
    UNKNOWN = "unknown"
    HELD = "held"
    DROPPED = "dropped"


class Connection(StrEnum):
    """How a printer hangs at the machine that prints."""

    NETWORK = "network"  # host and port
    USB = "usb"  # a device file
    SERIAL = "serial"  # a device file, and its speed
    CUPS = "cups"  # host and port of a CUPS server, and a queue of it


class Printer(Table, table=True):
    """A receipt printer of a boutique."""

    id: str = Field(primary_key=True, max_length=40)
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    label: str
    host: str
    port: int = 9100
    connection: Connection = Field(default=Connection.NETWORK, sa_type=one_of(Connection))
    path: str = ""  # the device file, or the queue's name
    baud: int = 0  # of a serial line
    model: str = Field(default="generic-80", max_length=40)
    station: bool = False  # printed at by a print station in the boutique, never by the server
    paused: bool = False  # by a person
    left_inside: bool = False  # a slip that was begun here and is another printer's now may lie in it, half printed
    said: str | None = Field(default=None, max_length=40)  # its last word: ready, or the cause why it cannot print
    near_end: bool = False
    said_at: datetime | None = Field(default=None, sa_type=UtcTime)
    next_process: int = 1  # never used twice, across restarts
    retired: bool = False
    worker: str | None = Field(default=None, max_length=32)  # the process whose press it is
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)  # after this it is anybody's


class PrintJob(Table, table=True):
    """One slip to be printed once."""

    __tablename__ = "print_job"
    __table_args__ = (
        Index("ix_print_job_queue", "printer_id", "state", "queued_at"),
        UniqueConstraint("copy_of", "copy_number"),
    )

    id: str = Field(primary_key=True, max_length=32)
    printer_id: str | None = Field(default=None, foreign_key="printer.id")  # None: its tablet has no printer yet
    device_id: str | None = Field(default=None, foreign_key="device.id")  # the tablet that took the payment it tells of
    order_id: str | None = Field(default=None, foreign_key="orders.id", index=True, max_length=32)
    piece_id: int | None = Field(default=None, foreign_key="piece.id")
    kind: str = Field(max_length=24)
    original_of: str | None = Field(default=None, unique=True, max_length=60)  # one original a certificate
    copy_of: str | None = Field(default=None, foreign_key="print_job.id")
    copy_number: int = 0
    copied: dict[str, Any] | None = Field(default=None, sa_type=Facts)  # of a copy: when, by whom and why
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
    released_at: datetime | None = Field(default=None, sa_type=UtcTime)  # a person wanted it after all: its time is new
    not_before: datetime | None = Field(default=None, sa_type=UtcTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    worker: str | None = Field(default=None, max_length=32)  # the process that is sending it
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)  # after this it is taken to have died
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    settled_by: str | None = None  # the person who said that it came out, or not
