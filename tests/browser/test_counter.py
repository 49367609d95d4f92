"""At the counter and on the brand's board: a PIN, a sale taken away, a balance, a hand-over that happens once."""

import re

from playwright.sync_api import Locator, expect

from pos.models import OrderState
from tests.browser.conftest import NewTablet
from tests.browser.outside import Books, StripeSide
from tests.browser.tablet import LANDSCAPE, Reader, Shopper, Till
from tests.house import House

PLATINUM = "Corner charm, platinum"


def test_a_wrong_pin_gets_its_sentence_and_the_right_one_opens(house: House, till: Till) -> None:
    pin = house.pins["Manager"]
    till.unlock("/counter", person="Manager", pin="000000" if pin != "000000" else "111111")
    till.says("That is not the PIN. Next try in 1 s.")
    expect(till.button("Lock", exact=True)).to_have_count(0)
    till.page.wait_for_timeout(1_000)  # as the sentence says
    till.type_pin(pin)
    till.is_open()
    till.tap("Lock", exact=True)
    till.shows("Who is there?")


def test_a_sale_taken_away_is_on_the_board_without_a_reload(house: House, till: Till, tablets: NewTablet) -> None:
    board: Till = tablets(Till, size=LANDSCAPE)
    board.unlock("/board", person="Brand", pin=house.pins["Brand"])
    board.is_open()
    expect(sold_on(board)).to_have_text(re.compile(r"^\d+$"))
    before = int(sold_on(board).text_content() or "")  # as written, seen or not: the figures are drawn anew every 2 s
    board.mark()
    till.unlock("/counter", person="Counter", pin=house.pins["Counter"])
    till.is_open()
    till.tap("Slim chain, vermeil")
    till.says(re.compile(r"Nº \d+ of 120"))  # type: ignore[arg-type]
    till.page.get_by_role("radio", name="Take away").tap()
    till.tap("Take £120.00 by card")
    till.at_the_reader().tap_card()
    till.shows("It is yours")
    till.paper_is_out(2)  # no pickup slip: there is no pickup
    expect(sold_on(board)).to_have_text(str(before + 1))
    assert board.is_marked()
    till.tap("Next customer")
    till.says("Tap a piece to keep its next free number.")


def test_a_sale_is_paid_part_in_cash_and_part_by_card(house: House, till: Till) -> None:
    till.unlock("/counter", person="Counter", pin=house.pins["Counter"])
    till.is_open()
    till.tap("Slim chain, vermeil")
    till.page.get_by_role("radio", name="Take away").tap()
    till.tap("Other ways to pay")
    till.says("Nothing is taken yet")
    for digits in ("5", "00", "0"):
        till.tap(digits, exact=True)
    till.tap("Cash £50.00", exact=True)
    till.says("in the drawer")
    till.tap("Card £70.00", exact=True)
    till.shows("Hold your card to the reader")
    Reader(till, within=".st-key-take_ways").tap_card()
    till.shows("It is yours")
    till.paper_is_out(2)
    till.tap("Next customer")


def test_a_card_touched_twice_at_once_is_one_piece_and_touched_again_two(house: House, till: Till) -> None:
    till.unlock("/counter", person="Counter", pin=house.pins["Counter"])
    till.is_open()
    card, kept = till.page.locator("[data-tap^=open_NC-CH_]"), till.page.locator("[class*=st-key-sale_]")
    till.rush(card, times=2)
    expect(kept).to_have_count(1)
    till.page.reload(wait_until="domcontentloaded")  # whatever the second touch did is done by now
    till.is_open()
    expect(kept).to_have_count(1)
    card.tap()
    expect(kept).to_have_count(2)
    till.tap("Empty the basket")
    expect(kept).to_have_count(0)


def sold_on(board: Till) -> Locator:
    """The large figure of pieces sold."""
    return board.page.locator(".vt-figures > div", has=board.page.get_by_text("Sold", exact=True)).locator("dd").first


def test_a_pre_order_is_paid_and_handed_over_once(
    house: House, shopper: Shopper, till: Till, books: Books, stripe_side: StripeSide
) -> None:
    shopper.basket_of(PLATINUM, 21)
    for words in ("Due now", "£108.00", "Due at pickup", "£432.00"):
        shopper.says(words)
    shopper.to_the_reader().tap_card()
    shopper.shows("It will be yours")
    code = shopper.page.locator(".vt-keep", has_text="collect code").locator(".vt-code").text_content() or ""
    till.unlock("/collect", person="Counter", pin=house.pins["Counter"])
    till.is_open()
    till.rush(till.page.locator(".vt-expected", has_text="platinum Nº 21"), times=1)  # its words are what is touched
    till.says("Still to be made, promised for")  # to be made ready without the shopper's code, and not handed over
    till.tap("Next code", exact=True)
    till.enter_code("NO-SUCH-CODE")
    till.says("No pickup has this code.")
    till.enter_code(code.lower().replace("-", " "))
    till.says("Nº 21")
    expect(till.button("Take £432.00 at the reader")).to_have_count(0)  # not before it is made
    till.tap("It lies in the safe", exact=True)
    expect(till.button("Hand over", exact=True)).to_have_count(0)  # not before the balance
    till.tap("Take £432.00 at the reader")
    till.shows("Hold your card to the reader")
    Reader(till).tap_card()
    till.says("Compare the number on the piece with the screen")  # paid: back where it is handed over
    (order,) = books.orders_of("NC-PT", 21)
    assert (order.state, order.paid_minor) == (OrderState.PAID, 54000)
    assert sorted(one["amount_received"] for one in stripe_side.intents_of(order.id)) == [10800, 43200]
    hand_over_once(till, code=code)


def hand_over_once(till: Till, *, code: str) -> None:
    till.rush(till.button("Hand over", exact=True), times=2)
    told = till.page.get_by_text(re.compile(r"Handed over \w+ \d+ \w+ at \d\d:\d\d by Counter\."))
    expect(told).to_be_visible()
    till.tap("Next code", exact=True)
    expect(told).to_have_count(0)
    till.enter_code(code)  # scanned again
    expect(told).to_be_visible()
    expect(till.button("Hand over", exact=True)).to_have_count(0)
