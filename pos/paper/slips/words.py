"""The words on the slips, in each language, and how a slip writes a time, a weight, a rate."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pos.paper.slips.facts import Language
from pos.words import counted, part_of, written

WORDS = part_of("paper", "slips")

# Stripe's words for a card's brand, how it was read and how its holder was verified, as a shopper reads them.
BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "CB",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "interac": "Interac",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
# Why something is given back, by the short words of `pos.selling.reasons`.
REASON_WORDS = part_of("paper", "reasons")
# What Stripe says of how a card was read, and its holder verified.
CARD_WORDS = part_of("paper", "card_words")


def say(language: Language, key: str, **values: object) -> str:
    """The words for a key, with its values in place."""
    return WORDS[language][key].format(**values)


def say_counted(language: Language, key: str, n: int, **values: object) -> str:
    """The words for so many: key names its slip too (`job.letters`)."""
    return counted("paper", key, n, language).format(n=n, **values)


def card_word(language: Language, code: str) -> str:
    """Stripe's word in the shopper's language; a word we do not know is shown as it is."""
    return CARD_WORDS[language].get(code, code.replace("_", " ").capitalize())


def brand(code: str) -> str:
    """A card brand as it writes itself."""
    return BRANDS.get(code, code.replace("_", " ").title())


def reason(language: Language, written: str) -> str:
    """Why, in the shopper's language; what somebody wrote in their own words stays as it is."""
    short, dot, words = written.partition(" · ")
    return f"{REASON_WORDS[language].get(short, short)}{dot}{words}"


def day(at: datetime, zone: str, language: Language, *, weekday: bool = False) -> str:
    """The boutique's own date: `22 November 2026`, `1er mars 2027`."""
    local = at.astimezone(ZoneInfo(zone)).date()
    return written.on(local, language, f"{written.DAY} y") if weekday else say_day(local, language)


def say_day(on: date, language: Language) -> str:
    """A date in words: `22 November 2026`, `1er mars 2027`."""
    return written.on(on, language, f"{written.DATE} y")


def clock(at: datetime, zone: str) -> str:
    """The boutique's own time: `14:05`."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def zone_name(at: datetime, zone: str) -> str:
    """Which time that is: `GMT`, `BST`, or the distance from UTC where the zone has no letters."""
    name = at.astimezone(ZoneInfo(zone)).tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def moment(at: datetime, zone: str, language: Language) -> str:
    """The boutique's own date and time: `22 November 2026, 14:05 GMT`."""
    return f"{day(at, zone, language)}, {clock(at, zone)} {zone_name(at, zone)}"


def grams(weight_mg: int, language: Language) -> str:
    """A weight in grams with two decimals, halves up: `6.20 g`, `6,20 g`."""
    hundredths = Decimal((weight_mg + 5) // 10)
    return f"{written.decimal(hundredths / 100, language, places=2, fixed=True)}\u00a0g"


def percent(rate_bp: int, language: Language) -> str:
    """A rate: `20%`, `5,5 %`."""
    return written.percent(Decimal(rate_bp) / 10_000, language)
