"""What a screen says: every word in each language, and money, dates and times as that language writes them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import Translations

from pos.money import format_money
from pos.words import LANGUAGES, catalogue, written

__all__ = ["LANGUAGES", "Words"]

HOME = Path(__file__).parent
MINUS = "\u2212"


@cache
def screens(language: str) -> Translations:
    """The catalogue of everything the screens say in one language."""
    return catalogue(HOME, "kiosk", language)


@dataclass(frozen=True)
class Words:
    """One language's voice: `say("basket.pay", amount=…)`."""

    language: str

    def __call__(self, key: str, /, **facts: Any) -> str:
        """The words under `screen.key`, with facts put in. Raises KeyError for words nobody wrote."""
        words = screens(self.language).gettext(key)
        return words.format(**facts) if facts else words

    def counted(self, key: str, n: int, /, **facts: Any) -> str:
        """The words for so many of something, in the form its language has for that number."""
        return screens(self.language).ngettext(key, key, n).format(n=n, **facts)

    def has(self, key: str) -> bool:
        """Whether somebody wrote words under this key."""
        try:
            return bool(self(key))
        except KeyError:
            return False

    def many(self, key: str) -> tuple[str, ...]:
        """A list of sentences: `key.1`, `key.2` and on."""
        sentences = [self(f"{key}.1")]
        while self.has(following := f"{key}.{len(sentences) + 1}"):
            sentences.append(self(following))
        return tuple(sentences)

    def money(self, minor: int, currency: str = "gbp") -> str:
        """An amount in pence as a price: `£1,450`, `£1,450.50`; pence only where there are some."""
        return format_money(minor, currency, self.language, whole=True).replace("-", MINUS)

    def exact(self, minor: int, currency: str = "gbp") -> str:
        """An amount in pence as a till writes it: always with its pence."""
        return format_money(minor, currency, self.language).replace("-", MINUS)

    def on(self, day: date, *, year: bool = False, short: bool = False) -> str:
        """`12 December`, `12 déc. 2026`; a short one, which stands in labels, breaks nowhere."""
        pattern = f"d {'MMM' if short else 'MMMM'}{' y' if year else ''}"
        return written.on(day, self.language, pattern.replace(" ", written.FIXED) if short else pattern)

    def weekday(self, day: date, *, short: bool = False) -> str:
        """`Saturday`, `sam.`."""
        return written.on(day, self.language, "EEE" if short else "EEEE")

    def month(self, day: date) -> str:
        """`Dec`, `déc.`."""
        return written.on(day, self.language, "MMM")

    def week(self) -> tuple[str, ...]:
        """The days of a week, from Monday on."""
        return written.week(self.language)

    def day(self, day: date) -> str:
        """`Saturday 12 December`."""
        return written.on(day, self.language, written.DAY)

    def clock(self, at: datetime, *, zone: str, seconds: bool = False) -> str:
        """The time of day in the boutique's zone: `14:30`, `14 h 30`."""
        return self.hour(at.astimezone(ZoneInfo(zone)).time(), seconds=seconds)

    def hour(self, at: time, *, seconds: bool = False) -> str:
        """A time of day: `14:30`, `14 h 30`."""
        return written.clock(at.replace(microsecond=0, tzinfo=None), self.language, seconds=seconds)

    def local_day(self, at: datetime, *, zone: str) -> str:
        """The day of a moment in the boutique's zone."""
        return self.day(at.astimezone(ZoneInfo(zone)).date())

    def last_day(self, closes: datetime, *, zone: str) -> str:
        """The last open day in the boutique's zone: what closes at midnight is open the day before."""
        return self.on((closes - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date())

    def decimal(self, value: float | Decimal, *, places: int = 1) -> str:
        """A measure with its language's decimal sign, without a trailing zero: `6.2`, `6,2`, `3`."""
        return written.decimal(value, self.language, places=places)

    def percent(self, share: float) -> str:
        """A share of one, to the whole percent: `12%`, `12 %`."""
        return written.percent(share, self.language, whole=True)

    def grams(self, milligrams: int) -> str:
        """A weight in grams, from milligrams, to the hundredth as on its slip: `6.2`, `0.49`."""
        return self.decimal(Decimal((milligrams + 5) // 10) / 100, places=2)
