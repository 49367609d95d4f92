"""The refund slip of a refund: what it must say, written down in the transaction that gives the money back."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from pos.models import (
    Boutique,
    Certificate,
    CertificateState,
    Device,
    Edition,
    GiftCard,
    Order,
    OrderLine,
    Payment,
    Refund,
    RefundLine,
    RefundPart,
    Road,
    Staff,
)
from pos.paper import spool
from pos.paper.slips.facts import LineFacts, RefundFacts, RoadFacts, VatFacts, plain
from pos.paper.slips.kinds import Kind
from pos.selling.slips import WORDS, supplier_of
from pos.shop import Shop


def write_down(tx: Session, shop: Shop, *, refund: Refund) -> list[str]:
    """Queue the slip of a refund on the tablet that gave it, inside the refund's transaction; says the kinds.

    Its lines, its roads and the state of the certificates are written before this is called. Raises ValueError where
    they do not add up: money that no slip can tell of is not given back.
    """
    tx.flush()
    order, device = tx.get_one(Order, refund.order_id), tx.get_one(Device, refund.device_id)
    job = spool.job(
        kind=Kind.REFUND,
        facts=plain(_facts(tx, refund, order, device)),
        printer_id=device.printer_id,
        language=order.language,
        order_id=order.id,
        device_id=device.id,
        at=refund.at,
    )
    spool.enqueue(tx, [job])
    return [Kind.REFUND]


def _facts(tx: Session, refund: Refund, order: Order, device: Device) -> RefundFacts:
    boutique, cashier = tx.get_one(Boutique, refund.boutique_id), tx.get_one(Staff, refund.staff_id)
    manager = tx.get_one(Staff, refund.manager_id).name if refund.manager_id else ""
    parts = _parts(tx, refund)
    return RefundFacts(
        supplier=supplier_of(boutique),
        refund_no=refund.number,
        receipts=tuple(dict.fromkeys(payment.receipt_no for _, payment, _ in parts if payment.receipt_no)),
        order_no=order.code,
        issued_at=refund.at,
        zone=boutique.zone,
        cashier=cashier.name,
        till=device.label,
        manager=manager if manager != cashier.name else "",
        lines=tuple(_lines(tx, refund, language=order.language)),
        vat=tuple(VatFacts(**row) for row in refund.vat_rows),
        roads=tuple(_road(*part) for part in parts),
        total_minor=refund.gross_minor,
        reason=refund.reason,
        currency=refund.currency,
        certificates=_ended(tx, refund),
    )


def _lines(tx: Session, refund: Refund, *, language: str) -> Iterator[LineFacts]:
    """As they were sold: name, number, words."""
    rows: Any = tx.exec(
        select(RefundLine, OrderLine, Edition)
        .join(OrderLine, col(OrderLine.id) == col(RefundLine.order_line_id))
        .join(Edition, col(Edition.sku) == col(OrderLine.sku), isouter=True)
        .where(RefundLine.refund_id == refund.id)
        .order_by(col(OrderLine.position))
    )
    for back, line, edition in rows:
        number = (
            WORDS[language]["number"].format(number=line.number, size=edition.size) if line.number and edition else ""
        )
        cut = WORDS[language]["words"].format(words=" / ".join(line.engraving)) if line.engraving else ""
        detail = " · ".join(part for part in (number, line.detail, cut) if part)
        yield LineFacts(name=line.name, detail=detail, gross_minor=back.gross_minor)


def _parts(tx: Session, refund: Refund) -> list[tuple[RefundPart, Payment, GiftCard | None]]:
    """In the order in which they were paid; a road that replaces a failed one is found later."""
    rows: Any = tx.exec(
        select(RefundPart, Payment, GiftCard)
        .join(Payment, col(Payment.id) == col(RefundPart.payment_id))
        .join(
            GiftCard,
            col(GiftCard.id) == func.coalesce(RefundPart.gift_card_id, Payment.gift_card_id),
            isouter=True,
        )
        .where(RefundPart.refund_id == refund.id, col(RefundPart.replaces).is_(None))
        .order_by(col(Payment.part).desc(), col(Payment.round), col(RefundPart.id))
    )
    return list(rows)


def _road(part: RefundPart, payment: Payment, house_card: GiftCard | None) -> RoadFacts:
    brand = last4 = ""
    if part.road in (Road.CARD, Road.RELEASE):
        brand, last4 = str(payment.card.get("brand", "")), str(payment.card.get("last4", ""))
    elif part.road in (Road.GIFT_CARD, Road.CREDIT) and house_card is not None:
        last4 = house_card.last4
    road: Any = part.road.value
    return RoadFacts(road=road, amount_minor=part.amount_minor, brand=brand, last4=last4)


def _ended(tx: Session, refund: Refund) -> tuple[str, ...]:
    """The serials of the certificates that this order's pieces had and that came back with this refund."""
    found = tx.exec(
        select(Certificate.serial)
        .join(OrderLine, col(OrderLine.piece_id) == col(Certificate.piece_id))
        .join(RefundLine, col(RefundLine.order_line_id) == col(OrderLine.id))
        .where(
            RefundLine.refund_id == refund.id,
            Certificate.order_id == refund.order_id,
            OrderLine.order_id == refund.order_id,
            Certificate.state == CertificateState.RETURNED,
            col(RefundLine.fate).in_(("stock", "inspection")),
        )
        .order_by(col(Certificate.serial))
    )
    return tuple(found)
