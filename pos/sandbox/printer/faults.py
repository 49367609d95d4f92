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
    no_fence           GS r is not answered
    mute               it answers no question about how it stands, and never tells it (DLE EOT, GS a)
    cover_open_after   the cover is opened after so many dots more (then it is cover_open)
    power_cut_after    it loses its power after so many dots more, once, and is on again at once
    stuck_after        after so many callers it takes none any more, until it is switched off and on
    proof_after        GS ( H is answered so many seconds after the paper has come out
    says_wait          it says XOFF when its buffer is half full, and XON when it is nearly empty
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
    no_fence: bool = False
    mute: bool = False
    cover_open_after: int | None = None
    power_cut_after: int | None = None
    stuck_after: int | None = None
    proof_after: float | None = None
    says_wait: bool = False

    def but(self, changes: dict[str, Any]) -> "Faults":
        """The same with some switches moved. Raises ValueError for a switch or a position that does not exist."""
        for name, value in changes.items():
            if not _allowed(name, value):
                raise ValueError(f"{name} cannot be {value!r}")
        return replace(self, **changes)


SWITCHES = {field.name for field in fields(Faults) if field.type is bool}
MEASURES = {"mm_per_s", "proof_after"}  # need not be whole
COUNTS = {field.name for field in fields(Faults)} - SWITCHES


def _allowed(name: str, value: object) -> bool:
    if name in SWITCHES:
        return isinstance(value, bool)
    number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    whole = number and (name in MEASURES or isinstance(value, int))
    return name in COUNTS and (value is None or whole)
