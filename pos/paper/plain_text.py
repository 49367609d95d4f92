"""A document in plain letters, for a mail program that shows nothing else; a code is told by what it says."""

from collections.abc import Iterable

from pos.paper import document as d
from pos.paper.lettering import FIXED_SPACE, clean, loosen, wrap

COLUMNS = 64


def plain_text(document: d.Document, *, above: Iterable[str] = ()) -> str:
    """A document in lines of 64 letters; above are sentences that stand before it."""
    lines = [line for sentence in above for line in (*wrap(sentence, COLUMNS), "")]
    for block in document.blocks:
        lines += _text(block)
    return "\n".join(loosen(line).rstrip() for line in lines).strip("\n") + "\n"


def _text(block: d.Block) -> list[str]:
    match block:
        case d.Heading() | d.Text() | d.Row() | d.Fact() | d.Table():
            return _lettered(block)
        case d.Rule():
            return ["-" * COLUMNS] if block.line is not d.Line.SHORT else [("-" * 8).center(COLUMNS)]
        case d.QR():
            return ["", clean(block.payload), ""]
        case d.Space():
            return [""]
        case d.Picture() | d.Ruler() | d.Fold() | d.Cut():  # a scale is true on paper only
            return []


def _lettered(block: d.Heading | d.Text | d.Row | d.Fact | d.Table) -> list[str]:
    match block:
        case d.Heading():
            words = [line.upper() for line in wrap(block.text, COLUMNS)]
            return ["", *words] if block.level == 3 else [line.center(COLUMNS) for line in words]
        case d.Text():
            return [_placed(line, block.align) for line in wrap(block.text, COLUMNS)]
        case d.Row():
            return _both(block.left, block.right)
        case d.Fact():
            return _both(block.label, block.fact)
        case d.Table():
            return _columns(block)


def _placed(line: str, align: d.Align) -> str:
    if align is d.Align.CENTRE:
        return line.center(COLUMNS)
    return line.rjust(COLUMNS) if align is d.Align.RIGHT else line


def _both(left: str, right: str) -> list[str]:
    """A name and its figure on one line where there is room; else the name above it."""
    words, figures = clean(left), clean(right).replace("\n", f"{FIXED_SPACE}/{FIXED_SPACE}")
    if len(words) + len(figures) + 2 <= COLUMNS and "\n" not in words:
        return [words + " " * (COLUMNS - len(words) - len(figures)) + figures]
    return [*wrap(words, COLUMNS), *(line.rjust(COLUMNS) for line in wrap(figures, COLUMNS))]


def _columns(table: d.Table) -> list[str]:
    rows = [tuple(map(clean, row)) for row in (table.head, *table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.head))]
    room = max(2, (COLUMNS - sum(widths)) // (len(widths) - 1))
    return [
        (" " * room).join(
            entry.ljust(width) if i == 0 else entry.rjust(width)
            for i, (entry, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
