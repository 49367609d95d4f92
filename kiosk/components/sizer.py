"""The ring sizer on the glass: first a bank card says how large a millimetre is, then a ring is laid on a circle."""

import math
from collections.abc import Callable, Sequence
from functools import partial

from kiosk import draw, state
from kiosk.words import Words
from pos.fitting import rings
from pos.fitting.glass import Glass

LARGEST = 100_000  # pixels or mm that are looked at at all
FIRST_MM = 17.0  # the inside diameter the circle begins with


def show(
    glass: Glass | None,
    *,
    circumference_mm: float | None,
    tries: int,
    say: Words,
    key: str,
    on_card: Callable[[], None],
    on_ring: Callable[[], None],
) -> None:
    """Without a measured glass it asks for a card, edge by edge; with one it shows a circle of so many millimetres.

    tries counts how often the card was measured in vain: each begins anew. A screen that was zoomed since says so.
    """
    one = {name: say(f"sizer.{name}") for name in ("lay", "inside", "take", "moved", "less", "more", "mm")}
    many = {name: list(say.many(f"sizer.{name}")) for name in ("steps", "edges", "next")}
    told = {
        "points": glass.points_per_mm if glass else None,
        "dots": glass.dots_per_point if glass else None,
        "mm": circumference_mm / math.pi if circumference_mm else FIRST_MM,
        "least": rings.LEAST_MM / math.pi,
        "most": rings.MOST_MM / math.pi,
        "round": tries,
        "language": say.language,
        "words": one | many,
    }
    names = ("diameter",) if glass else ("long", "short", "dots")
    draw.part("sizer", key=key, told=told, takes=partial(_take, key, names), act=on_ring if glass else on_card)


def edges(key: str) -> tuple[float, float, float]:
    """Inside the callback: the card's long and short edge in CSS pixels, and the screen's dots to a pixel."""
    long, short, dots = state.get(key)
    return long, short, dots


def found(key: str) -> float:
    """Inside the callback: the circumference in mm of the circle that was taken, which is some finger's."""
    (diameter,) = state.get(key)
    return min(max(rings.circumference(diameter), rings.LEAST_MM), rings.MOST_MM)


def _take(key: str, names: Sequence[str], said: object) -> bool:
    if not isinstance(said, dict):
        return False
    sizes = [size for name in names if isinstance(size := said.get(name), int | float) and 0 < size < LARGEST]
    if len(sizes) != len(names):
        return False
    state.put(key, tuple(map(float, sizes)))
    return True
