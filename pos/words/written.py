"""Dates, numbers and money as each language writes them: Babel's patterns, and the few where the house differs."""

from datetime import date, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

LOCALES = {"en": Locale("en", "GB"), "fr": Locale("fr", "FR")}
NARROW, FIXED = "\u202f", "\u00a0"
SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}
DATE, DAY = "d MMMM", "EEEE d MMMM"
# Babel writes 14:30 in French too: right on a ticket, but a house that speaks French says 14 h 30.
CLOCKS = {"en": ("HH:mm", "HH:mm:ss"), "fr": ("H'\u00a0h\u00a0'mm", "H'\u00a0h\u00a0'mm'\u00a0min\u00a0'ss")}


# Babel takes a pattern apart each time it writes: what a page writes at every run is kept.
@lru_cache(maxsize=4096)
def on(day: date, language: str, pattern: str = DATE) -> str:
    """A date in words by one of Babel's patterns: `12 December`, `1er mars`."""
    if language == "fr" and day.day == 1:
        pattern = pattern.replace("d", "d'er'")  # an ordinal on the first alone, which no pattern can say
    return format_date(day, pattern, locale=LOCALES[language])


def week(language: str) -> tuple[str, ...]:
    """The days of a week, from Monday on."""
    return tuple(name for _, name in sorted(get_day_names("wide", locale=LOCALES[language]).items()))


@lru_cache(maxsize=4096)
def clock(at: time, language: str, *, seconds: bool = False) -> str:
    """A time of day as it is said: `14:30`, `14 h 30`."""
    return format_time(at, CLOCKS[language][seconds], locale=LOCALES[language])


@lru_cache(maxsize=4096)
def decimal(value: float | Decimal, language: str, *, places: int = 1, fixed: bool = False) -> str:
    """A measure with its language's decimal sign: `6.2`, `6,2`; without trailing zeros unless fixed."""
    return format_decimal(
        value, f"0.{('0' if fixed else '#') * places}", locale=LOCALES[language], group_separator=False
    )


@lru_cache(maxsize=4096)
def percent(share: float | Decimal, language: str, *, whole: bool = False) -> str:
    """A share of one: `20%`, `5,5 %`; whole rounds it."""
    return format_percent(share, locale=LOCALES[language], decimal_quantization=whole)


@lru_cache(maxsize=4096)
def money(minor: int, currency: str, language: str, *, whole: bool = False) -> str:
    """An amount in minor units: `£1,450.00`, `1 450,00 £`; whole leaves out `.00` where there are no pence."""
    code, locale = currency.upper(), LOCALES[language]
    pattern = locale.currency_formats["standard"].pattern
    if whole and minor % 100 == 0:
        pattern = pattern.replace(".00", "")
    said = format_currency(Decimal(minor) / 100, code, pattern, locale=locale, currency_digits=False)
    # French tells £GB from other pounds; a shop has one currency, and writes its sign as its coins do.
    sign = SIGNS.get(currency.lower(), code if language == "fr" else code + FIXED)
    return said.replace(get_currency_symbol(code, locale=locale), sign)
