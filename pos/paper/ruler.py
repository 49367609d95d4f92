"""A strip of paper to measure a finger by, drawn dot by dot for one printer, and two bars of ten millimetres beside it.

Along the paper, from the line marked 0, a tick stands at every millimetre; where the strip meets its own 0 round a
finger, it says the inner circumference in mm. Exact to half a dot (0.06 mm at 203 dpi), if the printer feeds true: the
bars are there to be laid on a ruler.
"""

from PIL import Image, ImageDraw

from pos.paper import document as d
from pos.paper.dots import Bitmap, pack
from pos.paper.glyphs import FACES, draw_text
from pos.paper.models import PrinterModel

STRIP_MM, TAIL_MM = 8.0, 12.0  # how broad the strip is; blank paper before its 0, to hold it by
BAR_MM = 10.0
BARS_MM = (18.0, 16.0)  # where the bars begin: from the left, and from the strip's 0


def ruler(block: d.Ruler, *, model: PrinterModel) -> Bitmap:
    """The strip and its bars for this printer."""
    dots = model.dots_of
    tail, long = dots(TAIL_MM), dots(block.mm)
    page = Image.new("1", (min(dots(BARS_MM[0] + BAR_MM + 14), model.dots), tail + long + dots(4)))
    pen = ImageDraw.Draw(page)
    wide = dots(STRIP_MM)
    for x in (0, wide):  # where the scissors go
        _dashes(pen, x, page.height)
    for mm in range(block.mm + 1):
        y, much = tail + dots(mm), 0.45 if mm % 10 == 0 else 0.3 if mm % 5 == 0 else 0.16
        pen.line([(0, y), (wide if mm == 0 else round(wide * much), y)], fill=1, width=3 if mm == 0 else 1)
        if mm % 10 == 0:
            _name(page, str(mm), at=(round(wide * 0.5), y - FACES["b"].height // 2))
    _bars(page, pen, model, tail)
    return pack(page, align=d.Align.CENTRE)


def _bars(page: Image.Image, pen: ImageDraw.ImageDraw, model: PrinterModel, tail: int) -> None:
    """Ten millimetres along the paper and ten across it, from the middle of one stop to that of the other."""
    x, y, ten = model.dots_of(BARS_MM[0]), tail + model.dots_of(BARS_MM[1]), model.dots_of(BAR_MM)
    stop = model.dots_of(1.5)
    for ends in (((x, y), (x + ten, y)), ((x, y + stop * 2), (x, y + stop * 2 + ten))):
        pen.line([*ends], fill=1, width=1)
        across = ends[0][1] == ends[1][1]
        for a, b in ends:
            pen.line([(a, b - stop), (a, b + stop)] if across else [(a - stop, b), (a + stop, b)], fill=1, width=1)
    _name(page, "10 mm", at=(x + ten + 6, y - FACES["b"].height // 2))
    _name(page, "10 mm", at=(x + stop * 2, y + stop * 2 + ten // 2 - FACES["b"].height // 2))


def _name(page: Image.Image, words: str, *, at: tuple[int, int]) -> None:
    draw_text(page, words, at=at, face=FACES["b"])


def _dashes(pen: ImageDraw.ImageDraw, x: int, height: int) -> None:
    for y in range(0, height, 16):
        pen.line([(x, y), (x, y + 7)], fill=1, width=1)
