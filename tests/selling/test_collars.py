"""A cat's tag is sold on a collar that opens by itself, and on no other."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, update

from pos.errors import BreakawayNeeded
from pos.models import BasketItem
from pos.selling import basket, orders
from pos.shop import Shop
from tests.selling.shelf import TAG, Tablet
from tests.selling.test_on_both import either

__all__ = ["either"]
Tablets = Callable[[], Tablet]


def test_a_cat_s_tag_comes_with_a_breakaway_collar(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    for collar in ("buckle", None):
        with pytest.raises(BreakawayNeeded):
            shopper.hold(TAG, species="cat", collar=collar)
    shopper.hold(TAG, species="cat", collar="breakaway")
    shopper.book()
    order = orders.view(boutique, order_id=shopper.open())
    assert order.lines[0].detail == "for a cat, on a breakaway collar"


def test_a_dog_s_tag_given_to_a_cat_needs_another_collar(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(TAG, species="dog", collar="buckle").item_id
    with pytest.raises(BreakawayNeeded):
        basket.change(boutique, basket_id=shopper.basket_id, item_id=item, species="cat", collar="buckle")
    with pytest.raises(BreakawayNeeded):  # the same number, wished for anew
        shopper.hold(TAG, number=1, species="cat", collar="buckle")
    (line,) = basket.view(boutique, basket_id=shopper.basket_id).lines
    assert (line.species, line.collar) == ("dog", "buckle")


def test_a_tag_that_is_given_to_a_cat_is_not_sold_until_its_collar_is_said(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(TAG, species="dog", collar="buckle").item_id
    shopper.book()
    basket.change(boutique, basket_id=shopper.basket_id, item_id=item, species="cat", collar=None)
    with pytest.raises(BreakawayNeeded):
        shopper.open()
    basket.change(boutique, basket_id=shopper.basket_id, item_id=item, species="cat", collar="breakaway")
    assert shopper.open()


def test_the_records_themselves_refuse_a_cat_on_a_buckle(either: Shop) -> None:
    shopper = Tablet(either).enrol()
    shopper.hold(TAG, species="cat", collar="breakaway")
    with pytest.raises(IntegrityError), either.jot() as tx:
        tx.exec(update(BasketItem).where(col(BasketItem.species) == "cat").values(collar="buckle"))
