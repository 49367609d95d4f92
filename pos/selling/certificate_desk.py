"""What the counter sees of a certificate: found by whatever stands on paper; its standing, its log and its slips."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from pos.errors import CertificateAltered, Unknown
from pos.ids import plain_code
from pos.models import Certificate, CertificateState, HandOver, LogAct, Order, Piece, Printer, PrintJob
from pos.paper.lasting import WELL
from pos.paper.slips.kinds import Kind
from pos.proof import certificate, certificate_log, register, reissue, verify
from pos.proof.register import Answer, Standing
from pos.proof.verify import Finding
from pos.selling import return_desk
from pos.selling.orders import slip_view
from pos.selling.views import SlipView
from pos.shop import Shop

MOST_FOUND = 24
_LABEL = re.compile(r"https?://[^?#]+/01/[0-9]{14}/?(\?.*)?")
_NUMBER = re.compile(r"(?:(?P<sku>[A-Z0-9-]+?)[ -]+)?(?:N[Oº°]\.? *|# *)?0*(?P<number>[0-9]{1,6})")


@dataclass(frozen=True)
class FoundCertificate:
    """One of several certificates that words fit; state is what the records say of it."""

    certificate_id: str
    serial: str
    name: str
    sku: str
    number: int
    state: CertificateState
    issued_at: datetime


@dataclass(frozen=True)
class Entered:
    """What the log of certificates says of one; leaf is the entry's number."""

    act: LogAct
    at: datetime
    leaf: int


@dataclass(frozen=True)
class CertificatePaper:
    """A slip of a certificate: its original, the card for the box, or a copy with who printed it, and why."""

    slip: SlipView
    at: datetime | None
    by: str
    why: str


@dataclass(frozen=True)
class CertificateFile:
    """A certificate as the counter sees it. answer and standing are what its page tells the owner now.

    size is the code of the variant's; engraving None: its words stand on no paper of ours. offered_until: a hand-over
    code is out, good until then. to_copy is the slip that may be printed again. others are the piece's other ones.
    """

    certificate_id: str
    serial: str
    short_code: str
    name: str
    metal: str
    sku: str
    number: int
    edition_size: int
    size: str
    engraving: tuple[str, ...] | None
    order_id: str
    order_code: str
    issued_at: datetime
    answer: Answer
    standing: Standing | None
    transfers: tuple[datetime, ...]
    offered_until: datetime | None
    entries: tuple[Entered, ...]
    papers: tuple[CertificatePaper, ...]
    others: tuple[FoundCertificate, ...]

    @property
    def in_force(self) -> bool:
        """Whether it stands for its piece, whoever owns that by now."""
        return self.standing in (Standing.VALID, Standing.TRANSFERRED)

    @property
    def to_copy(self) -> str | None:
        """The original slip, once it came out."""
        originals = (one.slip for one in self.papers if one.slip.kind == Kind.AUTHENTICITY and not one.slip.copy_number)
        return next((slip.job_id for slip in originals if slip.state in WELL), None)


def find(shop: Shop, *, words: str, language: str) -> tuple[FoundCertificate, ...]:
    """The certificates somebody means: by the address in the QR code, serial, short code, a sale's number, the piece's.

    words are as a scanner read them or a person typed them; a number alone, or an SKU and a number, is the piece's.
    The newest first. Raises CertificateAltered for an address the house did not sign so, and Unknown (`certificate`, or
    `label` for the code on a shelf label).
    """
    words = words.strip()[:600]
    if "/" in words:
        return _at(shop, words, language)
    code, plain = plain_code(words[:80]), " ".join(words.upper().split())
    with shop.read() as look:
        for ours in (Certificate.serial == plain, Certificate.short_code == code):
            if found := _those(look, ours, language):
                return found
    sold = _of_a_sale(shop, words)
    with shop.read() as look:
        of_it = Certificate.order_id == sold if sold else _of_a_piece(plain)
        found = _those(look, of_it, language) if of_it is not None else ()
    if not found:
        raise Unknown("certificate", words[:40])
    return found


