"""Money back to the card, through the real library: once, never too much, and never lost when Stripe stumbles."""

import json
from datetime import timedelta

import pytest
import stripe

from pos import doctor
from pos.backoffice import BackOffice
from pos.errors import CannotGiveBack, ManagerNeeded, RefundTooMuch
from pos.models import Fate, OrderState, PaymentState, PieceState, RefundState, Road
from pos.payments import intents, overview, owed, refund_parts, refunds
from pos.payments.journal import Journal
from pos.payments.recover import recover
from pos.selling import finish
from tests.payments.conftest import CREATE, Till
from tests.payments.refunding import REFUNDS, Counter, counter_beside, held, taken
from tests.payments.test_backoffice import until
from tests.payments.test_webhook import knock
from tests.selling.shelf import later

FAILS_LATER = "4000000000005126"
POST_REFUND = f"POST {REFUNDS}"


def asked(till: Till) -> list[str]:
    """The key of each request for a refund that Stripe got."""
    return [
        exchange.idempotency_key or ""
        for exchange in till.stripe.transcript.exchanges(REFUNDS)
        if exchange.verb == "POST"
    ]


def lose_the_answer(till: Till) -> None:
    """The refund is made and its answer is cut off; the library's own next try meets a busy Stripe."""
    till.stripe.fault("socket_drop_after", on=POST_REFUND)
    till.stripe.fault("rate_limit", on=POST_REFUND, skip=1)


def set_status(counter: Counter, status: str) -> None:
    """The bank takes its time, or has decided."""
    (refund,) = counter.at_stripe()
    with counter.till.stripe.world.acting() as world:
        world.shelf.get("refund", refund["id"], param="id")["status"] = status


def test_a_whole_order_goes_back_to_its_card(till: Till) -> None:
    counter = taken(till)
    counter.give_back()
    assert (counter.part().road, counter.part().state) == (Road.CARD, RefundState.QUEUED)
    assert counter.carry_on() == RefundState.REFUNDED
    (refund,) = counter.at_stripe()
    assert (refund["amount"], refund["reason"]) == (14000, "requested_by_customer")
    assert refund["metadata"]["refund_part_id"] == counter.part().id
    seen = counter.view()
    assert (seen.state, seen.refunded_minor, seen.refusal) == (OrderState.REFUNDED, 14000, "refunded")
    assert till.piece(12).state == PieceState.FREE
    assert (till.piece(12).order_id, till.piece(12).sold_at) == (None, None)
    assert owed.waiting(till.shop) == ()


def test_scenario_15_more_than_is_left_is_refused_before_stripe_is_asked(till: Till) -> None:
    counter = taken(till)
    counter.give_some(10000, key="one")
    with pytest.raises(RefundTooMuch) as refused:
        counter.give_some(4001, key="two")
    assert refused.value.left == 4000
    counter.give_some(4000, key="three", fate=Fate.STOCK)
    refunds.recover(till.shop)
    assert sorted(refund["amount"] for refund in counter.at_stripe()) == [4000, 10000]
    assert len(asked(till)) == 2


def test_scenario_15_the_same_tap_twice_is_one_refund(till: Till) -> None:
    counter = taken(till)
    lines = counter.everything()
    assert counter.give_back(lines) == counter.give_back(lines)
    counter.carry_on()
    counter.carry_on()
    assert len(counter.at_stripe()) == 1
    with pytest.raises(CannotGiveBack):
        counter.give_back(lines, key="another tap")


def test_scenario_15_the_answer_is_lost_and_the_money_goes_back_once(till: Till) -> None:
    counter = taken(till)
    counter.give_back()
    lose_the_answer(till)
    counter.carry_on()
    assert len(owed.waiting(till.shop)) == len(counter.at_stripe()) == 1
    assert counter.carry_on() == RefundState.REFUNDED
    assert len(counter.at_stripe()) == 1
    assert len(counter.calls("create_refund")) == 1, "it was found, not asked for again"


