"""What the counter sees before it gives money back: which order, what may become of a piece, how much by which road."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from sqlmodel import select

from pos.errors import Unknown
from pos.ids import plain_code
from pos.models import Fate, Order, Pickup, Receipt, Refund, Road
from pos.money import split
from pos.payments.roads import ORIGINAL
from pos.selling.views import GiveBack, ReturnLine, ReturnPayment, ReturnView
from pos.shop import Shop

INSTEAD = (Road.CREDIT, Road.CASH)  # what may be chosen instead of the way it was paid


@dataclass(frozen=True)
class Share:
    """What one payment will give back by one road, in pence."""

    payment: ReturnPayment
    road: Road
    amount_minor: int


def find(shop: Shop, *, words: str) -> str:
    """The order that is meant: by its code, its collect code, or the number of a receipt or a refund. Raises Unknown.

    words are as somebody typed or a scanner read them; small letters and spaces are no matter.
    """
    code, number = plain_code(words[:80]), "".join(words[:80].upper().split())
    ways = (
        select(Order.id).where(Order.code == code),
        select(Pickup.order_id).where(Pickup.code == code),
        select(Receipt.order_id).where(Receipt.number == number),
        select(Refund.order_id).where(Refund.number == number),
    )
    with shop.read() as look:
        for way in ways:
            found = look.exec(way).first()
            if found is not None:
                return found
    raise Unknown("sale", words[:40])


def fates(line: ReturnLine) -> tuple[Fate, ...]:
    """What may become of the piece of a line, the usual one first. One only: there is nothing to choose.

    Somebody's words are never for sale again unseen. A piece that was only promised may not be made yet.
    """
    if not line.is_piece:
        return (Fate.NONE,) if line.number is None else (Fate.KEPT,)  # a service; or it came back before
    if line.is_promised:
        return (Fate.INSPECTION, Fate.NONE) if line.engraved else (Fate.NONE,)
    if not line.can_go_to_stock:
        return (Fate.INSPECTION, Fate.KEPT)
    return (Fate.STOCK, Fate.INSPECTION, Fate.KEPT)


def shares(seen: ReturnView, *, amount_minor: int, road: Road | None) -> tuple[Share, ...]:
    """How an amount would go back now: as it was paid, in proportion to what is left of each payment; or all by a road.

    The same to the penny as what is written once it is given; empty where so much is not left.
    """
    left = [one.amount_minor - one.refunded_minor for one in seen.payments]
    if not 0 < amount_minor <= sum(left):
        return ()
    split_up = zip(seen.payments, split(amount_minor, weights=left), strict=True)
    return tuple(Share(one, road or ORIGINAL[one.method], minor) for one, minor in split_up if minor)


def needs_manager(shop: Shop, seen: ReturnView, planned: Sequence[Share]) -> bool:
    """Whether so much cash would go out of the till for this order that staff alone may not give it."""
    return is_much_cash(shop, seen, amount_minor=sum(one.amount_minor for one in planned if one.road == Road.CASH))


def is_much_cash(shop: Shop, seen: ReturnView, *, amount_minor: int) -> bool:
    """Whether this much more cash, in pence, is over what staff alone may give of one order."""
    cash = amount_minor
    return cash > 0 and cash + _cash_given(seen) > shop.settings.cash_refund_limit


def key(seen: ReturnView, lines: Sequence[GiveBack], *, road: Road | None) -> str:
    """Names the tap that gives this back, as the order stands: two fingers, two tablets or a reload are one refund.

    Once it is given the order stands otherwise, so the same again on purpose is another.
    """
    what: list[Any] = [len(seen.refunds), road, sorted([one.line_id, one.gross_minor, one.fate] for one in lines)]
    return f"{seen.order_id}:{hashlib.sha256(rfc8785.dumps(what)).hexdigest()[:32]}"


def _cash_given(seen: ReturnView) -> int:
    return sum(part.amount_minor for one in seen.refunds for part in one.parts if part.road == Road.CASH)
