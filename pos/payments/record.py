"""The row of a payment: read as facts, moved only by statements that say what it must still be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from pos.books import audit
from pos.errors import Unknown
from pos.ids import new_id
from pos.models import (
    Attempt,
    AttemptState,
    Method,
    Order,
    Part,
    Payment,
    PaymentState,
    Reader,
    SavedCard,
    SavedCardState,
)
from pos.payments.reduce import CANNOT_SETTLE, FINAL, GIVEN_UP, MISMATCH, OPEN, Known, Verdict
from pos.shop import Shop, wake

DESK = func.coalesce(col(Payment.reader_id), col(Payment.device_id))  # as Payment.desk
# Columns and not rows of the session: it is read at every step of a payment, three times a second at each busy reader.
FACTS = (
    select(  # type: ignore[call-overload, misc]
        Payment.id,
        Payment.order_id,
        Payment.part,
        Payment.round,
        Payment.method,
        Payment.reader_id,
        Payment.link_id,
        Payment.saved_card_id,
        Payment.attempts,
        Payment.opened_at,
        Payment.again_at,
        Payment.finished_at,
        Payment.state,
        Payment.amount_minor,
        Payment.currency,
        Payment.intent_id,
        Payment.reason,
        Payment.charge_id,
        Payment.cancel_why,
        Order.code,
        Order.boutique_id,
        Order.language,
        Order.due_now_minor,
        Order.due_later_minor,
        Order.total_minor,
        Order.asked_minor,
        col(Attempt.id).label("attempt_id"),
        col(Attempt.state).label("attempt_state"),
        Attempt.asked_at,
    )
    .join(Order, col(Order.id) == col(Payment.order_id))
    .join(
        Attempt,
        and_(col(Attempt.payment_id) == col(Payment.id), col(Attempt.number) == col(Payment.attempts)),
        isouter=True,
    )
    .where(Payment.id == bindparam("payment_id"))
)
BY = "stripe"  # whose word moved the payment, in the audit chain


def _reader_taken() -> Any:
    """Another payment is shown at this reader, may be, or is being sent to it at this moment: payment, reader."""
    other: Any = aliased(Payment)
    sending = exists().where(
        col(Attempt.payment_id) == other.id,
        col(Attempt.number) == other.attempts,
        col(Attempt.state) == AttemptState.QUEUED,
    )
    there = or_(
        other.state == PaymentState.DISPATCHED,
        and_(other.state == PaymentState.UNKNOWN, other.reason.is_distinct_from(MISMATCH)),
        and_(other.state == PaymentState.QUEUED, sending),
    )
    return exists().where(other.reader_id == bindparam("this_reader"), other.id != bindparam("this_payment"), there)


# Made once: an alias costs more to put together than the database takes to answer, and each tap on “pay” asks twice.
READER_TAKEN = select(_reader_taken())
BEGIN_TRY = (
    update(Payment)
    .where(
        col(Payment.id) == bindparam("this_payment"),
        col(Payment.state) == PaymentState.QUEUED,
        col(Payment.attempts) == bindparam("still_attempts"),
        col(Payment.cancel_asked_at).is_(None),
        ~_reader_taken(),
    )
    .values(attempts=bindparam("begun"), reason=None)
)


@dataclass(frozen=True)
class Facts:
    """A payment with its order and its last try at the reader, as written down at one moment; times UTC."""

    id: str
    order_id: str
    order_code: str
    boutique_id: str
    part: Part
    round: int
    method: Method
    reader_id: str  # empty where no reader has to do with it
    link_id: str | None  # Stripe's page for it
    language: str  # of the order
    saved_card_id: str | None  # the kept card that is charged, or the one that is to be kept of it
    attempts: int
    attempt_id: str | None
    attempt_state: AttemptState | None
    waiting_since: datetime  # when a card was last asked for, by the shopper or at the reader; else written down
    finished: bool
    shares: bool  # its part is paid by others too, and all that is due is asked for
    known: Known

    @property
    def marks(self) -> dict[str, str]:
        """What every intent and link made for it bears: by these it is found again, and known as ours (reconcile)."""
        return {"order_id": self.order_id, "payment_id": self.id, "boutique": self.boutique_id}

    @property
    def state(self) -> PaymentState:
        """How far it is."""
        return self.known.state


def facts(shop: Shop, *, payment_id: str) -> Facts:
    """What is written down of a payment. Raises Unknown."""
    with shop.read() as look:
        found = look.connection().execute(FACTS, {"payment_id": payment_id}).first()
    if found is None:
        raise Unknown("payment", payment_id)
    return _facts(found)


def _facts(row: Any) -> Facts:
    return Facts(
        id=row.id,
        order_id=row.order_id,
        order_code=row.code,
        boutique_id=row.boutique_id,
        part=row.part,
        round=row.round,
        method=row.method,
        reader_id=row.reader_id or "",
        link_id=row.link_id,
        language=row.language,
        saved_card_id=row.saved_card_id,
        attempts=row.attempts,
        attempt_id=row.attempt_id,
        attempt_state=row.attempt_state,
        waiting_since=max(row.asked_at or row.opened_at, row.again_at or row.opened_at),
        finished=row.finished_at is not None,
        shares=_shares(row),
        known=Known(
            state=row.state,
            amount_minor=row.amount_minor,
            currency=row.currency,
            intent_id=row.intent_id,
            reason=row.reason,
            charge_id=row.charge_id,
            cancel_why=row.cancel_why,
            unattended=row.method == Method.SAVED_CARD,
        ),
    )


def _shares(row: Any) -> bool:
    now = row.part == Part.NOW
    due, until = (row.due_now_minor, row.due_now_minor) if now else (row.due_later_minor, row.total_minor)
    return bool(row.amount_minor != due and row.asked_minor == until)


def topic(desk: str) -> str:
    """The bell of whoever looks after the payments of a desk: a reader, or a tablet for what needs no reader."""
    return f"payments {desk}"


def ring(tx: Session, *, desk: str) -> None:
    """Wake those who look after this desk's payments, once the transaction is committed."""
    wake(tx, "payments")
    wake(tx, topic(desk))


