"""The house in a real browser: it comes up whole, and nothing complains."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tablet import PORTRAIT
from tests.house import House


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A browser nobody has enrolled, held upright."""
    context = browser.new_context(base_url=house.address, viewport=PORTRAIT, has_touch=True, locale="en-GB")
    yield context.new_page()
    context.close()


def test_the_tablet_shows_the_story_without_complaint(page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/")
    expect(page.locator("h1").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    assert complaints == []


def test_the_counter_asks_for_a_pin(page: Page) -> None:
    page.goto("/counter")
    expect(page.get_by_text("PIN", exact=False).first).to_be_visible()
