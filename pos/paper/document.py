"""A slip as a list of blocks: what is said and how it weighs, without a width, a printer or a pixel.

One document makes the printed slip, its picture and its e-mail. It is frozen, and made anew each time: the
slip's facts are what lives in the records.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, with_config


class Align(StrEnum):
    """Where on the line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Weight(StrEnum):
    """How dark."""

    REGULAR = "regular"
    BOLD = "bold"


class Size(StrEnum):
    """How big: the printer's font B, its font A, font A twice as high, font A twice as high and wide."""

    SMALL = "small"
    NORMAL = "normal"
    TALL = "tall"
    LARGE = "large"


class Line(StrEnum):
    """How a rule is drawn."""

    FULL = "full"
    SHORT = "short"
    DOUBLE = "double"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A title in spaced capitals: level 1 is the house's name, 2 the slip's, 3 a part of it."""

    text: str
    level: Literal[1, 2, 3] = 2


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph; it wraps."""

    text: str
    align: Align = Align.LEFT
    weight: Weight = Weight.REGULAR
    size: Size = Size.NORMAL


@dataclass(frozen=True, kw_only=True)
class Row:
    """A name at the left, which wraps, and its price at the right edge.

    A large row is a sum: its name is set in small capitals, and only the figure is large.
    """

    left: str
    right: str
    weight: Weight = Weight.REGULAR
    size: Size = Size.NORMAL


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A small label at the left, and what it is at the right."""

    label: str
    fact: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A hairline over the whole width, a short one in the middle, or a double one."""

    line: Line = Line.FULL


@dataclass(frozen=True, kw_only=True)
class Table:
    """Small rows under a head, as VAT by rate; the first column begins at the left, the others end at the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if len(self.head) < 2 or any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("a table has two columns or more, and every row as many as its head")


@dataclass(frozen=True, kw_only=True)
class QR:
    """A QR code (ISO/IEC 18004) with its quiet zone; error correction M."""

    payload: str
    align: Align = Align.CENTRE


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, kw_only=True)
class Picture:
    """A black-and-white picture: rows of packed bits in hexadecimal, the left dot in the highest bit, 1 burns.

    The only block that facts may hold (a logo): it is read back from the records, and checked as they are.
    """

    width: int
    height: int
    bits: str
    align: Align = Align.CENTRE

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(bytes.fromhex(self.bits)) != (self.width + 7) // 8 * self.height:
            raise ValueError("a picture has as many bits as its width and height say")


@dataclass(frozen=True, kw_only=True)
class Ruler:
    """A scale along the paper, in millimetres, on a strip to be cut out; beside it bars of ten to check it by."""

    mm: int


@dataclass(frozen=True, kw_only=True)
class Space:
    """White paper, in millimetres."""

    mm: int = 3


@dataclass(frozen=True, kw_only=True)
class Fold:
    """A dashed line: fold here."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The end of the slip: paper is fed to the knife and cut, but for a small bridge."""


Block = Heading | Text | Row | Fact | Rule | Table | QR | Picture | Ruler | Space | Fold | Cut


@dataclass(frozen=True, kw_only=True)
class Document:
    """A slip: its title (for the e-mail and the screen reader), its language and its blocks."""

    title: str
    language: Literal["en", "fr"]
    blocks: tuple[Block, ...]
