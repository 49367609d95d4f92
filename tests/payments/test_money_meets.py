"""Where the ways of paying meet: what one of them leaves behind when it is taken back."""

import pytest

from pos.errors import WrongState
from pos.models import Method, OrderState, PaymentState, SavedCardState
from pos.payments import saved_cards
from pos.selling import checkout, orders, tenders, unwinding
from pos.selling.tenders import Tender
from tests.payments.conftest import Till
from tests.payments.test_saved_cards import YES, kept
from tests.selling.shelf import TAG


def test_a_card_that_was_taken_back_is_not_kept_for_the_balance(till: Till) -> None:
    """The shopper agreed that the card of the deposit is kept; this one paid nothing of it in the end."""
    till.tablet.unlock()
    till.tablet.hold(TAG, number=3)
    till.tablet.book()
    who = {"staff_id": "ada", "device_id": till.tablet.device_id}
    order_id = checkout.open(
        till.shop,
        quote=till.tablet.quote(),
        terms_version="2026-11",
        first=Tender(Method.CASH, 3500),
        keep_card=YES,
        **who,
    )
    by_card = tenders.add(till.shop, order_id=order_id, tender=Tender(Method.CARD, 30000), key="card", **who)
    till.carry_on(by_card)
    till.card()
    assert till.carry_on(by_card) == PaymentState.AUTHORISED
    assert kept(till, order_id).state == SavedCardState.KEPT
    unwinding.take_back(till.shop, payment_id=by_card, **who)
    assert till.carry_on(by_card) == PaymentState.CANCELLED
    in_cash = tenders.add(till.shop, order_id=order_id, tender=Tender(Method.CASH, 40000), key="cash", **who)
    assert till.carry_on(in_cash) == PaymentState.CAPTURED
    assert orders.view(till.shop, order_id=order_id).state == OrderState.DEPOSIT
    till.tablet.say_ready(order_id)
    with pytest.raises(WrongState):
        checkout.open_balance(till.shop, order_id=order_id, by=Method.SAVED_CARD, **who)
    saved_cards.look_after(till.shop)
    assert kept(till, order_id).state == SavedCardState.FORGOTTEN
