"""The shopper's yes to the engraving: kept with the words it is of, and no yes to any others."""

import hashlib
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from sqlmodel import select

from pos.errors import CannotEngrave, NothingToProve, ProofNeeded, Unknown
from pos.models import AuditEntry, BasketItem, Certificate, EngravingProof, Fate, PaymentState
from pos.selling import basket, orders, pickup, proofs
from pos.selling.checkout import undo
from pos.shop import Shop
from tests.selling.returned import give_back, sell
from tests.selling.shelf import CHARM, Tablet, later
from tests.selling.test_checkout import answered, sold
from tests.selling.test_on_both import either

Tablets = Callable[[], Tablet]
WORDS = ("MAX",)
__all__ = ["either"]  # a fixture of the neighbours


def kept(shop: Shop) -> list[EngravingProof]:
    with shop.read() as look:
        return list(look.exec(select(EngravingProof)))


def wished(shop: Shop) -> list[list[str]]:
    """The words that stand in any basket, open or long closed."""
    with shop.read() as look:
        return list(look.exec(select(BasketItem.engraving)))


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
    assert len(kept(boutique)) == 1


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
    assert (kept(boutique), wished(boutique)) == ([], [[]])


def test_words_too_wide_for_the_piece_are_refused_at_the_door(tablet: Tablets) -> None:
    with pytest.raises(CannotEngrave) as refused:
        tablet().hold(CHARM, engraving=("WWWWWWWWW",))
    assert refused.value.reason in ("line_wide", "line_long")


def test_an_order_keeps_its_proof_when_the_tablet_is_wiped(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    cut = shopper.hold(CHARM, number=12, engraving=WORDS).item_id
    seen = proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=cut, lines=WORDS)
    shopper.book()
    order_id = shopper.open()
    basket.wipe(boutique, basket_id=shopper.basket_id)
    with boutique.read() as look:
        assert proofs.of_order(look, order_id=order_id) == {seen.piece_id: seen}
    assert wished(boutique) == [list(WORDS)]


def test_what_was_not_confirmed_letter_by_letter_is_not_sold(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(CHARM, number=12, engraving=WORDS).item_id
    shopper.hold(CHARM, number=13)
    shopper.book()
    basket.change(boutique, basket_id=shopper.basket_id, item_id=item, engraving=("MIA",))
    with pytest.raises(ProofNeeded) as refused:
        shopper.open()
    assert (refused.value.sku, refused.value.number) == (CHARM, 12)
    proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=("MIA",))
    assert shopper.open()


def test_another_number_is_another_piece_to_say_yes_to(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(CHARM, number=12, engraving=WORDS).item_id
    shopper.book()
    basket.swap(boutique, basket_id=shopper.basket_id, item_id=item, number=14)
    with pytest.raises(ProofNeeded):
        shopper.open()
    shopper.prove()
    order_id = shopper.open()
    assert [proof.number for proof in proofs.ordered(boutique, order_id=order_id).values()] == [14]


def test_nobody_finds_the_words_by_the_digest(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    item = shopper.hold(CHARM, number=12, engraving=WORDS).item_id
    once = proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=WORDS)
    again = proofs.confirm(boutique, basket_id=shopper.basket_id, item_id=item, lines=WORDS)
    assert once.svg_sha256 != again.svg_sha256
    assert again.svg_sha256 == hashlib.sha256(again.svg.encode()).hexdigest()


def test_the_certificate_states_the_digest_of_what_was_confirmed(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12, engraving=WORDS)
    shopper.hold(CHARM, number=13)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    (proof,) = proofs.ordered(boutique, order_id=order_id).values()
    with boutique.read() as look:
        stated = {one.statement["number"]: one.statement["proof_sha256"] for one in look.exec(select(Certificate))}
    assert stated == {12: proof.svg_sha256, 13: ""}


def test_the_drawing_is_erased_long_after_the_hand_over_and_its_digest_stays(either: Shop) -> None:
    counter = Tablet(either).enrol().unlock()
    counter.hold(CHARM, number=12, engraving=WORDS)
    counter.book()
    order_id = counter.open()
    sold(either, order_id)
    (before,) = kept(either)
    later(either, days=100)  # sold, but it still lies in the safe
    assert proofs.erase_old(either) == 0
    counter = Tablet(either).enrol().unlock()
    booked = orders.view(either, order_id=order_id).pickup
    counter.say_ready(order_id)
    pickup.hand_over(either, code=booked.code if booked else "", staff_id="ada", device_id=counter.device_id)
    later(either, days=either.settings.proof_days - 1)
    assert proofs.erase_old(either) == 0
    later(either, days=1)
    assert proofs.erase_old(either) == 1
    (after,) = kept(either)
    assert (after.svg, after.lines, after.svg_sha256) == ("", [], before.svg_sha256)
    assert wished(either) == [[]]
    assert proofs.ordered(either, order_id=order_id) == {}
    assert proofs.erase_old(either) == 0
    with either.read() as look:
        (entry,) = look.exec(select(AuditEntry).where(AuditEntry.act == "engraving proofs erased"))
    assert "MAX" not in str(entry.facts)


def test_the_drawing_of_what_came_back_is_erased_after_its_refund(either: Shop) -> None:
    order_id = sell(either, engraving=WORDS)
    later(either, days=60)
    give_back(either, order_id, fate=Fate.INSPECTION, reason="fault")
    later(either, days=89)
    assert proofs.erase_old(either) == 0
    later(either, days=1)
    assert proofs.erase_old(either) == 1


def test_the_drawing_of_a_sale_that_never_was_is_erased_too(either: Shop) -> None:
    shopper = Tablet(either).enrol()
    shopper.hold(CHARM, engraving=WORDS)
    shopper.book()
    order_id = shopper.open()
    undo(either, payment_id=answered(either, order_id, PaymentState.CANCELLED))
    later(either, days=90)
    assert proofs.erase_old(either) == 1
    assert wished(either) == [[]]
