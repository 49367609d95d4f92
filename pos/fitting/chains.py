"""Where a chain lies on a neck. An estimate from two lengths: no two people's shoulders are alike.

Seen from the front: the chain goes round the back of the neck, half of its girth, and the rest hangs between the sides
of the neck as a parabola (a light chain's catenary is that to a hair).
"""

import math
from dataclasses import dataclass

GIRTH_MM = 340.0  # drawn where nobody measured (assumed)
NECK_MM = (260.0, 600.0)  # any neck a chain is drawn on (assumed)
BASE_ADDS_MM = 40.0  # a chain lies lower than the tape, where the neck is broader (assumed)
NOTCH_MM = 45.0  # from where a chain crosses the side of the neck down to the notch of the collarbones (assumed)


@dataclass(frozen=True)
class Lie:
    """How a chain hangs, in mm: half the width of the neck it hangs from, and how deep its lowest point is."""

    half_width_mm: float
    drop_mm: float
    place: str  # throat | collarbone | below | chest


def is_a_neck(girth_mm: float) -> bool:
    """Whether anybody's neck has this girth: a tape that says less, or more, was read wrong."""
    least, most = NECK_MM
    return least <= girth_mm <= most


def lie(length_mm: float, *, girth_mm: float = GIRTH_MM) -> Lie | None:
    """Where a chain of this length lies on a neck of this girth; None where it does not go round it."""
    half = (girth_mm + BASE_ADDS_MM) / (2 * math.pi)
    front = length_mm - math.pi * half
    if front < 2 * half * 1.005:
        return None
    drop = _drop(half, front)
    return Lie(half_width_mm=half, drop_mm=drop, place=_place(drop))


def _place(drop_mm: float) -> str:
    """throat: above the notch; collarbone: at it; below: a hand's breadth under it; chest: further down."""
    under = drop_mm - NOTCH_MM
    return "throat" if under < -10 else "collarbone" if under <= 40 else "below" if under <= 110 else "chest"


def arc(half: float, drop: float) -> float:
    """The length of a parabola that hangs `drop` deep between two points 2 · half apart."""
    if drop <= 0:
        return 2 * half
    steep = 2 * drop / half
    return half * (math.sqrt(1 + steep**2) + math.asinh(steep) / steep)


def _drop(half: float, front: float) -> float:
    low, high = 0.0, front
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if arc(half, middle) < front else (low, middle)
    return (low + high) / 2
