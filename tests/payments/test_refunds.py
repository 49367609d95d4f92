"""Money back to the card, through the real library: once, never too much, and never lost when Stripe stumbles."""

from pos.models import OrderState, PieceState, RefundState, Road
from tests.payments.conftest import Till
from tests.payments.refunding import taken


def test_a_whole_order_goes_back_to_its_card(till: Till) -> None:
    counter = taken(till)
    counter.give_back()
    assert (counter.part().road, counter.part().state) == (Road.CARD, RefundState.QUEUED)
    assert counter.carry_on() == RefundState.REFUNDED
    (refund,) = counter.at_stripe()
    assert (refund["amount"], refund["reason"]) == (14000, "requested_by_customer")
    assert refund["metadata"]["refund_part_id"] == counter.part().id
    seen = counter.view()
    assert (seen.state, seen.refunded_minor, seen.refusal) == (OrderState.REFUNDED, 14000, "refunded")
    assert till.piece(12).state == PieceState.FREE
    assert (till.piece(12).order_id, till.piece(12).sold_at) == (None, None)
