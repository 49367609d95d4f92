"""The shop's clock: every time is aware UTC and comes from here, so a test can move it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time in UTC."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)


class SetClock(Clock):
    """A clock a person sets: stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._at

    def move(self, by: timedelta) -> datetime:
        """Put the clock forward (or back) and say the new time."""
        self._at += by
        return self._at
