"""The third transaction of a sale: the money is authorised, so the pieces change hands and everything is written."""

from datetime import datetime

from sqlalchemy import bindparam, case, literal, or_, update
from sqlmodel import Session, col

from pos.books import audit, receipts
from pos.books.vat import VatPart, VatRow, by_rate
from pos.errors import WrongState
from pos.models import (
    Basket,
    Certificate,
    Order,
    OrderState,
    Part,
    Payment,
    PaymentState,
    Receipt,
    Step,
)
from pos.models.payments import IN_THE_HOUSE
from pos.payments.record import ring
from pos.payments.reduce import GIVEN_UP, MISMATCH
from pos.proof import certificate
from pos.selling import gift_desk, mailing, proofs, slips
from pos.selling.sale import HELD, Sale, SoldPiece, load
from pos.shop import Shop
from pos.stock import pieces
from pos.tally import count

ORDER_PAID = (
    update(Order)
    .where(col(Order.id) == bindparam("of"))
    .values(state=bindparam("state"), paid_minor=bindparam("paid"), closed_at=bindparam("closed"))
)
BASKET_BOUGHT = update(Basket).where(col(Basket.id) == bindparam("of")).values(closed_at=bindparam("at"))


# A hold may end, or be given up, without the order's lock: what is settled is said by this statement, not by a look.
PAYMENTS_SETTLED = (
    update(Payment)
    .where(
        col(Payment.order_id) == bindparam("of"),
        col(Payment.part) == bindparam("of_part"),
        col(Payment.state).in_(HELD),
        or_(col(Payment.cancel_why).is_(None), col(Payment.cancel_why).not_in(GIVEN_UP)),
        col(Payment.reason).is_distinct_from(MISMATCH),
    )
    .values(
        receipt_no=bindparam("number"),
        state=case((col(Payment.method).in_(IN_THE_HOUSE), literal(PaymentState.CAPTURED.value)), else_=Payment.state),
        captured_at=case((col(Payment.method).in_(IN_THE_HOUSE), bindparam("at")), else_=Payment.captured_at),
    )
)


def settle(shop: Shop, *, payment_id: str) -> bool:
    """Write the sale of an authorised payment: pieces, receipt, VAT, certificates, slips, in one transaction.

    A deposit makes its pieces promised; a full payment or a balance makes them sold. Settling twice is the same as
    once. False: other payments of the same part are still to come, nothing is written. Raises WrongState where the
    payment is not authorised, the order is not open, or a piece is not this order's any more.
    """
    with shop.write(durable=True) as tx:
        sale = load(tx, payment_id=payment_id)
        now = tx.now()
        if sale.payment.state not in HELD:
            raise WrongState("payment", payment_id, sale.payment.state)
        if sale.payment.receipt_no is not None:
            audit.unchanged(tx)
            return True
        if sale.payment.cancel_why in GIVEN_UP:  # by another worker while this one hung, or by staff
            raise WrongState("payment", payment_id, sale.payment.cancel_why or "")
        if sale.order.state != (OrderState.OPEN if sale.payment.part == Part.NOW else OrderState.DEPOSIT):
            raise WrongState("order", sale.order.code, sale.order.state)
        if not sale.is_covered:
            audit.unchanged(tx)
            return False
        sold = _change_hands(tx, sale, at=now)
        receipt = receipts.write_down(
            tx, boutique_id=sale.boutique.id, order=sale.order, part=sale.payment.part, rows=_vat(sale), at=now
        )
        paid = {"of": sale.order.id, "of_part": sale.payment.part, "number": receipt.number, "at": now}
        if tx.connection().execute(PAYMENTS_SETTLED, paid).rowcount != len(sale.payments):
            raise WrongState("payment", payment_id, "not held any more")
        issued = _certify(tx, shop, sale, sold, at=now)
        _close(tx, sale, at=now)
        queued = slips.write_down(tx, shop, sale=sale, receipt=receipt, certificates=issued, at=now)
        gift_desk.hand_out(tx, shop, sale=sale, at=now)
        mailing.of_sale(tx, shop, order=sale.order, agreed=sale.mail, at=now)
        _note(tx, sale, receipt=receipt, certificates=issued, slips=queued)
        for payment in sale.payments:
            ring(tx, desk=payment.desk)
        return True


def _change_hands(tx: Session, sale: Sale, *, at: datetime) -> list[SoldPiece]:
    """Move the pieces of this payment; says which are sold now.

    A deposit sells what it pays in full and promises the rest; a balance sells what was promised.
    """
    part = sale.payment.part
    later = [sold for sold in sale.pieces if sold.line.due_later_minor > 0]
    at_once = [sold for sold in sale.pieces if sold.line.due_later_minor == 0]
    promised, sold_now = (later, at_once) if part == Part.NOW else ([], later)
    for moved, move in ((promised, pieces.promise), (sold_now, pieces.sell)):
        ids = sorted(one.line.piece_id or 0 for one in moved)
        if ids and move(tx, piece_ids=ids, order_id=sale.order.id, at=at) != len(ids):
            raise WrongState("piece", sale.order.code, "not this order's")
    return sold_now


def _vat(sale: Sale) -> list[VatRow]:
    now = sale.payment.part == Part.NOW
    return by_rate(
        VatPart(
            rate_bp=line.vat_rate_bp,
            gross_minor=line.due_now_minor if now else line.due_later_minor,
            vat_minor=line.vat_now_minor if now else line.vat_minor - line.vat_now_minor,
        )
        for line in sale.lines
    )


def _certify(tx: Session, shop: Shop, sale: Sale, sold: list[SoldPiece], *, at: datetime) -> list[Certificate]:
    digests = proofs.digests(tx, order_id=sale.order.id) if any(one.line.engraving for one in sold) else {}
    return [
        certificate.issue(
            tx,
            shop,
            piece=one.piece,
            variant=one.variant,
            capsule=one.capsule,
            design=one.design,
            line=one.line,
            order=sale.order,
            at=at,
            proof_sha256=digests.get(one.piece.id or 0, ""),
        )
        for one in sold
    ]


def _close(tx: Session, sale: Sale, *, at: datetime) -> None:
    whole = sale.paid_minor == sale.order.total_minor
    state, closed = (OrderState.PAID, at) if whole else (OrderState.DEPOSIT, None)
    paid = {"of": sale.order.id, "state": state, "paid": sale.paid_minor, "closed": closed}
    tx.connection().execute(ORDER_PAID, paid)
    if sale.payment.part == Part.NOW:
        tx.connection().execute(BASKET_BOUGHT, {"of": sale.order.basket_id, "at": at})


def _note(tx: Session, sale: Sale, *, receipt: Receipt, certificates: list[Certificate], slips: list[str]) -> None:
    alone = sale.order.staff_id is None  # what the counter sells is no end of a shopper's way along the tablet
    for bought in sale.pieces if alone and sale.payment.part == Part.NOW else ():
        count(tx, Step.SALE, sku=bought.variant.sku, boutique_id=sale.boutique.id)
    audit.record(
        tx,
        f"sale settled: {sale.payment.part}",
        sale.order.code,
        by=sale.payment.staff_id or sale.payment.device_id,
        receipt=receipt.number,
        amount=sale.part_minor,
        vat=receipt.vat_minor,
        certificates=[issued.serial for issued in certificates],
        slips=slips,
    )
