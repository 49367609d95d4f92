"""What the counter wants of a reader: to know what it shows, and, by a manager, to have it taken off.

Both ask Stripe, and no screen waits for Stripe: the wish is written down, the back office carries it out, and the
screen reads what became of it. A wish is taken before it is carried out, so of several processes one does it, once;
whoever dies in the middle has cleared it or not, and the next look shows which.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.errors import NotAllowed, ReaderTrouble, Unknown
from pos.models import Device, Reader, Role
from pos.payments import clearing
from pos.payments.clearing import OnReader
from pos.people import rights, staff
from pos.shop import Shop, wake

TOPIC = "readers"
CLEARED, CHANGED, GONE = "cleared", "changed", "gone"  # results; anything else is Stripe's code
ACT = "clear a reader"


@dataclass(frozen=True)
class ReaderView:
    """A reader as it was when last looked at; times UTC. shown None: nobody has looked yet, or Stripe could not say."""

    reader_id: str
    label: str
    shown: OnReader | None
    shown_at: datetime | None
    result: str | None  # of the last wish to clear it, or why it could not be looked at
    waiting: bool  # a wish is on its way

    @property
    def mark(self) -> str | None:
        """What a manager sees on it, to be compared before it is taken off; None: there is nothing to take off."""
        return _mark(self.shown) if self.shown is not None else None


def of_boutique(shop: Shop, *, boutique_id: str) -> tuple[ReaderView, ...]:
    """The readers of a boutique, as they were when last looked at."""
    asked = select(Reader).where(Reader.boutique_id == boutique_id, col(Reader.retired).is_(False))
    with shop.read() as look:
        return tuple(_view(reader) for reader in look.exec(asked.order_by(col(Reader.label), col(Reader.id))))


def ask_look(shop: Shop, *, reader_id: str, staff_id: str, device_id: str) -> None:
    """Want to know what a reader of this boutique shows now. Raises NotAllowed and Unknown."""
    with shop.jot() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="look at a reader")
        _refuse_strangers(tx, reader_id=reader_id, device_id=device_id)
        tx.exec(update(Reader).where(col(Reader.id) == reader_id).values(look_asked_at=tx.now(), clear_result=None))
        wake(tx, TOPIC)


def ask_clear(shop: Shop, *, reader_id: str, manager_id: str, pin: str, device_id: str, expected: str) -> None:
    """A manager wants a reader cleared of what they saw on it (expected: its mark), and says so with their PIN.

    Is it something else by then, nothing is cleared. Raises WrongPin, NotAllowed and Unknown.
    """
    manager = staff.vouch(shop, device_id=device_id, staff_id=manager_id, pin=pin)
    if not staff.allowed(manager, needed=Role.MANAGER):
        raise NotAllowed(manager_id, ACT)
    with shop.write() as tx:
        _refuse_strangers(tx, reader_id=reader_id, device_id=device_id)
        wish = {"clear_asked_by": manager_id, "clear_expected": expected, "clear_result": None}
        tx.exec(update(Reader).where(col(Reader.id) == reader_id).values(look_asked_at=tx.now(), **wish))
        audit.record(tx, "reader clear wanted", reader_id, by=manager_id, expected=expected)
        wake(tx, TOPIC)


def topic(reader_id: str) -> str:
    """The bell of whoever does what is wanted of one reader."""
    return f"{TOPIC} {reader_id}"


def wanted(shop: Shop) -> list[str]:
    """The readers of which something is wanted."""
    with shop.read() as look:
        return list(look.exec(select(Reader.id).where(col(Reader.look_asked_at).is_not(None))))


def carry_out(shop: Shop, *, reader_id: str) -> bool:
    """Do what is wanted of a reader; False: nothing is. In the back office, and nowhere else: it waits for Stripe."""
    with shop.read() as look:
        reader = look.get(Reader, reader_id)
    return reader is not None and reader.look_asked_at is not None and _carry_out(shop, reader)


def _carry_out(shop: Shop, was: Reader) -> bool:
    if not _take(shop, was):
        return False
    shown, result = None, None
    try:
        if was.clear_asked_by is None:
            shown = clearing.on_reader(shop, reader_id=was.id)
        else:
            shown, result = _clear(shop, was)
    except ReaderTrouble as trouble:
        result = trouble.code
    with shop.jot() as tx:
        seen = {"shown": asdict(shown) if shown else {}, "shown_at": tx.now(), "clear_result": result}
        tx.exec(update(Reader).where(col(Reader.id) == was.id).values(**seen))
    return True


def _take(shop: Shop, was: Reader) -> bool:
    """Take a wish; False where another process has it, or another wish has taken its place."""
    this = (col(Reader.id) == was.id, col(Reader.look_asked_at) == was.look_asked_at)
    done = {"look_asked_at": None, "clear_asked_by": None, "clear_expected": None}
    with shop.jot() as tx:
        return tx.exec(update(Reader).where(*this).values(**done)).rowcount == 1


def _clear(shop: Shop, was: Reader) -> tuple[OnReader, str]:
    """What the reader shows after it, and what became of the wish."""
    seen = clearing.on_reader(shop, reader_id=was.id)
    if seen.kind is None:
        return seen, GONE
    if _mark(seen) != was.clear_expected:
        return seen, CHANGED
    clearing.take_off(shop, seen, by=was.clear_asked_by or "")
    return OnReader(seen.reader_id, seen.label), CLEARED


def _mark(shown: OnReader) -> str | None:
    return shown.intent_id or shown.kind


def _view(reader: Reader) -> ReaderView:
    shown = OnReader(**reader.shown) if reader.shown else None
    waiting = reader.look_asked_at is not None
    return ReaderView(reader.id, reader.label or reader.id, shown, reader.shown_at, reader.clear_result, waiting)


def _refuse_strangers(tx: Session, *, reader_id: str, device_id: str) -> None:
    reader, device = tx.get(Reader, reader_id), tx.get_one(Device, device_id)
    if reader is None or reader.boutique_id != device.boutique_id:
        raise Unknown("reader", reader_id)
