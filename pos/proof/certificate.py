"""The certificate of a piece: what the house states about it, signed once, when the piece is sold.

The statement is canonical JSON (RFC 8785) of words and whole numbers: no price, no person. Engraving can name a person,
so the statement holds only a SHA-256 of the lines, salted with the short code that stands on the paper alone: whoever
has the paper can show that its words are the ones that were stated, and the records and the public page give nothing
away. The paper prints the words themselves.

The signature is over the GTIN, the serial and the digest of the statement (`statement.sealed_words`), all of which are
in the address, so that anyone can check it offline; the statement behind the digest is what the public page shows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785
from sqlalchemy import bindparam, update
from sqlmodel import Session, col, func, select

from pos.db import Writing
from pos.ids import new_id, people_code
from pos.models import (
    Boutique,
    Capsule,
    Certificate,
    CertificateState,
    Design,
    Edition,
    LogAct,
    Order,
    OrderLine,
    Piece,
    Variant,
    put,
)
from pos.proof import certificate_log, links
from pos.proof.keys import read_signature
from pos.proof.links import Seal
from pos.proof.statement import digest, sealed_words
from pos.shop import Shop

VERSION = 1

# A piece that came back and is sold again has its earlier certificates in the records, whatever became of them.
BEFORE = select(func.count()).select_from(Certificate).where(col(Certificate.piece_id) == bindparam("piece"))
RETURN = (
    update(Certificate)
    .where(
        col(Certificate.piece_id).in_(bindparam("ids", expanding=True)),
        col(Certificate.order_id) == bindparam("order"),
        col(Certificate.state) == CertificateState.VALID,
    )
    .values(state=CertificateState.RETURNED)
    .returning(
        col(Certificate.id),
        col(Certificate.gtin),
        col(Certificate.serial),
        col(Certificate.statement),
        col(Certificate.signature),
    )
)
NAMED: tuple[Any, ...] = (  # of a certificate, as much as screens and slips name it by
    *(Certificate.id, Certificate.gtin, Certificate.serial, Certificate.short_code),
    *(Certificate.statement, Certificate.signature, Certificate.key_id),
)


@dataclass(frozen=True)
class CertificateView:
    """The certificate of one piece."""

    certificate_id: str
    sku: str
    number: int
    serial: str
    short_code: str
    url: str


def issue(
    tx: Session,
    shop: Shop,
    *,
    piece: Piece,
    variant: Variant,
    capsule: Capsule,
    design: Design,
    line: OrderLine,
    order: Order,
    at: datetime,
    proof_sha256: str = "",
) -> Certificate:
    """Write the one original certificate of a sold piece, inside the transaction that settles its order.

    proof_sha256 is the digest of the drawing its buyer confirmed before it was engraved, where it was.
    A second one while the first is valid is refused by the schema (IntegrityError). A piece that was returned and is
    sold again has a certificate of its own, with the next serial.
    """
    piece_id = _known(piece.id)
    before = int(tx.connection().execute(BEFORE, {"piece": piece_id}).scalar_one())
    serial, short_code = serial_of(variant.sku, number=piece.number, issue=before + 1), people_code()
    statement = {
        **_of_the_piece(variant, capsule=capsule, design=design),
        **_of_the_sale(tx, order=order, line=line, short_code=short_code, at=at),
        "proof_sha256": proof_sha256,
        "v": VERSION,
        "serial": serial,
        "number": piece.number,
        "edition_size": tx.get_one(Edition, variant.sku).size,
        "key": shop.keys.key_id,
    }
    of: dict[str, Any] = {"piece_id": piece_id, "order_id": order.id, "gtin": variant.gtin, "short_code": short_code}
    return put_down(tx, shop, statement=statement, act=LogAct.ISSUED, at=at, **of)


def put_down(
    tx: Session, shop: Shop, *, statement: dict[str, Any], act: LogAct, at: datetime, gtin: str, **of: Any
) -> Certificate:
    """Sign a statement with the key of today, write it down as a certificate and enter it in the log.

    of: piece_id, order_id, short_code.
    """
    serial, known = statement["serial"], digest(statement)
    certificate = Certificate(
        id=new_id(),
        gtin=gtin,
        serial=serial,
        statement=statement,
        signature=shop.keys.sign(sealed_words(gtin=gtin, serial=serial, digest=known)),
        key_id=shop.keys.key_id,
        issued_at=at,
        **of,
    )
    put(tx, certificate)
    certificate_log.note(tx, act, certificate, at=at, known=known)
    return certificate


def returned(tx: Writing, *, piece_ids: Sequence[int], order_id: str) -> list[str]:
    """valid → returned, for pieces that come back from this order; says the serials, for the audit entry.

    A piece that was never handed out (a deposit that is given back) has no certificate: its serial is not among them.
    """
    given = {"ids": list(piece_ids), "order": order_id}
    ended = sorted(tx.connection().execute(RETURN, given), key=lambda one: one.serial)
    for one in ended:
        certificate_log.note(tx, LogAct.RETURNED, one, at=tx.now())
    return [one.serial for one in ended]


def copied(tx: Writing, *, original_of: str | None) -> None:
    """Enter in the log that the slip of a certificate is printed again; for any other slip there is nothing to enter.

    original_of is what the original slip is the one of: `kind:gtin:serial`.
    """
    _, gtin, serial = [*(original_of or "").split(":", 2), "", ""][:3]
    found = tx.exec(select(Certificate).where(Certificate.gtin == gtin, Certificate.serial == serial)).first()
    if found is not None:
        certificate_log.note(tx, LogAct.COPIED, found, at=tx.now())


def _of_the_piece(variant: Variant, *, capsule: Capsule, design: Design) -> dict[str, Any]:
    return {
        "gtin": variant.gtin,
        "sku": variant.sku,
        "capsule": capsule.name,
        "design": design.name,
        "piece": variant.name,
        "metal": variant.metal,
        "fineness": variant.fineness,
        "weight_mg": variant.weight_mg,
        "hallmark": plain(variant.hallmark),
    }


def _of_the_sale(tx: Session, *, order: Order, line: OrderLine, short_code: str, at: datetime) -> dict[str, Any]:
    boutique = tx.get_one(Boutique, order.boutique_id)
    return {
        "size": line.size or "",
        "engraved_lines": len(line.engraving),
        "engraving_sha256": engraving_digest(line.engraving, short_code=short_code),
        "issuer": boutique.name,
        "issued_on": at.astimezone(ZoneInfo(boutique.zone)).date().isoformat(),
    }


def serial_of(sku: str, *, number: int, issue: int = 1) -> str:
    """The serial of a numbered piece: `NC-PT950-012`; the SKU gives way where 20 characters would not do.

    issue counts its certificates from 1: sold again after a return it is `NC-PT950-012-2`. It need only be unique under
    one GTIN, which each variant has to itself.
    """
    tail = f"-{number:03d}" + (f"-{issue}" if issue > 1 else "")
    return sku[: links.SERIAL_LENGTH - len(tail)] + tail


def engraving_digest(lines: Sequence[str], *, short_code: str) -> str:
    """The SHA-256 (hex) of engraved lines and the paper's short code, as canonical JSON; empty for no engraving."""
    return hashlib.sha256(rfc8785.dumps([short_code, *lines])).hexdigest() if lines else ""


def link(shop: Shop, certificate: Any) -> str:
    """The address of a certificate, for its QR code."""
    seal = Seal(
        key_id=certificate.key_id,
        digest=digest(certificate.statement),
        signature=read_signature(certificate.signature),
    )
    return links.build(shop.settings.public, gtin=certificate.gtin, serial=certificate.serial, seal=seal)


def view(shop: Shop, certificate: Any) -> CertificateView:
    """A certificate as screens and slips name it: a row, or what is NAMED of it."""
    return CertificateView(
        certificate_id=certificate.id,
        sku=certificate.statement["sku"],
        number=certificate.statement["number"],
        serial=certificate.serial,
        short_code=certificate.short_code,
        url=link(shop, certificate),
    )


def plain(value: Any) -> Any:
    """A recorded fact as it may be signed: words, whole numbers, yes and no, and lists and tables of them.

    Raises TypeError for a fraction, which two programs may write in two ways.
    """
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, str | int):
        return value
    raise TypeError(f"cannot be signed: {value!r}")


def _known(piece_id: int | None) -> int:
    if piece_id is None:
        raise ValueError("a piece that is not in the records has no certificate")
    return piece_id
