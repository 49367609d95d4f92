"""What staff see of the money: every payment that is not finished or went wrong, what it waits for, and what is safe.

What it offers is safe at any moment and any number of times: a payment that is let go is still a sale if a card came
first, and looking again asks Stripe, which decides.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy import select as entities
from sqlmodel import Session, col, select

from pos.errors import NotAllowed, Unknown
from pos.models import Attempt, Device, GatewayCall, Method, Order, OrderLine, Part, Payment, PaymentState, Reader, Role
from pos.payments import intents, record, refund_parts
from pos.payments.reduce import GIVEN_UP, MISMATCH
from pos.people import rights
from pos.shop import Shop

LET_GO = "let a payment go"
MOST = 100  # payments shown at once: an evening on which nothing works


class Waits(StrEnum):
    """What a payment waits for."""

    READER = "reader"  # to be shown at the reader, which is another's or cannot now
    CARD = "card"
    LINK = "link"  # open at home
    SHOPPER = "shopper"  # refused: another card, or none
    STRIPE = "stripe"  # nobody knows how it stands until Stripe says
    CANCEL = "cancel"  # to be taken off the reader and closed
    CAPTURE = "capture"  # held, the sale is written, the money is to be taken
    SALE = "sale"  # held, the sale is being written
    RELEASE = "release"  # held, no sale can come of it
    BASKET = "basket"  # cancelled, its pieces go back
    PERSON = "person"  # what Stripe holds is not what the order asks for
    REST = "rest"  # held; the rest of what is due is still to be paid
    HAND = "hand"  # cash that is to be handed back
    MONEY = "money"  # the sale is written and the hold has ended: nothing was taken


class Act(StrEnum):
    """The one thing that is safe to do about it."""

    LET_GO = "let_go"  # ask for it to be cancelled; a card that came first still pays
    LOOK_AGAIN = "look_again"  # ask Stripe now
    GIVE_UP = "give_up"  # every tender of the part goes back by its own road (unwinding.give_up)
    CASH_RETURNED = "cash_returned"  # it was handed back (unwinding.cash_returned)


ACTS = {
    Waits.READER: Act.LET_GO,
    Waits.CARD: Act.LET_GO,
    Waits.LINK: Act.LET_GO,
    Waits.SHOPPER: Act.LET_GO,
    Waits.STRIPE: Act.LOOK_AGAIN,
    Waits.CANCEL: Act.LOOK_AGAIN,
    Waits.CAPTURE: Act.LOOK_AGAIN,
    Waits.SALE: Act.LOOK_AGAIN,
    Waits.RELEASE: Act.LOOK_AGAIN,
    Waits.BASKET: Act.LOOK_AGAIN,
    Waits.REST: Act.GIVE_UP,
    Waits.HAND: Act.CASH_RETURNED,
}


@dataclass(frozen=True)
class OpenPayment:
    """One payment that is not finished or went wrong; amount in the smallest unit, times UTC."""

    payment_id: str
    order_id: str
    order_code: str
    part: Part
    amount_minor: int
    state: PaymentState
    reason: str | None
    waits_for: Waits
    since: datetime
    take_before: datetime | None  # after this the hold ends by itself, and nothing can be taken any more
    reader: str
    attempts: int
    method: Method = Method.CARD
    left_minor: int = 0  # still to be asked for, of the part it pays for
    pieces: tuple[tuple[str, int], ...] = ()  # what it pays for: names as sold, and numbers

    @property
    def act(self) -> Act | None:
        """What is safe to do; None: nothing here helps, a person has to look."""
        return ACTS.get(self.waits_for)


@dataclass(frozen=True)
class Said:
    """One question to Stripe and what came back; times UTC. outcome None: no answer is written down (yet)."""

    at: datetime
    verb: str
    outcome: str | None
    status: int | None
    words: str


def unfinished(shop: Shop, *, boutique_id: str) -> tuple[OpenPayment, ...]:
    """Every payment of a boutique for which something is still to be done, the one that has waited longest first."""
    settled = col(Payment.receipt_no).is_not(None)
    lost = and_(col(Payment.state) == PaymentState.CANCELLED, settled, ~refund_parts.gives_all_back())
    latest = and_(col(Attempt.payment_id) == col(Payment.id), col(Attempt.number) == col(Payment.attempts))
    asked: Any = (
        entities(Payment, Order, Reader, Attempt)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .join(Device, col(Device.id) == col(Payment.device_id))
        .join(Reader, col(Reader.id) == col(Payment.reader_id), isouter=True)
        .join(Attempt, latest, isouter=True)
        .where(col(Device.boutique_id) == boutique_id, or_(col(Payment.finished_at).is_(None), lost))
        .order_by(col(Payment.opened_at), col(Payment.id))
        .limit(MOST)
    )
    with shop.read() as look:
        found = [_view(*row) for row in look.execute(asked)]
        pieces = _pieces(look, order_ids={one.order_id for one in found})
    return tuple(replace(one, pieces=tuple(pieces[one.order_id])) for one in found)


def _pieces(look: Session, *, order_ids: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    pieces: dict[str, list[tuple[str, int]]] = {order_id: [] for order_id in order_ids}
    if order_ids:
        asked = select(OrderLine.order_id, OrderLine.name, OrderLine.number).where(
            col(OrderLine.order_id).in_(order_ids)
        )
        for order_id, name, number in look.exec(asked.order_by(col(OrderLine.position))):
            if number is not None:  # a service stands with its piece
                pieces[order_id].append((name, number))
    return pieces


def journal(shop: Shop, *, payment_id: str) -> tuple[Said, ...]:
    """What was asked of Stripe for a payment and what it said, in order."""
    with shop.read() as look:
        calls = look.exec(
            select(GatewayCall)
            .where(GatewayCall.payment_id == payment_id)
            .order_by(col(GatewayCall.asked_at), col(GatewayCall.id))
        )
        return tuple(Said(call.asked_at, call.verb, call.outcome, call.status, _words(call.said)) for call in calls)


def let_go(shop: Shop, *, payment_id: str, staff_id: str, device_id: str) -> None:
    """Ask for a payment of this boutique to be cancelled, from the counter; a card that came first still pays.

    Raises NotAllowed (nobody unlocked there, or another boutique's payment) or Unknown.
    """
    with shop.jot() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=LET_GO)
        payment = tx.get(Payment, payment_id)
        if payment is None:
            raise Unknown("payment", payment_id)
        if tx.get_one(Device, payment.device_id).boutique_id != tx.get_one(Device, device_id).boutique_id:
            raise NotAllowed(staff_id, LET_GO)
    intents.ask_cancel(shop, payment_id=payment_id, by=staff_id)


def look_again(shop: Shop, *, payment_id: str) -> None:
    """Have the back office ask Stripe about a payment now, instead of in its own time. Raises Unknown."""
    with shop.read() as look:
        desk = look.exec(select(record.DESK).where(Payment.id == payment_id)).first()
    if desk is None:
        raise Unknown("payment", payment_id)
    shop.bell.ring("payments")
    shop.bell.ring(record.topic(desk))


def _view(payment: Payment, order: Order, reader: Reader | None, attempt: Attempt | None) -> OpenPayment:
    moments = (payment.opened_at, attempt and attempt.asked_at, payment.again_at, payment.cancel_asked_at)
    since = payment.authorised_at or max(moment for moment in moments if moment)
    return OpenPayment(
        payment_id=payment.id,
        order_id=order.id,
        order_code=order.code,
        part=payment.part,
        amount_minor=payment.amount_minor,
        state=payment.state,
        reason=payment.reason,
        waits_for=_waits(payment, order, settled=payment.receipt_no is not None),
        since=since,
        take_before=payment.capture_before if payment.state == PaymentState.AUTHORISED else None,
        reader=(reader.label or reader.id) if reader else "",
        attempts=payment.attempts,
        method=payment.method,
        left_minor=0 if payment.receipt_no else max(0, _due(payment, order) - order.asked_minor),
    )


def _due(payment: Payment, order: Order) -> int:
    """What may be asked for in all while this payment's part is being paid, in pence."""
    return order.due_now_minor if payment.part == Part.NOW else order.total_minor


def _waits(payment: Payment, order: Order, *, settled: bool) -> Waits:
    if payment.state == PaymentState.CANCELLED:
        return Waits.MONEY if settled else Waits.BASKET
    if payment.reason == MISMATCH:
        return Waits.PERSON
    if payment.state in (PaymentState.AUTHORISED, PaymentState.CAPTURED):
        return Waits.CAPTURE if settled else _held(payment, order)
    if payment.cancel_asked_at is not None:
        return Waits.CANCEL
    if payment.method == Method.LINK and payment.state == PaymentState.DISPATCHED:
        return Waits.LINK
    if payment.method in (Method.SAVED_CARD, Method.LINK):
        return Waits.STRIPE
    return {
        PaymentState.QUEUED: Waits.READER,
        PaymentState.DISPATCHED: Waits.CARD,
        PaymentState.DECLINED: Waits.SHOPPER,
    }.get(payment.state, Waits.STRIPE)


def _held(payment: Payment, order: Order) -> Waits:
    if payment.cancel_why in GIVEN_UP:
        return Waits.HAND if payment.method == Method.CASH else Waits.RELEASE
    before = 0 if payment.part == Part.NOW else order.due_now_minor
    return Waits.SALE if before + payment.amount_minor == _due(payment, order) else Waits.REST


def _words(said: dict[str, Any]) -> str:
    """What an answer said, short: its states and amounts, none of its ids."""
    flat = {**said, **(said.get("action") or {})}
    kept = ("status", "amount", "capturable", "received", "error", "failure", "refused")
    return ", ".join(f"{name} {flat[name]}" for name in kept if flat.get(name) not in (None, "", 0))
