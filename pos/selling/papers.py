"""Papers that somebody asks for after a sale: gift receipt, card for the box, full VAT invoice, exchange slip.

Each is printed once for what it is of, by the schema; what is wanted again is a copy of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pos.books import audit, receipts
from pos.catalogue.care import care
from pos.db import Writing
from pos.errors import NotAllowed, Unknown, WrongState
from pos.models import (
    Certificate,
    CertificateState,
    Device,
    Order,
    OrderLine,
    OrderState,
    Part,
    Pickup,
    Piece,
    PrintJob,
    Receipt,
    Role,
    Variant,
)
from pos.paper import spool
from pos.paper.slips.facts import AnyFacts, LineFacts, PieceFacts, SaleFacts, VatFacts, plain, read
from pos.paper.slips.facts_asked import (
    BuyerFacts,
    CardFacts,
    GiftLineFacts,
    GiftReceiptFacts,
    InvoiceFacts,
    InvoiceLineFacts,
)
from pos.paper.slips.kinds import RECEIPTS, Kind
from pos.payments import gift_cards
from pos.people import rights
from pos.selling import exchange_slip
from pos.shop import Shop

RETURN_DAYS = 14  # the house's own terms: a present may be brought back so long
BOUGHT = (OrderState.DEPOSIT, OrderState.PAID)


@dataclass(frozen=True)
class PaperView:
    """A paper that may be asked for now: of is what it belongs to (the order's code, a serial, a receipt's number)."""

    kind: Kind
    of: str


@dataclass(frozen=True)
class Buyer:
    """Whom a full VAT invoice is made out to; the address is a line each."""

    name: str
    address: tuple[str, ...]
    vat_number: str = ""


def on_offer(shop: Shop, *, order_id: str) -> tuple[PaperView, ...]:
    """The papers of an order that nobody has asked for yet. Raises Unknown."""
    with shop.read() as look:
        order = look.get(Order, order_id)
        if order is None:
            raise Unknown("order", order_id)
        asked = set(look.exec(select(PrintJob.original_of).where(PrintJob.order_id == order_id)))
        return tuple(paper for paper in _possible(look, order) if _original(order, paper) not in asked)


def ask(
    shop: Shop, *, order_id: str, kind: Kind, of: str, staff_id: str, device_id: str, buyer: Buyer | None = None
) -> None:
    """Queue a paper of an order at this tablet's printer, once; buyer is for an invoice alone.

    Raises NotAllowed, Unknown (no such paper of this order; an invoice's buyer without a name or address), or
    WrongState where it was asked for already.
    """
    with shop.write() as tx:
        order, device = _ours(tx, shop, order_id=order_id, staff_id=staff_id, device_id=device_id)
        paper = PaperView(kind, of)
        if paper not in tuple(_possible(tx, order)):
            raise Unknown("paper", f"{kind} {of}"[:80])
        original = _original(order, paper)
        if tx.exec(select(PrintJob.id).where(PrintJob.original_of == original)).first() is not None:
            raise WrongState("slip", of, "asked for already")
        now = tx.now()
        facts = _facts(tx, order, paper, buyer, at=now)
        job = spool.job(
            kind=kind,
            facts=plain(facts),
            printer_id=device.printer_id,
            language=order.language,
            order_id=order.id,
            device_id=device.id,
            at=now,
            original_of=original,
        )
        spool.enqueue(tx, [job])
        audit.record(tx, f"paper asked for: {kind}", order.code, by=staff_id, of=of)


def _ours(tx: Writing, shop: Shop, *, order_id: str, staff_id: str, device_id: str) -> tuple[Order, Device]:
    """The order, locked, of this tablet's boutique: sold here, or collected here."""
    person = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="print a paper")
    order = tx.exec(select(Order).where(Order.id == order_id).with_for_update()).first()
    if order is None:
        raise Unknown("order", order_id)
    device = tx.get_one(Device, device_id)
    there = tx.exec(select(Pickup.boutique_id).where(Pickup.order_id == order_id)).first()
    if device.boutique_id not in (order.boutique_id, there):
        raise NotAllowed(person.name, "print papers of another boutique's sale")
    return order, device


def _original(order: Order, paper: PaperView) -> str:
    """What a paper is the one original of; unique in the records."""
    return f"{paper.kind}:{order.code}:{paper.of}" if paper.kind == Kind.CARD else f"{paper.kind}:{paper.of}"


def _possible(look: Session, order: Order) -> Iterator[PaperView]:
    if order.state not in BOUGHT:
        return
    if order.state == OrderState.PAID and any(map(_is_a_present, _lines(look, order))):
        yield PaperView(Kind.GIFT_RECEIPT, order.code)
    for issued in _certificates(look, order):
        yield PaperView(Kind.CARD, issued.serial)
    for receipt in _receipts(look, order):
        if receipt.vat_minor:
            yield PaperView(Kind.INVOICE, receipt.number)
    for number in exchange_slip.receipts_of(look, order=order):
        yield PaperView(Kind.EXCHANGE, number)


