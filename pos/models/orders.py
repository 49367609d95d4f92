"""Baskets, orders and pickups."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime, one_of


class OrderState(StrEnum):
    """How far an order is."""

    OPEN = "open"  # waiting for a payment to be decided
    DEPOSIT = "deposit"  # due now is paid, due later is not
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"  # all that was paid goes back


class PickupState(StrEnum):
    """Whether the pieces of a pickup have left the shop."""

    BOOKED = "booked"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


class Basket(Table, table=True):
    """What one shopper on one tablet is about to buy. A tablet has one live basket."""

    __tablename__ = "basket"

    id: str = Field(primary_key=True, max_length=32)
    device_id: str = Field(foreign_key="device.id", index=True)
    language: str = Field(default="en", max_length=2)
    began_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)  # bought, left or wiped
    checkouts: int = 0  # how many orders were opened from it: part of the next order's key
    take_away: bool = False
    pickup_boutique_id: str | None = Field(default=None, foreign_key="boutique.id")
    pickup_start: datetime | None = Field(default=None, sa_type=UtcTime)


class BasketItem(Table, table=True):
    """One wish in a basket: a numbered piece with its size and words. The hold itself is on the piece."""

    __tablename__ = "basket_item"
    __table_args__ = (
        UniqueConstraint("basket_id", "piece_id"),
        UniqueConstraint("basket_id", "tap"),
        # A cat's collar opens by itself when it is caught (PET-06), or is still to be said: no other can be kept.
        CheckConstraint(
            "species IS NULL OR species != 'cat' OR collar IS NULL OR collar = 'breakaway'", name="breakaway"
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    basket_id: str = Field(foreign_key="basket.id", index=True, max_length=32)
    piece_id: int = Field(foreign_key="piece.id")
    sku: str = Field(max_length=24)
    number: int
    size: str | None = None
    engraving: list[str] = Field(default_factory=list, sa_type=Facts)  # lines, as they will be cut
    extras: list[str] = Field(default_factory=list, sa_type=Facts)
    species: str | None = Field(default=None, max_length=8)  # of the companion that wears it: dog, cat; None: not said
    collar: str | None = Field(default=None, max_length=12)  # breakaway, buckle
    bundle_id: str | None = Field(default=None, foreign_key="bundle.id")
    bundle_group: str | None = Field(default=None, max_length=32)  # the parts of one bought bundle
    bundle_slot: str | None = None
    tap: str | None = Field(default=None, max_length=100)  # what kept it: a finger that touches twice keeps it once
    added_at: datetime = Field(sa_type=UtcTime)


class Order(Table, table=True):
    """A sale from the moment the shopper says pay."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total_minor = due_now_minor + due_later_minor", name="due"),
        CheckConstraint("due_now_minor >= 0 AND due_later_minor >= 0", name="sign"),
        CheckConstraint("asked_minor >= 0 AND asked_minor <= total_minor", name="asked"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= paid_minor", name="refunded"),
        Index("ix_orders_device", "device_id", "opened_at"),  # every screen of a tablet asks for its latest
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(unique=True, max_length=80)  # basket and checkout: a second tap finds the first order
    code: str = Field(unique=True, max_length=16)  # what people say
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    device_id: str = Field(foreign_key="device.id")
    staff_id: str | None = Field(default=None, foreign_key="staff.id")
    basket_id: str = Field(foreign_key="basket.id", index=True)
    language: str = Field(max_length=2)
    state: OrderState = Field(default=OrderState.OPEN, sa_type=one_of(OrderState), index=True)
    currency: str = Field(max_length=3)
    total_minor: int
    vat_minor: int
    due_now_minor: int
    due_later_minor: int
    asked_minor: int = 0  # what its payments ask for, the cancelled ones left out: never more than is due
    paid_minor: int = 0
    refunded_minor: int = 0  # of what was paid, given back or on its way back
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=Facts)  # version and time of what was accepted
    opened_at: datetime = Field(sa_type=UtcTime, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)


class OrderLink(Table, table=True):
    """Two orders of one buyer: their cash is counted together."""

    __tablename__ = "order_link"
    __table_args__ = (CheckConstraint("order_id < other_id", name="once"),)

    order_id: str = Field(primary_key=True, foreign_key="orders.id", max_length=32)  # the lower of the two ids
    other_id: str = Field(primary_key=True, foreign_key="orders.id", index=True, max_length=32)
    linked_by: str = Field(foreign_key="staff.id")
    linked_at: datetime = Field(sa_type=UtcTime)


class OrderLine(Table, table=True):
    """One line of an order: a piece, or a service that goes with one."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("gross_minor = due_now_minor + due_later_minor", name="due"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= gross_minor", name="refunded"),
    )

    id: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(foreign_key="orders.id", max_length=32)
    position: int
    piece_id: int | None = Field(default=None, foreign_key="piece.id", index=True)
    sku: str = Field(max_length=60)  # or the extra's id
    number: int | None = None
    name: str  # in the order's language, as sold
    detail: str = ""
    size: str | None = None
    engraving: list[str] = Field(default_factory=list, sa_type=Facts)
    list_minor: int  # before a bundle's saving
    gross_minor: int
    vat_rate_bp: int
    vat_minor: int
    due_now_minor: int
    due_later_minor: int
    vat_now_minor: int  # tax point of the deposit
    refunded_minor: int = 0
    vat_refunded_minor: int = 0
    bundle_id: str | None = None
    bundle_group: str | None = Field(default=None, max_length=32)
    promised_on: str | None = None  # ISO date of a pre-ordered piece


class PickupSlot(Table, table=True):
    """A half hour of a boutique's day, with room for a few hand-overs."""

    __tablename__ = "pickup_slot"
    __table_args__ = (
        UniqueConstraint("boutique_id", "starts_at"),
        CheckConstraint("booked >= 0 AND booked <= capacity", name="room"),
    )

    id: int | None = Field(default=None, primary_key=True)
    boutique_id: str = Field(foreign_key="boutique.id")
    starts_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime = Field(sa_type=UtcTime)
    capacity: int
    booked: int = 0


class Pickup(Table, table=True):
    """An order's appointment, known by a collect code."""

    __tablename__ = "pickup"

    id: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(foreign_key="orders.id", unique=True, max_length=32)
    boutique_id: str = Field(foreign_key="boutique.id", index=True)
    slot_id: int = Field(foreign_key="pickup_slot.id")
    starts_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime = Field(sa_type=UtcTime)
    code: str = Field(unique=True, max_length=16)
    state: PickupState = Field(default=PickupState.BOOKED, sa_type=one_of(PickupState))
    ready_at: datetime | None = Field(default=None, sa_type=UtcTime)  # all of it lies in the safe, made, struck and cut
    ready_by: str | None = Field(default=None, foreign_key="staff.id")  # None: ready when it was sold
    handed_over_at: datetime | None = Field(default=None, sa_type=UtcTime)
    handed_over_by: str | None = Field(default=None, foreign_key="staff.id")
