"""How an order stands while it is being paid, as one word a screen can act on. Pure: it only reads an OrderView."""

from enum import StrEnum

from pos.models import OrderState, Part, PaymentState
from pos.payments.reduce import GIVEN_UP
from pos.selling.views import OrderView, PaymentView

LOOK_EVERY = 0.2  # seconds between two looks of a pay page at its payment, while that is open


class Phase(StrEnum):
    """What the shopper sees."""

    QUEUED = "queued"  # the reader is being asked
    DISPATCHED = "dispatched"  # the reader waits for a card
    CHECKING = "checking"  # nobody knows yet; asking goes on
    AUTHORISED = "authorised"  # the card said yes; the sale is being written
    DECLINED = "declined"  # the card said no; another may do
    TROUBLE = "trouble"  # the reader could not
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    AT_COUNTER = "at_counter"  # paid in several ways, which the counter sees to

    @property
    def is_over(self) -> bool:
        """Whether nothing changes any more without somebody's hand."""
        return self in (Phase.CANCELLED, Phase.DONE)

    @property
    def can_cancel(self) -> bool:
        """Whether cancelling is still a question."""
        return self in (Phase.QUEUED, Phase.DISPATCHED, Phase.DECLINED, Phase.TROUBLE)

    @property
    def can_retry(self) -> bool:
        """Whether the reader may be asked again for the same payment."""
        return self in (Phase.DECLINED, Phase.TROUBLE)


PHASES = {
    PaymentState.QUEUED: Phase.QUEUED,
    PaymentState.DISPATCHED: Phase.DISPATCHED,
    PaymentState.UNKNOWN: Phase.CHECKING,
    PaymentState.AUTHORISED: Phase.AUTHORISED,
    PaymentState.CAPTURED: Phase.AUTHORISED,
    PaymentState.DECLINED: Phase.DECLINED,
    PaymentState.CANCELLED: Phase.CANCELLING,  # until its pieces are back in the basket
}


# Nobody said no: a person left it, its time was over, or the sale could not be written.
LEFT = (None, "asked", "timed_out", "customer_canceled", "canceled", "automatic", "link_expired", *GIVEN_UP)


def phase(order: OrderView) -> Phase:
    """How an order stands; the order decides over its payment, for it is written last."""
    paid = order.payment
    if order.state == OrderState.CANCELLED:
        return Phase.CANCELLED
    if order.tenders and (order.remaining_minor or any(one.given_up for one in order.tenders)):
        return Phase.AT_COUNTER
    if order.state in (OrderState.PAID, OrderState.REFUNDED) or (
        paid.part == Part.NOW and order.state == OrderState.DEPOSIT
    ):
        return Phase.DONE
    if paid.part == Part.BALANCE and paid.state == PaymentState.CANCELLED:
        return Phase.CANCELLED  # the deposit and the promise stand
    return at_the_reader(paid)


def at_the_reader(paid: PaymentView) -> Phase:
    """How one payment stands that is still to be decided."""
    if paid.cancel_asked and PHASES[paid.state].can_cancel:
        return Phase.CANCELLING
    if paid.state == PaymentState.DECLINED and (paid.reason or "").startswith(("reader_", "stripe_")):
        return Phase.TROUBLE
    return PHASES[paid.state]


def refused(payment: PaymentView) -> bool:
    """Whether a payment that is over was refused by a bank or by Stripe, and not left by a person or by the clock."""
    return payment.state == PaymentState.CANCELLED and payment.reason not in LEFT


def trouble(order: OrderView) -> str:
    """What keeps the reader from asking: the key of its sentence."""
    return trouble_of(order.payment)


def trouble_of(paid: PaymentView) -> str:
    """What keeps the reader from asking for a payment: the key of its sentence."""
    code = (paid.reason or "").removeprefix("reader_")
    return {"busy": "notices.ReaderTrouble_busy", "offline": "notices.ReaderTrouble_offline"}.get(
        code, "pay.trouble_line"
    )
