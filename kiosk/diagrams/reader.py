"""The card reader, drawn: while it waits for a card its waves breathe, at rest it has none."""

from kiosk.theme import TOKENS

RESTING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 130" fill="none" stroke="{TOKENS["green"]}" '
    'stroke-width="2"><style>.w{animation:b 2.4s ease-in-out infinite}@keyframes b{50%{opacity:.2}}'
    "@media(prefers-reduced-motion){.w{animation:none}}</style>"
    '<rect x="26" y="44" width="68" height="84" rx="9"/><rect x="35" y="54" width="50" height="34" rx="2"/>'
    '<path d="M37 100h10M55 100h10M73 100h10M37 112h10M55 112h10M73 112h10"/></svg>'
)
WAITING = RESTING.replace(
    "</svg>",
    f'<g class="w" stroke="{TOKENS["brass"]}" stroke-linecap="round">'
    '<path d="M48 34a17 17 0 0 1 24 0M41 26a27 27 0 0 1 38 0M34 18a37 37 0 0 1 52 0"/></g></svg>',
)
