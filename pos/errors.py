"""What the shop can refuse, as one tree. A page turns each into one sentence (kiosk/notices.py).
ShopError                    carries the facts its sentence needs, never a sentence
├── Gone                     somebody else was first
│   ├── GiftCardEmpty        (last4, left)
│   ├── PieceTaken           (sku, number)
│   ├── SoldOut              (sku)
│   ├── WindowFull           (sku)
│   ├── RefundTooMuch        (what, left)
│   └── SlotFull             (boutique, start)
├── TooLate                  time has passed it
│   ├── GiftCardExpired      (last4, on)
│   ├── HoldLapsed           (sku, number)
│   ├── HoldExtendedAlready  (sku, number)
│   ├── WindowClosed         (sku)
│   └── Withdrawn            (kind, name, piece)
├── NotThis                  asked for something the shop cannot give
│   ├── Unknown              (kind, key)
│   ├── GiftCardBlocked      (last4)
│   ├── GiftForGift          a card of the house buys no card of the house
│   ├── GiftAmount           (least, most)
│   ├── NoAmount             nothing, or less, is to be paid
│   ├── TenderTooMuch        (left)
│   ├── CashShort            (amount, tendered)
│   ├── CashLimit            (limit, already)
│   ├── TooManyHolds         (most)
│   ├── TooManyWaiting       (most): so many one tablet writes on its lists, and no more
│   ├── BasketEmpty
│   ├── AddressWrong         (address, kind): nobody can be reached there
│   ├── CannotEngrave        (text, reason, glyph)
│   ├── SizeNeeded           (sku, size)
│   ├── MeasuresDisagree     (apart, reason)
│   ├── MeasureOutside       (least, most, reason)
│   ├── BreakawayNeeded      a cat's collar opens by itself
│   ├── NothingToProve       (sku, number)
│   ├── ProofNeeded          (sku, number): nobody has said yes to its words
│   ├── BundleIncomplete     (bundle, slot)
│   ├── NotHallmarked        (sku)
│   ├── CannotGiveBack       (code, reason)
│   ├── StillEngraved        (sku, number)
│   └── SlotClosed           (boutique, start)
├── PriceMoved               (shown, now): the total is no longer the one on the screen
├── WrongState               (kind, key, state): the thing has moved on
├── AlreadyHandedOver        (code, at, by)
├── BalanceDue               (code, amount)
├── NothingTaken             (code): the sale is written, but its money never came
├── NotReady                 (code): the pieces are still being made, struck or engraved
├── NotAllowed               (who, act)
│   ├── TooManyTries         (wait): codes nobody knew; wait seconds before the next is looked at
│   ├── ManagerNeeded        (limit): so much cash a manager allows
│   └── WrongPin             (wait): the PIN is wrong; wait seconds before the next try
├── CapsuleMistakes          (mistakes): file, key and reason, all at once
├── CertificateAltered       (reason): the signature does not fit the words
├── SettingsWrong            (key, reason): the shop cannot open like this
└── Outside                  the world outside answered badly, or not yet
    ├── ReaderTrouble        (reader, code)
    ├── PaymentTrouble       (code)
    ├── SandboxTrouble       (cause): the stand-ins of a demonstration did not start
    └── RecordsTrouble       (cause): the database is missing, locked or full
"""

from typing import Any, ClassVar


class ShopError(Exception):
    """A refusal. Its facts are attributes, and its text names them for the log."""

    facts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *values: Any, **named: Any) -> None:
        self.__dict__.update({**dict.fromkeys(self.facts), **dict(zip(self.facts, values, strict=False)), **named})
        super().__init__(", ".join(f"{name}={getattr(self, name)!r}" for name in self.facts))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Gone(ShopError):
    """Somebody else was first."""


class GiftCardEmpty(Gone):
    """Less is left on the card than is asked for: left is in pence."""

    facts = ("last4", "left")


class RefundTooMuch(Gone):
    """Less is left to give back than was asked for; left is in pence."""

    facts = ("what", "left")


class PieceTaken(Gone):
    """The number is another's."""

    facts = ("sku", "number")


class SoldOut(Gone):
    """No number of the edition is free."""

    facts = ("sku",)


class WindowFull(Gone):
    """All places of the pre-order window are taken."""

    facts = ("sku",)


class SlotFull(Gone):
    """No place is left in this pickup slot."""

    facts = ("boutique", "start")


class TooLate(ShopError):
    """Time has passed it."""


class GiftCardExpired(TooLate):
    """The card was good until a day that is over, ISO date."""

    facts = ("last4", "on")


class HoldLapsed(TooLate):
    """The piece was kept, and the time is over."""

    facts = ("sku", "number")


class HoldExtendedAlready(TooLate):
    """A hold is extended once."""

    facts = ("sku", "number")


class WindowClosed(TooLate):
    """The piece cannot be had at this time: its window is shut."""

    facts = ("sku",)


class Withdrawn(TooLate):
    """Something in the basket, a piece, a service with one, or a bundle, is no longer offered."""

    facts = ("kind", "name", "piece")


class NotThis(ShopError):
    """Asked for something the shop cannot give."""


class Unknown(NotThis):
    """There is no such thing."""

    facts = ("kind", "key")


class GiftCardBlocked(NotThis):
    """The card was reported lost, or must not be spent."""

    facts = ("last4",)


