"""Keeping numbered pieces for one shopper, by the clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pos.errors import (
    CannotEngrave,
    HoldExtendedAlready,
    HoldLapsed,
    PieceTaken,
    SizeNeeded,
    SoldOut,
    TooManyHolds,
    Unknown,
    WindowClosed,
    WindowFull,
)
from pos.models import Piece, PieceState
from pos.selling import basket, bundles, checkout
from pos.selling.views import Choice
from pos.shop import Shop
from tests.selling.shelf import CHAIN, CHARM, TAG, Tablet, later, numbers

Tablets = Callable[[], Tablet]


def state_of(shop: Shop, sku: str, number: int) -> PieceState:
    with shop.read() as look:
        from sqlmodel import select

        return look.exec(select(Piece.state).where(Piece.sku == sku, Piece.number == number)).one()


def test_a_shopper_takes_the_number_she_chose(tablet: Tablets) -> None:
    assert tablet().hold(CHARM, number=12).number == 12


def test_without_a_choice_it_is_the_lowest_free_number(tablet: Tablets) -> None:
    tablet().hold(CHARM, number=1)
    assert tablet().hold(CHARM).number == 2


def test_two_tablets_want_number_12(tablet: Tablets) -> None:
    first, second = tablet(), tablet()
    assert first.hold(CHARM, number=12).number == 12
    with pytest.raises(PieceTaken) as refused:
        second.hold(CHARM, number=12)
    assert (refused.value.sku, refused.value.number) == (CHARM, 12)


def test_tapping_the_same_number_twice_keeps_it_once(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    assert shopper.hold(CHARM, number=12) == shopper.hold(CHARM, number=12)
    assert len(basket.view(boutique, basket_id=shopper.basket_id).lines) == 1


def test_asking_again_for_a_number_that_is_kept_takes_what_is_wished_for_now(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold(CHARM, number=20)
    assert shopper.hold(CHARM, number=20, engraving=("ABC",), extras=("assay",)) == held
    (line,) = basket.view(boutique, basket_id=shopper.basket_id).lines
    assert (line.engraving, line.extras) == (("ABC",), ("assay",))
    shopper.hold(CHAIN, number=3, size="40")
    shopper.hold(CHAIN, number=3, size="45")
    shopper.hold(CHAIN, number=3)  # a size is not taken back by saying nothing
    assert [line.size for line in basket.view(boutique, basket_id=shopper.basket_id).lines] == [None, "45"]


def test_a_number_that_is_kept_becomes_a_part_of_the_bundle_asked_for(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    shopper.hold_pair(charm=12, chain=3)
    assert (shopper.quote().total_minor, shopper.quote().saving_minor) == (14000 + 9500 - 2001, 2001)
    shopper.hold_pair(charm=12, chain=3)
    assert shopper.quote().saving_minor == 2001
    assert len({line.bundle_group for line in basket.view(boutique, basket_id=shopper.basket_id).lines}) == 1


def test_a_part_that_goes_over_to_another_bundle_leaves_whole_pieces_behind(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold_pair(charm=12, chain=3)
    shopper.hold_pair(charm=12, chain=4)
    lines = {line.number: line for line in basket.view(boutique, basket_id=shopper.basket_id).lines}
    assert (lines[3].bundle_id, lines[12].bundle_group) == (None, lines[4].bundle_group)
    assert shopper.quote().total_minor == 14000 + 9500 + 9500 - 2001
    basket.release(boutique, basket_id=shopper.basket_id, item_id=lines[12].item_id)
    assert [line.number for line in basket.view(boutique, basket_id=shopper.basket_id).lines] == [3]


def test_a_number_that_was_never_made_is_unknown(tablet: Tablets) -> None:
    with pytest.raises(Unknown):
        tablet().hold(CHARM, number=51)


def test_the_hold_ends_by_the_clock_and_the_next_shopper_has_it(boutique: Shop, tablet: Tablets) -> None:
    first, second = tablet(), tablet()
    first.hold(CHARM, number=12)
    later(boutique, minutes=14, seconds=59)
    with pytest.raises(PieceTaken):
        second.hold(CHARM, number=12)
    later(boutique, seconds=1)
    assert second.hold(CHARM, number=12).number == 12
    seen = basket.view(boutique, basket_id=first.basket_id)
    assert [line.number for line in seen.lapsed] == [12]
    assert seen.quote is None


def test_a_lapsed_piece_that_nobody_took_can_be_kept_again(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    later(boutique, minutes=16)
    shopper.hold(CHARM, number=12)
    assert [line.number for line in basket.view(boutique, basket_id=shopper.basket_id).lines] == [12]


def test_a_hold_is_extended_once(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold(CHARM, number=12)
    assert basket.extend(boutique, basket_id=shopper.basket_id) == held.until + timedelta(minutes=10)
    with pytest.raises(HoldExtendedAlready):
        basket.extend(boutique, basket_id=shopper.basket_id)


def test_an_extension_does_not_bring_back_what_has_lapsed(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    later(boutique, minutes=15)
    with pytest.raises(HoldLapsed):
        basket.extend(boutique, basket_id=shopper.basket_id)


def test_a_tablet_keeps_only_so_many_pieces(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    for _ in range(boutique.settings.max_holds):
        shopper.hold(CHARM)
    with pytest.raises(TooManyHolds):
        shopper.hold(CHARM)


def test_a_fresh_basket_does_not_get_round_the_limit(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    for _ in range(boutique.settings.max_holds):
        shopper.hold(CHARM)
    basket.wipe(boutique, basket_id=shopper.basket_id)
    assert shopper.hold(CHARM).number == 1  # wiped: everything went back


def test_another_number_gives_the_first_one_back_and_no_more_time(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold(CHARM, number=12)
    later(boutique, minutes=5)
    swapped = basket.swap(boutique, basket_id=shopper.basket_id, item_id=held.item_id, number=13)
    assert (swapped.number, swapped.until) == (13, held.until)
    assert state_of(boutique, CHARM, 12) == PieceState.FREE


def test_a_number_whose_own_hold_has_lapsed_can_be_changed_to(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=7)
    later(boutique, minutes=16)
    held = shopper.hold(CHARM, number=3)
    assert basket.swap(boutique, basket_id=shopper.basket_id, item_id=held.item_id, number=7).number == 7
    seen = basket.view(boutique, basket_id=shopper.basket_id)
    assert ([line.number for line in seen.lines], seen.lapsed) == ([7], ())


def test_a_lost_race_for_another_number_keeps_the_first(boutique: Shop, tablet: Tablets) -> None:
    first, second = tablet(), tablet()
    held = first.hold(CHARM, number=12)
    second.hold(CHARM, number=13)
    with pytest.raises(PieceTaken):
        basket.swap(boutique, basket_id=first.basket_id, item_id=held.item_id, number=13)
    assert [line.number for line in basket.view(boutique, basket_id=first.basket_id).lines] == [12]


def test_sold_out_is_said_as_sold_out(boutique: Shop, tablet: Tablets) -> None:
    with boutique.jot() as tx:
        for piece in tx.exec(__import__("sqlmodel").select(Piece).where(Piece.sku == CHAIN)):
            piece.state, piece.order_id = PieceState.FREE, None
            if piece.number > 1:
                tx.delete(piece)
    tablet().hold(CHAIN, size="45")
    with pytest.raises(SoldOut):
        tablet().hold(CHAIN, size="45")


def test_a_window_takes_pre_orders_up_to_its_cap(tablet: Tablets) -> None:
    for _ in range(4):
        tablet().hold(TAG)
    with pytest.raises(WindowFull):
        tablet().hold(TAG)
    with pytest.raises(WindowFull):
        tablet().hold(TAG, number=9)
    with pytest.raises(PieceTaken):
        tablet().hold(TAG, number=1)


def test_after_its_window_a_piece_cannot_be_pre_ordered(boutique: Shop, tablet: Tablets) -> None:
    later(boutique, days=9)
    with pytest.raises(WindowClosed):
        tablet().hold(TAG)


def test_a_bundle_is_kept_whole(boutique: Shop, tablet: Tablets) -> None:
    assert sorted(numbers(tablet().hold_pair(charm=7, chain=3))) == [(CHAIN, 3), (CHARM, 7)]


def test_the_parts_of_a_bundle_stand_in_the_basket_and_on_the_order_as_the_bundle_has_them(
    boutique: Shop, tablet: Tablets
) -> None:
    """Kept at one instant, they would else stand in the order in which their pieces are locked."""
    for number in range(1, 9):
        shopper = tablet()
        shopper.hold_pair(charm=number, chain=number)
        held = basket.view(boutique, basket_id=shopper.basket_id)
        assert [line.sku for line in held.lines] == [CHARM, CHAIN]
        quote = checkout.quote(boutique, basket_id=shopper.basket_id)
        assert [line.sku for line in quote.lines] == [CHARM, CHAIN]


def test_a_bundle_with_one_part_gone_keeps_nothing(boutique: Shop, tablet: Tablets) -> None:
    tablet().hold(CHARM, number=7)
    late = tablet()
    with pytest.raises(PieceTaken):
        late.hold_pair(charm=7, chain=3)
    assert state_of(boutique, CHAIN, 3) == PieceState.FREE
    assert basket.view(boutique, basket_id=late.basket_id).lines == ()


def test_a_bundle_with_an_empty_slot_is_refused(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    with pytest.raises(bundles.BundleIncomplete):
        bundles.hold_bundle(boutique, basket_id=shopper.basket_id, bundle_id="pair", choices={"charm": Choice(CHARM)})


def test_putting_one_part_back_puts_the_bundle_back(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold_pair(charm=7, chain=3)
    basket.release(boutique, basket_id=shopper.basket_id, item_id=held[0].item_id)
    assert state_of(boutique, CHARM, 7) == state_of(boutique, CHAIN, 3) == PieceState.FREE


def test_sizes_and_words_are_checked_at_the_door(tablet: Tablets) -> None:
    shopper = tablet()
    with pytest.raises(SizeNeeded):
        shopper.hold(CHAIN, size="99")
    with pytest.raises(CannotEngrave):
        shopper.hold(CHARM, engraving=("FAR TOO LONG FOR THIS",))
    with pytest.raises(CannotEngrave):
        shopper.hold(CHAIN, size="45", engraving=("ABC",))
    with pytest.raises(CannotEngrave):
        shopper.hold(CHARM, engraving=("A\x07B",))
    with pytest.raises(Unknown):
        shopper.hold(TAG, extras=("assay",))


def test_words_can_be_changed_while_the_piece_is_kept(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold(CHARM, number=12, engraving=("ABC",))
    basket.change(boutique, basket_id=shopper.basket_id, item_id=held.item_id, engraving=("  Zoë ",))
    assert basket.view(boutique, basket_id=shopper.basket_id).lines[0].engraving == ("Zoë",)


def test_a_wiped_basket_is_gone_and_the_next_shopper_starts_with_nothing(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    old = shopper.basket_id
    basket.wipe(boutique, basket_id=old)
    basket.wipe(boutique, basket_id=old)
    assert shopper.basket_id != old
    assert state_of(boutique, CHARM, 12) == PieceState.FREE
    with pytest.raises(Unknown):
        basket.hold(boutique, basket_id=old, choice=Choice(CHARM))


def test_one_tablet_has_one_basket(tablet: Tablets) -> None:
    shopper = tablet()
    assert shopper.basket_id == shopper.basket_id
    with pytest.raises(Unknown):
        basket.live(shopper.shop, device_id="nobody's", language="en")
