"""The face of a piece that is engraved, drawn to its true proportions, with room for the words.

One unit of a drawing is a tenth of a millimetre; the ground, and where lines may stand, are pos/cutting's. While words
are typed, the engraving component puts them into the `<text class="cut">` of each line; once they are set, their
outlines stand there as they will be cut.
"""

import math
from collections.abc import Mapping
from typing import Any

from kiosk.diagrams.scale import metal_of
from kiosk.theme import CUT, METALS
from pos.cutting import proof
from pos.cutting.face import SPACING, face
from pos.cutting.ground import Ground, ground, outline, round_, rounded
from pos.cutting.setting import PITCH, Setting

EDGE = 8  # room round the piece
EM = 1000  # units of the face in an em


def plate(*, on: Ground, material_id: str, lines: int, cap_height_mm: float, words: Setting | None = None) -> str:
    """The piece from the side that is cut; with words their outlines, without them a place for each line."""
    width, height = on.width * 10, on.height * 10
    light, mid, dark, line = METALS[metal_of(material_id)]
    places = "".join(_place(i, on=on, lines=lines, cap=cap_height_mm) for i in range(lines))
    cut = f'<path class="exact" d="{proof.letters(words, scale=10)}"/>' if words and words.lines else ""
    return (
        f'<svg viewBox="{-EDGE} {-EDGE} {width + 2 * EDGE:g} {height + 2 * EDGE:g}" xmlns="http://www.w3.org/2000/svg">'
        f'<defs><linearGradient id="m" x1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>'
        f'<stop offset=".45" stop-color="{mid}"/><stop offset=".6" stop-color="{light}"/>'
        f'<stop offset="1" stop-color="{dark}"/></linearGradient></defs>'
        f'<g stroke="{line}">{_metal(on)}{_marks(on)}</g>'
        f'<g font-family="Vitrine Engraver, Source Serif, serif" text-anchor="middle" fill="{CUT}">'
        f"{places}{cut}</g></svg>"
    )


def outline_beside(kind: str, measures: Mapping[str, Any]) -> tuple[float, float, str]:
    """Width and height of a piece in mm, and its outline in tenths of a millimetre; a ring is seen from the side."""
    if kind == "ring":
        inside = float(measures.get("inner_circumference") or 54) / math.pi * 5
        out = inside + float(measures.get("depth") or 1.8) * 10
        path = "".join(round_(out, out, r) for r in (out, inside))
        return out / 5, out / 5, f'<path fill-rule="evenodd" d="{path}"/>'
    on = ground(kind=kind, measures=measures)
    return on.width, on.height, _metal(on)


def room(on: Ground, *, lines: int, cap_height_mm: float) -> list[float]:
    """How wide each of so many lines may run at this height, in the drawing's units."""
    found = []
    for number in range(lines):
        y = _foot(number, on=on, lines=lines, cap=cap_height_mm)
        left, right = on.room(y - cap_height_mm, y)
        found.append(round((right - left) * 10, 2))
    return found


def _metal(on: Ground) -> str:
    """The body of the piece and the quiet line inside its edge."""
    body = f'<path fill="url(#m)" stroke-width=".12" fill-rule="evenodd" d="{outline(on)}"/>'
    inner = ""
    if on.shape == "plate":
        inner = rounded(on.width, on.height, on.height * 0.12, inset=0.7)
    elif on.shape == "disc":
        inner = round_(on.width / 2, on.width / 2, on.width / 2 - 0.5)
    quiet = f'<path fill="none" stroke-width=".07" d="{inner}"/>' if inner else ""
    return f'<g transform="scale(10)">{body}{quiet}</g>'


def _marks(on: Ground) -> str:
    """Where the marks stand: shapes without a meaning, so that nobody takes them for the marks themselves."""
    if on.marks is None:
        return ""
    box, tall = on.marks, (on.marks.bottom - on.marks.top) * 10
    step = (box.right - box.left) * 10 / 4
    shapes = "".join(
        f'<rect x="{box.left * 10 + i * step + (step - tall) / 2:.1f}" y="{box.top * 10:g}" width="{tall:g}" '
        f'height="{tall:g}" rx="3"/>'
        for i in range(4)
    )
    return f'<g class="marks" fill="none" stroke-width=".9">{shapes}</g>'


def _foot(number: int, *, on: Ground, lines: int, cap: float) -> float:
    """The line a row of words stands on, in mm, while they are typed: rows in the middle of the area."""
    tall = cap + (lines - 1) * cap * PITCH
    return (on.area.top + on.area.bottom - tall) / 2 + cap + number * cap * PITCH


def _place(number: int, *, on: Ground, lines: int, cap: float) -> str:
    y = _foot(number, on=on, lines=lines, cap=cap)
    left, right = on.room(y - cap, y)
    size = cap * 10 * EM / face().cap
    where = (
        f'x="{(left + right) * 5:g}" y="{y * 10:g}" font-size="{size:.1f}" letter-spacing="{cap * 10 * SPACING:.2f}"'
    )
    return f'<text class="cut" data-line="{number}" {where}></text>'
