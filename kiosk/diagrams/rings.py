"""A ring seen from the side, to scale."""

import math

from kiosk.diagrams.scale import across, bar, metal, metal_of, sheet
from kiosk.theme import METALS
from pos.cutting.ground import round_


def ring(*, circumference_mm: float, depth_mm: float, material_id: str, words: str) -> str:
    """A ring of this inner circumference and this thickness of metal; words stand over its inside diameter."""
    inside = circumference_mm / math.pi
    r, name = inside / 2, metal_of(material_id)
    out = r + depth_mm
    room = out + 4
    band = (
        f'<path fill="url(#m)" fill-rule="evenodd" stroke="{METALS[name][3]}" stroke-width=".12" '
        f'd="{round_(0, 0, out)}{round_(0, 0, r)}"/><circle class="inside" r="{r:g}"/>'
    )
    return sheet(
        -room,
        -room,
        2 * room,
        2 * room + 5,
        metal(name) + band + across(0, 1, inside, size=2.4, words=words) + bar(-room + 1, room + 2.5, size=2.2),
    )
