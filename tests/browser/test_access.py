"""Everybody can use every screen: WCAG 2.2 AA by axe-core in both languages, targets, reflow, large words, stillness.

All states of `states.py` are walked through once a language; what axe-core finds fails, but for what is named here.
"""

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from pos.shop import Shop
from tests.browser.conftest import NewTablet
from tests.browser.states import State, Walk, walk
from tests.browser.tablet import Shopper, Till
from tests.browser.test_screens import BEYOND_THE_EDGE, FINGER, TOO_SMALL
from tests.house import House

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """rules => axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] })"""
LYING: ViewportSize = {"width": 1180, "height": 820}
NARROW: ViewportSize = {"width": 390, "height": 844}  # a phone; a tablet at 300 %

WITHOUT_WORDS = """() => [...document.images].filter((one) => !one.hasAttribute("alt")).map((one) => one.outerHTML)"""
STILL_MOVING = """() => document.getAnimations()
  .filter((one) => one.playState === "running" && one.effect.getComputedTiming().iterations === Infinity)
  .map((one) => `${one.animationName} ${one.effect.target?.className}`)"""
# Words twice as large, as a browser's own setting makes them: every size of ours is a multiple of the root's.
LARGER = "document.documentElement.style.fontSize = '200%'"
AS_BEFORE = "document.documentElement.style.fontSize = ''"
CUT_OFF = """() => [...document.querySelectorAll("[class*=st-key-page_] :is(p, h1, h2, h3, button, label, dt, dd, li)")]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 2 && one.clientWidth
    && ["hidden", "clip"].includes(getComputedStyle(one).overflowX))
  .map((one) => one.outerHTML.slice(0, 160))"""


@dataclass(frozen=True)
class FromStreamlit:
    """What Streamlit's own markup does against a rule, out of our reach; the test fails once it is mended."""

    rule: str
    where: str  # a pattern of the element's own markup
    why: str


STREAMLITS: tuple[FromStreamlit, ...] = ()


def found_by_axe(page: Page) -> list[tuple[str, str, str]]:
    """Rule, element and what is wrong with it."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    answer: dict[str, Any] = page.evaluate(RUN, RULES)
    return [
        (violation["id"], node["html"], node.get("failureSummary", ""))
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


def wrong_with(state: State, page: Page, excused: set[FromStreamlit]) -> list[Any]:
    """Everything that keeps somebody from using this screen."""
    wrong: list[Any] = []
    for rule, element, what in found_by_axe(page):
        known = next((one for one in STREAMLITS if one.rule == rule and re.search(one.where, element)), None)
        if known:
            excused.add(known)
        else:
            wrong.append((rule, element, what))
    wrong += page.evaluate(WITHOUT_WORDS) + page.evaluate(STILL_MOVING)
    if state.page != "public" and not state.is_staffs:
        wrong += page.evaluate(TOO_SMALL, FINGER)
    page.set_viewport_size(NARROW)
    wrong += page.evaluate(BEYOND_THE_EDGE)
    page.set_viewport_size(LYING)
    page.evaluate(LARGER)
    wrong += page.evaluate(BEYOND_THE_EDGE) + page.evaluate(CUT_OFF)
    page.evaluate(AS_BEFORE)
    return wrong


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_screen_can_be_used_by_everybody(house: House, tablets: NewTablet, language: str) -> None:
    tablet: Till = tablets(Till, size=LYING, language=language, reduced_motion="reduce")
    shop = Shop(house.settings)
    excused: set[FromStreamlit] = set()
    wrong = {}
    with tablet.forgiving():  # a forged certificate and a spent address are answered with 4xx, as they must be
        for state in walk(Walk(tablet, house, shop)):
            if seen := wrong_with(state, tablet.page, excused):
                wrong[state.name] = seen
    shop.close()
    assert wrong == {}
    assert set(STREAMLITS) - excused == set(), "mended by Streamlit: take it off the list"


def test_the_main_road_is_walked_by_keyboard_alone(tablets: NewTablet) -> None:
    """Tab, arrows, Enter and Space: from attract to the card reader, without a finger."""
    shopper: Shopper = tablets(size=LYING)
    page = shopper.page
    shopper.go("/")
    shopper.says("Notebook corner")
    reach(page, "[data-tap=explore_notebook-corner]")
    page.keyboard.press("Enter")
    shopper.shows(shopper.say("story.pieces"))
    reach(page, "[data-tap=open_NC-CH]")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-page_piece")).to_be_visible()
    reach(page, ".st-key-number_NC-CH")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    shopper.says(shopper.say("shop.held"))
    reach(page, ".st-key-go_keep")
    page.keyboard.press("Enter")
    shopper.shows(shopper.say("basket.title"))
    reach(page, "[class*=st-key-pickup_time]")
    page.keyboard.press("Enter")
    shopper.says(shopper.say("basket.pay_first_terms"))
    reach(page, ".st-key-terms")
    page.keyboard.press("Space")
    expect(shopper.pay_button).to_be_enabled()
    reach(page, ".st-key-go_pay")
    page.keyboard.press("Enter")
    shopper.shows(shopper.say("pay.dispatched"))
    reach(page, ".st-key-go_cancel")
    page.keyboard.press("Enter")
    shopper.shows(shopper.say("pay.cancelled"))


def reach(page: Page, place: str, *, most: int = 80) -> None:
    """Press Tab until the focus is in this place, and can be seen."""
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
    expect(page.locator(place).first).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("place => Boolean(document.activeElement?.closest(place))", place):
            ring = page.evaluate(
                """() => { let one = document.activeElement;
                  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
                  const own = getComputedStyle(one), around = getComputedStyle(one.closest("label") ?? one);
                  return own.outlineStyle !== "none" || own.boxShadow !== "none" || around.boxShadow !== "none"
                    || getComputedStyle(one.nextElementSibling ?? one).boxShadow !== "none"
                    || [...(one.closest("label")?.querySelectorAll("*") ?? [])]
                      .some((each) => getComputedStyle(each).boxShadow !== "none"); }"""
            )
            assert ring, f"the focus in {place} cannot be seen"
            return
    raise AssertionError(f"no Tab leads to {place}")


def test_the_keyboard_waits_where_it_was_when_what_it_touched_is_gone(tablets: NewTablet) -> None:
    """The first of two pieces is put back, and Tab goes on to the second; after later days it goes on to the first."""
    shopper: Shopper = tablets(size=LYING)
    page = shopper.page
    shopper.explore()
    shopper.look_at("Slim chain, vermeil")
    shopper.keep()
    shopper.go("/piece?sku=NC-VM&lang=en")
    shopper.keep()
    for gone, left, next_one in (("link_remove_", 1, "link_change_"), ("link_pickup_more", 0, "day_")):
        days = page.locator("[data-tap^=day_]").count()
        page.locator(f"[data-tap^={gone}]").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-tap^={gone}]")).to_have_count(left)
        page.keyboard.press("Enter")  # once more, meant for the one that is gone
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_attribute("data-tap", re.compile(f"^{next_one}"))
        expect(page.locator(f"[data-tap^={gone}]")).to_have_count(left)
    expect(page.locator("[data-tap^=day_]").nth(days)).to_be_focused()
