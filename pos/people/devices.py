"""Tablets: a browser becomes one by a one-time address, and is known by its cookie from then on.

Cookie and address are bearer secrets of 256 bits; the records keep only their SHA-256.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, update

from pos.books import audit
from pos.db import Writing
from pos.errors import NotAllowed, Unknown
from pos.ids import new_id, secret_token
from pos.models import Boutique, Device, EnrolToken, Printer, Reader
from pos.paper import waiting
from pos.shop import Shop

COOKIE = "vitrine_device"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie (RFC 6265bis, 5.5)
ADDRESS_LIVES = timedelta(hours=24)
SEEN: tuple[Any, ...] = (  # in the order of a DeviceView
    Device.id,
    Device.boutique_id,
    Boutique.name,
    Boutique.zone,
    Device.label,
    Device.reader_id,
    Device.printer_id,
    Device.language,
)
KNOWN = (  # made once: docs/decisions/statements-made-once.md
    columns(*SEEN)
    .join(Boutique, col(Boutique.id) == col(Device.boutique_id))
    .where(col(Device.token_hash) == bindparam("token_hash"), col(Device.revoked_at).is_(None))
)


@dataclass(frozen=True)
class DeviceView:
    """A tablet: whose it is, and which reader and printer stand beside it."""

    device_id: str
    boutique_id: str
    boutique_name: str
    zone: str
    label: str
    reader_id: str | None
    printer_id: str | None
    language: str


def issue(
    shop: Shop,
    *,
    boutique_id: str,
    label: str,
    reader_id: str | None = None,
    printer_id: str | None = None,
    by: str = "operator",
) -> str:
    """A one-time token that makes a browser a tablet of a boutique, for 24 hours; it belongs under `/enrol/`.

    Raises Unknown for a boutique, or for a reader or printer that is not this boutique's.
    """
    token = secret_token()
    with shop.write() as tx:
        _refuse_strangers(tx, boutique_id=boutique_id, reader_id=reader_id, printer_id=printer_id)
        tx.add(
            EnrolToken(
                token_hash=hash_of(token),
                boutique_id=boutique_id,
                label=label,
                reader_id=reader_id,
                printer_id=printer_id,
                expires_at=tx.now() + ADDRESS_LIVES,
            )
        )
        audit.record(tx, "enrolment offered", boutique_id, by=by, label=label)
    return token


def enrol(shop: Shop, *, token: str) -> str:
    """Make this browser a tablet; says the value of its cookie. Raises NotAllowed for a used, old or unknown token."""
    with shop.write() as tx:
        now = tx.now()
        offered = tx.exec(
            update(EnrolToken)
            .where(
                col(EnrolToken.token_hash) == hash_of(token),
                col(EnrolToken.used_at).is_(None),
                col(EnrolToken.expires_at) > now,
            )
            .values(used_at=now)
            .returning(EnrolToken)
        ).scalar_one_or_none()
        if offered is None:
            raise NotAllowed("this browser", "become a tablet")
        return _welcome(
            tx,
            boutique_id=offered.boutique_id,
            label=offered.label,
            reader_id=offered.reader_id,
            printer_id=offered.printer_id,
        )


def auto_enrol(shop: Shop) -> str:
    """Make a new browser a tablet of the demonstration's boutique, with its first reader and printer.

    Raises NotAllowed where VITRINE_AUTO_ENROL names no boutique, Unknown where it names none of ours.
    """
    boutique_id = shop.settings.auto_enrol
    if not boutique_id:
        raise NotAllowed("this browser", "become a tablet")
    with shop.write() as tx:
        _refuse_strangers(tx, boutique_id=boutique_id)
        ours = tx.exec(select(func.count()).select_from(Device).where(Device.boutique_id == boutique_id)).one()
        return _welcome(
            tx,
            boutique_id=boutique_id,
            label=f"Tablet {ours + 1}",
            reader_id=_first(tx, Reader, boutique_id=boutique_id),
            printer_id=_first(tx, Printer, boutique_id=boutique_id),
        )


def known(shop: Shop, *, cookie: str | None) -> DeviceView | None:
    """The tablet with this cookie; None for a stranger, or one that has been revoked."""
    if not cookie:
        return None
    with shop.glance() as look:
        found: Any = look.execute(KNOWN, {"token_hash": hash_of(cookie)}).first()
    return DeviceView(*found) if found is not None else None


def tablets(shop: Shop) -> tuple[DeviceView, ...]:
    """Every tablet that has not been revoked, boutique by boutique, the oldest first."""
    with shop.read() as look:
        found = look.exec(
            select(Device, Boutique)
            .join(Boutique, col(Boutique.id) == col(Device.boutique_id))
            .where(col(Device.revoked_at).is_(None))
            .order_by(col(Device.boutique_id), col(Device.enrolled_at), col(Device.id))
        )
        return tuple(_view(device, boutique) for device, boutique in found)


def equip(
    shop: Shop, *, device_id: str, reader_id: str | None = None, printer_id: str | None = None, by: str = "operator"
) -> None:
    """Put another reader or printer beside a tablet; what is not named stays, and slips that waited are printed.

    Raises Unknown for a tablet that is not ours or revoked, a reader or printer that is not its boutique's.
    """
    with shop.write() as tx:
        device = tx.get(Device, device_id)
        if device is None or device.revoked_at is not None:
            raise Unknown("tablet", device_id)
        _refuse_strangers(tx, boutique_id=device.boutique_id, reader_id=reader_id, printer_id=printer_id)
        device.reader_id = reader_id or device.reader_id
        device.printer_id = printer_id or device.printer_id
        tx.flush()
        slips = waiting.find_printers(tx)
        beside = {"reader": device.reader_id, "printer": device.printer_id}
        audit.record(tx, "tablet equipped", device_id, by=by, slips=slips, **beside)


def keep_readers(shop: Shop, *, boutique_id: str, reader_ids: Sequence[str]) -> None:
    """Only these readers stand in a boutique: the others are retired, and their tablets get the first of these."""
    with shop.write() as tx:
        gone = select(Reader).where(Reader.boutique_id == boutique_id, col(Reader.id).not_in(reader_ids))
        retired = list(tx.exec(gone.where(col(Reader.retired).is_(False))))
        for reader in retired:
            reader.retired = True
        moved = 0
        for table in (Device, EnrolToken):
            here = col(table.boutique_id) == boutique_id, col(table.reader_id).not_in(reader_ids)
            moved += tx.connection().execute(update(table).where(*here).values(reader_id=reader_ids[0])).rowcount
        if not retired and not moved:
            audit.unchanged(tx)
            return
        audit.record(tx, "readers retired", boutique_id, by="set-up", readers=[one.id for one in retired], moved=moved)


def revoke(shop: Shop, *, device_id: str, by: str = "operator") -> None:
    """Take a lost tablet out of the shop: its cookie is good for nothing any more. Raises Unknown."""
    with shop.write() as tx:
        device = tx.get(Device, device_id)
        if device is None:
            raise Unknown("tablet", device_id)
        device.revoked_at = device.revoked_at or tx.now()
        audit.record(tx, "tablet revoked", device_id, by=by)


def _view(device: Device, boutique: Boutique) -> DeviceView:
    return DeviceView(
        device_id=device.id,
        boutique_id=device.boutique_id,
        boutique_name=boutique.name,
        zone=boutique.zone,
        label=device.label,
        reader_id=device.reader_id,
        printer_id=device.printer_id,
        language=device.language,
    )


def _welcome(tx: Writing, *, boutique_id: str, label: str, reader_id: str | None, printer_id: str | None) -> str:
    cookie = secret_token()
    device = Device(
        id=new_id(),
        boutique_id=boutique_id,
        label=label,
        token_hash=hash_of(cookie),
        reader_id=reader_id,
        printer_id=printer_id,
        enrolled_at=tx.now(),
    )
    tx.add(device)
    audit.record(tx, "tablet enrolled", device.id, by=device.id, boutique=boutique_id, label=label)
    return cookie


def _refuse_strangers(
    tx: Session, *, boutique_id: str, reader_id: str | None = None, printer_id: str | None = None
) -> None:
    if tx.get(Boutique, boutique_id) is None:
        raise Unknown("boutique", boutique_id)
    reader = tx.get(Reader, reader_id) if reader_id else None
    printer = tx.get(Printer, printer_id) if printer_id else None
    for kind, key, found in (("reader", reader_id, reader), ("printer", printer_id, printer)):
        if key and (found is None or found.retired or found.boutique_id != boutique_id):
            raise Unknown(kind, key)


def _first(tx: Session, table: type[Reader] | type[Printer], *, boutique_id: str) -> str | None:
    ours = select(table.id).where(table.boutique_id == boutique_id, col(table.retired).is_(False))
    return tx.exec(ours.order_by(col(table.id)).limit(1)).first()


def hash_of(secret: str) -> str:
    """What the records know a cookie or an address by."""
    return hashlib.sha256(secret.encode()).hexdigest()
