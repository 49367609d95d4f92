"""Choose a number: one element for the whole edition. A tap answers at once; Python hears one trigger."""

from collections.abc import Callable, Sequence

from kiosk import state
from kiosk.components import kit
from kiosk.words import Words
from pos.catalogue.views import NumbersView

_numbers = kit.component("numbers", html='<div class="numbers" role="radiogroup"></div>\n')


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
    data = {
        "total": numbers.size,
        "taken": sorted({*numbers.taken, *also_mine}),
        "reserved": list(numbers.reserved),
        "mine": mine,
        "label": say("piece.number"),
        "words": words,
    }
    _numbers(data=data, key=key, on_picked_change=on_pick)


def picked(key: str) -> int | None:
    """The number just touched, inside the callback."""
    answer = state.get(key)
    number = getattr(answer, "picked", None) if answer is not None else None
    return int(number) if number else None