def view(shop: Shop, *, certificate_id: str, language: str) -> CertificateFile:
    """A certificate, what its owner is told of it, and everything that was done with it. Raises Unknown."""
    with shop.read() as look:
        issued = look.get(Certificate, certificate_id)
        if issued is None:
            raise Unknown("certificate", certificate_id)
        order = look.get_one(Order, issued.order_id)
        entries = certificate_log.entries_of(look, seal=certificate_log.seal_of(issued).hex())
        others = _those(look, (Certificate.piece_id == issued.piece_id) & (Certificate.id != issued.id), language)
        papers = tuple(_papers(look, issued, order))
        until, words = _offered_until(look, issued, at=shop.clock.now()), _words(look, issued)
    told, said = register.look_up(shop, address=certificate.link(shop, issued), language=language), issued.statement
    return CertificateFile(
        certificate_id=issued.id,
        serial=issued.serial,
        short_code=issued.short_code,
        name=said["piece"][language],
        metal=said["metal"][language],
        sku=said["sku"],
        number=said["number"],
        edition_size=said["edition_size"],
        size=said["size"],
        engraving=words,
        order_id=order.id,
        order_code=order.code,
        issued_at=issued.issued_at,
        answer=told.answer,
        standing=told.standing,
        transfers=told.transfers,
        offered_until=until,
        entries=tuple(Entered(one.act, one.at, one.leaf) for one in entries),
        papers=papers,
        others=others,
    )


def _at(shop: Shop, address: str, language: str) -> tuple[FoundCertificate, ...]:
    if _LABEL.fullmatch(address):
        raise Unknown("label", address[:40])
    verdict = verify.check(address, shop.keys.public, withdrawn=shop.keys.withdrawn)
    if verdict.finding in (Finding.ALTERED, Finding.NO_ADDRESS):
        raise CertificateAltered("signature")
    if verdict.finding not in (Finding.VALID, Finding.WITHDRAWN_KEY):
        raise Unknown("certificate", address[:40])
    with shop.read() as look:
        ours = (Certificate.gtin == verdict.gtin) & (Certificate.serial == verdict.serial)
        found = _those(look, ours, language)
    if not found:
        raise Unknown("certificate", verdict.serial)
    return found


def _of_a_sale(shop: Shop, words: str) -> str | None:
    try:
        return return_desk.find(shop, words=words)
    except Unknown:
        return None


def _of_a_piece(words: str) -> Any:
    """Those of a number, of one variant or of any; None where the words are no number."""
    match = _NUMBER.fullmatch(words)
    if match is None:
        return None
    meant: Any = select(Piece.id).where(Piece.number == int(match["number"]))
    if match["sku"]:
        meant = meant.where(Piece.sku == match["sku"])
    return col(Certificate.piece_id).in_(meant)


def _those(look: Session, which: Any, language: str) -> tuple[FoundCertificate, ...]:
    newest = col(Certificate.issued_at).desc(), col(Certificate.serial)
    return tuple(
        FoundCertificate(
            certificate_id=one.id,
            serial=one.serial,
            name=one.statement["piece"][language],
            sku=one.statement["sku"],
            number=one.statement["number"],
            state=one.state,
            issued_at=one.issued_at,
        )
        for one in look.exec(select(Certificate).where(which).order_by(*newest).limit(MOST_FOUND))
    )


def _words(look: Session, issued: Certificate) -> tuple[str, ...] | None:
    try:
        return tuple(reissue.engraved(look, issued))
    except Unknown:
        return None


def _offered_until(look: Session, issued: Certificate, *, at: datetime) -> datetime | None:
    offered = select(HandOver.expires_at).where(
        HandOver.certificate_id == issued.id,
        col(HandOver.confirmed_at).is_(None),
        col(HandOver.withdrawn_at).is_(None),
        col(HandOver.expires_at) > at,
    )
    return look.exec(offered).first()


def _papers(look: Session, issued: Certificate, order: Order) -> Iterator[CertificatePaper]:
    """Its original, the card, and every copy of either, in the order they were asked for."""
    of = f"{Kind.AUTHENTICITY}:{issued.gtin}:{issued.serial}", f"{Kind.CARD}:{order.code}:{issued.serial}"
    originals = select(PrintJob.id).where(col(PrintJob.original_of).in_(of))
    ours = or_(col(PrintJob.original_of).in_(of), col(PrintJob.copy_of).in_(originals))
    asked = select(PrintJob, Printer.boutique_id, Printer.model).join(
        Printer, col(Printer.id) == col(PrintJob.printer_id), isouter=True
    )
    for job, boutique_id, model in look.exec(asked.where(ours).order_by(col(PrintJob.queued_at), col(PrintJob.id))):
        copied = job.copied or {}
        yield CertificatePaper(
            slip=slip_view(job, boutique_id=boutique_id, model=model),
            at=job.ended_at or job.sent_at,
            by=str(copied.get("by", "")),
            why=str(copied.get("why", "")),
        )
