"""Cards of the house: gift cards that were bought, and store credit. A card is known by the hash of its code alone.

The code stands on paper: 20 characters that are heard one way (25^20, 92 bits), the last four of which the records
keep, so that two cards can be told apart on a screen. A balance is changed by one statement that says what must hold,
with a movement beside it: the movements of a card always add up to its balance. Amounts are in pence.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from pos.db import Writing
from pos.errors import (
    GiftCardBlocked,
    GiftCardEmpty,
    GiftCardExpired,
    GiftForGift,
    NotAllowed,
    TooManyTries,
    Unknown,
    WrongState,
)
from pos.ids import new_id, people_code, plain_code
from pos.models import (
    Boutique,
    Device,
    GiftCard,
    GiftCardKind,
    GiftMovement,
    OrderLine,
    Payment,
    RefundPart,
    Role,
    put,
)
from pos.people import rights
from pos.shop import Shop

CODE_LENGTH = 20
SOLD_AS = "gift card"  # what stands in a line's sku: no piece and no service is called so, for it has a space
BRANDS = {GiftCardKind.GIFT: "gift_card", GiftCardKind.CREDIT: "store_credit"}
LONGEST_WAIT = 300  # seconds

ISSUED, SPENT, UNWOUND, REFUNDED, TAKEN_BACK = "issued", "spent", "unwound", "refunded", "taken_back"


@dataclass(frozen=True)
class GiftCardView:
    """A card of the house without its code; amounts in pence. expires_on is the last day it is good for."""

    card_id: str
    last4: str
    kind: GiftCardKind
    currency: str
    balance_minor: int
    issued_minor: int
    issued_at: datetime
    expires_on: date | None
    blocked: bool
    expired: bool

    @property
    def can_pay(self) -> bool:
        """Whether anything can be paid with it now."""
        return self.balance_minor > 0 and not self.blocked and not self.expired


def balance(shop: Shop, *, code: str, device_id: str, staff_id: str | None = None) -> GiftCardView:
    """What is left on the card of a code, as typed or scanned; staff_id: who looks, if not the shopper alone.

    A code that nobody knows makes the tablet wait before the next one is looked at: 1, 2, 4 … 300 seconds, counted in
    the records. Raises TooManyTries (wait, in seconds), Unknown or NotAllowed.
    """
    with shop.jot() as tx:
        device = tx.get(Device, device_id, with_for_update=True)
        if device is None or device.revoked_at:
            raise NotAllowed(device_id, "look up a gift card")
        if staff_id is not None:
            act = "look up a gift card"
            rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=act)
        now = tx.now()
        wait = _left(device.gift_locked_until, at=now)
        if wait:
            raise TooManyTries(wait)
        found = tx.exec(_with_zone().where(GiftCard.code_hash == code_hash(code))).first()
        device.gift_failures = 0 if found else device.gift_failures + 1
        pause = timedelta(seconds=min(2 ** min(device.gift_failures - 1, 16), LONGEST_WAIT)) if not found else None
        device.gift_locked_until = now + pause if pause else None
    if found is None:
        raise Unknown("gift card", "…")  # never what was typed: it may be a code with one letter wrong
    return _view(*found, at=now)


def view(shop: Shop, *, card_id: str) -> GiftCardView:
    """A card by its own id, for a screen that has found it already. Raises Unknown."""
    seen = views(shop, card_ids=[card_id])
    if not seen:
        raise Unknown("gift card", card_id)
    return seen[0]


def views(shop: Shop, *, card_ids: Sequence[str]) -> tuple[GiftCardView, ...]:
    """Cards by their own ids, the newest first."""
    now = shop.clock.now()
    newest = col(GiftCard.issued_at).desc(), col(GiftCard.id).desc()
    with shop.read() as look:
        rows = look.exec(_with_zone().where(col(GiftCard.id).in_(card_ids)).order_by(*newest))
        return tuple(_view(*row, at=now) for row in rows)


def left_on(look: Session, *, card_ids: Sequence[str]) -> dict[str, int]:
    """What is left on cards of the house, in pence, by their ids."""
    if not card_ids:
        return {}
    found = select(GiftCard.id, GiftCard.balance_minor).where(col(GiftCard.id).in_(card_ids))
    return {card_id: left for card_id, left in look.exec(found)}


def spend(tx: Writing, *, card_id: str, payment_id: str, amount_minor: int, at: datetime) -> None:
    """Take an amount off a card for a payment that is written down already, inside its transaction.

    By the card's id, which `balance` says: a code is looked at there, where tries are counted. Of two tills that spend
    the same last pounds one is refused, by the statement itself. A card of the house buys no card of the house. Raises
    GiftCardEmpty (last4, left), GiftCardBlocked, GiftCardExpired, GiftForGift or Unknown.
    """
    found = tx.exec(_with_zone().where(GiftCard.id == card_id)).first()
    if found is None:
        raise Unknown("gift card", card_id)
    today = _day(at, found[1])
    asked_in = select(Payment.currency).where(Payment.id == payment_id).scalar_subquery()
    good = (
        col(GiftCard.id) == card_id,
        col(GiftCard.balance_minor) >= amount_minor,
        col(GiftCard.blocked_at).is_(None),
        or_(col(GiftCard.expires_on).is_(None), col(GiftCard.expires_on) >= today.isoformat()),
        col(GiftCard.currency) == asked_in,
        ~_buys_a_card(payment_id),
    )
    left = {"balance_minor": GiftCard.balance_minor - amount_minor}
    if amount_minor <= 0 or tx.connection().execute(update(GiftCard).where(*good).values(**left)).rowcount != 1:
        raise _why_not(tx, card_id=card_id, payment_id=payment_id, today=today)
    put(tx, _movement(card_id, -amount_minor, SPENT, at=at, payment_id=payment_id))
    shown = {"brand": BRANDS[found[0].kind], "last4": found[0].last4}  # as the receipt names it
    tx.connection().execute(update(Payment).where(col(Payment.id) == payment_id).values(card=shown))


def give_back(tx: Writing, *, payment: Payment) -> bool:
    """Put what a payment took off its card on it again: the sale was unwound. Twice is once; False where it was done.

    Blocked or expired, the card gets it: what it may still buy is another question.
    """
    movement = _movement(payment.gift_card_id or "", payment.amount_minor, UNWOUND, at=tx.now(), payment_id=payment.id)
    return _put_once(tx, movement)


def refund_to(tx: Writing, *, refund_part: RefundPart) -> bool:
    """Put a part of a refund back on the card that paid. Twice is once; False where it was done before.

    Raises Unknown where no card of the house paid.
    """
    card_id = refund_part.gift_card_id or tx.get_one(Payment, refund_part.payment_id).gift_card_id
    if card_id is None:
        raise Unknown("gift card", refund_part.payment_id)
    movement = _movement(card_id, refund_part.amount_minor, REFUNDED, at=tx.now(), refund_part_id=refund_part.id)
    return _put_once(tx, movement)


def issue_credit(
    tx: Session,
    *,
    amount_minor: int,
    boutique_id: str,
    staff_id: str | None,
    at: datetime,
    currency: str = "gbp",
    refund_part_id: str | None = None,
    card_id: str | None = None,
) -> tuple[GiftCard, str]:
    """A new store credit and its code, inside the transaction it belongs to; a part of a refund has one, by the schema.

    Store credit is the shopper's own money: it does not expire. The code is for the slip alone
    (pos/selling/gift_slips.py).
    """
    return put_out(
        tx,
        kind=GiftCardKind.CREDIT,
        amount_minor=amount_minor,
        currency=currency,
        boutique_id=boutique_id,
        staff_id=staff_id,
        at=at,
        refund_part_id=refund_part_id,
        card_id=card_id,
    )


def put_out(
    tx: Session,
    *,
    kind: GiftCardKind,
    amount_minor: int,
    currency: str,
    boutique_id: str,
    staff_id: str | None,
    at: datetime,
    expires_on: date | None = None,
    order_line_id: str | None = None,
    refund_part_id: str | None = None,
    card_id: str | None = None,
) -> tuple[GiftCard, str]:
    """A new card and its code, inside a transaction; card_id: a name of its own, so that it is issued once."""
    code = people_code(CODE_LENGTH)
    card = GiftCard(
        id=card_id or new_id(),
        code_hash=code_hash(code),
        last4=code[-4:],
        kind=kind,
        currency=currency,
        issued_minor=amount_minor,
        balance_minor=amount_minor,
        boutique_id=boutique_id,
        order_line_id=order_line_id,
        issued_by=staff_id,
        issued_at=at,
        expires_on=expires_on.isoformat() if expires_on else None,
    )
    put(tx, card)
    put(tx, _movement(card.id, amount_minor, ISSUED, at=at, refund_part_id=refund_part_id))
    return card, code


def take_back(tx: Writing, *, order_line_id: str, amount_minor: int, refund_part_id: str | None = None) -> None:
    """Take an amount off the card that was sold as this line, because its price is given back.

    Only what is still on it: a card that has bought something is not bought back. Raises GiftCardEmpty or Unknown.
    """
    card = tx.exec(select(GiftCard).where(GiftCard.order_line_id == order_line_id)).first()
    if card is None:
        raise Unknown("gift card", order_line_id)
    enough = col(GiftCard.id) == card.id, col(GiftCard.balance_minor) >= amount_minor
    left = {"balance_minor": GiftCard.balance_minor - amount_minor}
    if amount_minor <= 0 or tx.connection().execute(update(GiftCard).where(*enough).values(**left)).rowcount != 1:
        tx.refresh(card)
        raise GiftCardEmpty(card.last4, card.balance_minor)
    put(tx, _movement(card.id, -amount_minor, TAKEN_BACK, at=tx.now(), refund_part_id=refund_part_id))


def recode(tx: Session, *, card_id: str, last4: str) -> str | None:
    """Give a card another code, and let it be spent again: the old code opens nothing from here on. Says the code.

    last4 is what the old code ended in; None where the card has another one by now: then nothing is changed.
    """
    code = people_code(CODE_LENGTH)
    new = {"code_hash": code_hash(code), "last4": code[-4:], "blocked_at": None}
    still = col(GiftCard.id) == card_id, col(GiftCard.last4) == last4
    return code if tx.connection().execute(update(GiftCard).where(*still).values(**new)).rowcount == 1 else None


def is_card(line: OrderLine) -> bool:
    """Whether a line of an order is a gift card that is sold."""
    return line.piece_id is None and line.sku == SOLD_AS


def code_hash(code: str) -> str:
    """What the records keep of a code, as typed or scanned: SHA-256, hexadecimal, of its one spelling."""
    return hashlib.sha256(plain_code(code).encode()).hexdigest()


def _movement(card_id: str, amount_minor: int, why: str, *, at: datetime, **of: str | None) -> GiftMovement:
    return GiftMovement(id=new_id(), gift_card_id=card_id, amount_minor=amount_minor, why=why, at=at, **of)


def _put_once(tx: Writing, movement: GiftMovement) -> bool:
    """Write a movement and its amount down, unless it stands there already: the schema knows."""
    dialect: Any = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(GiftMovement).values(**movement.model_dump()).on_conflict_do_nothing()
    if tx.connection().execute(new.returning(col(GiftMovement.id))).first() is None:
        return False
    more = {"balance_minor": GiftCard.balance_minor + movement.amount_minor}
    tx.connection().execute(update(GiftCard).where(col(GiftCard.id) == movement.gift_card_id).values(**more))
    return True


def _buys_a_card(payment_id: str) -> Any:
    lines = select(OrderLine.id).join(Payment, col(Payment.order_id) == col(OrderLine.order_id))
    cards = lines.where(Payment.id == payment_id, OrderLine.sku == SOLD_AS, col(OrderLine.piece_id).is_(None))
    return exists(cards)


def _why_not(tx: Session, *, card_id: str, payment_id: str, today: date) -> Exception:
    """What the guard of `spend` refused, for a sentence."""
    card = tx.exec(select(GiftCard).where(GiftCard.id == card_id).execution_options(populate_existing=True)).one()
    if tx.exec(select(_buys_a_card(payment_id))).one():
        return GiftForGift()
    if card.blocked_at is not None:
        return GiftCardBlocked(card.last4)
    if _is_over(card, today):
        return GiftCardExpired(card.last4, card.expires_on)
    asked_in = tx.exec(select(Payment.currency).where(Payment.id == payment_id)).first()
    if asked_in != card.currency:
        return WrongState("gift card", card.last4, card.currency)
    return GiftCardEmpty(card.last4, card.balance_minor)


def _with_zone() -> Any:
    return select(GiftCard, Boutique.zone).join(Boutique, col(Boutique.id) == col(GiftCard.boutique_id))


def _view(card: GiftCard, zone: str, *, at: datetime) -> GiftCardView:
    return GiftCardView(
        card_id=card.id,
        last4=card.last4,
        kind=card.kind,
        currency=card.currency,
        balance_minor=card.balance_minor,
        issued_minor=card.issued_minor,
        issued_at=card.issued_at,
        expires_on=date.fromisoformat(card.expires_on) if card.expires_on else None,
        blocked=card.blocked_at is not None,
        expired=_is_over(card, _day(at, zone)),
    )


def _is_over(card: GiftCard, today: date) -> bool:
    return card.expires_on is not None and card.expires_on < today.isoformat()


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _left(until: datetime | None, *, at: datetime) -> int:
    return max(0, math.ceil((until - at).total_seconds())) if until else 0
