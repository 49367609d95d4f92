"""A certificate is voided, and where its piece goes on, another is issued in its place: after a resizing, an engraving,
or because the key that signed it was withdrawn. The first one's page says that it is void; the paper it stood on is not
taken for the original any more, and the new one has its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.cutting.asked import as_cut
from pos.db import Writing
from pos.errors import SizeNeeded, Unknown, WrongState
from pos.ids import people_code
from pos.models import (
    Boutique,
    Certificate,
    CertificateState,
    Device,
    LogAct,
    Order,
    OrderLine,
    PrintJob,
    Variant,
)
from pos.paper import lasting, spool
from pos.people import rights, staff
from pos.proof import certificate, certificate_log
from pos.proof.certificate import CertificateView
from pos.shop import Shop

VOID, REISSUE = "void a certificate", "issue a certificate again"
LONGEST_REASON = 200  # characters


def void(
    shop: Shop,
    *,
    certificate_id: str,
    why: str,
    staff_id: str,
    device_id: str,
    manager_id: str | None = None,
    manager_pin: str | None = None,
) -> None:
    """A certificate stands for its piece no longer; a manager says so, unlocked here or with their PIN, and says why.

    Raises NotAllowed, WrongPin, Unknown or WrongState.
    """
    allowed = _vouched(shop, device_id=device_id, manager_id=manager_id, pin=manager_pin)
    with shop.write(durable=True) as tx:
        manager = rights.demand_manager(tx, shop, staff_id=staff_id, device_id=device_id, act=VOID, manager_id=allowed)
        voided = _voided(tx, certificate_id, by=staff_id, at=tx.now())
        told = {"why": _reason(why), "manager": manager.id}
        audit.record(tx, "certificate voided", voided.serial, by=staff_id, **told)


def reissue(
    shop: Shop,
    *,
    certificate_id: str,
    why: str,
    staff_id: str,
    device_id: str,
    size: str | None = None,
    engraving: Sequence[str] | None = None,
    manager_id: str | None = None,
    manager_pin: str | None = None,
) -> CertificateView:
    """Void a certificate and issue one with the next serial in its place, in one transaction, its slip with it.

    size (a code of the variant's) and engraving are what is new of the piece; None leaves what was stated. All else is
    stated as before, signed with the key of today. A manager does, unlocked here or with their PIN. Raises NotAllowed,
    WrongPin, Unknown (a reason, too), SizeNeeded, CannotEngrave, or WrongState where it is no longer in force.
    """
    allowed = _vouched(shop, device_id=device_id, manager_id=manager_id, pin=manager_pin)
    with shop.write(durable=True) as tx:
        manager = rights.demand_manager(
            tx, shop, staff_id=staff_id, device_id=device_id, act=REISSUE, manager_id=allowed
        )
        told = {"why": _reason(why), "manager": manager.id}
        now = tx.now()
        old = _voided(tx, certificate_id, by=staff_id, at=now)
        variant = tx.exec(select(Variant).where(Variant.gtin == old.gtin)).one()
        lines = engraved(tx, old) if engraving is None else list(_as_cut(variant, engraving))
        _refuse_size(variant, size)
        new = _in_its_place(tx, shop, old, size=size, lines=lines, at=now)
        _print(tx, shop, old, new, variant=variant, lines=lines, device_id=device_id)
        audit.record(tx, "certificate issued again", old.serial, by=staff_id, now=new.serial, **told)
    return certificate.view(shop, new)


def engraved(look: Session, issued: Certificate) -> list[str]:
    """The words that are cut into the piece, from its slip or, where there never was one, from its order.

    They stand in no certificate; its digest says which of them are meant. Raises Unknown where they are nowhere.
    """
    slips = select(PrintJob.facts).where(PrintJob.original_of == _original(issued))
    sold = select(OrderLine.engraving).where(
        OrderLine.order_id == issued.order_id, OrderLine.piece_id == issued.piece_id
    )
    for lines in [*(facts.get("engraving", []) for facts in look.exec(slips)), *look.exec(sold), []]:
        digest = certificate.engraving_digest(list(lines), short_code=issued.short_code)
        if digest == issued.statement["engraving_sha256"]:
            return list(lines)
    raise Unknown("engraved words", issued.serial)


def _vouched(shop: Shop, *, device_id: str, manager_id: str | None, pin: str | None) -> str | None:
    """Who gave their PIN for it; None where nobody was asked."""
    return staff.vouch(shop, device_id=device_id, staff_id=manager_id, pin=pin).staff_id if pin else None


def _reason(why: str) -> str:
    said = " ".join(why.split())[:LONGEST_REASON]
    if not said:
        raise Unknown("reason", "")
    return said


def _as_cut(variant: Variant, words: Sequence[str]) -> tuple[str, ...]:
    return as_cut(words, kind=variant.kind, measures=variant.measures, engraving=variant.engraving)


def _refuse_size(variant: Variant, size: str | None) -> None:
    if size is not None and size not in {one["code"] for one in variant.sizes}:
        raise SizeNeeded(variant.sku, size)


def _voided(tx: Writing, certificate_id: str, *, by: str, at: datetime) -> Certificate:
    """valid → voided, by the statement itself: of two who do it one is refused. Its slip, if it waits, stays inside."""
    still = col(Certificate.id) == certificate_id, col(Certificate.state) == CertificateState.VALID
    done = tx.connection().execute(update(Certificate).where(*still).values(state=CertificateState.VOIDED)).rowcount
    found = tx.get(Certificate, certificate_id)
    if found is None:
        raise Unknown("certificate", certificate_id)
    if not done:
        raise WrongState("certificate", found.serial, found.state)
    certificate_log.note(tx, LogAct.VOIDED, found, at=at)
    lasting.withdraw(tx, original_of=_original(found), by=by, at=at)
    return found


def _in_its_place(
    tx: Writing, shop: Shop, old: Certificate, *, size: str | None, lines: Sequence[str], at: datetime
) -> Certificate:
    short_code, said = people_code(), old.statement
    as_before = certificate.engraving_digest(lines, short_code=old.short_code) == said["engraving_sha256"]
    before = int(tx.connection().execute(certificate.BEFORE, {"piece": old.piece_id}).scalar_one())
    serial = certificate.serial_of(said["sku"], number=said["number"], issue=before + 1)
    boutique = tx.get_one(Boutique, tx.get_one(Order, old.order_id).boutique_id)
    statement = {
        **said,
        "serial": serial,
        "size": said["size"] if size is None else size,
        "engraved_lines": len(lines),
        "engraving_sha256": certificate.engraving_digest(lines, short_code=short_code),
        "proof_sha256": said.get("proof_sha256", "") if as_before else "",
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


def _original(of: Certificate) -> str:
    """What the slip of a certificate is the one original of."""
    return f"authenticity:{of.gtin}:{of.serial}"


def _print(
    tx: Writing,
    shop: Shop,
    old: Certificate,
    new: Certificate,
    *,
    variant: Variant,
    lines: Sequence[str],
    device_id: str,
) -> None:
    """The new original at this tablet's printer, after the model of the old one's slip; nothing where it had none."""
    slip = tx.exec(select(PrintJob).where(PrintJob.original_of == _original(old))).first()
    if slip is None:
        return
    facts = {
        **slip.facts,
        "serial": new.serial,
        "short_code": new.short_code,
        "verify_url": certificate.link(shop, new),
        "issued_at": new.issued_at.isoformat(),
        "engraving": list(lines),
    }
    if new.statement["size"] != old.statement["size"]:
        names = {one["code"]: one["name"][slip.language] for one in variant.sizes}
        facts["size"] = names[new.statement["size"]]
    row = spool.job(
        kind=slip.kind,
        facts=facts,
        printer_id=tx.get_one(Device, device_id).printer_id,
        language=slip.language,
        order_id=slip.order_id,
        device_id=device_id,
        at=new.issued_at,
        piece_id=slip.piece_id,
        original_of=_original(new),
    )
    spool.enqueue(tx, [row])
