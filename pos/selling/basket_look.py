"""The basket as a screen looks at it: nearly every one does, so it is read in few columns.

Names and prices are those of the catalogue as it stands in the same look. What is charged is not taken from here: an
order is priced anew from rows of its own (`checkout.open`), and stops where that is not what the screen showed.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam
from sqlalchemy import select as columns
from sqlmodel import col

from pos.catalogue.standing import Standing, standing
from pos.errors import Unknown
from pos.models import Basket, BasketItem, Device, Piece
from pos.selling.pricing import Wish, as_added, promised_on, quote, ready_on, size_name
from pos.selling.views import BasketLine, BasketView
from pos.shop import Shop
from pos.stock.pieces import keeps

# Each made once (docs/decisions/statements-made-once.md).
ITEM_SEEN: tuple[Any, ...] = (
    *(BasketItem.id, BasketItem.piece_id, BasketItem.sku, BasketItem.number, BasketItem.size, BasketItem.engraving),
    *(BasketItem.extras, BasketItem.species, BasketItem.collar, BasketItem.bundle_id, BasketItem.bundle_group),
    *(
        BasketItem.bundle_slot,
        BasketItem.added_at,
        Piece.basket_id,
        Piece.state,
        Piece.held_until,
        Piece.extended,
    ),  # whose the piece is now
)
ITEMS = (
    columns(*ITEM_SEEN)
    .select_from(BasketItem)
    .join(Piece, col(Piece.id) == col(BasketItem.piece_id))
    .where(col(BasketItem.basket_id) == bindparam("basket_id"))
)
BASKET_SEEN: tuple[Any, ...] = (
    *(Basket.id, Basket.language, Basket.checkouts, Basket.take_away, Basket.pickup_boutique_id, Basket.pickup_start),
    Device.boutique_id,
)
BASKETS = columns(*BASKET_SEEN).select_from(Basket).join(Device, col(Device.id) == col(Basket.device_id))
BASKET = BASKETS.where(col(Basket.id) == bindparam("basket_id"))
FILLED = (
    BASKETS.where(col(Basket.device_id) == bindparam("device_id"), col(Basket.closed_at).is_(None))
    .order_by(col(Basket.began_at).desc())
    .limit(1)
)


def of_basket(shop: Shop, look: Connection, *, basket_id: str) -> BasketView:
    """A basket with its lines, what has lapsed, and its price while all of it is kept. Raises Unknown."""
    found: Any = look.execute(BASKET, {"basket_id": basket_id}).first()
    if found is None:
        raise Unknown("basket", basket_id)
    return _viewed(look, standing(shop, look), found, at=shop.clock.now())


def of_tablet(shop: Shop, look: Connection, *, device_id: str) -> BasketView | None:
    """The same of the basket a tablet is filling; None where it has begun none."""
    found: Any = look.execute(FILLED, {"device_id": device_id}).first()
    return _viewed(look, standing(shop, look), found, at=shop.clock.now()) if found is not None else None


def _viewed(look: Connection, there: Standing, basket: Any, *, at: datetime) -> BasketView:
    wishes = _wishes(look, there, basket_id=basket.id)
    today = at.astimezone(ZoneInfo(there.boutiques[basket.boutique_id].zone)).date()
    lines = [_line(wish, basket=basket, at=at) for wish in wishes]
    kept = tuple(line for line in lines if line.held_until is not None)
    lapsed = tuple(line for line in lines if line.held_until is None)
    return BasketView(
        basket_id=basket.id,
        language=basket.language,
        lines=kept,
        quote=quote(basket=basket, wishes=wishes, at=at) if kept and not lapsed else None,
        held_until=min((line.held_until for line in kept if line.held_until), default=None),
        lapsed=lapsed,
        ready_on=ready_on(wishes=wishes, today=today, at=at),
        take_away=basket.take_away,
        pickup_boutique_id=basket.pickup_boutique_id,
        pickup_start=basket.pickup_start,
    )


def _wishes(look: Connection, there: Standing, *, basket_id: str) -> list[Wish]:
    """As they were added. A row says of its item and of its piece what is asked of either."""
    rows: Any = look.execute(ITEMS, {"basket_id": basket_id})
    services = {extra.id: extra for extra in there.extras}
    wishes = []
    for row in rows:
        variant, _, _, window = there.by_sku[row.sku]
        wishes.append(
            Wish(
                item=row,
                piece=row,
                variant=variant,
                capsule=there.capsules[variant.capsule_id],
                window=window,
                bundle=there.bundles[row.bundle_id] if row.bundle_id else None,
                extras=tuple(services[extra] for extra in row.extras),
            )
        )
    return sorted(wishes, key=as_added)


def _line(wish: Wish, *, basket: Any, at: datetime) -> BasketLine:
    item, piece = wish.item, wish.piece
    kept = keeps(piece, basket_id=basket.id, at=at)
    return BasketLine(
        item_id=item.id,
        sku=item.sku,
        number=item.number,
        name=wish.variant.name[basket.language],
        detail=size_name(wish, basket.language),
        size=item.size,
        engraving=tuple(item.engraving),
        extras=tuple(item.extras),
        list_minor=wish.variant.price_minor,
        bundle_id=item.bundle_id,
        bundle_group=item.bundle_group,
        held_until=piece.held_until if kept else None,
        can_extend=kept and not piece.extended,
        species=item.species,
        collar=item.collar,
        promised_on=promised_on(wish, at),
    )
