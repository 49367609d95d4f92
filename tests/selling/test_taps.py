"""A finger that touches one screen twice keeps a thing once; a second touch that is meant keeps a second one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from pos.models import BasketItem
from pos.selling import basket
from pos.shop import Shop
from tests.selling.shelf import CHAIN, CHARM, Tablet, later, numbers
from tests.selling.test_on_both import either

__all__ = ["either"]
Tablets = Callable[[], Tablet]
MEANT_TWICE = pytest.mark.xfail(strict=True, reason="shows that two touches at once are two holds without their key")


def kept(tablet: Tablet) -> list[tuple[str, int]]:
    return [(line.sku, line.number) for line in basket.view(tablet.shop, basket_id=tablet.basket_id).lines]


def test_the_same_tap_gives_the_same_hold_and_a_new_screen_another(tablet: Tablets) -> None:
    shopper = tablet()
    tap = shopper.tap(CHARM)
    assert shopper.hold(CHARM, tap=tap) == shopper.hold(CHARM, tap=tap)
    assert shopper.tap(CHARM) != tap
    assert shopper.hold(CHARM, tap=shopper.tap(CHARM)).number == 2
    assert kept(shopper) == [(CHARM, 1), (CHARM, 2)]


def test_a_tap_is_on_one_thing_of_one_basket(tablet: Tablets) -> None:
    one, another = tablet(), tablet()
    assert len({one.tap(CHARM), one.tap(CHAIN), one.tap("pair")}) == 3
    assert one.hold(CHARM, tap=one.tap(CHARM)).number == 1
    assert another.hold(CHARM, tap=another.tap(CHARM)).number == 2


def test_after_a_piece_was_put_back_the_next_tap_keeps_one(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    first = shopper.hold(CHARM, tap=shopper.tap(CHARM))
    second = shopper.hold(CHARM, tap=shopper.tap(CHARM))
    for held in (first, second):
        basket.release(boutique, basket_id=shopper.basket_id, item_id=held.item_id)
        assert shopper.hold(CHARM, tap=shopper.tap(CHARM)).item_id not in (first.item_id, second.item_id)
    assert len(kept(shopper)) == 2


def test_a_bundle_touched_twice_is_kept_once(tablet: Tablets) -> None:
    shopper = tablet()
    tap = shopper.tap("pair")
    assert shopper.hold_pair(tap=tap) == shopper.hold_pair(tap=tap)
    assert numbers(shopper.hold_pair(tap=shopper.tap("pair"))) == [(CHAIN, 2), (CHARM, 2)]
    assert len(kept(shopper)) == 4


def test_a_tap_whose_hold_has_lapsed_keeps_anew(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    tap, both = shopper.tap(CHARM), shopper.tap("pair")
    shopper.hold(CHARM, tap=tap)
    shopper.hold_pair(tap=both)
    later(boutique, minutes=16)
    tablet().hold(CHARM, number=1)
    assert shopper.hold(CHARM, tap=tap).number == 2
    assert numbers(shopper.hold_pair(tap=both)) == [(CHAIN, 1), (CHARM, 3)]


@pytest.mark.parametrize("with_key", [True, pytest.param(False, marks=MEANT_TWICE)])
@pytest.mark.parametrize("what", [CHARM, "pair"])
def test_two_touches_at_the_same_time_are_one(either: Shop, what: str, with_key: bool) -> None:
    shopper = Tablet(either).enrol()
    tap = shopper.tap(what) if with_key else None
    together = threading.Barrier(2)

    def touch() -> object:
        together.wait()
        return shopper.hold_pair(tap=tap) if what == "pair" else shopper.hold(CHARM, tap=tap)

    with ThreadPoolExecutor(2) as fingers:
        first, second = [finger.result() for finger in [fingers.submit(touch) for _ in range(2)]]
    assert first == second
    assert len(kept(shopper)) == (2 if what == "pair" else 1)


def test_the_records_refuse_a_second_line_of_one_tap(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, tap="T")
    shopper.hold(CHARM)
    with pytest.raises(IntegrityError), boutique.jot() as tx:
        for item in tx.exec(select(BasketItem)):
            item.tap = "T"
