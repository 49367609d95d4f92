"""A shop that has just sold one engraved piece."""

import pytest
from pydantic import HttpUrl

from pos.clock import SetClock
from pos.settings import Settings
from pos.shop import Shop
from tests.proof.sold import SOLD_AT, Sale, sold_piece


@pytest.fixture
def clock() -> SetClock:
    """Half past eleven at night in London, already tomorrow in Paris."""
    return SetClock(SOLD_AT)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A shop the world reaches at its own address."""
    return settings.model_copy(update={"public_url": HttpUrl("https://id.example.co")})


@pytest.fixture
def sale(shop: Shop) -> Sale:
    return sold_piece(shop)
