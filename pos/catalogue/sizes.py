"""Sizes as a shopper reads them, from one measure in mm: a ring's inner circumference, a chain's length, a tag."""

import math
from functools import cache
from pathlib import Path
from typing import Any

from pos.catalogue.reference import REFERENCE, table
from pos.catalogue.schema_piece import Sizes

TAG_NAMES = {
    "XS": ("Extra small", "Très petite"),
    "S": ("Small", "Petite"),
    "M": ("Medium", "Moyenne"),
    "L": ("Large", "Grande"),
}

Size = dict[str, Any]  # {code, name by language, mm}: as the records keep it


def choices(sizes: Sizes | None, *, folder: Path = REFERENCE) -> list[Size]:
    """The sizes to choose from, smallest first; none where a piece has only one."""
    if sizes is None:
        return []
    found = [ring(mm, folder=folder) for mm in sizes.ring_mm or ()]
    found += [chain(mm) for mm in sizes.chain_mm or ()]
    found += [tag(name, folder=folder) for name in sizes.tag or ()]
    return sorted(found, key=lambda size: float(size["mm"]))


def ring(mm: float, *, folder: Path = REFERENCE) -> Size:
    """A ring by its inner circumference: the UK letter in English (BS 6820), the whole millimetre in French (ISO 8653),
    each with the very measure, for two half letters may share a whole millimetre."""
    letter = _letters(folder).get(round(mm * 1000))
    tenths = f"{math.floor(mm * 10 + 0.5) / 10:.1f}\u00a0mm"
    english = f"{letter} ({tenths})" if letter else tenths
    french = f"{math.floor(mm + 0.5)} ({tenths.replace('.', ',')})"
    return {"code": f"{mm:g}", "name": {"en": english, "fr": french}, "mm": mm}


def chain(mm: float) -> Size:
    """A chain by its length, in centimetres."""
    length = f"{mm / 10:g}"
    return {
        "code": f"{mm:g}",
        "name": {"en": f"{length}\u00a0cm", "fr": f"{length}\u00a0cm".replace(".", ",")},
        "mm": mm,
    }


def tag(name: str, *, folder: Path = REFERENCE) -> Size:
    """A round tag by its size in the table, with its width."""
    mm = next(float(row["diameter_mm"]) for row in table("tag_sizes", folder=folder) if row["tag_size"] == name)
    english, french = TAG_NAMES[name]
    return {"code": name, "name": {"en": f"{english}, {mm:g}\u00a0mm", "fr": f"{french}, {mm:g}\u00a0mm"}, "mm": mm}


@cache
def _letters(folder: Path) -> dict[int, str]:
    return {
        round(float(row["circumference_mm"]) * 1000): row["uk_au_label"] for row in table("ring_sizes", folder=folder)
    }
