"""A card that is kept for a balance: the shopper's consent, the card at Stripe, and forgetting it.

Of the card itself the shop knows its brand and its last four figures, and the names Stripe gives it; no more. Its
customer at Stripe has no name, and stands for one order.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, exists, or_, update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import Unknown, WrongState
from pos.ids import new_id
from pos.models import (
    Method,
    Order,
    OrderState,
    Part,
    Payment,
    Role,
    SavedCard,
    SavedCardState,
    put,
)
from pos.payments.answers import Kind, MethodAnswer, Refusal
from pos.payments.journal import Journal
from pos.payments.record import Facts
from pos.people import rights
from pos.shop import Shop, wake

log = logging.getLogger(__name__)

TOPIC = "chore cards"  # the bell of whoever forgets cards
OVER = (OrderState.PAID, OrderState.CANCELLED, OrderState.REFUNDED)  # nothing is left that it could be charged for


@dataclass(frozen=True)
class Consent:
    """What a shopper agreed to, word for word as it stood on the screen, and which version of the text it was."""

    text: str
    version: str
    language: str


def write_down(tx: Session, *, order_id: str, consent: Consent, at: datetime) -> None:
    """Keep a consent with the order it was given for: part of the transaction that opens the order."""
    put(
        tx,
        SavedCard(
            id=new_id(),
            order_id=order_id,
            consent_version=consent.version,
            consent_text=consent.text,
            language=consent.language,
            consented_at=at,
        ),
    )


def customer_for(shop: Shop, journal: Journal, facts: Facts) -> str | Refusal | None:
    """Stripe's customer for whom the card of this payment is to be kept; None where none is to be kept.

    Made once for an order: the same key until Stripe has answered. Is it clearly refused, the card is not kept, and
    the sale goes on without.
    """
    if facts.part is not Part.NOW or facts.method is not Method.CARD:
        return None
    with shop.read() as look:
        wanted = select(SavedCard).where(
            SavedCard.order_id == facts.order_id,
            SavedCard.state == SavedCardState.ASKED,
            col(SavedCard.forget_asked_at).is_(None),
        )
        card = look.exec(wanted).first()
    if card is None or card.customer_id is not None:
        return card.customer_id if card else None
    stumbles = journal.stumbles("create_customer")  # Stripe repeats a stumble under its key for a day
    key = f"order:{facts.order_id}:customer" + (f":{stumbles}" if stumbles else "")
    answer = shop.terminal.create_customer(journal, key=key, metadata={"order_id": facts.order_id})
    if isinstance(answer, Refusal):
        if answer.kind is not Kind.REFUSED:
            return answer
        log.error("the card of order %s cannot be kept: %s", facts.order_code, answer.code)
        _move(shop, card.id, was=SavedCardState.ASKED, now=SavedCardState.NOT_KEPT)
        return None
    with shop.jot() as tx:
        mine = (col(SavedCard.id) == card.id, col(SavedCard.customer_id).is_(None))
        tx.exec(update(SavedCard).where(*mine).values(customer_id=answer.id))
    return answer.id


def demand(tx: Session, *, order: Order) -> SavedCard:
    """The kept card of an order that is locked, to be charged. Raises WrongState where there is none."""
    card = tx.exec(select(SavedCard).where(SavedCard.order_id == order.id)).first()
    if card is None or card.state != SavedCardState.KEPT or card.forget_asked_at is not None:
        raise WrongState("kept card", order.code, card.state if card else "not kept")
    return card


def forget_card(shop: Shop, *, order_id: str, staff_id: str, device_id: str) -> None:
    """The shopper does not want the card to be kept (any more): it is charged no more, and soon forgotten.

    Asking twice is asking once. Raises WrongState while it is being charged, NotAllowed, or Unknown where none is kept.
    """
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="forget a card")
        order = tx.exec(select(Order).where(Order.id == order_id).with_for_update()).first()
        card = tx.exec(select(SavedCard).where(SavedCard.order_id == order_id)).first()
        if order is None or card is None:
            raise Unknown("kept card", order_id)
        if card.state in (SavedCardState.NOT_KEPT, SavedCardState.FORGOTTEN) or card.forget_asked_at is not None:
            audit.unchanged(tx)
            return
        if tx.exec(select(_being_charged()).where(SavedCard.id == card.id)).first():
            raise WrongState("kept card", order.code, "being charged")
        card.forget_asked_at = tx.now()
        wake(tx, TOPIC)
        audit.record(tx, "card to be forgotten", order.code, by=staff_id)


def paid_nothing(tx: Writing, *, payment: Payment) -> None:
    """A card was held for a deposit, and went back before the sale: it is not the deposit's, so it is kept no more.

    The consent is for the card that pays the deposit. Part of the transaction that undoes the payment.
    """
    if payment.method is not Method.CARD or payment.saved_card_id is None or payment.authorised_at is None:
        return  # it was never held, so what is kept meanwhile is another's
    mine = (col(SavedCard.id) == payment.saved_card_id, col(SavedCard.forget_asked_at).is_(None))
    tx.exec(update(SavedCard).where(*mine).values(forget_asked_at=tx.now()))
    wake(tx, TOPIC)


def look_after(shop: Shop) -> int:
    """Forget every card that is needed no more, at Stripe first; says how many. One in trouble stops no other.

    Needed no more: the balance is paid, the order is cancelled or goes back, or the shopper asked for it.
    """
    with shop.read() as look:
        over = or_(col(Order.state).in_(OVER), col(SavedCard.forget_asked_at).is_not(None))
        kept = select(SavedCard).join(Order).where(SavedCard.state == SavedCardState.KEPT, over, ~_being_charged())
        unseen = (
            select(SavedCard)
            .join(Order)
            .where(SavedCard.state == SavedCardState.ASKED, col(Order.state) != OrderState.OPEN, ~_payments_open())
        )
        to_forget, never_seen = list(look.exec(kept)), list(look.exec(unseen))
    for card in never_seen:
        _move(shop, card.id, was=SavedCardState.ASKED, now=SavedCardState.NOT_KEPT)
    done = 0
    for card in to_forget:
        try:
            done += _forget(shop, card)
        except Exception:
            log.exception("the card kept for order %s could not be forgotten", card.order_id)
    return done


def _forget(shop: Shop, card: SavedCard) -> bool:
    """Detach a card at Stripe, then write it down: killed in between, the same key is asked again."""
    journal = Journal(shop, payment_id=_first_payment(shop, order_id=card.order_id))
    method_id = card.method_id or ""
    refusals = journal.refusals("forget_card")  # Stripe repeats a refusal under its key for a day
    answer = shop.terminal.forget_card(journal, method_id=method_id, key=f"card:{card.id}:forget:{refusals}")
    if isinstance(answer, Refusal) and answer.kind is Kind.REFUSED:
        answer = shop.terminal.fetch_card(journal, method_id=method_id)  # somebody may have done it in the Dashboard
    gone = answer.code == "resource_missing" if isinstance(answer, Refusal) else _is_nobodys(answer)
    return gone and _move(shop, card.id, was=SavedCardState.KEPT, now=SavedCardState.FORGOTTEN)


def _is_nobodys(answer: MethodAnswer) -> bool:
    return answer.customer_id is None


def _move(shop: Shop, card_id: str, *, was: SavedCardState, now: SavedCardState) -> bool:
    with shop.write() as tx:
        values = {"state": now} | ({"forgotten_at": tx.now()} if now is SavedCardState.FORGOTTEN else {})
        mine = (col(SavedCard.id) == card_id, col(SavedCard.state) == was)
        if tx.exec(update(SavedCard).where(*mine).values(**values)).rowcount != 1:
            audit.unchanged(tx)
            return False
        audit.record(tx, f"card {now}", card_id, by="shop")
        return True


def _first_payment(shop: Shop, *, order_id: str) -> str | None:
    first = select(Payment.id).where(Payment.order_id == order_id, Payment.part == Part.NOW)
    with shop.read() as look:
        return look.exec(first.order_by(col(Payment.round)).limit(1)).first()


def _being_charged() -> Exists:
    charging = (col(Payment.saved_card_id) == col(SavedCard.id), col(Payment.method) == Method.SAVED_CARD)
    return exists().where(*charging, col(Payment.finished_at).is_(None))


def _payments_open() -> Exists:
    return exists().where(col(Payment.order_id) == col(SavedCard.order_id), col(Payment.finished_at).is_(None))
