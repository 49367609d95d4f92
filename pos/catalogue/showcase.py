"""What is on show: the catalogue as a shopper sees it at this moment, read in one look."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import col

from pos.catalogue.shelf import Shelf, pictures_of, swatches_in
from pos.catalogue.standing import standing
from pos.catalogue.views import (
    BundleView,
    CapsuleCard,
    CapsuleView,
    NumbersView,
    PictureView,
    PlaceView,
    SignalView,
    VariantView,
    leading,
)
from pos.errors import Unknown
from pos.models import Capsule, Edition, Piece, PieceState
from pos.shop import Shop

# Made once, for the screens where most is touched (docs/decisions/statements-made-once.md).
NUMBERED: tuple[Any, ...] = (Edition.sku, Edition.size, Piece.number, Piece.state, Piece.basket_id, Piece.held_until)
OUT = (
    columns(*NUMBERED)
    .select_from(Edition)
    .join(Piece, (col(Piece.sku) == col(Edition.sku)) & (col(Piece.state) != PieceState.FREE), isouter=True)
    .where(col(Edition.sku).in_(bindparam("skus", expanding=True)))
)


def capsules(shop: Shop, *, boutique_id: str, language: str) -> tuple[CapsuleCard, ...]:
    """The capsules that are open in a boutique, in their order."""
    at = shop.clock.now()
    with shop.glance() as look:
        there = standing(shop, look)
        return tuple(
            CapsuleCard(
                capsule_id=capsule.id,
                name=capsule.name[language],
                line=capsule.line[language],
                eyebrow=capsule.eyebrow[language],
                picture=_leading(pictures_of(there, capsule, language)),
            )
            for capsule in there.capsules.values()
            if _open(capsule, boutique_id, at)
        )


def capsule(shop: Shop, *, capsule_id: str, boutique_id: str, language: str) -> CapsuleView:
    """One capsule with its story, pieces and bundles. Raises Unknown where this boutique does not show it."""
    at = shop.clock.now()
    with shop.glance() as look:
        there = standing(shop, look)
        found = there.capsules.get(capsule_id)
        if found is None or not _here(found, boutique_id):
            raise Unknown("capsule", capsule_id)
        shelf = Shelf.of(look, there, capsules=[found], language=language, at=at)
        title, story = _story(found.story[language])
        return CapsuleView(
            capsule_id=found.id,
            name=found.name[language],
            line=found.line[language],
            eyebrow=found.eyebrow[language],
            title=title or found.name[language],
            story=story,
            opens_at=found.opens_at,
            closes_at=found.closes_at,
            signals=tuple(
                SignalView(seen_on=s.seen_on, kind=s.kind, words=s.words[language], source=s.source[language])
                for s in there.signals
                if s.capsule_id == found.id
            ),
            variants=shelf.variants,
            bundles=shelf.bundles(there.bundles.values()),
            pictures=tuple(p for sku, p in pictures_of(there, found, language) if sku is None),
        )


def variant(shop: Shop, *, sku: str, boutique_id: str, language: str) -> tuple[VariantView, ...]:
    """One piece, first, and the other variants of its design. Raises Unknown where this boutique does not sell it."""
    at = shop.clock.now()
    with shop.glance() as look:
        there = standing(shop, look)
        home, found = there.home_of(sku), there.by_sku.get(sku)
        if home is None or found is None or found[0].retired or not _here(home, boutique_id):
            raise Unknown("variant", sku)
        family = [row for row in there.rows if row[0].design_id == found[0].design_id]
        on_it = Shelf.of(look, there, capsules=[home], only=family, language=language, at=at).variants
    return tuple(sorted(on_it, key=lambda view: view.sku != sku))


def bundle(shop: Shop, *, bundle_id: str, boutique_id: str, language: str) -> BundleView:
    """One bundle with the pieces that may fill it. Raises Unknown where this boutique does not sell it."""
    at = shop.clock.now()
    with shop.glance() as look:
        there = standing(shop, look)
        found = there.bundles.get(bundle_id)
        if found is None or found.retired or not _here(there.capsules[found.capsule_id], boutique_id):
            raise Unknown("bundle", bundle_id)
        home = there.capsules[found.capsule_id]
        return Shelf.of(look, there, capsules=[home], language=language, at=at).bundles([found])[0]


def on_sale(shop: Shop, *, boutique_id: str, language: str) -> tuple[VariantView, ...]:
    """Everything the counter of a boutique may sell now."""
    at = shop.clock.now()
    with shop.glance() as look:
        there = standing(shop, look)
        found = [capsule for capsule in there.capsules.values() if _open(capsule, boutique_id, at)]
        return tuple(v for v in Shelf.of(look, there, capsules=found, language=language, at=at).variants if v.is_open)


def swatches(shop: Shop, *, boutique_id: str, language: str) -> dict[str, PictureView]:
    """A picture of each metal the open capsules of a boutique have one of, by its id; the first capsule’s leads."""
    at = shop.clock.now()
    with shop.glance() as look:
        found = list(standing(shop, look).capsules.values())
        return {
            metal: picture
            for capsule in reversed(found)
            if _open(capsule, boutique_id, at)
            for metal, picture in swatches_in(capsule.media, capsule_id=capsule.id, language=language).items()
        }


def named(shop: Shop, *, skus: Iterable[str], language: str) -> dict[str, VariantView]:
    """These pieces by SKU, whether or not they are still sold: a basket and an order show what they hold."""
    at = shop.clock.now()
    with shop.glance() as look:
        there = standing(shop, look)
        rows = [there.by_sku[sku] for sku in sorted(set(skus)) if sku in there.by_sku]
        homes = {row[0].capsule_id: there.capsules[row[0].capsule_id] for row in rows}
        shelf = Shelf.of(look, there, capsules=list(homes.values()), only=rows, language=language, at=at, retired=True)
        return {view.sku: view for view in shelf.variants}


def numbers(shop: Shop, *, sku: str, basket_id: str | None) -> NumbersView:
    """Every number of an edition, by whose it is at this moment. Raises Unknown."""
    return numbers_of(shop, skus=[sku], basket_id=basket_id)[sku]


def numbers_of(shop: Shop, *, skus: Sequence[str], basket_id: str | None) -> dict[str, NumbersView]:
    """The same of several editions, at one moment. Raises Unknown."""
    at = shop.clock.now()
    with shop.glance() as look:
        out = look.execute(OUT, {"skus": skus}).all()
    sizes: dict[str, int] = {row[0]: row[1] for row in out}
    whose: dict[tuple[str, str], set[int]] = defaultdict(set)
    for sku, _, number, state, holder, until in out:
        if number is not None:
            whose[sku, _whose(state, holder, until, basket_id=basket_id, at=at)].add(number)
    return {sku: _numbered(sku, sizes.get(sku), whose) for sku in skus}


def _numbered(sku: str, size: int | None, whose: Mapping[tuple[str, str], set[int]]) -> NumbersView:
    if size is None:
        raise Unknown("variant", sku)
    gone = {name: whose.get((sku, name), set()) for name in ("taken", "reserved", "mine")}
    free = set(range(1, size + 1)).difference(*gone.values())  # an edition has every number; loading sees to it
    return NumbersView(size, free=tuple(sorted(free)), **{name: tuple(sorted(some)) for name, some in gone.items()})


def places(shop: Shop, *, capsule_ids: Iterable[str], boutique_id: str) -> tuple[PlaceView, ...]:
    """Where pieces of these capsules may be collected: this boutique first, then the others that show all of them."""
    wanted = set(capsule_ids)
    with shop.glance() as look:
        there = standing(shop, look)
    views = [
        PlaceView(boutique_id=b.id, name=b.name, zone=b.zone, address=tuple(b.address))
        for b in there.boutiques.values()
        if b.id == boutique_id or all(_here(there.capsules[home], b.id) for home in wanted)
    ]
    return tuple(sorted(views, key=lambda place: place.boutique_id != boutique_id))


def _here(capsule: Any, boutique_id: str) -> bool:
    return not capsule.boutiques or boutique_id in capsule.boutiques


def _open(capsule: Capsule, boutique_id: str, at: datetime) -> bool:
    begun = capsule.opens_at <= at and (capsule.closes_at is None or at < capsule.closes_at)
    return begun and _here(capsule, boutique_id)


def _whose(
    state: PieceState, holder: str | None, until: datetime | None, *, basket_id: str | None, at: datetime
) -> str:
    if state == PieceState.FREE or (state == PieceState.HELD and (until is None or until <= at)):
        return "free"
    if state == PieceState.HELD:
        return "mine" if holder == basket_id else "reserved"
    return "taken"


def _leading(pictures: Sequence[tuple[str | None, PictureView]]) -> PictureView | None:
    """The capsule's own picture, else the hero of the first piece that has one."""
    own = [picture for sku, picture in pictures if sku is None and picture.role in ("hero", "lifestyle")]
    first = next((sku for sku, picture in pictures if sku and picture.role == "hero"), None)
    return leading(own) or leading([p for sku, p in pictures if sku and sku == first and p.role == "hero"])


def _story(text: str) -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs of a story file: an optional first `# title`, paragraphs parted by an empty line."""
    blocks = [" ".join(block.split()) for block in text.split("\n\n") if block.strip()]
    if blocks and blocks[0].startswith("# "):
        return blocks[0][2:], tuple(blocks[1:])
    return "", tuple(blocks)
