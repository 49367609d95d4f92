"""Where two rooms of the money meet in one moment: one tender moves while the sale of the others is being written."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from pos.errors import WrongState
from pos.models import OrderState, Payment, PaymentState
from pos.payments.reduce import MISMATCH
from pos.selling import finish, orders, settle
from pos.selling.tenders import Tender
from pos.shop import Shop
from tests.selling.test_tenders import (
    CARD,
    CASH,
    DUE,
    GIFT,
    Counter,
    carried_on,
    counter,
    left,
    order,
    payments,
    says,
    shop,
)

__all__ = ["counter", "shop"]


def test_a_tender_that_is_taken_back_while_its_sale_is_tried_takes_no_other_with_it(
    shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    card_id = counter.gift_card(5000)
    order_id = counter.keep().open(Tender(CASH, 4000))
    spent = counter.add(order_id, Tender(GIFT, 5000, gift_card_id=card_id))
    write = settle.settle

    def taken_back_first(*args: Any, **named: Any) -> bool:
        monkeypatch.setattr(settle, "settle", write)
        counter.take_back(spent)
        return write(*args, **named)

    monkeypatch.setattr(settle, "settle", taken_back_first)
    assert finish.carry_on(shop, payment_id=spent) == PaymentState.CANCELLED
    carried_on(shop, order_id)
    seen = orders.view(shop, order_id=order_id)
    assert (seen.state, seen.remaining_minor, left(shop, card_id)) == (OrderState.OPEN, 10000, 5000)
    in_cash = payments(shop, order_id)[0]
    assert (in_cash.state, in_cash.cancel_why) == (PaymentState.AUTHORISED, None)


def test_a_hold_of_another_amount_covers_nothing(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CARD, 4000))
    by_card = payments(shop, order_id)[0].id
    says(shop, by_card, PaymentState.AUTHORISED)
    with shop.jot() as tx:
        tx.exec(update(Payment).where(col(Payment.id) == by_card).values(reason=MISMATCH))
    in_cash = counter.add(order_id, Tender(CASH, DUE - 4000))
    finish.carry_on(shop, payment_id=in_cash)
    assert order(shop, order_id).state == OrderState.OPEN
    assert [one.receipt_no for one in payments(shop, order_id)] == [None, None]


def test_a_hold_that_ends_while_the_sale_is_written_leaves_no_sale(
    shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = counter.keep().open(Tender(CARD, 4000))
    by_card = payments(shop, order_id)[0].id
    says(shop, by_card, PaymentState.AUTHORISED)
    in_cash = counter.add(order_id, Tender(CASH, DUE - 4000))
    load = settle.load

    def ends_after_the_look(tx: Any, **named: Any) -> Any:
        sale = load(tx, **named)
        ended = update(Payment).where(col(Payment.id) == by_card).values(state=PaymentState.CANCELLED)
        tx.connection().execute(ended)  # what another worker writes beside us
        return sale

    monkeypatch.setattr(settle, "load", ends_after_the_look)
    with pytest.raises(WrongState):
        settle.settle(shop, payment_id=in_cash)
    assert order(shop, order_id).state == OrderState.OPEN
    assert [one.receipt_no for one in payments(shop, order_id)] == [None, None]
