"""What must be true of a shop whatever became of its till: money, piece, certificate and paper say the same."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from pos.books import audit
from pos.models import (
    Certificate,
    CertificateState,
    GiftCard,
    GiftMovement,
    JobState,
    Method,
    Order,
    OrderState,
    Part,
    Payment,
    PaymentState,
    Pickup,
    PickupSlot,
    PickupState,
    Piece,
    PieceState,
    PrintJob,
    Receipt,
    Refund,
    RefundPart,
    RefundState,
    Road,
    SavedCard,
    SavedCardState,
)
from pos.paper.connection import RESET
from pos.paper.pulse import DRAWER
from pos.proof import certificate, verify
from pos.sandbox.printer import RunningPrinter
from pos.sandbox.stripe import RunningStripe
from pos.shop import Shop

FIRST_SLIP = {True: "deposit", False: "sales"}  # by whether something is due later
AT_STRIPE = (Method.CARD, Method.SAVED_CARD, Method.LINK)
LONGEST_PREFIX = 16  # bytes that make the printer ready stand before a slip, nothing else
LONGEST_PROOF = 64  # bytes behind it that ask the printer to say that it is printed
Row = TypeVar("Row")


@dataclass(frozen=True)
class Books:
    """Everything the shop has written down of its sales."""

    orders: list[Order]
    payments: list[Payment]
    pieces: list[Piece]
    receipts: list[Receipt]
    certificates: list[Certificate]
    pickups: list[Pickup]
    slots: list[PickupSlot]
    jobs: list[PrintJob]
    refunds: list[Refund]
    parts: list[RefundPart]
    cards: list[GiftCard]
    movements: list[GiftMovement]
    kept: list[SavedCard]

    @classmethod
    def of(cls, look: Session) -> "Books":
        return cls(
            orders=sorted(_all(look, Order), key=lambda order: order.opened_at),
            payments=_all(look, Payment),
            pieces=_all(look, Piece),
            receipts=_all(look, Receipt),
            certificates=_all(look, Certificate),
            pickups=_all(look, Pickup),
            slots=_all(look, PickupSlot),
            jobs=list(look.exec(select(PrintJob).order_by(col(PrintJob.queued_at), col(PrintJob.id)))),
            refunds=_all(look, Refund),
            parts=_all(look, RefundPart),
            cards=_all(look, GiftCard),
            movements=_all(look, GiftMovement),
            kept=_all(look, SavedCard),
        )

    def paid(self, order: Order) -> list[Payment]:
        """The payments of an order whose money was taken."""
        return [one for one in self.payments if one.order_id == order.id and one.state == PaymentState.CAPTURED]

    def settled(self, order: Order) -> list[Payment]:
        """The payments that settled a part of an order, taken or released again by a refund."""
        return [one for one in self.payments if one.order_id == order.id and one.receipt_no]

    def by_card(self, payments: list[Payment]) -> list[Payment]:
        """Those of them that Stripe knows."""
        return [one for one in payments if one.method in AT_STRIPE]

    def released(self) -> set[str]:
        """Payments whose hold was let go, whole, because of a refund."""
        return {one.payment_id for one in self.parts if one.road == Road.RELEASE}

    def counts(self) -> Counter[str]:
        """How many of each there are, with their states."""
        states = [f"{type(row).__name__} {row.state}" for row in (*self.orders, *self.payments, *self.pieces)]
        return Counter(
            [
                *states,
                *(
                    type(row).__name__
                    for row in (
                        *self.receipts,
                        *self.certificates,
                        *self.jobs,
                        *self.refunds,
                        *self.parts,
                        *self.cards,
                        *self.movements,
                    )
                ),
            ]
        )


class Account:
    """What came to be at Stripe since a till opened, known to the shop or not."""

    def __init__(self, stripe: RunningStripe) -> None:
        self._stripe = stripe
        self._before = {one["id"] for kind in ("payment_intent", "charge", "refund") for one in self._all(kind)}

    @property
    def intents(self) -> list[dict[str, Any]]:
        """Every PaymentIntent."""
        return [one for one in self._all("payment_intent") if one["id"] not in self._before]

    @property
    def charges(self) -> list[dict[str, Any]]:
        """Every charge, of whatever became of it."""
        return [one for one in self._all("charge") if one["id"] not in self._before]

    @property
    def refunds(self) -> list[dict[str, Any]]:
        """Every refund."""
        return [one for one in self._all("refund") if one["id"] not in self._before]

    def is_kept(self, method_id: str) -> bool:
        """Whether a card is still kept for a customer."""
        with self._stripe.world.lock:
            return any(
                key == method_id and one["customer"] for key, one in self._stripe.world.shelf.items("payment_method")
            )

    def _all(self, kind: str) -> list[dict[str, Any]]:
        with self._stripe.world.lock:
            return [dict(thing) for _, thing in self._stripe.world.shelf.items(kind)]


def agree(shop: Shop, stripe: Account, printer: RunningPrinter) -> Books:
    """Assert that the books, Stripe and the paper agree, and that nothing is left in the middle."""
    with shop.read() as look:
        assert audit.broken_at(look) is None, "the audit chain is broken"
        books = Books.of(look)
    _money(books, stripe)
    _pieces(books)
    _certificates(shop, books)
    _receipts(books)
    _pickups(books)
    _cards(books)
    _kept_cards(books, stripe)
    _slips(shop, books)
    _paper(books, printer)
    return books


def on_paper(job: PrintJob, printer: RunningPrinter) -> int:
    """How often a slip lies in the tray, whole."""
    return len(_strips(job, printer))


def _strips(job: PrintJob, printer: RunningPrinter) -> list[int]:
    """The strips of paper that bear a slip whole: how many bytes stand before it on each."""
    papers = [slip.bin.read_bytes() for slip in printer.slips()]
    if job.payload is None:  # it bears a code: the records keep what its bytes come to, not the bytes
        found = [_begins(raw, str(job.payload_sha256)) for raw in papers]
        return [at for at in found if at is not None]
    body = job.payload.removeprefix(RESET)
    return [raw.index(body) for raw in papers if body in raw]


@lru_cache(maxsize=10_000)
def _begins(raw: bytes, sha256: str) -> int | None:
    for at in range(min(LONGEST_PREFIX, len(raw)) + 1):
        for end in range(max(at, len(raw) - LONGEST_PROOF), len(raw) + 1):
            if hashlib.sha256(RESET + raw[at:end]).hexdigest() == sha256:
                return at
    return None


def _money(books: Books, stripe: Account) -> None:
    """Taken once for each part that is paid, in the amount the order says, and nothing is left held at Stripe."""
    assert all(one.finished_at for one in books.payments), f"left open: {[one.state for one in books.payments]}"
    by_card = books.by_card(books.payments)
    # Cancelled before any reader had it: nobody can pay what may have been made for it, so it is left (withdrawal.py).
    unsent = {one.id for one in by_card if one.state == PaymentState.CANCELLED and one.intent_id is None}
    left = [one for one in stripe.intents if one["metadata"].get("payment_id") in unsent]
    assert {one["status"] for one in left} <= {"requires_payment_method"}, "what no reader had was paid"
    assert len({one["metadata"]["payment_id"] for one in left}) == len(left), "two intents for one payment"
    seen, asked = [one for one in stripe.intents if one not in left], len(by_card) - len(unsent)
    assert len(seen) == asked, f"{len(seen)} intents, {asked} payments"
    assert {one["status"] for one in seen} <= {"succeeded", "canceled"}, "an intent is left open at Stripe"
    taken = {one["id"]: one["amount_received"] for one in stripe.intents if one["status"] == "succeeded"}
    ours = {one.intent_id: one.amount_minor for order in books.orders for one in books.by_card(books.paid(order))}
    assert taken == ours, f"Stripe took {taken}, the books say {ours}"
    assert sum(one["captured"] for one in stripe.charges) == len(taken), "a card was charged twice"
    for order in books.orders:
        paid = books.settled(order)
        assert sum(one.amount_minor for one in paid) == order.paid_minor, f"the order says {order.paid_minor}"
        parts = Counter({part: sum(one.amount_minor for one in paid if one.part == part) for part in Part})
        asked_for = {Part.NOW: order.due_now_minor, Part.BALANCE: order.due_later_minor}
        assert all(asked_for[part] == amount for part, amount in parts.items() if amount), f"paid {parts}"
        due = {OrderState.PAID: order.total_minor, OrderState.DEPOSIT: order.due_now_minor, OrderState.CANCELLED: 0}
        whole = order.refunded_minor if order.state == OrderState.REFUNDED else due.get(order.state)
        assert order.paid_minor == whole, f"an order is {order.state}"
    _given_back(books, stripe, taken=sum(taken.values()))


def _given_back(books: Books, stripe: Account, *, taken: int) -> None:
    """Taken less given back is what the orders say; each part went back once, by Stripe's word."""
    assert all(one.finished_at for one in books.parts), f"left open: {[one.state for one in books.parts]}"
    back = {one["metadata"]["refund_part_id"]: one["amount"] for one in stripe.refunds}
    assert len(back) == len(stripe.refunds), "a part went back twice"
    ours = {one.id: one.amount_minor for one in books.parts if one.road == Road.CARD}
    assert back == ours, f"Stripe gave {back} back, the books say {ours}"
    assert {one.state for one in books.parts} <= {RefundState.REFUNDED}
    cash = sum(
        one.amount_minor for order in books.orders for one in books.paid(order) if one.method == Method.CASH
    ) - sum(one.amount_minor for one in books.parts if one.road == Road.CASH)
    owed = sum(one.balance_minor for one in books.cards)
    stays = sum(one.paid_minor - one.refunded_minor for one in books.orders) + owed
    told = f"{taken} taken, {sum(back.values())} given back, {cash} in the drawer, {stays} should stay"
    assert taken - sum(back.values()) + cash == stays, told
    numbers = sorted(int(one.number.rsplit("R", 1)[1]) for one in books.refunds)
    assert numbers == list(range(1, len(numbers) + 1)), f"refunds {numbers}"


