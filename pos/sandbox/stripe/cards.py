"""Stripe's test cards and test amounts (docs.stripe.com/terminal/references/testing)."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Refusal:
    """Why an issuer said no: Stripe's code, the issuer's finer reason, and the words for the person."""

    code: str
    decline_code: str | None
    message: str


_SAID_NO: Final = "Your card was declined."
DECLINED: Final = Refusal("card_declined", "generic_decline", _SAID_NO)
NO_FUNDS: Final = Refusal("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST: Final = Refusal("card_declined", "lost_card", _SAID_NO)
STOLEN: Final = Refusal("card_declined", "stolen_card", _SAID_NO)
EXPIRED: Final = Refusal("expired_card", None, "Your card has expired.")
PROCESSING: Final = Refusal(
    "processing_error", None, "An error occurred while processing your card. Try again in a little bit."
)
AUTHENTICATION: Final = Refusal(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


@dataclass(frozen=True)
class Card:
    """One test card: what is printed on a slip about it, and how its issuer answers."""

    number: str
    brand: str
    aid: str
    application: str
    funding: str = "credit"
    country: str = "GB"
    refusal: Refusal | None = None
    refusal_later: Refusal | None = None  # when it is charged without its holder; at a reader it is approved
    cvm: str | None = None
    reusable: bool = True  # a generated card can be made for a later off-session charge
    refund_fails: bool = False

    @property
    def last4(self) -> str:
        """The four figures a receipt may show."""
        return self.number[-4:]

    @property
    def standard(self) -> bool:
        """Whether test amounts apply: only cards that would otherwise simply be approved."""
        return self.refusal is None and self.cvm is None and not self.refund_fails


def _visa(number: str, refusal: Refusal | None = None, **more: Any) -> Card:
    return Card(number, "visa", "A0000000031010", "VISA CREDIT", refusal=refusal, **more)


CARDS: Final = {
    card.number: card
    for card in (
        _visa("4242424242424242"),
        Card("4000056655665556", "visa", "A0000000031010", "VISA DEBIT", "debit"),
        Card("5555555555554444", "mastercard", "A0000000041010", "MASTERCARD"),
        Card("378282246310005", "amex", "A000000025010801", "AMERICAN EXPRESS"),
        Card("6011111111111117", "discover", "A0000001523010", "DISCOVER", country="US"),
        Card("3566002020360505", "jcb", "A0000000651010", "JCB CREDIT", country="JP"),
        Card("6200000000000005", "unionpay", "A000000333010102", "UNIONPAY CREDIT", country="CN"),
        Card("4000002500001001", "cartes_bancaires", "A0000000421010", "CB", "debit", "FR"),
        Card("4711009900000316877", "girocard", "A0000003591010028001", "GIROCARD", "debit", "DE", reusable=False),
        _visa("4001007020000002", cvm="offline_pin"),
        _visa("4001000360000005", cvm="online_pin"),
        _visa("4000008260000075", cvm="offline_pin"),
        _visa("4000002760000008", cvm="online_pin"),
        _visa("4000000000000002", DECLINED),
        _visa("4000000000009995", NO_FUNDS),
        _visa("4000000000009987", LOST),
        _visa("4000000000009979", STOLEN),
        _visa("4000000000000069", EXPIRED),
        _visa("4000000000000119", PROCESSING),
        _visa("4000000000005126", refund_fails=True),
        # Attached to a customer, they are refused on every charge without the holder (docs.stripe.com/testing).
        _visa("4000002760003184", refusal_later=AUTHENTICATION),
        _visa("4000000000000341", refusal_later=DECLINED),
    )
}
VISA: Final = "4242424242424242"
TAP_FAILS_THEN_PIN: Final = frozenset({"4000008260000075", "4000002760000008"})
INTERAC: Final = "4506445006931933"

# Payment methods every test account has: docs.stripe.com/testing.
READY_MADE: Final = {
    "pm_card_visa": VISA,
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_refundFail": "4000000000005126",
}

PIN_AMOUNTS: Final = {2: "offline_pin", 3: "online_pin"}
REFUSING_AMOUNTS: Final = {
    1: Refusal("card_declined", "call_issuer", _SAID_NO),
    5: DECLINED,
    55: Refusal("card_declined", "incorrect_pin", "Your PIN is incorrect."),
    65: Refusal("card_declined", "withdrawal_count_limit_exceeded", "Your card's withdrawal limit has been exceeded."),
    75: Refusal("card_declined", "pin_try_exceeded", "The number of PIN tries has been exceeded."),
}


@dataclass(frozen=True)
class Verdict:
    """What the issuer answers to one card and one amount: a refusal, or how the holder was verified."""

    refusal: Refusal | None
    cvm: str
    wants_chip: bool = False  # a tap is not enough: insert and PIN


def judge(card: Card, *, amount: int, tapped: bool = False, wallet: str | None = None, pin: bool = False) -> Verdict:
    """The issuer's answer. amount is in the smallest unit; its last two digits are Stripe's test amounts."""
    refusal, cvm = card.refusal, card.cvm
    ending = amount % 100
    if card.standard:
        refusal = REFUSING_AMOUNTS.get(ending)
        cvm = PIN_AMOUNTS.get(ending)
    if wallet is not None:
        return Verdict(refusal, "approval")
    if refusal is None and tapped and (card.number in TAP_FAILS_THEN_PIN or (card.standard and ending in PIN_AMOUNTS)):
        return Verdict(None, "none", wants_chip=True)
    return Verdict(refusal, cvm or ("offline_pin" if pin else "none"))
