"""One variant of a capsule file: its metal, weights, price, edition, engraving and hallmark record.

What is checked here is one key at a time; what two keys must say together is checked by pos/catalogue/rules.py.
Money in pence with VAT inside, weights in mg, measures in mm, rates in basis points.
"""

import re
import unicodedata
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pos.catalogue import gtin
from pos.catalogue.glyphs import clusters, strange

MOST_PIECES = 200  # a capsule is small: 10 to 200 cast pieces


class Strict(BaseModel):
    """A table of the file: no unknown keys, no guessing of types, never changed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _readable(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    for glyph in clusters(text):
        if why := strange(glyph):
            raise ValueError(f"holds {'an' if why[0] in 'aeiou' else 'a'} {why} character, {glyph!a}")
    return text


def spelled(pattern: str, *, said: str) -> AfterValidator:
    """Words of one spelling; said is how a person is told."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"should be {said}")
        return text

    return AfterValidator(check)


Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], Field(strict=False)]
Some = Annotated[tuple[Item, ...], Field(strict=False, min_length=1)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400), AfterValidator(_readable)]
Id = Annotated[
    str,
    StringConstraints(max_length=60),
    spelled(r"[a-z0-9]+(-[a-z0-9]+)*", said="small letters, digits and single hyphens"),
]
Sku = Annotated[
    str,
    StringConstraints(max_length=24),
    spelled(r"[A-Z0-9]+(-[A-Z0-9]+)*", said="capital letters, digits and single hyphens"),
]
Pence = Annotated[int, Field(ge=0, le=100_000_000)]
Price = Annotated[int, Field(gt=0, le=100_000_000)]
Milligrams = Annotated[int, Field(gt=0, le=10_000_000)]
Millimetres = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]
Rate = Annotated[int, Field(ge=0, le=10_000)]
Days = Annotated[int, Field(ge=0, le=365)]
Gtin = Annotated[str, AfterValidator(gtin.checked)]


class Words(Strict):
    """The same words in each of the shop's languages."""

    en: Text
    fr: Text


class Lists(Strict):
    """The same list of sentences in each of the shop's languages."""

    en: Some[Text]
    fr: Some[Text]


class Measures(Strict):
    """What a rule laid on the piece shows, in mm; tag_size names a row of the table of round tags."""

    width: Millimetres | None = None
    height: Millimetres | None = None
    depth: Millimetres | None = None
    length: Millimetres | None = None
    diameter: Millimetres | None = None
    wire: Millimetres | None = None
    hole: Millimetres | None = None
    stone: Millimetres | None = None
    inner_circumference: Millimetres | None = None
    tag_size: Literal["XS", "S", "M", "L"] | None = None


class Sizes(Strict):
    """The sizes a shopper may choose; one of the three. A piece of one size has none: its measures say it."""

    ring_mm: Some[Millimetres] | None = None  # inner circumference
    chain_mm: Some[Millimetres] | None = None
    tag: Some[Literal["XS", "S", "M", "L"]] | None = None


class Edition(Strict):
    """How many there will ever be."""

    size: Annotated[int, Field(ge=1, le=MOST_PIECES)]


class Engraving(Strict):
    """What may be cut into the piece: lines, letters of each line, cap height; the room round the marks kept free."""

    place: Words
    lines: Annotated[int, Field(ge=1, le=10)]
    chars_per_line: Some[Annotated[int, Field(ge=1, le=60)]]
    cap_height_mm: Annotated[float, Field(ge=1.5, le=20, allow_inf_nan=False)]
    width_mm: Millimetres | None = None  # of the longest straight line; a round tag has its table instead
    keep_out_mm: Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)] = 0.0
    lead_days: Days = 0
    optional: bool = True


class HallmarkRecord(Strict):
    """The marks of a piece as recorded: struck, to be struck (pre-order only), or exempt by weight."""

    status: Literal["hallmarked", "planned", "exempt"]
    fineness: Annotated[int, Field(gt=0, lt=1000)]  # parts per thousand
    sponsor: Annotated[str, spelled(r"[A-Z]{2,6}", said="two to six capital letters")] | None = None
    office: Text | None = None
    date_letter: Annotated[str, spelled(r"[A-Za-z]", said="one letter")] | None = None
    symbol: Text | None = None
    convention: bool = False
    place: Words | None = None
    picture: Id | None = None  # the role of its photograph


class Variant(Strict):
    """What has a price and a GTIN: one design in one metal and tier."""

    sku: Sku
    design: Id
    tier: Literal["core", "premium"]
    name: Words
    line: Words
    facts: Lists
    material_id: Text
    plating_um: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] | None = None
    plated_before_hallmark: bool | None = None
    weight_mg: Milligrams
    metal_weight_mg: Milligrams  # without stones: what hallmark law weighs
    measures_mm: Measures
    sizes: Sizes | None = None
    cost_minor: Pence
    price_minor: Price
    vat_rate_bp: Rate
    gtin: Gtin
    lead_days: Days = 0
    edition: Edition
    engraving: Engraving | None = None
    hallmark: HallmarkRecord | None = None
    looks_like: Sku | None = None  # a piece whose pictures are true of this one too, seen from the front
    evidence: Text | None = None  # of a claim such as "hypoallergenic": a test or supplier's declaration on record
