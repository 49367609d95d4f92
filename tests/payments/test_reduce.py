"""The one rule for poll, webhook and restart, over any order and repetition of answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.models import AttemptState, PaymentState
from pos.payments.answers import Action, CardError, Charge, IntentAnswer, Kind, ReaderAnswer, Refusal
from pos.payments.reduce import CANNOT_SETTLE, FINAL, LEFT, MISMATCH, Known, Verdict, not_sent, reduce

ASKED = 14_000
OURS, THEIRS = "pi_ours", "pi_theirs"
RANKS = {
    PaymentState.QUEUED: 0,
    PaymentState.DISPATCHED: 1,
    PaymentState.UNKNOWN: 1,
    PaymentState.DECLINED: 2,
    PaymentState.AUTHORISED: 4,
    PaymentState.CAPTURED: 5,
    PaymentState.CANCELLED: 5,
}

charges = st.sampled_from(["ch_1", "ch_2", "ch_3"])
errors = st.builds(
    CardError,
    code=st.sampled_from(["card_declined", "insufficient_funds", "expired_card"]),
    message=st.just("Your card was declined."),
    charge_id=st.none() | charges,
)
amounts = st.sampled_from([ASKED, ASKED, ASKED, 0, ASKED + 100])
intents = st.builds(
    IntentAnswer,
    id=st.sampled_from([OURS, OURS, OURS, THEIRS]),
    status=st.sampled_from(
        [
            "requires_payment_method",
            "requires_confirmation",
            "requires_action",
            "processing",
            "requires_capture",
            "succeeded",
            "canceled",
            "a_status_of_tomorrow",
        ]
    ),
    amount=amounts,
    currency=st.sampled_from(["gbp", "gbp", "eur"]),
    amount_capturable=amounts,
    amount_received=amounts,
    cancellation_reason=st.none() | st.just("automatic"),
    charge=st.none() | st.builds(Charge, id=charges, status=st.sampled_from(["succeeded", "failed"])),
    error=st.none() | errors,
)
refusals = st.builds(
    Refusal,
    kind=st.sampled_from(Kind),
    code=st.sampled_from(["no_answer", "resource_missing", "rate_limit", "api_error"]),
)
actions = st.builds(
    Action,
    type=st.just("process_payment_intent"),
    status=st.sampled_from(["in_progress", "succeeded", "failed"]),
    intent_id=st.sampled_from([OURS, OURS, THEIRS, None]),
    failure_code=st.sampled_from([None, "card_declined", "connection_error", LEFT, "a_code_of_tomorrow"]),
    error=st.none() | errors,
)
reader_answers = st.builds(
    ReaderAnswer, id=st.just("tmr_1"), label=st.just("Counter"), status=st.just("online"), action=st.none() | actions
)
looks = st.tuples(st.none() | intents | refusals, st.none() | reader_answers | refusals)
knowns = st.builds(
    Known,
    state=st.sampled_from(PaymentState),
    amount_minor=st.just(ASKED),
    currency=st.just("gbp"),
    intent_id=st.just(OURS),
    charge_id=st.none() | charges,
    cancel_why=st.none() | st.sampled_from(["asked", CANNOT_SETTLE]),
    unattended=st.booleans(),
)


def rank(of: Known | Verdict) -> int:
    """How far a payment is; held money in the wrong amount is further than a refused card."""
    return 3 if of.state is PaymentState.UNKNOWN and of.reason == MISMATCH else RANKS[of.state]


def after(known: Known, verdict: Verdict) -> Known:
    """The row once the verdict is written down."""
    why = known.cancel_why or verdict.close_why
    return replace(known, state=verdict.state, reason=verdict.reason, charge_id=verdict.charge_id, cancel_why=why)


def written_down(intent_id: str | None = OURS, state: PaymentState = PaymentState.QUEUED) -> Known:
    return Known(state=state, amount_minor=ASKED, currency="gbp", intent_id=intent_id)


@given(knowns, looks)
def test_the_same_answer_twice_says_nothing_new(known, look):  # type: ignore[no-untyped-def]
    once = after(known, reduce(known, *look))
    assert not reduce(once, *look).says_more_than(once)


@given(knowns, st.lists(looks, max_size=12))
def test_a_payment_never_goes_back(known, answers):  # type: ignore[no-untyped-def]
    for look in answers:
        verdict = reduce(known, *look)
        assert rank(verdict) >= rank(known)
        if known.state in FINAL:
            assert not verdict.says_more_than(known)
        known = after(known, verdict)


@given(knowns, looks)
def test_money_is_believed_only_in_the_right_amount_and_currency(known, look):  # type: ignore[no-untyped-def]
    intent = look[0]
    verdict = reduce(known, *look)
    moved = verdict.state is not known.state and verdict.state in (PaymentState.AUTHORISED, PaymentState.CAPTURED)
    if moved:
        assert isinstance(intent, IntentAnswer)
        paid = intent.amount_received if intent.status == "succeeded" else intent.amount_capturable
        assert (intent.id, intent.amount, paid, intent.currency) == (OURS, ASKED, ASKED, "gbp")


@given(knowns, looks)
def test_a_payment_is_cancelled_only_by_stripes_own_word(known, look):  # type: ignore[no-untyped-def]
    intent = look[0]
    if known.state not in FINAL and reduce(known, *look).state is PaymentState.CANCELLED:
        assert isinstance(intent, IntentAnswer)
        assert (intent.id, intent.status) == (OURS, "canceled")


@given(knowns, looks)
def test_the_try_at_the_reader_ends_as_the_payment_does(known, look):  # type: ignore[no-untyped-def]
    verdict = reduce(known, *look)
    assert isinstance(verdict.attempt, AttemptState)


def at(status: str, **more: object) -> IntentAnswer:
    return IntentAnswer(id=OURS, status=status, amount=ASKED, currency="gbp", **more)  # type: ignore[arg-type]


def showing(status: str, failure: str | None = None) -> ReaderAnswer:
    action = Action("process_payment_intent", status, OURS, failure)
    return ReaderAnswer("tmr_1", "Counter", "online", action)


HELD = Charge("ch_2", "succeeded", card={"brand": "visa"})
REFUSED = CardError("insufficient_funds", "No.", "ch_1")
PAID = [
    (None, showing("in_progress")),
    (at("requires_payment_method"), showing("in_progress")),
    (at("requires_payment_method", error=REFUSED), showing("failed", "card_declined")),
    (at("requires_payment_method", error=REFUSED), showing("in_progress")),
    (at("requires_capture", amount_capturable=ASKED, charge=HELD), showing("succeeded")),
    (at("succeeded", amount_received=ASKED, charge=HELD), showing("succeeded")),
]
LEFT_ALONE = [
    (at("requires_payment_method"), showing("in_progress")),
    (at("requires_payment_method"), showing("failed", LEFT)),
    (at("canceled"), showing("failed", LEFT)),
]


@given(st.lists(st.sampled_from(PAID), max_size=10), st.sampled_from([PaymentState.QUEUED, PaymentState.DISPATCHED]))
def test_answers_of_a_paid_sale_in_any_order_end_paid(shuffled, state):  # type: ignore[no-untyped-def]
    known = written_down(state=state)
    for look in [*shuffled, PAID[-1]]:
        known = after(known, reduce(known, *look))
    assert (known.state, known.charge_id) == (PaymentState.CAPTURED, "ch_2")


@given(st.lists(st.sampled_from(LEFT_ALONE), max_size=10))
def test_answers_of_a_cancelled_sale_in_any_order_end_cancelled(shuffled):  # type: ignore[no-untyped-def]
    known = written_down(state=PaymentState.DISPATCHED)
    for look in [*shuffled, LEFT_ALONE[-1]]:
        known = after(known, reduce(known, *look))
    assert known.state is PaymentState.CANCELLED


def test_an_authorised_payment_is_only_captured_or_cancelled_after() -> None:
    known = written_down(state=PaymentState.AUTHORISED)
    assert reduce(known, at("requires_payment_method"), showing("failed", "card_declined")).state == known.state
    assert reduce(known, Refusal(Kind.NO_ANSWER, "no_answer"), None).state == known.state
    assert reduce(known, at("canceled", cancellation_reason="automatic"), None).reason == "automatic"


UNATTENDED = replace(written_down(), unattended=True)


@pytest.mark.parametrize(
    ("status", "error", "why"),
    [
        ("requires_payment_method", CardError("authentication_required", "It wants its holder.", "ch_1"), None),
        ("requires_payment_method", REFUSED, None),
        ("requires_payment_method", None, "not_charged"),
        ("requires_action", None, "authentication_required"),
    ],
)
def test_a_kept_card_that_was_refused_ends_its_payment(status: str, error: CardError | None, why: str | None) -> None:
    verdict = reduce(UNATTENDED, at(status, error=error), None)
    why = why or (error.code if error else "")
    assert (verdict.state, verdict.reason, verdict.close_why) == (PaymentState.DECLINED, why, why)
    closing = after(UNATTENDED, verdict)
    assert not reduce(closing, at(status, error=error), None).says_more_than(closing)
    closed = reduce(closing, at("canceled", error=error), None)
    assert (closed.state, closed.reason) == (PaymentState.CANCELLED, why)


def test_a_kept_card_that_may_still_be_charged_is_waited_for() -> None:
    for intent in (at("processing"), at("a_status_of_tomorrow"), Refusal(Kind.NO_ANSWER, "no_answer"), None):
        assert reduce(UNATTENDED, intent, None).state is PaymentState.QUEUED


def test_at_a_reader_the_same_refusal_leaves_the_intent_open_for_another_card() -> None:
    shown = written_down(state=PaymentState.DISPATCHED)
    verdict = reduce(shown, at("requires_payment_method", error=REFUSED), showing("failed", "card_declined"))
    assert (verdict.state, verdict.close_why) == (PaymentState.DECLINED, None)


def test_the_refusal_of_an_earlier_try_is_not_taken_for_a_new_one() -> None:
    again = replace(written_down(state=PaymentState.DISPATCHED), charge_id="ch_1")
    old = (at("requires_payment_method", error=REFUSED), showing("failed", "card_declined"))
    assert not reduce(again, *old).says_more_than(again)
    new = (at("requires_payment_method", error=replace(REFUSED, charge_id="ch_2")), showing("failed", "card_declined"))
    assert reduce(again, *new).state == PaymentState.DECLINED


def test_a_chip_asked_for_after_a_failed_tap_is_still_the_same_try() -> None:
    known = written_down(state=PaymentState.DISPATCHED)
    look = (at("requires_payment_method", error=REFUSED), showing("in_progress"))
    assert reduce(known, *look).state == PaymentState.DISPATCHED


def test_another_intent_says_nothing_of_this_payment() -> None:
    known = written_down(state=PaymentState.DISPATCHED)
    theirs = replace(at("succeeded", amount_received=ASKED), id=THEIRS)
    assert not reduce(known, theirs, None).says_more_than(known)


def test_a_wrong_amount_is_for_a_person_to_look_at() -> None:
    known = written_down(state=PaymentState.DISPATCHED)
    short = at("requires_capture", amount_capturable=ASKED - 1, charge=HELD)
    assert (reduce(known, short, None).state, reduce(known, short, None).reason) == (PaymentState.UNKNOWN, MISMATCH)


def test_what_the_reader_could_not_do_says_so() -> None:
    reasons = [
        not_sent(Refusal(Kind.REFUSED, code)).reason
        for code in ("terminal_reader_offline", "resource_missing", "parameter_unknown")
    ]
    assert reasons == ["reader_offline", "reader_missing", "stripe_parameter_unknown"]
    assert not_sent(Refusal(Kind.REFUSED, "terminal_reader_busy")).attempt is AttemptState.FAILED
