"""What the counter does with cards of the house: sell one, give one, look one up, block and replace a lost one.

A gift card is sold as an order with one line and no piece, paid by the road of every sale; the card comes into being
in the transaction that settles it. Amounts are in pence.
"""

import hashlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlmodel import Session, col, select

from pos.books import audit
from pos.books.vat import OUTSIDE_SCOPE
from pos.db import Writing
from pos.errors import GiftAmount, Unknown, WrongState
from pos.ids import new_id, people_code, plain_code
from pos.models import (
    Basket,
    Boutique,
    Device,
    GiftCard,
    GiftCardKind,
    GiftMovement,
    JobState,
    Method,
    Order,
    OrderLine,
    OrderState,
    Part,
    Payment,
    Printer,
    PrintJob,
    Refund,
    RefundPart,
    Role,
    put,
)
from pos.paper.slips.kinds import CARDS
from pos.payments import gift_cards
from pos.payments.gift_cards import GiftCardView
from pos.people import rights
from pos.selling import gift_slips, tenders
from pos.selling.orders import slip_view
from pos.selling.sale import Sale
from pos.selling.tenders import Tender
from pos.selling.views import SlipView
from pos.shop import Shop
from pos.words import part_of

LAST_DIGITS = 4
MOST_FOUND = 50
WORDS = part_of("paper", "gift_line")


@dataclass(frozen=True)
class Movement:
    """One change of a card's balance, in pence; number is the order's or the refund's, empty where there is none."""

    at: datetime
    why: str
    amount_minor: int
    number: str


def sell(
    shop: Shop,
    *,
    amount_minor: int,
    device_id: str,
    staff_id: str,
    language: str = "en",
    first: Tender | None = None,
) -> str:
    """Open the sale of a gift card at this tablet and ask for its payment; says the order's id.

    first: how it begins to be paid; None: all of it by card at the reader. Never by another card of the house. Asked
    twice, it is one order: a tablet has one sale open at a time. Raises GiftAmount (least, most), WrongState (another
    sale is open here), NotAllowed, or what tenders.first_of refuses.
    """
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="sell a gift card")
        least, most = shop.settings.gift_card_least_minor, shop.settings.gift_card_most_minor
        if not least <= amount_minor <= most:
            raise GiftAmount(least, most)
        # Under the tablet's own row: three taps, in two windows, open one sale.
        device = tx.exec(select(Device).where(Device.id == device_id).with_for_update()).one()
        open_here = tx.exec(select(Order).where(Order.device_id == device_id, Order.state == OrderState.OPEN)).first()
        if open_here is not None:
            if not _is_same(tx, open_here, amount_minor):
                raise WrongState("till", open_here.code, open_here.state)
            audit.unchanged(tx)
            return open_here.id
        tender = first or Tender(Method.CARD, amount_minor)
        asked = tenders.asks_for(tender, due_minor=amount_minor)
        who: dict[str, Any] = {"device": device, "staff_id": staff_id, "at": tx.now()}
        order = _write_order(tx, amount_minor=amount_minor, asked_minor=asked, language=language, **who)
        tenders.first_of(tx, shop, order=order, tender=tender, part=Part.NOW, **who)
        audit.record(tx, "gift card asked for", order.code, by=staff_id, due_now=amount_minor)
        return order.id


def hand_out(tx: Writing, shop: Shop, *, sale: Sale, at: datetime) -> None:
    """Bring the cards of a settled sale into being and queue their slips: part of the transaction that settles it.

    One a line, by the schema.
    """
    for line in filter(gift_cards.is_card, sale.lines):
        card, code = gift_cards.put_out(
            tx,
            kind=GiftCardKind.GIFT,
            amount_minor=line.gross_minor,
            currency=sale.order.currency,
            boutique_id=sale.boutique.id,
            staff_id=sale.payment.staff_id,
            at=at,
            expires_on=_good_until(shop, sale.boutique, at=at),
            order_line_id=line.id,
        )
        gift_slips.write_down(
            tx,
            shop,
            card=card,
            code=code,
            device=sale.device,
            boutique=sale.boutique,
            language=sale.order.language,
            at=at,
            order_id=sale.order.id,
            order_code=sale.order.code,
        )
        by = sale.payment.staff_id or sale.device.id
        audit.record(tx, "gift card issued", card.id, by=by, last4=card.last4, amount=card.issued_minor)


