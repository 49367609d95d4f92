"""What a screen sees of a basket, a price and an order: frozen, without rows."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import rfc8785

from pos.models import Fate, Method, OrderState, Part, PaymentState, PickupState, RefundState, Road, SavedCardState
from pos.proof.certificate import CertificateView


@dataclass(frozen=True)
class Choice:
    """What the shopper wants of one variant: a number (None: the next free one), a size, words to cut, services."""

    sku: str
    number: int | None = None
    size: str | None = None
    engraving: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    species: str | None = None  # of who wears a tag: dog, cat; None: not said
    collar: str | None = None  # breakaway, buckle


@dataclass(frozen=True)
class HeldPiece:
    """A numbered piece kept for a basket until a moment, UTC."""

    item_id: str
    sku: str
    number: int
    until: datetime


@dataclass(frozen=True)
class QuoteLine:
    """One line of a price, in pence, VAT inside."""

    item_id: str
    piece_id: int | None  # None: a service
    sku: str
    number: int | None
    name: str
    detail: str
    size: str | None
    engraving: tuple[str, ...]
    list_minor: int
    gross_minor: int
    vat_rate_bp: int
    vat_minor: int
    due_now_minor: int
    due_later_minor: int
    vat_now_minor: int
    bundle_id: str | None
    bundle_group: str | None
    promised_on: str | None  # ISO date


@dataclass(frozen=True)
class Quote:
    """A price as shown: what is charged must be exactly this, or the sale stops."""

    basket_id: str
    checkout: int
    language: str
    currency: str
    lines: tuple[QuoteLine, ...]
    total_minor: int
    vat_minor: int
    due_now_minor: int
    due_later_minor: int
    saving_minor: int

    @cached_property
    def digest(self) -> str:
        """What two equal prices share: SHA-256 of the canonical JSON of all that is bought and charged."""
        lines: list[Any] = [
            {
                "what": [line.sku, line.number, line.size, list(line.engraving), line.promised_on],
                "price": [line.gross_minor, line.vat_minor, line.due_now_minor, line.due_later_minor],
            }
            for line in self.lines
        ]
        totals = [self.total_minor, self.vat_minor, self.due_now_minor, self.due_later_minor]
        return hashlib.sha256(rfc8785.dumps([self.basket_id, self.language, self.currency, lines, totals])).hexdigest()


@dataclass(frozen=True)
class BasketLine:
    """One wish in the basket, as the shopper sees it."""

    item_id: str
    sku: str
    number: int
    name: str
    detail: str
    size: str | None
    engraving: tuple[str, ...]
    extras: tuple[str, ...]
    list_minor: int  # before a bundle's saving
    bundle_id: str | None
    bundle_group: str | None
    held_until: datetime | None  # None: the hold has lapsed
    can_extend: bool
    promised_on: str | None
    species: str | None = None
    collar: str | None = None


@dataclass(frozen=True)
class BasketView:
    """The whole basket; quote is None while it is empty or something in it has lapsed."""

    basket_id: str
    language: str
    lines: tuple[BasketLine, ...]
    quote: Quote | None
    held_until: datetime | None  # of the piece that lapses first
    ready_on: date  # the first day all of it can be handed over, where the tablet stands
    lapsed: tuple[BasketLine, ...] = ()
    take_away: bool = False
    pickup_boutique_id: str | None = None
    pickup_start: datetime | None = None

    def tap(self, what: str) -> str:
        """Names the next tap that keeps this piece (its SKU) or this bundle (its id), as this basket stands.

        The same until one more of them is kept, or one is put back: a finger that touches a screen twice keeps it once.
        """
        there = {
            line.bundle_group if what == line.bundle_id else line.item_id
            for line in (*self.lines, *self.lapsed)
            if what in (line.sku, line.bundle_id)
        }
        return hashlib.sha256(rfc8785.dumps([what, *sorted(there, key=str)])).hexdigest()[:32]


@dataclass(frozen=True)
class SlotView:
    """One half hour in which a pickup may be booked; times UTC."""

    boutique_id: str
    start: datetime
    end: datetime
    free: int


@dataclass(frozen=True)
class SlipView:
    """One slip of an order and where it is.

    boutique_id is where its printer stands; clears whether that can be told to forget a slip that broke off.
    """

    job_id: str
    kind: str
    state: str
    cause: str | None
    copy_number: int
    boutique_id: str | None = None
    clears: bool = False


@dataclass(frozen=True)
class PaymentView:
    """Where a payment is; message may be shown to the shopper, reason is for staff."""

    payment_id: str
    part: Part
    state: PaymentState
    amount_minor: int
    reason: str | None
    message: str | None
    reader_id: str  # empty where no reader has to do with it
    cancel_asked: bool
    intent_id: str | None = None
    link_url: str | None = None  # the page on which it is paid, once there is one
    card: dict[str, Any] = field(default_factory=dict)
    method: Method = Method.CARD
    tendered_minor: int | None = None  # cash laid down
    given_up: bool = False  # held, and on its way back: no sale comes of it
    settled: bool = False  # its receipt is written

    @property
    def is_live(self) -> bool:
        """Whether it still counts for the order."""
        return self.state != PaymentState.CANCELLED

    @property
    def change_minor(self) -> int:
        """What was given back of the cash laid down, in pence."""
        return 0 if self.tendered_minor is None else self.tendered_minor - self.amount_minor


@dataclass(frozen=True)
class KeptCardView:
    """The card of a deposit and what is kept of it; brand and last4 only once it was seen."""

    state: SavedCardState
    brand: str | None
    last4: str | None
    to_be_forgotten: bool  # the shopper asked for it

    @property
    def can_be_charged(self) -> bool:
        """Whether the balance may be charged to it."""
        return self.state == SavedCardState.KEPT and not self.to_be_forgotten


@dataclass(frozen=True)
class OrderLineView:
    """One line of an order, as sold."""

    sku: str
    number: int | None
    name: str
    detail: str
    size: str | None
    engraving: tuple[str, ...]
    gross_minor: int
    due_now_minor: int
    due_later_minor: int
    promised_on: str | None


@dataclass(frozen=True)
class PickupView:
    """When and where the pieces are handed over; times UTC."""

    code: str
    boutique_id: str
    boutique_name: str
    start: datetime
    end: datetime
    zone: str
    state: PickupState
    ready_at: datetime | None = None  # None: still to be made, struck or engraved
    handed_over_at: datetime | None = None
    handed_over_by: str | None = None


@dataclass(frozen=True)
class ExpectedView:
    """One order that is going to be collected; balance_minor in pence, start in UTC."""

    order_id: str
    order_code: str
    start: datetime
    zone: str
    pieces: tuple[tuple[str, int], ...]  # SKU, number
    ready_at: datetime | None
    balance_minor: int


@dataclass(frozen=True)
class OrderView:
    """An order with its payments, slips, certificates and pickup."""

    order_id: str
    basket_id: str
    code: str
    state: OrderState
    language: str
    boutique_id: str
    currency: str
    total_minor: int
    vat_minor: int
    due_now_minor: int
    due_later_minor: int
    paid_minor: int
    opened_at: datetime
    lines: tuple[OrderLineView, ...]
    payments: tuple[PaymentView, ...]
    receipts: tuple[str, ...] = ()
    slips: tuple[SlipView, ...] = ()
    certificates: tuple[CertificateView, ...] = ()
    pickup: PickupView | None = None
    asked_minor: int = 0
    kept_card: KeptCardView | None = None

    @property
    def payment(self) -> PaymentView:
        """The payment that counts now: the latest of the part asked for last, one that is not cancelled if there is."""
        part = [one for one in self.payments if one.part == self.payments[-1].part]
        return next((one for one in reversed(part) if one.is_live), part[-1])

    @property
    def remaining_minor(self) -> int:
        """What is still to be asked for of the part that is due, in pence; nothing where no part is."""
        due = {OrderState.OPEN: self.due_now_minor, OrderState.DEPOSIT: self.total_minor}.get(self.state)
        return 0 if due is None else due - self.asked_minor

    @property
    def tenders(self) -> tuple[PaymentView, ...]:
        """What the part that is being paid is paid with so far; none where no part is begun."""
        if self.state not in (OrderState.OPEN, OrderState.DEPOSIT):
            return ()
        part = Part.NOW if self.state == OrderState.OPEN else Part.BALANCE
        return tuple(one for one in self.payments if one.part == part and one.is_live)


@dataclass(frozen=True)
class GiveBack:
    """What is given back of one line, in pence, VAT inside, and what becomes of its piece."""

    line_id: str
    gross_minor: int
    fate: Fate


@dataclass(frozen=True)
class ReturnLine:
    """One line of an order that may be given back; amounts in pence.

    refundable_minor is what was paid of it and not given back yet. can_go_to_stock: the piece may be for sale again at
    once; where it may not, it is inspected first.
    """

    line_id: str
    name: str
    sku: str
    number: int | None
    detail: str
    gross_minor: int
    refunded_minor: int
    refundable_minor: int
    is_piece: bool  # a piece that is this order's still
    engraved: bool
    can_go_to_stock: bool
    is_promised: bool = False  # its balance is not paid: it may not be made yet


@dataclass(frozen=True)
class ReturnPayment:
    """One payment of an order, to which money may go back; brand and last4 of a card, empty where there is none."""

    payment_id: str
    method: Method
    brand: str
    last4: str
    amount_minor: int
    refunded_minor: int  # given back, or owed still
    is_taken: bool  # False: only held; the whole of it is released, a part waits until it is taken


@dataclass(frozen=True)
class RefundPartView:
    """What went back to one payment, or is to; reason is for staff. is_owed: it failed, and no other road is found."""

    part_id: str
    payment_id: str
    road: Road
    state: RefundState
    amount_minor: int
    reason: str | None
    is_owed: bool


@dataclass(frozen=True)
class RefundView:
    """One refund of an order; at in UTC, by the name of who gave it."""

    refund_id: str
    number: str
    at: datetime
    by: str
    reason: str
    gross_minor: int
    vat_minor: int
    parts: tuple[RefundPartView, ...]


@dataclass(frozen=True)
class ReturnView:
    """An order as whoever gives money back sees it; amounts in pence.

    whole_only: a balance is still due, so all that was paid goes back, or nothing. refusal says in one word why nothing
    can be given back now (`CannotGiveBack` has its sentence); None: something can.
    """

    order_id: str
    code: str
    state: OrderState
    currency: str
    paid_minor: int
    refunded_minor: int
    lines: tuple[ReturnLine, ...]
    payments: tuple[ReturnPayment, ...]
    refunds: tuple[RefundView, ...]
    whole_only: bool
    refusal: str | None

    @property
    def owed_minor(self) -> int:
        """What failed on its way back and still waits for another road."""
        return sum(part.amount_minor for one in self.refunds for part in one.parts if part.is_owed)
