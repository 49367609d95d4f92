"""What our books and Stripe's say differently, as one pure rule over what both sides told.

A charge is this shop's business if its intent is one of ours, if its metadata names one of our boutiques (presentation
writes it there), or if a card was held to one of our readers. Everything else on the same Stripe account is somebody
else's and never a difference. A location is no sign: another system's reader may stand in the same place.

What has only just moved may still be on its way, on either side: it is compared next time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pos.models import Method, PaymentState, RefundState
from pos.payments.statement import BalanceLine, ChargeLine, RefundLine

ON_ITS_WAY = timedelta(minutes=15)
BALANCE_AFTER = timedelta(hours=2)  # Stripe: a capture may come to the balance within the hour
BY_STRIPE = (Method.CARD, Method.SAVED_CARD, Method.LINK)
CHARGES = ("charge", "payment")  # types of balance lines by which money of a charge comes
# What a side says: a word, with an amount and its currency where it says one ("taken 14000 gbp"); screens translate it.
NOTHING, ONCE, TAKEN, HELD, RELEASED, ASKED, NET_WRONG = (
    "nothing",
    "once",
    "taken",
    "held",
    "released",
    "asked",
    "net_wrong",
)


class Kind(StrEnum):
    """What differs."""

    UNBOOKED = "unbooked"  # taken at Stripe, not captured here
    PAID_TWICE = "paid_twice"  # taken at Stripe again, for a payment that was captured already
    NOT_AT_STRIPE = "not_at_stripe"  # captured here, not taken at Stripe
    AMOUNT = "amount"
    CURRENCY = "currency"
    HOLD_LAPSED = "hold_lapsed"  # held on a card, not taken before its last day
    RECEIPT = "receipt"  # a receipt says more or less than its payments took
    REFUND_UNBOOKED = "refund_unbooked"  # given back at Stripe, not here
    REFUND_NOT_AT_STRIPE = "refund_not_at_stripe"
    REFUND_AMOUNT = "refund_amount"
    REFUND_FAILED = "refund_failed"  # failed at Stripe, given back here
    REFUND_WENT = "refund_went"  # went at Stripe, failed here
    NO_BALANCE = "no_balance"  # taken or given back, and no line of the balance says so
    BALANCE = "balance"  # the balance says another amount


@dataclass(frozen=True)
class Booked:
    """A payment of ours that Stripe has to do with; amount in the smallest unit, times UTC."""

    payment_id: str
    order_id: str
    boutique_id: str
    state: PaymentState
    finished: bool
    amount_minor: int
    currency: str
    intent_id: str | None
    charge_id: str | None
    moved_at: datetime  # when it was last seen to move
    capture_before: datetime | None


@dataclass(frozen=True)
class GivenBack:
    """A part of a refund of ours that goes back to a card."""

    part_id: str
    payment_id: str
    order_id: str
    boutique_id: str
    state: RefundState
    amount_minor: int
    currency: str
    refund_id: str | None
    asked_at: datetime


@dataclass(frozen=True)
class Receipted:
    """A receipt, and what the payments it names have taken; still_moving: one of them is not finished."""

    number: str
    order_id: str
    boutique_id: str
    gross_minor: int
    currency: str
    taken_minor: int
    issued_at: datetime
    still_moving: bool


@dataclass(frozen=True)
class Ours:
    """What our books say."""

    payments: Sequence[Booked]
    refunds: Sequence[GivenBack]
    receipts: Sequence[Receipted]
    readers: Mapping[str, str]  # reader → boutique
    boutiques: frozenset[str]
    orders: Mapping[str, str] = field(default_factory=dict)  # order → boutique: those that metadata names


@dataclass(frozen=True)
class Theirs:
    """What Stripe's books say."""

    charges: Sequence[ChargeLine]
    refunds: Sequence[RefundLine]
    balance: Sequence[BalanceLine]


@dataclass(frozen=True)
class Found:
    """One difference; subject is Stripe's id, or ours where Stripe has none. amount in the smallest unit."""

    kind: Kind
    subject: str
    ours: str
    theirs: str
    amount_minor: int
    currency: str
    order_id: str | None = None
    boutique_id: str | None = None


def compare(ours: Ours, theirs: Theirs, *, at: datetime) -> list[Found]:
    """Every difference between the two, at a moment (UTC); the same again gives the same again."""
    books = _Books(ours, theirs, at)
    found = [*books.charges(), *books.payments(), *books.holds(), *books.receipts()]
    found += [*books.refunds(), *books.refund_parts(), *books.balance()]
    return found


