"""A shelf: the variants of some capsules with everything their views need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, bindparam, func
from sqlalchemy import select as columns
from sqlmodel import col

from pos.catalogue.standing import Row, Standing
from pos.catalogue.views import (
    BundleView,
    EngravingView,
    ExtraView,
    HallmarkView,
    MarkView,
    PictureView,
    SizeView,
    SlotView,
    VariantView,
    WindowView,
)
from pos.models import Bundle, Capsule, Design, Edition, Extra, Piece, PreorderWindow, Variant
from pos.stock.pieces import is_free

# Made once: every screen of the shopper asks for it (docs/decisions/statements-made-once.md).
FREE: Any = (
    columns(col(Piece.sku), func.count())
    .where(col(Piece.sku).in_(bindparam("skus", expanding=True)), is_free(bindparam("at")))
    .group_by(col(Piece.sku))
)
ROLES = ("hero", "lifestyle", "hallmark", "scale", "pet", "detail")


@dataclass(frozen=True)
class Shelf:
    """What stands on it is sold in one language at one moment."""

    there: Standing
    capsules: Mapping[str, Capsule]
    rows: Sequence[Row]
    free: Mapping[str, int]
    extras: Sequence[Extra]
    language: str
    at: datetime

    @classmethod
    def of(
        cls,
        look: Connection,
        there: Standing,
        *,
        capsules: Sequence[Capsule],
        language: str,
        at: datetime,
        only: Iterable[Row] | None = None,
        retired: bool = False,
    ) -> "Shelf":
        """The pieces of these capsules, or only some of them, and what is left; what is retired too where an old basket
        or order asks.
        """
        homes = {capsule.id: capsule for capsule in capsules}
        every = there.rows if only is None else only
        rows = [row for row in every if row[0].capsule_id in homes and (retired or not row[0].retired)]
        left: Any = look.execute(FREE, {"skus": [row[0].sku for row in rows], "at": at})
        return cls(
            there=there,
            capsules=homes,
            rows=rows,
            free=dict(iter(left)),
            extras=[e for e in there.extras if e.capsule_id in homes and (retired or not e.retired)],
            language=language,
            at=at,
        )

    @cached_property
    def variants(self) -> tuple[VariantView, ...]:
        """Every piece, in the order of its capsule."""
        order = list(self.capsules)
        views = [self._variant(*row) for row in self.rows]
        return tuple(sorted(views, key=lambda view: order.index(view.capsule_id)))

    def bundles(self, found: Iterable[Bundle]) -> tuple[BundleView, ...]:
        """Those of these bundles that are made of these capsules' pieces and still sold."""
        known = {view.sku: view for view in self.variants}
        return tuple(self._bundle(row, known) for row in found if row.capsule_id in self.capsules and not row.retired)

    @cached_property
    def _pictures(self) -> Mapping[str | None, Sequence[PictureView]]:
        """By the piece they show."""
        found: dict[str | None, list[PictureView]] = {}
        for home in self.capsules.values():
            for sku, picture in pictures_of(self.there, home, self.language):
                found.setdefault(sku, []).append(picture)
        return found

    def _bundle(self, row: Bundle, known: Mapping[str, VariantView]) -> BundleView:
        slots = [
            SlotView(
                slot_id=slot["id"],
                name=slot["name"][self.language],
                variants=tuple(
                    sorted((known[sku] for sku in slot["skus"] if sku in known), key=lambda v: (v.price_minor, v.sku))
                ),
            )
            for slot in row.slots
        ]
        return BundleView(
            bundle_id=row.id,
            capsule_id=row.capsule_id,
            name=row.name[self.language],
            line=row.line[self.language],
            occasion=row.occasion[self.language],
            saving_minor=row.saving_minor,
            slots=tuple(slots),
        )

    def _variant(self, row: Variant, design: Design, edition: Edition, window: PreorderWindow | None) -> VariantView:
        home, language = self.capsules[row.capsule_id], self.language
        free = self.free.get(row.sku, 0)
        places = self._window(window, out=edition.size - free) if window else None
        begun = home.opens_at <= self.at and (home.closes_at is None or self.at < home.closes_at)
        return VariantView(
            sku=row.sku,
            capsule_id=row.capsule_id,
            design_id=design.id,
            design_name=design.name[language],
            iconic=design.iconic[language],
            name=row.name[language],
            version=_version(row.name[language], design=design.name[language]),
            line=row.line[language],
            facts=tuple(row.facts.get(language, ())),
            kind=row.kind,
            tier=row.tier,
            metal=row.metal[language],
            material_id=row.material_id,
            weight_mg=row.weight_mg,
            measures=dict(row.measures),
            price_minor=row.price_minor,
            currency=row.currency,
            sizes=tuple(SizeView(s["code"], s["name"][language], s.get("mm")) for s in row.sizes),
            engraving=_engraving(row.engraving, language),
            hallmark=_hallmark(row.hallmark, language),
            extras=self._extras(row.sku, retired=False),
            withdrawn=self._extras(row.sku, retired=True),
            window=places,
            edition_size=edition.size,
            left=min(free, max(0, places.cap - places.taken)) if places else free,
            is_open=begun and not row.retired and (places is None or places.is_open),
            pictures=tuple(sorted(self._pictures.get(row.sku, ()), key=_turn)),
        )

    def _extras(self, sku: str, *, retired: bool) -> tuple[ExtraView, ...]:
        language = self.language
        return tuple(
            ExtraView(e.id, e.name[language], e.line[language], e.price_minor)
            for e in self.extras
            if sku in e.skus and e.retired == retired
        )

    def _window(self, window: PreorderWindow, *, out: int) -> WindowView:
        return WindowView(
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            cap=window.cap,
            taken=out,
            deposit_bp=window.deposit_bp,
            promised_on=window.promised_on,
            is_open=window.opens_at <= self.at < window.closes_at,
        )


