"""Reloads, dropped sockets, a killed server, somebody who walks away: nothing is lost, doubled or told."""

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from pos.models import OrderState
from tests.browser.conftest import IDLE_SECONDS, NewTablet
from tests.browser.outside import Books, StripeSide, kill
from tests.browser.tablet import Reader, Shopper
from tests.house import House

CHAIN = "Slim chain, vermeil"
NOTHING_SHOWS = """() => ![...document.body.querySelectorAll("*")].some(
  (one) => getComputedStyle(one).visibility === "visible")"""


def is_sold_once(books: Books, stripe_side: StripeSide, *, number: int) -> None:
    (order,) = books.orders_of("NC-CH", number)
    assert order.state == OrderState.PAID
    (payment,) = books.payments_of(order.id)
    (intent,) = stripe_side.intents_of(order.id)
    assert payment.intent_id == intent["id"]
    assert len(stripe_side.charges_of(intent["id"])) == 1
    assert len(books.receipts_of(order.id)) == 1


def test_reloaded_and_opened_again_nothing_is_lost(shopper: Shopper, books: Books, stripe_side: StripeSide) -> None:
    shopper.basket_of(CHAIN, 40)
    shopper.page.reload(wait_until="domcontentloaded")
    shopper.shows("Your basket")
    shopper.says("Nº 40 of 120")
    shopper.says("Accept the terms first")  # the half hour is still booked; a ticked box is not kept
    shopper.accept()
    shopper.to_the_reader()
    shopper.page.close()  # the tablet fell, and is on again
    shopper.page = shopper.context.new_page()
    shopper.go("/")
    shopper.at_the_reader()
    shopper.page.reload(wait_until="domcontentloaded")
    shopper.at_the_reader().tap_card()
    shopper.shows("It is yours")
    is_sold_once(books, stripe_side, number=40)


def test_without_the_network_for_a_moment(shopper: Shopper, books: Books, stripe_side: StripeSide) -> None:
    shopper.basket_of(CHAIN, 41)
    shopper.mark()
    with shopper.forgiving():
        shopper.context.set_offline(True)
        shopper.page.wait_for_function("() => window.__vitrine.down")
        shopper.context.set_offline(False)
        shopper.page.wait_for_function("() => !window.__vitrine.down")
    assert shopper.is_marked()  # the same server: no reason to start over
    shopper.to_the_reader().tap_card()
    shopper.shows("It is yours")
    is_sold_once(books, stripe_side, number=41)


def test_a_killed_server_comes_back_to_the_same_screen(
    house: House, shopper: Shopper, books: Books, stripe_side: StripeSide
) -> None:
    shopper.basket_of(CHAIN, 42)
    with shopper.forgiving():
        shopper.mark()
        kill(house)
        away = shopper.page.get_by_role("dialog")
        expect(away).to_have_count(1)  # the shop's own words, and none of the framework's
        expect(away).to_contain_text("The shop’s computer does not answer just now.")
        expect(away.get_by_role("button")).to_have_count(0)
        house.open()
        shopper.comes_back()
    shopper.shows("Your basket")
    shopper.says("Nº 42 of 120")
    shopper.accept()
    shopper.to_the_reader()
    with shopper.forgiving():
        shopper.mark()
        kill(house)  # the reader asks for a card, and nobody is there to hear the answer
        house.open()
        shopper.comes_back()
    shopper.shows("Hold your card to the reader")
    Reader(shopper).tap_card()
    shopper.shows("It is yours")
    shopper.paper_is_out(3)
    is_sold_once(books, stripe_side, number=42)


def test_a_tablet_nobody_waits_at_is_emptied_while_the_server_is_away(shopper: Shopper, house: House) -> None:
    """What its shopper typed must not stand on the glass until somebody has mended the computer."""
    clock = shopper.page.clock
    clock.install()
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    shopper.engrave("MJR")
    shopper.mark()
    with shopper.forgiving():
        kill(house)
        expect(shopper.page.get_by_role("dialog")).to_contain_text("The shop’s computer does not answer just now.")
        clock.fast_forward((IDLE_SECONDS + 1) * 1000)
        expect(shopper.page.locator("html")).to_have_css("visibility", "hidden")
        expect(shopper.page.get_by_role("dialog")).to_contain_text("The shop’s computer does not answer just now.")
        shopper.page.wait_for_function(NOTHING_SHOWS)  # a field's label, for one, says itself that it can be seen
        house.open()
        expect(shopper.page.locator("[data-tap=explore_notebook-corner]")).to_be_visible()
    assert not shopper.is_marked()


