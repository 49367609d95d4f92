"""Offers: a piece that came back is kept for whoever has waited longest, until they take it or their time is over.

It is kept as a basket keeps a piece, by the same statement: never offered twice, never sold beside the list.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from pos.books import audit
from pos.db import Writing
from pos.errors import ShopError, Unknown, WindowClosed, WrongState
from pos.ids import new_id, people_code, plain_code
from pos.models import Basket, BasketItem, Boutique, Extra, Offer, OfferState, Piece, Variant, Waiting
from pos.paper import mail
from pos.selling import waiting, wishes
from pos.selling.views import HeldPiece
from pos.selling.waiting import IN_ORDER, TOPIC
from pos.shop import Shop, wake
from pos.stock import pieces

log = logging.getLogger(__name__)

CODE_LENGTH = 12  # 25^12: nobody guesses another's offer


def look_after(shop: Shop) -> int:
    """End the offers whose time is over, then offer whatever is free to whoever waits; says how many were offered."""
    _end_lapsed(shop)
    with shop.read() as look:
        wanted = look.exec(select(Waiting.sku).where(_waits()).distinct().order_by(Waiting.sku)).all()
        skus = [sku for sku in wanted if _can_be_had(look, sku, at=shop.clock.now())]  # most of the time there is none
    made = 0
    for sku in skus:
        try:
            while offer_next(shop, sku=sku) is not None:
                made += 1
        except (ShopError, IntegrityError) as refusal:  # off sale, or another process was first: the others go on
            log.info("%s is not offered: %s", sku, refusal)
    return made


def offer_next(shop: Shop, *, sku: str) -> str | None:
    """Keep a free piece for the next in order, and tell them; says the code. None: nobody waits, or none is free.

    Raises WindowClosed or Unknown for what is not sold now, IntegrityError where another process was first.
    """
    with shop.write() as tx:
        wishes.lock_windows(tx, skus=[sku])
        queue = select(Waiting).where(Waiting.sku == sku, _waits()).order_by(*IN_ORDER).limit(1)
        first = tx.exec(queue.with_for_update()).first()
        if first is None:
            audit.unchanged(tx)
            return None
        now = tx.now()
        # Not only where they joined: who waits for what has moved since must not stand in everybody's way.
        boutique_id = wishes.shown_in(tx, sku=sku, wished=first.boutique_id)
        sale = wishes.on_sale(tx, sku=sku, boutique_id=boutique_id, at=now)
        until = now + timedelta(hours=shop.settings.offer_hours)
        basket = Basket(
            id=new_id(), device_id=first.device_id, language=first.language, began_at=now, closed_at=now
        )  # closed: no tablet fills it, and nothing of it is paid
        tx.add(basket)
        tx.flush()
        given: dict[str, Any] = {"basket_id": basket.id, "until": until, "at": now, "cap": sale.cap}
        taken = pieces.take(tx, sku=sku, number=None, listed=True, **given)
        if taken is None:
            tx.delete(basket)
            audit.unchanged(tx)
            return None
        offer = Offer(
            id=new_id(),
            waiting_id=first.id,
            piece_id=taken.piece_id,
            basket_id=basket.id,
            code=people_code(CODE_LENGTH),
            made_at=now,
            until=until,
        )
        tx.add(offer)
        tx.flush()
        boutique = tx.get_one(Boutique, boutique_id)
        _write_to(tx, shop, first, offer, boutique=boutique, number=taken.number, variant=sale.variant, at=now)
        audit.record(tx, "offer made", f"{sku} {taken.number}", by="shop", until=until.isoformat())
        return offer.code


def claim(shop: Shop, *, code: str, basket_id: str) -> HeldPiece:
    """Put the piece of an offer into this basket, kept as long as any other; whoever waited is forgotten.

    Raises Unknown for a code nobody has, WrongState once it was taken or its time is over, or WindowClosed.
    """
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        asked = select(Offer).where(Offer.code == plain_code(code))
        waiting.lock(tx, col(Waiting.id).in_(asked.with_only_columns(col(Offer.waiting_id))))
        offer = tx.exec(asked).first()
        if offer is None:
            raise Unknown("offer", code[:20])
        piece = tx.exec(select(Piece).where(Piece.id == offer.piece_id)).one()
        wishes.lock_windows(tx, skus=[piece.sku])
        pieces.lock(tx, col(Piece.id) == offer.piece_id)
        now = tx.now()
        if offer.state != OfferState.OPEN or not pieces.keeps(piece, basket_id=offer.basket_id, at=now):
            raise WrongState("offer", offer.code, offer.state)
        variant = wishes.on_sale(tx, sku=piece.sku, boutique_id=device.boutique_id, at=now).variant
        until = now + timedelta(minutes=shop.settings.hold_minutes)
        piece.basket_id, piece.held_until, piece.extended = basket.id, until, False
        item = _item(tx, basket, piece, variant, at=now)
        offer.state, offer.ended_at = OfferState.TAKEN, now
        tx.flush()
        waiting.forget(tx, waiting_ids=[offer.waiting_id], at=now)
        audit.record(tx, "offer taken", f"{piece.sku} {piece.number}", by=device.id)
        return HeldPiece(item_id=item.id, sku=piece.sku, number=piece.number, until=until)


def _end_lapsed(shop: Shop) -> None:
    """open → lapsed by the clock. Its piece is free by the same clock; whoever let it pass is forgotten."""
    over = col(Offer.state) == OfferState.OPEN
    with shop.read() as look:
        if look.exec(select(Offer.id).where(over, Offer.until <= shop.clock.now()).limit(1)).first() is None:
            return
    with shop.write() as tx:
        now = tx.now()
        past = over & (col(Offer.until) <= now)
        whose = waiting.lock(tx, col(Waiting.id).in_(select(Offer.waiting_id).where(past)))
        ended: dict[str, Any] = {"state": OfferState.LAPSED, "ended_at": now}
        lapsed = update(Offer).where(past, col(Offer.waiting_id).in_(whose)).values(**ended)
        ids = [row[0] for row in tx.connection().execute(lapsed.returning(col(Offer.waiting_id)))]
        waiting.forget(tx, waiting_ids=ids, at=now)
        wake(tx, TOPIC)
        audit.record(tx, "offers lapsed", len(ids), by="shop")


def _can_be_had(look: Session, sku: str, *, at: datetime) -> bool:
    try:
        sale = wishes.on_sale(look, sku=sku, boutique_id=wishes.shown_in(look, sku=sku, wished=""), at=at)
    except (Unknown, WindowClosed):  # withdrawn, or outside its dates: nothing is written in vain every ten seconds
        return False
    return pieces.spare(look, sku=sku, at=at, cap=sale.cap, listed=True)


def _waits() -> Any:
    """Still on the list, and offered nothing at this moment."""
    offered = select(Offer.id).where(Offer.waiting_id == Waiting.id, Offer.state == OfferState.OPEN).exists()
    return col(Waiting.left_at).is_(None) & ~offered


def _item(tx: Writing, basket: Basket, piece: Piece, variant: Variant, *, at: datetime) -> BasketItem:
    """Its line: with the services that cost nothing, and its size where there is only one.

    Where the basket still shows it from before, lapsed, that line goes: a piece stands in a basket once.
    """
    tx.exec(delete(BasketItem).where(col(BasketItem.basket_id) == basket.id, col(BasketItem.piece_id) == piece.id))
    free = [extra.id for extra in tx.exec(select(Extra).where(Extra.price_minor == 0, col(Extra.retired).is_(False)))
            if piece.sku in extra.skus]  # fmt: skip
    item = BasketItem(
        id=new_id(),
        basket_id=basket.id,
        piece_id=piece.id or 0,
        sku=piece.sku,
        number=piece.number,
        size=variant.sizes[0]["code"] if len(variant.sizes) == 1 else None,
        extras=free,
        added_at=at,
    )
    tx.add(item)
    return item


def _write_to(
    tx: Writing,
    shop: Shop,
    first: Waiting,
    offer: Offer,
    *,
    boutique: Boutique,
    number: int,
    variant: Variant,
    at: datetime,
) -> None:
    """Queue the letter, where they are reached by mail; a telephone number is rung up by the counter."""
    if first.reached_by != waiting.MAIL:
        return
    facts = {
        "name": first.name,
        "piece": variant.name[first.language],
        "number": number,
        "boutique": [boutique.name, *boutique.address],
        "phone": boutique.phone,
        "zone": boutique.zone,
        "code": offer.code,
        "until": offer.until.isoformat(),
    }
    mail.enqueue(
        tx,
        [
            mail.letter(
                shop.settings, about=waiting.ABOUT, subject=offer.code, order_id=None, address=first.contact,
                language=first.language, facts=facts, at=at,
            )
        ],
    )  # fmt: skip
