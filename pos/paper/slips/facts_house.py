"""What the house's own papers must be told: job ticket, shelf label, packing slip, hand-out, report of a till's day."""

from dataclasses import dataclass

from pydantic import AwareDatetime, with_config

from pos.paper.slips.facts import CHECKED, AnyFacts, Count, Minor, SupplierFacts, VatFacts


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class JobFacts(AnyFacts):
    """A piece at the bench: what is to be done, in a sentence each, and the words that will be cut, a line each.

    cap_height_mm is how high a capital is cut; promised_on is an ISO date; note is for the bench alone. proof_svg is
    the drawing the customer confirmed, proof_sha256 its digest; without one the words are set plainly.
    """

    supplier: SupplierFacts
    job_no: str
    order_no: str
    piece: str
    sku: str
    number: Count
    edition_size: Count
    metal: str
    work: tuple[str, ...]
    accepted_at: AwareDatetime
    accepted_by: str
    promised_on: str
    zone: str
    engraving: tuple[str, ...] = ()
    cap_height_mm: float = 0.0
    proof_svg: str = ""
    proof_sha256: str = ""
    size: str = ""
    weight_mg: int = 0
    condition: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.work:
            raise ValueError("a job has something to do")
        if self.engraving and self.cap_height_mm <= 0:
            raise ValueError("words that are cut have a height")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class LabelFacts(AnyFacts):
    """A design on the shelf: its price with VAT, and how many of it there will ever be."""

    supplier: SupplierFacts
    name: str
    metal: str
    price_minor: Count
    edition_size: Count
    sku: str
    payload: str
    capsule: str = ""
    currency: str = "gbp"


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class PackedFacts:
    """One thing in a parcel; its serial, where it is a piece with a certificate."""

    name: str
    detail: str = ""
    serial: str = ""


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class PackingFacts(AnyFacts):
    """What lies in a parcel, for whom, and for how much it is insured; cover_minor is the most the carrier pays."""

    supplier: SupplierFacts
    order_no: str
    parcel_no: str
    recipient: tuple[str, ...]
    things: tuple[PackedFacts, ...]
    insured_minor: Count
    cover_minor: Count
    carrier: str
    service: str
    sealed_at: AwareDatetime
    zone: str
    packed_by: str
    weight_g: int = 0
    currency: str = "gbp"

    def __post_init__(self) -> None:
        if not self.things or not self.recipient:
            raise ValueError("a parcel holds something, for somebody")
        if self.insured_minor > self.cover_minor:
            raise ValueError("the parcel is worth more than the carrier covers")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class NoticeFacts(AnyFacts):
    """The hand-out about hallmarks is the same for everybody; only whose counter it lies on differs."""

    supplier: SupplierFacts


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class TakingFacts:
    """What came in, or went back, by one road: how often and how much."""

    name: str
    count: int
    amount_minor: Minor


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class CashMoveFacts:
    """Money laid into the drawer or taken out of it that is no sale; what is taken out is negative."""

    why: str
    by: str
    amount_minor: Minor


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class DrawerFacts:
    """The drawer: with how much it began, what should lie in it, and what was counted (None: not counted yet)."""

    float_minor: Minor
    sales_minor: Minor
    back_minor: Minor
    expected_minor: Minor
    moves: tuple[CashMoveFacts, ...] = ()
    counted_minor: Minor | None = None

    def __post_init__(self) -> None:
        moved = sum(move.amount_minor for move in self.moves)
        if self.float_minor + self.sales_minor - self.back_minor + moved != self.expected_minor:
            raise ValueError("what should lie in the drawer is not what came and went")


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class ReportFacts(AnyFacts):
    """A till's day so far (X), or closed for good (Z): number counts the Z reports, and is 0 on an X.

    vat and vat_back are the rows of the receipts and of the refunds. checkpoint are the lines of the certificates'
    log as they are published, so that paper witnesses it; only a Z bears them.
    """

    supplier: SupplierFacts
    till: str
    number: int
    opened_at: AwareDatetime
    opened_by: str
    at: AwareDatetime
    by: str
    zone: str
    sales: int
    refunds: int
    takings: tuple[TakingFacts, ...]
    vat: tuple[VatFacts, ...]
    drawer: DrawerFacts
    back: tuple[TakingFacts, ...] = ()
    vat_back: tuple[VatFacts, ...] = ()
    first_receipt: str = ""
    last_receipt: str = ""
    checkpoint: tuple[str, ...] = ()
    currency: str = "gbp"

    def __post_init__(self) -> None:
        if sum(row.gross_minor for row in self.vat) != self.taken_minor:
            raise ValueError("the VAT rows are not what was taken")
        if sum(row.gross_minor for row in self.vat_back) != self.back_minor:
            raise ValueError("the VAT rows of the refunds are not what was given back")

    @property
    def taken_minor(self) -> int:
        """All that was taken."""
        return sum(one.amount_minor for one in self.takings)

    @property
    def back_minor(self) -> int:
        """All that was given back."""
        return sum(one.amount_minor for one in self.back)
