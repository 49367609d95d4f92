"""Money: whole pence, VAT inside the price, and how it is written."""

import re
from collections.abc import Sequence

from pos.words import written

ONE = 10_000  # basis points in a whole


def vat_inside(gross_minor: int, *, rate_bp: int) -> int:
    """The VAT inside a VAT-inclusive price, in pence, rounded half up.

    At 20 % it is a sixth of the price (HMRC VAT Notice 700, fraction 1/6). rate_bp is in basis points: 2000 = 20 %.
    """
    return divide_half_up(gross_minor * rate_bp, ONE + rate_bp)


def share_bp(amount_minor: int, *, bp: int) -> int:
    """A share of an amount, in pence, rounded half up; bp in basis points."""
    return divide_half_up(amount_minor * bp, ONE)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Whole division, halves away from zero; the denominator is positive."""
    quotient, rest = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * rest >= denominator)
    return rounded if numerator >= 0 else -rounded


def bundle_shares(prices_minor: Sequence[int], *, saving_minor: int) -> list[int]:
    """The price of each part of a bundle: the saving is spread in proportion, to the penny. In pence."""
    return split(sum(prices_minor) - saving_minor, weights=prices_minor)


def split(amount_minor: int, *, weights: Sequence[int]) -> list[int]:
    """Split an amount over parts in proportion, to the penny: the parts always add up to the amount.

    Largest remainder first; equal remainders go to the earlier part. Weights are not negative and not all zero.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    parts, rests = [], []
    for weight in weights:
        part, rest = divmod(amount_minor * weight, total)
        parts.append(part)
        rests.append(rest)
    missing = amount_minor - sum(parts)
    for i in sorted(range(len(parts)), key=lambda i: (-rests[i], i))[:missing]:
        parts[i] += 1
    return parts


def read_money(words: str) -> int | None:
    """An amount as somebody types it, in pence: `12`, `12.50`, `1 250,00`, `£1,250`; None where it is none.

    The last point or comma with one or two digits behind it parts the pence; any other only parts the thousands.
    """
    plain = "".join(c for c in words if not c.isspace() and c not in "£€$")
    shape = re.fullmatch(r"([0-9]{1,7}|[0-9]{1,3}(?:[.,][0-9]{3})+)(?:[.,]([0-9]{1,2}))?", plain)
    if shape is None:
        return None
    pounds, pence = re.sub(r"[.,]", "", shape[1]), (shape[2] or "").ljust(2, "0")
    return int(pounds) * 100 + int(pence)


def format_money(minor: int, currency: str = "gbp", language: str = "en", *, whole: bool = False) -> str:
    """An amount as a shop writes it: `£1,450.00`, `1 450,00 £`; whole leaves out `.00` where there are no pence."""
    return written.money(minor, currency.lower(), "fr" if language == "fr" else "en", whole=whole)
