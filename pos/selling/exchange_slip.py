"""The exchange slip of a sale: which of its payments was a store credit that something given back had filled."""

from typing import Any

from sqlmodel import Session, col, select

from pos.models import Order, OrderLine, Payment, Refund, RefundLine, RefundPart, Road
from pos.paper.slips.facts import LineFacts, SaleFacts
from pos.paper.slips.facts_asked import ExchangeFacts
from pos.payments import gift_cards


def receipts_of(look: Session, *, order: Order) -> list[str]:
    """The receipts of an order that were paid, at least in part, with what came back of another."""
    return sorted({payment.receipt_no for payment, _ in _credits(look, order=order) if payment.receipt_no})


def facts(look: Session, *, order: Order, sale: SaleFacts) -> ExchangeFacts:
    """Both sides of it: what came back by the refunds that filled the credit, and what its receipt is for."""
    used = [
        (payment, refund) for payment, refund in _credits(look, order=order) if payment.receipt_no == sale.receipt_no
    ]
    refunds = {refund.id: refund for _, refund in used}
    payments = {payment.id: payment for payment, _ in used}
    cards = {payment.gift_card_id for payment in payments.values() if payment.gift_card_id}
    return ExchangeFacts(
        supplier=sale.supplier,
        refunds=tuple(sorted(refund.number for refund in refunds.values())),
        receipt_no=sale.receipt_no,
        order_no=sale.order_no,
        issued_at=sale.issued_at,
        zone=sale.zone,
        cashier=sale.cashier,
        till=sale.till,
        back=tuple(_back(look, refund_ids=list(refunds))),
        out=sale.lines,
        out_minor=sale.paid_minor,
        credit_minor=sum(payment.amount_minor for payment in payments.values()),
        left_minor=sum(gift_cards.left_on(look, card_ids=sorted(cards)).values()),
        currency=sale.currency,
    )


def _credits(look: Session, *, order: Order) -> list[tuple[Payment, Refund]]:
    rows: Any = look.exec(
        select(Payment, Refund)
        .join(RefundPart, col(RefundPart.gift_card_id) == col(Payment.gift_card_id))
        .join(Refund, col(Refund.id) == col(RefundPart.refund_id))
        .where(
            Payment.order_id == order.id,
            Refund.order_id != order.id,
            RefundPart.road == Road.CREDIT,
            col(Payment.receipt_no).is_not(None),
        )
    )
    return list(rows)


def _back(look: Session, *, refund_ids: list[str]) -> list[LineFacts]:
    rows: Any = look.exec(
        select(RefundLine, OrderLine)
        .join(OrderLine, col(OrderLine.id) == col(RefundLine.order_line_id))
        .where(col(RefundLine.refund_id).in_(refund_ids))
        .order_by(col(OrderLine.position))
    )
    return [LineFacts(name=line.name, detail=line.detail, gross_minor=back.gross_minor) for back, line in rows]
