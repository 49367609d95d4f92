"""Words set on a ground: as large as the piece allows, never below what can be read, and refused with every reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pos.catalogue.engraving import LEAST_CAP_MM, Limits, line_of, reason_against
from pos.catalogue.glyphs import clusters
from pos.cutting.face import Face, face
from pos.cutting.ground import Ground
from pos.errors import CannotEngrave

PITCH = 1.45  # from line to line, in cap heights (data/reference/README.md)
GAP = 0.25  # at least, between the tail of one line and the accent of the next, in cap heights
STEP_MM = 0.05  # letters are made smaller by so much at a time
WEAR_MM = 2.0  # smaller letters wear away sooner (data/reference/README.md)


@dataclass(frozen=True)
class Refusal:
    """One reason why these words cannot be cut; facts as `CannotEngrave` has them, over_mm how much too wide."""

    reason: str
    glyph: str | None = None
    line: int | None = None
    most: int | None = None
    over_mm: float | None = None


@dataclass(frozen=True)
class SetLine:
    """One line as it is cut: it begins at x and stands on y, and runs so wide, in mm."""

    words: str
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Setting:
    """Words on their ground, line by line that has any; cap_mm is a capital's height, or the least tried in vain."""

    lines: tuple[SetLine, ...]
    cap_mm: float
    refusals: tuple[Refusal, ...]

    @property
    def is_small(self) -> bool:
        """Whether the letters are so low that they wear away sooner."""
        return bool(self.lines) and self.cap_mm < WEAR_MM

    @property
    def height_mm(self) -> float:
        """From the head of the first line to the foot of the last."""
        return self.lines[-1].y - self.lines[0].y + self.cap_mm if self.lines else 0.0

    @property
    def width_mm(self) -> float:
        """Of the longest line."""
        return max((line.width for line in self.lines), default=0.0)


def set_words(words: Sequence[str], *, limits: Limits, on: Ground) -> Setting:
    """These lines as they would be cut, and every reason against them at once; never raises for words."""
    letters = face()
    refusals = list(_letters_refused(words, letters))
    clean = [] if refusals else [line_of(line) for line in words]
    while clean and not clean[-1]:
        clean.pop()
    refusals += _too_many(clean, limits)
    if refusals or not clean:
        return Setting((), limits.cap_height_mm, tuple(refusals))
    cap = limits.cap_height_mm
    while True:
        lines, found = _laid(clean, cap, on, letters)
        found = [replace(one, line=limits.named(one.line)) for one in found]
        if not found or cap - STEP_MM < LEAST_CAP_MM - 1e-9:
            return Setting(() if found else lines, cap, tuple(found))
        cap = round(cap - STEP_MM, 4)


def refuse(words: Sequence[str], *, limits: Limits, on: Ground) -> Setting:
    """The same, for who writes it down. Raises CannotEngrave with the first reason."""
    found = set_words(words, limits=limits, on=on)
    if found.refusals:
        first = found.refusals[0]
        facts = {"line": first.line, "most": first.most, "over_mm": first.over_mm}
        raise CannotEngrave("\n".join(words), first.reason, first.glyph, **facts)
    return found


def _letters_refused(words: Sequence[str], letters: Face) -> Iterator[Refusal]:
    seen = set()
    for line in words:
        for glyph in clusters(line_of(line, keep=True)):
            why = reason_against(glyph) or (None if letters.has(glyph) else "letter")
            if why and glyph not in seen:
                seen.add(glyph)
                yield Refusal(why, glyph)


def _too_many(lines: Sequence[str], limits: Limits) -> Iterator[Refusal]:
    if len(lines) > limits.lines:
        yield Refusal("lines_many", most=limits.lines)
    for number, (line, most) in enumerate(zip(lines, limits.chars_per_line, strict=False), start=1):
        if len(clusters(line)) > most:
            yield Refusal("line_long", line=limits.named(number), most=most)


def _laid(words: Sequence[str], cap: float, on: Ground, letters: Face) -> tuple[tuple[SetLine, ...], list[Refusal]]:
    """The lines at this height, in the middle of the area, and what does not fit."""
    reaches = [letters.reach(line, cap_mm=cap) for line in words]
    steps = [0.0]
    for (_, below), (above, _) in pairwise(reaches):
        steps.append(max(PITCH * cap, below + above + GAP * cap))
    tall = reaches[0][0] + sum(steps) + reaches[-1][1]
    area = on.area
    if tall > area.bottom - area.top + 1e-9:
        return (), [Refusal("lines_high", most=len(words) - 1, over_mm=tall - (area.bottom - area.top))]
    y = (area.top + area.bottom - tall) / 2 + reaches[0][0]
    lines, refused = [], []
    for number, (line, step, (above, below)) in enumerate(zip(words, steps, reaches, strict=True), start=1):
        y += step
        left, right = on.room(y - above, y + below)
        width = letters.width(line, cap_mm=cap)
        if width > right - left + 1e-9:
            refused.append(Refusal("line_wide", line=number, over_mm=width - (right - left)))
        if line:  # an empty one keeps its place, and nothing is cut there
            lines.append(SetLine(line, (left + right - width) / 2, y, width))
    return tuple(lines), refused
