"""What a payment is, given what the row says and what Stripe says: one pure rule for poll, webhook and restart.

queued ──▶ dispatched ──▶ authorised ──▶ captured
   ▲           │  ▲            │
   │ retry     ▼  ▼            ▼
   └─────── declined, unknown ──▶ cancelled

The rule is total, gives the same answer when asked twice, and never goes back: an authorised payment is only captured
or cancelled after, and those two are final. Within one try at the reader a refusal stands; a retry is a new try.

`declined` means: not paid, and nothing was taken; the shopper may try again or leave. Its reason says whose word it is:
`reader_…` the reader could not, `stripe_…` the service refused, anything else is the card's own refusal.
"""

from dataclasses import dataclass

from pos.models import AttemptState, PaymentState
from pos.payments.answers import Action, Charge, IntentAnswer, Kind, ReaderAnswer, Refusal

FINAL = frozenset({PaymentState.CAPTURED, PaymentState.CANCELLED})
OPEN = frozenset({PaymentState.QUEUED, PaymentState.DISPATCHED, PaymentState.DECLINED, PaymentState.UNKNOWN})
MISMATCH = "amount_mismatch"  # Stripe holds another amount or currency than the order asks for: a person must look
CANNOT_SETTLE = "cannot_settle"  # the card said yes, but the sale cannot be written: the hold is released
UNWOUND = "unwound"  # staff gave a half-paid sale up: what is held of it is released
GIVEN_UP = frozenset({CANNOT_SETTLE, UNWOUND})
LEFT = "customer_canceled"  # Stripe's word: the shopper pressed cancel on the reader

# Where the intent of a kept card stands after a refusal, and why, where Stripe does not say.
REFUSED_UNATTENDED = {
    "requires_payment_method": "not_charged",
    "requires_confirmation": "not_charged",
    "requires_action": "authentication_required",
}

TRIES = {
    PaymentState.QUEUED: AttemptState.QUEUED,
    PaymentState.DISPATCHED: AttemptState.DISPATCHED,
    PaymentState.AUTHORISED: AttemptState.SUCCEEDED,
    PaymentState.CAPTURED: AttemptState.SUCCEEDED,
    PaymentState.CANCELLED: AttemptState.CANCELLED,
    PaymentState.UNKNOWN: AttemptState.UNKNOWN,
}


@dataclass(frozen=True)
class Known:
    """What the shop has written down of a payment; the amount is in the smallest unit."""

    state: PaymentState
    amount_minor: int
    currency: str
    intent_id: str | None
    reason: str | None = None
    charge_id: str | None = None  # of the last card seen: an old refusal is not taken for a new one
    cancel_why: str | None = None
    unattended: bool = False  # a kept card is charged and nobody stands there: one answer, and no other card to try


@dataclass(frozen=True)
class Verdict:
    """What the payment is now. close_why: nobody can pay it any more, so the intent must be closed; and why."""

    state: PaymentState
    reason: str | None = None
    message: str | None = None  # may be shown to the shopper
    charge_id: str | None = None
    charge: Charge | None = None  # of the card that paid
    close_why: str | None = None

    @property
    def left(self) -> bool:
        """Whether the shopper cancelled on the reader."""
        return self.close_why == LEFT

    @property
    def attempt(self) -> AttemptState:
        """What this says of the try at the reader."""
        if self.state is not PaymentState.DECLINED:
            return TRIES[self.state]
        return AttemptState.DECLINED if by_card(self.reason) else AttemptState.FAILED

    def says_more_than(self, known: Known) -> bool:
        """Whether anything is to be written down."""
        news = (self.state, self.reason, self.charge_id) != (known.state, known.reason, known.charge_id)
        return news or (self.close_why is not None and known.cancel_why is None)


def by_card(reason: str | None) -> bool:
    """Whether a refusal was the card's own, not the reader's or the service's."""
    return reason is not None and not reason.startswith(("reader_", "stripe_"))


def reduce(known: Known, intent: IntentAnswer | Refusal | None, reader: ReaderAnswer | Refusal | None) -> Verdict:
    """What the payment is, by the newest answers; None: not asked.

    The reader must have been asked before the intent: the intent is the truth about money, and the later look decides.
    """
    if known.state in FINAL:
        return _as_known(known)
    if isinstance(intent, Refusal):
        return _no_word(known, intent)
    if intent is not None:
        if intent.id != known.intent_id:
            return _as_known(known)
        decided = _decided(known, intent)
        if decided:
            return decided
    if known.state in (PaymentState.AUTHORISED, PaymentState.DECLINED) or known.reason == MISMATCH:
        return _as_known(known)
    return _unattended(known, intent) if known.unattended else _at_the_reader(known, intent, reader)