def issue(
    shop: Shop, *, amount_minor: int, reason: str, device_id: str, manager_id: str, tap: str, language: str = "en"
) -> GiftCardView:
    """Give a store credit as goodwill, and print it here: a manager's word, with its reason in the books.

    The same tap gives it once: the card's own name is made from it. Raises GiftAmount (least, most), Unknown (no reason
    is given) or NotAllowed.
    """
    if not reason.strip():
        raise Unknown("reason", reason)
    with shop.write() as tx:
        device = _manager_at(tx, shop, device_id=device_id, manager_id=manager_id, act="issue a store credit")
        if not 1 <= amount_minor <= shop.settings.gift_card_most_minor:
            raise GiftAmount(1, shop.settings.gift_card_most_minor)
        card_id = hashlib.sha256(f"{device_id}:{tap}".encode()).hexdigest()[:32]
        if tx.get(GiftCard, card_id) is not None:
            audit.unchanged(tx)
            return gift_cards.view(shop, card_id=card_id)
        boutique, now = tx.get_one(Boutique, device.boutique_id), tx.now()
        told: dict[str, Any] = {
            "amount_minor": amount_minor,
            "boutique_id": boutique.id,
            "staff_id": manager_id,
            "at": now,
        }
        card, code = gift_cards.issue_credit(tx, card_id=card_id, **told)
        gift_slips.write_down(
            tx, shop, card=card, code=code, device=device, boutique=boutique, language=language, at=now
        )
        why = reason.strip()[:200]
        audit.record(
            tx, "store credit given", card.id, by=manager_id, last4=card.last4, amount=amount_minor, reason=why
        )
    return gift_cards.view(shop, card_id=card.id)


def block(shop: Shop, *, card_id: str, device_id: str, manager_id: str) -> None:
    """A card is lost, or in wrong hands: nothing is paid with it from here on. Blocking twice is once.

    Raises Unknown or NotAllowed.
    """
    _set_blocked(shop, card_id=card_id, device_id=device_id, manager_id=manager_id, blocked=True)


def unblock(shop: Shop, *, card_id: str, device_id: str, manager_id: str) -> None:
    """The card was found again. Raises Unknown or NotAllowed."""
    _set_blocked(shop, card_id=card_id, device_id=device_id, manager_id=manager_id, blocked=False)


def replace(
    shop: Shop, *, card_id: str, last4: str, device_id: str, manager_id: str, language: str = "en"
) -> GiftCardView:
    """Print a lost card anew, with another code and all that is left on it: the lost code pays for nothing any more.

    last4 is of the lost code: two taps replace it once. The card stays one row: what is on its way back to it, from a
    sale that is unwound or refunded, arrives. An empty card may be
    replaced for the same reason. A slip of the lost code that still waits is not printed. Raises Unknown or NotAllowed.
    """
    with shop.write() as tx:
        device = _manager_at(tx, shop, device_id=device_id, manager_id=manager_id, act="replace a gift card")
        card, now = _locked(tx, card_id), tx.now()
        lost = card.code_hash
        code = gift_cards.recode(tx, card_id=card_id, last4=last4)
        if code is None:
            audit.unchanged(tx)
            return gift_cards.view(shop, card_id=card_id)
        tx.refresh(card)
        gift_slips.withdraw(tx, code_hash=lost, by=manager_id, at=now)
        gift_slips.write_down(
            tx,
            shop,
            card=card,
            code=code,
            device=device,
            boutique=tx.get_one(Boutique, device.boutique_id),
            language=language,
            at=now,
            replaced=True,
        )
        told = {"was": last4, "new": card.last4, "left": card.balance_minor}
        audit.record(tx, "gift card replaced", card_id, by=manager_id, **told)
    return gift_cards.view(shop, card_id=card_id)


def found(shop: Shop, *, words: str, boutique_id: str) -> tuple[GiftCardView, ...]:
    """Cards that were issued here, by the last four of their code or by the order they come from, newest first.

    For a card that is lost: its code is not there to be typed.
    """
    typed = plain_code(words)
    cards = select(GiftCard.id).where(GiftCard.boutique_id == boutique_id)
    if len(typed) == LAST_DIGITS:
        cards = cards.where(GiftCard.last4 == typed)
    else:
        sold_as = select(OrderLine.id).join(Order, col(Order.id) == col(OrderLine.order_id)).where(Order.code == typed)
        given_for = (
            select(GiftMovement.gift_card_id)
            .join(RefundPart, col(RefundPart.id) == col(GiftMovement.refund_part_id))
            .join(Refund, col(Refund.id) == col(RefundPart.refund_id))
            .join(Order, col(Order.id) == col(Refund.order_id))
            .where(Order.code == typed, GiftMovement.why == gift_cards.ISSUED)
        )
        cards = cards.where(or_(col(GiftCard.order_line_id).in_(sold_as), col(GiftCard.id).in_(given_for)))
    with shop.read() as look:
        ids = list(look.exec(cards.order_by(col(GiftCard.issued_at).desc(), col(GiftCard.id).desc()).limit(MOST_FOUND)))
    return gift_cards.views(shop, card_ids=ids)


