"""The reader or the line to Stripe fails: slow or "checking", never wrong. Numbers as in stripe_terminal.md §12."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kiosk.paying import Phase, phase, trouble
from pos.models import AttemptState, PaymentState, PieceState
from pos.payments import intents, lease, presentation, readers
from pos.payments.answers import Refusal
from pos.payments.journal import Journal
from pos.payments.recover import recover
from pos.payments.reduce import MISMATCH, by_card
from pos.payments.terminal import Terminal
from pos.selling import finish, orders
from pos.shop import Shop
from tests.payments.conftest import CAPTURE, CREATE, DECLINED, Till, tablet_beside
from tests.selling.shelf import later


class Killed(BaseException):
    """The process dies here: nothing after it runs, no handler catches it."""


def die(monkeypatch: pytest.MonkeyPatch, verb: str, *, when: str) -> None:
    """Die before this verb goes out, after its answer is written down, or between the two."""
    ask = Terminal._ask

    def dying(self, journal, name, key, call, read):  # type: ignore[no-untyped-def]
        if name != verb:
            return ask(self, journal, name, key, call, read)
        if when == "before":
            raise Killed

        def called():  # type: ignore[no-untyped-def]
            answer = call()
            if when == "unwritten":
                raise Killed
            return answer

        ask(self, journal, name, key, called, read)
        raise Killed

    monkeypatch.setattr(Terminal, "_ask", dying)
    monkeypatch.setattr(lease, "leave", lambda *_, **__: None)  # the dead let go of nothing


def restart(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new process over the same records, after the leases of the dead one."""
    monkeypatch.undo()
    later(till.shop, seconds=lease.LEASE.total_seconds() + 1)


@pytest.mark.parametrize("when", ["before", "unwritten", "after"])
@pytest.mark.parametrize("verb", ["create_intent", "present", "fetch_intent", "capture_intent"])
def test_scenario_3_killed_at_a_call_to_stripe_and_started_again(
    till: Till, monkeypatch: pytest.MonkeyPatch, verb: str, when: str
) -> None:
    payment = till.sale()
    die(monkeypatch, verb, when=when)
    try:
        till.carry_on(payment)
        till.card()
        till.carry_on(payment)
    except Killed:
        restart(till, monkeypatch)
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    if till.payment(payment).state == PaymentState.DISPATCHED:
        till.card()
        till.carry_on(payment)
    till.assert_sold_once(payment)
    assert len({call.idempotency_key for call in till.calls(payment, "create_intent")}) == 1


