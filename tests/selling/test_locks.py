"""Everybody locks pieces in one order, so on PostgreSQL nobody waits for somebody who waits for them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col

from pos.models import Piece
from pos.selling import basket
from pos.shop import Shop
from pos.stock import pieces
from tests.selling.shelf import CHAIN, CHARM, Tablet, later, numbers
from tests.selling.test_on_both import either
from tests.selling.waiting import Other

__all__ = ["either"]
Act = Callable[[Tablet], Callable[[], object]]


def wipe(tablet: Tablet) -> Callable[[], object]:
    basket_id = tablet.basket_id
    return lambda: basket.wipe(tablet.shop, basket_id=basket_id)


def extend(tablet: Tablet) -> Callable[[], object]:
    basket_id = tablet.basket_id
    return lambda: basket.extend(tablet.shop, basket_id=basket_id)


def put_back(tablet: Tablet) -> Callable[[], object]:
    basket_id = tablet.basket_id
    item_id = basket.view(tablet.shop, basket_id=basket_id).lines[0].item_id
    return lambda: basket.release(tablet.shop, basket_id=basket_id, item_id=item_id)


def pay(tablet: Tablet) -> Callable[[], object]:
    tablet.book()
    shown = tablet.quote()
    return lambda: tablet.open(shown)


OTHERWISE = pytest.mark.xfail(strict=True, reason="shows that the order matters")


@pytest.mark.postgres
@pytest.mark.parametrize("records_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("act", "in_order"),
    [
        *((act, True) for act in (wipe, extend, put_back, pay)),
        *(pytest.param(act, False, marks=OTHERWISE) for act in (wipe, extend, put_back)),
    ],
)
def test_a_bundle_takes_what_has_just_lapsed_while_its_last_shopper_still_does_something(
    either: Shop, monkeypatch: pytest.MonkeyPatch, act: Act, in_order: bool
) -> None:
    last, new = Tablet(either).enrol(), Tablet(either).enrol()
    last.hold_pair(charm=5, chain=3)
    does_something = Other(act(last))
    assert new.basket_id
    later(either, minutes=16)
    if not in_order:
        monkeypatch.setattr(pieces, "IN_ORDER", (col(Piece.id),))  # the charm is the older row, and the later word
    take = pieces.take

    def take_and_look_up(*args: Any, **named: Any) -> pieces.Taken | None:
        taken = take(*args, **named)
        if does_something.ident is None:
            does_something.go_as_far_as_possible(either)
        return taken

    monkeypatch.setattr(pieces, "take", take_and_look_up)
    assert numbers(new.hold_pair(charm=5, chain=3)) == [(CHAIN, 3), (CHARM, 5)]
    said = does_something.end()
    assert type(said).__name__ != "RecordsTrouble"
