"""Mail: who agreed to get it, and what is to be sent.

queued ──claim──▶ sending ──taken──▶ sent
   ▲ │              │ └──refused for good──▶ bounced
   │ │              └──not now──┐
   │ └──no server is set──▶ filed (a file in the shop's own folder)
   └──────── back-off ──────────┘ ──after days──▶ given_up
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class LetterState(StrEnum):
    """What is known of a letter. Sent means that a mail server took it, not that somebody read it."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FILED = "filed"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"


class MailConsent(Table, table=True):
    """The address of an order, and what its buyer agreed to get there; nothing else is ever sent to it."""

    __tablename__ = "mail_consent"

    order_id: str = Field(primary_key=True, foreign_key="orders.id", max_length=32)
    address: str = Field(max_length=254)  # RFC 5321 §4.5.3.1
    language: str = Field(max_length=2)
    words: str  # what was agreed to, as it was read
    agreed_at: datetime = Field(sa_type=UtcTime)
    device_id: str = Field(foreign_key="device.id")
    staff_id: str | None = Field(default=None, foreign_key="staff.id")  # who typed it for the buyer


class Letter(Table, table=True):
    """One e-mail, sent once: its Message-ID stands for what it says and to whom, and is unique."""

    __table_args__ = (
        Index("ix_letter_queue", "state", "not_before"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: str = Field(primary_key=True, max_length=32)
    message_id: str = Field(unique=True, max_length=120)
    order_id: str | None = Field(default=None, foreign_key="orders.id", index=True, max_length=32)  # None: an offer’s
    subject: str = Field(max_length=40)  # what it is of: a receipt's number, the order that is ready, an offer's code
    about: str = Field(max_length=24)  # receipt | ready | offer
    address: str = Field(max_length=254)
    language: str = Field(max_length=2)
    facts: dict[str, Any] = Field(sa_type=Facts)  # {slip, facts, pickup}: the layout is made from it
    state: LetterState = Field(default=LetterState.QUEUED, sa_type=one_of(LetterState))
    cause: str | None = Field(default=None, max_length=200)
    attempts: int = 0
    queued_at: datetime = Field(sa_type=UtcTime)
    not_before: datetime = Field(sa_type=UtcTime)
    worker: str | None = Field(default=None, max_length=32)  # the process that is sending it
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)  # after this it is taken to have died
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
