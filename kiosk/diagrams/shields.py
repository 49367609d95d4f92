"""The shields of fineness, as hallmark law draws them: each shape names a metal (Hallmarking Act 1973, schedule 2)."""

from kiosk.theme import TOKENS

OUTLINES = {
    "platinum": '<path d="M8 52V22L32 6l24 16v30z"/>',
    "gold": '<path d="M16 12h32l8 8v24l-8 8H16l-8-8V20z"/>',
    "silver": '<ellipse cx="32" cy="32" rx="25" ry="18"/>',
    "palladium": '<circle cx="13" cy="32" r="10"/><circle cx="32" cy="32" r="10"/><circle cx="51" cy="32" r="10"/>',
    "fineness": '<path d="M8 52V22L32 6l24 16v30z"/>',
    "sponsor": '<path d="M8 18l6-6h36l6 6v28l-6 6H14l-6-6z"/>',
    "office": '<circle cx="32" cy="32" r="21"/>',
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


def shield(name: str) -> str:
    """One shield with an example inside; the maker's letters are invented, and no office's mark is drawn."""
    inside = PALLADIUM if name == "palladium" else f'<text x="32" y="38">{WORDS.get(name, "")}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" fill="none" stroke="{TOKENS["brass"]}" '
        f'stroke-width="2" stroke-linejoin="round">{OUTLINES[name]}<g text-anchor="middle" '
        f'font-family="Georgia, serif" font-size="16" stroke="none" fill="{TOKENS["ink"]}">{inside}</g></svg>'
    )
