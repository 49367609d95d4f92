"""What can be cut into a piece: which letters, how many to a line, how many lines.

Nothing is changed silently: what cannot be cut is refused with the glyph and the reason, and the shopper decides.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos.catalogue.glyphs import clusters, strange
from pos.catalogue.reference import REFERENCE, table
from pos.errors import CannotEngrave

ADVANCE = 0.72  # of the cap height: the width a capital takes, sans serif (data/reference/README.md)
LEAST_CAP_MM = 1.5  # below it nothing is legible
LEAST_KEEP_OUT_MM = 2.0  # round a struck mark: cutting into one is an offence (Hallmarking Act 1973, s. 5(2))
APOSTROPHES_AND_DASHES = frozenset("‘’“”–—")  # what a tablet's keyboard writes for ' " -


@dataclass(frozen=True)
class Limits:
    """How much one piece takes: the most letters of each line, the height of a capital in mm."""

    chars_per_line: tuple[int, ...]
    cap_height_mm: float

    @classmethod
    def of(cls, engraving: Mapping[str, Any]) -> "Limits":
        """From a variant's engraving facts."""
        return cls(tuple(engraving["chars_per_line"]), float(engraving["cap_height_mm"]))

    @property
    def lines(self) -> int:
        """The most lines."""
        return len(self.chars_per_line)

    def named(self, line: int | None) -> int | None:
        """The number a refusal names a line by: none where there is only one."""
        return line if self.lines > 1 else None


def cut(text: str | Sequence[str], *, limits: Limits) -> tuple[str, ...]:
    """The lines as they will be cut: one Unicode form (NFC), trimmed, single spaces, empty lines at the end left out.

    Raises CannotEngrave with the text, a reason and, where one letter is the cause, that glyph. Reasons: `control`,
    `bidi`, `emoji`, `invisible`, `letter` (not Latin-1 nor Latin Extended-A), `line_long` (also line and most),
    `lines_many` (also most).
    """
    lines = [_line(line, text=text) for line in _lines(text)]
    while lines and not lines[-1]:
        lines.pop()
    whole = "\n".join(lines)
    if len(lines) > limits.lines:
        raise CannotEngrave(whole, "lines_many", most=limits.lines)
    for number, (line, most) in enumerate(zip(lines, limits.chars_per_line, strict=False), start=1):
        if len(clusters(line)) > most:
            raise CannotEngrave(whole, "line_long", line=limits.named(number), most=most)
    return tuple(lines)


def _lines(text: str | Sequence[str]) -> list[str]:
    # Only a line feed ends a line; every other break or control in the text is a letter that cannot be cut.
    return text.replace("\r\n", "\n").split("\n") if isinstance(text, str) else list(text)


def _line(line: str, *, text: str | Sequence[str]) -> str:
    for glyph in clusters(unicodedata.normalize("NFC", line)):
        reason = reason_against(glyph)
        if reason:
            raise CannotEngrave(text if isinstance(text, str) else "\n".join(text), reason, glyph)
    return line_of(line)


def line_of(line: str, *, keep: bool = False) -> str:
    """A line in Unicode's composed form (NFC), its spaces single and none at its ends; keep leaves them as they are."""
    composed = unicodedata.normalize("NFC", line)
    return composed if keep else " ".join(composed.split())


def reason_against(glyph: str) -> str | None:
    """Why one letter cannot be cut, or None: the engraver's face holds Latin-1 and Latin Extended-A."""
    why = strange(glyph)
    if why:
        return why
    if len(glyph) == 1 and (" " <= glyph <= "~" or "\u00a0" <= glyph <= "\u017f" or glyph in APOSTROPHES_AND_DASHES):
        return None
    return "letter"


def tag_limits(tag_size: str, *, cap_height_mm: float, folder: Path = REFERENCE) -> Limits | None:
    """What a round tag takes at this cap height, from its geometry; None where the table has no such row."""
    for row in table("engraving_capacity", folder=folder):
        if row["tag_size"] == tag_size and math.isclose(float(row["cap_height_mm"]), cap_height_mm):
            return Limits(tuple(int(n) for n in row["max_chars_per_line"].split("|")), cap_height_mm)
    return None


def straight_capacity(width_mm: float, *, cap_height_mm: float) -> int:
    """How many capitals fit a straight line of this width in mm."""
    return math.floor(width_mm / (ADVANCE * cap_height_mm) + 1e-9)
