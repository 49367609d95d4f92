"""What Stripe said, in our words: frozen, free of its library, and without card data the shop may not keep.

An answer is an `IntentAnswer`, a `ReaderAnswer` or a `Refusal`: that nothing came back is an answer too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from pos.payments.statement import BalanceLine, ChargeLine, Page, RefundLine

# Stripe: "do not report these to your customer"; the shopper and the counter read a plain refusal.
KEPT_QUIET = {"lost_card", "stolen_card", "pickup_card", "fraudulent", "merchant_blacklist", "restricted_card"}
PLAIN_REFUSAL = "Your card was declined."

# The card schemes' own rule for paper (docs.stripe.com/terminal/features/receipts); never a PAN or an expiry.
RECEIPT_FIELDS = (
    "application_preferred_name",
    "dedicated_file_name",
    "authorization_code",
    "cardholder_verification_method",
    "account_type",
)


class Kind(StrEnum):
    """What a refusal tells of the thing that was asked for."""

    NO_ANSWER = "no_answer"  # nothing came back: it may or may not have happened
    FAULT = "fault"  # Stripe stumbled (5xx): it may or may not have happened
    BUSY = "busy"  # 409 or 429: not done; the same question may be asked again, with the same key
    REFUSED = "refused"  # a clear no


@dataclass(frozen=True)
class Refusal:
    """Why Stripe did not do what was asked; code is Stripe's own word, or `no_answer`."""

    kind: Kind
    code: str
    status: int | None = None
    message: str | None = None
    request_id: str | None = None
    intent_id: str | None = None  # of the intent that was made all the same, and whose card was refused

    def said(self) -> dict[str, Any]:
        """The refusal as the journal keeps it."""
        return {"refused": self.code}


@dataclass(frozen=True)
class CardError:
    """What an issuer answered; message is for the shopper, or None where Stripe's words are not for customers."""

    code: str
    message: str | None
    charge_id: str | None


@dataclass(frozen=True)
class Charge:
    """One presentation of a card as Stripe booked it."""

    id: str
    status: str
    captured: bool = False
    capture_before: datetime | None = None  # UTC
    kept_as: str | None = None  # the card that was made of it to be charged later; None for a phone, say
    card: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IntentAnswer:
    """A PaymentIntent; amounts are in the smallest unit of its currency."""

    id: str
    status: str
    amount: int
    currency: str
    amount_capturable: int = 0
    amount_received: int = 0
    capture_method: str = "manual"
    takes: tuple[str, ...] = ("card_present",)
    keeps_card: bool = False  # its card is to be kept for a later charge
    payment_id: str | None = None
    cancellation_reason: str | None = None
    charge: Charge | None = None
    error: CardError | None = None

    def said(self) -> dict[str, Any]:
        """The intent as the journal keeps it: ids, states and amounts."""
        return {
            "intent": self.id,
            "status": self.status,
            "amount": self.amount,
            "capturable": self.amount_capturable,
            "received": self.amount_received,
            "currency": self.currency,
            "charge": self.charge.id if self.charge else None,
            "error": self.error.code if self.error else None,
        }


@dataclass(frozen=True)
class Action:
    """What a reader does or did last; status is in_progress, succeeded or failed."""

    type: str
    status: str
    intent_id: str | None = None
    failure_code: str | None = None
    error: CardError | None = None  # set where the failure was the issuer's (reader software 2.42 and later)

    @property
    def wants_a_card(self) -> bool:
        """Whether somebody may be about to hold a card to it; a cart on its display stays for ever and asks nobody."""
        return self.status == "in_progress" and self.type != "set_reader_display"


@dataclass(frozen=True)
class ReaderAnswer:
    """A reader; its status is a hint only, so nothing is refused because of it."""

    id: str
    label: str
    status: str | None
    action: Action | None = None

    def said(self) -> dict[str, Any]:
        """The reader as the journal keeps it."""
        act = self.action
        return {
            "reader": self.id,
            "status": self.status,
            "action": {"type": act.type, "status": act.status, "intent": act.intent_id, "failure": act.failure_code}
            if act
            else None,
        }