def not_sent(refusal: Refusal) -> Verdict:
    """The reader did not take the payment, and that is sure: nothing was asked of a card."""
    code = refusal.code
    if code.startswith("terminal_reader_"):
        reason = code.removeprefix("terminal_")  # reader_offline, reader_busy, reader_timeout …
    elif code == "resource_missing":
        reason = "reader_missing"
    else:
        reason = f"stripe_{code}"
    return Verdict(PaymentState.DECLINED, reason)


def _as_known(known: Known) -> Verdict:
    return Verdict(known.state, known.reason, charge_id=known.charge_id)


def _no_word(known: Known, refusal: Refusal) -> Verdict:
    """Stripe did not say how the intent stands: what was waiting for a card is unknown until it does."""
    waiting = known.state in (PaymentState.DISPATCHED, PaymentState.UNKNOWN)
    if not waiting or known.reason == MISMATCH or refusal.kind is Kind.BUSY:
        return _as_known(known)
    reason = "intent_missing" if refusal.code == "resource_missing" else refusal.code
    return Verdict(PaymentState.UNKNOWN, reason, charge_id=known.charge_id)


def _decided(known: Known, intent: IntentAnswer) -> Verdict | None:
    """The intent alone decides once it is held, taken or closed."""
    charge_id = intent.charge.id if intent.charge else known.charge_id
    if intent.status == "canceled":
        reason = known.cancel_why or intent.cancellation_reason or "canceled"
        return Verdict(PaymentState.CANCELLED, reason, charge_id=charge_id)
    if intent.status == "succeeded":
        state, money = PaymentState.CAPTURED, intent.amount_received
    elif intent.status == "requires_capture":
        state, money = PaymentState.AUTHORISED, intent.amount_capturable
    else:
        return None
    asked = (known.amount_minor, known.amount_minor, known.currency.lower())
    if (intent.amount, money, intent.currency.lower()) != asked:
        held = known.state if known.state is PaymentState.AUTHORISED else PaymentState.UNKNOWN
        return Verdict(held, MISMATCH, charge_id=charge_id, charge=intent.charge)
    return Verdict(state, charge_id=charge_id, charge=intent.charge)


def _unattended(known: Known, intent: IntentAnswer | None) -> Verdict:
    """A kept card is charged as its intent is made: one that still waits was refused, and is to be closed."""
    if intent is None or intent.status not in REFUSED_UNATTENDED:
        return _as_known(known)
    said = intent.error
    code = said.code if said else REFUSED_UNATTENDED[intent.status]
    charge_id = (said.charge_id if said else None) or (intent.charge.id if intent.charge else known.charge_id)
    return Verdict(PaymentState.DECLINED, code, said.message if said else None, charge_id, close_why=code[:40])


def _at_the_reader(known: Known, intent: IntentAnswer | None, reader: ReaderAnswer | Refusal | None) -> Verdict:
    if reader is None:
        return _as_known(known)
    sent = known.state is not PaymentState.QUEUED
    if isinstance(reader, Refusal):
        gone = reader.code == "resource_missing" and intent is not None and sent
        return Verdict(PaymentState.DECLINED, "reader_missing", charge_id=known.charge_id) if gone else _as_known(known)
    action = reader.action
    if action is None or action.intent_id != known.intent_id:
        # Ours is not on the reader any more, and the later look at the intent says that no card has paid it.
        if intent is None or not sent:
            return _as_known(known)
        taken = action is not None and action.status == "in_progress"
        reason = "reader_taken" if taken else "reader_let_go"
        return Verdict(PaymentState.DECLINED, reason, charge_id=known.charge_id)
    if action.status == "in_progress":
        return Verdict(PaymentState.DISPATCHED, charge_id=known.charge_id)
    if action.status == "failed":
        return _failed(known, intent, action)
    return _as_known(known)  # succeeded: the next look at the intent will say so


def _failed(known: Known, intent: IntentAnswer | None, action: Action) -> Verdict:
    if action.failure_code == LEFT:
        return Verdict(known.state, known.reason, charge_id=known.charge_id, close_why=LEFT)
    if intent is None:
        return _as_known(known)
    said = intent.error or action.error
    if said and (action.error or action.failure_code in (said.code, "card_declined")):
        newest = said.charge_id or (intent.charge.id if intent.charge else None)
        if newest is not None and newest == known.charge_id:
            return _as_known(known)  # the refusal of an earlier try: the reader has not been given the new one yet
        return Verdict(PaymentState.DECLINED, said.code, said.message, charge_id=newest or known.charge_id)
    if known.state is PaymentState.QUEUED:
        return _as_known(known)  # may be the failure of an earlier try
    reason = f"reader_{action.failure_code or 'failed'}"
    return Verdict(PaymentState.DECLINED, reason, charge_id=known.charge_id)
