"""The public record of a certificate: what anyone who holds its address may see. No person, no price, no stock.

The signature is looked at first. An address that was not signed by the house never reaches the records, so that nobody
learns from it which numbers exist.
"""

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from pos.catalogue.shelf import pictures_of
from pos.catalogue.views import PictureView
from pos.models import Capsule, Certificate, CertificateState, Variant
from pos.proof import verify
from pos.proof.certificate import link
from pos.proof.statement import digest
from pos.proof.verify import Finding
from pos.shop import Shop


class Answer(StrEnum):
    """What the house says of an address."""

    VALID = "valid"
    UNKNOWN = "unknown"  # not signed by the house, or (then key_id says with which key) not in its records
    ALTERED = "altered"


@dataclass(frozen=True)
class Record:
    """A certificate for everyone to see: the signed statement, what became of it since, a picture of its marks."""

    answer: Answer
    key_id: str = ""
    statement: dict[str, Any] | None = None
    state: CertificateState | None = None
    picture: PictureView | None = None


ANSWERS = {
    Finding.ALTERED: Answer.ALTERED,
    Finding.NO_ADDRESS: Answer.ALTERED,  # asked under a certificate's path, it is a spoilt one
    Finding.UNKNOWN_KEY: Answer.UNKNOWN,
    Finding.UNSIGNED: Answer.UNKNOWN,
}


def look_up(shop: Shop, *, address: str, language: str) -> Record:
    """What the house says of a certificate's address. Raises RecordsTrouble."""
    verdict = verify.check(address, shop.keys.public)
    if not verdict.valid:
        return Record(ANSWERS[verdict.finding])
    with shop.read() as look:
        found = look.exec(
            select(Certificate, Capsule)
            .join(Variant, col(Variant.gtin) == col(Certificate.gtin))
            .join(Capsule, col(Capsule.id) == col(Variant.capsule_id))
            .where(Certificate.gtin == verdict.gtin, Certificate.serial == verdict.serial)
        ).first()
        if found is None:
            return Record(Answer.UNKNOWN, key_id=verdict.key_id)
        certificate, capsule = found
        if not hmac.compare_digest(digest(certificate.statement), verdict.digest):
            # The address is good. Either the record was changed, or the house signed another statement for this number:
            # in a demonstration beside the shop, or before its records were restored.
            answer = Answer.UNKNOWN if _as_signed(shop, certificate) else Answer.ALTERED
            return Record(answer, key_id=verdict.key_id)
        return Record(
            Answer.VALID,
            key_id=verdict.key_id,
            statement=certificate.statement,
            state=certificate.state,
            picture=_of_the_marks(capsule, sku=certificate.statement["sku"], language=language),
        )


def _as_signed(shop: Shop, certificate: Certificate) -> bool:
    """Whether the record itself is what the house signed."""
    return verify.check(link(shop, certificate), shop.keys.public).valid


def _of_the_marks(capsule: Capsule, *, sku: str, language: str) -> PictureView | None:
    """The photograph of this piece's marks; where there is none, its best picture."""
    own = [picture for belongs, picture in pictures_of(capsule, language) if belongs == sku]
    ranked = sorted(own, key=lambda picture: {"hallmark": 0, "hero": 1}.get(picture.role, 2))
    return ranked[0] if ranked else None