@dataclass(frozen=True)
class CustomerAnswer:
    """A customer at Stripe: a peg to hang a card on. It holds no name of anybody."""

    id: str

    def said(self) -> dict[str, Any]:
        """The customer as the journal keeps it."""
        return {"customer": self.id}


@dataclass(frozen=True)
class MethodAnswer:
    """A card that is kept at Stripe; customer_id None: it is nobody's any more, and cannot be charged."""

    id: str
    customer_id: str | None

    def said(self) -> dict[str, Any]:
        """The card as the journal keeps it."""
        return {"method": self.id, "customer": self.customer_id}


@dataclass(frozen=True)
class LinkAnswer:
    """A page of Stripe's on which somebody may pay; status is open, complete or expired, url None once it is over."""

    id: str
    status: str
    url: str | None
    intent_id: str | None

    def said(self) -> dict[str, Any]:
        """The page as the journal keeps it: not its address, by which anybody could pay."""
        return {"link": self.id, "status": self.status, "intent": self.intent_id}


@dataclass(frozen=True)
class RefundAnswer:
    """A refund; the amount is in the smallest unit. status: pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    amount: int
    currency: str
    part_id: str | None = None  # of the part of a refund of ours that it was made for
    failure_reason: str | None = None

    def said(self) -> dict[str, Any]:
        """The refund as the journal keeps it."""
        return {
            "refund": self.id,
            "status": self.status,
            "amount": self.amount,
            "currency": self.currency,
            "failure": self.failure_reason,
        }


@dataclass(frozen=True)
class EventAnswer:
    """A webhook event: only what is needed to know which payment, or which part of a refund, to ask about."""

    id: str
    type: str
    live: bool
    intent_id: str | None
    link_id: str | None = None
    refund_id: str | None = None
    part_id: str | None = None


Told = ChargeLine | RefundLine | Page[ChargeLine] | Page[RefundLine] | Page[BalanceLine]  # of Stripe's own books
OneAnswer = IntentAnswer | ReaderAnswer | CustomerAnswer | MethodAnswer | LinkAnswer | RefundAnswer
Answer = OneAnswer | tuple[IntentAnswer, ...] | tuple[ReaderAnswer, ...] | tuple[RefundAnswer, ...] | Told


class Journal(Protocol):
    """Where every question to Stripe is written down."""

    def asked(self, verb: str, key: str) -> str:
        """Write a command down, committed, before it is sent; says the row's id."""

    def answered(self, row_id: str, answer: Answer | Refusal) -> None:
        """Write down what came back."""

    def looked(self, verb: str, answer: Answer | Refusal) -> None:
        """Write down what a look showed, where it is news: a look changes nothing at Stripe."""


def card_facts(charge: Mapping[str, Any]) -> dict[str, str]:
    """What a slip may say of a card: brand, last4, read_method and the receipt fields; nothing else is ever kept.

    `charge` is Stripe's charge as plain data. Empty where the charge was made with no card; a card
    that nobody held to a reader has no receipt fields but its authorisation.
    """
    details = _inside(charge, "payment_method_details")
    shown, kept = _inside(details, "card_present"), _inside(details, "card")
    paper = _inside(shown, "receipt") or {"authorization_code": kept.get("authorization_code")}
    facts = {key: (shown or kept).get(key) for key in ("brand", "last4", "read_method")}
    facts |= {key: paper.get(key) for key in RECEIPT_FIELDS}
    return {key: str(value) for key, value in facts.items() if value}


def intent_answer(said: Mapping[str, Any]) -> IntentAnswer:
    """A PaymentIntent as Stripe sent it."""
    return IntentAnswer(
        id=str(said["id"]),
        status=str(said["status"]),
        amount=int(said["amount"]),
        currency=str(said["currency"]),
        amount_capturable=int(said.get("amount_capturable") or 0),
        amount_received=int(said.get("amount_received") or 0),
        capture_method=str(said.get("capture_method")),
        takes=tuple(said.get("payment_method_types") or ()),
        keeps_card=said.get("setup_future_usage") is not None,
        payment_id=_inside(said, "metadata").get("payment_id"),
        cancellation_reason=said.get("cancellation_reason"),
        charge=_charge(said.get("latest_charge")),
        error=_card_error(said.get("last_payment_error")),
    )


