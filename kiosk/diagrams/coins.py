"""A piece beside a coin everybody knows, to scale. The coin is plain: only its size and its outline are a coin's."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.diagrams.plates import outline_beside
from kiosk.diagrams.scale import QUIET, across, bar, metal, metal_of, sheet
from kiosk.theme import METALS, TOKENS


@dataclass(frozen=True)
class Coin:
    """A coin: its name, its width from edge to edge in mm, how many sides it has (0: round)."""

    name: str
    mm: float
    sides: int


POUND = Coin("£1", 23.43, 12)  # from corner to corner (The Royal Mint, UK coin specifications)
EURO = Coin("1 €", 23.25, 0)  # European Central Bank, coin specifications
COIN = {"en": POUND, "fr": EURO}
GAP = 9.0


def beside(*, kind: str, measures: Mapping[str, Any], material_id: str, coin: Coin, words: str) -> str:
    """A charm, a tag or a ring laid beside a coin; words stand over the width of the piece."""
    width, height, shape = outline_beside(kind, measures)
    name = metal_of(material_id)
    tall, wide = max(coin.mm, height), coin.mm + GAP + width
    piece = (
        f'<g transform="translate({coin.mm + GAP:g} {(tall - height) / 2:g}) scale(.1)" fill="url(#m)" '
        f'stroke="{METALS[name][3]}" stroke-width="1.2">{shape}</g>'
    )
    measure = across(coin.mm + GAP + width / 2, -3.4, width, size=2.6, words=words)
    return sheet(
        -3,
        -9,
        wide + 6,
        tall + 19,
        metal(name) + _coin(coin, tall / 2) + piece + measure + bar(0, tall + 6, size=2.4),
    )


def _coin(coin: Coin, y: float) -> str:
    r = coin.mm / 2
    look = f'class="coin" fill="{TOKENS["shade"]}" stroke="{QUIET}" stroke-width=".25"'
    turns = [math.tau * (i + 0.5) / coin.sides for i in range(coin.sides)]
    points = " ".join(f"{r + r * math.cos(turn):.4f},{y + r * math.sin(turn):.4f}" for turn in turns)
    edge = f'<polygon {look} points="{points}"/>' if coin.sides else f'<circle {look} cx="{r:g}" cy="{y:g}" r="{r:g}"/>'
    return (
        f'{edge}<circle cx="{r:g}" cy="{y:g}" r="{r * 0.72:g}" stroke="{QUIET}" stroke-width=".15"/>'
        f'<text x="{r:g}" y="{y + 2.2:g}" font-size="6.4" text-anchor="middle" fill="{QUIET}">{coin.name}</text>'
    )
