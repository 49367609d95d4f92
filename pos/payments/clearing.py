"""Clearing a reader by hand: for a person who has seen that nobody stands there any more.

Nothing in the shop takes another system's payment off a reader by itself: withdrawal.py compares first, presentation.py
waits. It may hang there for ever, though, and then a manager, or the operator, says so. Stripe knows no “clear if it
still shows this”: between the look and the command another may be sent, so whoever clears stands at the reader.
"""

from dataclasses import dataclass

from sqlmodel import Session, select

from pos.books import audit
from pos.errors import ReaderTrouble, Unknown, WrongState
from pos.ids import new_id
from pos.models import Device, Order, Payment, Reader, Role
from pos.payments import record
from pos.payments.answers import IntentAnswer, ReaderAnswer, Refusal
from pos.payments.journal import Journal
from pos.people import rights
from pos.shop import Shop

NOTHING_THERE = "resource_missing"  # what some readers say to cancel_action when they show nothing


@dataclass(frozen=True)
class OnReader:
    """What a reader shows; kind is Stripe's word for it, None where it shows nothing. amount_minor: smallest unit."""

    reader_id: str
    label: str
    kind: str | None = None
    intent_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    order_code: str | None = None  # None: it is not this shop's

    @property
    def facts(self) -> dict[str, str | int]:
        """What the audit chain keeps of it."""
        return {
            "showed": self.kind or "",
            "intent": self.intent_id or "",
            "amount": self.amount_minor or 0,
            "order": self.order_code or "",
        }


def on_reader(shop: Shop, *, reader_id: str) -> OnReader:
    """What a reader shows now, asked of Stripe, and whose it is. Raises ReaderTrouble where it cannot be asked."""
    reader = shop.terminal.fetch_reader(None, reader_id=reader_id)
    if isinstance(reader, Refusal):
        raise ReaderTrouble(reader_id, reader.code)
    shown = reader.action
    if shown is None or shown.status != "in_progress":
        return OnReader(reader_id, reader.label)
    if shown.intent_id is None:
        return OnReader(reader_id, reader.label, shown.type)
    intent = shop.terminal.fetch_intent(None, intent_id=shown.intent_id)
    return OnReader(
        reader_id,
        reader.label,
        shown.type,
        shown.intent_id,
        intent.amount if isinstance(intent, IntentAnswer) else None,
        intent.currency if isinstance(intent, IntentAnswer) else None,
        _order_of(shop, intent_id=shown.intent_id),
    )


def force_clear(shop: Shop, *, reader_id: str, staff_id: str, device_id: str, expected: str | None = None) -> OnReader:
    """Take whatever a reader shows off it, also another system's payment; says what it was.

    A manager's, at a tablet of the reader's own boutique. expected is the intent that the manager was shown: is it
    another by now, nothing is cleared. No money moves: a payment of this shop that was there may be tried again. Raises
    NotAllowed, Unknown, WrongState (it shows another now) or ReaderTrouble (a card is being authorised; offline).
    """
    seen = on_reader(shop, reader_id=reader_id)
    with shop.write(durable=True) as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.MANAGER, act="clear a reader")
        _refuse_strangers(tx, reader_id=reader_id, device_id=device_id)
        if expected not in (None, seen.intent_id):
            raise WrongState("reader", reader_id, f"showing {seen.intent_id or 'nothing'} now")
        _write_down(tx, seen, by=staff_id)
    return _clear(shop, seen, by=staff_id)


def take_off(shop: Shop, seen: OnReader, *, by: str) -> OnReader:
    """Take off a reader what was just seen on it; who may want that is the caller's to know. Raises ReaderTrouble."""
    with shop.write(durable=True) as tx:
        _write_down(tx, seen, by=by)
    return _clear(shop, seen, by=by)


def clear_by_operator(shop: Shop, *, reader_id: str) -> OnReader:
    """The same from the command line, whose key to the shop is the machine itself. Raises ReaderTrouble."""
    return take_off(shop, on_reader(shop, reader_id=reader_id), by="operator")


def _write_down(tx: Session, seen: OnReader, *, by: str) -> None:
    if seen.kind is None:
        audit.unchanged(tx)
    else:
        audit.record(tx, "reader clear asked", seen.reader_id, by=by, **seen.facts)


def _clear(shop: Shop, seen: OnReader, *, by: str) -> OnReader:
    if seen.kind is None:
        return seen
    answer = shop.terminal.cancel_action(
        Journal(shop, payment_id=None), reader_id=seen.reader_id, key=f"clear:{new_id()}"
    )
    if not isinstance(answer, ReaderAnswer) and answer.code != NOTHING_THERE:
        raise ReaderTrouble(seen.reader_id, answer.code)
    with shop.write() as tx:
        record.ring(tx, desk=seen.reader_id)  # who waits for it may have it
        audit.record(tx, "reader cleared", seen.reader_id, by=by, **seen.facts)
    return seen


def _refuse_strangers(tx: Session, *, reader_id: str, device_id: str) -> None:
    reader, device = tx.get(Reader, reader_id), tx.get_one(Device, device_id)
    if reader is None or reader.boutique_id != device.boutique_id:
        raise Unknown("reader", reader_id)


def _order_of(shop: Shop, *, intent_id: str) -> str | None:
    with shop.read() as look:
        ours = select(Order.code).where(Payment.intent_id == intent_id, Payment.order_id == Order.id)
        return look.exec(ours).first()