def _pieces(books: Books) -> None:
    """A piece is sold if and only if its order paid for it; it has one owner or none."""
    orders = {order.id: order for order in books.orders}
    for one in books.pieces:
        if one.state == PieceState.FREE:
            assert (one.order_id, one.basket_id) == (None, None), f"number {one.number} is free and somebody's"
            continue
        if one.state == PieceState.HELD:
            assert one.order_id is None, f"number {one.number} is held and an order's"
            continue
        owner = orders[one.order_id or ""]
        expected = {PieceState.SOLD: OrderState.PAID, PieceState.PROMISED: OrderState.DEPOSIT}
        assert owner.state == expected.get(one.state), f"number {one.number} is {one.state}, its order {owner.state}"


def _certificates(shop: Shop, books: Books) -> None:
    """A valid one for each sold piece, none for any other, and each proves itself with the public key alone."""
    sold = [one.id for one in books.pieces if one.state == PieceState.SOLD]
    valid = [one.piece_id for one in books.certificates if one.state == CertificateState.VALID]
    assert sorted(valid) == sorted(piece_id or 0 for piece_id in sold)
    for issued in books.certificates:
        assert verify.verify_offline(certificate.link(shop, issued), key=shop.settings.keys).valid


def _receipts(books: Books) -> None:
    """One for each payment taken, numbered from one on without a gap."""
    released = books.released()
    captured = [one.id for one in books.payments if one.state == PaymentState.CAPTURED or one.id in released]
    assert sorted(one.id for one in books.payments if one.receipt_no) == sorted(captured)
    assert {one.receipt_no for one in books.payments} - {None} == {one.number for one in books.receipts}
    numbers = sorted(int(one.number.rsplit("-", 1)[1]) for one in books.receipts)
    paid = {(one.order_id, one.part) for one in books.payments if one.receipt_no}
    assert numbers == list(range(1, len(paid) + 1)), f"receipts {numbers}"
    for receipt in books.receipts:
        assert receipt.gross_minor == sum(
            one.amount_minor for one in books.payments if one.receipt_no == receipt.number
        )


