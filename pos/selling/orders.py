"""What screens see of an order: its payments, slips, certificates and pickup, in one look."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_
from sqlalchemy import select as columns
from sqlmodel import col, func, select

from pos.errors import Unknown
from pos.ids import plain_code
from pos.models import (
    Attempt,
    Basket,
    Boutique,
    Certificate,
    Method,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Pickup,
    Printer,
    PrintJob,
    Receipt,
    SavedCard,
    Staff,
)
from pos.paper.models import MODELS
from pos.paper.pulse import DRAWER
from pos.payments.reduce import GIVEN_UP
from pos.proof import certificate
from pos.proof.certificate import CertificateView
from pos.selling.views import (
    KeptCardView,
    OrderLineView,
    OrderView,
    PaymentView,
    PickupView,
    SlipView,
)
from pos.shop import Shop

STILL_SHOWN = timedelta(minutes=10)  # how long a tablet shows the order it has just finished

MOVES: tuple[Any, ...] = (
    Order.state,
    Order.paid_minor,
    Payment.id,
    Payment.state,
    Payment.reason,
    Payment.cancel_asked_at,
)
SIGNS = (
    columns(*MOVES)
    .join(Payment, col(Payment.order_id) == col(Order.id))
    .where(col(Order.id) == bindparam("order_id"))
    .order_by(col(Payment.id))
)
LAST: tuple[Any, ...] = (
    Order.id,
    Order.state,
    Order.asked_minor,
    Order.paid_minor,
    Order.opened_at,
    Order.closed_at,
)
LATEST = (
    columns(*LAST).where(col(Order.device_id) == bindparam("device_id")).order_by(col(Order.opened_at).desc()).limit(1)
)
# Each made once, and asks for no more than is shown (docs/decisions/statements-made-once.md).
THIS: Any = bindparam("order_id")
ORDER_SEEN: tuple[Any, ...] = (
    *(Order.id, Order.basket_id, Order.code, Order.state, Order.language, Order.boutique_id, Order.currency),
    *(Order.total_minor, Order.vat_minor, Order.due_now_minor, Order.due_later_minor),
    *(Order.paid_minor, Order.asked_minor, Order.opened_at),
)
ORDER = columns(*ORDER_SEEN).where(col(Order.id) == THIS)
LINE_SEEN: tuple[Any, ...] = (
    *(OrderLine.sku, OrderLine.number, OrderLine.name, OrderLine.detail, OrderLine.size, OrderLine.engraving),
    *(OrderLine.gross_minor, OrderLine.due_now_minor, OrderLine.due_later_minor, OrderLine.promised_on),
)
LINES = columns(*LINE_SEEN).where(col(OrderLine.order_id) == THIS).order_by(col(OrderLine.position))
RECEIPTS = columns(col(Receipt.number)).where(col(Receipt.order_id) == THIS).order_by(col(Receipt.issued_at))
ISSUED = columns(*certificate.NAMED).where(col(Certificate.order_id) == THIS).order_by(col(Certificate.serial))
PAYMENT_SEEN: tuple[Any, ...] = (
    *(Payment.id, Payment.part, Payment.state, Payment.amount_minor, Payment.reason, Payment.reader_id),
    *(Payment.cancel_asked_at, Payment.cancel_why, Payment.intent_id, Payment.method, Payment.link_url, Payment.card),
    *(Payment.tendered_minor, Payment.receipt_no, Attempt.message),
)
PAYMENTS = (
    columns(*PAYMENT_SEEN)
    .select_from(Payment)
    .join(
        Attempt,
        (col(Attempt.payment_id) == col(Payment.id)) & (col(Attempt.number) == col(Payment.attempts)),
        isouter=True,
    )
    .where(col(Payment.order_id) == THIS)
    .order_by(col(Payment.part).desc(), col(Payment.round))  # now before balance
)
SLIP_SEEN: tuple[Any, ...] = (  # never the bytes: a screen looks twice a second
    *(PrintJob.id, PrintJob.kind, PrintJob.state, PrintJob.cause, PrintJob.copy_number),
    *(Printer.boutique_id, Printer.model),
)
SLIPS = (
    columns(*SLIP_SEEN)
    .select_from(PrintJob)
    .join(Printer, col(Printer.id) == col(PrintJob.printer_id), isouter=True)
    .where(col(PrintJob.order_id) == THIS, col(PrintJob.kind) != DRAWER)
    .order_by(col(PrintJob.queued_at), col(PrintJob.id))
)
PICKUP_SEEN: tuple[Any, ...] = (  # in the order of a PickupView
    *(Pickup.code, Pickup.boutique_id, Boutique.name, Pickup.starts_at, Pickup.ends_at, Boutique.zone),
    *(Pickup.state, Pickup.ready_at, Pickup.handed_over_at, Staff.name),
)
PICKUP = (
    columns(*PICKUP_SEEN)
    .select_from(Pickup)
    .join(Boutique, col(Boutique.id) == col(Pickup.boutique_id))
    .join(Staff, col(Staff.id) == col(Pickup.handed_over_by), isouter=True)
    .where(col(Pickup.order_id) == THIS)
)
CARD_SEEN: tuple[Any, ...] = (SavedCard.state, SavedCard.brand, SavedCard.last4, SavedCard.forget_asked_at)
CARDS = columns(*CARD_SEEN).where(col(SavedCard.order_id) == THIS)
PAID = columns(func.max(Receipt.issued_at)).where(col(Receipt.order_id) == THIS)
BEGUN = (
    columns(col(Basket.id))
    .where(
        col(Basket.device_id) == bindparam("device_id"),
        col(Basket.began_at) > bindparam("moment"),
        # One that was born closed is that of an offer, made in the office: nobody has touched the tablet for it.
        or_(col(Basket.closed_at).is_(None), col(Basket.closed_at) > col(Basket.began_at)),
    )
    .limit(1)
)


def view(shop: Shop, *, order_id: str) -> OrderView:
    """An order as it is now. Raises Unknown."""
    with shop.glance() as look:
        this = {"order_id": order_id}
        order: Any = look.execute(ORDER, this).first()
        if order is None:
            raise Unknown("order", order_id)
        # Its papers come with the sale, in one write; and the pay page looks often.
        settled = order.state != OrderState.OPEN
        return OrderView(
            order_id=order.id,
            basket_id=order.basket_id,
            code=order.code,
            state=order.state,
            language=order.language,
            boutique_id=order.boutique_id,
            currency=order.currency,
            total_minor=order.total_minor,
            vat_minor=order.vat_minor,
            due_now_minor=order.due_now_minor,
            due_later_minor=order.due_later_minor,
            paid_minor=order.paid_minor,
            asked_minor=order.asked_minor,
            opened_at=order.opened_at,
            lines=tuple(_line(line) for line in look.execute(LINES, this)),
            payments=_payments(look, order_id=order_id),
            receipts=tuple(look.execute(RECEIPTS, this).scalars()) if settled else (),
            slips=_slips(look, order_id=order_id) if settled else (),
            certificates=_certificates(shop, look, order_id=order_id) if settled else (),
            pickup=_pickup(look, order_id=order_id),
            kept_card=_kept_card(look, order_id=order_id) if order.due_later_minor else None,
        )


def signs(shop: Shop, *, order_id: str) -> tuple[Any, ...]:
    """What moves in an order while it is paid, in one small question: a screen that looks often compares it."""
    with shop.glance() as look:
        return tuple(tuple(row) for row in look.execute(SIGNS, {"order_id": order_id}))


def live_order(shop: Shop, *, device_id: str) -> str | None:
    """The order this tablet is paying, or has just finished; None where a shopper is choosing.

    A finished one is shown for ten minutes, and no longer once the tablet has begun another basket: the next shopper
    must not find the last one's collect code behind the browser's way back.
    """
    with shop.glance() as look:
        latest: Any = look.execute(LATEST, {"device_id": device_id}).first()
        if latest is None or latest.state == OrderState.REFUNDED:
            return None
        balance_open = latest.state == OrderState.DEPOSIT and latest.asked_minor > latest.paid_minor
        if latest.state == OrderState.OPEN or (balance_open and not _paid_at_home(look, order_id=latest.id)):
            return str(latest.id)
        ended = latest.closed_at or look.execute(PAID, {"order_id": latest.id}).scalar() or latest.opened_at
        if shop.clock.now() - ended >= STILL_SHOWN or _begun_since(look, device_id=device_id, moment=ended):
            return None
        return str(latest.id)


def by_code(shop: Shop, *, code: str) -> str:
    """The order of a code that a person reads aloud. Raises Unknown."""
    with shop.read() as look:
        found = look.exec(select(Order.id).where(Order.code == plain_code(code))).first()
    if found is None:
        raise Unknown("order", code[:40])
    return found


def slip_view(job: PrintJob, *, boutique_id: str | None, model: str | None) -> SlipView:
    """A slip as a screen shows it; boutique_id and model are those of its printer, where it has one."""
    return SlipView(
        job_id=job.id,
        kind=job.kind,
        state=job.state,
        cause=job.cause,
        copy_number=job.copy_number,
        boutique_id=boutique_id,
        clears=model in MODELS and MODELS[model].clears,
    )


def _begun_since(look: Connection, *, device_id: str, moment: datetime) -> bool:
    return look.execute(BEGUN, {"device_id": device_id, "moment": moment}).first() is not None


def _paid_at_home(look: Connection, *, order_id: str) -> bool:
    """A link is open at home, for hours: no tablet waits for it."""
    payments = _payments(look, order_id=order_id)
    return bool(payments) and payments[-1].method == Method.LINK


def _line(line: Any) -> OrderLineView:
    return OrderLineView(
        sku=line.sku,
        number=line.number,
        name=line.name,
        detail=line.detail,
        size=line.size,
        engraving=tuple(line.engraving),
        gross_minor=line.gross_minor,
        due_now_minor=line.due_now_minor,
        due_later_minor=line.due_later_minor,
        promised_on=line.promised_on,
    )


def _payments(look: Connection, *, order_id: str) -> tuple[PaymentView, ...]:
    rows: Any = look.execute(PAYMENTS, {"order_id": order_id})
    return tuple(
        PaymentView(
            payment_id=payment.id,
            part=payment.part,
            state=payment.state,
            amount_minor=payment.amount_minor,
            reason=payment.reason,
            message=payment.message,
            reader_id=payment.reader_id or "",
            cancel_asked=payment.cancel_asked_at is not None,
            intent_id=payment.intent_id,
            method=payment.method,
            link_url=payment.link_url,
            card=payment.card,
            tendered_minor=payment.tendered_minor,
            given_up=payment.state == PaymentState.AUTHORISED and payment.cancel_why in GIVEN_UP,
            settled=payment.receipt_no is not None,
        )
        for payment in rows
    )


def _kept_card(look: Connection, *, order_id: str) -> KeptCardView | None:
    card: Any = look.execute(CARDS, {"order_id": order_id}).first()
    if card is None:
        return None
    asked = card.forget_asked_at is not None
    return KeptCardView(state=card.state, brand=card.brand, last4=card.last4, to_be_forgotten=asked)


def _certificates(shop: Shop, look: Connection, *, order_id: str) -> tuple[CertificateView, ...]:
    return tuple(certificate.view(shop, one) for one in look.execute(ISSUED, {"order_id": order_id}))


def _slips(look: Connection, *, order_id: str) -> tuple[SlipView, ...]:
    jobs: Any = look.execute(SLIPS, {"order_id": order_id})
    return tuple(slip_view(job, boutique_id=job.boutique_id, model=job.model) for job in jobs)


def _pickup(look: Connection, *, order_id: str) -> PickupView | None:
    found: Any = look.execute(PICKUP, {"order_id": order_id}).first()
    return PickupView(*found) if found else None