class _Books:
    """Both sides, laid open at the same page."""

    def __init__(self, ours: Ours, theirs: Theirs, at: datetime) -> None:
        self._ours, self._theirs, self._at = ours, theirs, at
        self._by_intent = {one.intent_id: one for one in ours.payments if one.intent_id}
        self._by_id = {one.payment_id: one for one in ours.payments}
        self._parts = {one.refund_id: one for one in ours.refunds if one.refund_id}
        self._charges = [one for one in theirs.charges if self._is_ours(one)]
        self._of_intent: dict[str, list[ChargeLine]] = defaultdict(list)
        for charge in sorted(self._charges, key=lambda one: one.created):
            self._of_intent[charge.intent_id or ""].append(charge)

    def charges(self) -> Iterator[Found]:
        """Money at Stripe: is it in our books, once, and as much?"""
        for charge in self._charges:
            if not charge.taken or charge.refunded:  # what went back whole is owed to nobody
                continue
            booked = self._booked(charge)
            if booked is None:
                yield self._unknown(charge)
            elif self._comes_second(charge, booked):
                yield self._of(booked, Kind.PAID_TWICE, charge.id, ONCE, _taken(charge), charge.amount_captured)
            elif charge.intent_id != booked.intent_id:
                yield self._of(booked, Kind.UNBOOKED, charge.id, booked.state, _taken(charge), charge.amount_captured)
            elif not self._is_on_its_way(booked):
                yield from self._beside(charge, booked)

    def payments(self) -> Iterator[Found]:
        """Money in our books: did Stripe take it?"""
        for booked in self._ours.payments:
            tried = self._of_intent[booked.intent_id or ""]
            if booked.state is not PaymentState.CAPTURED or any(charge.taken for charge in tried):
                continue
            theirs = tried[-1].status if tried else NOTHING
            theirs = HELD if tried and tried[-1].status == "succeeded" else theirs
            yield self._of(booked, Kind.NOT_AT_STRIPE, booked.payment_id, booked.state, theirs, booked.amount_minor)

    def holds(self) -> Iterator[Found]:
        """Holds on cards that were not taken in time, or not let go."""
        for booked in self._ours.payments:
            tried = self._of_intent[booked.intent_id or ""]
            held = [charge for charge in tried if charge.status == "succeeded" and not charge.captured]
            last = booked.capture_before or (held[-1].capture_before if held else None)
            late = last is not None and last < self._at and not any(charge.taken for charge in tried)
            here = booked.state is PaymentState.AUTHORISED
            if late and (here or any(not charge.refunded for charge in held)):
                theirs = RELEASED if held and held[-1].refunded else HELD if held else NOTHING
                yield self._of(booked, Kind.HOLD_LAPSED, booked.payment_id, booked.state, theirs, booked.amount_minor)

    def receipts(self) -> Iterator[Found]:
        """Receipts and what their payments took."""
        for paper in self._ours.receipts:
            young = paper.still_moving and self._at - paper.issued_at < ON_ITS_WAY
            if paper.taken_minor == paper.gross_minor or young:
                continue
            says = saying(ASKED, paper.gross_minor, paper.currency)
            took = saying(TAKEN, paper.taken_minor, paper.currency)
            short = abs(paper.gross_minor - paper.taken_minor)
            where = {"order_id": paper.order_id, "boutique_id": paper.boutique_id}
            yield Found(Kind.RECEIPT, paper.number, says, took, short, paper.currency, **where)

    def refunds(self) -> Iterator[Found]:
        """Money that went back at Stripe."""
        for refund in self._theirs.refunds:
            booked = self._by_intent.get(refund.intent_id or "")
            if booked is None:  # somebody else's, or of a charge that is a difference itself
                continue
            part, theirs = self._parts.get(refund.id), saying(refund.status, refund.amount, refund.currency)
            if part is None:
                if refund.live and not self._is_being_asked(refund, booked):
                    yield self._of(booked, Kind.REFUND_UNBOOKED, refund.id, NOTHING, theirs, refund.amount)
                continue
            ours = saying(part.state, part.amount_minor, part.currency)
            kind = self._differs(refund, part)
            if kind is not None:
                yield self._of(booked, kind, refund.id, ours, theirs, refund.amount)

    def refund_parts(self) -> Iterator[Found]:
        """Money that went back in our books: does Stripe know?"""
        known = {refund.id for refund in self._theirs.refunds}
        for part in self._ours.refunds:
            if part.state in (RefundState.PENDING, RefundState.REFUNDED) and part.refund_id not in known:
                yield Found(Kind.REFUND_NOT_AT_STRIPE, part.part_id, str(part.state), NOTHING, part.amount_minor,
                            part.currency, part.order_id, part.boutique_id)  # fmt: skip

    def balance(self) -> Iterator[Found]:
        """What came to the balance and left it, against the charges and refunds it is for."""
        lines: dict[str, list[BalanceLine]] = defaultdict(list)
        for line in self._theirs.balance:
            if line.source_id and line.type in CHARGES:
                lines[line.source_id].append(line)
        for charge in self._charges:
            booked = self._booked(charge)
            if booked is None or not charge.taken or self._at - booked.moved_at < BALANCE_AFTER:
                continue
            seen = {line.id: line for line in (*lines[charge.id], *([charge.balance] if charge.balance else ()))}
            yield from self._balanced(booked, charge, charge.amount_captured, list(seen.values()))
        for refund in self._theirs.refunds:
            booked = self._by_intent.get(refund.intent_id or "")
            if booked is None or not refund.moved:
                continue
            yield from self._balanced(booked, refund, -refund.amount, _some(refund.balance))
            if refund.status == "failed":
                yield from self._balanced(booked, refund, refund.amount, _some(refund.came_back))

    def _beside(self, charge: ChargeLine, booked: Booked) -> Iterator[Found]:
        ours, theirs = saying(ASKED, booked.amount_minor, booked.currency), _taken(charge)
        if charge.currency.lower() != booked.currency.lower():
            yield self._of(booked, Kind.CURRENCY, charge.id, ours, theirs, charge.amount_captured)
        elif charge.amount_captured != booked.amount_minor:
            yield self._of(booked, Kind.AMOUNT, charge.id, ours, theirs, charge.amount_captured)
        elif booked.state is not PaymentState.CAPTURED:
            yield self._of(booked, Kind.UNBOOKED, charge.id, booked.state, theirs, charge.amount_captured)

    def _balanced(
        self, booked: Booked, thing: ChargeLine | RefundLine, wanted: int, lines: Sequence[BalanceLine]
    ) -> Iterator[Found]:
        """A settlement in another currency than the charge's cannot be compared penny by penny, and is left alone."""
        told = saying(TAKEN if wanted > 0 else "refunded", abs(wanted), thing.currency)
        if not lines:
            yield self._of(booked, Kind.NO_BALANCE, thing.id, told, NOTHING, abs(wanted))
            return
        same = all(line.currency == thing.currency for line in lines)
        came, sound = sum(line.amount for line in lines), all(line.net == line.amount - line.fee for line in lines)
        if same and (came != wanted or not sound):
            word = NET_WRONG if came == wanted else TAKEN if came > 0 else "refunded"
            theirs = saying(word, abs(came), thing.currency)
            yield self._of(booked, Kind.BALANCE, thing.id, told, theirs, abs(came - wanted))

    def _differs(self, refund: RefundLine, part: GivenBack) -> Kind | None:
        same = (refund.amount, refund.currency.lower()) == (part.amount_minor, part.currency.lower())
        told = part.state is RefundState.REFUNDED or (
            part.state is RefundState.PENDING and self._at - part.asked_at > ON_ITS_WAY
        )
        if not refund.live:
            return Kind.REFUND_FAILED if told else None
        if part.state is RefundState.FAILED:
            return Kind.REFUND_WENT
        return None if same else Kind.REFUND_AMOUNT

    def _is_ours(self, charge: ChargeLine) -> bool:
        """Whether a charge is this shop's business: see above."""
        known = charge.intent_id in self._by_intent or charge.payment_id in self._by_id
        named = charge.payment_id is not None and charge.boutique in self._ours.boutiques
        return known or named or charge.reader_id in self._ours.readers

    def _booked(self, charge: ChargeLine) -> Booked | None:
        return self._by_intent.get(charge.intent_id or "") or self._by_id.get(charge.payment_id or "")

    def _comes_second(self, charge: ChargeLine, booked: Booked) -> bool:
        """Whether its payment was taken by another charge, which is the one our books mean."""
        theirs = [one for one in self._of_intent[booked.intent_id or ""] if one.taken and not one.refunded]
        meant = booked.charge_id if booked.charge_id in {one.id for one in theirs} else theirs[0].id if theirs else None
        return meant is not None and meant != charge.id

    def _is_on_its_way(self, booked: Booked) -> bool:
        return not booked.finished and self._at - booked.moved_at < ON_ITS_WAY

    def _is_being_asked(self, refund: RefundLine, booked: Booked) -> bool:
        """Whether a part of ours is just being asked for whose answer, with its id, is not written down yet."""
        return any(
            part.refund_id is None
            and part.payment_id == booked.payment_id
            and part.amount_minor == refund.amount
            and self._at - part.asked_at < ON_ITS_WAY
            for part in self._ours.refunds
        )

    def _unknown(self, charge: ChargeLine) -> Found:
        """Taken, and no payment of ours: whose order and whose boutique, if that can be told."""
        order_id = charge.order_id if charge.order_id in self._ours.orders else None
        boutique = self._ours.orders.get(order_id or "") or self._ours.readers.get(charge.reader_id or "")
        boutique = boutique or (charge.boutique if charge.boutique in self._ours.boutiques else None)
        return Found(Kind.UNBOOKED, charge.id, NOTHING, _taken(charge), charge.amount_captured, charge.currency,
                     order_id, boutique)  # fmt: skip

    def _of(self, booked: Booked, kind: Kind, subject: str, ours: Any, theirs: str, minor: int) -> Found:
        where = {"order_id": booked.order_id, "boutique_id": booked.boutique_id}
        return Found(kind, subject, str(ours), theirs, minor, booked.currency, **where)


def saying(word: str, minor: int, currency: str) -> str:
    """What a side says, with its amount; `parted` takes it apart."""
    return f"{word} {minor} {currency.lower()}"


def parted(said: str) -> tuple[str, int | None, str]:
    """The word of a saying, and its amount (smallest unit) and currency where it has one."""
    word, *amount = said.split()
    return (word, int(amount[0]), amount[1]) if amount else (word, None, "")


def _taken(charge: ChargeLine) -> str:
    return saying(TAKEN, charge.amount_captured, charge.currency)


def _some(line: BalanceLine | None) -> list[BalanceLine]:
    return [line] if line else []