def _pickups(books: Books) -> None:
    """Booked if and only if something is paid and not all given back; the room of each half hour counts those."""
    booked = [one for one in books.pickups if one.state == PickupState.BOOKED]
    assert {one.order_id for one in booked} == {one.id for one in books.orders if one.paid_minor > one.refunded_minor}
    room = Counter(one.slot_id for one in booked)
    assert {one.id: one.booked for one in books.slots if one.booked} == dict(room)


def _cards(books: Books) -> None:
    """One credit for what of a refund went back as one; what is on a card is what came on it and went."""
    credits: Counter[str] = Counter()
    for one in books.parts:
        if one.road == Road.CREDIT:
            credits[one.gift_card_id or ""] += one.amount_minor
    assert Counter({one.id: one.issued_minor for one in books.cards}) == credits
    for card in books.cards:
        moved = [one for one in books.movements if one.gift_card_id == card.id]
        assert sum(one.amount_minor for one in moved) == card.balance_minor
        assert [one.amount_minor for one in moved if one.why == "issued"] == [card.issued_minor]
    spent = {one.payment_id: -one.amount_minor for one in books.movements if one.why == "spent"}
    assert spent == {one.id: one.amount_minor for one in books.payments if one.method == Method.GIFT_CARD}


def _kept_cards(books: Books, stripe: Account) -> None:
    """A card is kept, here and at Stripe, for as long as its order may charge it, and no longer."""
    states = {order.id: order.state for order in books.orders}
    for one in books.kept:
        is_due = states[one.order_id] == OrderState.DEPOSIT
        assert one.state == (SavedCardState.KEPT if is_due else SavedCardState.FORGOTTEN), f"a card is {one.state}"
        assert stripe.is_kept(one.method_id or "") == is_due, "Stripe keeps a card that nobody needs, or none"


