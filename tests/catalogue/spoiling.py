"""How a test spoils a capsule folder, and what the reader says then."""

from datetime import date
from pathlib import Path

from pos.catalogue import reading
from pos.catalogue.mistakes import Mistake
from pos.errors import CapsuleMistakes

DAY = date(2026, 11, 23)


def rewrite(folder: Path, before: str, after: str, *, file: str = "capsule.toml", times: int = 1) -> None:
    """Change some words of a file; they must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= times, f"{before!r} is not in {path.name}"
    path.write_text(text.replace(before, after, times), encoding="utf-8")


def mistakes(folder: Path) -> list[Mistake]:
    """Every mistake of one folder; none where it is right."""
    try:
        reading.read(folder, on=DAY)
    except CapsuleMistakes as found:
        return list(found.mistakes)
    return []


def said(folder: Path) -> list[tuple[str, str]]:
    """Key and rule of every mistake of one folder."""
    return [(mistake.key, mistake.rule) for mistake in mistakes(folder)]