def test_a_part_of_the_page_lost_on_the_way_is_fetched_again(shopper: Shopper) -> None:
    """A tablet has no key to load a page anew, and Streamlit only shows the framework's own error."""
    lost: list[str] = []

    def lose_it_once(asked: Route) -> None:
        lost.append(asked.request.url)
        if len(lost) == 1:
            asked.abort()
        else:
            asked.continue_()

    shopper.page.route("**/static/js/BidiComponent.*.js", lose_it_once)
    with shopper.forgiving():
        shopper.go("/piece?sku=NC-CH")
        expect(shopper.number(34, "free")).to_be_visible()
    assert len(lost) > 1


def test_a_message_nobody_can_read_does_not_part_the_tablet_from_its_shop_for_good(shopper: Shopper) -> None:
    sockets: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    shopper.page.route_web_socket("**/_stcore/stream", between)
    shopper.explore()
    shopper.settles()
    shopper.mark()
    with shopper.forgiving():
        sockets[-1].send("neither Streamlit's nor ours")
        shopper.comes_back()
    shopper.look_at(CHAIN)


def test_a_page_that_stays_empty_is_loaded_anew(shopper: Shopper) -> None:
    shopper.page.clock.install()
    shopper.explore()
    shopper.look_at(CHAIN)
    shopper.settles()
    shopper.mark()
    with shopper.forgiving():
        shopper.page.evaluate("document.querySelector('[class*=st-key-page_]').className = ''")
        shopper.page.clock.fast_forward(20_000)
        assert shopper.is_marked(), "a page may take its time"
        shopper.page.clock.fast_forward(20_000)
        shopper.comes_back()
    shopper.shows(CHAIN)


def test_a_page_on_its_way_home_is_not_loaded_anew(shopper: Shopper) -> None:
    """The wipe leads to the first screen by itself; loaded anew, the screen of whoever left would stand there again."""
    page = shopper.page
    page.clock.install()
    shopper.explore()
    shopper.settles()
    shopper.mark()
    page.evaluate("window.__vitrine.leaving = true")
    page.evaluate("document.querySelector('[class*=st-key-page_]').className = ''")
    for _ in range(2):
        with page.expect_response("**/healthz"):  # of the pulse, which is asked on the way home too
            page.clock.fast_forward(40_000)
    assert shopper.is_marked()


def test_a_tablet_left_alone_warns_and_then_forgets_its_shopper(shopper: Shopper, tablets: NewTablet) -> None:
    clock = shopper.page.clock
    clock.install()
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    shopper.choose_number(33)
    shopper.engrave("MJR")
    clock.fast_forward((IDLE_SECONDS - 15) * 1000)
    warning = shopper.page.get_by_role("dialog")
    expect(warning).to_contain_text("Are you still there?")
    warning.get_by_role("button", name="I am still here").tap()
    expect(warning).to_be_hidden()
    the_last_second_is_one(shopper)
    shopper.keep()
    shopper.says("MJR")
    shopper.mark()
    clock.fast_forward((IDLE_SECONDS + 1) * 1000)
    expect(shopper.page.locator("[data-tap=explore_notebook-corner]")).to_be_visible()
    assert not shopper.is_marked()  # a new load: nothing of the old one is left in the browser
    shopper.go("/basket")
    shopper.shows("Your basket is empty")
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    expect(shopper.number(33, "free")).to_be_visible()
    expect(shopper.page.get_by_role("textbox", name="Engraving")).to_have_value("")


def the_last_second_is_one(shopper: Shopper) -> None:
    clock, warning = shopper.page.clock, shopper.page.get_by_role("dialog")
    clock.pause_at(int(shopper.page.evaluate("window.__vitrine.seen")) / 1000 + IDLE_SECONDS - 0.9)
    expect(warning).to_contain_text("In 1 second this screen starts over")
    warning.get_by_role("button", name="I am still here").tap()
    clock.resume()
    expect(warning).to_be_hidden()


@pytest.mark.parametrize("way", ["finishes", "walks away"])
def test_the_next_shopper_finds_nothing_of_a_finished_sale(shopper: Shopper, way: str) -> None:
    number = {"finishes": 43, "walks away": 44}[way]
    clock = shopper.page.clock
    clock.install()
    shopper.basket_of(CHAIN, number)
    shopper.to_the_reader().tap_card()
    shopper.shows("It is yours")
    shopper.paper_is_out(3)
    order_id = shopper.param("order")
    if way == "finishes":
        shopper.tap("Finish", exact=True)
    else:
        clock.fast_forward((IDLE_SECONDS + 1) * 1000)
    expect(shopper.page.locator("[data-tap=explore_notebook-corner]")).to_be_visible()
    shopper.page.go_back()  # a swipe over the edge of the screen
    shopper.go(f"/done?order={order_id}")
    shopper.shows("This page is not here")
    shopper.go(f"/pay?order={order_id}")
    shopper.shows("There is nothing to pay")
    expect(shopper.page.locator(".vt-code")).to_have_count(0)
