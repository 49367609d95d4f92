"""A drop: two hundred buyers, one edition of fifty."""

from collections.abc import Iterator

from bench import house
from bench.figure import Figure, Measure, at_least, at_most, exactly, shown
from pos.shop import Shop
from tests import postgres
from tests.selling.rush import Rush, accounts, buy_without_guard, rush, rush_of_processes, sold_numbers

BUYERS, PIECES = 200, 50
WANTED = {"bought": PIECES, "sold out": BUYERS - PIECES}


def _held(name: str, shop: Shop, went: Rush) -> Iterator[Figure]:
    yield exactly(f"{name}.left", dict(sorted(went.left.items())), WANTED)
    yield exactly(f"{name}.numbers", sold_numbers(shop) == list(range(1, PIECES + 1)), True)
    orders, payments, owed = accounts(shop)
    yield exactly(f"{name}.orders_payments_pence", (orders, payments, owed), (PIECES, PIECES, 0))


def sqlite() -> Iterator[Figure]:
    """At 1, 8 and 64 threads."""
    for threads in (1, 8, 64):
        with house.shop() as shop:
            went = rush(shop, buyers=BUYERS, threads=threads)
            name = f"race.sqlite.{threads}"
            yield from _held(name, shop, went)
            seconds = f"{name}.seconds"
            yield at_most(seconds, went.seconds, "s", 3) if threads == 8 else shown(seconds, went.seconds, "s", "")


def central() -> Iterator[Figure]:
    """Four processes of eight threads on PostgreSQL."""
    with postgres.server() as server, house.shop(database_url=server.create()) as shop:
        went = rush_of_processes(shop, buyers=BUYERS, processes=4, threads=8)
        yield from _held("race.postgres.4x8", shop, went)
        yield shown("race.postgres.4x8.seconds", went.seconds, "s", "")


def unguarded() -> Iterator[Figure]:
    """The twin without the guard: it must oversell, or the race above proves nothing."""
    with house.shop() as shop:
        went = rush(shop, buyers=BUYERS, threads=8, buy=buy_without_guard)
        sold = went.left["bought"]
        yield at_least("race.unguarded.oversold", float(sold - len(sold_numbers(shop))), "pieces", 1)


MEASURES: tuple[Measure, ...] = (
    (("race.sqlite",), sqlite),
    (("race.postgres",), central),
    (("race.unguarded",), unguarded),
)
