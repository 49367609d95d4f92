"""Taking back what was paid of a part of an order before its sale is written: each tender by its own road.

A held card is released by the back office (withdrawal.release), a card of the house is filled again at once, and cash
waits until a person says that it was handed back. Money is taken with the sale only, so until then all of it can go
back; checkout.undo then lowers what the order asks for, and undoes the order with the last of it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import Unknown, WrongState
from pos.models import Device, Method, Order, Part, Payment, PaymentState, Role
from pos.paper import drawer
from pos.payments import gift_cards, record
from pos.payments.reduce import GIVEN_UP, OPEN, UNWOUND
from pos.people import rights
from pos.selling.tenders import due_part, locked, tablet_of
from pos.shop import Shop

GIVE_BACK = "give a payment back"


def take_back(shop: Shop, *, payment_id: str, staff_id: str, device_id: str) -> None:
    """Take one tender back before its sale is written: the order asks for so much less then, and shows it as left.

    A card that is asked for is asked for no more (one that comes first is held, and may be taken back again); a held
    card is released; a card of the house has its money back at once; cash is to be handed back (`cash_returned`).
    Taking back twice is once. Raises WrongState (its sale is written), NotAllowed or Unknown.
    """
    with shop.write() as tx:
        audit.unchanged(tx)
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=GIVE_BACK)
        order, payment = _locked_with(tx, payment_id)
        device = tablet_of(tx, device_id, order, payment.part)
        if payment.receipt_no is not None:
            raise WrongState("payment", payment_id, payment.state)
        if _send_back(tx, payment, device=device, why="asked" if payment.state in OPEN else UNWOUND):
            audit.record(tx, "tender taken back", order.code, by=staff_id, **_told(payment))


def give_up(shop: Shop, *, order_id: str, staff_id: str, device_id: str) -> None:
    """Give up a sale, or a balance, that is paid in part: every tender of it goes back by its own road.

    What is held by then is released, and a card that says yes a moment later is too; the order is undone when the last
    of it is back. Twice is once. Raises WrongState (nothing is being paid), NotAllowed or Unknown.
    """
    with shop.write() as tx:
        audit.unchanged(tx)
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=GIVE_BACK)
        order = locked(tx, order_id)
        part = due_part(order)
        device = tablet_of(tx, device_id, order, part)
        _send_all_back(tx, order, part, why=UNWOUND, by=staff_id, device=device)


def unwind(shop: Shop, *, payment_id: str, why: str) -> bool:
    """The shop itself gives a part of an order up, with every tender of it; says whether anything was left to do.

    why: CANNOT_SETTLE (the sale cannot be written) or UNWOUND (nobody went on with it). No drawer opens while nobody
    asked for it: cash waits for a person.
    """
    with shop.write() as tx:
        audit.unchanged(tx)
        order, payment = _locked_with(tx, payment_id)
        return _send_all_back(tx, order, payment.part, why=why, by="shop", device=None)


def cash_returned(shop: Shop, *, payment_id: str, staff_id: str, device_id: str) -> None:
    """A person has handed the cash of a tender back that is to go back: it is over, and the drawer opens if it did not.

    Twice is once. Raises WrongState (it is not to go back), NotAllowed or Unknown.
    """
    with shop.write() as tx:
        audit.unchanged(tx)
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=GIVE_BACK)
        order, payment = _locked_with(tx, payment_id)
        device = tablet_of(tx, device_id, order, payment.part)
        if payment.state == PaymentState.CANCELLED:
            return
        back = (*_held(payment_id), col(Payment.method) == Method.CASH, col(Payment.cancel_why).in_(GIVEN_UP))
        if tx.connection().execute(update(Payment).where(*back).values(**_cancelled(payment))).rowcount != 1:
            raise WrongState("payment", payment_id, payment.state)
        drawer.kick(tx, payment=payment, device=device, why=drawer.GIVEN_BACK, at=tx.now())
        record.ring(tx, desk=payment.desk)
        audit.record(tx, "cash given back", order.code, by=staff_id, **_told(payment))


def is_left_alone(shop: Shop, *, payment_id: str) -> bool:
    """Whether nobody has touched a half paid part for so long that the shop gives it up by itself.

    Never while cash lies in the drawer for it: that only a person can hand back.
    """
    with shop.read() as look:
        own = look.get_one(Payment, payment_id)
        tenders = look.exec(select(Payment).where(Payment.order_id == own.order_id, Payment.part == own.part)).all()
    if any(one.method == Method.CASH and one.state != PaymentState.CANCELLED for one in tenders):
        return False
    touched = max(moment for one in tenders for moment in _moments(one))
    return shop.clock.now() - touched > timedelta(minutes=shop.settings.payment_minutes)


def _moments(payment: Payment) -> list[datetime]:
    touched = (payment.opened_at, payment.authorised_at, payment.again_at, payment.cancel_asked_at, payment.finished_at)
    return [moment for moment in touched if moment is not None]


def _send_all_back(tx: Writing, order: Order, part: Part, *, why: str, by: str, device: Device | None) -> bool:
    live = select(Payment).where(
        Payment.order_id == order.id,
        Payment.part == part,
        Payment.state != PaymentState.CANCELLED,
        col(Payment.receipt_no).is_(None),
    )
    moved = [one for one in tx.exec(live.order_by(col(Payment.round))) if _send_back(tx, one, device=device, why=why)]
    if moved:
        told = {"amounts": [one.amount_minor for one in moved], "methods": [str(one.method) for one in moved]}
        audit.record(tx, "half paid sale given up", order.code, by=by, why=why, **told)
    return bool(moved)


def _send_back(tx: Writing, payment: Payment, *, device: Device | None, why: str) -> bool:
    """Set one tender on its road back, by a statement that says what it must still be; False: it is on it already.

    A card that is not decided yet is marked with the very reason: should it say yes first, an UNWOUND one is released,
    and one whose cancelling was only asked for counts for the sale.
    """
    now = tx.now()
    wanted: dict[str, Any] = {"cancel_asked_at": now, "cancel_why": why}
    not_yet = or_(col(Payment.cancel_why).is_(None), col(Payment.cancel_why).not_in(GIVEN_UP))
    first = not_yet if why in GIVEN_UP else col(Payment.cancel_asked_at).is_(None)
    undecided = (col(Payment.id) == payment.id, col(Payment.state).in_(OPEN), first)
    moved = tx.connection().execute(update(Payment).where(*undecided).values(**wanted)).rowcount == 1
    if not moved and why in GIVEN_UP:
        moved = (
            tx.connection().execute(update(Payment).where(*_held(payment.id), not_yet).values(**wanted)).rowcount == 1
        )
        if moved and payment.method in ROADS:
            ROADS[payment.method](tx, payment, device)
    if moved:
        tx.refresh(payment)
        record.ring(tx, desk=payment.desk)
    return moved


def _cash_waits(tx: Writing, payment: Payment, device: Device | None) -> None:
    """A hand takes it out of the drawer, and says so (`cash_returned`)."""
    if device is not None:
        drawer.kick(tx, payment=payment, device=device, why=drawer.GIVEN_BACK, at=tx.now())


def _card_filled_again(tx: Writing, payment: Payment, device: Device | None) -> None:
    gift_cards.give_back(tx, payment=payment)
    tx.connection().execute(update(Payment).where(*_held(payment.id)).values(**_cancelled(payment)))


ROADS: dict[Method, Callable[[Writing, Payment, Device | None], None]] = {
    Method.CASH: _cash_waits,
    Method.GIFT_CARD: _card_filled_again,
}  # by Stripe's, a held card is released by the back office (withdrawal.release)


def _held(payment_id: str) -> Sequence[Any]:
    return (
        col(Payment.id) == payment_id,
        col(Payment.state) == PaymentState.AUTHORISED,
        col(Payment.receipt_no).is_(None),
    )


def _cancelled(payment: Payment) -> dict[str, Any]:
    return {"state": PaymentState.CANCELLED, "reason": payment.cancel_why or UNWOUND}


def _locked_with(tx: Writing, payment_id: str) -> tuple[Order, Payment]:
    order_id = tx.exec(select(Payment.order_id).where(Payment.id == payment_id)).first()
    if order_id is None:
        raise Unknown("payment", payment_id)
    order = locked(tx, order_id)
    return order, tx.get_one(Payment, payment_id)


def _told(payment: Payment) -> dict[str, Any]:
    return {"method": payment.method, "amount": payment.amount_minor}
