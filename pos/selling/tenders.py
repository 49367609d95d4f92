"""Paying one part of an order in several ways: card, cash and cards of the house, one tender after the other.

orders.asked_minor counts what the tenders of an order ask for. Adding one raises it, by a statement that never lets it
pass what is due; one that is taken back lowers it again once it is cancelled (checkout.undo). A part is settled when
all that is due is held or laid down (Sale.is_covered), and not before. Until then nothing is taken: a card is only
held, cash lies in the drawer, and each goes back by its own road.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import (
    CashShort,
    GiftCardEmpty,
    NoAmount,
    NotAllowed,
    ReaderTrouble,
    TenderTooMuch,
    TenderWaits,
    Unknown,
    WrongState,
)
from pos.models import Device, GiftCard, Method, Order, OrderState, Part, Payment, PaymentState, Role
from pos.paper import drawer
from pos.payments import gift_cards, intents
from pos.payments.gift_cards import GiftCardView
from pos.payments.reduce import OPEN
from pos.people import rights
from pos.selling import cash
from pos.shop import Shop

TAKE = "take a payment"
NOTES, MOST_NOTES = (500, 1000, 2000, 5000, 10000), 5  # pence
AT_THE_COUNTER = (Method.CARD, Method.CASH, Method.GIFT_CARD)  # what a tender may be; the others have their own verbs


@dataclass(frozen=True)
class Tender:
    """One way of paying a part of what is due; amounts in pence.

    tendered_minor: the cash laid down, None for the exact amount. gift_card_id: as gift_cards.balance said of its code.
    """

    method: Method
    amount_minor: int
    tendered_minor: int | None = None
    gift_card_id: str | None = None


def due_part(order: Order) -> Part:
    """The part of an order that is to be paid now. Raises WrongState where nothing is."""
    if order.state == OrderState.OPEN:
        return Part.NOW
    if order.state == OrderState.DEPOSIT:
        return Part.BALANCE
    raise WrongState("order", order.code, order.state)


def asks_for(tender: Tender | None, *, due_minor: int) -> int:
    """What is asked for with a tender of a part of which so much is due, in pence: all of it where there is none.

    Raises NoAmount, TenderTooMuch (left), CashShort (amount, tendered), or Unknown for a way that is no tender.
    """
    if tender is None:
        return due_minor
    if tender.method not in AT_THE_COUNTER:
        raise Unknown("tender", tender.method)
    if tender.amount_minor <= 0:
        raise NoAmount
    if tender.amount_minor > due_minor:
        raise TenderTooMuch(due_minor)
    if tender.tendered_minor is not None and tender.tendered_minor < tender.amount_minor:
        raise CashShort(tender.amount_minor, tender.tendered_minor)
    return tender.amount_minor


def of_card(card: GiftCardView, *, wanted_minor: int) -> Tender:
    """As much of an amount (pence) as is on a card of the house. Raises GiftCardEmpty where nothing is."""
    if card.balance_minor == 0:
        raise GiftCardEmpty(card.last4, 0)
    return Tender(Method.GIFT_CARD, min(wanted_minor, card.balance_minor), gift_card_id=card.card_id)


def likely_notes(amount_minor: int) -> tuple[int, ...]:
    """What is likely laid down for an amount, in pence: exactly it, or the next that notes make."""
    whole = {-(-amount_minor // note) * note for note in NOTES}
    return (amount_minor, *sorted(whole - {amount_minor}))[:MOST_NOTES]


def first_of(
    tx: Writing,
    shop: Shop,
    *,
    order: Order,
    tender: Tender,
    part: Part,
    device: Device,
    staff_id: str | None,
    at: datetime,
    times: int = 1,
) -> Payment:
    """The first tender of a part, inside the transaction that opens it; the order, locked, asks for it already.

    Raises NotAllowed (a shopper alone pays all of it by card), CashLimit, ReaderTrouble or what gift_cards.spend
    refuses.
    """
    if staff_id is None:
        raise NotAllowed(device.label, TAKE)
    _refuse_limit(tx, shop, order=order, device=device, tender=tender)
    return _write_down(tx, order=order, tender=tender, part=part, device=device, staff_id=staff_id, at=at, times=times)


def add(shop: Shop, *, order_id: str, tender: Tender, key: str, staff_id: str, device_id: str) -> str:
    """Add one tender to the part of an order that is being paid; says the payment's id.

    key names the tap: the same one twice is one tender. Cash and cards of the house are held at once, a card is asked
    for at the reader; the back office does the rest. Raises TenderTooMuch (left), NoAmount, CashShort, CashLimit,
    TenderWaits (a card is being asked for already), ReaderTrouble (this tablet has no reader), WrongState (nothing is
    being paid), NotAllowed, Unknown, or what gift_cards.spend refuses.
    """
    key = f"{order_id}:{key}"
    with shop.write() as tx:
        audit.unchanged(tx)
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=TAKE)
        order = lock_for(tx, order_id=order_id, tender=tender)
        there = tx.exec(select(Payment.id).where(Payment.key == key)).first()
        if there is not None:
            return there
        part = due_part(order)
        device = tablet_of(tx, device_id, order, part)
        if part == Part.BALANCE and order.asked_minor == order.paid_minor:
            raise WrongState("order", order.code, order.state)  # the balance is not begun: checkout.open_balance
        until = order.due_now_minor if part == Part.NOW else order.total_minor
        asks_for(tender, due_minor=until - order.asked_minor)
        _refuse_two_cards(tx, order, part, tender)
        _refuse_limit(tx, shop, order=order, device=device, tender=tender)
        _ask_for_more(tx, order, tender.amount_minor, until=until)
        times = (tx.exec(_rounds(order, part)).one() or 0) + 1
        to_whom: dict[str, Any] = {"device": device, "staff_id": staff_id, "at": tx.now(), "times": times, "key": key}
        payment_id = _write_down(tx, order=order, tender=tender, part=part, **to_whom).id
        told = {"method": tender.method, "amount": tender.amount_minor, "left": until - order.asked_minor}
        audit.record(tx, "tender added", order.code, by=staff_id, **told)
        return payment_id


def lock_for(tx: Writing, *, order_id: str, tender: Tender | None) -> Order:
    """Lock an order that is to be paid, for cash with all that are linked with it. Raises Unknown or WrongState."""
    if tender is not None and tender.method == Method.CASH:
        cash.lock(tx, order_id)
    return locked(tx, order_id)


def _rounds(order: Order, part: Part) -> Any:
    return select(func.max(Payment.round)).where(Payment.order_id == order.id, Payment.part == part)


def _ask_for_more(tx: Writing, order: Order, amount_minor: int, *, until: int) -> None:
    """The guard: of two tills that both add the last pound, one is refused by this statement, whatever they saw."""
    fits = (
        col(Order.id) == order.id,
        col(Order.state) == order.state,
        col(Order.asked_minor) + amount_minor <= until,
    )
    more = update(Order).where(*fits).values(asked_minor=Order.asked_minor + amount_minor)
    asked = tx.connection().execute(more.returning(col(Order.asked_minor))).scalar_one_or_none()
    tx.refresh(order)
    if asked is None:
        raise TenderTooMuch(max(0, until - order.asked_minor))


def _write_down(
    tx: Writing,
    *,
    order: Order,
    tender: Tender,
    part: Part,
    device: Device,
    staff_id: str,
    at: datetime,
    times: int,
    key: str | None = None,
) -> Payment:
    by_card = tender.method == Method.CARD
    if by_card and device.reader_id is None:
        raise ReaderTrouble(device.label, "none")
    if tender.method == Method.GIFT_CARD and tx.get(GiftCard, tender.gift_card_id or "") is None:
        raise Unknown("gift card", "…")
    held = {} if by_card else {"state": PaymentState.AUTHORISED, "authorised_at": at}
    in_cash = tender.method == Method.CASH
    payment = intents.write_down(
        tx,
        order=order,
        part=part,
        amount_minor=tender.amount_minor,
        currency=order.currency,
        reader_id=device.reader_id if by_card else None,
        device_id=device.id,
        staff_id=staff_id,
        at=at,
        round=times,
        key=key,
        method=tender.method,
        tendered_minor=(tender.tendered_minor or tender.amount_minor) if in_cash else None,
        gift_card_id=tender.gift_card_id,
        **held,
    )
    if in_cash:
        drawer.kick(tx, payment=payment, device=device, why=drawer.TAKEN, at=at)
    if tender.method == Method.GIFT_CARD:
        gift_cards.spend(
            tx, card_id=tender.gift_card_id or "", payment_id=payment.id, amount_minor=tender.amount_minor, at=at
        )
    return payment


def _refuse_two_cards(tx: Session, order: Order, part: Part, tender: Tender) -> None:
    """One undecided payment a part, which the schema sees to (uq_payment_undecided): said here in words."""
    if tender.method != Method.CARD:
        return
    asked = select(Payment.amount_minor).where(
        Payment.order_id == order.id, Payment.part == part, col(Payment.state).in_(OPEN)
    )
    waits = tx.exec(asked).first()
    if waits is not None:
        raise TenderWaits(waits)


def _refuse_limit(tx: Writing, shop: Shop, *, order: Order, device: Device, tender: Tender) -> None:
    if tender.method != Method.CASH:
        return
    order_ids = cash.circle(tx, order.id)
    refusal = cash.too_much(
        tx, shop, order=order, device_id=device.id, order_ids=order_ids, more_minor=tender.amount_minor
    )
    if refusal is not None:
        raise refusal


def locked(tx: Writing, order_id: str) -> Order:
    """The order, locked and as it is now. Raises Unknown."""
    wanted = select(Order).where(Order.id == order_id).with_for_update()
    order = tx.exec(wanted.execution_options(populate_existing=True)).first()
    if order is None:
        raise Unknown("order", order_id)
    return order


def tablet_of(tx: Writing, device_id: str, order: Order, part: Part) -> Device:
    """The tablet of who does it, in the boutique where this part is paid: its cash lies there. Raises NotAllowed."""
    device = tx.get_one(Device, device_id)
    paid_in = (
        select(Device.boutique_id)
        .join(Payment, col(Payment.device_id) == col(Device.id))
        .where(Payment.order_id == order.id, Payment.part == part)
        .order_by(col(Payment.round).desc())
    )
    if tx.exec(paid_in).first() not in (device.boutique_id, None):
        raise NotAllowed(device.label, TAKE)
    return device
