"""The shields of fineness, as hallmark law draws them: each shape names a metal (Hallmarking Act 1973, schedule 2)."""

import math

from kiosk.theme import TOKENS

OUTLINES = {
    "platinum": '<path d="M8 52V22L32 6l24 16v30z"/>',
    "gold": '<path d="M16 12h32l8 8v24l-8 8H16l-8-8V20z"/>',
    "silver": '<ellipse cx="32" cy="32" rx="25" ry="18"/>',
    "palladium": '<circle cx="13" cy="32" r="10"/><circle cx="32" cy="32" r="10"/><circle cx="51" cy="32" r="10"/>',
    "fineness": '<path d="M8 52V22L32 6l24 16v30z"/>',
    "sponsor": '<path d="M3 32l12-16h34l12 16-12 16H15z"/>',
    "office": '<path d="M12 8h40v22c0 14-8 21-20 27-12-6-20-13-20-27z"/>',
    "date": '<path d="M14 10h36v26q0 12-18 18-18-6-18-18z"/>',
}
WORDS = {
    "fineness": "950",
    "platinum": "950",
    "gold": "750",
    "silver": "925",
    "sponsor": "VTN",
    "date": "b",
}


PALLADIUM = "".join(f'<text x="{x}" y="36.5" font-size="13">{digit}</text>' for x, digit in ((13, 9), (32, 5), (51, 0)))


def star(x: float, y: float, *, reach: float) -> str:
    """A compass star of eight points round (x, y); the four between the quarters are shorter."""
    far = (1, 0.22, 0.6, 0.22)
    turns = [(reach * far[i % 4], i * math.pi / 8) for i in range(16)]
    points = " ".join(f"{x + r * math.sin(turn):.1f},{y - r * math.cos(turn):.1f}" for r, turn in turns)
    return f'<polygon points="{points}"/>'


MARKS = {"palladium": PALLADIUM, "office": star(32, 30, reach=16)}


def shield(name: str) -> str:
    """One shield with an example inside, as the pictures show it: letters and star are invented, no office's own."""
    inside = MARKS.get(name) or f'<text x="32" y="38">{WORDS[name]}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" fill="none" stroke="{TOKENS["brass"]}" '
        f'stroke-width="2" stroke-linejoin="round">{OUTLINES[name]}<g text-anchor="middle" '
        f'font-family="Vitrine Engraver, Source Serif, serif" font-size="16" stroke="none" fill="{TOKENS["ink"]}">'
        f"{inside}</g></svg>"
    )
