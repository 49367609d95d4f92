"""One TOML file a person wrote: parsed, or the one thing that keeps it from being parsed, with its line."""

import tomllib
from pathlib import Path
from typing import Any

from pos.catalogue.mistakes import Book

Raw = dict[str, Any]


def parsed(path: Path) -> tuple[Book, Raw | None]:
    """The file as TOML reads it, with a book for its mistakes; None where it cannot be read, and the book says why."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        raw = tomllib.loads(text)
    except OSError:
        return _closed(path, "cannot be read: is it there?")
    except UnicodeDecodeError as wrong:
        line = path.read_bytes()[: wrong.start].count(b"\n") + 1
        return _closed(path, "is not UTF-8 text", line=line)
    except tomllib.TOMLDecodeError as wrong:
        return _closed(path, f"is not TOML: {_without_place(wrong)}", line=_line_of(wrong, text=text))
    except (ValueError, RecursionError):
        return _closed(path, "is not TOML: a number or a list without end")
    return Book(str(path), raw=raw, text=text), raw


def _closed(path: Path, reason: str, *, line: int | None = None) -> tuple[Book, None]:
    book = Book(str(path))
    book.note((), reason, line=line)
    return book, None


def _line_of(wrong: tomllib.TOMLDecodeError, *, text: str) -> int:
    _, found, place = str(wrong).partition("(at line ")
    return int(place.split(",")[0]) if found else text.count("\n") + 1  # "at end of document"


def _without_place(wrong: tomllib.TOMLDecodeError) -> str:
    return str(wrong).partition(" (at ")[0]
