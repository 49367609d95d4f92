"""Another system shares the reader: its payment is waited for, and taken off only by somebody who may."""

import pytest
from sqlmodel import col, select

from pos.errors import NotAllowed, ReaderTrouble, Unknown, WrongState
from pos.models import AuditEntry, Boutique, PaymentState, Reader, Role, Staff
from pos.payments import clearing, intents, readers, record
from tests.payments.conftest import Till
from tests.selling.shelf import Tablet, later


@pytest.fixture
def manager(till: Till) -> Tablet:
    """A manager at the counter beside the reader."""
    with till.shop.jot() as tx:
        tx.add(Staff(id="mia", boutique_id="demo", name="Mia", role=Role.MANAGER, pin_hash="-"))
    return till.neighbour().tablet.unlock("mia")


def clear(till: Till, who: Tablet, **more: str) -> clearing.OnReader:
    staff_id = who.staff_id or ""
    return intents.force_clear(till.shop, reader_id=till.reader_id, staff_id=staff_id, device_id=who.device_id, **more)


def written(till: Till) -> list[tuple[str, str, dict[str, object]]]:
    """What the audit chain says of the reader."""
    with till.shop.read() as look:
        said = select(AuditEntry).where(AuditEntry.subject == till.reader_id, col(AuditEntry.act).contains("clear"))
        return [(entry.act, entry.by, entry.facts) for entry in look.exec(said.order_by(col(AuditEntry.seq)))]


def showing(till: Till) -> str | None:
    return readers.status(till.shop, reader_id=till.reader_id).showing


