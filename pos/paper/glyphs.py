"""The letters of a thermal printer: fixed cells of dots, black or not, drawn from the house's own font.

Shared by the preview and the virtual printer, so that both draw one letter alike. Imports nothing of the shop.
In every picture here a dot is 1 where it burns; only `on_paper` turns it into ink on paper.
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
MISSING = "\uffff"  # never a letter: draws what the font draws for a letter that it lacks
# 3 x 5 dots, a row an octal digit: a letter that the font lacks shows its number instead of vanishing.
HEX = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71111",
    "8": "75757", "9": "75717", "A": "25755", "B": "65656", "C": "74447", "D": "65556", "E": "74747", "F": "74744",
}  # fmt: skip
PAPER, INK = (251, 250, 246), (32, 30, 29)


@dataclass(frozen=True)
class Face:
    """One of the printer's two fonts: its cell in dots, and the size at which the house's font fills that cell."""

    width: int
    height: int
    pixels: int


FONT_A, FONT_B = Face(12, 24, 20), Face(9, 17, 15)
FACES = {"a": FONT_A, "b": FONT_B}


def clusters(text: str) -> list[str]:
    """Split a text into what a reader counts as letters: a base and the accents that stand on it."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for character in text:
        if found and unicodedata.combining(character):
            found[-1] += character
        else:
            found.append(character)
    return found


@lru_cache(maxsize=2048)
def cells_of(cluster: str) -> int:
    """How many cells a letter takes: East Asian wide letters take two."""
    return 2 if unicodedata.east_asian_width(cluster[0]) in "WF" else 1


def cells(text: str) -> int:
    """How many cells a text takes on the printer's line."""
    return len(text) if text.isascii() else sum(cells_of(cluster) for cluster in clusters(text))


def advance(text: str, *, face: Face, wide: int = 1, tracking: int = 0) -> int:
    """How far a text goes, in dots; tracking is the printer's right-side character space, in dots."""
    return (cells(text) * face.width + len(clusters(text)) * tracking) * wide


def draw_text(
    page: Image.Image, text: str, *, at: tuple[int, int], face: Face, bold: bool = False, wide: int = 1, tall: int = 1,
    tracking: int = 0,
) -> int:  # fmt: skip
    """Burn a text into a page, its cell's upper left corner at `at` (dots); gives back where the next begins."""
    x, y = at
    for cluster in clusters(text):
        cell = glyph(cluster, face=face, bold=bold)
        if (wide, tall) != (1, 1):
            cell = cell.resize((cell.width * wide, cell.height * tall), Image.Resampling.NEAREST)
        page.paste(1, (x, y), cell)
        x += cell.width + tracking * wide
    return x


@lru_cache(maxsize=4096)
def glyph(cluster: str, *, face: Face, bold: bool) -> Image.Image:
    """One letter in its cell: crisp dots, as a print head burns them."""
    cell = Image.new("1", (cells_of(cluster) * face.width, face.height))
    if cluster.isspace():
        return cell
    if not can_draw(cluster):
        return _number_in_a_box(cell, ord(cluster[0]))
    pen = ImageDraw.Draw(cell)
    pen.fontmode = "1"
    # On the baseline, four fifths down: accents on capitals and the tails of g and y both stay inside the cell.
    pen.text((cell.width / 2, round(face.height * 0.79)), cluster, fill=1, font=_font(face.pixels, bold), anchor="ms")
    return cell


@lru_cache(maxsize=4096)
def can_draw(cluster: str) -> bool:
    """Whether the house's font has every part of this letter."""
    return all(part.isspace() or _marks(part) != _marks(MISSING) for part in cluster)


@lru_cache(maxsize=4096)
def _marks(character: str) -> bytes:
    mask = _font(FONT_A.pixels, False).getmask(character, mode="1")
    return bytes(mask) + repr(mask.size).encode()


@lru_cache(maxsize=8)
def _font(pixels: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    return ImageFont.truetype(FONTS / name, pixels, layout_engine=ImageFont.Layout.BASIC)


def _number_in_a_box(cell: Image.Image, number: int) -> Image.Image:
    pen = ImageDraw.Draw(cell)
    pen.rectangle((0, 1, cell.width - 2, cell.height - 3), outline=1)
    digits = f"{number:04X}"[-4:]
    for place, digit in enumerate(digits):
        left, top = (cell.width - 8) // 2 + 4 * (place % 2), (cell.height - 13) // 2 + 6 * (place // 2)
        for row, bits in enumerate(map(int, HEX[digit])):
            for column in range(3):
                if bits >> (2 - column) & 1:
                    cell.putpixel((left + column, top + row), 1)
    return cell


def on_paper(dots: Image.Image, *, paper_dots: int, margin: int = 40) -> bytes:
    """A printed page as a picture of the paper strip: a PNG, one pixel a dot, white beside and around the print."""
    sheet = Image.new("P", (paper_dots, dots.height + 2 * margin), 0)
    sheet.putpalette([*PAPER, *INK])
    sheet.paste(1, ((paper_dots - dots.width) // 2, margin), dots)
    file = io.BytesIO()
    sheet.save(file, "PNG", bits=1, optimize=False)
    return file.getvalue()
