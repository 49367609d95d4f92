"""What a screen sees of the catalogue: frozen, in one language, without rows. `showcase` reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pos.money import bundle_shares, share_bp


@dataclass(frozen=True)
class MarkView:
    """Where one mark of a hallmark picture is: its middle, in percent of the picture's width and height."""

    name: str  # sponsor, fineness, office, date
    left: int
    top: int


@dataclass(frozen=True)
class PictureView:
    """One picture under `/pictures/`; focus is the point that stays when the frame cuts (CSS object-position)."""

    src: str
    thumb: str
    role: str
    alt: str
    focus: str
    is_render: bool
    is_tall: bool = False
    tall: "PictureView | None" = None  # its upright sister, for an upright frame
    marks: tuple[MarkView, ...] = ()  # that can be looked at close to


def leading(pictures: Sequence[PictureView]) -> PictureView | None:
    """The picture that leads, with its upright sister where there is one: the hero, else the first."""
    heroes = [picture for picture in pictures if picture.role == "hero"] or list(pictures)
    wide, tall = [p for p in heroes if not p.is_tall], [p for p in heroes if p.is_tall]
    first = next(iter(wide + tall), None)
    return replace(first, tall=tall[0]) if first and tall and first is not tall[0] else first


@dataclass(frozen=True)
class SizeView:
    """One size a shopper may choose; mm as its kind measures it."""

    code: str
    name: str
    mm: float | None


@dataclass(frozen=True)
class EngravingView:
    """What may be cut: the most letters of each line, the height of a capital in mm, where."""

    chars_per_line: tuple[int, ...]
    cap_height_mm: float
    place: str
    lead_days: int
    optional: bool
    keep_out_mm: float = 0.0  # round the marks
    width_mm: float | None = None  # of the longest line, where the file says


@dataclass(frozen=True)
class HallmarkView:
    """The marks as recorded: struck, planned, or exempt by weight."""

    status: str
    fineness: int
    sponsor: str | None
    office: str | None
    date_letter: str | None
    place: str


@dataclass(frozen=True)
class ExtraView:
    """A service that goes with a piece; price in pence, 0 is included."""

    extra_id: str
    name: str
    line: str
    price_minor: int


@dataclass(frozen=True)
class WindowView:
    """When a piece is pre-ordered: UTC dates, places, what is paid now (basis points), the day promised."""

    opens_at: datetime
    closes_at: datetime
    cap: int
    taken: int
    deposit_bp: int
    promised_on: date
    is_open: bool


@dataclass(frozen=True)
class NumbersView:
    """Every number of an edition by whose it is at this moment; a hold ends by the clock."""

    size: int
    free: tuple[int, ...]
    taken: tuple[int, ...]  # sold, promised, or being paid for
    reserved: tuple[int, ...]  # kept in somebody else's basket
    mine: tuple[int, ...]  # kept in this basket


@dataclass(frozen=True)
class VariantView:
    """One thing with a price: what it is, what is left of it, how it is bought. Money in pence, VAT inside."""

    sku: str
    capsule_id: str
    design_id: str
    design_name: str
    iconic: str  # the detail its design is known by
    name: str
    version: str  # what sets it apart from the other variants of its design
    line: str
    facts: tuple[str, ...]
    kind: str
    tier: str
    metal: str
    material_id: str
    weight_mg: int
    measures: Mapping[str, Any] = field(hash=False)
    price_minor: int
    currency: str
    sizes: tuple[SizeView, ...]
    engraving: EngravingView | None
    hallmark: HallmarkView
    extras: tuple[ExtraView, ...]
    window: WindowView | None
    edition_size: int
    left: int  # free numbers, within the places of its pre-order window
    is_open: bool  # its capsule, and its window if it has one, are open at this moment
    pictures: tuple[PictureView, ...]
    withdrawn: tuple[ExtraView, ...] = ()  # services no longer offered, which a basket may still hold

    @property
    def hero(self) -> PictureView | None:
        """The picture that leads."""
        return leading(self.pictures)

    @property
    def upright(self) -> PictureView | None:
        """The same for a frame that is higher than wide."""
        return self.hero and (self.hero.tall or self.hero)

    @property
    def due_now_minor(self) -> int:
        """What one piece asks now: the price, or the deposit of a pre-order."""
        return self.now_of(self.price_minor)

    def now_of(self, price_minor: int) -> int:
        """What is asked now of a price of this piece, its own or its share of a bundle's, in pence."""
        return share_bp(price_minor, bp=self.window.deposit_bp) if self.window else price_minor

    @property
    def due_later_minor(self) -> int:
        """What is left for the pickup."""
        return self.price_minor - self.due_now_minor

    @property
    def can_be_kept(self) -> bool:
        """Whether a number can be taken at this moment."""
        return self.is_open and self.left > 0


@dataclass(frozen=True)
class SlotView:
    """One place in a bundle and what may fill it, cheapest first."""

    slot_id: str
    name: str
    variants: tuple[VariantView, ...]

    @property
    def can_be_kept(self) -> bool:
        """Whether anything that may fill it can be taken at this moment."""
        return any(variant.can_be_kept for variant in self.variants)


@dataclass(frozen=True)
class BundleView:
    """Pieces bought together for less; saving in pence."""

    bundle_id: str
    capsule_id: str
    name: str
    line: str
    occasion: str
    saving_minor: int
    slots: tuple[SlotView, ...]

    @property
    def can_be_kept(self) -> bool:
        """Whether every slot can be filled at this moment."""
        return all(slot.can_be_kept for slot in self.slots)

    def due_minor(self, pieces: Sequence[VariantView]) -> tuple[int, int]:
        """What these pieces, one for each slot, ask now and at the pickup: each bears its share of the saving."""
        shares = bundle_shares([piece.price_minor for piece in pieces], saving_minor=self.saving_minor)
        now = sum(piece.now_of(share) for piece, share in zip(pieces, shares, strict=True))
        return now, sum(shares) - now


@dataclass(frozen=True)
class SignalView:
    """One dated sighting behind the trend, with its source."""

    seen_on: date
    kind: str
    words: str
    source: str


@dataclass(frozen=True)
class CapsuleCard:
    """A capsule in one line, for the attract screen."""

    capsule_id: str
    name: str
    line: str
    eyebrow: str
    picture: PictureView | None


@dataclass(frozen=True)
class CapsuleView:
    """One drop: its story, its sightings, its pieces and bundles."""

    capsule_id: str
    name: str
    line: str
    eyebrow: str
    title: str  # of the story
    story: tuple[str, ...]  # paragraphs
    opens_at: datetime
    closes_at: datetime | None
    signals: tuple[SignalView, ...]
    variants: tuple[VariantView, ...]
    bundles: tuple[BundleView, ...]
    pictures: tuple[PictureView, ...]

    @property
    def hero(self) -> PictureView | None:
        """The picture that leads: the capsule's own, else its first piece's."""
        own = [picture for picture in self.pictures if picture.role in ("hero", "lifestyle")]
        return leading(own) or next((variant.hero for variant in self.variants if variant.hero), None)


@dataclass(frozen=True)
class PlaceView:
    """A boutique where a piece may be collected."""

    boutique_id: str
    name: str
    zone: str
    address: tuple[str, ...]