def reader_answer(said: Mapping[str, Any]) -> ReaderAnswer:
    """A reader as Stripe sent it."""
    action = said.get("action")
    return ReaderAnswer(
        id=str(said["id"]),
        label=str(said.get("label") or said["id"]),
        status=said.get("status"),
        action=_action(action) if action else None,
    )


def customer_answer(said: Mapping[str, Any]) -> CustomerAnswer:
    """A customer as Stripe sent it."""
    return CustomerAnswer(id=str(said["id"]))


def method_answer(said: Mapping[str, Any]) -> MethodAnswer:
    """A kept card as Stripe sent it."""
    return MethodAnswer(id=str(said["id"]), customer_id=_id_of(said.get("customer")))


def link_answer(said: Mapping[str, Any]) -> LinkAnswer:
    """A Checkout Session as Stripe sent it."""
    return LinkAnswer(
        id=str(said["id"]),
        status=str(said.get("status")),
        url=said.get("url"),
        intent_id=_id_of(said.get("payment_intent")),
    )


def refund_answer(said: Mapping[str, Any]) -> RefundAnswer:
    """A refund as Stripe sent it."""
    return RefundAnswer(
        id=str(said["id"]),
        status=str(said.get("status")),
        amount=int(said["amount"]),
        currency=str(said["currency"]),
        part_id=_inside(said, "metadata").get("refund_part_id"),
        failure_reason=said.get("failure_reason"),
    )


def event_answer(said: Mapping[str, Any]) -> EventAnswer:
    """A webhook event as it came in. Raises KeyError or TypeError for anything that is not one."""
    thing = said["data"]["object"]
    refund = refund_answer(thing) if thing.get("object") == "refund" else None
    if thing.get("object") == "payment_intent":
        intent = thing["id"]
    elif thing.get("object") == "terminal.reader":
        action = thing.get("action")
        intent = _action(action).intent_id if action else None
    else:
        intent = _id_of(thing.get("payment_intent"))
    return EventAnswer(
        id=str(said["id"]),
        type=str(said["type"]),
        live=bool(said.get("livemode")),
        intent_id=intent,
        link_id=str(thing["id"]) if thing.get("object") == "checkout.session" else None,
        refund_id=refund.id if refund else None,
        part_id=refund.part_id if refund else None,
    )


def _charge(said: Any) -> Charge | None:
    if not said:
        return None
    if isinstance(said, str):  # not expanded
        return Charge(id=said, status="")
    details = _inside(said, "payment_method_details")
    shown = _inside(details, "card_present")
    before = (shown or _inside(details, "card")).get("capture_before")
    return Charge(
        id=str(said["id"]),
        status=str(said.get("status")),
        captured=bool(said.get("captured")),
        capture_before=datetime.fromtimestamp(before, UTC) if before else None,
        kept_as=_id_of(shown.get("generated_card")),
        card=card_facts(said),
    )


def _card_error(said: Any) -> CardError | None:
    if not said:
        return None
    code = str(said.get("decline_code") or said.get("code") or said.get("type"))
    message = said.get("message") if said.get("type") == "card_error" else None
    if code in KEPT_QUIET:
        code, message = "card_declined", PLAIN_REFUSAL
    return CardError(code=code, message=message, charge_id=_id_of(said.get("charge")))


def _action(said: Mapping[str, Any]) -> Action:
    kind = str(said["type"])
    return Action(
        type=kind,
        status=str(said["status"]),
        intent_id=_id_of(_inside(said, kind).get("payment_intent")),
        failure_code=said.get("failure_code"),
        error=_card_error(said.get("api_error")),
    )


def _inside(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return said.get(key) or {}


def _id_of(said: Any) -> str | None:
    """The id of something that may have been expanded."""
    return said if isinstance(said, str) or said is None else str(said["id"])
