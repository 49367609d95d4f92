"""A ring's size from one measure: its inner circumference in mm. Every label is read from that, and never read back.

Scales: UK and Australia BS 6820:1987 (36.25 + 1.25 mm a letter, A = 1), Europe ISO 8653 (the circumference itself),
US (inside diameter 11.6332 + 0.8128 mm a size), Japan JCS (inside diameter 13 + 1/3 mm a size from 1). See
data/reference/README.md; published charts differ by up to 0.55 mm, which is why the millimetres stand beside a label.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pos.catalogue.reference import REFERENCE, table

LEAST_MM, MOST_MM = 37.5, 76.25  # A to Z+6
HALF_LETTER_MM = 0.625  # beyond the ends of what a piece comes in
WIDE_BAND_MM = 4.0  # wider than this sits tighter: RS-05 (Rio Grande; others ask for up to a whole US size)
WIDE_ADDS_MM = 0.5
PAPER_MAY_ERR_MM = 1.0  # a strip of paper round a finger, read to the millimetre: house estimate


@dataclass(frozen=True)
class RingSize:
    """One circumference in every scale; a label is None where its scale does not reach."""

    circumference_mm: float
    diameter_mm: float
    uk: str | None
    us: float | None  # to the quarter
    eu: int | None  # ISO 8653, 41 to 76
    jp: int | None


def size_of(circumference_mm: float, *, folder: Path = REFERENCE) -> RingSize:
    """This inner circumference in every scale; between two labels the nearer, and of two as near the larger."""
    diameter = circumference_mm / math.pi
    us, jp = nearest_step((diameter - 11.6332) / 0.8128, 0.25), int(nearest_step((diameter - 13) * 3 + 1, 1))
    eu = int(nearest_step(circumference_mm, 1))
    return RingSize(
        circumference_mm=circumference_mm,
        diameter_mm=diameter,
        uk=_letters(folder).get(nearest_step((circumference_mm - 36.25) / 1.25, 0.5)),
        us=us if 0 <= us <= 16 else None,
        eu=eu if 41 <= eu <= 76 else None,
        jp=jp if 1 <= jp <= 30 else None,
    )


def nearest_step(value: float, step: float) -> float:
    """The nearest multiple of a step; a value half way goes up: too large can be worn, too small cannot."""
    return math.floor(value / step + 0.5 + 1e-9) * step


def is_a_finger(circumference_mm: float) -> bool:
    """Whether a ring is made for a finger of this measure at all."""
    return LEAST_MM <= circumference_mm <= MOST_MM


def circumference(diameter_mm: float) -> float:
    """Of a ring with this inside diameter."""
    return diameter_mm * math.pi


def advised(circumference_mm: float, *, band_mm: float) -> float:
    """What to order for a finger of this measure, in mm: a band wider than 4 mm sits tighter and is made larger."""
    return circumference_mm + (WIDE_ADDS_MM if band_mm > WIDE_BAND_MM else 0)


def nearest_offered(circumference_mm: float, *, offered: Iterable[float]) -> float | None:
    """Of the sizes a piece comes in (mm), the one for this measure: between two the nearer, half way the larger.

    None more than half a letter below the least or above the largest, however far apart they stand.
    """
    sizes = list(offered)
    if not sizes or not min(sizes) - HALF_LETTER_MM <= circumference_mm <= max(sizes) + HALF_LETTER_MM:
        return None
    return min(sizes, key=lambda mm: (round(abs(mm - circumference_mm), 6), -mm))


def resizing(*, has_stone: bool, is_plated: bool) -> str:
    """How far a ring can be made larger or smaller: `plain` by two whole sizes, `stone` by half a US size, `none`.

    Heat and stretching loosen a stone and break a coat of gold (jewellers' charts; a whole size is 2.55 mm).
    """
    return "none" if is_plated else "stone" if has_stone else "plain"


@cache
def _letters(folder: Path) -> dict[float, str]:
    return {float(row["uk_index"]): row["uk_au_label"] for row in table("ring_sizes", folder=folder)}
