"""Lines of letters: headings, paragraphs, a name and its price, small tables, each for a paper's width.

Where two things stand on one line, the second is set by its distance from the left edge, not by counting spaces: so
every right edge is the same, in every face.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from pos.paper import document as d
from pos.paper.glyphs import FACES, advance, cells
from pos.paper.lettering import balance, clean, loosen, wrap
from pos.paper.models import PrinterModel


@dataclass(frozen=True, kw_only=True)
class Style:
    """One face in one size; leading is the way to the next line, tracking the white after each letter, both in dots."""

    face: str = "a"
    bold: bool = False
    wide: int = 1
    tall: int = 1
    tracking: int = 0
    leading: int = 32

    def columns(self, model: PrinterModel) -> int:
        """How many letters go on a line."""
        if not self.tracking:
            return (model.columns_a if self.face == "a" else model.columns_b) // self.wide
        return model.dots // self.advance("n")

    def advance(self, text: str) -> int:
        """How far a text goes, in dots."""
        return advance(text, face=FACES[self.face], wide=self.wide, tracking=self.tracking)

    @property
    def height(self) -> int:
        """How high its letters are, in dots."""
        return FACES[self.face].height * self.tall


@dataclass(frozen=True)
class Run:
    """Letters in one style, so many dots from the left end of their line."""

    text: str
    style: Style
    x: int = 0


@dataclass(frozen=True)
class Letters:
    """One line; only a line of a single run is anywhere but at the left."""

    runs: tuple[Run, ...]
    align: d.Align = d.Align.LEFT

    @property
    def width(self) -> int:
        """From its left end to its right, in dots."""
        return max((run.x + run.style.advance(run.text) for run in self.runs), default=0)

    @property
    def leading(self) -> int:
        """The way to the next line, in dots; never less than its letters are high."""
        return max(max(run.style.leading, run.style.height) for run in self.runs)


SIZES = {
    d.Size.SMALL: Style(face="b", leading=23),
    d.Size.NORMAL: Style(),
    d.Size.TALL: Style(tall=2, leading=56),
    d.Size.LARGE: Style(tall=2, wide=2, leading=60),
}
LABEL = Style(face="b", bold=True, tracking=4, leading=26)
# The first that fits on one line is taken; what fits in none wraps in the last.
HEADINGS = {
    1: [Style(wide=2, tall=2, tracking=t, leading=60) for t in (5, 1)]
    + [Style(bold=True, tracking=t, leading=40) for t in (9, 5, 1)],
    2: [Style(bold=True, tracking=t, leading=36) for t in (7, 4, 1)],
    3: [replace(LABEL, tracking=t) for t in (4, 2, 0)],
}
HEADING_ALIGN = {1: d.Align.CENTRE, 2: d.Align.CENTRE, 3: d.Align.LEFT}

Lettered = d.Heading | d.Text | d.Row | d.Fact | d.Table


def lines_of(block: Lettered, model: PrinterModel) -> Iterable[Letters]:
    """A block of words as lines for a paper."""
    match block:
        case d.Heading():
            return _heading(block, model)
        case d.Text():
            return _text(block, model)
        case d.Row():
            return _row(block, model)
        case d.Fact():
            return _pair((block.label, SIZES[d.Size.SMALL]), (block.fact, SIZES[d.Size.NORMAL]), model)
        case d.Table():
            return _table(block, model)


def _heading(heading: d.Heading, model: PrinterModel) -> list[Letters]:
    words, align = clean(heading.text).upper(), HEADING_ALIGN[heading.level]
    for style in HEADINGS[heading.level]:
        if style.advance(words) <= model.dots and "\n" not in words:
            break
    return [_line(line, style, align) for line in wrap(words, style.columns(model))]


def _text(text: d.Text, model: PrinterModel) -> list[Letters]:
    style = replace(SIZES[text.size], bold=text.weight is d.Weight.BOLD)
    broken = balance if text.align is d.Align.CENTRE else wrap
    return [_line(line, style, text.align) for line in broken(text.text, style.columns(model))]


def _line(text: str, style: Style, align: d.Align) -> Letters:
    return Letters((Run(loosen(text), style),), align)


def _row(row: d.Row, model: PrinterModel) -> list[Letters]:
    style = replace(SIZES[row.size], bold=row.weight is d.Weight.BOLD)
    if row.size is not d.Size.LARGE:
        return _pair((row.left, style), (row.right, style), model)
    label, figure = clean(row.left).upper(), clean(row.right)
    if LABEL.advance(label) + LABEL.advance(" ") + style.advance(figure) > model.dots:
        style = replace(SIZES[d.Size.NORMAL], bold=True)
    return _pair((label, LABEL), (figure, style), model)


def _pair(left: tuple[str, Style], right: tuple[str, Style], model: PrinterModel) -> list[Letters]:
    """Two texts side by side, the first wrapped beside the second; with too little room, the second below the first."""
    (words, style), (facts, facts_style) = left, right
    at_right = balance(facts, facts_style.columns(model))
    beside = (model.dots - max(map(facts_style.advance, at_right))) // style.advance(" ") - 1
    columns = style.columns(model)
    if beside < min(cells(clean(words)), columns // 3):
        below = [_at_right(fact, facts_style, model) for fact in at_right]
        return [Letters((Run(loosen(line), style),)) for line in wrap(words, columns)] + [Letters((r,)) for r in below]
    return [
        Letters(tuple(_both(line, style, fact, facts_style, model)))
        for line, fact in zip_longest(wrap(words, beside), at_right, fillvalue="")
    ]


def _both(line: str, style: Style, fact: str, facts_style: Style, model: PrinterModel) -> Iterator[Run]:
    if line or not fact:
        yield Run(loosen(line), style)
    if fact:
        yield _at_right(fact, facts_style, model)


def _at_right(text: str, style: Style, model: PrinterModel) -> Run:
    return Run(loosen(text), style, model.dots - style.advance(text))


def _table(table: d.Table, model: PrinterModel) -> Iterator[Letters]:
    style = SIZES[d.Size.SMALL]
    rows = [tuple(map(clean, row)) for row in (table.head, *table.rows)]
    widths = [max(style.advance(row[i]) for row in rows) for i in range(len(table.head))]
    gaps = len(widths) - 1
    spare = model.dots - sum(widths)
    if spare < 2 * gaps * style.advance(" "):
        yield from _stacked(table, style, model)
        return
    edges = [sum(widths[: i + 1]) + spare * i // gaps for i in range(len(widths))]
    for i, row in enumerate(rows):
        yield Letters(tuple(_entries(row, edges, replace(style, bold=i == 0))))


def _entries(row: tuple[str, ...], edges: list[int], style: Style) -> Iterator[Run]:
    first, *others = row
    yield Run(loosen(first), style)
    for entry, edge in zip(others, edges[1:], strict=True):
        yield Run(loosen(entry), style, edge - style.advance(entry))


def _stacked(table: d.Table, style: Style, model: PrinterModel) -> Iterator[Letters]:
    """Too narrow for columns: each entry on its own line, under the name of its column."""
    for row in table.rows:
        for name, entry in zip(table.head, row, strict=True):
            yield from _pair((name, style), (entry, style), model)
