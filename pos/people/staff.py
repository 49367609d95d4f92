"""People at the counter: a PIN opens it, the clock locks it.

A wrong PIN makes everyone wait: 1, 2, 4 … 300 seconds, counted in the records for the person and for the tablet, so
that a reload, a restart or another tablet is no way round. A try is counted before it is checked: tries made at the
same time are one try.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, update

from pos.books import audit
from pos.errors import NotAllowed, WrongPin
from pos.ids import new_id
from pos.models import Device, Role, Staff, StaffSession
from pos.people import pins, rights
from pos.shop import Shop

LONGEST_WAIT = 300  # seconds
SEEN_EVERY = timedelta(seconds=30)  # how exactly the records know when somebody was last at the counter
SEEN: tuple[Any, ...] = (StaffSession.id, StaffSession.seen_at, Staff.id, Staff.name, Staff.role, Staff.boutique_id)
UNLOCKED = (  # made once: docs/decisions/statements-made-once.md
    columns(*SEEN)
    .join(Staff, col(Staff.id) == col(StaffSession.staff_id))
    .where(
        col(StaffSession.device_id) == bindparam("device_id"),
        col(StaffSession.ended_at).is_(None),
        col(Staff.retired).is_(False),
    )
)


@dataclass(frozen=True)
class StaffView:
    """A person; boutique_id None: the brand's, at home in every boutique."""

    staff_id: str
    name: str
    role: Role
    boutique_id: str | None


@dataclass(frozen=True)
class Unlocked:
    """A counter that a person opened and nobody has locked since; last_seen in UTC."""

    session_id: str
    last_seen: datetime
    person: StaffView


def people_of(shop: Shop, *, boutique_id: str) -> tuple[StaffView, ...]:
    """Who may unlock a tablet of this boutique: its own people, then the brand's."""
    with shop.read() as look:
        rows = look.exec(
            select(Staff)
            .where(
                or_(col(Staff.boutique_id) == boutique_id, col(Staff.boutique_id).is_(None)),
                col(Staff.retired).is_(False),
            )
            .order_by(col(Staff.boutique_id).is_(None), col(Staff.name))
        )
        return tuple(_view(person) for person in rows)


def unlock(shop: Shop, *, device_id: str, staff_id: str, pin: str) -> StaffView:
    """Open the counter of a tablet for a person; whoever was there before is locked out.

    Raises WrongPin (wait: seconds until the next try is looked at), which does not say whether the person exists, and
    NotAllowed for a tablet that is not ours.
    """
    wait, pin_hash = _count_the_try(shop, device_id=device_id, staff_id=staff_id)
    if not pins.fits(pin, pin_hash):  # takes as long for nobody's PIN as for anybody's
        with shop.write() as tx:
            audit.record(tx, "PIN refused", staff_id[:40], by=device_id)
        raise WrongPin(wait=wait)
    with shop.write() as tx:
        person = _forget_tries(tx, device_id=device_id, staff_id=staff_id)
        now = tx.now()
        _end(tx, device_id=device_id, at=now)
        tx.add(StaffSession(id=new_id(), device_id=device_id, staff_id=staff_id, began_at=now, seen_at=now))
        audit.record(tx, "counter unlocked", device_id, by=staff_id)
        return _view(person)


def vouch(shop: Shop, *, device_id: str, staff_id: str | None, pin: str) -> StaffView:
    """A person says with their PIN that they allow something here; whoever is at the counter stays there.

    Tries are counted as those at the lock. What the person may allow is asked by the verb. Raises WrongPin, NotAllowed.
    """
    who = staff_id or ""
    wait, pin_hash = _count_the_try(shop, device_id=device_id, staff_id=who)
    if not pins.fits(pin, pin_hash):
        with shop.write() as tx:
            audit.record(tx, "PIN refused", who[:40], by=device_id)
        raise WrongPin(wait=wait)
    with shop.write() as tx:
        person = _forget_tries(tx, device_id=device_id, staff_id=who)
        audit.record(tx, "vouched", device_id, by=who)
        return _view(person)


def here(shop: Shop, *, device_id: str) -> StaffView | None:
    """Who is at the counter of this tablet, and is so for another while; None where it is locked.

    Locks it when nobody was seen for VITRINE_STAFF_LOCK_MINUTES. A screen that only refreshes itself asks `glance`.
    """
    return _at(shop, device_id=device_id, seen=True)