def _turn(picture: PictureView) -> int:
    """The order in which a piece is looked at."""
    return ROLES.index(picture.role) if picture.role in ROLES else len(ROLES)


def _version(name: str, *, design: str) -> str:
    """`Corner charm, vermeil` among the corner charms is `Vermeil`."""
    rest = name.removeprefix(design).lstrip(" ,:·–-")
    return rest[:1].upper() + rest[1:] if rest and rest != name else name


def _engraving(facts: Mapping[str, Any] | None, language: str) -> EngravingView | None:
    if not facts:
        return None
    return EngravingView(
        chars_per_line=tuple(facts["chars_per_line"]),
        cap_height_mm=float(facts["cap_height_mm"]),
        place=(facts.get("place") or {}).get(language, ""),
        lead_days=int(facts.get("lead_days", 0)),
        optional=bool(facts.get("optional", True)),
        keep_out_mm=float(facts.get("keep_out_mm") or 0),
        width_mm=facts.get("width_mm"),
    )


def _hallmark(facts: Mapping[str, Any], language: str) -> HallmarkView:
    return HallmarkView(
        status=facts["status"],
        fineness=int(facts["fineness"]),
        sponsor=facts.get("sponsor"),
        office=facts.get("office"),
        date_letter=facts.get("date_letter"),
        place=(facts.get("place") or {}).get(language, ""),
    )


def pictures_of(there: Standing, capsule: Capsule, language: str) -> Sequence[tuple[str | None, PictureView]]:
    """Every picture of a capsule with the piece it shows; None where it shows the capsule. Nobody writes into it."""
    made = there.pictures.get((capsule.id, language))
    if made is None:
        made = there.pictures[capsule.id, language] = pictures_in(
            capsule.media, capsule_id=capsule.id, language=language
        )
    return made


def swatches_in(media: Sequence[Mapping[str, Any]], *, capsule_id: str, language: str) -> dict[str, PictureView]:
    """The swatch of each metal in a capsule's media."""
    rows = [row for row in media if row["role"] == "swatch"]
    drawn = pictures_in(rows, capsule_id=capsule_id, language=language)
    return {row["material"]: picture for row, (_, picture) in zip(rows, drawn, strict=True)}


def pictures_in(
    media: Sequence[Mapping[str, Any]], *, capsule_id: str, language: str
) -> list[tuple[str | None, PictureView]]:
    """The same of some rows of a capsule's media."""
    return [
        (
            row.get("sku"),
            PictureView(
                src=f"/pictures/{capsule_id}/{row['file']}",
                thumb=f"/pictures/{capsule_id}/{row.get('thumb') or row['file']}",
                role=row["role"],
                alt=row["alt"][language],
                focus=row.get("focus", "50% 50%"),
                is_render=row.get("kind") == "render",
                is_tall=row.get("height", 0) > row.get("width", 0),
                marks=tuple(MarkView(*mark) for mark in row.get("marks", ())),
            ),
        )
        for row in media
    ]
