"""Who waited for an order's lock looks at its payments as they are then, not as they were when it began to wait.

PostgreSQL hands a statement that waited for a row the newest version of that row, and of every other row the version
from before the wait. SQLite has one writer, so nobody ever waits in the middle of a look.
"""

import pytest
from sqlmodel import col, select

from pos.errors import WrongState
from pos.models import Order, OrderState, Payment, PaymentState
from pos.payments.reduce import UNWOUND
from pos.selling import checkout
from pos.selling.settle import settle
from pos.selling.tenders import Tender
from pos.shop import Shop
from tests.selling.test_tenders import CARD, CASH, DUE, Counter, counter, order, payments, says, shop
from tests.selling.waiting import Other

__all__ = ["counter", "shop"]
pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("records_url", ["postgres"], indirect=True)]


def test_two_who_undo_one_tender_lower_what_is_asked_for_once(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 6000))
    by_card = counter.add(order_id, Tender(CARD, 4000))
    says(shop, by_card, PaymentState.CANCELLED)
    both = [Other(lambda: checkout.undo(shop, payment_id=by_card)) for _ in range(2)]
    with shop.jot() as tx:
        tx.exec(select(Order).where(col(Order.id) == order_id).with_for_update()).one()
        for one in both:
            one.go_as_far_as_possible(shop)
    assert [one.end() for one in both] == [None, None]
    assert order(shop, order_id).asked_minor == 6000


def test_a_tender_that_is_taken_back_while_its_sale_is_written_is_not_sold(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    by_card = counter.add(order_id, Tender(CARD, DUE - 4000))
    says(shop, by_card, PaymentState.AUTHORISED)
    writes = Other(lambda: settle(shop, payment_id=by_card))
    with shop.jot() as tx:
        tx.exec(select(Order).where(col(Order.id) == order_id).with_for_update()).one()
        writes.go_as_far_as_possible(shop)
        # what unwinding.take_back writes down under this lock
        payment = tx.get_one(Payment, by_card)
        payment.cancel_why, payment.cancel_asked_at = UNWOUND, tx.now()
    assert isinstance(writes.end(), WrongState)
    assert order(shop, order_id).state == OrderState.OPEN
    assert [one.receipt_no for one in payments(shop, order_id)] == [None, None]