def test_scenario_9_a_reader_that_shows_another_systems_payment_is_waited_for(till: Till) -> None:
    till.take_over_the_reader()
    theirs = showing(till)
    payment = till.sale()
    assert till.carry_on(payment) == PaymentState.QUEUED
    assert till.payment(payment).reason == "reader_taken"
    assert (till.sends(), showing(till)) == (1, theirs)  # sending ours would have pushed theirs off, without a word
    till.card()  # their shopper pays
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_9_another_try_waits_for_another_system_too(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.take_over_the_reader()
    assert till.carry_on(payment) == PaymentState.DECLINED
    intents.retry(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.QUEUED
    assert till.payment(payment).reason == "reader_taken"


def test_scenario_9_a_shopper_who_waits_too_long_for_another_system_keeps_nothing_waiting(till: Till) -> None:
    till.take_over_the_reader()
    payment = till.sale()
    till.carry_on(payment)
    later(till.shop, minutes=till.shop.settings.payment_minutes + 1)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)
    assert till.calls(payment, "cancel_action") == []


def test_a_cart_on_the_display_keeps_nobody_waiting(till: Till) -> None:
    cart = {"currency": "gbp", "total": 500, "line_items": [{"amount": 500, "description": "Tag", "quantity": 1}]}
    till.stranger.v1.terminal.readers.set_reader_display(till.reader_id, {"type": "cart", "cart": cart})
    assert till.carry_on(till.sale()) == PaymentState.DISPATCHED


def test_what_an_earlier_payment_of_ours_left_there_keeps_nobody_waiting(till: Till) -> None:
    first = till.sale()
    till.carry_on(first)
    till.fault("reader_offline", on="cancel_action")  # it cannot be cleared; the closed intent refuses a late card
    intents.ask_cancel(till.shop, payment_id=first, by="tablet")
    assert till.carry_on(first) == PaymentState.CANCELLED
    assert showing(till) is not None
    assert till.carry_on(till.neighbour().sale()) == PaymentState.DISPATCHED


def test_a_reader_nobody_can_see_is_not_sent_to(till: Till) -> None:
    payment = till.sale()
    till.stripe.fault("rate_limit", on=f"GET /v1/terminal/readers/{till.reader_id}", times=None)
    assert till.carry_on(payment) == PaymentState.QUEUED
    assert (till.payment(payment).reason, till.sends()) == ("stripe_rate_limit", 0)
    till.stripe.clear_faults()
    assert till.carry_on(payment) == PaymentState.DISPATCHED


def test_scenario_9_a_manager_clears_another_systems_payment_and_says_what_it_was(till: Till, manager: Tablet) -> None:
    till.take_over_the_reader()
    theirs = showing(till)
    payment = till.sale()
    till.carry_on(payment)
    bell = till.shop.bell.count(record.topic(till.reader_id))
    seen = clear(till, manager, expected=theirs or "")
    assert (seen.intent_id, seen.amount_minor, seen.currency, seen.order_code) == (theirs, 500, "gbp", None)
    assert showing(till) is None
    assert till.shop.bell.count(record.topic(till.reader_id)) > bell  # whoever waits for it may have it
    facts = {"showed": "process_payment_intent", "intent": theirs, "amount": 500, "order": ""}
    assert written(till) == [("reader clear asked", "mia", facts), ("reader cleared", "mia", facts)]
    assert till.carry_on(payment) == PaymentState.DISPATCHED


def test_scenario_9_clearing_is_for_a_manager_who_is_here(till: Till, manager: Tablet) -> None:
    till.take_over_the_reader()
    with pytest.raises(NotAllowed):
        clear(till, till.neighbour().tablet.unlock("ada"))
    later(till.shop, minutes=till.shop.settings.staff_lock_minutes + 1)
    with pytest.raises(NotAllowed):
        clear(till, manager)
    assert showing(till) is not None
    assert written(till) == []


def test_a_reader_of_another_boutique_is_not_cleared(till: Till, manager: Tablet) -> None:
    till.take_over_the_reader()
    with till.shop.jot() as tx:
        tx.add(Boutique(id="bath", name="Bath", address=[], vat_number="", hours={}))
        tx.flush()
        tx.get_one(Reader, till.reader_id).boutique_id = "bath"
    with pytest.raises(Unknown):
        clear(till, manager)
    assert showing(till) is not None


def test_scenario_9_what_was_replaced_since_the_manager_looked_is_not_cleared(till: Till, manager: Tablet) -> None:
    till.take_over_the_reader()
    looked_at = showing(till)
    till.take_over_the_reader()
    with pytest.raises(WrongState):
        clear(till, manager, expected=looked_at or "")
    assert showing(till) not in (None, looked_at)
    assert written(till) == []


def test_a_card_in_the_middle_is_not_cleared(till: Till, manager: Tablet) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.begin_card()
    with pytest.raises(ReaderTrouble) as busy:
        clear(till, manager)
    assert busy.value.code == "terminal_reader_busy"
    assert [act for act, _, _ in written(till)] == ["reader clear asked"]
    till.end_card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_a_payment_of_ours_that_was_cleared_may_be_tried_again(till: Till, manager: Tablet) -> None:
    payment = till.sale()
    till.carry_on(payment)
    assert clear(till, manager).order_code == till.order(payment).code
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert till.payment(payment).reason == "reader_let_go"
    intents.retry(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_scenario_6_a_dead_reader_is_reset_and_what_its_card_paid_is_kept(till: Till, manager: Tablet) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.stripe.fault("stuck_in_progress", on=till.reader_id, settings={"authorised": True})
    till.card()
    clear(till, manager)
    assert showing(till) is None
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_an_idle_reader_has_nothing_to_clear(till: Till, manager: Tablet) -> None:
    assert clear(till, manager).kind is None
    assert clearing.clear_by_operator(till.shop, reader_id=till.reader_id).kind is None
    assert written(till) == []


@pytest.mark.parametrize("fault", ["nothing_to_cancel", "reader_offline"])
def test_the_operator_clears_it_without_a_pin(till: Till, fault: str) -> None:
    till.take_over_the_reader()
    till.fault(fault, on="cancel_action")
    if fault == "reader_offline":
        with pytest.raises(ReaderTrouble):
            clearing.clear_by_operator(till.shop, reader_id=till.reader_id)
    assert clearing.clear_by_operator(till.shop, reader_id=till.reader_id).amount_minor == 500
    assert written(till)[-1][:2] == ("reader cleared", "operator")


def test_a_reader_stripe_does_not_know_is_said_so(till: Till) -> None:
    with pytest.raises(ReaderTrouble):
        clearing.on_reader(till.shop, reader_id="tmr_gone")
