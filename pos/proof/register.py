"""The public record of a certificate: what anyone who holds its address may see. No person, no price, no stock.

The signature is looked at first. An address that was not signed by the house never reaches the records, so that nobody
learns from it which numbers exist; whoever has a key that was withdrawn learns no more.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from pos.catalogue.shelf import pictures_in, swatches_in
from pos.catalogue.views import PictureView
from pos.models import Capsule, Certificate, HandOver, Variant
from pos.proof import certificate_log, links, verify
from pos.proof.certificate import link
from pos.proof.keys import read_signature, written
from pos.proof.statement import digest, quickly
from pos.proof.verify import Finding, Verdict
from pos.shop import Shop


class Answer(StrEnum):
    """What the house says of an address."""

    VALID = "valid"
    UNKNOWN = "unknown"  # not signed by the house, or (then key_id says with which key) not in its records
    ALTERED = "altered"
    WITHDRAWN_KEY = "withdrawn_key"  # signed by a key of the house that it stands by no longer


class Standing(StrEnum):
    """What became of a certificate the house issued."""

    VALID = "valid"
    TRANSFERRED = "transferred"  # in force, and the piece was passed on to a new owner
    RETURNED = "returned"
    VOIDED = "voided"


@dataclass(frozen=True)
class Record:
    """A certificate for everyone to see: the signed statement, what became of it since, a picture of its marks.

    known: signed with a withdrawn key, but this very certificate stands in the register. seal is its name in the log.
    """

    answer: Answer
    key_id: str = ""
    statement: dict[str, Any] | None = None
    standing: Standing | None = None
    transfers: tuple[datetime, ...] = ()
    picture: PictureView | None = None
    swatch: PictureView | None = None  # of its metal
    known: bool = False
    seal: str = ""
    certificate_id: str = ""


ANSWERS = {
    Finding.ALTERED: Answer.ALTERED,
    Finding.NO_ADDRESS: Answer.ALTERED,  # asked under a certificate's path, it is a spoilt one
    Finding.UNKNOWN_KEY: Answer.UNKNOWN,
    Finding.UNSIGNED: Answer.UNKNOWN,
}
FOUND = (
    select(  # type: ignore[call-overload]
        Certificate.id,
        Certificate.gtin,
        Certificate.serial,
        Certificate.statement,
        Certificate.signature,
        Certificate.key_id,
        Certificate.state,
        Capsule.id.label("capsule_id"),  # type: ignore[attr-defined]
        Capsule.media,
        Variant.material_id,
    )
    .join(Variant, col(Variant.gtin) == col(Certificate.gtin))
    .join(Capsule, col(Capsule.id) == col(Variant.capsule_id))
    .where(Certificate.gtin == bindparam("gtin"), Certificate.serial == bindparam("serial"))
)
PASSED = (
    select(HandOver.confirmed_at)
    .where(HandOver.certificate_id == bindparam("of"), col(HandOver.confirmed_at).is_not(None))
    .order_by(col(HandOver.confirmed_at))
)


def look_up(shop: Shop, *, address: str, language: str) -> Record:
    """What the house says of a certificate's address. Raises RecordsTrouble."""
    verdict = verify.check(address, shop.keys.public, withdrawn=shop.keys.withdrawn)
    if verdict.finding in ANSWERS:
        return Record(ANSWERS[verdict.finding])
    with shop.read() as look:
        asked = {"gtin": verdict.gtin, "serial": verdict.serial}
        found = look.connection().execute(FOUND, asked).first()
        if verdict.finding is Finding.WITHDRAWN_KEY:
            return Record(Answer.WITHDRAWN_KEY, key_id=verdict.key_id, known=_is_the_very(found, address))
        if found is None:
            return Record(Answer.UNKNOWN, key_id=verdict.key_id)
        if not _states(found.statement, verdict.digest):
            # The address is good. Either the record was changed, or the house signed another statement for this number:
            # in a demonstration beside the shop, or before its records were restored.
            answer = Answer.UNKNOWN if _as_signed(shop, found) else Answer.ALTERED
            return Record(answer, key_id=verdict.key_id)
        return _record(look, found, verdict, language)


def _record(look: Session, found: Any, verdict: Verdict, language: str) -> Record:
    passed = tuple(at for (at,) in look.connection().execute(PASSED, {"of": found.id}))
    standing = Standing(found.state)
    if standing is Standing.VALID and passed:
        standing = Standing.TRANSFERRED
    return Record(
        Answer.VALID,
        key_id=verdict.key_id,
        statement=found.statement,
        standing=standing,
        # Of what came back the page says nothing more: not where the piece was, nor how often it changed hands.
        transfers=passed if standing is Standing.TRANSFERRED else (),
        picture=_of_the_marks(found.media, found.capsule_id, sku=found.statement["sku"], language=language),
        swatch=swatches_in(found.media, capsule_id=found.capsule_id, language=language).get(found.material_id),
        seal=certificate_log.sealed(
            gtin=found.gtin, serial=found.serial, digest=verdict.digest, signature=read_signature(found.signature)
        ).hex(),
        certificate_id=found.id,
    )


def _states(statement: dict[str, Any], signed: bytes) -> bool:
    """Whether this statement is the one whose digest was signed; counted the quick way first."""
    quick = hashlib.sha256(quickly(statement)).digest()[: links.DIGEST_BYTES]
    return hmac.compare_digest(quick, signed) or hmac.compare_digest(digest(statement), signed)


def _is_the_very(found: Any, address: str) -> bool:
    """Whether an address carries the signature that stands in the register: somebody who stole a key makes another."""
    seal = links.read(address).seal
    return (
        found is not None
        and seal is not None
        and found.key_id == seal.key_id
        and hmac.compare_digest(found.signature, written(seal.signature))
    )


def _as_signed(shop: Shop, certificate: Any) -> bool:
    """Whether the record itself is what the house signed."""
    return verify.check(link(shop, certificate), shop.keys.public).valid


def _of_the_marks(media: Sequence[dict[str, Any]], capsule_id: str, *, sku: str, language: str) -> PictureView | None:
    """The photograph of this piece's marks; where there is none, its best picture."""
    own = sorted(
        (row for row in media if row.get("sku") == sku), key=lambda row: {"hallmark": 0, "hero": 1}.get(row["role"], 2)
    )
    return next((one for _, one in pictures_in(own[:1], capsule_id=capsule_id, language=language)), None)
