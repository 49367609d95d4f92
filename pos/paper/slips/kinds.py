"""Which slips there are, and the facts and the layout of each."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from pos.paper.document import Document
from pos.paper.slips.authenticity import authenticity
from pos.paper.slips.facts import GiftFacts, Language, PickupFacts, PieceFacts, RefundFacts, SaleFacts, TestFacts, read
from pos.paper.slips.gift import credit, gift
from pos.paper.slips.pickup import pickup
from pos.paper.slips.refund import refund
from pos.paper.slips.ring_strip import ring_strip
from pos.paper.slips.sales import balance, deposit, sales
from pos.paper.slips.trial import trial


class Kind(StrEnum):
    """A slip's kind, as print jobs name it."""

    SALES = "sales"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    AUTHENTICITY = "authenticity"
    PICKUP = "pickup"
    GIFT = "gift"
    CREDIT = "credit"
    REFUND = "refund"
    TEST = "test"
    RING_STRIP = "ring_strip"


CARDS = (Kind.GIFT, Kind.CREDIT)  # the slips that bear a code which is money
_DRAWN: dict[Kind, Callable[[dict[str, Any], Language], Document]] = {
    Kind.SALES: lambda kept, language: sales(read(SaleFacts, kept), language),
    Kind.DEPOSIT: lambda kept, language: deposit(read(SaleFacts, kept), language),
    Kind.BALANCE: lambda kept, language: balance(read(SaleFacts, kept), language),
    Kind.AUTHENTICITY: lambda kept, language: authenticity(read(PieceFacts, kept), language),
    Kind.PICKUP: lambda kept, language: pickup(read(PickupFacts, kept), language),
    Kind.GIFT: lambda kept, language: gift(read(GiftFacts, kept), language),
    Kind.CREDIT: lambda kept, language: credit(read(GiftFacts, kept), language),
    Kind.REFUND: lambda kept, language: refund(read(RefundFacts, kept), language),
    Kind.RING_STRIP: ring_strip,
    Kind.TEST: lambda kept, language: trial(read(TestFacts, kept), language),
}


def document(kind: str, *, facts: Mapping[str, Any], language: str) -> Document:
    """The slip of a kind, in `en` or `fr`, from its facts as the records keep them (`plain`).

    Raises ValueError for a kind or a language that does not exist, and for facts that do not fit or add up.
    """
    if language not in ("en", "fr"):
        raise ValueError(f"no slips in {language!r}")
    return _DRAWN[Kind(kind)](dict(facts), "fr" if language == "fr" else "en")
