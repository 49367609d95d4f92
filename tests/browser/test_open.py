"""The house in a real browser: it comes up, it is dressed, and nothing complains."""

from playwright.sync_api import Page, expect


def test_the_tablet_shows_the_story_without_complaint(page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/")
    expect(page.locator("h1").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    assert complaints == []


def test_the_counter_asks_for_a_pin(page: Page) -> None:
    page.goto("/counter")
    expect(page.get_by_text("PIN", exact=False).first).to_be_visible()
