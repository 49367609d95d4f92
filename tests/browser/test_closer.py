"""The marks of a piece under a real finger: touched on the picture they come near and say what they mean."""

import pytest
from playwright.sync_api import FloatRect, Locator, ViewportSize, expect

from tests.browser.conftest import NewTablet
from tests.browser.tablet import LANDSCAPE, PORTRAIT, Shopper
from tests.browser.test_screens import screen_is_well


def box(one: Locator) -> FloatRect:
    found = one.bounding_box()
    assert found is not None
    return found


@pytest.mark.parametrize("size", [pytest.param(PORTRAIT, id="portrait"), pytest.param(LANDSCAPE, id="landscape")])
def test_a_mark_is_touched_comes_near_and_says_what_it_means(tablets: NewTablet, size: ViewportSize) -> None:
    shopper: Shopper = tablets(size=size, reduced_motion="reduce")
    shopper.explore()
    shopper.look_at("Corner charm, vermeil")
    shopper.tap(shopper.say("roles.hallmark"), exact=True)
    gallery = shopper.page.locator(".vt-closer")
    told, picture = gallery.get_by_role("status"), gallery.get_by_role("img")
    expect(told).to_have_text(shopper.say("closer.hint"))
    screen_is_well(shopper)
    whole = box(picture)
    for name, what in (("sponsor", " · VTN"), ("fineness", " · 925"), ("office", "")):
        mark = gallery.get_by_role("button", name=f"{shopper.say(f'marks.{name}')}{what}", exact=True)
        mark.tap()
        expect(told).to_contain_text(shopper.say(f"marks.{name}_line"))
        expect(mark).to_have_attribute("aria-pressed", "true")
        assert box(picture)["width"] > 2 * whole["width"]
        frame, spot = box(gallery), box(mark)
        assert frame["x"] < spot["x"] + spot["width"] / 2 < frame["x"] + frame["width"]
        if name == "office":
            mark.tap()
        else:
            shopper.page.keyboard.press("Escape")
        expect(told).to_have_text(shopper.say("closer.hint"))
        assert box(picture) == whole

    mark = gallery.get_by_role("button").first
    mark.press("Enter")
    expect(told).to_contain_text(shopper.say("marks.sponsor_line"))
    shopper.page.keyboard.press("Tab")  # the next mark stands outside the frame now, and is led into it
    expect(told).to_contain_text(shopper.say("marks.fineness_line"))
    assert shopper.complaints == []
