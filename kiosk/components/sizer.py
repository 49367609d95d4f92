"""The ring sizer on the glass: first a bank card says how large a millimetre is, then a ring is laid on a circle."""

import math
from collections.abc import Callable

from kiosk import state
from kiosk.components import kit
from kiosk.words import Words
from pos.fitting import rings
from pos.fitting.glass import Glass

MARKUP = """<div class="sizer"><p class="step" role="status"></p><p class="moved" role="alert"></p>
<div class="glass"><div class="thing"></div></div>
<div class="set"><button type="button" class="less">−</button><input type="range">
<button type="button" class="more">+</button></div>
<p class="read"></p><button type="button" class="ok"></button></div>
"""
FIRST_MM = 17.0  # the inside diameter the circle begins with
_sizer = kit.component("sizer", html=MARKUP)


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
    data = {
        "points": glass.points_per_mm if glass else None,
        "dots": glass.dots_per_point if glass else None,
        "mm": circumference_mm / math.pi if circumference_mm else FIRST_MM,
        "least": rings.LEAST_MM / math.pi,
        "most": rings.MOST_MM / math.pi,
        "round": tries,
        "language": say.language,
        "words": one | many,
    }
    _sizer(data=data, key=key, on_card_change=on_card, on_ring_change=on_ring)


def edges(key: str) -> tuple[float, float, float]:
    """Inside the callback: the card's long and short edge in CSS pixels, and the screen's dots to a pixel."""
    answer = getattr(state.get(key), "card", None) or {}
    return float(answer.get("long") or 0), float(answer.get("short") or 0), float(answer.get("dots") or 0)


def found(key: str) -> float | None:
    """Inside the callback: the circumference in mm of the circle that was taken."""
    answer = getattr(state.get(key), "ring", None) or {}
    diameter = answer.get("diameter")
    return rings.circumference(float(diameter)) if diameter else None
