"""Ways between screens: back to where one came from with nothing lost, and what is left when nobody stands there."""

from typing import Any

import pytest
import streamlit as st
from sqlmodel import col, update

from kiosk import session
from kiosk.components import idle
from pos.catalogue import showcase
from pos.errors import RecordsTrouble
from pos.models import PaymentState, Piece
from pos.selling import basket, bundles, settle
from pos.selling.views import BasketLine, Choice
from tests.pages.conftest import Tablet
from tests.pages.test_pay import open_order, put
from tests.pages.test_waiting import SKU, take_all

BUNDLE = "owner-and-pet"
Way = tuple[str, dict[str, str]]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[Way]:
    """Where the screens walked, with the words of the address."""
    walked: list[Way] = []
    go = session.go

    def follow(url: str, /, **params: str) -> None:
        walked.append((url, params))
        go(url, **params)

    monkeypatch.setattr(session, "go", follow)
    return walked


def tag_of_the_bundle(tablet: Tablet, sku: str = "OP-PET-S") -> BasketLine:
    choices = {"owner": Choice("OP-OWNER"), "pet": Choice(sku, species="cat", collar="breakaway")}
    bundles.hold_bundle(tablet.shop, basket_id=tablet.basket_id, bundle_id=BUNDLE, choices=choices)
    (line,) = [one for one in basket.view(tablet.shop, basket_id=tablet.basket_id).lines if one.sku == sku]
    return line


def test_a_touch_that_names_the_old_screen_with_the_new_one_s_words_leads_to_the_new_one(tablet: Tablet) -> None:
    """So the browser asks when the same card is touched once more while a slow server is still on its way."""
    tablet.open("shop/story", capsule="notebook-corner")
    tablet.touch("open_NC-CH")
    assert "Slim chain, vermeil" in tablet.headings
    tablet.open("shop/story", sku="NC-CH")
    assert "Slim chain, vermeil" in tablet.headings
    tablet.open("shop/story", sku="NC-PT950")  # nobody walked there
    assert "Slim chain, vermeil" not in tablet.headings
    assert "Notebook corner" in tablet.words  # the first screen


def test_what_is_read_on_the_way_does_not_lose_the_bundle(tablet: Tablet, ways: list[Way]) -> None:
    tablet.open("shop/fit", sku="OP-RING", bundle=BUNDLE)
    tablet.touch("link_materials")
    assert ways[-1] == ("materials", {"from_": "fit", "sku": "OP-RING", "bundle": BUNDLE})


def test_sizes_asked_for_in_the_basket_lead_back_to_it_by_way_of_the_materials(tablet: Tablet, ways: list[Way]) -> None:
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("NC-VM", number=7))
    tablet.open("shop/basket")
    tablet.touch("link_fit")
    tablet.open("shop/fit", **ways[-1][1])
    tablet.touch("link_materials")
    tablet.open("shop/materials", **ways[-1][1])
    tablet.touch("go_back")
    assert ways[-1][0] == "fit"
    tablet.open("shop/fit", **ways[-1][1])
    tablet.touch("link_back")
    assert ways[-1] == ("basket", {})


def test_a_tag_of_a_bundle_changed_by_way_of_its_fit_stays_one_tag(tablet: Tablet, ways: list[Way]) -> None:
    line = tag_of_the_bundle(tablet)
    tablet.open("shop/basket")
    tablet.touch(f"link_change_{line.item_id}")
    tablet.open("shop/piece", **ways[-1][1])
    tablet.touch("link_fit_OP-PET-S")
    tablet.open("shop/fit", **ways[-1][1])
    tablet.screen.text_input(key="pet_weight").set_value("6").run()  # a small dog after all
    tablet.touch("go_fit")
    tablet.open("shop/piece", **ways[-1][1])
    tablet.touch("go_keep")
    held = basket.view(tablet.shop, basket_id=tablet.basket_id).lines
    kept = [(one.sku, one.number, one.species, one.bundle_id) for one in held]
    assert kept == [("OP-OWNER", 1, None, BUNDLE), ("OP-PET-S", 1, "dog", BUNDLE)]


def test_a_part_of_a_bundle_keeps_its_line_while_the_marks_are_read(tablet: Tablet, ways: list[Way]) -> None:
    line = tag_of_the_bundle(tablet)
    tablet.open("shop/piece", sku=line.sku, item=line.item_id)
    tablet.touch("link_notice")
    assert ways[-1][1]["item"] == line.item_id


