"""A checked capsule folder as the rows of its tables: pure, so that what is stored can be read off here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pos.catalogue import schema, sizes
from pos.catalogue.materials import material
from pos.catalogue.reading import CapsuleFolder
from pos.catalogue.schema_piece import Measures
from pos.catalogue.schema_piece import Variant as VariantEntry
from pos.models import Bundle, Capsule, Design, Edition, Extra, PreorderWindow, Signal, Variant


@dataclass(frozen=True)
class Placed:
    """Where and when a folder is loaded: the day its relative dates count from, the shop's zone, the trade's tables."""

    loaded_on: date
    zone: ZoneInfo
    reference: Path
    digest: str


def capsule(folder: CapsuleFolder, placed: Placed) -> Capsule:
    """The capsule with its story and its pictures."""
    entry = folder.file.capsule
    return Capsule(
        id=entry.slug,
        position=entry.number,
        name=entry.name.model_dump(),
        line=entry.line.model_dump(),
        eyebrow=entry.eyebrow.model_dump(),
        story=dict(folder.story),
        opens_at=schema.moment(entry.opens_at, loaded_on=placed.loaded_on, zone=placed.zone).astimezone(UTC),
        closes_at=schema.moment(entry.closes_at, loaded_on=placed.loaded_on, zone=placed.zone).astimezone(UTC),
        media=list(_media(folder)),
        boutiques=list(entry.boutiques),
        digest=placed.digest,
    )


def _media(folder: CapsuleFolder) -> Iterator[dict[str, Any]]:
    """Every picture; a piece's also for those that look like it, except beside a ruler where their sizes differ."""
    measures = {entry.sku: entry.measures_mm for entry in folder.file.variants}
    own = {(picture.sku, picture.role) for picture in folder.pictures}
    for picture in folder.pictures:
        shown = picture.model_dump(mode="json", exclude_none=True)
        yield shown
        for entry in folder.file.variants:
            lent = entry.looks_like is not None and entry.looks_like == picture.sku
            true = picture.role != "scale" or _face(measures[entry.sku]) == _face(
                measures[entry.looks_like or entry.sku]
            )
            if lent and true and (entry.sku, picture.role) not in own:
                yield {**shown, "sku": entry.sku}


def _face(measures: Measures) -> tuple[float | None, ...]:
    return measures.width, measures.height, measures.diameter


def signals(folder: CapsuleFolder, placed: Placed) -> Iterator[Signal]:
    """The sightings, oldest first as they are written."""
    for position, entry in enumerate(folder.file.signals):
        yield Signal(
            capsule_id=folder.slug,
            position=position,
            kind=entry.kind,
            platform=entry.platform,
            seen_on=schema.day(entry.seen_on, loaded_on=placed.loaded_on),
            strength=entry.strength,
            source=entry.source.model_dump(),
            words=entry.words.model_dump(),
            link=entry.link or "",
        )


def designs(folder: CapsuleFolder) -> Iterator[Design]:
    """The designs."""
    for position, entry in enumerate(folder.file.designs):
        yield Design(
            id=entry.id,
            capsule_id=folder.slug,
            position=position,
            name=entry.name.model_dump(),
            iconic=entry.iconic.model_dump(),
        )


def variants(folder: CapsuleFolder, placed: Placed) -> Iterator[Variant]:
    """The variants, with the metal as it is printed and the sizes as they are read."""
    kinds = {design.id: design.kind for design in folder.file.designs}
    for position, entry in enumerate(folder.file.variants):
        metal = material(entry.material_id, folder=placed.reference)
        yield Variant(
            sku=entry.sku,
            design_id=entry.design,
            capsule_id=folder.slug,
            position=position,
            tier=entry.tier,
            kind=kinds[entry.design],
            name=entry.name.model_dump(),
            line=entry.line.model_dump(),
            facts=entry.facts.model_dump(mode="json"),
            material_id=entry.material_id,
            metal=metal.metal_line(plating_um=entry.plating_um),
            fineness=metal.fineness,
            weight_mg=entry.weight_mg,
            measures=entry.measures_mm.model_dump(exclude_none=True),
            cost_minor=entry.cost_minor,
            price_minor=entry.price_minor,
            vat_rate_bp=entry.vat_rate_bp,
            currency=folder.file.capsule.currency,
            gtin=entry.gtin,
            sizes=sizes.choices(entry.sizes, folder=placed.reference),
            engraving=_engraving(entry),
            hallmark=_hallmark(entry, metal=metal.metal),
            lead_days=entry.lead_days,
        )


def _engraving(entry: VariantEntry) -> dict[str, Any] | None:
    return entry.engraving.model_dump(mode="json", exclude_none=True) if entry.engraving else None


def _hallmark(entry: VariantEntry, *, metal: str) -> dict[str, Any]:
    # Words and whole numbers only: the record is signed into every certificate as it stands here.
    assert entry.hallmark is not None, "a checked variant has its record"
    said = entry.hallmark.model_dump(mode="json", exclude_none=True)
    return {**said, "metal": metal, "metal_weight_mg": entry.metal_weight_mg}


def editions(folder: CapsuleFolder) -> Iterator[Edition]:
    """How many of each variant there will ever be."""
    for entry in folder.file.variants:
        yield Edition(sku=entry.sku, size=entry.edition.size)


def bundles(folder: CapsuleFolder) -> Iterator[Bundle]:
    """The bundles with their slots."""
    for position, entry in enumerate(folder.file.bundles):
        yield Bundle(
            id=entry.id,
            capsule_id=folder.slug,
            position=position,
            name=entry.name.model_dump(),
            line=entry.line.model_dump(),
            occasion=entry.occasion.model_dump(),
            saving_minor=entry.saving_minor,
            slots=[slot.model_dump(mode="json") for slot in entry.slots],
        )


def extras(folder: CapsuleFolder) -> Iterator[Extra]:
    """The services that go with a piece."""
    for entry in folder.file.extras:
        yield Extra(
            id=entry.id,
            capsule_id=folder.slug,
            name=entry.name.model_dump(),
            line=entry.line.model_dump(),
            price_minor=entry.price_minor,
            cost_minor=entry.cost_minor,
            vat_rate_bp=entry.vat_rate_bp,
            lead_days=entry.lead_days,
            skus=list(entry.skus),
        )


def windows(folder: CapsuleFolder, placed: Placed) -> Iterator[PreorderWindow]:
    """One window for each piece that is pre-ordered."""
    for entry in folder.file.windows:
        opens = schema.moment(entry.opens_at, loaded_on=placed.loaded_on, zone=placed.zone)
        closes = schema.moment(entry.closes_at, loaded_on=placed.loaded_on, zone=placed.zone)
        after = timedelta(days=entry.promised_days_after_close or 0)
        promised = entry.promised_on or closes.astimezone(placed.zone).date() + after
        for sku in entry.skus:
            yield PreorderWindow(
                sku=sku,
                opens_at=opens.astimezone(UTC),
                closes_at=closes.astimezone(UTC),
                cap=entry.cap,
                deposit_bp=entry.deposit_bp,
                promised_on=promised,
            )
