"""A piece that is gone keeps its page: whoever wants it is told when one comes back, and takes it with a code."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from pos.models import Offer, Piece, PieceState
from pos.selling import basket, offers, waiting
from tests.pages.conftest import Tablet

SKU = "NC-PT"


def take_all(tablet: Tablet, sku: str) -> None:
    """All of this edition is somebody's for a quarter of an hour."""
    until = tablet.shop.clock.now() + timedelta(minutes=15)
    held = {"state": PieceState.HELD, "basket_id": tablet.basket_id, "held_until": until}
    with tablet.shop.jot() as tx:
        tx.exec(update(Piece).where(col(Piece.sku) == sku).values(**held))


@pytest.fixture
def gone(tablet: Tablet) -> Tablet:
    """The tablet of a boutique where all corner charms are somebody's for a quarter of an hour."""
    take_all(tablet, SKU)
    return tablet


def leave_a_name(tablet: Tablet, contact: str = "zoe@example.co") -> None:
    tablet.open("shop/piece", sku=SKU)
    tablet.screen.text_input(key="waiting_name").set_value("Zoë").run()
    tablet.screen.text_input(key="waiting_contact").set_value(contact).run()
    tablet.tick(f"waiting_agreed_{SKU}")
    tablet.touch("go_wait")


def come_back(tablet: Tablet) -> str:
    """One piece is free again and is offered; says the code."""
    with tablet.shop.jot() as tx:
        tx.exec(update(Piece).where(col(Piece.sku) == SKU, col(Piece.number) == 7).values(held_until=tx.now()))
    assert offers.look_after(tablet.shop) == 1
    with tablet.shop.read() as look:
        return look.exec(select(Offer.code)).one()


def test_the_page_of_a_piece_that_is_gone_keeps_its_story_and_takes_a_name(gone: Tablet) -> None:
    leave_a_name(gone)
    assert gone.says("You are the first on the list")
    assert gone.screen.button(key="go_keep").disabled
    assert waiting.counts(gone.shop, boutique_id="demo") == {SKU: 1}
    gone.open("shop/piece", sku=SKU)
    assert not gone.says("zoe@example.co")


def test_who_agreed_to_wait_for_one_piece_has_not_agreed_to_wait_for_another(gone: Tablet) -> None:
    take_all(gone, "NC-VM")
    gone.open("shop/piece", sku=SKU)
    gone.tick(f"waiting_agreed_{SKU}")
    gone.open("shop/piece", sku="NC-VM")
    assert not gone.ticked("waiting_agreed_NC-VM")


def test_a_bundle_that_wants_a_part_says_so_and_leads_to_the_other_part_alone(gone: Tablet) -> None:
    gone.open("shop/story", capsule="notebook-corner")
    assert gone.says("Corner charm, platinum: every number is taken")
    assert not gone.says("£120 less than one by one")
    gone.open("shop/bundle", bundle="charm-and-chain-platinum")
    assert gone.says("Another part of the set is gone; this piece can be yours by itself.")
    assert [str(one.key) for one in gone.screen.selectbox if "_chain_" in str(one.key)] == []  # nothing to choose
    gone.touch("link_piece_charm-and-chain-platinum_chain_NC-CH-PT")
    assert gone.says("Slim chain, platinum")
    assert not gone.screen.button(key="go_keep").disabled


def test_a_wrong_number_is_refused_beside_the_field(gone: Tablet) -> None:
    leave_a_name(gone, "12")
    assert gone.says("neither an e-mail address nor a telephone number")
    assert waiting.counts(gone.shop, boutique_id="demo") == {}


def test_a_code_puts_that_very_piece_into_the_basket(gone: Tablet) -> None:
    leave_a_name(gone)
    code = come_back(gone)
    gone.open("shop/piece", sku=SKU)
    gone.tick("waiting_has_code")
    gone.screen.text_input(key="waiting_code").set_value(code).run()
    gone.touch("go_claim")
    assert 7 in [line.number for line in basket.view(gone.shop, basket_id=gone.basket_id).lines]


def test_names_do_not_stay_on_the_glass_when_nobody_touches_it(gone: Tablet) -> None:
    leave_a_name(gone)
    gone.open("counter/waiting")
    gone.unlock("counter")
    clocks = gone.clocks()
    assert gone.says("zoe@example.co")
    gone.parts_again(clocks)
    assert not gone.says("Who is there?")
    gone.shop.clock.move(timedelta(minutes=gone.shop.settings.staff_lock_minutes))
    gone.parts_again(clocks)
    assert gone.says("Who is there?")
    assert not gone.says("zoe@example.co")


def test_staff_see_who_waits_and_take_the_offer_for_them(gone: Tablet) -> None:
    leave_a_name(gone)
    code = come_back(gone)
    gone.open("counter/sell")
    gone.unlock("counter")
    assert gone.says("1 waits")
    assert not gone.says("Zoë")
    gone.open("counter/waiting")
    for words in ("1. Zoë", "zoe@example.co", "Number 7 is kept until", code):
        assert gone.says(words), words
    (person,) = waiting.listed(gone.shop, staff_id="counter", device_id=gone.device_id)
    gone.touch(f"claim_{person.waiting_id}")
    gone.open("counter/waiting")
    assert gone.says("Nobody waits here")


def test_the_shelf_counts_whom_the_list_of_this_boutique_names(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = "OP-PET-S"  # both boutiques sell it
    take_all(tablet, tag)
    by = {"device_id": tablet.device_id, "words": "Tell me.", "language": "en"}
    waiting.join(tablet.shop, sku=tag, name="Zoë", contact="zoe@example.co", **by)
    tablet.open("counter/sell")
    tablet.unlock("counter")
    assert tablet.says("1 waits")
    elsewhere = Tablet(tablet.shop, monkeypatch, label="Kennel tablet", boutique="demo-pets")
    elsewhere.new_browser()
    elsewhere.open("counter/sell")
    elsewhere.unlock("counter-pets")
    assert elsewhere.says("Companion’s tag, platinum, small")
    assert not elsewhere.says("1 waits")
    elsewhere.open("counter/waiting")
    assert elsewhere.says("Nobody waits here")
