"""Words on a line of fixed cells: cleaning, wrapping and setting side by side. Nothing is ever cut off."""

import unicodedata

from pos.paper.glyphs import cells, cells_of, clusters

FIXED_SPACE = "\u00a0"  # holds a price together while lines are broken; a plain space once they are


def clean(text: str) -> str:
    """A text fit for paper: NFC, one kind of fixed space, and no character that could speak to the printer itself.

    Tabs and odd spaces become spaces, U+202F and U+2007 become the fixed space; control and format characters go.
    """
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if character in "\u00a0\u202f\u2007":
            kept.append(FIXED_SPACE)
        elif character == "\n" or category in ("Zl", "Zp"):
            kept.append("\n")
        elif character == "\t" or category == "Zs":
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Cs"):
            kept.append(character)
    return "".join(kept)


def loosen(line: str) -> str:
    """A finished line with plain spaces only: no code page is spent on a fixed space."""
    return line.replace(FIXED_SPACE, " ")


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most so many cells: between words, and inside a word only if it is longer.

    Line breaks in the text are kept; an empty text is one empty line. columns is at least 2.
    """
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines += _wrap_paragraph(paragraph, columns)
    return lines


def _wrap_paragraph(paragraph: str, columns: int) -> list[str]:
    lines = [""]
    for word in paragraph.split(" "):
        for part in _parts(word, columns):
            joined = f"{lines[-1]} {part}" if lines[-1] else part
            if cells(joined) <= columns:
                lines[-1] = joined
            else:
                lines.append(part)
    return lines


def _parts(word: str, columns: int) -> list[str]:
    """The word itself, or its pieces of at most so many cells."""
    parts, used = [""], 0
    for cluster in clusters(word):
        if used + cells_of(cluster) > columns:
            parts.append("")
            used = 0
        parts[-1] += cluster
        used += cells_of(cluster)
    return parts if parts != [""] else []


def side_by_side(left: str, right: str, columns: int) -> list[str]:
    """A name and its price: the price at the right edge of the first line, the name wrapped beside it.

    Where the name would be left with less than a third of the line, the price gets its own line below.
    """
    price = wrap(right, columns)
    beside = columns - cells(price[0]) - 1
    if len(price) > 1 or beside < min(cells(clean(left)), columns // 3):
        return [*wrap(left, columns), *(_at_right(line, columns) for line in price)]
    first, *rest = wrap(left, beside)
    return [first + " " * (columns - cells(first) - cells(price[0])) + price[0], *rest]


def _at_right(line: str, columns: int) -> str:
    return " " * (columns - cells(line)) + line


def in_columns(rows: list[tuple[str, ...]], columns: int) -> list[str] | None:
    """Rows of a small table, the first column at the left, the others ending at the right; None if they do not fit."""
    widths = [max(cells(clean(row[i])) for row in rows) for i in range(len(rows[0]))]
    spare = columns - sum(widths)
    gaps = len(widths) - 1
    if spare < 2 * gaps:
        return None
    lines = []
    for row in rows:
        line, edge = "", 0
        for i, (entry, width) in enumerate(zip(map(clean, row), widths, strict=True)):
            edge += width + (spare * i // gaps - spare * (i - 1) // gaps if i else 0)
            line += entry if i == 0 else " " * (edge - cells(line) - cells(entry)) + entry
        lines.append(line)
    return lines
