"""From basket to sale in short transactions: open, and undo where the money did not come. (settle.py closes it.)"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import (
    BasketEmpty,
    HoldLapsed,
    NotAllowed,
    PriceMoved,
    ReaderTrouble,
    SizeNeeded,
    SlotClosed,
    TenderWaits,
    Unknown,
    Withdrawn,
    WrongState,
)
from pos.fitting.pets import refuse_collar
from pos.ids import new_id, people_code
from pos.models import (
    Basket,
    Boutique,
    Device,
    Method,
    Order,
    OrderLine,
    OrderState,
    Part,
    Payment,
    PaymentState,
    Role,
    not_needed,
    put,
    put_all,
)
from pos.payments import gift_cards, intents, saved_cards
from pos.payments.saved_cards import Consent
from pos.people import rights
from pos.selling import mailing, pickup, pricing, proofs, ready, tenders, wishes
from pos.selling.pricing import Wish
from pos.selling.tenders import Tender
from pos.selling.views import Quote, QuoteLine
from pos.shop import Shop
from pos.stock import pieces

# Statements of the main road are made once: building one costs more than running it.
BASKET: Any = (
    select(Basket, Device, Boutique)
    .join(Device, col(Device.id) == col(Basket.device_id))
    .join(Boutique, col(Boutique.id) == col(Device.boutique_id))
    .where(col(Basket.id) == bindparam("basket_id"), col(Device.id) == bindparam("device_id"))
    .with_for_update(of=Basket)
    .options(*not_needed(Boutique, "address", "hours", "closed_days", "logo"))
)
CHECKED_OUT = update(Basket).where(col(Basket.id) == bindparam("of")).values(checkouts=bindparam("times"))


def quote(shop: Shop, *, basket_id: str) -> Quote:
    """The price of a basket at this moment. Raises Unknown, BasketEmpty or HoldLapsed."""
    now = shop.clock.now()
    with shop.read() as look:
        basket = look.get(Basket, basket_id)
        if basket is None:
            raise Unknown("basket", basket_id)
        wanted = pricing.wishes_of(look, basket_id=basket_id)
        _refuse_lapsed(wanted, basket_id=basket_id, at=now)
        return pricing.quote(basket=basket, wishes=wanted, at=now)


def open(
    shop: Shop,
    *,
    quote: Quote,
    device_id: str,
    terms_version: str,
    staff_id: str | None = None,
    first: Tender | None = None,
    keep_card: Consent | None = None,
) -> str:
    """Turn a basket into an order at exactly the price shown, and ask for its payment; says the order's id.

    first: what staff take of it first, where it is paid in several ways or without a card (tenders.add takes the rest);
    None: all that is due now, by card at the reader. keep_card: what the shopper agreed to, where the card of the
    deposit is to be kept for the balance.

    The pieces are the order's from here on, whatever the clock says, until its payment is decided. The same price sent
    twice opens one order. Raises PriceMoved, HoldLapsed, Withdrawn, BasketEmpty, SlotFull, SlotClosed, ReaderTrouble
    (no reader here), SizeNeeded, BreakawayNeeded, ProofNeeded, NotAllowed, or what tenders.first_of refuses.
    """
    with shop.write() as tx:
        basket, device, boutique = _basket_of(tx, basket_id=quote.basket_id, device_id=device_id)
        key = f"{basket.id}:{quote.checkout}"
        if quote.checkout < basket.checkouts:  # a second tap, or a second window: the first one opened it
            audit.unchanged(tx)
            return tx.exec(select(Order.id).where(Order.key == key)).one()
        if basket.closed_at is not None:
            raise WrongState("basket", basket.id, "closed")
        if staff_id is not None:
            rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="sell")
        wishes.lock_windows(tx, basket_id=basket.id)
        wanted, now = pricing.wishes_of(tx, basket_id=basket.id, lock=True), tx.now()
        _refuse_lapsed(wanted, basket_id=basket.id, at=now)
        _refuse_withdrawn(wanted, boutique_id=boutique.id, language=basket.language, at=now)
        priced = pricing.quote(basket=basket, wishes=wanted, at=now)
        if priced.digest != quote.digest:
            raise PriceMoved(quote.due_now_minor, priced.due_now_minor)
        _refuse_undecided(tx, wanted, basket_id=basket.id)
        in_the_safe = _way_home(tx, basket, wanted, boutique=boutique, staff_id=staff_id, at=now)
        terms = {"version": terms_version, "accepted_at": now.isoformat()}
        asked = tenders.asks_for(first, due_minor=priced.due_now_minor)
        words: dict[str, Any] = {"key": key, "staff_id": staff_id, "terms": terms, "opened_at": now}
        order = _write_order(tx, priced, basket=basket, device=device, asked_minor=asked, **words)
        _agree(tx, order, keep_card, first=first, at=now)
        _commit_pieces(tx, wanted, order=order, at=now)
        _book(tx, basket, order=order, at=now, ready=in_the_safe)
        tx.connection().execute(CHECKED_OUT, {"of": basket.id, "times": quote.checkout + 1})
        _begin(tx, shop, order, Part.NOW, first, device=device, staff_id=staff_id, at=now)
        audit.record(tx, "order opened", order.code, by=staff_id or device_id, due_now=priced.due_now_minor)
        return order.id


def open_balance(
    shop: Shop,
    *,
    order_id: str,
    device_id: str,
    staff_id: str,
    first: Tender | None = None,
    by: Method = Method.CARD,
) -> str:
    """Ask for the rest of a pre-order, when its pieces are here; says the payment's id.

    first: what is taken of it first, as `open` says; by: how all of it is taken where there is no first: at the reader,
    of the kept card, by a pay link. Asking twice is one payment; after a cancelled one it is asked for anew. Raises
    TenderWaits (it is asked for in another way already, and that is not decided), NotReady, WrongState (also where no
    card is kept that could be charged), ReaderTrouble, NotAllowed, Unknown, or what tenders.first_of refuses.
    """
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="take a balance")
        order = tenders.lock_for(tx, order_id=order_id, tender=first)
        device = tx.get(Device, device_id)
        asked = list(tx.exec(select(Payment).where(Payment.order_id == order_id, Payment.part == Part.BALANCE)))
        live = next((payment for payment in asked if payment.state != PaymentState.CANCELLED), None)
        if live is None:
            if order.state != OrderState.DEPOSIT or device is None:
                raise WrongState("order", order.code, order.state)
            ready.refuse_unready(tx, order=order)
            if pieces.recommit(tx, order_id=order.id) == 0:
                raise WrongState("order", order.code, order.state)
            due = order.due_later_minor
            order.asked_minor += tenders.asks_for(first, due_minor=due)
            times = len(asked) + 1
            to_whom: dict[str, Any] = {"device": device, "staff_id": staff_id, "at": tx.now(), "times": times}
            live = _begin(tx, shop, order, Part.BALANCE, first, by=by, **to_whom)
            audit.record(tx, "balance asked", order.code, by=staff_id, due=due, method=live.method)
        elif live.finished_at is None and live.method != (first.method if first else by):
            raise TenderWaits(live.amount_minor)  # a link stands open, or a card is asked for: not this one
        audit.unchanged(tx)
        return live.id


def undo(shop: Shop, *, payment_id: str) -> None:
    """The payment is cancelled and nothing was taken: give the pieces back to the basket while its time is not over.

    While other payments of the same part stand, the order stays open and asks for that much more. A balance that was
    not paid leaves the deposit and the promise as they were. Doing it twice is the same. Raises WrongState where the
    payment is not cancelled.
    """
    with shop.write() as tx:
        payment, order = _payment_of(tx, payment_id=payment_id)
        now = tx.now()
        if payment.state != PaymentState.CANCELLED:
            raise WrongState("payment", payment.id, payment.state)
        if payment.finished_at is not None:  # undone before: by now the pieces may be another payment's
            audit.unchanged(tx)
            return
        payment.finished_at = now
        order.asked_minor -= payment.amount_minor
        if payment.method == Method.GIFT_CARD:
            gift_cards.give_back(tx, payment=payment)
        saved_cards.paid_nothing(tx, payment=payment)
        moved = 0
        if payment.part == Part.BALANCE:
            if order.asked_minor == order.paid_minor:
                moved = pieces.promise_again(tx, order_id=order.id)
        elif order.state == OrderState.OPEN and order.asked_minor == 0:
            waiting = tx.get_one(Basket, order.basket_id).closed_at is None
            moved = pieces.give_back(tx, order_id=order.id, to_basket=waiting, at=now)
            order.state, order.closed_at = OrderState.CANCELLED, now
            mailing.forget(tx, order_id=order.id)
            pickup.cancel(tx, order_id=order.id)
        audit.record(tx, "order undone", order.code, by="shop", pieces=moved, reason=payment.reason or "")


def _basket_of(tx: Session, *, basket_id: str, device_id: str) -> tuple[Basket, Device, Boutique]:
    found = tx.execute(BASKET, {"basket_id": basket_id, "device_id": device_id}).first()
    if found is None:
        raise Unknown("basket", basket_id)
    if found[1].revoked_at is not None:
        raise NotAllowed(found[1].label, "sell")
    return found[0], found[1], found[2]


def _payment_of(tx: Session, *, payment_id: str) -> tuple[Payment, Order]:
    found: Any = tx.exec(
        select(Payment, Order).where(Payment.id == payment_id, Payment.order_id == Order.id).with_for_update(of=Order)
    ).first()
    if found is None:
        raise Unknown("payment", payment_id)
    tx.refresh(found[0])  # PostgreSQL says of the payment how it stood before we waited for the order
    return found[0], found[1]


def _refuse_lapsed(wanted: list[Wish], *, basket_id: str, at: datetime) -> None:
    if not wanted:
        raise BasketEmpty
    for wish in wanted:
        piece = wish.piece
        if piece.basket_id != basket_id or piece.held_until is None or piece.held_until <= at:
            raise HoldLapsed(wish.item.sku, wish.item.number)


def _refuse_withdrawn(wanted: list[Wish], *, boutique_id: str, language: str, at: datetime) -> None:
    """What was kept may have gone off sale since: withdrawn, its window shut, its capsule over."""
    for wish in wanted:
        piece = wish.variant.name[language]
        if wish.variant.retired:
            raise Withdrawn("variant", piece, piece)
        if wish.bundle is not None and wish.bundle.retired:
            raise Withdrawn("bundle", wish.bundle.name[language], piece)
        for extra in wish.extras:
            if extra.retired:
                raise Withdrawn("extra", extra.name[language], piece)
        wishes.refuse_off_sale(
            variant=wish.variant, capsule=wish.capsule, window=wish.window, boutique_id=boutique_id, at=at
        )


def _refuse_undecided(tx: Session, wanted: list[Wish], *, basket_id: str) -> None:
    """No piece without its size, no cat on a collar that holds it, and no words that nobody has said yes to."""
    for wish in wanted:
        if wish.item.species is not None:
            refuse_collar(wish.item.species, collar=wish.item.collar)
        if wish.variant.sizes and wish.item.size is None:
            raise SizeNeeded(wish.item.sku, None)
    proofs.refuse_unproved(tx, basket_id=basket_id, items=[wish.item for wish in wanted])


def _way_home(
    tx: Session, basket: Basket, wanted: list[Wish], *, boutique: Boutique, staff_id: str | None, at: datetime
) -> bool:
    """Whether all of it lies in the safe as it will be collected: nothing to be made, sent elsewhere or engraved.

    A shopper alone books a pickup, on a day when all is ready; the counter may also hand over at once. Raises
    SlotClosed where neither is so.
    """
    place, start = basket.pickup_boutique_id or boutique.id, basket.pickup_start
    today = pickup.day_at(boutique, at)
    first_day = pricing.ready_on(wishes=wanted, today=today, at=at)
    at_once = start is None and basket.take_away and staff_id is not None and first_day == today
    there = boutique if place == boutique.id else tx.get_one(Boutique, place)
    handed_over_there = pricing.is_collected_at(place, wishes=wanted, sold_in=boutique.id)
    booked = start is not None and handed_over_there and pickup.day_at(there, start) >= first_day
    if not (at_once or booked):
        raise SlotClosed(place, start)
    return first_day == today and place == boutique.id and not any(wish.item.engraving for wish in wanted)


def _write_order(tx: Session, priced: Quote, *, basket: Basket, device: Device, **words: Any) -> Order:
    order = Order(
        id=new_id(),
        code=people_code(),
        boutique_id=device.boutique_id,
        device_id=device.id,
        basket_id=basket.id,
        language=basket.language,
        currency=priced.currency,
        total_minor=priced.total_minor,
        vat_minor=priced.vat_minor,
        due_now_minor=priced.due_now_minor,
        due_later_minor=priced.due_later_minor,
        **words,
    )
    put(tx, order)
    put_all(tx, OrderLine, [_line(order.id, i, line) for i, line in enumerate(priced.lines, 1)])
    return order


def _line(order_id: str, position: int, line: QuoteLine) -> dict[str, Any]:
    quoted = {key: value for key, value in vars(line).items() if key != "item_id"}
    return {**quoted, "id": new_id(), "order_id": order_id, "position": position, "engraving": list(line.engraving)}


def _commit_pieces(tx: Session, wanted: list[Wish], *, order: Order, at: datetime) -> None:
    ids = sorted(wish.item.piece_id for wish in wanted)
    if pieces.commit(tx, piece_ids=ids, basket_id=order.basket_id, order_id=order.id, at=at) != len(ids):
        raise HoldLapsed(wanted[0].item.sku, wanted[0].item.number)


def _book(tx: Session, basket: Basket, *, order: Order, at: datetime, ready: bool) -> None:
    if basket.pickup_start is not None and basket.pickup_boutique_id is not None:
        place, start = basket.pickup_boutique_id, basket.pickup_start
        pickup.book(tx, order_id=order.id, boutique_id=place, start=start, at=at, ready=ready)


def _agree(tx: Session, order: Order, keep_card: Consent | None, *, first: Tender | None, at: datetime) -> None:
    """Keep what the shopper agreed to, where a balance is left and a card may come of this part."""
    without_a_card = first is not None and first.method != Method.CARD and first.amount_minor == order.due_now_minor
    if keep_card is not None and order.due_later_minor and not without_a_card:
        saved_cards.write_down(tx, order_id=order.id, consent=keep_card, at=at)


def _begin(
    tx: Writing,
    shop: Shop,
    order: Order,
    part: Part,
    first: Tender | None,
    *,
    by: Method = Method.CARD,
    **to_whom: Any,
) -> Payment:
    """Ask for a part, which the order asks for already: all of it in one way, or its first tender."""
    if first is not None:
        return tenders.first_of(tx, shop, order=order, tender=first, part=part, **to_whom)
    due = order.due_now_minor if part == Part.NOW else order.due_later_minor
    if by is Method.SAVED_CARD:
        to_whom |= {"saved_card_id": saved_cards.demand(tx, order=order).id}
    return _ask(tx, order=order, part=part, amount_minor=due, method=by, **to_whom)


def _ask(
    tx: Session,
    *,
    order: Order,
    part: Part,
    amount_minor: int,
    device: Device,
    staff_id: str | None,
    at: datetime,
    times: int = 1,
    method: Method = Method.CARD,
    **tender: Any,
) -> Payment:
    if method is Method.CARD and device.reader_id is None:
        raise ReaderTrouble(device.label, "none")
    return intents.write_down(
        tx,
        order=order,
        part=part,
        amount_minor=amount_minor,
        currency=order.currency,
        reader_id=device.reader_id if method is Method.CARD else None,
        device_id=device.id,
        staff_id=staff_id,
        at=at,
        round=times,
        method=method,
        **tender,
    )
