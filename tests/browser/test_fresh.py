"""A house that has just opened: the first address anybody types is a staff's, and it opens nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kiosk.registry import SCREENS
from pos.models import Role
from tests.browser.tablet import LANDSCAPE, Shopper, Tablet
from tests.house import opened

STAFF = [screen.url for screen in SCREENS if screen.role != Role.SHOPPER]


def test_no_staff_page_opens_first_on_a_fresh_server(browser: Browser, tmp_path: Path) -> None:
    """Streamlit knows a page once a session has seen it; here nobody has seen any.

    Each address is a load of its own, by a tablet the house does not know yet; only the scripts stay in the browser.
    """
    with opened(tmp_path) as house:
        tablet = Tablet(browser.new_context(base_url=house.address, viewport=LANDSCAPE, has_touch=True))
        for url in STAFF:
            tablet.context.clear_cookies()
            tablet.go(f"/{url}")
            tablet.shows(tablet.say("unlock.title_board" if url == "board" else "unlock.title"))
            assert tablet.page.get_by_role("textbox").count() == 0, url
            assert tablet.page.locator(".st-key-staff_bar").count() == 0, url
        tablet.context.close()
        house.shut()


@pytest.mark.parametrize("path", ["/shop/story", "/counter/sell", "/pages/counter/sell"])
def test_a_page_s_own_file_is_no_address(shopper: Shopper, path: str) -> None:
    shopper.go(path)
    shopper.shows("Notebook corner")
