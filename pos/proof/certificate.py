"""The certificate of a piece: what the house states about it, signed once, when the piece is sold.

The statement is canonical JSON (RFC 8785) of words and whole numbers: no price, no person. Engraving can name a person,
so the statement holds only a SHA-256 of the lines, salted with the short code that stands on the paper alone: whoever
has the paper can show that its words are the ones that were stated, and the records and the public page give nothing
away. The paper prints the words themselves.

The signature is over the GTIN, the serial and the digest of the statement (`verify.sealed_words`), all of which are in
the address, so that anyone can check it offline; the statement behind the digest is what the public page shows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785
from sqlalchemy import update
from sqlmodel import Session, col

from pos.ids import new_id, people_code
from pos.models import (
    Boutique,
    Capsule,
    Certificate,
    CertificateState,
    Design,
    Edition,
    Order,
    OrderLine,
    Piece,
    Variant,
    put,
)
from pos.proof import links
from pos.proof.keys import read_signature
from pos.proof.links import Seal
from pos.proof.verify import sealed_words
from pos.shop import Shop

VERSION = 1


@dataclass(frozen=True)
class CertificateView:
    """The certificate of one piece."""

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
) -> Certificate:
    """Write the one original certificate of a sold piece, inside the transaction that settles its order.

    A second one for the same piece is refused by the schema when the transaction is flushed (IntegrityError).
    """
    serial, short_code = serial_of(variant.sku, number=piece.number), people_code()
    statement = {
        **_of_the_piece(variant, capsule=capsule, design=design),
        **_of_the_sale(tx, order=order, line=line, short_code=short_code, at=at),
        "v": VERSION,
        "serial": serial,
        "number": piece.number,
        "edition_size": tx.get_one(Edition, variant.sku).size,
        "key": shop.keys.key_id,
    }
    certificate = Certificate(
        id=new_id(),
        piece_id=_known(piece.id),
        order_id=order.id,
        gtin=variant.gtin,
        serial=serial,
        short_code=short_code,
        statement=statement,
        signature=shop.keys.sign(sealed_words(gtin=variant.gtin, serial=serial, digest=digest(statement))),
        key_id=shop.keys.key_id,
        issued_at=at,
    )
    put(tx, certificate)
    return certificate


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


def serial_of(sku: str, *, number: int) -> str:
    """The serial of a numbered piece: `NC-PT950-012`; the SKU gives way where 20 characters would not do.

    It need only be unique under one GTIN, which each variant has to itself.
    """
    tail = f"-{number:03d}"
    return sku[: links.SERIAL_LENGTH - len(tail)] + tail


def digest(statement: dict[str, Any]) -> bytes:
    """The first 16 bytes of the SHA-256 of a statement's canonical JSON: another statement for it costs 2^128 tries."""
    return hashlib.sha256(rfc8785.dumps(statement)).digest()[: links.DIGEST_BYTES]


def engraving_digest(lines: Sequence[str], *, short_code: str) -> str:
    """The SHA-256 (hex) of engraved lines and the paper's short code, as canonical JSON; empty for no engraving."""
    return hashlib.sha256(rfc8785.dumps([short_code, *lines])).hexdigest() if lines else ""


def returned(tx: Session, *, piece_ids: Sequence[int], order_id: str) -> int:
    """Say of the valid certificates of these pieces that they came back, inside the refund's transaction; how many.

    A piece that was promised and never handed over has none.
    """
    theirs = (col(Certificate.piece_id).in_(piece_ids), col(Certificate.order_id) == order_id)
    valid = col(Certificate.state) == CertificateState.VALID
    moved = tx.connection().execute(update(Certificate).where(*theirs, valid).values(state=CertificateState.RETURNED))
    return int(moved.rowcount)


def link(shop: Shop, certificate: Certificate) -> str:
    """The address of a certificate, for its QR code."""
    seal = Seal(
        key_id=certificate.key_id,
        digest=digest(certificate.statement),
        signature=read_signature(certificate.signature),
    )
    return links.build(shop.settings.public, gtin=certificate.gtin, serial=certificate.serial, seal=seal)


def view(shop: Shop, certificate: Certificate) -> CertificateView:
    """A certificate as screens and slips name it."""
    return CertificateView(
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
