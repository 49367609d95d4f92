"""The face of a piece that is engraved, drawn to its true proportions, with room for the words.

One unit of a drawing is a tenth of a millimetre. The words themselves are put in by the engraving component, in the
`<text class="cut">` of each line.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kiosk.theme import CUT, METALS

CAP = 0.66  # height of a capital in Source Serif, in ems
PITCH = 1.45  # from line to line, in cap heights (data/reference/engraving_capacity.csv is made so)
EDGE = 8  # room round the piece


def plate(
    *, kind: str, material_id: str, measures: Mapping[str, Any], lines: Sequence[int], cap_height_mm: float
) -> str:
    """The piece from the side that is cut; lines are the most letters of each, measures in mm."""
    draw = _shape(kind, measures)
    width, height, outline, (x, y) = draw(measures)
    cap = cap_height_mm * 10
    top = y - (len(lines) - 1) * cap * PITCH / 2 + cap / 2
    words = "".join(_line(i, x=x, y=top + i * cap * PITCH, cap=cap) for i in range(len(lines)))
    light, mid, dark, line = METALS["gold" if material_id.startswith(("VERMEIL", "AU")) else "white"]
    return (
        f'<svg viewBox="{-EDGE} {-EDGE} {width + 2 * EDGE:g} {height + 2 * EDGE:g}" xmlns="http://www.w3.org/2000/svg">'
        f'<defs><linearGradient id="m" x1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>'
        f'<stop offset=".45" stop-color="{mid}"/><stop offset=".6" stop-color="{light}"/>'
        f'<stop offset="1" stop-color="{dark}"/></linearGradient></defs>'
        f'<g fill="url(#m)" stroke="{line}" stroke-width="1.2">{outline}</g>'
        f'<g font-family="Source Serif, serif" text-anchor="middle" fill="{CUT}">{words}</g></svg>'
    )


def outline(kind: str, measures: Mapping[str, Any]) -> tuple[float, float, str]:
    """Width and height of a piece in mm, and its outline in tenths of a millimetre; a ring is seen from the side."""
    if kind == "ring":
        inside = _mm(measures, "inner_circumference", 54) / math.pi
        out = inside / 2 + _mm(measures, "depth", 1.8)
        return (
            2 * out / 10,
            2 * out / 10,
            f'<path fill-rule="evenodd" d="{_round(out, out, out)} {_round(out, out, inside / 2)}"/>',
        )
    width, height, drawn, _ = _shape(kind, measures)(measures)
    return width / 10, height / 10, drawn


Shape = tuple[float, float, str, tuple[float, float]]


def _shape(kind: str, measures: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Shape]:
    if kind == "ring":
        return _band
    if measures.get("diameter"):
        return _disc
    return _corner if kind == "charm" else _tag


def _line(number: int, *, x: float, y: float, cap: float) -> str:
    size = cap / CAP
    place = f'x="{x:g}" y="{y:g}" font-size="{size:.1f}" letter-spacing="{cap * 0.08:.1f}"'
    return f'<text class="cut" data-line="{number}" {place}></text>'


def _tag(mm: Mapping[str, Any]) -> Shape:
    """A plate with rounded corners and a hole at its right end."""
    width, height, hole = _mm(mm, "width", 28), _mm(mm, "height", 16), _mm(mm, "hole", 2.6)
    bore = width - hole * 1.2 - 10
    outline = (
        f'<path fill-rule="evenodd" d="{_rounded(width, height, height * 0.16)} {_round(bore, height / 2, hole / 2)}"/>'
        f'<path fill="none" stroke-width=".7" d="{_rounded(width, height, height * 0.12, inset=7)}"/>'
    )
    return width, height, outline, ((bore - hole / 2) / 2 + 4, height * 0.36)


def _disc(mm: Mapping[str, Any]) -> Shape:
    """A disc with a hole at its top."""
    across, hole = _mm(mm, "diameter", 25), _mm(mm, "hole", 3)
    r = across / 2
    outline = (
        f'<path fill-rule="evenodd" d="{_round(r, r, r)} {_round(r, hole / 2 + 15, hole / 2)}"/>'
        f'<path fill="none" stroke-width=".7" d="{_round(r, r, r - 5)}"/>'
    )
    return across, across, outline, (r, r * 0.98)


def _corner(mm: Mapping[str, Any]) -> Shape:
    """The back of an L: two arms, the ring's hole at the end of one, the words along the other."""
    width, height = _mm(mm, "width", 22), _mm(mm, "height", 22)
    arm, soft = width * 0.34, 9
    outline = (
        f'<path d="M{soft} 0H{arm - soft:g}A{soft} {soft} 0 0 1 {arm:g} {soft}V{height - arm:g}H{width - soft:g}'
        f"A{soft} {soft} 0 0 1 {width:g} {height - arm + soft:g}V{height - soft:g}"
        f"A{soft} {soft} 0 0 1 {width - soft:g} {height:g}H{soft}A{soft} {soft} 0 0 1 0 {height - soft:g}"
        f'V{soft}A{soft} {soft} 0 0 1 {soft} 0Z"/>'
        f'<circle cx="{arm / 2:g}" cy="{arm * 0.42:g}" r="{arm * 0.18:g}" fill="none"/>'
    )
    return width, height, outline, (width / 2, height - arm / 2)


def _band(mm: Mapping[str, Any]) -> Shape:
    """The inside of a ring, laid flat: its first part, where the words begin."""
    height = _mm(mm, "width", 4.6)
    length = _mm(mm, "inner_circumference", 54) * 0.66
    outline = f'<path d="{_rounded(length, height, height * 0.18)}"/>'
    return length, height, outline, (length / 2, height / 2)


def _mm(measures: Mapping[str, Any], name: str, otherwise: float) -> float:
    return float(measures.get(name) or otherwise) * 10


def _round(x: float, y: float, r: float) -> str:
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"


def _rounded(width: float, height: float, r: float, *, inset: float = 0) -> str:
    right, bottom = width - inset, height - inset
    return (
        f"M{inset + r:g} {inset:g}H{right - r:g}A{r:g} {r:g} 0 0 1 {right:g} {inset + r:g}V{bottom - r:g}"
        f"A{r:g} {r:g} 0 0 1 {right - r:g} {bottom:g}H{inset + r:g}A{r:g} {r:g} 0 0 1 {inset:g} {bottom - r:g}"
        f"V{inset + r:g}A{r:g} {r:g} 0 0 1 {inset + r:g} {inset:g}Z"
    )
