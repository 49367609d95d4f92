"""What the papers must be told that somebody asks for after a sale: card, gift receipt, full VAT invoice, exchange."""

from collections import defaultdict
from dataclasses import dataclass

from pydantic import AwareDatetime, with_config

from pos.paper.slips.facts import (
    CHECKED,
    AnyFacts,
    Count,
    LineFacts,
    Minor,
    PieceFacts,
    SupplierFacts,
    VatFacts,
)


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class CardFacts(AnyFacts):
    """The small card that lies in the box: the piece, and how to look after it, a sentence each."""

    piece: PieceFacts
    care: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.care:
            raise ValueError("a card says how to look after the piece")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class GiftLineFacts:
    """One line of a gift receipt: what it is, and never what it cost."""

    name: str
    detail: str = ""


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class GiftReceiptFacts(AnyFacts):
    """What a present was bought as; code finds the sale at the counter, until is the last day, an ISO date."""

    supplier: SupplierFacts
    code: str
    lines: tuple[GiftLineFacts, ...]
    sold_at: AwareDatetime
    zone: str
    until: str

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a gift receipt is for something")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class BuyerFacts:
    """Whom a full VAT invoice is made out to."""

    name: str
    address: tuple[str, ...]
    vat_number: str = ""


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class InvoiceLineFacts:
    """One line of an invoice: without VAT, and the VAT on it."""

    name: str
    rate_bp: Minor
    net_minor: Minor
    vat_minor: Minor
    detail: str = ""
    quantity: Count = 1


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class InvoiceFacts(AnyFacts):
    """A full VAT invoice of one receipt (VAT Regulations 1995, reg. 14): supplied_at is the tax point.

    order_total_minor is what the whole order costs, where this receipt is for a part of it; else 0.
    """

    supplier: SupplierFacts
    buyer: BuyerFacts
    invoice_no: str
    receipt_no: str
    order_no: str
    issued_at: AwareDatetime
    supplied_at: AwareDatetime
    zone: str
    lines: tuple[InvoiceLineFacts, ...]
    vat: tuple[VatFacts, ...]
    total_minor: Minor
    order_total_minor: Minor = 0
    currency: str = "gbp"

    def __post_init__(self) -> None:
        by_rate: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for line in self.lines:
            by_rate[line.rate_bp][0] += line.net_minor
            by_rate[line.rate_bp][1] += line.vat_minor
        if {rate: tuple(sums) for rate, sums in by_rate.items() if any(sums)} != {
            row.rate_bp: (row.net_minor, row.vat_minor) for row in self.vat
        }:
            raise ValueError("the lines are not the VAT rows")
        if sum(row.gross_minor for row in self.vat) != self.total_minor:
            raise ValueError("the VAT rows are not the total")

    @property
    def net_minor(self) -> int:
        """All of it without VAT."""
        return sum(row.net_minor for row in self.vat)

    @property
    def vat_minor(self) -> int:
        """The VAT on all of it."""
        return sum(row.vat_minor for row in self.vat)


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class ExchangeFacts(AnyFacts):
    """What came back and what went out for it. credit_minor of the new sale was paid with what came back; left_minor
    is what stays on that credit."""

    supplier: SupplierFacts
    refunds: tuple[str, ...]
    receipt_no: str
    order_no: str
    issued_at: AwareDatetime
    zone: str
    cashier: str
    till: str
    back: tuple[LineFacts, ...]
    out: tuple[LineFacts, ...]
    out_minor: Minor
    credit_minor: Minor
    left_minor: Minor = 0
    currency: str = "gbp"

    def __post_init__(self) -> None:
        if not self.back or not self.out or not 0 < self.credit_minor <= self.out_minor:
            raise ValueError("an exchange has something back, something out, and a credit within what went out")

    @property
    def paid_minor(self) -> int:
        """What was paid on top."""
        return self.out_minor - self.credit_minor
