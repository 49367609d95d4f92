"""What must be true of the books whatever happened on a day, and what must be true of Stripe once all is quiet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from pos.books import audit
from pos.books.differences import Kind
from pos.books.reconcile import reconcile
from pos.models import (
    Basket,
    Certificate,
    CertificateState,
    Fate,
    GiftCard,
    GiftMovement,
    Order,
    OrderLine,
    OrderState,
    Part,
    Payment,
    PaymentState,
    Piece,
    PieceState,
    Receipt,
    Refund,
    RefundLine,
    RefundPart,
    RefundState,
    Road,
)
from pos.payments.gift_cards import is_card
from pos.payments.overview import Waits, unfinished
from pos.sandbox.stripe import RunningStripe
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING

GOES_BACK = (RefundState.PENDING, RefundState.REFUNDED)
OWNED = (PieceState.COMMITTED, PieceState.PROMISED, PieceState.SOLD)
LIVE = {
    OrderState.OPEN: (PieceState.COMMITTED,),
    OrderState.DEPOSIT: (PieceState.PROMISED, PieceState.COMMITTED, PieceState.SOLD),
    OrderState.PAID: (PieceState.SOLD,),
    OrderState.REFUNDED: (PieceState.SOLD,),  # the shopper keeps it
}


@dataclass(frozen=True)
class Books:
    """Everything written down, at one moment."""

    orders: dict[str, Order]
    lines: dict[str, list[OrderLine]]
    payments: dict[str, list[Payment]]
    receipts: dict[str, list[Receipt]]
    pieces: list[Piece]
    baskets: dict[str, Basket]
    certificates: list[Certificate]
    gift_cards: list[GiftCard]
    moved: list[GiftMovement]
    refunds: dict[str, list[Refund]]
    given: dict[str, list[RefundLine]]  # by order line
    parts: dict[str, list[RefundPart]]  # by payment

    @classmethod
    def of(cls, look: Session) -> "Books":
        return cls(
            orders={order.id: order for order in look.exec(select(Order))},
            lines=_by_order(look.exec(select(OrderLine))),
            payments=_by_order(look.exec(select(Payment))),
            receipts=_by_order(look.exec(select(Receipt))),
            pieces=list(look.exec(select(Piece))),
            baskets={basket.id: basket for basket in look.exec(select(Basket))},
            certificates=list(look.exec(select(Certificate))),
            gift_cards=list(look.exec(select(GiftCard))),
            moved=list(look.exec(select(GiftMovement))),
            refunds=_by(look.exec(select(Refund)), "order_id"),
            given=_by(look.exec(select(RefundLine)), "order_line_id"),
            parts=_by(look.exec(select(RefundPart)), "payment_id"),
        )

    @classmethod
    def opened(cls, shop: Shop) -> "Books":
        with shop.read() as look:
            return cls.of(look)

    def taken(self, order_id: str) -> list[Payment]:
        return [one for one in self.payments[order_id] if one.state == PaymentState.CAPTURED]


def always(shop: Shop) -> None:
    """At every moment, also in the middle of anything."""
    books = Books.opened(shop)
    for order in books.orders.values():
        _order_adds_up(order, books)
    for piece in books.pieces:
        _piece_has_one_owner(piece, books)
    for card in books.gift_cards:
        moved = sum(one.amount_minor for one in books.moved if one.gift_card_id == card.id)
        assert moved == card.balance_minor, f"card ···· {card.last4}: movements and balance"


def when_quiet(shop: Shop, stripe: RunningStripe) -> None:
    """Once nobody does anything any more: books and Stripe say the same, and nothing hangs."""
    with shop.read() as look:
        assert audit.broken_at(look) is None, "the audit chain is broken"
        books = Books.of(look)
    left = [one for one in unfinished(shop, boutique_id="demo") if one.waits_for is not Waits.MONEY]
    assert left == [], f"left in the middle: {left}"
    intents, given_back = _intents(stripe), _refunds(stripe)
    for order in books.orders.values():
        assert order.state != OrderState.OPEN, f"{order.code} is left open"
        _stripe_agrees(order, books, intents, given_back)
        _paid_is_owned(order, books)
    _certified(books)


def _order_adds_up(order: Order, books: Books) -> None:
    lines, payments, receipts = (of[order.id] for of in (books.lines, books.payments, books.receipts))
    assert sum(line.gross_minor for line in lines) == order.total_minor, f"{order.code}: lines and total"
    assert sum(line.vat_minor for line in lines) == order.vat_minor, f"{order.code}: VAT"
    live = [one for one in payments if one.state != PaymentState.CANCELLED or one.finished_at is None]
    assert order.asked_minor == sum(one.amount_minor for one in live), f"{order.code}: asked"
    for part, due in ((Part.NOW, order.due_now_minor), (Part.BALANCE, order.due_later_minor)):
        taken = [one for one in payments if one.part == part and one.state == PaymentState.CAPTURED]
        assert sum(one.amount_minor for one in taken) <= due, f"{order.code}: more taken than due"
    assert order.paid_minor == sum(one.gross_minor for one in receipts), f"{order.code}: paid and receipts"
    settled = [one for one in payments if one.receipt_no]
    assert sum(one.amount_minor for one in settled) == order.paid_minor, f"{order.code}: paid and payments"
    for one in payments:
        assert one.state != PaymentState.CAPTURED or one.receipt_no, f"{order.code}: taken, and no sale written"
    if order.state == OrderState.PAID:
        assert order.paid_minor == order.total_minor
        assert sum(one.vat_minor for one in receipts) == order.vat_minor, f"{order.code}: VAT printed"
    _given_back_adds_up(order, settled, receipts, books)


def _given_back_adds_up(order: Order, settled: list[Payment], receipts: list[Receipt], books: Books) -> None:
    """What went back is the same by order, line, payment and refund, and never more than came."""
    refunds, lines = books.refunds[order.id], books.lines[order.id]
    assert order.refunded_minor == sum(one.gross_minor for one in refunds), f"{order.code}: given back, and refunds"
    assert order.refunded_minor == sum(one.refunded_minor for one in lines), f"{order.code}: given back, and lines"
    assert order.refunded_minor == sum(one.refunded_minor for one in settled), f"{order.code}: given back, and payments"
    back = sum(one.vat_minor for one in refunds)
    assert back == sum(one.vat_refunded_minor for one in lines), f"{order.code}: VAT given back"
    if order.state == OrderState.REFUNDED:
        assert order.refunded_minor == order.paid_minor
        assert back == sum(one.vat_minor for one in receipts), f"{order.code}: VAT given back in full"
    for payment in settled:
        parts = [one for one in books.parts[payment.id] if one.id not in _replaced(books, payment)]
        assert sum(one.amount_minor for one in parts) == payment.refunded_minor, f"{order.code}: parts of a payment"


def _replaced(books: Books, payment: Payment) -> set[str | None]:
    return {one.replaces for one in books.parts[payment.id]}


def _piece_has_one_owner(piece: Piece, books: Books) -> None:
    name = f"{piece.sku} {piece.number}"
    if piece.state == PieceState.HELD:
        assert piece.order_id is None, f"{name} is held, and an order's"
    elif piece.state in OWNED:
        order = books.orders[piece.order_id or ""]
        assert piece.state in LIVE.get(order.state, ()), f"{name} is {piece.state}, its order {order.state}"
        assert any(line.piece_id == piece.id for line in books.lines[order.id]), f"{name} stands on no line"
    else:
        assert piece.order_id is None, f"{name} is {piece.state}, and an order's"


def _paid_is_owned(order: Order, books: Books) -> None:
    """Nothing is paid without its piece."""
    if order.state not in (OrderState.PAID, OrderState.DEPOSIT):
        return
    owned = {piece.id for piece in books.pieces if piece.order_id == order.id}
    for line in books.lines[order.id]:
        came_back = any(one.fate is not Fate.KEPT for one in books.given[line.id])
        assert line.piece_id is None or (line.piece_id in owned) is not came_back, (
            f"{order.code}: {line.sku} {line.number} is paid and gone, or given back and kept"
        )
        cards = [card for card in books.gift_cards if card.order_line_id == line.id]
        assert len(cards) == is_card(line), f"{order.code}: a gift card is paid, and not issued once"


def _stripe_agrees(
    order: Order, books: Books, intents: dict[str, list[dict[str, Any]]], stripe_refunds: dict[str, int]
) -> None:
    """Each payment has at most one intent that holds money, and it holds what the books say."""
    for payment in books.payments[order.id]:
        states = {one["id"]: (one["status"], one["amount_received"]) for one in intents[payment.id]}
        taken = [received for status, received in states.values() if status == "succeeded"]
        if payment.state == PaymentState.CAPTURED and payment.intent_id is not None:
            assert taken == [payment.amount_minor], f"{order.code}: Stripe holds {states}"
        else:
            assert taken == [], f"{order.code}: {payment.state}, and Stripe took {states}"
        back = stripe_refunds.get(payment.intent_id or "", 0)
        ours = [one for one in books.parts[payment.id] if one.road == Road.CARD and one.state in GOES_BACK]
        assert back == sum(one.amount_minor for one in ours), f"{order.code}: Stripe gave {back} back"
        held = [status for status, _ in states.values() if status == "requires_capture"]
        assert held == [], f"{order.code}: a hold is left on a card"


def _certified(books: Books) -> None:
    """Each sold piece has one valid certificate; no other piece has one."""
    valid = sorted(one.piece_id for one in books.certificates if one.state == CertificateState.VALID)
    assert valid == sorted(piece.id or 0 for piece in books.pieces if piece.state == PieceState.SOLD)


def _intents(stripe: RunningStripe) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with stripe.world.lock:
        for _, intent in stripe.world.shelf.items("payment_intent"):
            made[intent["metadata"].get("payment_id", "")].append(dict(intent))
    return made


def _refunds(stripe: RunningStripe) -> dict[str, int]:
    """What went back, or is on its way, of each intent, in pence."""
    back: dict[str, int] = defaultdict(int)
    with stripe.world.lock:
        for _, refund in stripe.world.shelf.items("refund"):
            if refund["status"] in ("pending", "succeeded"):
                back[str(refund["payment_intent"])] += int(refund["amount"])
    return back


def _by_order(rows: Any) -> Any:
    return _by(rows, "order_id")


def _by(rows: Any, name: str) -> Any:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def agree_with_stripe(shop: Shop, stripe: RunningStripe) -> None:
    """Held against Stripe's books nothing differs, but a receipt whose money a person already looks for.

    The account is shared by all the days that are played: what other days took is not this shop's, and says so by the
    orders it names, which are none of ours.
    """
    days = (
        shop.clock.now().date(),
        MONDAY_MORNING.date(),
        datetime.fromtimestamp(stripe.world.clock.now(), UTC).date(),
    )
    found = reconcile(shop, first=min(days) - timedelta(days=1), last=max(days) + timedelta(days=1)).differences
    lost = {one.order_id for one in unfinished(shop, boutique_id="demo") if one.waits_for is Waits.MONEY}
    wrong = [
        one for one in found if one.order_id is not None and not (one.kind is Kind.RECEIPT and one.order_id in lost)
    ]
    assert wrong == []
