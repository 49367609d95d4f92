"""A tray that is laid anew under somebody's hand: what they look at and where they stand stays."""

from playwright.sync_api import expect

from tests.browser.tablet import Shopper

PICTURES = "[...document.querySelectorAll('.vt-thumbs img')]"


def test_pictures_and_the_focus_stay_where_they_were(shopper: Shopper) -> None:
    page = shopper.page
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    first, second = (page.locator(f"[data-tap=open_thumb{i}]") for i in (0, 1))
    expect(first).to_have_attribute("aria-pressed", "true")
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
    many = page.evaluate(f"{PICTURES}.map((img) => (img.seen = true)).length")
    assert many > 1
    second.focus()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(f"{PICTURES}.filter((img) => img.seen).length") == many, "made anew, it flickers"
    expect(second).to_be_focused()