class GiftForGift(NotThis):
    """A card of the house buys no card of the house."""


class GiftAmount(NotThis):
    """A gift card is sold for an amount between two limits, in pence."""

    facts = ("least", "most")


class NoAmount(NotThis):
    """A tender is at least a penny."""


class TenderTooMuch(NotThis):
    """More than is still to pay of the order: left is in pence."""

    facts = ("left",)


class CashShort(NotThis):
    """Less cash is laid down than is to be paid with it, in pence."""

    facts = ("amount", "tendered")


class CashLimit(NotThis):
    """The law's limit of cash from one buyer, orders that belong together summed; both in pence."""

    facts = ("limit", "already")


class TooManyHolds(NotThis):
    """One tablet keeps only so many pieces at a time."""

    facts = ("most",)


class TooManyWaiting(NotThis):
    """One tablet writes only so many people on its waiting lists."""

    facts = ("most",)


class AddressWrong(NotThis):
    """It is no e-mail address; kind says what else was asked for (phone, none)."""

    facts = ("address", "kind")


class BasketEmpty(NotThis):
    """Nothing is in the basket."""


class CannotEngrave(NotThis):
    """These words cannot be cut into this piece."""

    facts = ("text", "reason", "glyph")


class SizeNeeded(NotThis):
    """The piece comes in sizes, and this is not one of them."""

    facts = ("sku", "size")


class MeasuresDisagree(NotThis):
    """Two measures of one card differ by `apart` percent, or they agree on what no glass can be (reason: scale)."""

    facts = ("apart", "reason")


class MeasureOutside(NotThis):
    """No companion measures so little, or so much: its neck in cm round (reason: girth), or its weight in kg."""

    facts = ("least", "most", "reason")


class BreakawayNeeded(NotThis):
    """A cat wears a tag only on a collar that opens by itself when it is caught (PET-06)."""


class NothingToProve(NotThis):
    """There are no words in this piece whose spelling could be confirmed."""

    facts = ("sku", "number")


class ProofNeeded(NotThis):
    """Words are cut only once their buyer has said yes to them, letter by letter."""

    facts = ("sku", "number")


class BundleIncomplete(NotThis):
    """A bundle is bought whole, each slot with a piece it allows."""

    facts = ("bundle", "slot")


class NotHallmarked(NotThis):
    """A piece of precious metal is handed over and described only once it is struck (Hallmarking Act 1973, s. 1)."""

    facts = ("sku",)


class CannotGiveBack(NotThis):
    """Nothing can be given back of this order now, or not in this way."""

    facts = ("code", "reason")


class StillEngraved(NotThis):
    """Somebody's words were cut into the piece, and nobody says that they are gone."""

    facts = ("sku", "number")


class SlotClosed(NotThis):
    """The boutique does not hand over pieces at this time."""

    facts = ("boutique", "start")


class PriceMoved(ShopError):
    """The total is no longer the one on the screen, in pence."""

    facts = ("shown", "now")


class WrongState(ShopError):
    """The thing has moved on, and this can no longer be done to it."""

    facts = ("kind", "key", "state")


class AlreadyHandedOver(ShopError):
    """The piece has left the shop: when, and who gave it."""

    facts = ("code", "at", "by")


class TenderWaits(ShopError):
    """One card is asked for at a time: another payment of this order is not decided yet, in pence."""

    facts = ("amount",)


class BalanceDue(ShopError):
    """The piece is handed over once the balance is paid, in pence."""

    facts = ("code", "amount")


class NothingTaken(ShopError):
    """The sale is written and printed, but the card's hold ended before its money was taken: a person must look."""

    facts = ("code",)


class NotReady(ShopError):
    """The pieces are still being made, struck or engraved: nobody has said that they lie in the safe."""

    facts = ("code",)


class NotAllowed(ShopError):
    """This person, or this tablet, may not do that."""

    facts: ClassVar[tuple[str, ...]] = ("who", "act")


class TooManyTries(NotAllowed):
    """Codes were tried that nobody knows; wait is in seconds."""

    facts = ("wait",)


class ManagerNeeded(NotAllowed):
    """More cash is given back of one order than staff may give alone; the limit is in pence."""

    facts = ("who", "act", "limit")


class WrongPin(NotAllowed):
    """The PIN does not open the till; wait is in seconds."""

    facts = ("who", "act", "wait")


class CapsuleMistakes(ShopError):
    """A capsule folder cannot be loaded: every mistake, with file, key and reason."""

    facts = ("mistakes",)


class CertificateAltered(ShopError):
    """What was shown is not what the shop signed."""

    facts = ("reason",)


class SettingsWrong(ShopError):
    """A setting is missing or wrong: the shop does not open."""

    facts = ("key", "reason")


class Outside(ShopError):
    """The world outside answered badly, or not yet."""


class ReaderTrouble(Outside):
    """The card reader cannot take this payment now."""

    facts = ("reader", "code")


class PaymentTrouble(Outside):
    """The payment service refused or did not answer."""

    facts = ("code",)


class SandboxTrouble(Outside):
    """The stand-ins of a demonstration did not start."""

    facts = ("cause",)


class RecordsTrouble(Outside):
    """The shop's records cannot be read or written."""

    facts = ("cause",)
