"""The slips of a sale: what each must say, written down in the transaction that settles it.

A payment has its receipt; each sold piece its one original authenticity receipt; a first payment its pickup slip.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlmodel import Session

from pos.models import Boutique, Certificate, Method, OrderLine, Part, Payment, Pickup, Receipt
from pos.paper import spool
from pos.paper.document import Picture
from pos.paper.slips.facts import (
    AgreedFacts,
    AnyFacts,
    Language,
    LineFacts,
    PickupFacts,
    PieceFacts,
    SaleFacts,
    SavingFacts,
    SupplierFacts,
    TenderFacts,
    VatFacts,
    plain,
)
from pos.paper.slips.kinds import Kind
from pos.paper.slips.words import say_day
from pos.payments import gift_cards
from pos.proof import certificate
from pos.selling.sale import Sale, SoldPiece
from pos.shop import Shop
from pos.words import part_of

MARKS = ("sponsor", "fineness", "office", "symbol", "date_letter")  # in the order in which they are struck
WORDS = part_of("paper", "sold")


def write_down(
    tx: Session,
    shop: Shop,
    *,
    sale: Sale,
    receipt: Receipt,
    certificates: Sequence[Certificate],
    at: datetime,
) -> list[str]:
    """Queue every slip of this payment, in the order the hand takes them from the printer; says their kinds."""
    supplier = supplier_of(sale.boutique)
    by_piece = {sold.line.piece_id: sold for sold in sale.pieces}
    jobs = [_job(sale, _receipt_kind(sale), _receipt(tx, sale, receipt, supplier, at=at), at=at)]
    for i, issued in enumerate(certificates, 1):
        sold = by_piece[issued.piece_id]
        facts = _authenticity(shop, sale, sold, issued, supplier, at=at)
        jobs.append(_job(sale, Kind.AUTHENTICITY, facts, at=at, after=i, original=issued))
    if sale.pickup is not None and sale.payment.part == Part.NOW:
        # Of the boutique that sells, the session has it already: no statement.
        there = tx.get_one(Boutique, sale.pickup.boutique_id)
        jobs.append(_job(sale, Kind.PICKUP, _pickup(sale, sale.pickup, there), at=at, after=len(jobs)))
    spool.enqueue(tx, jobs)
    return [job["kind"] for job in jobs]


def supplier_of(boutique: Boutique) -> SupplierFacts:
    """The boutique as a slip names it."""
    return SupplierFacts(
        name=boutique.name,
        address=tuple(boutique.address),
        vat_number=boutique.vat_number,
        phone=boutique.phone,
        logo=Picture(**boutique.logo) if boutique.logo else None,
    )


def _job(
    sale: Sale,
    kind: Kind,
    facts: AnyFacts,
    *,
    at: datetime,
    after: int = 0,
    original: Certificate | None = None,
) -> dict[str, Any]:
    return spool.job(
        kind=kind,
        facts=plain(facts),
        printer_id=sale.device.printer_id,
        language=sale.order.language,
        order_id=sale.order.id,
        device_id=sale.device.id,
        at=at + timedelta(microseconds=after),  # one after the other, as they were written
        piece_id=original.piece_id if original else None,
        original_of=f"{kind}:{original.gtin}:{original.serial}" if original else None,  # a resold piece has its own
    )


def _receipt_kind(sale: Sale) -> Kind:
    if sale.payment.part == Part.BALANCE:
        return Kind.BALANCE
    return Kind.DEPOSIT if sale.order.due_later_minor else Kind.SALES


def _receipt(tx: Session, sale: Sale, receipt: Receipt, supplier: SupplierFacts, *, at: datetime) -> SaleFacts:
    order, language = sale.order, sale.order.language
    left = gift_cards.left_on(tx, card_ids=[one.gift_card_id for one in sale.payments if one.gift_card_id])
    promised = max((line.promised_on for line in sale.lines if line.promised_on), default=None)
    words = (
        WORDS[language]["promised"].format(date=say_day(date.fromisoformat(promised), _language(sale)))
        if promised
        else ""
    )
    return SaleFacts(
        supplier=supplier,
        receipt_no=receipt.number,
        order_no=order.code,
        issued_at=at,
        zone=sale.boutique.zone,
        cashier=sale.staff.name if sale.staff else sale.device.label,
        till=sale.device.label,
        lines=tuple(_line(line, sale) for line in sale.lines),
        savings=_savings(sale),
        vat=tuple(VatFacts(**row) for row in receipt.vat_rows),
        tenders=tuple(_tender(one, left_minor=left.get(one.gift_card_id or "")) for one in sale.payments),
        total_minor=order.total_minor,
        paid_minor=sale.part_minor,
        paid_before_minor=order.paid_minor,
        due_later_minor=order.total_minor - sale.paid_minor,
        currency=order.currency,
        promised=words if order.total_minor != sale.paid_minor else "",
        agreed=_agreed(sale),
        keep_card=_consent(sale),
    )


def _line(line: OrderLine, sale: Sale) -> LineFacts:
    return LineFacts(name=line.name, detail=_detail(line, sale), gross_minor=line.list_minor)


def _detail(line: OrderLine, sale: Sale) -> str:
    editions = {sold.line.id: sold.edition.size for sold in sale.pieces}
    number = (
        WORDS[sale.order.language]["number"].format(number=line.number, size=editions[line.id]) if line.number else ""
    )
    cut = WORDS[sale.order.language]["words"].format(words=" / ".join(line.engraving)) if line.engraving else ""
    return " · ".join(part for part in (number, line.detail, cut) if part)


def _savings(sale: Sale) -> tuple[SavingFacts, ...]:
    saved: dict[str, int] = defaultdict(int)
    for line in sale.lines:
        if line.bundle_group and line.list_minor != line.gross_minor:
            saved[line.bundle_group] += line.list_minor - line.gross_minor
    name = WORDS[sale.order.language]["saving"]
    return tuple(SavingFacts(name=name, amount_minor=amount) for amount in saved.values())


def _agreed(sale: Sale) -> AgreedFacts | None:
    """When which terms were accepted; orders of before may not say."""
    terms = sale.order.terms
    if not terms.get("version") or not terms.get("accepted_at"):
        return None
    return AgreedFacts(version=terms["version"], at=datetime.fromisoformat(terms["accepted_at"]))


def _consent(sale: Sale) -> AgreedFacts | None:
    card = sale.kept_card
    return AgreedFacts(text=card.consent_text, version=card.consent_version, at=card.consented_at) if card else None


def _tender(paid: Payment, *, left_minor: int | None) -> TenderFacts:
    card = paid.card
    read = "card_on_file" if paid.method == Method.SAVED_CARD else card.get("read_method", "")
    return TenderFacts(
        brand=card.get("brand", ""),
        last4=card.get("last4", ""),
        amount_minor=paid.amount_minor,
        left_minor=left_minor,
        tendered_minor=paid.tendered_minor,
        aid=card.get("dedicated_file_name", ""),
        application_name=card.get("application_preferred_name", ""),
        auth_code=card.get("authorization_code", ""),
        cvm=card.get("cardholder_verification_method", ""),
        read_method=read,
    )


def _authenticity(
    shop: Shop, sale: Sale, sold: SoldPiece, issued: Certificate, supplier: SupplierFacts, *, at: datetime
) -> PieceFacts:
    language, hallmark = sale.order.language, sold.variant.hallmark
    marks = tuple(str(hallmark[mark]) for mark in MARKS if hallmark.get(mark))
    struck = hallmark.get("status") == "hallmarked"
    return PieceFacts(
        supplier=supplier,
        capsule=sold.capsule.name[language],
        design=sold.design.name[language],
        name=sold.variant.name[language],
        sku=sold.variant.sku,
        number=sold.piece.number,
        edition_size=sold.edition.size,
        metal=sold.variant.metal[language],
        fineness=sold.variant.fineness,
        weight_mg=sold.variant.weight_mg,
        serial=issued.serial,
        short_code=issued.short_code,
        verify_url=certificate.link(shop, issued),
        issued_at=at,
        zone=sale.boutique.zone,
        marks=marks if struck else (),
        exemption=WORDS[language]["exempt"] if hallmark.get("status") == "exempt" else "",
        engraving=tuple(sold.line.engraving),
        size=sold.line.detail if sold.line.size else "",
    )


def _pickup(sale: Sale, booked: Pickup, there: Boutique) -> PickupFacts:
    """Headed by the boutique where it is collected, in that boutique's time: the shopper goes where the slip says."""
    return PickupFacts(
        supplier=supplier_of(there),
        order_no=sale.order.code,
        code=booked.code,
        payload=booked.code,
        starts_at=booked.starts_at,
        ends_at=booked.ends_at,
        zone=there.zone,
        pieces=tuple(f"{sold.line.name} · {_detail(sold.line, sale)}" for sold in sale.pieces),
        balance_due_minor=sale.order.total_minor - sale.paid_minor,
        currency=sale.order.currency,
    )


def _language(sale: Sale) -> Language:
    return cast(Language, sale.order.language)
