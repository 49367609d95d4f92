"""A real browser in front of a real house: tablet size, touch, nothing installed by hand."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from pos.shop import Shop
from tests.browser.outside import Books, StripeSide
from tests.browser.tablet import LANDSCAPE, PORTRAIT, Shopper, Tablet, Till
from tests.house import House, opened

STEP_MS = 60_000  # how long a screen may take on a machine busy with other tests
IDLE_SECONDS = 900  # on so slow a machine a test would be taken for nobody
expect.set_options(timeout=STEP_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One open house for every test of this folder; each has a tablet, and mostly a number, of its own."""
    with opened(tmp_path_factory.mktemp("house"), VITRINE_IDLE_SECONDS=str(IDLE_SECONDS)) as house:
        yield house


@pytest.fixture
def books(house: House) -> Iterator[Books]:
    """What the shop has written down."""
    shop = Shop(house.settings)
    yield Books(shop)
    shop.close()


@pytest.fixture
def stripe_side(house: House) -> StripeSide:
    """What Stripe has written down."""
    return StripeSide(house)


NewTablet = Callable[..., Any]


@pytest.fixture
def tablets(browser: Browser, house: House) -> Iterator[NewTablet]:
    """As many tablets as a test needs; at its end none of their browsers may have complained of the shop."""
    out: list[Tablet] = []

    def another(
        kind: type[Tablet] = Shopper, *, size: ViewportSize = PORTRAIT, language: str = "en", **options: Any
    ) -> Tablet:
        context = browser.new_context(base_url=house.address, viewport=size, has_touch=True, locale="en-GB", **options)
        context.set_default_timeout(STEP_MS)
        out.append(kind(context, language=language))
        return out[-1]

    yield another
    for tablet in out:
        tablet.context.close()
    StripeSide(house).put_the_reader_to_rest()
    assert [complaint for tablet in out for complaint in tablet.complaints] == []


@pytest.fixture
def shopper(tablets: NewTablet) -> Shopper:
    """A shopper before a tablet that stands upright."""
    return tablets(Shopper)


@pytest.fixture
def till(tablets: NewTablet) -> Till:
    """A tablet on the counter, lying as counters do; still locked."""
    return tablets(Till, size=LANDSCAPE)
