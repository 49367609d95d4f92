"""VAT of a payment, by rate, in pence: what a receipt must show (VAT Regulations 1995, reg. 16A: gross and rate)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# What stands where a rate would: the house sells nothing zero-rated, so no VAT at all means outside the scope. A gift
# card is such: a multi-purpose voucher is taxed when it is spent, not when it is sold (VATA 1994, Sch. 10B para. 6).
OUTSIDE_SCOPE = 0


@dataclass(frozen=True)
class VatPart:
    """A part of a payment at one rate, with the VAT in it, in pence; the rate in basis points."""

    rate_bp: int
    gross_minor: int
    vat_minor: int


@dataclass(frozen=True)
class VatRow:
    """All parts of a payment at one rate, in pence."""

    rate_bp: int
    gross_minor: int
    net_minor: int
    vat_minor: int


def by_rate(parts: Iterable[VatPart]) -> list[VatRow]:
    """The VAT rows of a payment, highest rate first; VAT is added up line by line, so rows always fit the lines."""
    gross: dict[int, int] = defaultdict(int)
    vat: dict[int, int] = defaultdict(int)
    for part in parts:
        gross[part.rate_bp] += part.gross_minor
        vat[part.rate_bp] += part.vat_minor
    return [
        VatRow(rate_bp=rate, gross_minor=gross[rate], net_minor=gross[rate] - vat[rate], vat_minor=vat[rate])
        for rate in sorted(gross, reverse=True)
        if gross[rate]
    ]
