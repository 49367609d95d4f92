"""The strip of paper under the print head: where letters and dots fall, line by line, as the manual says.

Only places are worked out while printing; the dots are drawn afterwards, so that drawing delays no reply.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PIL import Image

from pos.paper.glyphs import FACES, advance, clusters, draw_text

ALIGN = {0: 0.0, 48: 0.0, 1: 0.5, 49: 0.5, 2: 1.0, 50: 1.0}


@dataclass(frozen=True, kw_only=True)
class Style:
    """How letters are printed from here on; distances in dots, align as a share of the free width at the left."""

    face: str = "a"
    bold: bool = False
    wide: int = 1
    tall: int = 1
    tracking: int = 0
    align: float = 0.0
    leading: int = 34  # a sixth of an inch


@dataclass(frozen=True)
class Run:
    """Letters in one style, so many dots from the line's beginning."""

    text: str
    style: Style
    offset: int


Mark = Callable[[Image.Image], None]


@dataclass
class Page:
    """A strip so many dots wide, and how far it has been printed."""

    dots: int
    height: int = 0
    marks: list[Mark] = field(default_factory=list)
    line: list[Run] = field(default_factory=list)
    cursor: int = 0

    def write(self, text: str, style: Style) -> int:
        """Put letters on the line; what does not fit goes to the next. Gives back the dots fed for it."""
        fed = 0
        for letter in clusters(text):
            width = advance(letter, face=FACES[style.face], wide=style.wide, tracking=style.tracking)
            if self.cursor + width > self.dots and self.line:
                fed += self.feed_line(style)
            last = self.line[-1] if self.line else None
            if last and last.style == style and _end(last) == self.cursor:
                self.line[-1] = replace(last, text=last.text + letter)
            else:
                self.line.append(Run(letter, style, self.cursor))
            self.cursor += width
        return fed

    def move_to(self, dots: int) -> None:
        """Go on so many dots from the line's beginning."""
        self.cursor = dots

    def feed_line(self, style: Style) -> int:
        """Print the line and go to the next; gives back how many dots the paper moved."""
        tallest = max((_height(run) for run in self.line), default=0)
        if self.line:
            left = int((self.dots - max(map(_end, self.line))) * style.align)
            for run in self.line:
                self.marks.append(_letters(run, (left + run.offset, self.height + tallest - _height(run))))
        self.drop_line()
        return self.feed(max(style.leading, tallest))

    def drop_line(self) -> None:
        """Forget the letters that were not printed yet."""
        self.line, self.cursor = [], 0

    def place(self, width: int, style: Style) -> tuple[int, int]:
        """Where a picture so many dots wide begins."""
        return int((self.dots - width) * style.align), self.height

    def put(self, mark: Mark) -> None:
        """Burn a picture."""
        self.marks.append(mark)

    def feed(self, dots: int) -> int:
        """White paper."""
        self.height += dots
        return dots

    def draw(self) -> Image.Image:
        """The strip as dots, 1 where it burned."""
        strip = Image.new("1", (self.dots, max(1, self.height)))
        for mark in self.marks:
            mark(strip)
        return strip


def _end(run: Run) -> int:
    style = run.style
    return run.offset + advance(run.text, face=FACES[style.face], wide=style.wide, tracking=style.tracking)


def _height(run: Run) -> int:
    return FACES[run.style.face].height * run.style.tall


def _letters(run: Run, at: tuple[int, int]) -> Mark:
    def burn(strip: Image.Image) -> None:
        style = run.style
        draw_text(
            strip, run.text, at=at, face=FACES[style.face], bold=style.bold, wide=style.wide, tall=style.tall,
            tracking=style.tracking,
        )  # fmt: skip

    return burn


def dots_mark(data: bytearray, *, row_bytes: int, at: tuple[int, int], scale: tuple[int, int] = (1, 1)) -> Mark:
    """A picture of packed rows; it may still be growing, and burns as far as it has come."""

    def burn(strip: Image.Image) -> None:
        rows = len(data) // row_bytes
        if rows:
            image = Image.frombytes("1", (row_bytes * 8, rows), bytes(data[: rows * row_bytes]))
            if scale != (1, 1):
                image = image.resize((image.width * scale[0], rows * scale[1]), Image.Resampling.NEAREST)
            strip.paste(1, at, image)

    return burn
