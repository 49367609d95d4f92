"""What every drawing to scale shares: one unit is one millimetre, quiet lines, and a bar of ten millimetres."""

from kiosk.theme import METALS, TOKENS

INK, QUIET, BRASS, GREEN = TOKENS["ink"], TOKENS["muted"], TOKENS["brass"], TOKENS["green"]


def sheet(left: float, top: float, width: float, height: float, inside: str) -> str:
    """A drawing whose window is given in millimetres."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'width="{width:g}mm" height="{height:g}mm" fill="none" stroke-linecap="round" stroke-linejoin="round" '
        f'font-family="Vitrine Engraver, Source Serif, serif">{inside}</svg>'
    )


def metal(name: str = "white") -> str:
    """The fill of a metal, as a gradient called `m`."""
    light, mid, dark, _ = METALS[name]
    return (
        f'<defs><linearGradient id="m" x1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>'
        f'<stop offset=".45" stop-color="{mid}"/><stop offset=".6" stop-color="{light}"/>'
        f'<stop offset="1" stop-color="{dark}"/></linearGradient></defs>'
    )


def metal_of(material_id: str) -> str:
    """How a material is drawn: gold or white."""
    return "gold" if material_id.startswith(("VERMEIL", "AU")) else "white"


def bar(x: float, y: float, *, mm: float = 10, size: float = 3, words: str = "") -> str:
    """A bar to check the scale by: so many millimetres long, with a stop at each end."""
    stop, thin = size * 0.45, size * 0.1
    ends = "".join(f"M{end:g} {y - stop:g}v{2 * stop:g}" for end in (x, x + mm))
    return (
        f'<path class="bar" d="{ends}M{x:g} {y:g}h{mm:g}" '
        f'stroke="{QUIET}" stroke-width="{thin:g}"/>'
        f'<text x="{x + mm + size * 0.7:g}" y="{y + size * 0.36:g}" font-size="{size:g}" fill="{QUIET}">'
        f"{words or f'{mm:g} mm'}</text>"
    )


def across(x: float, y: float, mm: float, *, size: float, words: str) -> str:
    """A measure: a line of so many millimetres centred on x, with its words above."""
    stop = size * 0.4
    return (
        f'<path class="measure" d="M{x - mm / 2:g} {y - stop:g}v{2 * stop:g}M{x - mm / 2:g} {y:g}h{mm:g}'
        f'M{x + mm / 2:g} {y - stop:g}v{2 * stop:g}" stroke="{BRASS}" stroke-width="{size * 0.09:g}"/>'
        f'<text x="{x:g}" y="{y - size * 0.5:g}" font-size="{size:g}" text-anchor="middle" fill="{INK}">{words}</text>'
    )
