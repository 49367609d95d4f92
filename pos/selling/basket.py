"""The basket: numbered pieces kept for one shopper, by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select

from pos.books import audit
from pos.errors import (
    HoldExtendedAlready,
    HoldLapsed,
    PieceTaken,
    SlotClosed,
    SoldOut,
    TooManyHolds,
    Unknown,
    WindowFull,
)
from pos.fitting.pets import refuse_collar
from pos.ids import new_id
from pos.models import Basket, BasketItem, Boutique, Device, Piece, PieceState, Step, Variant
from pos.selling import basket_look, pickup, pricing, proofs, wishes
from pos.selling.views import BasketView, Choice, HeldPiece
from pos.shop import Shop
from pos.stock import pieces
from pos.tally import count_at_tablet

OPEN = (  # made once: nearly every screen asks which basket it fills
    columns(col(Basket.id))
    .where(col(Basket.device_id) == bindparam("device_id"), col(Basket.closed_at).is_(None))
    .order_by(col(Basket.began_at).desc())
    .limit(1)
)


def live(shop: Shop, *, device_id: str, language: str) -> str:
    """The basket this tablet is filling; a new one where there is none. Raises Unknown for a tablet we do not know."""
    with shop.glance() as look:
        known = look.execute(OPEN, {"device_id": device_id}).scalar()
    if known is not None:
        return str(known)
    with shop.write() as tx:
        # Looked up again under the tablet's own row: two taps at once make one basket.
        if tx.exec(select(Device.id).where(Device.id == device_id).with_for_update()).first() is None:
            raise Unknown("device", device_id)
        again = tx.execute(OPEN, {"device_id": device_id}).scalar()
        basket_id = str(again or new_id())
        if again is None:
            tx.add(Basket(id=basket_id, device_id=device_id, language=language, began_at=tx.now()))
            audit.record(tx, "basket begun", basket_id, by=device_id)
        audit.unchanged(tx)
        return basket_id


def hold(shop: Shop, *, basket_id: str, choice: Choice, tap: str | None = None) -> HeldPiece:
    """Keep one numbered piece for a basket until the hold time has passed.

    The number is the one the shopper chose (1 to the edition's size), or the lowest free one. Asking again for a number
    the basket already has gives that one, with what is wished for now; the same tap (`BasketView.tap`) gives the same
    hold. Raises PieceTaken, SoldOut, WindowFull, WindowClosed, TooManyHolds, CannotEngrave, SizeNeeded,
    BreakawayNeeded or Unknown.
    """
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        wishes.lock_windows(tx, skus=[choice.sku])
        now = tx.now()
        again = kept_by(tx, basket_id=basket_id, taps=[tap] if tap else [], at=now)
        if again:
            audit.unchanged(tx)
            return again[0]
        held = hold_one(tx, shop, basket=basket, device=device, choice=choice, at=now, tap=tap)
        audit.record(tx, "piece held", f"{held.sku} {held.number}", by=device.id, until=held.until.isoformat())
        return held


def hold_one(
    tx: Session,
    shop: Shop,
    *,
    basket: Basket,
    device: Device,
    choice: Choice,
    at: datetime,
    tap: str | None,
    **bundle: Any,
) -> HeldPiece:
    """Keep one piece in a transaction that has its basket and its window; `bundle` says which part of what it is."""
    sale = wishes.on_sale(tx, sku=choice.sku, boutique_id=device.boutique_id, at=at)
    if choice.species is not None:
        refuse_collar(choice.species, collar=choice.collar)
    choice = wishes.checked(tx, variant=sale.variant, choice=choice)
    mine, until = _mine(tx, basket_id=basket.id, choice=choice, at=at)
    if mine is not None:
        _wish_anew(tx, mine, choice=choice, tap=tap, **bundle)
        return _held(mine, until=until)
    _refuse_more_holds_than(tx, shop.settings.max_holds, device_id=device.id, at=at)
    until = at + timedelta(minutes=shop.settings.hold_minutes)
    taken = _take(tx, sale=sale, number=choice.number, basket_id=basket.id, until=until, at=at)
    item = BasketItem(
        id=new_id(),
        basket_id=basket.id,
        piece_id=taken.piece_id,
        sku=choice.sku,
        number=taken.number,
        size=choice.size or _only_size(sale.variant),
        engraving=list(choice.engraving),
        extras=list(choice.extras),
        species=choice.species,
        collar=choice.collar,
        tap=tap,
        added_at=at,
        **bundle,
    )
    tx.add(item)
    count_at_tablet(tx, Step.HOLD, sku=item.sku, device=device, kept_at=at)
    return _held(item, until=until)


def kept_by(tx: Session, *, basket_id: str, taps: Sequence[str], at: datetime) -> list[HeldPiece]:
    """What these taps keep already, all of it or nothing; where its time is over they may keep it anew."""
    if not taps:
        return []
    found: Any = tx.exec(
        select(BasketItem, Piece)
        .join(Piece, col(Piece.id) == col(BasketItem.piece_id))
        .where(BasketItem.basket_id == basket_id, col(BasketItem.tap).in_(taps))
        .order_by(col(BasketItem.id))
    ).all()
    kept = ((item, piece) for item, piece in found if pieces.keeps(piece, basket_id=basket_id, at=at))
    held = [_held(item, until=piece.held_until) for item, piece in kept]
    if len(held) == len(taps):
        return held
    for item, _ in found:
        item.tap = None
    tx.flush()
    return []


def swap(shop: Shop, *, basket_id: str, item_id: str, number: int) -> HeldPiece:
    """Take another number of the same piece; the old one is free in the same moment, the time left stays the same.

    Raises PieceTaken, HoldLapsed, WindowClosed or Unknown.
    """
    with shop.write() as tx:
        _, device = wishes.live_basket(tx, basket_id=basket_id)
        item = wishes.item_of(tx, basket_id=basket_id, item_id=item_id)
        wishes.lock_windows(tx, skus=[item.sku])
        both = and_(col(Piece.sku) == item.sku, col(Piece.number).in_((item.number, number)))
        old = next((piece for piece in pieces.lock(tx, both) if piece.id == item.piece_id), None)
        now = tx.now()
        if old is None or not pieces.keeps(old, basket_id=basket_id, at=now) or old.held_until is None:
            raise HoldLapsed(item.sku, item.number)
        if number != item.number:
            sale = wishes.on_sale(tx, sku=item.sku, boutique_id=device.boutique_id, at=now)
            until, extended = old.held_until, old.extended
            pieces.let_go(tx, piece_ids=[item.piece_id], basket_id=basket_id)
            taken = _take(tx, sale=sale, number=number, basket_id=basket_id, until=until, at=now)
            tx.exec(update(Piece).where(col(Piece.id) == taken.piece_id).values(extended=extended))
            item.piece_id, item.number = taken.piece_id, taken.number
        audit.record(tx, "number changed", f"{item.sku} {item.number}", by=device.id)
        return _held(item, until=old.held_until)


def change(
    shop: Shop,
    *,
    basket_id: str,
    item_id: str,
    size: str | None = None,
    engraving: tuple[str, ...] | None = None,
    extras: tuple[str, ...] | None = None,
    species: str | None = None,
    collar: str | None = None,
) -> None:
    """Change the size, the words, the services or the wearer of a piece in the basket; None leaves one as it is.

    A cat's collar may be still to be said, as a size may; nothing is sold before it is. Raises SizeNeeded,
    CannotEngrave, BreakawayNeeded or Unknown.
    """
    with shop.write() as tx:
        _, device = wishes.live_basket(tx, basket_id=basket_id)
        item = wishes.item_of(tx, basket_id=basket_id, item_id=item_id)
        wanted = Choice(
            sku=item.sku,
            size=size if size is not None else item.size,
            engraving=engraving if engraving is not None else tuple(item.engraving),
            extras=extras if extras is not None else tuple(item.extras),
            species=species if species is not None else item.species,
            collar=collar if species is not None else item.collar,
        )
        wish = wishes.checked(tx, variant=tx.get_one(Variant, item.sku), choice=wanted)
        item.size, item.engraving, item.extras = wish.size, list(wish.engraving), list(wish.extras)
        item.species, item.collar = wish.species, wish.collar
        audit.record(tx, "wish changed", item.id, by=device.id)


def release(shop: Shop, *, basket_id: str, item_id: str) -> None:
    """Put a piece back; a part of a bundle puts the whole bundle back. Raises Unknown."""
    with shop.write() as tx:
        _, device = wishes.live_basket(tx, basket_id=basket_id)
        item = wishes.item_of(tx, basket_id=basket_id, item_id=item_id)
        together = [item]
        if item.bundle_group:
            same = select(BasketItem).where(
                BasketItem.basket_id == basket_id, BasketItem.bundle_group == item.bundle_group
            )
            together = list(tx.exec(same))
        ids = [part.piece_id for part in together]
        pieces.lock(tx, and_(pieces.is_held(basket_id), col(Piece.id).in_(ids)))
        pieces.let_go(tx, piece_ids=ids, basket_id=basket_id)
        for part in together:
            count_at_tablet(tx, Step.DROP, sku=part.sku, device=device, kept_at=part.added_at)
            tx.delete(part)
        audit.record(tx, "piece released", f"{item.sku} {item.number}", by=device.id, parts=len(together))


def extend(shop: Shop, *, basket_id: str) -> datetime:
    """Keep the pieces of a basket some minutes longer, once; says until when the first of them is now kept, UTC.

    Raises HoldExtendedAlready, or HoldLapsed where nothing is kept any more.
    """
    longer = timedelta(minutes=shop.settings.hold_extension_minutes)
    with shop.write() as tx:
        _, device = wishes.live_basket(tx, basket_id=basket_id)
        wishes.lock_windows(tx, basket_id=basket_id)
        held, now = pieces.lock(tx, pieces.is_held(basket_id)), tx.now()
        kept = [(piece, piece.held_until) for piece in held if piece.held_until and piece.held_until > now]
        if not kept:
            raise HoldLapsed(None, None)
        if all(piece.extended for piece, _ in kept):
            raise HoldExtendedAlready(None, None)
        for piece, until in kept:
            if not piece.extended:
                piece.held_until, piece.extended = until + longer, True
        audit.record(tx, "hold extended", basket_id, by=device.id, pieces=len(kept))
        return min(piece.held_until for piece, _ in kept if piece.held_until)


def wipe(shop: Shop, *, basket_id: str) -> None:
    """Put everything back and forget the basket: the next shopper starts with nothing. Wiping twice is the same."""
    with shop.write() as tx:
        basket = tx.exec(select(Basket).where(Basket.id == basket_id).with_for_update()).first()
        if basket is None:
            raise Unknown("basket", basket_id)
        kept = [piece.id or 0 for piece in pieces.lock(tx, pieces.is_held(basket_id))]
        pieces.let_go(tx, piece_ids=kept, basket_id=basket_id)
        if basket.closed_at is None:
            _count_left_behind(tx, basket)
        basket.closed_at = basket.closed_at or tx.now()
        proofs.forget(tx, basket_id=basket_id)
        audit.record(tx, "basket wiped", basket_id, by=basket.device_id, pieces=len(kept))


def speak(shop: Shop, *, basket_id: str, language: str) -> None:
    """The words of a basket, and of the order that comes of it, are in this language from now on. Raises Unknown."""
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        basket.language = language
        audit.record(tx, "language chosen", basket_id, by=device.id, language=language)


def take_away(shop: Shop, *, basket_id: str) -> None:
    """The pieces go home with the shopper now; for what is in stock, at the counter. Raises Unknown."""
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        basket.take_away, basket.pickup_boutique_id, basket.pickup_start = True, None, None
        audit.record(tx, "take away chosen", basket_id, by=device.id)


def forget_way_home(shop: Shop, *, basket_id: str) -> None:
    """It is open again whether the pieces are taken away or collected, where and when: what the screen no longer shows
    is not booked. Forgetting twice is the same. Raises Unknown.
    """
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        if basket.take_away or basket.pickup_start is not None:
            basket.take_away, basket.pickup_boutique_id, basket.pickup_start = False, None, None
            audit.record(tx, "way home forgotten", basket_id, by=device.id)
        audit.unchanged(tx)


def choose_pickup(shop: Shop, *, basket_id: str, boutique_id: str, start: datetime) -> None:
    """Wish for a pickup at this half hour (UTC), here or where else all of it is shown; it is booked with the order.

    Raises SlotClosed or Unknown.
    """
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        now = tx.now()
        there, _ = pickup.refuse_closed(tx, boutique_id=boutique_id, start=start, at=now)
        wanted = pricing.wishes_of(tx, basket_id=basket_id)
        today = pickup.day_at(tx.get_one(Boutique, device.boutique_id), now)
        in_time = pickup.day_at(there, start) >= pricing.ready_on(wishes=wanted, today=today, at=now)
        if not in_time or not pricing.is_collected_at(boutique_id, wishes=wanted, sold_in=device.boutique_id):
            raise SlotClosed(boutique_id, start)
        basket.take_away, basket.pickup_boutique_id, basket.pickup_start = False, boutique_id, start
        audit.record(tx, "pickup chosen", basket_id, by=device.id, start=start.isoformat(), boutique=boutique_id)


def view(shop: Shop, *, basket_id: str) -> BasketView:
    """The basket as the shopper sees it, with its price. Raises Unknown."""
    with shop.glance() as look:
        return basket_look.of_basket(shop, look, basket_id=basket_id)


def filled(shop: Shop, *, device_id: str, language: str) -> BasketView:
    """The basket this tablet is filling, as the shopper sees it; a new one where there is none. Raises Unknown."""
    with shop.glance() as look:
        held = basket_look.of_tablet(shop, look, device_id=device_id)
    return held or view(shop, basket_id=live(shop, device_id=device_id, language=language))


def _count_left_behind(tx: Session, basket: Basket) -> None:
    left = tx.exec(select(BasketItem.sku, BasketItem.added_at).where(BasketItem.basket_id == basket.id)).all()
    for sku, kept_at in left:
        device = tx.get_one(Device, basket.device_id)  # looked up once: the session has it
        count_at_tablet(tx, Step.DROP, sku=sku, device=device, kept_at=kept_at)


def _held(item: BasketItem, *, until: datetime) -> HeldPiece:
    return HeldPiece(item_id=item.id, sku=item.sku, number=item.number, until=until)


def _mine(tx: Session, *, basket_id: str, choice: Choice, at: datetime) -> tuple[BasketItem | None, datetime]:
    """The line of a number this basket keeps already, and until when."""
    found = tx.exec(
        select(BasketItem, Piece.held_until)
        .join(Piece, col(Piece.id) == col(BasketItem.piece_id))
        .where(
            BasketItem.basket_id == basket_id,
            Piece.sku == choice.sku,
            Piece.number == choice.number,
            pieces.is_kept(basket_id, at=at),
        )
    ).first()
    return (found[0], found[1]) if found is not None and found[1] is not None else (None, at)


def _wish_anew(tx: Session, item: BasketItem, *, choice: Choice, tap: str | None, **bundle: Any) -> None:
    """What is asked for now stands: size, words, services, and the bundle it is a part of from here on."""
    item.size, item.engraving, item.extras = choice.size or item.size, list(choice.engraving), list(choice.extras)
    if choice.species is not None:
        item.species, item.collar = choice.species, choice.collar
    item.tap = tap or item.tap
    if bundle:
        _leave_bundle(tx, item)
        for name, value in bundle.items():
            setattr(item, name, value)


def _leave_bundle(tx: Session, item: BasketItem) -> None:
    """The other parts of its bundle stay in the basket, each as a piece of its own: a bundle is whole or none."""
    if item.bundle_group is None:
        return
    parts = (col(BasketItem.basket_id) == item.basket_id, col(BasketItem.bundle_group) == item.bundle_group)
    tx.exec(update(BasketItem).where(*parts).values(bundle_id=None, bundle_group=None, bundle_slot=None))


def _refuse_more_holds_than(tx: Session, most: int, *, device_id: str, at: datetime) -> None:
    held = tx.exec(
        select(func.count())
        .select_from(Piece)
        .join(Basket, col(Basket.id) == col(Piece.basket_id))
        .where(Basket.device_id == device_id, Piece.state == PieceState.HELD, col(Piece.held_until) > at)
        .where(col(Basket.closed_at).is_(None))  # an offer's is kept for somebody who is not here
    ).one()
    if held >= most:
        raise TooManyHolds(most)


def _take(
    tx: Session, *, sale: wishes.OnSale, number: int | None, basket_id: str, until: datetime, at: datetime
) -> pieces.Taken:
    sku = sale.variant.sku
    taken = pieces.take(tx, sku=sku, number=number, basket_id=basket_id, until=until, at=at, cap=sale.cap)
    if taken is None:
        raise _why_not(tx, sale=sale, number=number, at=at)
    # Where it was in this basket before and has lapsed, that line goes: a piece stands in a basket once.
    lapsed = (col(BasketItem.basket_id) == basket_id, col(BasketItem.piece_id) == taken.piece_id)
    tx.exec(delete(BasketItem).where(*lapsed))
    return taken


def _why_not(tx: Session, *, sale: wishes.OnSale, number: int | None, at: datetime) -> Exception:
    """Why none could be taken: not of this edition, another's, the window full, or all gone."""
    wanted = select(Piece.id).where(Piece.sku == sale.variant.sku)
    if number is not None:
        wanted = wanted.where(Piece.number == number)
        if tx.exec(wanted).first() is None:
            return Unknown("number", f"{sale.variant.sku} {number}")
    if sale.window is not None and tx.exec(wanted.where(pieces.is_free(at)).limit(1)).first() is not None:
        return WindowFull(sale.variant.sku)
    return PieceTaken(sale.variant.sku, number) if number is not None else SoldOut(sale.variant.sku)


def _only_size(variant: Variant) -> str | None:
    return variant.sizes[0]["code"] if len(variant.sizes) == 1 else None
