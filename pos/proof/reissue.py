"""A certificate is voided, and where its piece goes on, another is issued in its place: after a resizing, an engraving,
or because the key that signed it was withdrawn. The first one's page says that it is void; the paper it stood on is not
taken for the original any more, and the new one has its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import Unknown, WrongState
from pos.ids import people_code
from pos.models import (
    Boutique,
    Certificate,
    CertificateState,
    LogAct,
    Order,
    OrderLine,
    PrintJob,
    Role,
)
from pos.paper import spool
from pos.people import rights
from pos.proof import certificate, certificate_log
from pos.proof.certificate import CertificateView
from pos.shop import Shop

VOID, REISSUE = "void a certificate", "issue a certificate again"


def void(shop: Shop, *, certificate_id: str, why: str, staff_id: str, device_id: str) -> None:
    """A certificate stands for its piece no longer; a manager says so. Raises NotAllowed, Unknown or WrongState."""
    with shop.write(durable=True) as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.MANAGER, act=VOID)
        voided = _voided(tx, certificate_id, at=tx.now())
        audit.record(tx, "certificate voided", voided.serial, by=staff_id, why=why)


def reissue(
    shop: Shop,
    *,
    certificate_id: str,
    why: str,
    staff_id: str,
    device_id: str,
    size: str | None = None,
    engraving: Sequence[str] | None = None,
) -> CertificateView:
    """Void a certificate and issue one with the next serial in its place, in one transaction, its slip with it.

    size and engraving are what is new of the piece; None leaves what was stated. All else is stated as before, signed
    with the key of today. A manager does. Raises NotAllowed, Unknown, or WrongState where it is no longer in force.
    """
    with shop.write(durable=True) as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.MANAGER, act=REISSUE)
        now = tx.now()
        old = _voided(tx, certificate_id, at=now)
        lines = _engraved(tx, old) if engraving is None else list(engraving)
        new = _in_its_place(tx, shop, old, size=size, lines=lines, at=now)
        _print(tx, shop, old, new, lines=lines, at=now)
        audit.record(tx, "certificate issued again", old.serial, by=staff_id, why=why, now=new.serial)
    return certificate.view(shop, new)


def _voided(tx: Writing, certificate_id: str, *, at: datetime) -> Certificate:
    """valid → voided, by the statement itself: of two who do it one is refused."""
    still = col(Certificate.id) == certificate_id, col(Certificate.state) == CertificateState.VALID
    done = tx.connection().execute(update(Certificate).where(*still).values(state=CertificateState.VOIDED)).rowcount
    found = tx.get(Certificate, certificate_id)
    if found is None:
        raise Unknown("certificate", certificate_id)
    if not done:
        raise WrongState("certificate", found.serial, found.state)
    certificate_log.note(tx, LogAct.VOIDED, found, at=at)
    return found


def _in_its_place(
    tx: Writing, shop: Shop, old: Certificate, *, size: str | None, lines: Sequence[str], at: datetime
) -> Certificate:
    short_code, said = people_code(), old.statement
    before = int(tx.connection().execute(certificate.BEFORE, {"piece": old.piece_id}).scalar_one())
    serial = certificate.serial_of(said["sku"], number=said["number"], issue=before + 1)
    boutique = tx.get_one(Boutique, tx.get_one(Order, old.order_id).boutique_id)
    statement = {
        **said,
        "serial": serial,
        "size": said["size"] if size is None else size,
        "engraved_lines": len(lines),
        "engraving_sha256": certificate.engraving_digest(lines, short_code=short_code),
        "proof_sha256": said.get("proof_sha256", "") if lines == _engraved(tx, old) else "",
        "issued_on": at.astimezone(ZoneInfo(boutique.zone)).date().isoformat(),
        "key": shop.keys.key_id,
        "replaces": old.serial,
    }
    of: dict[str, Any] = {
        "piece_id": old.piece_id,
        "order_id": old.order_id,
        "gtin": old.gtin,
        "short_code": short_code,
    }
    return certificate.put_down(tx, shop, statement=statement, act=LogAct.REISSUED, at=at, **of)


def _engraved(tx: Writing, old: Certificate) -> list[str]:
    """The words that were cut when it was sold, which stand in the order and on the paper."""
    asked = select(OrderLine.engraving).where(OrderLine.order_id == old.order_id, OrderLine.piece_id == old.piece_id)
    return list(tx.exec(asked).first() or [])


def _print(tx: Writing, shop: Shop, old: Certificate, new: Certificate, *, lines: Sequence[str], at: datetime) -> None:
    """The new original, with the slip of the old one for its model; nothing where the old one never had a slip."""
    kind = "authenticity"
    slip = tx.exec(select(PrintJob).where(PrintJob.original_of == f"{kind}:{old.gtin}:{old.serial}")).first()
    if slip is None:
        return
    facts = {
        **slip.facts,
        "serial": new.serial,
        "short_code": new.short_code,
        "verify_url": certificate.link(shop, new),
        "issued_at": at.isoformat(),
        "engraving": list(lines),
    }
    if new.statement["size"] != old.statement["size"]:
        facts["size"] = new.statement["size"]
    row = spool.job(
        kind=slip.kind,
        facts=facts,
        printer_id=slip.printer_id,
        language=slip.language,
        order_id=slip.order_id,
        device_id=slip.device_id,
        at=at,
        piece_id=slip.piece_id,
        original_of=f"{kind}:{new.gtin}:{new.serial}",
    )
    spool.enqueue(tx, [row])
