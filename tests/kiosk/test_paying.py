"""What the shopper sees of a payment follows from the order and its latest payment alone."""

from datetime import UTC, datetime

import pytest

from kiosk.paying import Phase, phase, trouble
from kiosk.words import LANGUAGES, Words
from pos.models import OrderState, Part, PaymentState
from pos.selling.views import OrderView, PaymentView

S, O = PaymentState, OrderState  # noqa: E741


def order(
    state: OrderState,
    payment: PaymentState,
    *,
    part: Part = Part.NOW,
    reason: str | None = None,
    cancel_asked: bool = False,
) -> OrderView:
    paid = PaymentView("p1", part, payment, 1000, reason, None, "tmr_1", cancel_asked)
    return OrderView(
        basket_id="b",
        order_id="o1",
        code="AAAA-BBBB",
        state=state,
        language="en",
        boutique_id="demo",
        currency="gbp",
        total_minor=1000,
        vat_minor=167,
        due_now_minor=1000,
        due_later_minor=0,
        paid_minor=0,
        opened_at=datetime(2026, 11, 23, tzinfo=UTC),
        lines=(),
        payments=(paid,),
        asked_minor=1000,
    )


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        (order(O.OPEN, S.QUEUED), Phase.QUEUED),
        (order(O.OPEN, S.DISPATCHED), Phase.DISPATCHED),
        (order(O.OPEN, S.DISPATCHED, cancel_asked=True), Phase.CANCELLING),
        (order(O.OPEN, S.UNKNOWN), Phase.CHECKING),
        (order(O.OPEN, S.UNKNOWN, cancel_asked=True), Phase.CHECKING),
        (order(O.OPEN, S.AUTHORISED), Phase.AUTHORISED),
        (order(O.OPEN, S.AUTHORISED, cancel_asked=True), Phase.AUTHORISED),
        (order(O.OPEN, S.DECLINED, reason="insufficient_funds"), Phase.DECLINED),
        (order(O.OPEN, S.DECLINED, reason="reader_busy"), Phase.TROUBLE),
        (order(O.OPEN, S.DECLINED, reason="stripe_api_error"), Phase.TROUBLE),
        (order(O.OPEN, S.CANCELLED), Phase.CANCELLING),
        (order(O.CANCELLED, S.CANCELLED), Phase.CANCELLED),
        (order(O.PAID, S.AUTHORISED), Phase.DONE),
        (order(O.PAID, S.CAPTURED), Phase.DONE),
        (order(O.DEPOSIT, S.CAPTURED), Phase.DONE),
        (order(O.DEPOSIT, S.DISPATCHED, part=Part.BALANCE), Phase.DISPATCHED),
        (order(O.DEPOSIT, S.CANCELLED, part=Part.BALANCE), Phase.CANCELLED),
        (order(O.PAID, S.CAPTURED, part=Part.BALANCE), Phase.DONE),
    ],
)
def test_phase(seen: OrderView, shown: Phase) -> None:
    assert phase(seen) is shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("payment", PaymentState)
def test_every_pair_of_states_has_words(state: OrderState, payment: PaymentState, language: str) -> None:
    now = phase(order(state, payment))
    assert Words(language).has(f"pay.{now}") or now is Phase.DONE


@pytest.mark.parametrize("now", Phase)
def test_cancel_is_no_question_once_the_card_may_have_paid(now: Phase) -> None:
    assert now.can_cancel is (now in (Phase.QUEUED, Phase.DISPATCHED, Phase.DECLINED, Phase.TROUBLE))
    assert not (now.is_over and now.can_retry)


def test_the_reader_s_trouble_names_itself() -> None:
    for reason in ("reader_busy", "reader_offline", "reader_timeout", "stripe_api_error"):
        assert Words("en").has(trouble(order(O.OPEN, S.DECLINED, reason=reason)))