def _slips(shop: Shop, books: Books) -> None:
    """Each payment has its slips, once, and they say what the books say."""
    assert all(job.order_id in {order.id for order in books.orders} for job in books.jobs)
    for order in books.orders:
        jobs = [job for job in books.jobs if job.order_id == order.id]
        assert Counter(job.kind for job in jobs) == _slips_due(books, order)
        numbers = sorted(str(job.facts["receipt_no"]) for job in jobs if "receipt_no" in job.facts)
        assert numbers == sorted(one.number for one in books.receipts if one.order_id == order.id)
        shown = {job.piece_id: job.facts["verify_url"] for job in jobs if job.kind == "authenticity"}
        issued = [one for one in books.certificates if one.order_id == order.id]
        assert shown == {one.piece_id: certificate.link(shop, one) for one in issued}
        collect = [job.facts["code"] for job in jobs if job.kind == "pickup"]
        assert collect == [one.code for one in books.pickups if one.order_id == order.id and books.settled(order)]


def _slips_due(books: Books, order: Order) -> Counter[str]:
    parts = [one.part for one in books.settled(order)]
    due: Counter[str] = Counter()
    if Part.NOW in parts:
        due += Counter([FIRST_SLIP[order.due_later_minor > 0], "pickup"])
    if Part.BALANCE in parts:
        due += Counter(["balance"])
    refunds = [one.id for one in books.refunds if one.order_id == order.id]
    credits = {one.gift_card_id for one in books.parts if one.road == Road.CREDIT and one.refund_id in refunds}
    cash = [one for one in books.payments if one.method == Method.CASH and one.order_id == order.id]
    kicks = sum(1 + (one.state == PaymentState.CANCELLED) for one in cash)  # it lay down, and was handed back
    due += Counter(refund=len(refunds), credit=len(credits)) + Counter({DRAWER: kicks})
    return due + Counter(["authenticity"] * sum(one.order_id == order.id for one in books.certificates))


def _paper(books: Books, printer: RunningPrinter) -> None:
    """Every slip is on paper once, alone on its strip, and the books know it; no drawer opened twice."""
    kicks = [job for job in books.jobs if job.kind == DRAWER]
    assert all(job.state in (JobState.CONFIRMED, JobState.UNKNOWN) for job in kicks)
    assert sum(job.state == JobState.CONFIRMED for job in kicks) <= printer.kicks <= len(kicks)
    for job in books.jobs:
        if job.kind == DRAWER:
            continue
        assert job.state == JobState.CONFIRMED, f"the {job.kind} slip is {job.state} ({job.cause})"
        found = _strips(job, printer)
        assert len(found) == 1, f"the {job.kind} slip lies {len(found)} times in the tray"
        assert found[0] <= LONGEST_PREFIX, f"the {job.kind} slip hangs on the rest of another"


def _all(look: Session, table: type[Row]) -> list[Row]:
    return list(look.exec(select(table)))
