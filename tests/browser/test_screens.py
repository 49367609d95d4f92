"""Every screen at both sizes: nothing beyond its edge, nothing too small for a finger, nothing of the framework."""

import pytest
from playwright.sync_api import Frame, Page, ViewportSize, expect

from tests.browser.conftest import NewTablet
from tests.browser.tablet import LANDSCAPE, PORTRAIT, Shopper, Till
from tests.house import House

FINGER = 48  # px, the least a control may measure (WCAG 2.2 asks 24)

# Everything a finger may want to touch, also inside components. A box with its tick is as large as its label; what is
# drawn over a figure is its own button. Streamlit's link for keyboards is outside the screen until it has the focus.
TOO_SMALL = """least => {
  const found = [], look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot);
      if (!one.matches("button, input, select, textarea, a[href], [role=button]")) continue;
      const target = one.matches("input") ? one.closest("label") ?? one : one;
      const box = target.getBoundingClientRect();
      const inSight = one.checkVisibility({ visibilityProperty: true }) && box.width && box.right > 0 && box.bottom > 0;
      if (!inSight) continue;
      if (box.width < least - .5 || box.height < least - .5)
        found.push(`${one.tagName} ${one.getAttribute("aria-label") ?? one.innerText} ${box.width}x${box.height}`);
    }
  };
  look(document);
  return found;
}"""
BEYOND_THE_EDGE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const all = [...document.querySelectorAll("[class*=st-key-page_] *")];
  return ["it scrolls sideways", ...all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(-5).map((one) => one.outerHTML.slice(0, 200))];
}"""
# What a visitor of an ordinary Streamlit page sees of Streamlit itself.
FRAMEWORK = (
    "stToolbar",
    "stMainMenu",
    "stAppDeployButton",
    "stDecoration",
    "stStatusWidget",
    "stSidebar",
    "stException",
)


def is_well(page: Page | Frame) -> None:
    """This screen keeps its promises."""
    assert page.evaluate(BEYOND_THE_EDGE) == []
    assert page.evaluate(TOO_SMALL, FINGER) == []


def screen_is_well(tablet: Shopper) -> None:
    """Wait for it to be drawn, then look."""
    page = tablet.page
    expect(page.locator("[class*=st-key-page_]")).to_be_visible()
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
    is_well(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    for part in FRAMEWORK:
        expect(page.get_by_test_id(part).filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize("size", [pytest.param(PORTRAIT, id="portrait"), pytest.param(LANDSCAPE, id="landscape")])
def test_every_screen_of_the_shopper(tablets: NewTablet, size: ViewportSize) -> None:
    shopper: Shopper = tablets(size=size)
    for path, heading in SHOPPER:
        shopper.go(path)
        shopper.shows(heading)
        screen_is_well(shopper)
    shopper.basket_of("Slim chain, vermeil", {1024: 70, 1366: 71}[size["width"]])
    screen_is_well(shopper)
    reader = shopper.to_the_reader()
    screen_is_well(shopper)
    reader.frame.get_by_role("button", name="Tap card").wait_for()
    (frame,) = [frame for frame in shopper.page.frames if "/reader-screen/" in frame.url]
    is_well(frame)
    reader.tap_declined_card()
    shopper.shows("Your card was declined")
    screen_is_well(shopper)
    shopper.tap("Try another card")
    shopper.at_the_reader().tap_card()
    shopper.shows("It is yours")
    shopper.paper_is_out(3)
    screen_is_well(shopper)


SHOPPER = (
    ("/", "Notebook corner"),
    ("/story?capsule=notebook-corner", "The pieces"),
    ("/story?capsule=owner-and-pet", "The pieces"),
    ("/piece?sku=NC-VM", "Corner charm, vermeil"),
    ("/piece?sku=NC-PT&lang=fr", "Breloque coin, platine"),
    ("/piece?sku=OP-RING&lang=en", "Lead ring, platinum"),
    ("/bundle?bundle=owner-and-pet&lang=en", "Owner and pet"),
    ("/notice", "What the marks say"),
    ("/basket", "Your basket is empty"),
    ("/pay", "There is nothing to pay"),
    ("/story?capsule=nothing", "This page is not here"),
)


@pytest.mark.parametrize("size", [pytest.param(PORTRAIT, id="portrait"), pytest.param(LANDSCAPE, id="landscape")])
def test_every_screen_of_the_staff(house: House, tablets: NewTablet, size: ViewportSize) -> None:
    till: Till = tablets(Till, size=size)
    till.go("/counter")
    till.shows("Who is there?")
    screen_is_well(till)
    till.unlock("/counter", person="Manager", pin=house.pins["Manager"])
    till.is_open()
    screen_is_well(till)
    till.tap("Corner charm, vermeil")
    till.tap("Edit", exact=True)
    expect(till.page.get_by_role("radio", name="60, free")).to_be_visible()
    till.page.get_by_role("radio", name="Collect later").tap()
    expect(till.page.get_by_role("radiogroup", name="Time")).to_be_visible()
    screen_is_well(till)
    till.tap("Empty the basket")
    till.says("Tap a piece to keep its next free number.")
    for name, shown in (("Collect", collecting), ("Board", on_the_board)):
        till.tap(name, exact=True)
        shown(till)
        screen_is_well(till)


def collecting(till: Till) -> None:
    till.shows("Collect")


def on_the_board(till: Till) -> None:
    till.shows("Notebook corner")
    expect(till.page.get_by_text("Hours since the drop")).to_be_visible()


@pytest.mark.parametrize(("wish", "drifts"), [("no-preference", True), ("reduce", False)])
def test_pictures_drift_for_nobody_who_asked_for_less_motion(tablets: NewTablet, wish: str, drifts: bool) -> None:
    shopper: Shopper = tablets(reduced_motion=wish)
    shopper.go("/")
    shopper.settles()
    picture = shopper.page.locator(".vt-panelpicture img:visible").first
    assert picture.evaluate("img => img.getAnimations().length > 0") is drifts


@pytest.mark.parametrize(("wide", "high", "rows"), [(1366, 1024, 2), (768, 1024, 2), (1024, 1366, 1)])
def test_four_pieces_lie_two_and_two_or_in_one_row(tablets: NewTablet, wide: int, high: int, rows: int) -> None:
    shopper: Shopper = tablets(size={"width": wide, "height": high})
    shopper.explore()
    cards = shopper.page.locator(".vt-cards .vt-card").all()
    tops = [round((card.bounding_box() or {"y": 0})["y"]) for card in cards]
    assert len(tops) == 4
    assert {top: tops.count(top) for top in tops} == dict.fromkeys(sorted(set(tops)), 4 // rows)
