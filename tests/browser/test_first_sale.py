"""From the story to the printed slip, with real parts; and what may go otherwise on the way."""

import re

import httpx
from playwright.sync_api import expect

from pos.models import OrderState, PaymentState
from pos.proof.verify import Finding, verify_offline
from tests.browser.conftest import NewTablet
from tests.browser.outside import Books, StripeSide, Tray, codes_on, until, words_of
from tests.browser.tablet import Shopper
from tests.house import House

VERMEIL, PLATINUM, CHAIN = "Corner charm, vermeil", "Corner charm, platinum", "Slim chain, vermeil"


def test_a_shopper_buys_number_12_from_the_story_to_the_printed_slip(house: House, shopper: Shopper) -> None:
    tray = Tray(house)
    shopper.explore()
    shopper.look_at(VERMEIL)
    shopper.choose_number(12)
    shopper.engrave("ANE")
    shopper.keep()
    shopper.says("ANE")
    shopper.says("Look at the engraving first, letter by letter")
    shopper.prove()
    expect(shopper.page.get_by_role("timer")).to_have_text(re.compile(r"Kept for you 1[45]:\d\d"))
    slot = shopper.book()
    for words in ("Due now", "£300.00", "of which VAT", "£50.00"):
        shopper.says(words)
    expect(shopper.pay_button).to_be_disabled()  # the terms are not accepted yet
    shopper.accept()
    reader = shopper.to_the_reader()
    shopper.says("Nº 12 stays yours while you pay.")
    reader.tap_card()
    shopper.shows("It is yours")
    for words in ("Paid £300.00", "Nº 12", "ANE", slot):
        shopper.says(words)
    shopper.paper_is_out(3)
    the_slips_are_on_the_screen(shopper)
    the_paper_says_the_same(house, shopper, tray)


def the_slips_are_on_the_screen(shopper: Shopper) -> None:
    pictures = shopper.page.locator(".vt-slip img")
    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()  # they are loaded when they come into sight
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("one => one.naturalWidth") > 300
        answer = shopper.context.request.get(str(picture.get_attribute("src")))
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")


def the_paper_says_the_same(house: House, shopper: Shopper, tray: Tray) -> None:
    """What a scanner reads on the drawn paper: the collect code, and a certificate anyone can check."""
    read = [code for slip in tray.new(3) for code in codes_on(slip)]
    certificates = [code for code in read if "/01/" in code]
    assert len(certificates) == 1
    assert [code for code in read if code not in certificates] == [collect_code(shopper)]
    address = certificates[0]
    assert address.startswith(f"{house.address}/01/0952")
    page = httpx.get(address)
    words = words_of(page.text)
    assert page.status_code == 200
    for said in ("Valid", "Number 12 of 60", "Corner charm, vermeil"):
        assert said in words
    assert verify_offline(address, key=house.settings.keys).valid
    forged = address[:-1] + ("A" if address[-1] != "A" else "B")
    assert verify_offline(forged, key=house.settings.keys).finding is not Finding.VALID


LINES = "one => { const all = new Range(); all.selectNodeContents(one); return all.getClientRects().length; }"


def test_a_long_word_stands_unbroken_beside_its_piece(shopper: Shopper) -> None:
    """Upright there is least room for it."""
    shopper.explore()
    shopper.look_at(PLATINUM)
    shopper.choose_number(36)
    shopper.engrave("MARGUERIT")
    shopper.keep()
    shopper.prove()
    shopper.book()
    shopper.accept()
    shopper.to_the_reader().tap_card()
    shopper.shows("It will be yours")
    word = shopper.page.locator(".vt-handover .vt-cut")
    expect(word).to_have_text("MARGUERIT")
    assert word.evaluate(LINES) == 1


def collect_code(shopper: Shopper) -> str:
    return shopper.page.locator(".vt-keep", has_text="collect code").locator(".vt-code").text_content() or ""


def test_a_declined_card_and_then_another_are_one_payment(
    shopper: Shopper, books: Books, stripe_side: StripeSide
) -> None:
    shopper.basket_of(CHAIN, 16)
    reader = shopper.to_the_reader()
    order_id = shopper.param("order")
    reader.tap_declined_card()
    shopper.shows("Your card was declined")
    shopper.says("Nothing was taken. Nº 16 is still yours: another card may do.")
    shopper.tap("Try another card")
    shopper.at_the_reader().tap_card()
    shopper.shows("It is yours")
    (payment,) = books.payments_of(order_id)
    (intent,) = stripe_side.intents_of(order_id)
    assert intent["id"] == payment.intent_id
    assert [charge["status"] for charge in stripe_side.charges_of(intent["id"])] == ["failed", "succeeded"]
    assert len(books.receipts_of(order_id)) == 1