def history(shop: Shop, *, card_id: str) -> tuple[Movement, ...]:
    """Everything that changed a card's balance, newest first."""
    with shop.read() as look:
        rows: Any = look.exec(
            select(GiftMovement, Order.code, Refund.number)
            .join(Payment, col(Payment.id) == col(GiftMovement.payment_id), isouter=True)
            .join(Order, col(Order.id) == col(Payment.order_id), isouter=True)
            .join(RefundPart, col(RefundPart.id) == col(GiftMovement.refund_part_id), isouter=True)
            .join(Refund, col(Refund.id) == col(RefundPart.refund_id), isouter=True)
            .where(GiftMovement.gift_card_id == card_id)
            .order_by(col(GiftMovement.at).desc(), col(GiftMovement.id).desc())
        )
        return tuple(Movement(one.at, one.why, one.amount_minor, code or number or "") for one, code, number in rows)


def paper(shop: Shop, *, boutique_id: str) -> tuple[SlipView, ...]:
    """Cards that belong to no order and are not proven printed: those of this boutique's printers and tablets."""
    with shop.read() as look:
        rows: Any = look.exec(
            select(PrintJob, Printer.model)
            .join(Device, col(Device.id) == col(PrintJob.device_id))
            .join(Printer, col(Printer.id) == col(PrintJob.printer_id), isouter=True)
            .where(
                Device.boutique_id == boutique_id,
                col(PrintJob.kind).in_(CARDS),
                col(PrintJob.order_id).is_(None),
                PrintJob.state != JobState.CONFIRMED,
            )
            .order_by(col(PrintJob.queued_at))
        )
        return tuple(slip_view(job, boutique_id=boutique_id, model=model) for job, model in rows)


def _is_same(tx: Session, order: Order, amount_minor: int) -> bool:
    lines = tx.exec(select(OrderLine).where(OrderLine.order_id == order.id)).all()
    return order.total_minor == amount_minor and all(map(gift_cards.is_card, lines))


def _write_order(
    tx: Writing, *, amount_minor: int, asked_minor: int, device: Device, staff_id: str, language: str, at: datetime
) -> Order:
    """An order needs a basket: this one is closed before anything is put in, so the shopper's own stays as it is."""
    basket = Basket(id=new_id(), device_id=device.id, language=language, began_at=at, closed_at=at, checkouts=1)
    put(tx, basket)
    amounts: dict[str, Any] = {
        "total_minor": amount_minor,
        "due_now_minor": amount_minor,
        "due_later_minor": 0,
        "vat_minor": 0,
    }
    order = Order(
        id=new_id(),
        key=f"{basket.id}:0",
        code=people_code(),
        boutique_id=device.boutique_id,
        device_id=device.id,
        staff_id=staff_id,
        basket_id=basket.id,
        language=language,
        currency="gbp",
        asked_minor=asked_minor,
        opened_at=at,
        **amounts,
    )
    put(tx, order)
    line = OrderLine(
        id=new_id(),
        order_id=order.id,
        position=1,
        sku=gift_cards.SOLD_AS,
        name=WORDS[language]["name"],
        detail=WORDS[language]["detail"],
        list_minor=amount_minor,
        gross_minor=amount_minor,
        vat_rate_bp=OUTSIDE_SCOPE,
        vat_minor=0,
        vat_now_minor=0,
        due_now_minor=amount_minor,
        due_later_minor=0,
    )
    put(tx, line)
    return order


def _good_until(shop: Shop, boutique: Boutique, *, at: datetime) -> date | None:
    """The last day of a card sold now, where the boutique stands; None: for ever."""
    months = shop.settings.gift_card_months
    if months == 0:
        return None
    day = at.astimezone(ZoneInfo(boutique.zone)).date()
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _manager_at(tx: Writing, shop: Shop, *, device_id: str, manager_id: str, act: str) -> Device:
    rights.demand(tx, shop, staff_id=manager_id, device_id=device_id, needed=Role.MANAGER, act=act)
    # Under the tablet's own row: what is tapped twice is done one after the other.
    return tx.exec(select(Device).where(Device.id == device_id).with_for_update()).one()


def _locked(tx: Writing, card_id: str) -> GiftCard:
    card = tx.exec(select(GiftCard).where(GiftCard.id == card_id).with_for_update()).first()
    if card is None:
        raise Unknown("gift card", card_id)
    return card


def _set_blocked(shop: Shop, *, card_id: str, device_id: str, manager_id: str, blocked: bool) -> None:
    act = "gift card blocked" if blocked else "gift card unblocked"
    with shop.write() as tx:
        _manager_at(tx, shop, device_id=device_id, manager_id=manager_id, act=act)
        card = _locked(tx, card_id)
        if (card.blocked_at is not None) != blocked:
            card.blocked_at = tx.now() if blocked else None
            audit.record(tx, act, card_id, by=manager_id, last4=card.last4, left=card.balance_minor)
        audit.unchanged(tx)
