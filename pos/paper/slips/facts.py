"""What each slip must be told. Facts are frozen, live in the records as JSON, and must add up: a slip that does not is
not printed.

Money is in pence with its currency, weights in mg, times aware with the boutique's zone, rates in basis points.
Words (names, details, metals) come in the slip's language already.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, with_config

from pos.paper.document import Picture

CHECKED = ConfigDict(extra="forbid")
Minor = Annotated[int, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1)]


class AnyFacts:
    """What a slip is told; each kind of slip has its own."""


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class SupplierFacts:
    """Who sells, as VAT law wants it named (VAT Regulations 1995, reg. 16A). A name may be `House, Branch`."""

    name: str
    address: tuple[str, ...]
    vat_number: str
    phone: str = ""
    logo: Picture | None = None


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """One line of a sale; gross_minor is for the whole quantity, VAT inside, before savings."""

    name: str
    gross_minor: Minor
    detail: str = ""
    quantity: Count = 1


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class SavingFacts:
    """What a bundle takes off; a positive amount."""

    name: str
    amount_minor: Minor


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class VatFacts:
    """The VAT of what this receipt is for, at one rate."""

    rate_bp: Minor
    net_minor: Minor
    vat_minor: Minor
    gross_minor: Minor

    def __post_init__(self) -> None:
        if self.net_minor + self.vat_minor != self.gross_minor:
            raise ValueError("net and VAT do not make the gross")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class TenderFacts:
    """One way in which it was paid. A card as the card schemes want it on paper: brand, cvm and read_method are
    Stripe's own words. A card of the house (gift_card, store_credit) says what is left on it; cash, which has no brand,
    what was laid down."""

    brand: str
    last4: str
    amount_minor: Minor
    aid: str = ""
    application_name: str = ""
    auth_code: str = ""
    cvm: str = ""
    read_method: str = ""
    left_minor: Minor | None = None
    tendered_minor: Minor | None = None


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class AgreedFacts:
    """What the shopper agreed to before paying: which version of it, and when. text: word for word as it was read."""

    version: str
    at: AwareDatetime
    text: str = ""


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class SaleFacts(AnyFacts):
    """A sale, or one payment of it.

    total_minor is what the whole order costs. paid_minor is paid with this receipt, paid_before_minor was paid earlier,
    due_later_minor is still owed; the VAT rows are those of paid_minor (a deposit has its own tax point: VATA 1994
    s.6(4)). promised is a sentence about when the pieces come; terms and returns replace the house's own words.
    agreed is when which terms were accepted; keep_card the consent to keep the card for what is due later.
    """

    supplier: SupplierFacts
    receipt_no: str
    order_no: str
    issued_at: AwareDatetime
    zone: str
    cashier: str
    till: str
    lines: tuple[LineFacts, ...]
    vat: tuple[VatFacts, ...]
    tenders: tuple[TenderFacts, ...]
    total_minor: Minor
    paid_minor: Minor
    currency: str = "gbp"
    savings: tuple[SavingFacts, ...] = ()
    paid_before_minor: Minor = 0
    due_later_minor: Minor = 0
    promised: str = ""
    terms: str = ""
    returns: str = ""
    agreed: AgreedFacts | None = None
    keep_card: AgreedFacts | None = None

    def __post_init__(self) -> None:
        sums = {
            "lines less savings are not the total": self.list_minor - self.saved_minor - self.total_minor,
            "paid and due are not the total": (
                self.paid_before_minor + self.paid_minor + self.due_later_minor - self.total_minor
            ),
            "the VAT rows are not what is paid": sum(row.gross_minor for row in self.vat) - self.paid_minor,
            "the tenders are not what is paid": sum(row.amount_minor for row in self.tenders) - self.paid_minor,
        }
        wrong = [f"{what} (by {by})" for what, by in sums.items() if by]
        if wrong:
            raise ValueError("; ".join(wrong))

    @property
    def list_minor(self) -> int:
        """All lines before savings."""
        return sum(line.gross_minor for line in self.lines)

    @property
    def saved_minor(self) -> int:
        """All savings."""
        return sum(saving.amount_minor for saving in self.savings)


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class RoadFacts:
    """One amount on its way back; road as the records name it (card, release, cash, gift_card, credit).

    brand (Stripe's own word) and last4 are those of the card that paid, or of the house's card it goes to.
    """

    road: Literal["card", "release", "cash", "gift_card", "credit"]
    amount_minor: Minor
    brand: str = ""
    last4: str = ""


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class RefundFacts(AnyFacts):
    """Money that is given back: for what, with which VAT in it, and by which roads.

    receipts are the numbers of what was paid, certificates the serials of those that are no longer valid.
    """

    supplier: SupplierFacts
    refund_no: str
    receipts: tuple[str, ...]
    order_no: str
    issued_at: AwareDatetime
    zone: str
    cashier: str
    till: str
    lines: tuple[LineFacts, ...]
    vat: tuple[VatFacts, ...]
    roads: tuple[RoadFacts, ...]
    total_minor: Minor
    reason: str
    manager: str = ""
    currency: str = "gbp"
    certificates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        given = {
            "lines": sum(line.gross_minor for line in self.lines),
            "VAT rows": sum(row.gross_minor for row in self.vat),
            "roads": sum(road.amount_minor for road in self.roads),
        }
        wrong = [f"the {what} are not the total" for what, minor in given.items() if minor != self.total_minor]
        if wrong:
            raise ValueError("; ".join(wrong))


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class PieceFacts(AnyFacts):
    """One numbered piece, for its authenticity receipt. No price: the piece may be a gift.

    marks are the hallmark's, exactly as recorded (sponsor, fineness, office …); exemption is the reason why there are
    none (Hallmarking Act 1973: under 1 g of gold, 7.78 g of silver, 0.5 g of platinum, 1 g of palladium).
    engraving is verbatim, a line each.
    """

    supplier: SupplierFacts
    capsule: str
    design: str
    name: str
    sku: str
    number: Count
    edition_size: Count
    metal: str
    fineness: Count
    weight_mg: Count
    serial: str
    short_code: str
    verify_url: str
    issued_at: AwareDatetime
    zone: str
    marks: tuple[str, ...] = ()
    exemption: str = ""
    engraving: tuple[str, ...] = ()
    size: str = ""

    def __post_init__(self) -> None:
        if self.number > self.edition_size:
            raise ValueError("the number is beyond the edition")
        if self.marks and self.exemption:
            raise ValueError("a piece is hallmarked or exempt, not both")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class PickupFacts(AnyFacts):
    """An appointment at the counter; payload is what the scanner reads; a piece may be `Name · details`."""

    supplier: SupplierFacts
    order_no: str
    code: str
    payload: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str
    pieces: tuple[str, ...]
    balance_due_minor: Minor = 0
    currency: str = "gbp"


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class GiftFacts(AnyFacts):
    """A gift card, or a store credit. code is empty wherever the slip is not for paper; expires_on is an ISO date."""

    supplier: SupplierFacts
    last4: str
    code: str
    amount_minor: Count
    issued_at: AwareDatetime
    zone: str
    replaced: bool = False
    expires_on: str = ""
    order_no: str = ""
    currency: str = "gbp"


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class TestFacts(AnyFacts):
    """A printer trying itself out."""

    __test__ = False  # a slip's facts, not a test

    supplier: SupplierFacts
    printer: str
    address: str
    model: str
    issued_at: AwareDatetime
    zone: str


F = TypeVar("F", bound=AnyFacts)


def plain(facts: AnyFacts) -> dict[str, Any]:
    """Facts as they are kept in the records: JSON's own types only."""
    kind: Any = type(facts)
    kept: dict[str, Any] = _adapter(kind).dump_python(facts, mode="json")
    return kept


def read(kind: type[F], kept: dict[str, Any]) -> F:
    """Facts back from the records. Raises pydantic.ValidationError if they are not what the slip needs."""
    wanted: Any = kind
    checked: F = _adapter(wanted).validate_python(kept)
    return checked


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once a kind: making one costs more than a whole sale."""
    return TypeAdapter(kind)


Language = Literal["en", "fr"]
