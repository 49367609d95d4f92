"""A receipt printer in a line drawing, and how it stands: paper coming out, a lamp, two bars, a question."""

from kiosk.theme import TOKENS

INK, EDGE, GREEN, BRICK, PAPER = (TOKENS[name] for name in ("ink", "edge", "green", "brick", "white"))
WIDTH, HEIGHT = 96, 84
STRIP = f'<path d="M30 36V8h36v28" fill="{PAPER}" stroke="{EDGE}" stroke-width="1.5"/>'
LINES = f'<path d="M37 16h22M37 22h22M37 28h14" stroke="{EDGE}" stroke-width="1.5"/>'
SIGNS = {
    "ready": f'<circle cx="48" cy="58" r="7" fill="{GREEN}"/>',
    "trouble": (
        f'<path d="M48 48l11 19H37z" fill="{BRICK}"/><path d="M48 54v6M48 63v1.5" stroke="{PAPER}" stroke-width="2"/>'
    ),
    "paused": f'<path d="M43 50v16M53 50v16" stroke="{INK}" stroke-width="4"/>',
    "unheard": f'<circle cx="48" cy="58" r="7" fill="none" stroke="{EDGE}" stroke-width="2" stroke-dasharray="3 3"/>',
}
DASHED = ' stroke-dasharray="4 4"'


def drawn(state: str) -> str:
    """The printer as SVG; state is ready, trouble, paused or unheard (it has not said anything for a while)."""
    outline = DASHED if state == "unheard" else ""
    paper = STRIP + LINES if state == "ready" else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'{paper}<rect x="10" y="36" width="76" height="42" rx="4" fill="{PAPER}" stroke="{INK}"{outline} '
        'stroke-width="2"/>'
        f'<path d="M22 42h52" stroke="{INK}" stroke-width="2"/>{SIGNS[state]}</svg>'
    )