def glance(shop: Shop, *, device_id: str) -> StaffView | None:
    """Who is at the counter of this tablet, without counting as a sign of life."""
    return _at(shop, device_id=device_id, seen=False)


def unlocked(session_id: str, last_seen: datetime, *person: Any) -> Unlocked:
    """The same of what was SEEN in the records."""
    return Unlocked(session_id, last_seen, StaffView(*person))


def still_here(shop: Shop, found: Unlocked, *, device_id: str, seen: bool) -> StaffView | None:
    """Who opened the counter of this tablet, unless the clock locks it now; seen: and is here for another while."""
    now = shop.clock.now()
    if now - found.last_seen >= timedelta(minutes=shop.settings.staff_lock_minutes):
        lock(shop, device_id=device_id, by="clock")
        return None
    if seen and now - found.last_seen >= SEEN_EVERY:
        with shop.jot() as tx:
            still = (col(StaffSession.id) == found.session_id, col(StaffSession.ended_at).is_(None))
            tx.exec(update(StaffSession).where(*still).values(seen_at=tx.now()))
    return found.person


def lock(shop: Shop, *, device_id: str, by: str | None = None) -> None:
    """Lock the counter of a tablet; locking a locked one is no fault."""
    with shop.write() as tx:
        if _end(tx, device_id=device_id, at=tx.now()):
            audit.record(tx, "counter locked", device_id, by=by or device_id)
        audit.unchanged(tx)


def allowed(person: StaffView | None, *, needed: Role) -> bool:
    """Whether this person (None: the shopper) may see what needs that role."""
    return rights.allows(person.role if person else Role.SHOPPER, needed=needed)


def require(person: StaffView | None, *, needed: Role, act: str) -> None:
    """Let a person with the role pass. Raises NotAllowed (who, act)."""
    if not allowed(person, needed=needed):
        raise NotAllowed(person.staff_id if person else "shopper", act)


def _count_the_try(shop: Shop, *, device_id: str, staff_id: str) -> tuple[int, str | None]:
    """How long the next try must wait, and the hash to compare with. Raises WrongPin while the last wait lasts."""
    with shop.jot() as tx:
        device = tx.get(Device, device_id, with_for_update=True)
        if device is None or device.revoked_at:
            raise NotAllowed(device_id, "unlock the counter")
        person = tx.get(Staff, staff_id, with_for_update=True)
        now = tx.now()
        waits = (device.pin_locked_until, person.locked_until if person else None)
        waiting = max(_left(until, at=now) for until in waits)
        if waiting > 0:
            raise WrongPin(wait=waiting)
        device.pin_failures += 1
        wait = _wait(device.pin_failures)
        device.pin_locked_until = now + timedelta(seconds=wait)
        if person is None or person.retired or person.boutique_id not in (None, device.boutique_id):
            return wait, None
        person.failures += 1
        person.locked_until = now + timedelta(seconds=_wait(person.failures))
        return max(wait, _wait(person.failures)), person.pin_hash


def _forget_tries(tx: Session, *, device_id: str, staff_id: str) -> Staff:
    person, device = tx.get_one(Staff, staff_id), tx.get_one(Device, device_id)
    person.failures, person.locked_until = 0, None
    device.pin_failures, device.pin_locked_until = 0, None
    return person


def _wait(failures: int) -> int:
    return int(min(2 ** min(failures - 1, 16), LONGEST_WAIT))


def _left(until: datetime | None, *, at: datetime) -> int:
    return max(0, math.ceil((until - at).total_seconds())) if until else 0


def _at(shop: Shop, *, device_id: str, seen: bool) -> StaffView | None:
    with shop.glance() as look:
        found: Any = look.execute(UNLOCKED, {"device_id": device_id}).first()
    return still_here(shop, unlocked(*found), device_id=device_id, seen=seen) if found is not None else None


def _end(tx: Session, *, device_id: str, at: datetime) -> bool:
    live = (col(StaffSession.device_id) == device_id, col(StaffSession.ended_at).is_(None))
    return bool(tx.exec(update(StaffSession).where(*live).values(ended_at=at)).rowcount)


def _view(person: Staff) -> StaffView:
    return StaffView(staff_id=person.id, name=person.name, role=person.role, boutique_id=person.boutique_id)
