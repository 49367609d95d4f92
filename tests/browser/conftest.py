"""A real browser in front of a real house: tablet size, touch, nothing installed by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import chromium
from tests.house import House, opened

LANDSCAPE, PORTRAIT = {"width": 1366, "height": 1024}, {"width": 1024, "height": 1366}
STEP_MS = 30_000  # how long a screen may take on a machine busy with other tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window; skipped by name where none can be had."""
    path = chromium.find()
    if path is None:
        pytest.skip("BROWSER: no Chromium on this machine (make test tries to fetch one)")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        yield chrome
        chrome.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An open house, one for each file."""
    with opened(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def context(browser: Browser, house: House, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """One tablet: a touch screen with its own cookie; `indirect` with a size turns it upright."""
    size = getattr(request, "param", LANDSCAPE)
    tablet = browser.new_context(base_url=house.address, viewport=size, has_touch=True, locale="en-GB")
    tablet.set_default_timeout(STEP_MS)
    yield tablet
    tablet.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The tablet's screen."""
    return context.new_page()
