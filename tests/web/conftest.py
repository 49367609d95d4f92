"""The doors of a shop that has just sold one piece, and a tablet that stands in it."""

from collections.abc import Iterator

import pytest
from pydantic import HttpUrl
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pos.people import devices
from pos.settings import Settings
from pos.shop import Shop
from pos.web.doors import Doors
from tests.proof.sold import Sale, sold_piece


def open_doors(shop: Shop) -> TestClient:
    """A browser before the doors of this shop, with a page of the screens behind them."""
    doors = Doors(shop)

    async def screen(_):
        return HTMLResponse("<html><body>a screen</body></html>")

    routes = [*doors.routes, Route("/", screen), Route("/_stcore/{rest:path}", screen)]
    app = Starlette(routes=routes, middleware=doors.middleware)
    return TestClient(app, base_url="https://id.example.co", follow_redirects=False)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A shop the world reaches at its own address, with a webhook secret."""
    own = {"public_url": HttpUrl("https://id.example.co"), "stripe_webhook_secrets": ("whsec_tests",)}
    return settings.model_copy(update=own)


@pytest.fixture
def sale(shop: Shop) -> Sale:
    return sold_piece(shop)


@pytest.fixture
def web(shop: Shop) -> Iterator[TestClient]:
    with open_doors(shop) as browser:
        yield browser


@pytest.fixture
def tablet(shop: Shop, web: TestClient, sale: Sale) -> devices.DeviceView:
    """This browser is a tablet of the boutique."""
    cookie = devices.enrol(shop, token=devices.issue(shop, boutique_id="demo", label="Till"))
    web.cookies.set(devices.COOKIE, cookie)
    found = devices.known(shop, cookie=cookie)
    assert found
    return found
