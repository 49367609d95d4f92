"""The shopper's yes to the engraving: kept with the words it is of, and no yes to any others."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from sqlmodel import select

from pos.errors import CannotEngrave, NothingToProve, Unknown
from pos.models import EngravingProof
from pos.selling import basket, proofs
from pos.shop import Shop
from tests.selling.shelf import CHARM, Tablet

Tablets = Callable[[], Tablet]
WORDS = ("MAX",)


def kept(shop: Shop) -> int:
    with shop.read() as look:
        return len(look.exec(select(EngravingProof)).all())


def test_a_yes_is_kept_with_the_drawing_that_was_seen(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(CHARM, number=12, engraving=WORDS).item_id
    assert proofs.of_basket(boutique, basket_id=shopper.basket_id) == {}
    seen = proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=WORDS)
    assert proofs.of_basket(boutique, basket_id=shopper.basket_id) == {item: seen}
    drawing = ET.fromstring(seen.svg)
    assert drawing[0].text == f"{CHARM} 12: MAX"
    assert drawing.attrib["width"].endswith("mm")
    words = next(node for node in drawing if node.get("class") == "words")
    assert words.attrib["d"].startswith("M")
    assert "font" not in seen.svg


def test_other_words_are_not_confirmed_by_it(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(CHARM, engraving=WORDS).item_id
    proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=WORDS)
    basket.change(boutique, basket_id=shopper.basket_id, item_id=item, engraving=("MIA",))
    assert proofs.of_basket(boutique, basket_id=shopper.basket_id) == {}
    with pytest.raises(NothingToProve):  # the screen still shows the old ones
        proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=WORDS)
    again = proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=("MIA",))
    assert proofs.of_basket(boutique, basket_id=shopper.basket_id) == {item: again}
    assert kept(boutique) == 1


def test_there_is_nothing_to_confirm_on_a_plain_piece_or_on_somebody_else_s(boutique: Shop, tablet: Tablets) -> None:
    shopper, other = tablet(), tablet()
    plain = shopper.hold(CHARM).item_id
    cut = shopper.hold(CHARM, number=9, engraving=WORDS).item_id
    with pytest.raises(NothingToProve):
        proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=plain, lines=())
    with pytest.raises(Unknown):
        proofs.confirm(boutique, basket_id=other.basket_id, item_id=cut, lines=WORDS)


def test_whoever_leaves_takes_the_words_along(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(CHARM, engraving=WORDS).item_id
    proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=WORDS)
    basket.wipe(boutique, basket_id=shopper.basket_id)
    assert kept(boutique) == 0


def test_words_too_wide_for_the_piece_are_refused_at_the_door(tablet: Tablets) -> None:
    with pytest.raises(CannotEngrave) as refused:
        tablet().hold(CHARM, engraving=("WWWWWWWWW",))
    assert refused.value.reason in ("line_wide", "line_long")


def test_an_order_keeps_its_proof_when_the_tablet_is_wiped(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    cut = shopper.hold(CHARM, number=12, engraving=WORDS).item_id
    shopper.hold(CHARM, number=13, engraving=("MIA",))  # nobody said yes to these
    seen = proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=cut, lines=WORDS)
    shopper.book()
    order_id = shopper.open()
    basket.wipe(boutique, basket_id=shopper.basket_id)
    with boutique.read() as look:
        assert proofs.of_order(look, order_id=order_id) == {seen.piece_id: seen}
