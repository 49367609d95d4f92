"""Money on its way: what an order asks for, each try at the reader, and everything said to Stripe."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class Part(StrEnum):
    """Which part of an order a payment is for."""

    NOW = "now"
    BALANCE = "balance"


class PaymentState(StrEnum):
    """What is known of a payment. Only an answer of Stripe moves it; `unknown` asks again."""

    QUEUED = "queued"  # written down, not yet sent
    DISPATCHED = "dispatched"  # at the reader
    AUTHORISED = "authorised"  # the card said yes; not yet taken
    CAPTURED = "captured"
    DECLINED = "declined"  # the card said no; the same intent takes another card
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class AttemptState(StrEnum):
    """One presentation at a reader."""

    QUEUED = "queued"
    DISPATCHED = "dispatched"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"  # the reader could not; nothing was taken
    UNKNOWN = "unknown"


class Reader(Table, table=True):
    """A card reader of a boutique."""

    id: str = Field(primary_key=True, max_length=80)  # Stripe's tmr_…
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    label: str
    retired: bool = False


class Payment(Table, table=True):
    """One amount an order asks for: one PaymentIntent, however many cards are tried."""

    __table_args__ = (
        UniqueConstraint("order_id", "part", "round"),
        # One live payment a part: a balance may be asked for anew only after the one before was cancelled.
        Index(
            "uq_payment_live",
            "order_id",
            "part",
            unique=True,
            sqlite_where=text("state != 'cancelled'"),
            postgresql_where=text("state != 'cancelled'"),
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(foreign_key="orders.id", max_length=32)
    part: Part = Field(sa_type=one_of(Part))
    round: int = 1  # how often this part was asked for: stands in the intent's idempotency key
    reader_id: str = Field(foreign_key="reader.id", index=True)
    device_id: str = Field(foreign_key="device.id")  # where it is taken: its receipt comes out there
    staff_id: str | None = Field(default=None, foreign_key="staff.id")
    amount_minor: int
    currency: str = Field(max_length=3)
    state: PaymentState = Field(default=PaymentState.QUEUED, sa_type=one_of(PaymentState), index=True)
    reason: str | None = None  # why it was declined, cancelled or is unknown
    intent_id: str | None = Field(default=None, unique=True, max_length=80)
    charge_id: str | None = Field(default=None, max_length=80)
    card: dict[str, Any] = Field(default_factory=dict, sa_type=Facts)  # brand, last4 and EMV receipt fields only
    attempts: int = 0
    again_at: datetime | None = Field(default=None, sa_type=UtcTime)  # when another try was last asked for
    cancel_asked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    cancel_why: str | None = Field(default=None, max_length=40)  # asked, customer_canceled, timed_out, cannot_settle
    capture_before: datetime | None = Field(default=None, sa_type=UtcTime)
    opened_at: datetime = Field(sa_type=UtcTime)
    authorised_at: datetime | None = Field(default=None, sa_type=UtcTime)
    captured_at: datetime | None = Field(default=None, sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)  # nothing is left to do for it
    worker: str | None = Field(default=None, max_length=32)  # who looks after it now
    worker_until: datetime | None = Field(default=None, sa_type=UtcTime)  # after this anyone may


class Attempt(Table, table=True):
    """One presentation of a payment at the reader."""

    __table_args__ = (UniqueConstraint("payment_id", "number"),)

    id: str = Field(primary_key=True, max_length=32)  # also the idempotency key of its reader command
    payment_id: str = Field(foreign_key="payment.id", max_length=32)
    number: int
    state: AttemptState = Field(default=AttemptState.QUEUED, sa_type=one_of(AttemptState))
    reason: str | None = None
    message: str | None = None  # what may be shown to the shopper
    asked_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class GatewayCall(Table, table=True):
    """The journal: every question to Stripe is written down before it is asked, its answer after."""

    __tablename__ = "gateway_call"
    __table_args__ = (Index("ix_gateway_call_payment", "payment_id", "asked_at"),)

    id: str = Field(primary_key=True, max_length=32)
    payment_id: str | None = Field(default=None, foreign_key="payment.id", max_length=32)
    verb: str = Field(max_length=60)
    idempotency_key: str | None = Field(default=None, max_length=255)
    asked_at: datetime = Field(sa_type=UtcTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: str | None = Field(default=None, max_length=40)  # ok, or Stripe's error code, or no_answer
    status: int | None = None
    request_id: str | None = None
    said: dict[str, Any] = Field(default_factory=dict, sa_type=Facts)  # ids, states and amounts; never card data


class StripeEvent(Table, table=True):
    """A webhook event, once."""

    __tablename__ = "stripe_event"

    id: str = Field(primary_key=True, max_length=80)
    type: str = Field(max_length=80)
    object_id: str = Field(default="", max_length=80)
    received_at: datetime = Field(sa_type=UtcTime)
    deliveries: int = 1
