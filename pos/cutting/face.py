"""The engraver's face: the very outlines that are cut, and how wide they run. data/fonts/engraver.ttf, never fetched.

Everything is in millimetres for a given height of capitals; y goes down, and 0 is the line the letters stand on.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from pos.settings import HOUSE

FILE = HOUSE / "data" / "fonts" / "engraver.ttf"
SPACING = 0.05  # of the cap height, between two letters: capitals are cut a little apart
APOSTROPHE = {"'": "\u2019", "\u2018": "\u2019"}  # a straight one is cut as the engraver draws it


class Face:
    """One font: its cap height in its own units, its letters' advances and outlines."""

    def __init__(self, path: Path) -> None:
        font = TTFont(path, lazy=True)
        self._glyphs, self._names = font.getGlyphSet(), font.getBestCmap()
        self._advances = font["hmtx"]
        self.cap = float(font["OS/2"].sCapHeight)

    def has(self, letter: str) -> bool:
        """Whether this letter, in Unicode's composed form (NFC), can be cut."""
        return len(letter) == 1 and ord(letter) in self._names

    def width(self, words: str, *, cap_mm: float) -> float:
        """How wide these words run, in mm. Raises KeyError for a letter the face has not."""
        letters = _letters(words)
        run = sum(self._advances[self._name(letter)][0] for letter in letters) / self.cap
        return float(run + SPACING * max(0, len(letters) - 1)) * cap_mm

    def reach(self, words: str, *, cap_mm: float) -> tuple[float, float]:
        """How far these words rise above their line and fall below it, in mm: accents and tails count."""
        pen = BoundsPen(self._glyphs)
        for letter in _letters(words):
            self._glyphs[self._name(letter)].draw(pen)
        _, low, _, high = pen.bounds or (0, 0, 0, self.cap)
        return max(high, self.cap) / self.cap * cap_mm, max(-low, 0) / self.cap * cap_mm

    def outline(self, words: str, *, x: float, y: float, cap_mm: float) -> str:
        """These words as one SVG path, beginning at x and standing on y."""
        scale = cap_mm / self.cap
        pen = SVGPathPen(self._glyphs, ntos=lambda value: f"{value:.3f}".rstrip("0").rstrip("."))
        for letter in _letters(words):
            name = self._name(letter)
            self._glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
            x += (self._advances[name][0] * scale) + SPACING * cap_mm
        return str(pen.getCommands())

    def _name(self, letter: str) -> str:
        return str(self._names[ord(letter)])


@lru_cache(maxsize=2)
def face(path: Path = FILE) -> Face:
    """The face, read once a process."""
    return Face(path)


def _letters(words: str) -> list[str]:
    return [APOSTROPHE.get(letter, letter) for letter in unicodedata.normalize("NFC", words)]