def test_a_shopper_who_cancels_at_the_reader_has_the_basket_as_it_was(
    shopper: Shopper, tablets: NewTablet, books: Books, stripe_side: StripeSide
) -> None:
    shopper.basket_of(CHAIN, 13)
    slot = shopper.page.get_by_role("radiogroup", name="Time").get_by_role("radio", checked=True).inner_text()
    reader = shopper.to_the_reader()
    order_id = shopper.param("order")
    reader.cancel()
    shopper.shows("Cancelled")
    shopper.tap("Back to your basket")
    shopper.shows("Your basket")
    shopper.says("Nº 13 of 120")
    assert shopper.page.get_by_role("radio", name=slot, exact=True).is_checked()
    other: Shopper = tablets()
    other.explore()
    other.look_at(CHAIN)
    expect(other.number(13, "reserved")).to_be_visible()
    assert [order.state for order in books.orders_of("NC-CH", 13)] == [OrderState.CANCELLED]
    assert [intent["status"] for intent in stripe_side.intents_of(order_id)] == ["canceled"]


def test_cancelled_on_the_screen_nothing_is_taken(shopper: Shopper, stripe_side: StripeSide) -> None:
    shopper.basket_of(CHAIN, 14)
    shopper.to_the_reader()
    order_id = shopper.param("order")
    shopper.tap("Cancel", exact=True)
    shopper.shows("Cancelled")
    assert [intent["status"] for intent in stripe_side.intents_of(order_id)] == ["canceled"]


def test_an_impatient_finger_buys_once(shopper: Shopper, books: Books, stripe_side: StripeSide) -> None:
    """On the whole road it touches twice or more; no screen is lost or left blank."""
    shopper.go("/")
    shopper.rush(shopper.page.locator("[data-tap=explore_notebook-corner]"), times=2)
    shopper.shows("The pieces")
    shopper.rush(shopper.button(CHAIN), times=3)
    shopper.shows(CHAIN)
    shopper.choose_number(15)
    shopper.rush(shopper.page.locator(".st-key-go_keep button"), times=2)
    shopper.shows("Your basket")
    expect(shopper.page.locator(".vt-held")).to_have_count(1)
    shopper.book()
    shopper.accept()
    shopper.rush(shopper.pay_button, times=3)
    reader = shopper.at_the_reader()
    order_id = shopper.param("order")
    reader.tap_card()
    shopper.shows("It is yours")
    assert [order.id for order in books.orders_of("NC-CH", 15)] == [order_id]
    (payment,) = until(
        lambda: [one for one in books.payments_of(order_id) if one.state == PaymentState.CAPTURED], what="the capture"
    )
    (intent,) = stripe_side.intents_of(order_id)
    assert (intent["id"], intent["amount_received"]) == (payment.intent_id, payment.amount_minor)
    assert len(stripe_side.charges_of(intent["id"])) == 1
    assert len(books.receipts_of(order_id)) == 1
    shopper.rush(shopper.button("Finish", exact=True), times=2)
    expect(shopper.page.locator(".st-key-page_done")).to_have_count(0)
    expect(shopper.page.locator("[class*=st-key-page_]")).to_be_visible()


def test_an_impatient_finger_keeps_one_of_what_it_touched(shopper: Shopper) -> None:
    """Also where the next free number is taken, so that two touches could have two."""
    kept = shopper.page.locator(".vt-held")
    for path, pieces in (("/piece?sku=NC-CH", 1), ("/bundle?bundle=charm-and-chain", 3)):
        shopper.go(path)
        shopper.rush(shopper.page.locator(".st-key-go_keep button"), times=3)
        shopper.shows("Your basket")
        shopper.page.reload(wait_until="domcontentloaded")  # whatever the second touch did is done by now
        shopper.shows("Your basket")
        expect(kept).to_have_count(pieces)


def test_two_tablets_want_number_17(tablets: NewTablet) -> None:
    first, second = tablets(), tablets()
    for one in (first, second):
        one.explore()
        one.look_at(PLATINUM)
        expect(one.number(17, "free")).to_be_visible()
    first.choose_number(17)
    second.number(17, "free").tap()  # its screen has not heard of it
    second.says("Number 17 has just been taken. Choose another.")
    expect(second.number(17, "reserved")).to_be_visible()
    second.choose_number(18)
    expect(second.page.get_by_role("alert")).to_have_count(0)


def test_words_that_cannot_be_cut_get_their_sentence_and_keep_nothing(shopper: Shopper) -> None:
    shopper.explore()
    shopper.look_at(VERMEIL)
    shopper.engrave("LONGER")
    shopper.says("It takes 3 letters at most.")
    shopper.page.locator(".st-key-go_keep button").tap()
    shopper.says("It takes 3 letters at most.")
    expect(shopper.page.get_by_text("Kept for you")).to_have_count(0)
    shopper.page.get_by_role("textbox", name="Engraving").fill("A🐾")
    shopper.says("“🐾” is a picture, and only letters can be cut.")
    shopper.page.get_by_role("textbox", name="Engraving").fill("AB")
    shopper.keep()
    shopper.says("AB")
