"""A chain on a neck, seen from the front, to scale: the neck is drawn as broad as its girth says."""

from collections.abc import Sequence

from kiosk.diagrams.scale import GREEN, INK, QUIET, bar, metal_of, sheet
from kiosk.theme import METALS
from pos.fitting.chains import NOTCH_MM, Lie

LEFT, TOP, WIDTH = -215.0, -150.0, 430.0


def neck(lie: Lie, *, others: Sequence[Lie] = (), material_id: str = "PT950RU", words: str = "") -> str:
    """The chain that is meant, in its metal, and other lengths behind it as hairlines; words stand at its lowest point.

    The origin is where the chain crosses the sides of the neck.
    """
    _, _, dark, edge = METALS[metal_of(material_id)]
    ghosts = "".join(f'<path class="other" d="{_hang(other)}" stroke="{QUIET}" stroke-width="1"/>' for other in others)
    chain = (
        f'<path class="chain" d="{_hang(lie)}" stroke="{edge}" stroke-width="3.4"/>'
        f'<path d="{_hang(lie)}" stroke="{dark}" stroke-width="1.8" stroke-dasharray="2.6 2.2"/>'
    )
    low = max(150.0, *(one.drop_mm + 30 for one in (lie, *others)))
    depth = (
        f'<path class="drop" d="M0 {NOTCH_MM:g}V{lie.drop_mm:g}" stroke="{GREEN}" stroke-width="1" '
        f'stroke-dasharray="3 3"/><circle cx="0" cy="{lie.drop_mm:g}" r="3" fill="{GREEN}"/>'
        f'<text x="12" y="{lie.drop_mm + 18:g}" font-size="20" fill="{INK}">{words}</text>'
    )
    return sheet(
        LEFT,
        TOP,
        WIDTH,
        low - TOP + 36,
        _body(lie.half_width_mm) + ghosts + chain + depth + bar(LEFT + 14, low + 16, mm=50, size=16),
    )


def _hang(lie: Lie) -> str:
    """A parabola between the sides of the neck: as a quadratic curve, whose control point is twice as deep."""
    return f"M{-lie.half_width_mm:g} 0Q0 {2 * lie.drop_mm:g} {lie.half_width_mm:g} 0"


def _body(half: float) -> str:
    """Jaw, neck, shoulders, collarbones: as few lines as make a person."""
    jaw = f"M0 -90C{half * 0.5:g} -92 {half * 1.05:g} -118 {half * 1.12:g} -150"
    neck = f"M{half * 0.86:g} -112C{half * 0.8:g} -60 {half * 0.86:g} -24 {half:g} 0"
    shoulder = f"C{half + 20:g} 30 150 40 205 78"
    collarbone = f"M9 {NOTCH_MM + 4:g}C40 {NOTCH_MM - 3:g} 90 {NOTCH_MM + 9:g} 150 47"
    sides = "".join(f'<path transform="scale({way} 1)" d="{jaw}{neck}{shoulder}{collarbone}"/>' for way in (-1, 1))
    notch = f'<path class="notch" d="M-9 {NOTCH_MM:g}Q0 {NOTCH_MM + 12:g} 9 {NOTCH_MM:g}"/>'
    return f'<g stroke="{QUIET}" stroke-width="1.6">{sides}{notch}</g>'
