"""The words as they will be cut, drawn on a plate: to read every letter before it is too late, not to measure it."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from pos.paper.document import Picture
from pos.paper.glyphs import FONTS

WIDTH = 376  # dots: the narrowest paper's, less a margin
MOST, LEAST = 44, 14  # pixels of a letter
EDGE, ROUND = 20, 26


def engraving_proof(lines: Sequence[str]) -> Picture:
    """A plate with the words on it, a line each, as large as the longest line allows. lines is not empty."""
    pixels = next((size for size in range(MOST, LEAST, -2) if _widest(lines, size) <= WIDTH - 2 * EDGE), LEAST)
    step = round(pixels * 1.45)
    plate = Image.new("1", (max(WIDTH, _widest(lines, pixels) + 2 * EDGE), step * len(lines) + 2 * EDGE))
    pen = ImageDraw.Draw(plate)
    pen.fontmode = "1"
    pen.rounded_rectangle((0, 0, plate.width - 1, plate.height - 1), ROUND, outline=1, width=2)
    for i, line in enumerate(lines):
        middle = (plate.width / 2, EDGE + step * i + step / 2)
        pen.text(middle, line, fill=1, font=_font(pixels), anchor="mm")
    return Picture(width=plate.width, height=plate.height, bits=plate.tobytes().hex())


def _widest(lines: Sequence[str], pixels: int) -> int:
    return max(round(_font(pixels).getlength(line)) for line in lines)


def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / "DejaVuSansMono.ttf", pixels, layout_engine=ImageFont.Layout.BASIC)
