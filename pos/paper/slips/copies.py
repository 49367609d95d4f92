"""A copy says that it is one: at its head and beside each code, with who printed it, when and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pos.paper.document import QR, Align, Block, Document, Heading, Line, Rule, Size, Space, Text, Weight
from pos.paper.slips.words import moment, say


@dataclass(frozen=True, kw_only=True)
class CopyFacts:
    """Which copy this is, counted from 1, of a slip first printed at original_at (None if that is not known)."""

    number: int
    at: datetime
    zone: str
    by: str
    why: str
    original_at: datetime | None = None


def as_copy(document: Document, copy: CopyFacts) -> Document:
    """The same slip, marked as a copy; all else, its code too, is as it was."""
    language = document.language
    banner = say(language, "copy", number=copy.number)
    return replace(
        document, title=f"{document.title} ({banner})", blocks=(*_banner(document, copy), *_marked(document, banner))
    )


def _banner(document: Document, copy: CopyFacts) -> Iterator[Block]:
    language = document.language
    at = moment(copy.at, copy.zone, language)
    yield Heading(text=say(language, "copy", number=copy.number), level=1)
    yield _small(say(language, "copy_by", number=copy.number, at=at, by=copy.by))
    yield _small(say(language, "copy_why", why=copy.why))
    if copy.original_at:
        yield _small(say(language, "original_at", at=moment(copy.original_at, copy.zone, language)))
    yield Rule(line=Line.DOUBLE)
    yield Space(mm=3)


def _marked(document: Document, banner: str) -> Iterator[Block]:
    for block in document.blocks:
        yield block
        if isinstance(block, QR):
            yield Text(text=banner, align=block.align, weight=Weight.BOLD)


def _small(text: str) -> Text:
    return Text(text=text, align=Align.CENTRE, size=Size.SMALL)
