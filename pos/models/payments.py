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


class Method(StrEnum):
    """How a payment is made."""

    CARD = "card"  # at the reader
    CASH = "cash"
    GIFT_CARD = "gift_card"  # or store credit
    SAVED_CARD = "saved_card"  # kept with consent when the deposit was paid
    LINK = "link"  # on a page of Stripe's, from home


IN_THE_HOUSE = (Method.CASH, Method.GIFT_CARD)  # no word of Stripe's is waited for


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
    look_asked_at: datetime | None = Field(default=None, sa_type=UtcTime)  # somebody wants to know what it shows
    clear_asked_by: str | None = Field(default=None, max_length=40)  # a manager wants it cleared, too
    clear_expected: str | None = Field(default=None, max_length=80)  # of what they saw on it: its intent, or its kind
    shown: dict[str, Any] = Field(default_factory=dict, sa_type=Facts)  # what it showed when it was last looked at
    shown_at: datetime | None = Field(default=None, sa_type=UtcTime)
    clear_result: str | None = Field(default=None, max_length=60)  # of the last look: cleared, changed, or why not


UNDECIDED = "state IN ('queued', 'dispatched', 'declined', 'unknown')"


class Payment(Table, table=True):
    """One amount an order asks for by one road: one PaymentIntent, however many cards are tried; or cash, or a card of
    the house. A part may be paid by several."""

    __table_args__ = (
        UniqueConstraint("order_id", "part", "round"),
        # One undecided payment a part: the next is asked for once this one is held or cancelled.
        Index(
            "uq_payment_undecided",
            "order_id",
            "part",
            unique=True,
            sqlite_where=text(UNDECIDED),
            postgresql_where=text(UNDECIDED),
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", name="refunded"),
        CheckConstraint("method != 'card' OR reader_id IS NOT NULL", name="reader"),
        CheckConstraint("method != 'gift_card' OR gift_card_id IS NOT NULL", name="gift_card"),
        CheckConstraint("method != 'saved_card' OR saved_card_id IS NOT NULL", name="saved_card"),
        CheckConstraint("tendered_minor IS NULL OR tendered_minor >= amount_minor", name="tendered"),
    )

    id: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(foreign_key="orders.id", max_length=32)
    part: Part = Field(sa_type=one_of(Part))
    round: int = 1  # how often this part was asked for: stands in the intent's idempotency key
    key: str | None = Field(default=None, unique=True, max_length=120)  # of the tap that added it: two are one tender
    method: Method = Field(default=Method.CARD, sa_type=one_of(Method))
    reader_id: str | None = Field(default=None, foreign_key="reader.id", index=True)
    device_id: str = Field(foreign_key="device.id")  # where it is taken: its receipt comes out there
    staff_id: str | None = Field(default=None, foreign_key="staff.id")
    amount_minor: int
    refunded_minor: int = 0  # given back, or on its way back: raised before a refund is asked for
    tendered_minor: int | None = None  # cash laid down; the change is what it is more than the amount
    gift_card_id: str | None = Field(default=None, foreign_key="gift_card.id", max_length=32)
    saved_card_id: str | None = Field(
        default=None, foreign_key="saved_card.id", max_length=32
    )  # charged, or to be kept
    receipt_no: str | None = Field(default=None, foreign_key="receipt.number", index=True, max_length=48)  # settled by
    link_id: str | None = Field(default=None, unique=True, max_length=120)  # Stripe's cs_…
    link_url: str | None = None
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

    @property
    def desk(self) -> str:
        """Where it is looked after: at its reader, else at its tablet."""
        return self.reader_id or self.device_id


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
    refund_part_id: str | None = Field(default=None, foreign_key="refund_part.id", index=True, max_length=32)
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


class SavedCardState(StrEnum):
    """Whether a card is kept for a balance."""

    ASKED = "asked"  # the shopper said yes; the card has not been seen yet
    KEPT = "kept"
    NOT_KEPT = "not_kept"  # the card cannot be kept (a wallet, say)
    FORGOTTEN = "forgotten"  # detached at Stripe: the balance is paid, or the shopper asked for it


class SavedCard(Table, table=True):
    """A shopper's consent to keep the card of a deposit for its balance, word for word, and the card as Stripe names
    it."""

    __tablename__ = "saved_card"

    id: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(foreign_key="orders.id", unique=True, max_length=32)
    state: SavedCardState = Field(default=SavedCardState.ASKED, sa_type=one_of(SavedCardState))
    customer_id: str | None = Field(default=None, max_length=80)  # Stripe's cus_…; it holds no name of ours
    method_id: str | None = Field(default=None, max_length=80)  # Stripe's pm_…
    brand: str | None = Field(default=None, max_length=24)
    last4: str | None = Field(default=None, max_length=4)
    consent_version: str = Field(max_length=24)
    consent_text: str
    language: str = Field(max_length=2)
    consented_at: datetime = Field(sa_type=UtcTime)
    forget_asked_at: datetime | None = Field(default=None, sa_type=UtcTime)  # or it paid nothing: it is charged no more
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcTime)