def _facts(tx: Session, order: Order, paper: PaperView, buyer: Buyer | None, *, at: datetime) -> AnyFacts:
    if paper.kind == Kind.GIFT_RECEIPT:
        return _gift_receipt(tx, order)
    if paper.kind == Kind.CARD:
        return _card(tx, order, serial=paper.of)
    if paper.kind == Kind.EXCHANGE:
        return exchange_slip.facts(tx, order=order, sale=_sale(tx, order, number=paper.of))
    if buyer is None or not buyer.name.strip() or not any(line.strip() for line in buyer.address):
        raise Unknown("buyer", "")
    return _invoice(tx, order, number=paper.of, buyer=buyer, at=at)


def _certificates(look: Session, order: Order) -> list[Certificate]:
    valid = select(Certificate).where(Certificate.order_id == order.id, Certificate.state == CertificateState.VALID)
    return list(look.exec(valid.order_by(Certificate.serial)))


def _receipts(look: Session, order: Order) -> list[Receipt]:
    return list(look.exec(select(Receipt).where(Receipt.order_id == order.id).order_by(col(Receipt.issued_at))))


def _sale(tx: Session, order: Order, *, number: str) -> SaleFacts:
    """What the receipt of this number says, as it was printed."""
    jobs = select(PrintJob.facts).where(PrintJob.order_id == order.id, col(PrintJob.kind).in_(RECEIPTS))
    told = next((facts for facts in tx.exec(jobs) if facts["receipt_no"] == number), None)
    if told is None:
        raise Unknown("receipt", number)
    return read(SaleFacts, dict(told))


def _lines(look: Session, order: Order) -> list[OrderLine]:
    return list(look.exec(select(OrderLine).where(OrderLine.order_id == order.id).order_by(col(OrderLine.position))))


def _is_a_present(line: OrderLine) -> bool:
    """Still the buyer's; a card of the house is nothing that could be exchanged."""
    return not line.refunded_minor and line.sku != gift_cards.SOLD_AS


def _gift_receipt(tx: Session, order: Order) -> GiftReceiptFacts:
    last = _receipts(tx, order)[-1]
    sale = _sale(tx, order, number=last.number)
    booked = tx.exec(select(Pickup).where(Pickup.order_id == order.id)).first()
    # Who gives it has it in hand from then on.
    since = max(last.issued_at, (booked.handed_over_at or booked.starts_at) if booked else last.issued_at)
    return GiftReceiptFacts(
        supplier=sale.supplier,
        code=order.code,
        lines=tuple(
            GiftLineFacts(name=said.name, detail=said.detail)
            for line, said in zip(_lines(tx, order), sale.lines, strict=True)
            if _is_a_present(line)
        ),
        sold_at=last.issued_at,
        zone=sale.zone,
        until=(since.astimezone(ZoneInfo(sale.zone)).date() + timedelta(days=RETURN_DAYS)).isoformat(),
    )


def _card(tx: Session, order: Order, *, serial: str) -> CardFacts:
    found: Any = tx.exec(
        select(Certificate, Variant)
        .join(Piece, col(Piece.id) == col(Certificate.piece_id))
        .join(Variant, col(Variant.sku) == col(Piece.sku))
        .where(Certificate.order_id == order.id, Certificate.serial == serial)
    ).one()
    issued, variant = found
    told = tx.exec(
        select(PrintJob.facts).where(PrintJob.original_of == f"{Kind.AUTHENTICITY}:{issued.gtin}:{issued.serial}")
    ).one()
    words = care(material_id=variant.material_id, kind=variant.kind, language=order.language)
    return CardFacts(piece=read(PieceFacts, dict(told)), care=words)


def _invoice(tx: Session, order: Order, *, number: str, buyer: Buyer, at: datetime) -> InvoiceFacts:
    receipt = tx.exec(select(Receipt).where(Receipt.number == number)).one()
    sale = _sale(tx, order, number=number)
    seller = number.rsplit("-", 1)[0]  # receipts bear their boutique's id (pos/books/receipts.py)
    return InvoiceFacts(
        supplier=sale.supplier,
        buyer=BuyerFacts(
            name=buyer.name.strip(),
            address=tuple(line.strip() for line in buyer.address if line.strip()),
            vat_number=buyer.vat_number.strip(),
        ),
        invoice_no=f"{seller}-I{receipts.next_number(tx, f'invoice:{seller.lower()}'):06d}",
        receipt_no=number,
        order_no=order.code,
        issued_at=at,
        supplied_at=receipt.issued_at,
        zone=sale.zone,
        lines=tuple(_invoiced(_lines(tx, order), sale.lines, part=receipt.part)),
        vat=tuple(VatFacts(**row) for row in receipt.vat_rows),
        total_minor=receipt.gross_minor,
        order_total_minor=order.total_minor if receipt.gross_minor != order.total_minor else 0,
        currency=receipt.currency,
    )


def _invoiced(lines: Sequence[OrderLine], said: Sequence[LineFacts], *, part: Part) -> Iterator[InvoiceLineFacts]:
    """What each line is worth in this part without VAT, as it was taxed then; described as on the receipt."""
    for line, words in zip(lines, said, strict=True):
        now = part == Part.NOW
        gross = line.due_now_minor if now else line.due_later_minor
        vat = line.vat_now_minor if now else line.vat_minor - line.vat_now_minor
        if gross:
            yield InvoiceLineFacts(
                name=words.name, detail=words.detail, rate_bp=line.vat_rate_bp, net_minor=gross - vat, vat_minor=vat
            )
