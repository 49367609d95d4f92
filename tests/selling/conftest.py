"""A shop with a small shelf, and tablets to sell from it."""

from collections.abc import Callable

import pytest

from pos.shop import Shop
from tests.selling.shelf import Tablet, stand_up


@pytest.fixture
def boutique(shop: Shop) -> Shop:
    with shop.jot() as tx:
        stand_up(tx)
    return shop


@pytest.fixture
def tablet(boutique: Shop) -> Callable[[], Tablet]:
    return lambda: Tablet(boutique).enrol()
