"""The side of a piece that is cut: its outline, its hole, the marks struck into it, and the room that is left between.

In millimetres, from the upper left corner. Where the marks lie is not in a capsule's file: they are taken to stand in
one row at the foot of a tag, as the house's setters strike them (assumed); on a charm and inside a ring they lie apart
from the words. Round marks 2 mm stay free (HM-18: Hallmarking Act 1973, s. 5(2)), round a hole and along an edge 1.5.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pos.catalogue.engraving import LEAST_KEEP_OUT_MM

EDGE_MM = 1.5  # of metal between letters and an edge or a hole (data/reference/README.md)
BAND_EDGE_MM = 0.6  # inside a ring, where there is no more
MARKS_MM = (9.0, 2.0)  # the row of marks at the foot of a tag: width and height (assumed)
MARKS_RISE_MM = 2.0  # of that row above the edge; of a disc's edge a little more, where it curves
CORNER_ARM = 0.34  # of the width: how broad the arms of a corner guard are
RING_SHOWN = 0.66  # of a ring's inside, laid flat: its first part, where the words begin


@dataclass(frozen=True)
class Box:
    """A part of the surface, in mm."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Ground:
    """One side of one piece: shape is plate, disc, corner or band; area is where lines may stand."""

    shape: str
    width: float
    height: float
    area: Box
    hole: tuple[float, float, float] | None = None  # x, y, radius
    marks: Box | None = None
    most_width: float | None = None  # what the capsule's file allows a line

    def room(self, top: float, bottom: float) -> tuple[float, float]:
        """From where to where a line between these heights may run, in mm; the same number twice where it may not."""
        left, right = self.area.left, self.area.right
        if self.shape == "disc":
            r, worst = self.width / 2, max(abs(top - self.width / 2), abs(bottom - self.width / 2))
            inside = r - EDGE_MM
            half = math.sqrt(inside**2 - worst**2) if worst < inside else 0.0
            left, right = r - half, r + half
        if self.most_width is not None and right - left > self.most_width:
            middle = (left + right) / 2
            left, right = middle - self.most_width / 2, middle + self.most_width / 2
        return left, right


def ground(
    *, kind: str, measures: Mapping[str, Any], keep_out_mm: float = LEAST_KEEP_OUT_MM, width_mm: float | None = None
) -> Ground:
    """The ground of a piece of this kind and these measures in mm; width_mm is the longest line its file allows."""
    free = max(keep_out_mm, LEAST_KEEP_OUT_MM)
    if kind == "ring":
        return _band(measures, width_mm)
    if measures.get("diameter"):
        return _disc(measures, free, width_mm)
    return _corner(measures, width_mm) if kind == "charm" else _plate(measures, free, width_mm)


def ground_of(*, kind: str, measures: Mapping[str, Any], engraving: Mapping[str, Any]) -> Ground:
    """The ground of a piece, from its facts as the records have them."""
    return ground(
        kind=kind,
        measures=measures,
        keep_out_mm=float(engraving.get("keep_out_mm") or LEAST_KEEP_OUT_MM),
        width_mm=engraving.get("width_mm"),
    )


def _plate(mm: Mapping[str, Any], free: float, most: float | None) -> Ground:
    """A plate with rounded corners, a hole at its right end and its marks at the foot."""
    width, height, hole = _mm(mm, "width", 28), _mm(mm, "height", 16), _mm(mm, "hole", 2.6)
    bore = width - hole * 1.2 - 1
    clear = bore - hole / 2 - EDGE_MM
    marks = _row((EDGE_MM + clear) / 2, height - MARKS_RISE_MM - MARKS_MM[1])
    area = Box(EDGE_MM, EDGE_MM, clear, marks.top - free)
    return Ground("plate", width, height, area, (bore, height / 2, hole / 2), marks, most)


def _disc(mm: Mapping[str, Any], free: float, most: float | None) -> Ground:
    """A disc with a hole at its top and its marks at the foot."""
    across, hole = _mm(mm, "diameter", 25), _mm(mm, "hole", 3)
    y = hole / 2 + EDGE_MM
    marks = _row(across / 2, across - MARKS_RISE_MM * 1.25 - MARKS_MM[1])
    area = Box(EDGE_MM, y + hole / 2 + EDGE_MM, across - EDGE_MM, marks.top - free)
    return Ground("disc", across, across, area, (across / 2, y, hole / 2), marks, most)


def _corner(mm: Mapping[str, Any], most: float | None) -> Ground:
    """The back of an L: the words along its lower arm."""
    width, height = _mm(mm, "width", 22), _mm(mm, "height", 22)
    arm = width * CORNER_ARM
    area = Box(EDGE_MM, height - arm + EDGE_MM, width - EDGE_MM, height - EDGE_MM)
    return Ground("corner", width, height, area, (arm / 2, arm * 0.42, arm * 0.18), None, most)


def _band(mm: Mapping[str, Any], most: float | None) -> Ground:
    """The inside of a ring, laid flat."""
    height, length = _mm(mm, "width", 4.6), _mm(mm, "inner_circumference", 54) * RING_SHOWN
    return Ground(
        "band", length, height, Box(EDGE_MM, BAND_EDGE_MM, length - EDGE_MM, height - BAND_EDGE_MM), None, None, most
    )


def _row(middle: float, top: float) -> Box:
    wide, tall = MARKS_MM
    return Box(middle - wide / 2, top, middle + wide / 2, top + tall)


def _mm(measures: Mapping[str, Any], name: str, otherwise: float) -> float:
    return float(measures.get(name) or otherwise)


def outline(ground: Ground) -> str:
    """The piece as one SVG path in mm, its hole cut out (fill-rule evenodd)."""
    width, height = ground.width, ground.height
    hole = round_(*ground.hole) if ground.hole else ""
    if ground.shape == "disc":
        return round_(width / 2, width / 2, width / 2) + hole
    if ground.shape == "corner":
        return _angle(width, height, width * CORNER_ARM, 0.9) + hole
    soft = height * (0.18 if ground.shape == "band" else 0.16)
    return rounded(width, height, soft) + hole


def _angle(width: float, height: float, arm: float, soft: float) -> str:
    turn = f"A{soft:g} {soft:g} 0 0 1"
    return (
        f"M{soft:g} 0H{arm - soft:g}{turn} {arm:g} {soft:g}V{height - arm:g}H{width - soft:g}"
        f"{turn} {width:g} {height - arm + soft:g}V{height - soft:g}{turn} {width - soft:g} {height:g}"
        f"H{soft:g}{turn} 0 {height - soft:g}V{soft:g}{turn} {soft:g} 0Z"
    )


def round_(x: float, y: float, r: float) -> str:
    """A circle as a path: cut out of what lies round it where the rule is evenodd."""
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"


def rounded(width: float, height: float, r: float, *, inset: float = 0) -> str:
    """A rectangle with rounded corners, inset mm inside of its own edge."""
    right, bottom, turn = width - inset, height - inset, f"A{r:g} {r:g} 0 0 1"
    return (
        f"M{inset + r:g} {inset:g}H{right - r:g}{turn} {right:g} {inset + r:g}V{bottom - r:g}{turn} {right - r:g} "
        f"{bottom:g}H{inset + r:g}{turn} {inset:g} {bottom - r:g}V{inset + r:g}{turn} {inset + r:g} {inset:g}Z"
    )
