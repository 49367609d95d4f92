"""Words on a line of fixed cells: cleaned, and broken into lines. Nothing is ever cut off."""

import unicodedata

from pos.paper.glyphs import cells, cells_of, clusters

FIXED_SPACE = "\u00a0"  # holds a price together while lines are broken; a plain space once they are


def clean(text: str) -> str:
    """A text fit for paper: NFC, one kind of fixed space, and no character that could speak to the printer itself.

    Tabs and odd spaces become spaces, U+202F and U+2007 become the fixed space; control and format characters go.
    """
    if text.isascii() and text.isprintable():
        return text
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
    return [line for paragraph in clean(text).split("\n") for line in _wrap_paragraph(paragraph, columns)]


def balance(text: str, columns: int) -> list[str]:
    """The same, with as few lines, of as even a length as can be: for text in the middle of the paper."""
    lines = wrap(text, columns)
    if len(lines) == 1:
        return lines
    too_narrow, wide = 1, columns
    while wide - too_narrow > 1:
        middle = (too_narrow + wide) // 2
        if len(wrap(text, middle)) == len(lines):
            wide = middle
        else:
            too_narrow = middle
    even = wrap(text, wide)
    return even if _words(even) == _words(lines) else lines  # a word is not broken for the sake of looks


def _words(lines: list[str]) -> list[str]:
    return " ".join(lines).split()


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
    if cells(word) <= columns:
        return [word] if word else []
    parts, used = [""], 0
    for cluster in clusters(word):
        if used + cells_of(cluster) > columns:
            parts.append("")
            used = 0
        parts[-1] += cluster
        used += cells_of(cluster)
    return parts if parts != [""] else []
