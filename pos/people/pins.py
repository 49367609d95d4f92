"""PINs: six digits, drawn by chance, kept as argon2id hashes; printed once.

In a demonstration (VITRINE_AUTO_ENROL) they are printed at every start, so there alone they are kept readable, in
`pins.txt` of the shop's own folder, mode 0600.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import col, select

from pos.books import audit
from pos.errors import Unknown
from pos.models import Role, Staff
from pos.shop import Shop

DIGITS = 6
HASHER = PasswordHasher()  # argon2id, RFC 9106's second choice: 64 MiB, three passes


@dataclass(frozen=True)
class PersonalPin:
    """A person's PIN, to be printed for them."""

    staff_id: str
    name: str
    role: Role
    pin: str


def fits(pin: str, pin_hash: str | None) -> bool:
    """Whether this is the PIN behind the hash; a missing hash costs the same work and never fits."""
    try:
        HASHER.verify(pin_hash or _nobodys(), pin)
    except (VerificationError, InvalidHashError):
        return False
    return pin_hash is not None


def make_pins(shop: Shop) -> dict[str, str]:
    """Draw a PIN for everyone who has none; says them by staff id. They cannot be read again."""
    with shop.read() as look:
        without = list(look.exec(select(Staff.id).where(Staff.pin_hash == "", col(Staff.retired).is_(False))))
    return {staff_id: _draw(shop, staff_id=staff_id, by="set-up") for staff_id in without}


def new_pin(shop: Shop, *, staff_id: str, by: str = "operator") -> str:
    """Draw another PIN for a person, in place of the old one, and let them try at once. Raises Unknown."""
    pin = _draw(shop, staff_id=staff_id, by=by)
    if shop.settings.auto_enrol:
        _keep(_file(shop), _kept(_file(shop)) | {staff_id: pin})
    return pin


def to_print(shop: Shop) -> tuple[PersonalPin, ...]:
    """The PINs to print at a start: those just drawn; in a demonstration everyone's."""
    drawn = make_pins(shop)
    if shop.settings.auto_enrol:
        drawn = _demo_pins(shop, drawn=drawn)
    with shop.read() as look:
        people = look.exec(select(Staff).where(col(Staff.id).in_(drawn)).order_by(col(Staff.id)))
        return tuple(PersonalPin(one.id, one.name, one.role, drawn[one.id]) for one in people)


def _demo_pins(shop: Shop, *, drawn: Mapping[str, str]) -> dict[str, str]:
    file = _file(shop)
    known = {**_kept(file), **drawn}
    with shop.read() as look:
        everyone = list(look.exec(select(Staff.id).where(col(Staff.retired).is_(False))))
    missing = [staff_id for staff_id in everyone if staff_id not in known]
    known |= {staff_id: _draw(shop, staff_id=staff_id, by="set-up") for staff_id in missing}
    if missing or drawn:
        _keep(file, known)
    return {staff_id: known[staff_id] for staff_id in everyone}


def _draw(shop: Shop, *, staff_id: str, by: str) -> str:
    pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    pin_hash = HASHER.hash(pin)  # before the transaction: it takes a while
    with shop.write() as tx:
        person = tx.get(Staff, staff_id)
        if person is None:
            raise Unknown("person", staff_id)
        person.pin_hash, person.failures, person.locked_until = pin_hash, 0, None
        audit.record(tx, "PIN drawn", staff_id, by=by)
    return pin


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_hex(16))


def _file(shop: Shop) -> Path:
    return shop.settings.own_folder() / "pins.txt"


def _kept(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = [line.split() for line in file.read_text().splitlines()]
    return {line[0]: line[1] for line in lines if len(line) == 2}


def _keep(file: Path, pins: Mapping[str, str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as words:
        words.writelines(f"{staff_id} {pin}\n" for staff_id, pin in sorted(pins.items()))
