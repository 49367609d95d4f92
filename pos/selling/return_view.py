"""An order as whoever gives money back sees it, and whether anything of it can be given back now."""

from typing import Any

from sqlmodel import Session, col, select

from pos.errors import Unknown
from pos.models import (
    Order,
    OrderLine,
    OrderState,
    Part,
    Payment,
    PaymentState,
    Piece,
    PieceState,
    Refund,
    RefundPart,
    RefundState,
    Staff,
)
from pos.selling.views import RefundPartView, RefundView, ReturnLine, ReturnPayment, ReturnView
from pos.shop import Shop

IN_HAND = (PieceState.SOLD, PieceState.PROMISED)


def view(shop: Shop, *, order_id: str) -> ReturnView:
    """What of an order can be given back, and what was. Raises Unknown."""
    with shop.read() as look:
        order = look.get(Order, order_id)
        if order is None:
            raise Unknown("order", order_id)
        lines: Any = look.exec(
            select(OrderLine, Piece)
            .join(Piece, col(Piece.id) == col(OrderLine.piece_id), isouter=True)
            .where(OrderLine.order_id == order_id)
            .order_by(col(OrderLine.position))
        )
        return ReturnView(
            order_id=order.id,
            code=order.code,
            state=order.state,
            currency=order.currency,
            paid_minor=order.paid_minor,
            refunded_minor=order.refunded_minor,
            lines=tuple(_line(order, line, piece) for line, piece in lines),
            payments=tuple(_payment(one) for one in look.exec(settled(order_id))),
            refunds=_refunds(look, order_id=order_id),
            whole_only=order.state == OrderState.DEPOSIT,
            refusal=refusal(look, order=order),
        )


def settled(order_id: str) -> Any:
    """The payments of an order that a receipt was written for, in the order in which they were asked for."""
    return (
        select(Payment)
        .where(Payment.order_id == order_id, col(Payment.receipt_no).is_not(None))
        .order_by(col(Payment.part).desc(), col(Payment.round))
    )


def refusal(look: Session, *, order: Order) -> str | None:
    """Why nothing of this order can be given back now, in one word; None: something can."""
    if order.state not in (OrderState.DEPOSIT, OrderState.PAID, OrderState.REFUNDED):
        return "not_paid"
    if order.refunded_minor >= order.paid_minor:
        return "refunded"
    on_its_way = select(Payment.id).where(
        Payment.order_id == order.id,
        Payment.part == Part.BALANCE,
        col(Payment.receipt_no).is_(None),
        Payment.state != PaymentState.CANCELLED,
    )
    if look.exec(on_its_way).first() is not None:
        return "balance_being_paid"
    return None


def paid_of(order: Order, line: OrderLine) -> int:
    """What was paid of a line, in pence: all of it, or while a balance is due its deposit."""
    return line.due_now_minor if is_deposit(order) else line.gross_minor


def is_deposit(order: Order) -> bool:
    """Whether only the deposit was paid, given back meanwhile or not."""
    return order.paid_minor < order.total_minor


def _line(order: Order, line: OrderLine, piece: Piece | None) -> ReturnLine:
    is_piece = piece is not None and piece.order_id == order.id and piece.state in IN_HAND
    engraved = bool(line.engraving)
    return ReturnLine(
        line_id=line.id,
        name=line.name,
        sku=line.sku,
        number=line.number,
        detail=line.detail,
        gross_minor=line.gross_minor,
        refunded_minor=line.refunded_minor,
        refundable_minor=paid_of(order, line) - line.refunded_minor,
        is_piece=is_piece,
        engraved=engraved,
        can_go_to_stock=is_piece and not engraved,
        is_promised=is_piece and piece is not None and piece.state == PieceState.PROMISED,
    )


def _payment(payment: Payment) -> ReturnPayment:
    return ReturnPayment(
        payment_id=payment.id,
        method=payment.method,
        brand=str(payment.card.get("brand", "")),
        last4=str(payment.card.get("last4", "")),
        amount_minor=payment.amount_minor,
        refunded_minor=payment.refunded_minor,
        is_taken=payment.state == PaymentState.CAPTURED,
    )


def _refunds(look: Session, *, order_id: str) -> tuple[RefundView, ...]:
    made: Any = look.exec(
        select(Refund, Staff.name)
        .join(Staff, col(Staff.id) == col(Refund.staff_id))
        .where(Refund.order_id == order_id)
        .order_by(col(Refund.at), col(Refund.number))
    )
    return tuple(
        RefundView(
            refund_id=one.id,
            number=one.number,
            at=one.at,
            by=by,
            reason=one.reason,
            gross_minor=one.gross_minor,
            vat_minor=one.vat_minor,
            parts=_parts(look, refund_id=one.id),
        )
        for one, by in made
    )


def _parts(look: Session, *, refund_id: str) -> tuple[RefundPartView, ...]:
    parts = select(RefundPart).where(RefundPart.refund_id == refund_id)
    return tuple(
        RefundPartView(
            part_id=part.id,
            payment_id=part.payment_id,
            road=part.road,
            state=part.state,
            amount_minor=part.amount_minor,
            reason=part.reason,
            is_owed=part.state == RefundState.FAILED and part.finished_at is None,
        )
        for part in look.exec(parts.order_by(col(RefundPart.asked_at), col(RefundPart.id)))
    )
