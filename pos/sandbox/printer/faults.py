"""What can go wrong with a printer, as switches."""

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The printer's troubles. All off: it prints at once, or at the speed that was asked for.

    paper_out          the roll is empty, until it is switched off again
    paper_out_after    the roll ends after so many dots more (then it is paper_out)
    near_end           the roll is nearly empty; it still prints
    cover_open         the cover is open
    offline            the printer is on hold
    cutter_error       the knife sticks at the next cut, until it is switched off again
    mm_per_s           paper speed; None is without end
    silent             the line is open, but nothing is worked off or answered
    silent_after       silent once so many bytes of a connection have come
    reset_after        the next connection is reset after so many bytes, once
    refuse             connections are refused
    no_process_id      GS ( H is not answered
    """

    paper_out: bool = False
    paper_out_after: int | None = None
    near_end: bool = False
    cover_open: bool = False
    offline: bool = False
    cutter_error: bool = False
    mm_per_s: float | None = None
    silent: bool = False
    silent_after: int | None = None
    reset_after: int | None = None
    refuse: bool = False
    no_process_id: bool = False

    def but(self, changes: dict[str, Any]) -> "Faults":
        """The same with some switches moved. Raises ValueError for a switch or a position that does not exist."""
        for name, value in changes.items():
            if not _allowed(name, value):
                raise ValueError(f"{name} cannot be {value!r}")
        return replace(self, **changes)


SWITCHES = {field.name for field in fields(Faults) if field.type is bool}
COUNTS = {field.name for field in fields(Faults)} - SWITCHES


def _allowed(name: str, value: object) -> bool:
    if name in SWITCHES:
        return isinstance(value, bool)
    number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    whole = number and (name == "mm_per_s" or isinstance(value, int))
    return name in COUNTS and (value is None or whole)
