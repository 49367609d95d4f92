"""What may be sold: boutiques, capsules, designs, variants, editions, bundles, windows. Written by the loader only."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import CheckConstraint, Connection, MetaData, UniqueConstraint, event
from sqlmodel import Field

from pos.models.columns import Facts, Table, UtcTime

Words = dict[str, str]  # language → words


class Boutique(Table, table=True):
    """One shop: its words on a slip, its hours, its pickup slots."""

    id: str = Field(primary_key=True, max_length=40)
    name: str
    address: list[str] = Field(sa_type=Facts)
    vat_number: str
    phone: str = ""
    zone: str = "Europe/London"
    hours: dict[str, list[str]] = Field(sa_type=Facts)  # "mon" → ["10:00", "18:00"]; a missing day is closed
    closed_days: list[str] = Field(default_factory=list, sa_type=Facts)  # ISO dates
    slot_minutes: int = 30
    slot_capacity: int = 3
    pickup_days: int = 14  # for how many days a pickup may be booked, today among them: whole weeks fill whole rows
    logo: dict[str, Any] | None = Field(default=None, sa_type=Facts)  # black and white, as slips bear it
    notice: dict[str, Any] | None = Field(default=None, sa_type=Facts)  # the official one: file, size, version, date


class Capsule(Table, table=True):
    """One drop: its story and its dates."""

    id: str = Field(primary_key=True, max_length=60)
    position: int = 0
    name: Words = Field(sa_type=Facts)
    line: Words = Field(sa_type=Facts)
    eyebrow: Words = Field(sa_type=Facts)
    story: Words = Field(sa_type=Facts)
    opens_at: datetime = Field(sa_type=UtcTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcTime)
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=Facts)
    boutiques: list[str] = Field(
        default_factory=list, sa_type=Facts
    )  # where it is sold and collected; empty: everywhere
    digest: str = ""  # of the folder as loaded


class Signal(Table, table=True):
    """One dated sighting behind the trend, with its source."""

    __table_args__ = (UniqueConstraint("capsule_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    capsule_id: str = Field(foreign_key="capsule.id", index=True)
    position: int
    kind: str = Field(max_length=24)
    platform: str = ""
    seen_on: date
    strength: int = 1
    source: Words = Field(sa_type=Facts)
    words: Words = Field(sa_type=Facts)
    link: str = ""


class Design(Table, table=True):
    """One idea of a piece; its variants differ in metal and finish."""

    id: str = Field(primary_key=True, max_length=60)
    capsule_id: str = Field(foreign_key="capsule.id", index=True)
    position: int = 0
    name: Words = Field(sa_type=Facts)
    iconic: Words = Field(sa_type=Facts)


class Variant(Table, table=True):
    """What has a price and a GTIN: one design in one metal and tier."""

    __table_args__ = (CheckConstraint("price_minor > 0", name="price"),)

    sku: str = Field(primary_key=True, max_length=24)
    design_id: str = Field(foreign_key="design.id", index=True)
    capsule_id: str = Field(foreign_key="capsule.id", index=True)
    position: int = 0
    tier: str = Field(max_length=12)  # core | premium
    kind: str = Field(default="", max_length=16)  # charm | chain | tag | ring …
    name: Words = Field(sa_type=Facts)
    line: Words = Field(sa_type=Facts)
    facts: dict[str, list[str]] = Field(default_factory=dict, sa_type=Facts)  # language → what happens next
    material_id: str = Field(max_length=16)
    metal: Words = Field(sa_type=Facts)  # as printed: "Platinum 950"
    fineness: int  # parts per thousand
    weight_mg: int
    measures: dict[str, Any] = Field(default_factory=dict, sa_type=Facts)  # mm
    cost_minor: int
    price_minor: int  # VAT inside
    vat_rate_bp: int = 2000
    currency: str = Field(default="gbp", max_length=3)
    gtin: str = Field(unique=True, max_length=14)  # GTIN-14
    sizes: list[dict[str, Any]] = Field(default_factory=list, sa_type=Facts)  # {code, name by language, mm}
    engraving: dict[str, Any] | None = Field(default=None, sa_type=Facts)  # {lines, chars_per_line, cap_height_mm, …}
    hallmark: dict[str, Any] = Field(sa_type=Facts)  # as recorded: {status, sponsor, fineness, office, …} or exemption
    lead_days: int = 0  # from the sale to the hand-over, before any engraving's own days
    retired: bool = False  # gone from its folder: sold pieces keep it, nobody sells it


class Edition(Table, table=True):
    """How many of a variant there will ever be."""

    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    sku: str = Field(primary_key=True, foreign_key="variant.sku", max_length=24)
    size: int


class Bundle(Table, table=True):
    """Pieces bought together: every slot filled, or none."""

    id: str = Field(primary_key=True, max_length=60)
    capsule_id: str = Field(foreign_key="capsule.id", index=True)
    position: int = 0
    name: Words = Field(sa_type=Facts)
    line: Words = Field(sa_type=Facts)
    occasion: Words = Field(sa_type=Facts)
    saving_minor: int
    slots: list[dict[str, Any]] = Field(sa_type=Facts)  # {id, name by language, skus}
    retired: bool = False  # gone from its folder: old baskets keep it, nobody is offered it


class PreorderWindow(Table, table=True):
    """When a variant is pre-ordered instead of taken away: dates, cap, deposit, promise."""

    __tablename__ = "preorder_window"
    __table_args__ = (
        CheckConstraint("cap > 0", name="cap"),
        CheckConstraint("closes_at > opens_at", name="order"),
        # Never the whole price: a piece that is still to be made has a balance, and is certified when that is paid.
        CheckConstraint("deposit_bp > 0 AND deposit_bp < 10000", name="deposit"),
    )

    sku: str = Field(primary_key=True, foreign_key="variant.sku", max_length=24)
    opens_at: datetime = Field(sa_type=UtcTime)
    closes_at: datetime = Field(sa_type=UtcTime)
    cap: int  # how many of the edition may be pre-ordered
    deposit_bp: int  # share of the price taken now
    promised_on: date


class Extra(Table, table=True):
    """A service bought with a piece: an assay certificate, a resizing. No edition."""

    id: str = Field(primary_key=True, max_length=60)
    capsule_id: str = Field(foreign_key="capsule.id", index=True)
    name: Words = Field(sa_type=Facts)
    line: Words = Field(sa_type=Facts)
    price_minor: int  # VAT inside; 0: included with the piece
    vat_rate_bp: int = 2000
    cost_minor: int = 0
    lead_days: int = 0  # how much longer the piece is away
    skus: list[str] = Field(sa_type=Facts)  # the pieces it goes with
    retired: bool = False


class CatalogueState(Table, table=True):
    """How often anything above was changed; triggers of the schema count it, whoever changes it in whatever way."""

    __tablename__ = "catalogue_state"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    changes: int = 0


COUNTED = (Boutique, Capsule, Signal, Design, Variant, Edition, Bundle, Extra, PreorderWindow)


@event.listens_for(Table.metadata, "after_create")
def _count(_: MetaData, connection: Connection, **__: Any) -> None:
    """Tables that are made without the migrations count their changes too."""
    for statement in counting(connection.dialect.name):
        connection.exec_driver_sql(statement)


def counting(dialect: str) -> Iterator[str]:
    """The statements that begin the count, and make the triggers that go on with it."""
    count = "UPDATE catalogue_state SET changes = changes + 1"
    yield "INSERT INTO catalogue_state (id, changes) VALUES (1, 0) ON CONFLICT DO NOTHING"
    if dialect == "sqlite":
        for table, what in product((one.__tablename__ for one in COUNTED), ("INSERT", "UPDATE", "DELETE")):
            name = f"count_{table}_{what.lower()}"
            yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {what} ON {table} BEGIN {count}; END"
        return
    body = f"$$ BEGIN {count}; RETURN NULL; END $$"
    yield f"CREATE OR REPLACE FUNCTION count_catalogue_change() RETURNS trigger LANGUAGE plpgsql AS {body}"
    for table in (one.__tablename__ for one in COUNTED):
        yield (
            f"CREATE OR REPLACE TRIGGER count_{table} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_catalogue_change()"
        )
