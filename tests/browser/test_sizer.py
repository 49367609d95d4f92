"""The ring sizer under a real finger: a card, a ring, the size on the piece; and nothing of it for the next shopper."""

from playwright.sync_api import expect

from tests.browser.conftest import NewTablet
from tests.browser.tablet import PORTRAIT, Shopper

RING = "Lead ring, platinum"
POINTS = 5.0  # CSS pixels a millimetre, as this tablet is made to believe


def drag(shopper: Shopper, by: float) -> None:
    """A finger on the glass, so many pixels to the right."""
    box = shopper.page.locator(".glass").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shopper.page.mouse.move(x, y)
    shopper.page.mouse.down()
    shopper.page.mouse.move(x + by / 2, y, steps=4)
    shopper.page.mouse.move(x + by, y, steps=4)
    shopper.page.mouse.up()


def width(shopper: Shopper) -> float:
    return float(shopper.page.locator(".glass .thing").evaluate("one => one.getBoundingClientRect().width"))


def test_a_card_and_a_ring_are_measured_by_touch(tablets: NewTablet) -> None:
    shopper: Shopper = tablets(size=PORTRAIT)
    shopper.explore("owner-and-pet")
    shopper.tap(f"{RING},")
    shopper.shows(RING)
    shopper.tap(shopper.say("fit.find_ring"), exact=True)
    shopper.shows(shopper.say("fit.title"))
    steps, edges = shopper.say.many("sizer.next"), shopper.say.many("sizer.edges")
    expect(shopper.page.get_by_role("slider", name=edges[0])).to_be_visible()
    drag(shopper, (85.6 * POINTS - width(shopper)) / 2)  # the field is in the middle: both its edges move
    assert abs(width(shopper) - 428) <= 1
    shopper.tap(steps[0], exact=True)
    expect(shopper.page.get_by_role("slider", name=edges[1])).to_be_visible()
    assert abs(width(shopper) - 53.98 * POINTS) > 20  # it begins anew, or the two would agree by themselves
    drag(shopper, (53.98 * POINTS - width(shopper)) / 2)
    shopper.tap(steps[1], exact=True)

    ring = shopper.page.get_by_role("slider", name=shopper.say("sizer.inside"))
    expect(ring).to_be_visible()
    assert abs(width(shopper) - 17 * POINTS) < 1
    for _ in range(2):
        shopper.tap(shopper.say("sizer.more"), exact=True)
    ring.press("ArrowRight")
    ring.press("ArrowLeft")
    expect(ring).to_have_attribute("aria-valuetext", "17.2\u00a0mm inside")
    shopper.tap(shopper.say("sizer.take"), exact=True)
    shopper.shows(shopper.say("fit.your_ring"))
    assert "17.2" not in shopper.page.url
    shopper.page.locator(".st-key-go_fit button").tap()
    shopper.shows(RING)
    expect(shopper.page.get_by_role("radio", name="N½", exact=False)).to_be_checked()

    shopper.explore("owner-and-pet")  # the next one
    shopper.tap(f"{RING},")
    shopper.shows(RING)
    expect(shopper.page.locator(".st-key-OP-RING_size").get_by_role("radio", checked=True)).to_have_count(0)
    assert shopper.page.evaluate("JSON.stringify([localStorage, sessionStorage])").count("17.") == 0
