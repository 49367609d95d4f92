"""What a screen says: every word in each language, and money, dates and times as that language writes them."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pos.money import format_money

LANGUAGES = ("en", "fr")
HERE = Path(__file__).parent
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIXED, MINUS = "\u00a0", "\u2212"


@cache
def catalogue(language: str) -> dict[str, dict[str, Any]]:
    """Every word of one language, by screen and key."""
    return tomllib.loads((HERE / f"{language}.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Words:
    """One language's voice: `say("basket.pay", amount=…)`."""

    language: str

    def __call__(self, key: str, /, **facts: Any) -> str:
        """The words under `screen.key`, with facts put in. Raises KeyError for words nobody wrote."""
        screen, _, name = key.partition(".")
        words = str(catalogue(self.language)[screen][name])
        return words.format(**facts) if facts else words

    def has(self, key: str) -> bool:
        """Whether somebody wrote words under this key."""
        screen, _, name = key.partition(".")
        return name in catalogue(self.language).get(screen, {})

    def many(self, key: str) -> tuple[str, ...]:
        """A list of sentences."""
        screen, _, name = key.partition(".")
        return tuple(catalogue(self.language)[screen][name])

    def money(self, minor: int, currency: str = "gbp") -> str:
        """An amount in pence as a price: `£1,450`, `£1,450.50`; pence only where there are some."""
        return format_money(minor, currency, self.language, whole=True).replace("-", MINUS)

    def exact(self, minor: int, currency: str = "gbp") -> str:
        """An amount in pence as a till writes it: always with its pence."""
        return format_money(minor, currency, self.language).replace("-", MINUS)

    def on(self, day: date, *, year: bool = False, short: bool = False) -> str:
        """`12 December`, `12 déc. 2026`."""
        month = catalogue(self.language)["months"]["short" if short else "names"][day.month - 1]
        return self("formats.date_year" if year else "formats.date", d=self._first(day), month=month, y=day.year)

    def _first(self, day: date) -> str:
        return "1er" if self.language == "fr" and day.day == 1 else str(day.day)

    def weekday(self, day: date, *, short: bool = False) -> str:
        """`Saturday`, `sam.`."""
        return self(f"days.{WEEKDAYS[day.weekday()]}{'_short' if short else ''}")

    def day(self, day: date) -> str:
        """`Saturday 12 December`."""
        month = catalogue(self.language)["months"]["names"][day.month - 1]
        return self("formats.day", weekday=self.weekday(day), d=self._first(day), month=month)

    def clock(self, at: datetime, *, zone: str, seconds: bool = False) -> str:
        """The time of day in the boutique's zone: `14:30`, `14 h 30`."""
        local = at.astimezone(ZoneInfo(zone))
        key = "formats.clock_seconds" if seconds else "formats.clock"
        return self(key, h=local.hour, m=local.minute, s=local.second).replace(" ", FIXED)

    def local_day(self, at: datetime, *, zone: str) -> str:
        """The day of a moment in the boutique's zone."""
        return self.day(at.astimezone(ZoneInfo(zone)).date())

    def last_day(self, closes: datetime, *, zone: str) -> str:
        """The last open day in the boutique's zone: what closes at midnight is open the day before."""
        return self.on((closes - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date())

    def decimal(self, value: float, *, places: int = 1) -> str:
        """A measure with its language's decimal sign, without a trailing zero: `6.2`, `6,2`, `3`."""
        written = f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"
        return written.replace(".", self("formats.decimal"))

    def grams(self, milligrams: int) -> str:
        """A weight in grams, from milligrams."""
        return self.decimal(milligrams / 1000)
