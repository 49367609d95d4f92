"""A document as a picture of its paper: what the printer will print, dot for dot."""

from PIL import Image

from pos.paper import document as d
from pos.paper.dots import Bitmap, qr_picture
from pos.paper.glyphs import on_paper
from pos.paper.layout import Feed, Knife, NativeQr, Set, draw_letters, set_for
from pos.paper.lines import Letters
from pos.paper.models import PrinterModel


def preview(document: d.Document, *, model: PrinterModel) -> bytes:
    """A PNG of the paper strip, one pixel a dot. Raises dots.DoesNotFit if a QR code is wider than the paper."""
    laid = set_for(document, model=model)
    page = Image.new("1", (model.dots, max(1, sum(map(_height, laid)))))
    y = 0
    for item in laid:
        _draw(page, item, y)
        y += _height(item)
    return on_paper(page, paper_dots=model.paper_dots)


def _height(item: Set) -> int:
    match item:
        case Letters():
            return item.leading
        case Bitmap():
            return item.height
        case NativeQr():
            return item.modules * item.module_dots
        case Feed():
            return item.dots
        case Knife():
            return 0


def _draw(page: Image.Image, item: Set, y: int) -> None:
    match item:
        case Letters():
            draw_letters(page, item, at=(_left(item.align, item.width, page.width), y))
        case Bitmap():
            page.paste(item.image(), (_left(item.align, item.width, page.width), y))
        case NativeQr():
            code = qr_picture(item.payload, module_dots=item.module_dots, align=item.align).image()
            page.paste(code, (_left(item.align, item.modules * item.module_dots, page.width), y))
        case Feed() | Knife():
            pass


def _left(align: d.Align, width: int, page: int) -> int:
    return {d.Align.LEFT: 0, d.Align.CENTRE: (page - width) // 2, d.Align.RIGHT: page - width}[align]
