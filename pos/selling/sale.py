"""An order being settled, with everything around it, as its transaction sees it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from pos.errors import Unknown
from pos.models import (
    Boutique,
    Capsule,
    Design,
    Device,
    Edition,
    MailConsent,
    Order,
    OrderLine,
    Part,
    Payment,
    PaymentState,
    Pickup,
    Piece,
    SavedCard,
    Staff,
    Variant,
    not_needed,
)
from pos.payments.reduce import GIVEN_UP, MISMATCH

HELD = (PaymentState.AUTHORISED, PaymentState.CAPTURED)


@dataclass(frozen=True)
class Sale:
    """An order being settled, with all around it: tablet, boutique and person are those that took this payment."""

    order: Order
    payment: Payment  # the one that is settled now, with the others of its part
    payments: tuple[Payment, ...]  # all of its part that are not cancelled, in the order they were asked for
    device: Device
    boutique: Boutique
    staff: Staff | None
    pickup: Pickup | None
    kept_card: SavedCard | None  # the card of the deposit, if the shopper lets us keep it
    mail: MailConsent | None  # whom its receipt is mailed to, where the buyer agreed
    lines: tuple[OrderLine, ...]
    pieces: tuple["SoldPiece", ...]

    @property
    def paid_minor(self) -> int:
        """What is paid of the order with this part, in pence."""
        return self.order.paid_minor + self.part_minor

    @property
    def part_minor(self) -> int:
        """What the payments of this part come to, in pence."""
        return sum(payment.amount_minor for payment in self.payments)

    @property
    def is_covered(self) -> bool:
        """Whether all that is due now is held or taken: a part paid for in several ways waits for the last of them."""
        due = self.order.due_now_minor if self.payment.part == Part.NOW else self.order.due_later_minor
        held = all(
            payment.state in HELD and payment.cancel_why not in GIVEN_UP and payment.reason != MISMATCH
            for payment in self.payments
        )
        return held and self.part_minor == due


@dataclass(frozen=True)
class SoldPiece:
    """One line of a piece with everything a certificate says of it."""

    line: OrderLine
    piece: Piece
    variant: Variant
    design: Design
    capsule: Capsule
    edition: Edition


# Made once, and with the columns a sale needs: a capsule's story and pictures stay where they are.
ORDER: Any = (
    select(Order, Payment, Device, Boutique, Pickup, Staff, SavedCard)
    .join(Payment, col(Payment.order_id) == col(Order.id))
    .join(Device, col(Device.id) == col(Payment.device_id))
    .join(Boutique, col(Boutique.id) == col(Device.boutique_id))
    .join(Pickup, col(Pickup.order_id) == col(Order.id), isouter=True)
    .join(Staff, col(Staff.id) == col(Payment.staff_id), isouter=True)
    .join(SavedCard, col(SavedCard.order_id) == col(Order.id), isouter=True)
    .where(col(Payment.id) == bindparam("payment_id"))
    .with_for_update(of=Order)
    .options(*not_needed(Boutique, "hours", "closed_days"))
)
# Read anew once the order is locked: on PostgreSQL who waited for it got the payment as it was before the wait.
PAYMENTS: Any = (
    select(Payment)
    .where(
        col(Payment.order_id) == bindparam("order_id"),
        col(Payment.part) == bindparam("part"),
        or_(col(Payment.state) != PaymentState.CANCELLED, col(Payment.id) == bindparam("payment_id")),
    )
    .order_by(col(Payment.round))
    .execution_options(populate_existing=True)
)
# So is what the buyer agreed to: the order's lock is what they wait for who agree or take it back.
LINES: Any = (
    select(OrderLine, Piece, Variant, Design, Capsule, Edition, MailConsent)
    .join(Piece, col(Piece.id) == col(OrderLine.piece_id), isouter=True)
    .join(Variant, col(Variant.sku) == col(Piece.sku), isouter=True)
    .join(Design, col(Design.id) == col(Variant.design_id), isouter=True)
    .join(Capsule, col(Capsule.id) == col(Variant.capsule_id), isouter=True)
    .join(Edition, col(Edition.sku) == col(Variant.sku), isouter=True)
    .join(MailConsent, col(MailConsent.order_id) == col(OrderLine.order_id), isouter=True)
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .order_by(col(OrderLine.position))
    .options(
        *not_needed(Capsule, "line", "eyebrow", "story", "media", "boutiques"),
        *not_needed(Design, "iconic"),
        *not_needed(Variant, "line", "facts", "measures", "engraving", "sizes"),
    )
)


def load(tx: Session, *, payment_id: str) -> Sale:
    """The order of a payment, locked, with its lines and pieces. Raises Unknown."""
    found = tx.execute(ORDER, {"payment_id": payment_id}).first()
    if found is None:
        raise Unknown("payment", payment_id)
    order, payment, device, boutique, pickup, staff, kept_card = found
    rows = tx.execute(LINES, {"order_id": order.id}).all()
    asked = tx.execute(PAYMENTS, {"order_id": order.id, "part": payment.part, "payment_id": payment_id}).scalars().all()
    return Sale(
        order=order,
        payment=payment,
        payments=tuple(one for one in asked if one.state != PaymentState.CANCELLED),
        device=device,
        boutique=boutique,
        staff=staff,
        pickup=pickup,
        kept_card=kept_card,
        mail=next((row[6] for row in rows), None),
        lines=tuple(row[0] for row in rows),
        pieces=tuple(SoldPiece(*row[:6]) for row in rows if row[1] is not None),
    )
