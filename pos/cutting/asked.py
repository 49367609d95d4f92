"""Words that somebody asks for, as they will be cut into a piece of a variant; or every reason why they cannot be."""

from collections.abc import Mapping, Sequence
from typing import Any

from pos.catalogue import engraving as letters
from pos.catalogue.engraving import Limits
from pos.cutting.ground import ground_of
from pos.cutting.setting import refuse
from pos.errors import CannotEngrave


def as_cut(
    words: Sequence[str], *, kind: str, measures: Mapping[str, Any], engraving: Mapping[str, Any] | None
) -> tuple[str, ...]:
    """The lines in one spelling, measured with the letters of the face; none for no words. Raises CannotEngrave.

    kind, measures and engraving are the variant's.
    """
    if not any(line.strip() for line in words):
        return ()
    if engraving is None:
        raise CannotEngrave("\n".join(words), "not_engraved")
    limits = Limits.of(engraving)
    lines = letters.cut(words, limits=limits)
    on = ground_of(kind=kind, measures=measures, engraving=engraving)
    refuse(lines, limits=limits, on=on)  # the letters of the face, in millimetres: a table only counts them
    return lines