def move(shop: Shop, was: Facts, verdict: Verdict) -> bool:
    """Write a verdict down; False if the row has moved on since it was read: then read again and judge again."""
    with shop.write() as tx:
        now = tx.now()
        still = _still(was, state=was.state)
        if tx.exec(update(Payment).where(*still).values(**_columns(was, verdict, at=now))).rowcount != 1:
            audit.unchanged(tx)
            return False
        if was.saved_card_id is not None and was.method is Method.CARD:
            _keep_card(tx, was.saved_card_id, verdict)
        if was.attempts:
            _end_try(tx, was, state=verdict.attempt, reason=verdict.reason, message=verdict.message, at=now)
        told = {"order": was.order_code, "amount": was.known.amount_minor, "reason": verdict.reason or ""}
        act = "payment left by the shopper" if verdict.left else f"payment {verdict.state}"
        audit.record(tx, act, was.id, by=BY, **told)
    return True


def _columns(was: Facts, verdict: Verdict, *, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": verdict.state, "reason": verdict.reason, "charge_id": verdict.charge_id}
    if verdict.charge is not None:
        values |= {"card": dict(verdict.charge.card), "capture_before": verdict.charge.capture_before}
    if verdict.close_why is not None and was.known.cancel_why is None:
        values |= {"cancel_asked_at": at, "cancel_why": verdict.close_why}
    if verdict.state is PaymentState.AUTHORISED and was.state is not PaymentState.AUTHORISED:
        values["authorised_at"] = at
    if verdict.state is PaymentState.CAPTURED:
        values["captured_at"] = at
        if was.state is not PaymentState.AUTHORISED:
            values["authorised_at"] = at
    return values


def _keep_card(tx: Session, saved_card_id: str, verdict: Verdict) -> None:
    """The card of a deposit as Stripe made it for a later charge, in the moment the deposit is held or taken.

    A phone's card, or one of a scheme that forbids it, cannot be kept: known for sure once the money is taken.
    """
    charge = verdict.charge
    if charge is None:
        return
    mine, values = [col(SavedCard.id) == saved_card_id], dict[str, Any]()
    if charge.kept_as is not None:
        mine.append(col(SavedCard.state).in_((SavedCardState.ASKED, SavedCardState.NOT_KEPT)))
        shown = {key: charge.card.get(key) for key in ("brand", "last4")}
        values = {"state": SavedCardState.KEPT, "method_id": charge.kept_as, **shown}
    elif verdict.state is PaymentState.CAPTURED:
        mine.append(col(SavedCard.state) == SavedCardState.ASKED)
        values = {"state": SavedCardState.NOT_KEPT}
    if values:
        tx.exec(update(SavedCard).where(*mine).values(**values))


def _end_try(
    tx: Session, was: Facts, *, state: AttemptState, reason: str | None, message: str | None, at: datetime
) -> None:
    ended = None if state in (AttemptState.QUEUED, AttemptState.DISPATCHED, AttemptState.UNKNOWN) else at
    this = [col(Attempt.payment_id) == was.id, col(Attempt.number) == was.attempts]
    if state is not AttemptState.SUCCEEDED:  # what ended stays in the log as it ended; only money rewrites it
        this.append(col(Attempt.ended_at).is_(None))
    tx.exec(update(Attempt).where(*this).values(state=state, reason=reason, message=message, ended_at=ended))


def reader_in_use(shop: Shop, facts: Facts) -> bool:
    """Whether another payment of the shop is at this reader: a reader shows one at a time, the latest that is sent."""
    with shop.read() as look:
        return bool(look.execute(READER_TAKEN, _this(facts)).scalar_one())


def is_ours(shop: Shop, *, intent_id: str) -> bool:
    """Whether an intent was made for a payment of this shop."""
    with shop.read() as look:
        return look.exec(select(Payment.id).where(Payment.intent_id == intent_id)).first() is not None


def begin_try(shop: Shop, was: Facts) -> str | None:
    """Write down a new try at the reader before it is asked; says its id, or None if the payment has moved on, or
    another one has the reader.

    Of several workers, and of three taps at once, one begins it: the count of tries is part of the guard. So is the
    reader: whoever is sent second would push the first off it, whose shopper would then pay the wrong order.
    """
    attempt_id = new_id()
    with shop.jot() as tx:
        tx.exec(
            select(Reader.id).where(Reader.id == was.reader_id).with_for_update()
        )  # one at a time, on PostgreSQL too
        this = {**_this(was), "still_attempts": was.attempts, "begun": was.attempts + 1}
        if tx.connection().execute(BEGIN_TRY, this).rowcount != 1:
            return None
        tx.add(Attempt(id=attempt_id, payment_id=was.id, number=was.attempts + 1, asked_at=tx.now()))
    return attempt_id


def fail_try(shop: Shop, was: Facts, *, reason: str) -> None:
    """The reader surely did not get this try; another may follow."""
    with shop.jot() as tx:
        _end_try(tx, was, state=AttemptState.FAILED, reason=reason, message=None, at=tx.now())


def note_intent(shop: Shop, was: Facts, *, intent_id: str, keeps_card: bool = False) -> None:
    """Keep the id of the PaymentIntent of this payment, and whether its card is to be kept."""
    values: dict[str, Any] = {"intent_id": intent_id, "reason": None}
    if keeps_card:
        values["saved_card_id"] = select(SavedCard.id).where(SavedCard.order_id == was.order_id).scalar_subquery()
    with shop.jot() as tx:
        mine = (col(Payment.id) == was.id, col(Payment.intent_id).is_(None))
        tx.exec(update(Payment).where(*mine).values(**values))


def note_link(shop: Shop, was: Facts, *, link_id: str, url: str) -> None:
    """Keep the page on which a payment can be paid from now on."""
    with shop.write() as tx:
        mine = (*_still(was, state=PaymentState.QUEUED), col(Payment.link_id).is_(None))
        values = {"link_id": link_id, "link_url": url, "reason": None, "state": PaymentState.DISPATCHED}
        if tx.exec(update(Payment).where(*mine).values(**values)).rowcount != 1:
            audit.unchanged(tx)
            return
        audit.record(tx, "pay link made", was.id, by=BY, order=was.order_code, amount=was.known.amount_minor)


def note_reason(shop: Shop, was: Facts, *, reason: str) -> None:
    """Keep why a payment does not get on, without moving it."""
    if was.known.reason != reason:
        with shop.jot() as tx:
            tx.exec(update(Payment).where(*_still(was, state=was.state)).values(reason=reason))


def want_cancel(shop: Shop, *, payment_id: str, why: str, by: str) -> bool:
    """Ask for a payment to be cancelled; False where it is already asked, decided or paid: then nothing is changed."""
    undecided = (col(Payment.state).in_(OPEN), col(Payment.cancel_asked_at).is_(None))
    values = {"cancel_why": why}
    return _want(shop, "payment cancel asked", payment_id, undecided, values, stamp="cancel_asked_at", by=by, why=why)


def give_up(shop: Shop, *, payment_id: str, cause: str) -> bool:
    """Mark an authorised payment whose sale cannot be written: its hold is to be released, and it is settled no more.

    False where it has a receipt, is marked already, or is not authorised (any more): then nothing is changed.
    """
    lost = (
        col(Payment.state) == PaymentState.AUTHORISED,
        or_(col(Payment.cancel_why).is_(None), col(Payment.cancel_why).not_in(GIVEN_UP)),
        col(Payment.receipt_no).is_(None),
    )
    values = {"cancel_why": CANNOT_SETTLE}
    return _want(shop, "payment given up", payment_id, lost, values, stamp="cancel_asked_at", by="shop", cause=cause)


def want_again(shop: Shop, *, payment_id: str, by: str) -> bool:
    """Ask for another try after a refusal; False where the payment is not one that was refused."""
    refused = (col(Payment.state) == PaymentState.DECLINED, col(Payment.cancel_asked_at).is_(None))
    values = {"state": PaymentState.QUEUED, "reason": None}
    return _want(shop, "payment tried again", payment_id, refused, values, stamp="again_at", by=by)


def _want(
    shop: Shop,
    act: str,
    payment_id: str,
    guard: tuple[Any, ...],
    values: dict[str, Any],
    *,
    by: str,
    stamp: str | None = None,
    **told: str,
) -> bool:
    """Write a wish down where the guard lets it; stamp names the column that says when."""
    with shop.write() as tx:
        if stamp is not None:
            values = {**values, stamp: tx.now()}
        asked = update(Payment).where(col(Payment.id) == payment_id, *guard).values(**values)
        desk = tx.exec(asked.returning(DESK)).scalar_one_or_none()
        if desk is None:
            audit.unchanged(tx)
            return False
        ring(tx, desk=desk)
        audit.record(tx, act, payment_id, by=by, **told)
    return True


def finish(shop: Shop, *, payment_id: str) -> None:
    """Nothing is left to do for a payment that is captured and settled, or cancelled and undone: the reader is free."""
    done = (col(Payment.id) == payment_id, col(Payment.state).in_(FINAL), col(Payment.finished_at).is_(None))
    with shop.jot() as tx:
        values = {"finished_at": tx.now(), "worker": None, "worker_until": None}
        finished = update(Payment).where(*done).values(**values).returning(DESK)
        desk = tx.exec(finished).scalar_one_or_none()
        if desk is not None:
            ring(tx, desk=desk)


def _this(was: Facts) -> dict[str, Any]:
    return {"this_payment": was.id, "this_reader": was.reader_id}


def _still(was: Facts, *, state: PaymentState) -> tuple[Any, ...]:
    return (col(Payment.id) == was.id, col(Payment.state) == state, col(Payment.attempts) == was.attempts)