def test_scenario_2_a_timeout_that_did_deliver_becomes_a_sale(till: Till) -> None:
    payment = till.sale()
    till.fault("reader_timeout_delivered")
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert till.sends() == 1
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_2_a_timeout_that_did_not_deliver_is_sent_again_with_a_new_key(till: Till) -> None:
    payment = till.sale()
    till.fault("reader_timeout_not_delivered", times=2)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    states = [each.state for each in till.attempts(payment)]
    assert states == [AttemptState.FAILED, AttemptState.FAILED, AttemptState.DISPATCHED]
    keys = [call.idempotency_key for call in till.calls(payment, "present")]
    assert len(set(keys)) == 3
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_2_a_reader_that_never_answers_is_asked_three_times_and_then_the_shopper(till: Till) -> None:
    payment = till.sale()
    till.fault("reader_timeout_not_delivered", times=None)
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.sends() == presentation.MOST_SENDS
    assert till.payment(payment).reason == "reader_timeout"
    till.stripe.clear_faults()
    intents.retry(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.DISPATCHED


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("reader_offline", "reader_offline"),
        ("reader_busy", "reader_busy"),
        ("reader_hardware_fault", "reader_hardware_fault"),
    ],
)
def test_scenario_17_a_reader_that_cannot_now_leaves_the_sale_open(till: Till, fault: str, reason: str) -> None:
    payment = till.sale()
    till.fault(fault)
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.payment(payment).reason == reason
    assert not by_card(reason)
    assert till.attempts(payment)[0].state == AttemptState.FAILED
    intents.retry(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_17_an_offline_reader_and_a_shopper_who_leaves(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.fault("reader_offline", on="*", times=None)
    assert not readers.status(till.shop, reader_id=till.reader_id).reachable
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)


def test_scenario_17_a_reader_that_only_looks_offline_takes_the_payment(till: Till) -> None:
    payment = till.sale()
    till.stripe.fault("reader_looks_offline", on=till.reader_id)
    assert not readers.status(
        till.shop, reader_id=till.reader_id
    ).reachable  # Stripe's word may lag; nothing hangs on it
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_17_a_reader_that_starts_anew_at_midnight_is_asked_again(till: Till) -> None:
    payment = till.sale(number=12)
    till.carry_on(payment)
    till.stranger.v1.terminal.readers.cancel_action(till.reader_id)  # it comes back with an empty screen
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.payment(payment).reason == "reader_let_go"
    assert till.piece(12).state == PieceState.COMMITTED
    intents.retry(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_20_the_card_of_before_is_still_in_the_reader(till: Till) -> None:
    payment = till.sale()
    till.fault("reader_busy", times=2)
    for _ in range(2):
        assert till.carry_on(payment) == PaymentState.DECLINED
        shown = orders.view(till.shop, order_id=till.payment(payment).order_id)
        assert (phase(shown), trouble(shown)) == (Phase.TROUBLE, "notices.ReaderTrouble_busy")
        intents.retry(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert len({call.idempotency_key for call in till.calls(payment, "present")}) == 3  # a busy reader's no is kept


def test_a_reader_registered_in_the_wrong_place_is_for_a_person(till: Till) -> None:
    payment = till.sale()
    till.fault("reader_invalid_location_for_payment")
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert phase(orders.view(till.shop, order_id=till.payment(payment).order_id)) == Phase.TROUBLE


def test_a_reader_nobody_knows(till: Till) -> None:
    readers.register(till.shop, reader_id="tmr_gone", boutique_id="demo", label="Gone")
    payment = Till(till.shop, till.stripe, "tmr_gone", tablet_beside(till.shop, "tmr_gone")).sale()
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.payment(payment).reason == "reader_missing"
    assert readers.status(till.shop, reader_id="tmr_gone").trouble == "resource_missing"


def test_scenario_4_the_reader_says_connection_error_though_the_card_paid(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.stripe.fault("connection_error_with_auth", on=till.reader_id)
    till.card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)


def test_scenario_4_a_connection_error_without_payment_can_be_tried_again(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.stripe.fault("connection_error", on=till.reader_id)
    till.card()
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.payment(payment).reason == "reader_connection_error"
    intents.retry(till.shop, payment_id=payment, by="tablet")
    till.carry_on(payment)
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


@pytest.mark.parametrize("authorised", [True, False])
def test_scenario_6_the_reader_dies_with_the_card_in_it(till: Till, authorised: bool) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.stripe.fault("stuck_in_progress", on=till.reader_id, settings={"authorised": authorised})
    till.card()
    if authorised:
        assert finish.carry_on(till.shop, payment_id=payment, glance=True) == PaymentState.DISPATCHED
        assert till.carry_on(payment) == PaymentState.CAPTURED
        till.assert_sold_once(payment)
        return
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    later(till.shop, minutes=till.shop.settings.payment_minutes + 1)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)


@pytest.mark.parametrize("fault", ["socket_drop_after", "socket_drop_before", "error_500_after"])
def test_scenario_3_the_line_drops_while_the_intent_is_made(till: Till, fault: str) -> None:
    payment = till.sale()
    till.stripe.fault(
        fault, on=f"POST {CREATE}", times=1, **({} if "socket" in fault else {"settings": {"stored": False}})
    )
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


@pytest.mark.parametrize("fault", ["error_500_before", "error_500_after"])
def test_scenario_18_a_stumble_stripe_remembers_does_not_end_the_sale(till: Till, fault: str) -> None:
    """Stripe repeats a 5xx under its key for a day: the next try must not run into it again."""
    payment = till.sale()
    till.stripe.fault(fault, on=f"POST {CREATE}", times=1)
    if till.carry_on(payment) == PaymentState.DECLINED:
        assert till.payment(payment).reason == "stripe_api_error"
        intents.retry(till.shop, payment_id=payment, by="tablet")
        assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_no_line_at_all_keeps_the_sale_queued_and_cancels_without_stripe(till: Till) -> None:
    payment = till.sale()
    till.stripe.fault("rate_limit", on=f"POST {CREATE}", times=None)
    assert till.carry_on(payment) == PaymentState.QUEUED
    assert till.payment(payment).reason == "stripe_rate_limit"
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)


@pytest.mark.parametrize("fault", ["rate_limit", "lock_timeout"])
def test_scenario_18_a_burst_at_stripe_is_waited_out_with_the_same_try(till: Till, fault: str) -> None:
    payment = till.sale()
    till.fault(fault, times=3)
    assert till.carry_on(payment) == PaymentState.QUEUED
    while till.payment(payment).state == PaymentState.QUEUED:
        till.carry_on(payment)
    assert len(till.attempts(payment)) == 1
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_3_the_line_drops_after_the_reader_was_asked(till: Till) -> None:
    payment = till.sale()
    till.fault("socket_drop_after", times=None)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert len(till.attempts(payment)) == 1
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_3_unknown_is_shown_while_stripe_cannot_be_asked_and_resolved_when_it_can(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.stripe.fault("rate_limit", on="GET /v1/payment_intents/*", times=None)
    assert till.carry_on(payment) == PaymentState.DISPATCHED  # busy is not unknown
    till.stripe.clear_faults()
    till.stripe.fault("socket_drop_after", on="GET /v1/payment_intents/*", times=None)
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    assert till.payment(payment).reason == "no_answer"
    till.stripe.clear_faults()
    till.card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)


@pytest.mark.parametrize("fault", ["socket_drop_after", "error_500_after", "error_500_before"])
def test_scenario_14_the_answer_to_the_capture_is_lost(till: Till, fault: str) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    till.stripe.fault(fault, on=f"POST {CREATE}/*{CAPTURE}")
    for _ in range(3):
        till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_14_an_authorisation_that_expired_before_the_sale_gives_the_piece_back(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    assert intents.find_out(till.shop, payment_id=payment) == PaymentState.AUTHORISED
    assert till.payment(payment).capture_before is not None
    with till.stripe.world.lock:
        till.stripe.world.shelf.find("payment_intent", till.payment(payment).intent_id)["status"] = "canceled"
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)


def test_scenario_10_the_intent_has_another_amount_than_the_order(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    with till.stripe.world.lock:  # changed after it was sent to the reader
        till.stripe.world.shelf.find("payment_intent", till.payment(payment).intent_id)["amount"] += 100
    till.card()
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    assert till.payment(payment).reason == MISMATCH
    assert till.receipts(payment) == 0
    intents.ask_cancel(till.shop, payment_id=payment, by="staff")
    assert till.carry_on(payment) == PaymentState.CANCELLED  # the hold on the card is released
    till.assert_undone(payment)


def test_scenario_12_three_taps_and_two_processes_are_one_try(till: Till, settings) -> None:  # type: ignore[no-untyped-def]
    payment = till.sale()
    other = Shop(settings, clock=till.shop.clock)
    start = threading.Barrier(4)

    def tap(shop: Shop) -> None:
        start.wait()
        intents.dispatch(shop, payment_id=payment)

    taps = [threading.Thread(target=tap, args=(shop,)) for shop in (till.shop, till.shop, till.shop, other)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    other.close()
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert len(till.attempts(payment)) == 1
    assert till.sends() == 1
    assert len(till.intents(payment)) == 1


def test_scenario_12_a_try_is_begun_once_even_without_a_lease(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease saves work; the guard is in the statement that counts the tries."""
    payment = till.sale()
    monkeypatch.setattr(lease, "take", lambda *_, **__: True)
    start = threading.Barrier(3)

    def tap() -> None:
        start.wait()
        intents.dispatch(till.shop, payment_id=payment)

    taps = [threading.Thread(target=tap) for _ in range(3)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert len(till.attempts(payment)) == 1
    assert len({call.idempotency_key for call in till.calls(payment, "present")}) == 1


def test_scenario_3_a_shop_that_was_dark_for_two_days_makes_no_second_intent(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = till.sale()
    die(monkeypatch, "create_intent", when="unwritten")
    with pytest.raises(Killed):
        till.carry_on(payment)
    restart(till, monkeypatch)
    later(till.shop, hours=48)
    till.stripe.advance(seconds=48 * 3600)  # Stripe has forgotten the key: the same question would make another intent
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    assert till.payment(payment).state == PaymentState.CANCELLED
    assert till.payment(payment).reason == "timed_out"
    assert till.payment(payment).finished_at is not None
    assert len(till.intents(payment)) == 1
    assert till.sends() == 0


def test_a_command_is_in_the_journal_before_it_goes_out(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = till.sale()
    die(monkeypatch, "present", when="unwritten")
    with pytest.raises(Killed):
        till.carry_on(payment)
    (sent,) = till.calls(payment, "present")
    assert (sent.outcome, sent.answered_at) == (None, None)
    assert sent.idempotency_key == till.attempts(payment)[0].id
    (made,) = till.calls(payment, "create_intent")
    assert made.outcome == "ok"
    assert made.said["intent"] == till.intents(payment)[0]["id"]


def test_looking_again_and_again_writes_only_news(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    for _ in range(4):
        assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert len(till.calls(payment, "fetch_reader")) == 1
    assert len(till.calls(payment, "fetch_intent")) == 1


def test_a_wrong_key_is_said_without_the_key(till: Till, settings) -> None:  # type: ignore[no-untyped-def]
    payment = till.sale()
    stranger = Shop(settings.model_copy(update={"stripe_api_key": "sk_test_of_nobody_at_all"}), clock=till.shop.clock)
    assert intents.dispatch(stranger, payment_id=payment) == PaymentState.DECLINED
    stranger.close()
    (made,) = till.calls(payment, "create_intent")
    assert made.status == 401
    assert "nobody" not in str(made.model_dump())


def test_a_lease_ends_by_the_clock(till: Till) -> None:
    payment = till.sale()
    taken: list[bool] = []
    elsewhere = threading.Thread(target=lambda: taken.append(lease.take(till.shop, payment_id=payment)))
    elsewhere.start()
    elsewhere.join()
    assert taken == [True]
    assert not lease.take(till.shop, payment_id=payment)
    assert intents.open_payments(till.shop, unattended=True) == []
    till.shop.clock.move(lease.LEASE + timedelta(seconds=1))  # type: ignore[attr-defined]
    assert lease.take(till.shop, payment_id=payment)


def test_the_same_refusal_twice_is_not_a_new_refusal(till: Till) -> None:
    """After a timeout the reader may still show the try before: its old refusal must not be read as the new one's."""
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    till.carry_on(payment)
    intents.retry(till.shop, payment_id=payment, by="tablet")
    till.fault("reader_timeout_not_delivered")
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert [each.state for each in till.attempts(payment)] == [
        AttemptState.DECLINED,
        AttemptState.FAILED,
        AttemptState.DISPATCHED,
    ]


def test_refusals_of_a_capture_get_a_new_key_and_lost_answers_do_not(till: Till) -> None:
    payment = till.sale()
    journal = Journal(till.shop, payment_id=payment)
    journal.asked("capture_intent", "first")
    assert journal.refusals("capture_intent") == 0
    journal.answered(journal.asked("capture_intent", "first"), Refusal(presentation.Kind.NO_ANSWER, "no_answer"))
    assert journal.refusals("capture_intent") == 0
    journal.answered(journal.asked("capture_intent", "first"), Refusal(presentation.Kind.FAULT, "api_error", 500))
    assert journal.refusals("capture_intent") == 1


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"takes": ("card",)}, "stripe_no_card_present"),  # Stripe leaves out payment types without a word
        ({"capture_method": "automatic"}, "stripe_capture_method"),
        ({"amount": 1}, "stripe_amount"),
        ({"currency": "eur"}, "stripe_amount"),
    ],
)
def test_an_intent_that_is_not_what_was_asked_for_is_closed_and_never_shown(
    till: Till, monkeypatch: pytest.MonkeyPatch, spoilt: dict[str, Any], why: str
) -> None:
    made = till.shop.terminal.create_intent

    def otherwise(*of: Any, **asked: Any) -> Any:
        return replace(made(*of, **asked), **spoilt)

    monkeypatch.setattr(till.shop.terminal, "create_intent", otherwise)
    payment = till.sale(number=12)
    till.carry_on(payment)
    till.carry_on(payment)
    assert till.payment(payment).cancel_why == why
    assert till.sends() == 0
    till.assert_undone(payment)
