"""The row of a part of a refund: read as facts, moved only by statements that say what it must still be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from pos.books import audit
from pos.errors import Unknown
from pos.models import Order, Payment, Refund, RefundPart, RefundState, Road
from pos.payments.record import BY
from pos.payments.roads import BELL
from pos.shop import Shop, wake

BY_STRIPE = (Road.CARD, Road.RELEASE)
OPEN = (RefundState.QUEUED, RefundState.PENDING, RefundState.UNKNOWN)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)  # between two looks at an open part
# A refund that succeeded may still come back, while a bank takes its time: an event says so, or a look if that is lost.
WATCHED, WATCH_EVERY = timedelta(days=30), timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """A part of a refund as written down at one moment; the amount is in the smallest unit."""

    id: str
    payment_id: str
    intent_id: str | None
    order_code: str
    number: str
    road: Road
    amount_minor: int
    whole: bool  # of what its payment came to
    state: RefundState
    reason: str | None
    stripe_refund_id: str | None
    attempts: int
    asked_at: datetime


def facts(shop: Shop, *, part_id: str) -> Part:
    """What is written down of a part. Raises Unknown."""
    with shop.read() as look:
        found = look.exec(
            select(RefundPart, Payment, Refund, Order.code)
            .join(Payment, col(Payment.id) == col(RefundPart.payment_id))
            .join(Refund, col(Refund.id) == col(RefundPart.refund_id))
            .join(Order, col(Order.id) == col(Refund.order_id))
            .where(RefundPart.id == part_id)
        ).first()
    if found is None:
        raise Unknown("part of a refund", part_id)
    part, payment, refund, code = found
    return Part(
        id=part.id,
        payment_id=payment.id,
        intent_id=payment.intent_id,
        order_code=code,
        number=refund.number,
        road=part.road,
        amount_minor=part.amount_minor,
        whole=part.amount_minor == payment.amount_minor,
        state=part.state,
        reason=part.reason,
        stripe_refund_id=part.stripe_refund_id,
        attempts=part.attempts,
        asked_at=part.asked_at,
    )


def open_parts(shop: Shop, *, due: bool = False) -> list[str]:
    """Parts that wait for Stripe, oldest first; due: those to be looked at now, also such as may still come back."""
    wanted = select(RefundPart.id).where(col(RefundPart.road).in_(BY_STRIPE))
    waits = col(RefundPart.finished_at).is_(None) & col(RefundPart.state).in_(OPEN)
    now = shop.clock.now()
    if due:
        unattended = or_(col(RefundPart.worker_until).is_(None), col(RefundPart.worker_until) <= now)
        on_time = or_(waits & col(RefundPart.look_at).is_(None), col(RefundPart.look_at) <= now)
        wanted = wanted.where(unattended, on_time)
    else:
        wanted = wanted.where(waits)
    with shop.read() as look:
        return list(look.exec(wanted.order_by(col(RefundPart.asked_at), col(RefundPart.id))))


def next_look(shop: Shop) -> datetime | None:
    """When the next part is to be looked at; None: never."""
    with shop.read() as look:
        times = select(RefundPart.look_at).where(col(RefundPart.look_at).is_not(None))
        return look.exec(times.order_by(col(RefundPart.look_at)).limit(1)).first()


def gives_all_back() -> ColumnElement[bool]:
    """Of a payment in the same statement: all of it goes back to its card, so a hold is released and nothing is taken.

    Such a payment ends cancelled though its sale was written, and that is no fault.
    """
    part: Any = aliased(RefundPart)
    whole = part.amount_minor == col(Payment.amount_minor)
    mine = part.payment_id == col(Payment.id)
    return exists().where(mine, whole, part.road.in_(BY_STRIPE), part.state != RefundState.FAILED)


def is_all_given_back(shop: Shop, *, payment_id: str) -> bool:
    """The same of one payment."""
    with shop.read() as look:
        return look.exec(select(Payment.id).where(Payment.id == payment_id, gives_all_back())).first() is not None


def begin_try(shop: Shop, was: Part) -> Part | None:
    """Count a new try before Stripe is asked; None where the part has moved on. Of several workers one begins it."""
    with shop.jot(durable=True) as tx:
        guard = (*_still(was), col(RefundPart.stripe_refund_id).is_(None))
        begun = update(RefundPart).where(*guard).values(attempts=was.attempts + 1, road=Road.CARD)
        if tx.exec(begun).rowcount != 1:
            return None
    return facts(shop, part_id=was.id)


def wait(shop: Shop, was: Part, *, state: RefundState | None = None, reason: str | None = None) -> RefundState:
    """Nothing is decided: look again later, the later the longer it has waited."""
    with shop.jot() as tx:
        now = tx.now()
        pause = min(max((now - was.asked_at) / 4, FIRST_PAUSE), LONGEST_PAUSE)
        values = {"state": state or was.state, "reason": reason, "look_at": now + pause}
        tx.exec(update(RefundPart).where(*_still(was)).values(**values))
    return facts(shop, part_id=was.id).state


def move(shop: Shop, was: Part, state: RefundState, **values: Any) -> RefundState:
    """Write down what Stripe said of a part; whoever comes second finds it moved. Says how it stands then.

    What failed still counts as given back on its payment: it is owed, until a person finds another road.
    """
    with shop.write() as tx:
        now = tx.now()
        values |= _times(was, state, at=now)
        moved = tx.exec(update(RefundPart).where(*_still(was)).values(state=state, **values)).rowcount == 1
        if not moved or state == was.state:
            audit.unchanged(tx)
        else:
            wake(tx, BELL)
            told = {"order": was.order_code, "amount": was.amount_minor, "reason": values.get("reason") or ""}
            audit.record(tx, f"refund {state}", was.number, by=BY, part=was.id, **told)
    return facts(shop, part_id=was.id).state


def _times(was: Part, state: RefundState, *, at: datetime) -> dict[str, Any]:
    if state == RefundState.PENDING:
        return {"look_at": at + LONGEST_PAUSE, "finished_at": None}
    if state == RefundState.FAILED:
        return {"look_at": None, "finished_at": None, "worker": None, "worker_until": None}
    watched = at + WATCH_EVERY if at - was.asked_at < WATCHED else None
    look_at = watched if was.stripe_refund_id or was.attempts else None
    return {"look_at": look_at, "finished_at": at if was.state != state else _kept()}


def _kept() -> Any:
    return col(RefundPart.finished_at)


def _still(was: Part) -> tuple[Any, ...]:
    return (col(RefundPart.id) == was.id, col(RefundPart.state) == was.state, col(RefundPart.attempts) == was.attempts)
