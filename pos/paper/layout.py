"""A document set for one printer: lines of letters, pictures of dots, white paper and the knife, from top to bottom.

The printed bytes and the preview are both made from this one setting, so neither can say what the other does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from pos.paper import document as d
from pos.paper.dots import Bitmap, hairline, pack, picture, qr_modules, qr_picture
from pos.paper.glyphs import FACES, advance, draw_text
from pos.paper.lettering import clean, in_columns, loosen, side_by_side, wrap
from pos.paper.models import PrinterModel


@dataclass(frozen=True, kw_only=True)
class Letters:
    """One line of letters, in one face and size; leading is the way to the next line, in dots."""

    text: str
    align: d.Align = d.Align.LEFT
    face: str = "a"
    bold: bool = False
    wide: int = 1
    tall: int = 1
    tracking: int = 0
    leading: int = 32

    def dots(self) -> int:
        """How wide the line is."""
        return advance(self.text, face=FACES[self.face], wide=self.wide, tracking=self.tracking)


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
SIZES = {
    d.Size.SMALL: Letters(text="", face="b", leading=23),
    d.Size.NORMAL: Letters(text="", leading=32),
    d.Size.TALL: Letters(text="", tall=2, leading=56),
    d.Size.LARGE: Letters(text="", tall=2, wide=2, leading=58),
}
# The first that fits on one line is taken; what fits nowhere wraps in the last.
HEADINGS = {
    1: [
        Letters(text="", align=d.Align.CENTRE, wide=2, tall=2, tracking=5, leading=60),
        Letters(text="", align=d.Align.CENTRE, wide=2, tall=2, tracking=2, leading=60),
        Letters(text="", align=d.Align.CENTRE, tall=2, tracking=6, leading=58),
        Letters(text="", align=d.Align.CENTRE, tall=2, tracking=0, leading=58),
    ],
    2: [Letters(text="", align=d.Align.CENTRE, bold=True, tracking=t, leading=36) for t in (7, 4, 1)],
    3: [Letters(text="", face="b", bold=True, tracking=t, leading=26) for t in (4, 2, 0)],
}


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


def _block(block: d.Block, model: PrinterModel) -> Iterator[Set]:
    match block:
        case d.Heading() | d.Text() | d.Row() | d.Table():
            yield from (_printable(line, model) for line in _lines(block, model))
        case d.Rule():
            yield from _rule(block.line, model)
        case d.QR():
            yield from _qr(block, model)
        case d.Picture():
            yield picture(block, most=model.dots)
        case d.Space():
            yield Feed(model.dots_of(block.mm))
        case d.Fold():
            yield from (Feed(12), hairline(model.dots, pattern=0xF000), Feed(12))
        case d.Cut():
            yield Knife()


def _lines(block: d.Heading | d.Text | d.Row | d.Table, model: PrinterModel) -> Sequence[Letters]:
    match block:
        case d.Heading():
            return _heading(block, model)
        case d.Text():
            style = replace(SIZES[block.size], align=block.align, bold=block.weight is d.Weight.BOLD)
            return _styled(wrap(block.text, _columns(style, model)), style)
        case d.Row():
            style = replace(SIZES[block.size], bold=block.weight is d.Weight.BOLD)
            return _styled(side_by_side(block.left, block.right, _columns(style, model)), style)
        case d.Table():
            return _table(block, model)


def _styled(lines: Sequence[str], style: Letters) -> list[Letters]:
    return [replace(style, text=loosen(line)) for line in lines]


def _columns(style: Letters, model: PrinterModel) -> int:
    columns = model.columns_a if style.face == "a" else model.columns_b
    if style.tracking:
        columns = model.dots // (FACES[style.face].width + style.tracking)
    return columns // style.wide


def _heading(heading: d.Heading, model: PrinterModel) -> list[Letters]:
    words = loosen(clean(heading.text)).upper()
    styles = HEADINGS[heading.level]
    for style in styles:
        line = replace(style, text=words)
        if line.dots() <= model.dots and "\n" not in words:
            return [line]
    return _styled(wrap(words, _columns(styles[-1], model)), styles[-1])


def _table(table: d.Table, model: PrinterModel) -> list[Letters]:
    style = SIZES[d.Size.SMALL]
    lines = in_columns([table.head, *table.rows], model.columns_b)
    if lines is None:  # too narrow for columns: each entry on its own line, under the name of its row
        lines = [line for row in table.rows for line in _stacked(table.head, row, model.columns_b)]
        return _styled(lines, style)
    head, *rows = _styled(lines, style)
    return [replace(head, bold=True), *rows]


def _stacked(head: tuple[str, ...], row: tuple[str, ...], columns: int) -> Iterator[str]:
    for name, entry in zip(head, row, strict=True):
        yield from side_by_side(name, entry, columns)


def _rule(line: d.Line, model: PrinterModel) -> Iterator[Set]:
    if line is d.Line.SHORT:
        yield from (Feed(12), hairline(96, rows=2), Feed(18))
    elif line is d.Line.DOUBLE:
        yield from (Feed(6), hairline(model.dots), Feed(3), hairline(model.dots), Feed(14))
    else:
        yield from (Feed(6), hairline(model.dots), Feed(14))


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
    if all(_has_code(character, model) for character in line.text):
        return line
    page = Image.new("1", (line.dots(), max(line.leading, FACES[line.face].height * line.tall)))
    draw_text(
        page, line.text, at=(0, 0), face=FACES[line.face], bold=line.bold, wide=line.wide, tall=line.tall,
        tracking=line.tracking,
    )  # fmt: skip
    return pack(page, align=line.align)


def _has_code(character: str, model: PrinterModel) -> bool:
    return character.isascii() or any(_encodes(character, page) for page, _ in model.code_pages)


def _encodes(character: str, page: str) -> bool:
    try:
        character.encode(page)
    except UnicodeEncodeError:
        return False
    return True