@pytest.mark.parametrize("fault", ["socket_drop_before", "rate_limit", "key_in_use"])
def test_scenario_15_what_was_not_done_is_asked_again_with_the_same_key(till: Till, fault: str) -> None:
    counter = taken(till)
    counter.give_back()
    till.stripe.fault(fault, on=POST_REFUND, times=None)
    counter.carry_on()
    assert counter.part().state in refund_parts.OPEN
    till.stripe.clear_faults()
    assert counter.carry_on() == RefundState.REFUNDED
    assert len({call.idempotency_key for call in counter.calls("create_refund")}) == 1
    assert len(counter.at_stripe()) == 1


@pytest.mark.parametrize(("fault", "keys"), [("error_500_before", 2), ("error_500_after", 1)])
def test_scenario_15_after_a_stumble_it_is_looked_up_and_then_asked_with_a_new_key(
    till: Till, fault: str, keys: int
) -> None:
    counter = taken(till)
    counter.give_back()
    till.stripe.fault(fault, on=POST_REFUND)
    assert counter.carry_on() == RefundState.UNKNOWN
    assert counter.carry_on() == RefundState.REFUNDED
    assert len({call.idempotency_key for call in counter.calls("create_refund")}) == keys
    assert len(counter.at_stripe()) == 1


def test_without_a_look_at_the_list_a_stumble_would_pay_twice(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a shop that asks again without looking. Shows that the look is needed."""
    counter = taken(till)
    counter.give_some(5000)
    monkeypatch.setattr(refunds, "_ours", lambda *_: None)
    till.stripe.fault("error_500_after", on=POST_REFUND)
    counter.carry_on()
    counter.carry_on()
    assert [refund["amount"] for refund in counter.at_stripe()] == [5000, 5000]


def test_scenario_15_a_refund_that_fails_later_is_owed_still_and_goes_another_road(till: Till) -> None:
    counter = taken(till, card=FAILS_LATER)
    counter.give_back()
    assert counter.carry_on() == RefundState.REFUNDED
    till.stripe.advance(seconds=5)
    failed = [event for event in till.stripe.transcript.events() if event["type"] == "refund.failed"]
    assert counter.part().id in json.dumps(failed[-1])
    knock(till.shop, failed[-1])
    assert refunds.recover(till.shop) == ()
    assert (counter.part().state, counter.part().reason) == (RefundState.FAILED, "expired_or_canceled_card")
    (debt,) = owed.waiting(till.shop, boutique_id="demo")
    assert (debt.needs_a_person, debt.amount_minor) == (True, 14000)
    assert counter.view().owed_minor == 14000
    assert "failed (expired_or_canceled_card)" in doctor._refunds(till.shop).said
    assert till.payment(counter.payment_id).refunded_minor == 14000, "it counts as given back: it is owed"
    with pytest.raises(CannotGiveBack):
        counter.give_some(100, key="another")
    by_cash(counter)
    assert owed.waiting(till.shop) == ()
    assert counter.view().owed_minor == 0


def by_cash(counter: Counter) -> None:
    """What failed is given in cash, once, by somebody who may."""
    failed = counter.part().id
    words = {"part_id": failed, "road": Road.CASH}
    with pytest.raises(ManagerNeeded):
        refunds.replace_failed(counter.till.shop, **words, staff_id="ada", device_id=counter.tablet.device_id)
    manager = counter_beside(counter.till, counter.payment_id, manager=True).tablet
    who = {"staff_id": "mia", "device_id": manager.device_id}
    new = refunds.replace_failed(counter.till.shop, **words, **who)
    assert refunds.replace_failed(counter.till.shop, **words, **who) == new
    with pytest.raises(CannotGiveBack):
        refunds.replace_failed(counter.till.shop, part_id=failed, road=Road.CARD, **who)
    made = counter.parts()[-1]
    assert (made.road, made.state, made.amount_minor, made.replaces) == (Road.CASH, RefundState.REFUNDED, 14000, failed)


def test_scenario_15_a_failure_whose_event_is_lost_is_seen_by_looking(till: Till) -> None:
    counter = taken(till, card=FAILS_LATER)
    counter.give_back()
    counter.carry_on()
    till.stripe.advance(seconds=5)
    assert refund_parts.open_parts(till.shop, due=True) == []
    later(till.shop, hours=25)
    assert refunds.recover(till.shop) == ()
    assert counter.part().state == RefundState.FAILED


def test_scenario_15_what_failed_may_go_to_the_same_card_once_more(till: Till) -> None:
    counter = taken(till, card=FAILS_LATER)
    counter.give_back()
    counter.carry_on()
    till.stripe.advance(seconds=5)
    refunds.carry_on(till.shop, part_id=counter.part().id)
    words = {"part_id": counter.part().id, "staff_id": "ada", "device_id": counter.tablet.device_id}
    later(till.shop, seconds=1)
    refunds.replace_failed(till.shop, **words, road=Road.CARD)
    assert counter.carry_on() == RefundState.REFUNDED
    assert [refund["status"] for refund in counter.at_stripe()] == ["failed", "succeeded"]


def test_scenario_15_what_was_given_back_in_the_dashboard_is_a_clear_no_that_a_person_reads(till: Till) -> None:
    counter = taken(till)
    till.stranger.v1.refunds.create({"payment_intent": till.payment(counter.payment_id).intent_id or ""})
    counter.give_back()
    assert counter.carry_on() == RefundState.FAILED
    assert counter.part().reason == "charge_already_refunded"
    assert counter.calls("list_refunds"), "a no is believed only after the list"
    assert len(counter.at_stripe()) == 1


def test_scenario_15_a_bank_that_takes_its_time_is_waited_for(till: Till) -> None:
    counter = taken(till)
    counter.give_back()
    lose_the_answer(till)
    counter.carry_on()
    set_status(counter, "pending")
    assert counter.carry_on() == RefundState.PENDING
    assert refund_parts.open_parts(till.shop) == [counter.part().id]
    assert refund_parts.open_parts(till.shop, due=True) == []
    later(till.shop, minutes=2)
    set_status(counter, "succeeded")
    assert refunds.recover(till.shop) == ()
    assert counter.part().state == RefundState.REFUNDED
    set_status(counter, "pending")  # an old word
    assert counter.carry_on() == RefundState.REFUNDED


def test_scenario_15_no_interac_card_can_pay_here_so_none_is_to_be_refunded_at_the_reader(till: Till) -> None:
    counter = taken(till)
    (intent,) = till.intents(counter.payment_id)
    assert intent["payment_method_types"] == ["card_present"]


def test_scenario_5_what_a_late_cancel_paid_for_is_given_back_from_the_counter(till: Till) -> None:
    payment = till.sale(number=12)
    till.carry_on(payment)
    till.begin_card()
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    till.end_card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)
    counter = counter_beside(till, payment)
    assert counter.view().refusal is None
    counter.give_back()
    assert counter.carry_on() == RefundState.REFUNDED
    assert counter.view().state == OrderState.REFUNDED
    assert till.piece(12).state == PieceState.FREE


def test_what_is_only_held_is_released_and_is_no_fault(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    counter = held(till)
    assert counter.view().payments[0].is_taken is False
    counter.give_back()
    assert till.carry_on(counter.payment_id) == PaymentState.AUTHORISED, "it is not taken first"
    assert counter.carry_on() == RefundState.REFUNDED
    assert counter.part().road == Road.RELEASE
    assert till.carry_on(counter.payment_id) == PaymentState.CANCELLED
    assert till.payment(counter.payment_id).finished_at is not None
    assert "was cancelled before capture" not in caplog.text
    (intent,) = till.intents(counter.payment_id)
    assert (intent["status"], intent["amount_received"]) == ("canceled", 0)
    assert counter.at_stripe() == []
    assert overview.unfinished(till.shop, boutique_id="demo") == ()
    assert doctor._payments(till.shop).well
    assert doctor._refunds(till.shop).well
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()


def test_what_was_taken_at_the_same_moment_is_refunded_instead(till: Till) -> None:
    counter = held(till)
    counter.give_back()
    till.stranger.v1.payment_intents.capture(till.payment(counter.payment_id).intent_id or "")
    assert counter.carry_on() == RefundState.REFUNDED
    assert counter.part().road == Road.CARD
    assert [refund["amount"] for refund in counter.at_stripe()] == [14000]
    till.carry_on(counter.payment_id)
    assert till.payment(counter.payment_id).state == PaymentState.CAPTURED


def test_a_part_of_what_is_held_waits_until_the_whole_is_taken(till: Till) -> None:
    counter = held(till)
    counter.give_some(4000)
    assert counter.carry_on() == RefundState.QUEUED
    assert counter.part().reason == refunds.NOT_TAKEN_YET
    assert till.carry_on(counter.payment_id) == PaymentState.CAPTURED
    assert counter.carry_on() == RefundState.REFUNDED
    assert [refund["amount"] for refund in counter.at_stripe()] == [4000]


def test_a_hold_that_ended_by_itself_gave_everything_back(till: Till) -> None:
    counter = held(till)
    counter.give_back()
    till.stranger.v1.payment_intents.cancel(till.payment(counter.payment_id).intent_id or "")
    till.carry_on(counter.payment_id)
    assert counter.carry_on() == RefundState.REFUNDED
    assert counter.part().road == Road.RELEASE


def test_while_stripe_cannot_be_asked_nothing_is_said_to_be_given_back(till: Till) -> None:
    counter = held(till)
    counter.give_back()
    till.stripe.fault("error_500_before", on=f"* {CREATE}/*", times=None)
    assert counter.carry_on() == RefundState.QUEUED
    till.stripe.clear_faults()
    assert counter.carry_on() == RefundState.REFUNDED


def test_the_back_office_gives_back_by_itself(till: Till) -> None:
    counter = taken(till)
    office = BackOffice(till.shop)
    office.start()
    counter.give_back()
    until(lambda: counter.part().state == RefundState.REFUNDED)
    office.stop(seconds=15)
    assert len(counter.at_stripe()) == 1


def test_whoever_died_in_the_middle_is_followed_by_somebody_else(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the answer and its record: the lease ends, and the refund is found."""
    counter = taken(till)
    counter.give_back()

    def dies(*_: object, **__: object) -> RefundState:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(refunds, "_take_in", dies)
        dying.setattr(Journal, "answered", dies)
        with pytest.raises(KeyboardInterrupt):
            counter.carry_on()
    later(till.shop, seconds=7)
    assert refunds.recover(till.shop) == ()
    assert counter.part().state == RefundState.REFUNDED
    assert len(counter.at_stripe()) == 1


def test_the_journal_keeps_a_refund_apart_from_its_payment(till: Till) -> None:
    counter = taken(till)
    counter.give_back()
    counter.carry_on()
    (call,) = counter.calls("create_refund")
    assert (call.refund_part_id, call.outcome) == (counter.part().id, "ok")
    assert call.said["status"] == "succeeded"
    assert "create_refund" in [one.verb for one in overview.journal(till.shop, payment_id=counter.payment_id)]


def test_a_refund_that_arrived_is_left_alone_after_a_month(till: Till) -> None:
    counter = taken(till)
    counter.give_back()
    counter.carry_on()
    for _ in range(32):
        later(till.shop, days=1, minutes=1)
        refunds.recover(till.shop)
    assert counter.part().look_at is None
    assert refund_parts.next_look(till.shop) is None
    assert counter.part().finished_at is not None
    assert counter.part().finished_at < till.shop.clock.now() - timedelta(days=30)


def test_stripe_is_not_asked_for_a_refund_of_a_strangers(till: Till) -> None:
    """An event of a refund that was made elsewhere moves nothing."""
    counter = taken(till)
    refund = till.stranger.v1.refunds.create({"payment_intent": till.payment(counter.payment_id).intent_id or ""})
    assert isinstance(refund, stripe.Refund)
    for event in till.stripe.transcript.events():
        if event["type"].startswith("refund."):
            knock(till.shop, event)
    assert counter.parts() == []