def test_the_metal_that_stands_chosen_touched_again_stays_with_its_line(tablet: Tablet, ways: list[Way]) -> None:
    """Without the line's own words in the address, the first of two of a kind would be changed."""
    _, second = (basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("NC-VM", number=n)) for n in (5, 6))
    tablet.open("shop/piece", sku="NC-VM", item=second.item_id)
    tablet.touch("version_NC-VM=NC-VM")
    assert ways == []
    assert tablet.says("Nº 6")


def test_the_tag_that_fits_goes_into_its_part_of_the_bundle(tablet: Tablet, ways: list[Way]) -> None:
    tablet.open("shop/fit", sku="OP-PET", bundle=BUNDLE)
    tablet.screen.text_input(key="pet_weight").set_value("6").run()
    tablet.touch("go_fit")
    assert ways[-1] == ("bundle", {"bundle": BUNDLE})
    tablet.open("shop/bundle", **ways[-1][1])
    assert tablet.chosen(f"{BUNDLE}_pet_version") == "OP-PET-S"


def test_an_address_somebody_typed_leads_back_all_the_same(tablet: Tablet) -> None:
    tablet.open("shop/materials", from_="story", url="x")
    tablet.touch("go_back")
    assert not tablet.screen.exception


def test_whoever_cannot_be_given_an_empty_basket_goes_no_further(
    tablet: Tablet, ways: list[Way], monkeypatch: pytest.MonkeyPatch
) -> None:
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("NC-PT", number=7, engraving=("WREN",)))

    def locked(*_: Any, **__: Any) -> None:
        raise RecordsTrouble("database is locked")

    with monkeypatch.context() as once:
        once.setattr(basket, "wipe", locked)
        tablet.touch("explore_notebook-corner")
    assert ways == []
    assert "vt-notice" in tablet.words
    tablet.touch("explore_notebook-corner")
    assert not basket.view(tablet.shop, basket_id=tablet.basket_id).lines


def test_who_asks_to_wait_when_the_piece_has_just_come_back_is_told_and_nobody_else(tablet: Tablet) -> None:
    take_all(tablet, SKU)
    tablet.open("shop/piece", sku=SKU)
    tablet.screen.text_input(key="waiting_contact").set_value("zoe@example.com").run()
    tablet.tick("waiting_agreed_NC-PT")
    with tablet.shop.jot() as tx:
        back = update(Piece).where(col(Piece.sku) == SKU, col(Piece.number) == 7)
        tx.exec(back.values(held_until=tx.now()))
    tablet.touch("go_wait")
    assert "vt-notice" in tablet.words
    take_all(tablet, SKU)
    tablet.open("shop/attract")
    tablet.touch("explore_notebook-corner")
    tablet.open("shop/piece", sku=SKU)
    assert "vt-notice" not in tablet.words


def test_silence_beside_a_finished_sale_leaves_the_next_customer_s_ticket(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []

    def silent(*, data: dict[str, Any], key: str, height: int, on_gone_change: Any) -> None:
        told.append(data)
        st.button("gone", key="gone", on_click=on_gone_change)

    monkeypatch.setattr(idle, "_idle", silent)
    tablet.new_browser()
    tablet.open("counter/sell")
    tablet.unlock("counter")
    order_id = open_order(tablet)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("NC-VM", number=20))
    tablet.open("shop/done", order=order_id, by="counter")
    tablet.touch("gone")
    assert told[-1]["home"].startswith("/counter")
    assert [line.number for line in basket.view(tablet.shop, basket_id=tablet.basket_id).lines] == [20]


def test_a_bundle_asks_on_its_page_for_what_the_basket_asks_for(tablet: Tablet) -> None:
    whole = showcase.bundle(tablet.shop, bundle_id=BUNDLE, boutique_id="demo", language="en")
    pieces = [next(one for one in slot.variants if one.sku in ("OP-OWNER", "OP-PET-S")) for slot in whole.slots]
    now, later = whole.due_minor(pieces)
    tag_of_the_bundle(tablet)
    quote = basket.view(tablet.shop, basket_id=tablet.basket_id).quote
    assert quote is not None
    assert (now, later) == (quote.due_now_minor, quote.due_later_minor)
    assert later > 0
