"""What may be wished for: a variant at this moment, its sizes, its words, its services."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as entities
from sqlmodel import Session, col, select

from pos.cutting.asked import as_cut
from pos.errors import NotAllowed, SizeNeeded, Unknown, WindowClosed
from pos.fitting.pets import refuse_collar
from pos.models import Basket, BasketItem, Capsule, Device, Extra, PreorderWindow, Variant
from pos.selling.views import Choice


@dataclass(frozen=True)
class OnSale:
    """A variant that can be had now: from stock, or through its pre-order window."""

    variant: Variant
    window: PreorderWindow | None  # open now; None: from stock

    @property
    def cap(self) -> int | None:
        """The most of the edition that may be out, while it is pre-ordered."""
        return self.window.cap if self.window else None


ON_SALE: Any = (
    entities(Variant, Capsule, PreorderWindow)
    .join(Capsule, col(Capsule.id) == col(Variant.capsule_id))
    .join(PreorderWindow, col(PreorderWindow.sku) == col(Variant.sku), isouter=True)
    .where(col(Variant.sku) == bindparam("sku"))
)
LOCKED: Any = select(PreorderWindow.sku).order_by(col(PreorderWindow.sku)).with_for_update()
WINDOWS = LOCKED.where(col(PreorderWindow.sku).in_(bindparam("skus", expanding=True)))
WINDOWS_OF_BASKET = LOCKED.where(
    col(PreorderWindow.sku).in_(select(BasketItem.sku).where(BasketItem.basket_id == bindparam("basket_id")))
)


def lock_windows(tx: Session, *, skus: Iterable[str] | None = None, basket_id: str | None = None) -> None:
    """Let nobody else count the places of these variants, or of all in a basket, until this write is done.

    Done before any of their pieces is touched, and before the moment is asked: whether a hold has lapsed, and so
    whether its place is free, must not be seen one way here and another way there. On SQLite there is one writer.
    """
    if tx.get_bind().dialect.name == "sqlite":
        return
    statement, given = (WINDOWS, {"skus": sorted(set(skus))}) if skus else (WINDOWS_OF_BASKET, {"basket_id": basket_id})
    tx.connection().execute(statement, given).all()


def on_sale(tx: Session, *, sku: str, boutique_id: str, at: datetime) -> OnSale:
    """The variant as it can be had in this boutique now; the caller has locked its window, if it has one.

    Raises Unknown, or WindowClosed before its capsule or window opens and after they close.
    """
    found: Any = tx.execute(ON_SALE, {"sku": sku}).first()
    if found is None:
        raise Unknown("variant", sku)
    variant, capsule, window = found
    refuse_off_sale(variant=variant, capsule=capsule, window=window, boutique_id=boutique_id, at=at)
    return OnSale(variant=variant, window=window)


def shown_in(tx: Session, *, sku: str, wished: str) -> str:
    """The boutique where somebody finds a variant now: the one they wish for, or the first to which it has moved."""
    homes = tx.exec(select(Capsule.boutiques).join(Variant).where(Variant.sku == sku)).one()
    return wished if not homes or wished in homes else str(homes[0])


def refuse_off_sale(
    *, variant: Variant, capsule: Capsule, window: PreorderWindow | None, boutique_id: str, at: datetime
) -> None:
    """Raises Unknown for what is withdrawn or not sold in this boutique, WindowClosed outside of its dates."""
    if variant.retired or (capsule.boutiques and boutique_id not in capsule.boutiques):
        raise Unknown("variant", variant.sku)
    if at < capsule.opens_at or (capsule.closes_at is not None and at >= capsule.closes_at):
        raise WindowClosed(variant.sku)
    if window is not None and not window.opens_at <= at < window.closes_at:
        raise WindowClosed(variant.sku)


def checked(tx: Session, *, variant: Variant, choice: Choice) -> Choice:
    """The choice with its words as they will be cut, if this size, these words and these services go with this variant.

    Raises SizeNeeded, CannotEngrave, BreakawayNeeded or Unknown.
    """
    if choice.species is not None and choice.collar is not None:
        refuse_collar(choice.species, collar=choice.collar)
    if choice.size is not None and choice.size not in {size["code"] for size in variant.sizes}:
        raise SizeNeeded(variant.sku, choice.size)
    for extra_id in choice.extras:
        extra = tx.get(Extra, extra_id)
        if extra is None or extra.retired or variant.sku not in extra.skus:
            raise Unknown("extra", extra_id)
    lines = as_cut(choice.engraving, kind=variant.kind, measures=variant.measures, engraving=variant.engraving)
    return replace(choice, engraving=lines)


def item_of(tx: Session, *, basket_id: str, item_id: str) -> BasketItem:
    """One line of a basket. Raises Unknown."""
    item = tx.exec(select(BasketItem).where(BasketItem.id == item_id, BasketItem.basket_id == basket_id)).first()
    if item is None:
        raise Unknown("item", item_id)
    return item


def live_basket(tx: Session, *, basket_id: str) -> tuple[Basket, Device]:
    """A basket that is still open, locked, with its tablet. Raises Unknown or NotAllowed (a revoked tablet)."""
    found: Any = tx.exec(
        select(Basket, Device)
        .where(Basket.id == basket_id, Basket.device_id == Device.id, col(Basket.closed_at).is_(None))
        .with_for_update(of=Basket)
    ).first()
    if found is None:
        raise Unknown("basket", basket_id)
    basket, device = found
    if device.revoked_at is not None:
        raise NotAllowed(device.label, "sell")
    return basket, device
