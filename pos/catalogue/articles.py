"""What anyone may know of a kind of piece by its article number: what stands on its shelf label, and its picture.

No stock and no person; of a capsule that is not open yet, nothing at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from pos.catalogue.gtin import GtinWrong, checked
from pos.catalogue.shelf import pictures_in
from pos.catalogue.views import PictureView, leading
from pos.errors import Unknown
from pos.models import Capsule, Edition, Variant
from pos.shop import Shop


@dataclass(frozen=True)
class ArticleView:
    """A kind of piece; names by language, the price in pence with VAT inside, the hallmark as recorded."""

    gtin: str
    sku: str
    name: Mapping[str, str]
    capsule: Mapping[str, str]
    metal: Mapping[str, str]
    fineness: int
    price_minor: int
    currency: str
    edition_size: int
    hallmark: Mapping[str, Any]
    picture: PictureView | None


def article(shop: Shop, *, gtin: str, language: str) -> ArticleView:
    """The kind of piece of a GTIN-14. Raises Unknown for a number that is none, or none of what was ever on show."""
    try:
        known = checked(gtin) == gtin
    except GtinWrong:
        known = False
    if not known:
        raise Unknown("article", gtin[:14])
    asked = (
        select(Variant, Capsule, Edition.size)
        .where(Variant.gtin == gtin, Variant.capsule_id == Capsule.id, Edition.sku == Variant.sku)
        .where(Variant.retired.is_(False), Capsule.opens_at <= shop.clock.now())  # type: ignore[attr-defined]
    )
    with shop.read() as look:
        found: Any = look.exec(asked).first()
    if found is None:
        raise Unknown("article", gtin)
    variant, capsule, size = found
    drawn = pictures_in(capsule.media, capsule_id=capsule.id, language=language)
    return ArticleView(
        gtin=variant.gtin,
        sku=variant.sku,
        name=variant.name,
        capsule=capsule.name,
        metal=variant.metal,
        fineness=variant.fineness,
        price_minor=variant.price_minor,
        currency=variant.currency,
        edition_size=size,
        hallmark=variant.hallmark,
        picture=leading([picture for sku, picture in drawn if sku == variant.sku]),
    )
