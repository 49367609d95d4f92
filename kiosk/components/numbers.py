"""Choose a number: one element for the whole edition. A tap answers at once; Python hears one trigger."""

from collections.abc import Callable, Sequence
from functools import partial

from kiosk import draw, state
from kiosk.words import Words
from pos.catalogue.views import NumbersView


def show(
    numbers: NumbersView,
    *,
    mine: int | None,
    say: Words,
    key: str,
    on_pick: Callable[[], None],
    also_mine: Sequence[int] = (),
) -> None:
    """Every number of an edition: free, taken, kept for somebody, mine. A tap calls `on_pick`; `picked` says which.

    The mark comes back from the records: a lost race puts it where it was. also_mine are kept for this basket too, but
    belong to another of its lines.
    """
    words = {name: say(f"piece.{name}") for name in ("free", "taken", "reserved", "mine")}
    told = {
        "total": numbers.size,
        "taken": sorted({*numbers.taken, *also_mine}),
        "reserved": list(numbers.reserved),
        "mine": mine,
        "label": say("piece.number"),
        "words": words,
    }
    draw.part("numbers", key=key, told=told, takes=partial(_take, key, numbers.size), act=on_pick)


def picked(key: str) -> int | None:
    """The number just touched, inside the callback."""
    number: int | None = state.get(key)
    return number


def _take(key: str, most: int, said: object) -> bool:
    if type(said) is not int or not 1 <= said <= most:
        return False
    state.put(key, said)
    return True
