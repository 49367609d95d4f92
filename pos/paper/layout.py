"""A document set for one printer: lines of letters, pictures of dots, white paper and the knife, from top to bottom.

The printed bytes and the preview are both made from this one setting, so neither can say what the other does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from pos.paper import document as d
from pos.paper.dots import Bitmap, hairline, pack, picture, qr_modules, qr_picture
from pos.paper.glyphs import FACES, draw_text
from pos.paper.lines import Letters, lines_of
from pos.paper.models import PrinterModel
from pos.paper.ruler import ruler


@dataclass(frozen=True, kw_only=True)
class NativeQr:
    """A QR code that the printer draws itself, so many modules wide."""

    payload: str
    modules: int
    module_dots: int
    align: d.Align


@dataclass(frozen=True)
class Feed:
    """White paper, in dots."""

    dots: int


@dataclass(frozen=True)
class Knife:
    """Feed to the knife and cut."""


Set = Letters | Bitmap | NativeQr | Feed | Knife


def set_for(document: d.Document, *, model: PrinterModel) -> list[Set]:
    """Set a document for a printer. Raises dots.DoesNotFit if a QR code is wider than the paper at a readable size."""
    laid: list[Set] = []
    for block in document.blocks:
        for item in _block(block, model):
            if isinstance(item, Feed) and laid and isinstance(laid[-1], Feed):
                laid[-1] = Feed(laid[-1].dots + item.dots)
            else:
                laid.append(item)
    return laid


def draw_letters(page: Image.Image, line: Letters, *, at: tuple[int, int]) -> None:
    """Burn a line into a page, its left upper corner at `at`; letters of any size stand on its foot."""
    tallest = max(run.style.height for run in line.runs)
    for run in line.runs:
        style = run.style
        draw_text(
            page, run.text, at=(at[0] + run.x, at[1] + tallest - style.height), face=FACES[style.face],
            bold=style.bold, wide=style.wide, tall=style.tall, tracking=style.tracking,
        )  # fmt: skip


def _block(block: d.Block, model: PrinterModel) -> Iterator[Set]:
    match block:
        case d.Heading() | d.Text() | d.Row() | d.Fact() | d.Table():
            yield from (_printable(line, model) for line in lines_of(block, model))
        case d.Rule():
            yield from _rule(block.line, model)
        case d.QR():
            yield from _qr(block, model)
        case d.Picture() | d.Ruler():
            yield picture(block, most=model.dots) if isinstance(block, d.Picture) else ruler(block, model=model)
        case d.Space():
            yield Feed(model.dots_of(block.mm))
        case d.Fold():
            yield from (Feed(12), hairline(model.dots, pattern=0xF000), Feed(12))
        case d.Cut():
            yield Knife()


def _rule(line: d.Line, model: PrinterModel) -> Iterator[Set]:
    if line is d.Line.SHORT:
        yield from (Feed(14), hairline(96, rows=2), Feed(20))
    elif line is d.Line.DOUBLE:
        yield from (Feed(6), hairline(model.dots), Feed(3), hairline(model.dots), Feed(14))
    else:
        yield from (Feed(6), hairline(model.dots), Feed(16))


def _qr(block: d.QR, model: PrinterModel) -> Iterator[Set]:
    modules, module_dots = qr_modules(block.payload, most=model.dots)
    quiet = Feed(4 * module_dots)  # ISO/IEC 18004: four modules all round; above and below it is white paper
    drawn: Set = (
        NativeQr(payload=block.payload, modules=modules, module_dots=module_dots, align=block.align)
        if model.native_qr and block.align is d.Align.CENTRE
        else qr_picture(block.payload, module_dots=module_dots, align=block.align)
    )
    yield from (quiet, drawn, quiet)


def _printable(line: Letters, model: PrinterModel) -> Letters | Bitmap:
    """The line itself, or its picture where a letter is in none of the printer's code pages: never a question mark."""
    if all(run.text.isascii() or all(_has_code(letter, model) for letter in run.text) for run in line.runs):
        return line
    page = Image.new("1", (line.width, line.leading))
    draw_letters(page, line, at=(0, 0))
    return pack(page, align=line.align)


def _has_code(character: str, model: PrinterModel) -> bool:
    return character.isascii() or any(_encodes(character, page) for page, _ in model.code_pages)


def _encodes(character: str, page: str) -> bool:
    try:
        character.encode(page)
    except UnicodeEncodeError:
        return False
    return True
