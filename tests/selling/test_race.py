"""A drop of fifty and two hundred buyers: exactly fifty are sold, each number once, and nobody is told "busy"."""

import pytest

from pos.books import audit
from pos.clock import SetClock
from pos.models import Table
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING
from tests.selling.rush import accounts, buy_without_guard, make_room, rush, rush_of_processes, sold_numbers
from tests.selling.shelf import CHARM, Tablet, stand_up


@pytest.fixture
def drop(boutique: Shop) -> Shop:
    make_room(boutique)
    return boutique


@pytest.mark.parametrize("threads", [1, 8, 64])
def test_fifty_pieces_two_hundred_buyers(drop: Shop, threads: int) -> None:
    went = rush(drop, buyers=200, threads=threads)
    assert went.left == {"bought": 50, "sold out": 150}
    assert sold_numbers(drop) == list(range(1, 51))
    assert accounts(drop) == (50, 50, 0)
    with drop.read() as look:
        assert audit.broken_at(look) is None


def test_without_the_guard_it_oversells(drop: Shop) -> None:
    """The twin that shows the race: the very same rush, but each buyer looks first and takes afterwards."""
    went = rush(drop, buyers=200, threads=8, buy=buy_without_guard)
    assert went.left["bought"] > len(sold_numbers(drop))


@pytest.mark.postgres
def test_fifty_pieces_and_four_tills_on_one_database(settings: Settings, postgres_url: str) -> None:
    central = Shop(settings.model_copy(update={"database_url": postgres_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(central.records.engine)
    with central.jot() as tx:
        stand_up(tx)
    make_room(central)
    went = rush_of_processes(central, buyers=200, processes=4, threads=8)
    assert went.left == {"bought": 50, "sold out": 150}
    assert sold_numbers(central) == list(range(1, 51))
    assert accounts(central) == (50, 50, 0)
    with central.read() as look:
        assert audit.broken_at(look) is None
    central.close()


def test_one_number_wanted_by_all_goes_to_one(drop: Shop) -> None:
    def want_number_12(shop: Shop, tablet: Tablet) -> str:
        from pos.errors import PieceTaken

        try:
            tablet.hold(CHARM, number=12)
        except PieceTaken:
            return "taken"
        return "mine"

    assert rush(drop, buyers=40, threads=8, buy=want_number_12).left == {"mine": 1, "taken": 39}
