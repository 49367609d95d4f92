"""The browser's own way back and forward: always to a page that was seen, never with a loss."""

from playwright.sync_api import expect

from tests.browser.conftest import NewTablet
from tests.browser.tablet import LANDSCAPE, Shopper

CHAIN = "Slim chain, vermeil"


def test_back_and_forward_lead_through_the_pages_that_were_seen(shopper: Shopper) -> None:
    shopper.basket_of(CHAIN, 91)
    for reloaded in (False, True):
        if reloaded:
            shopper.page.reload(wait_until="domcontentloaded")
            shopper.shows("Your basket")
            shopper.settles()
            with shopper.forgiving():
                shopper.context.set_offline(True)
                shopper.page.wait_for_function("() => window.__vitrine?.down")
                shopper.context.set_offline(False)
                shopper.page.wait_for_function("() => !window.__vitrine.down")
        shopper.page.go_back()
        shopper.shows(CHAIN)
        expect(shopper.number(91, "mine")).to_be_visible()
        shopper.page.go_back()
        shopper.shows("The pieces")
        shopper.page.go_forward()
        shopper.shows(CHAIN)
        shopper.page.go_forward()
        shopper.shows("Your basket")
        shopper.says("Nº 91 of 120")
    for _ in range(3):
        shopper.page.go_back()
    expect(shopper.page.locator("[data-tap=explore_notebook-corner]")).to_be_visible()
    shopper.page.go_forward()  # attract has wiped nothing: nobody touched a capsule
    shopper.page.go_forward()
    shopper.shows(CHAIN)
    expect(shopper.number(91, "mine")).to_be_visible()


def test_a_sister_is_a_page_of_its_own_and_a_language_is_none(tablets: NewTablet) -> None:
    shopper: Shopper = tablets(size=LANDSCAPE)
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    shopper.page.get_by_role("radio", name="platinum").tap()
    shopper.shows("Corner charm, platinum")
    shopper.tap("Français")
    shopper.shows("Breloque coin, platine")
    shopper.page.go_back()
    shopper.shows("Breloque coin, vermeil")
    shopper.page.go_back()
    shopper.shows("Les pièces")
    assert shopper.param("lang") == "fr"


def test_a_screen_begins_at_its_top(shopper: Shopper) -> None:
    """Its predecessor was read to the end; where Streamlit leaves the page there, the next one is met from below."""
    page = shopper.page
    shopper.explore()
    shopper.settles()
    for link in ("link_materials", "link_delivery"):
        page.locator(f"[data-tap={link}]").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 100000)")
        page.locator(f"[data-tap={link}]").tap()
        expect(page.locator(f".st-key-page_{link.removeprefix('link_')}")).to_be_visible()
        shopper.settles()
        page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
        page.locator(".st-key-go_back button").tap()
        expect(page.locator(".st-key-page_story")).to_be_visible()
        shopper.settles()
