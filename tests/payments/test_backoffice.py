"""The loops beside the screens: they pay by polling alone, do not wait for each other, and rest."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from pos.backoffice import SLOWEST, BackOffice, Loop, Press, _Pace
from pos.models import JobState, PaymentState, Printer
from pos.paper import spool
from pos.paper.pulse import DRAWER
from pos.payments import intents
from pos.selling import finish
from pos.shop import Shop
from tests.payments.conftest import DECLINED, Till, till_at
from tests.selling.shelf import stand_up

PATIENCE = 15  # seconds; a busy machine is no failure


@pytest.fixture
def office(till: Till) -> Iterator[BackOffice]:
    office = BackOffice(till.shop)
    office.start()
    yield office
    office.stop(seconds=PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    """Wait for the back office; there is no event to wait on for what only the records show."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("it did not come to that")


def test_scenario_8_a_sale_by_polling_alone(till: Till, office: BackOffice) -> None:
    payment = till.sale()
    until(lambda: till.payment(payment).state == PaymentState.DISPATCHED)
    till.card()
    until(lambda: till.payment(payment).finished_at is not None)
    till.assert_sold_once(payment)


def test_a_refused_card_a_retry_and_a_cancel_by_the_screen(till: Till, office: BackOffice) -> None:
    payment = till.sale()
    until(lambda: till.payment(payment).state == PaymentState.DISPATCHED)
    till.card(DECLINED)
    until(lambda: till.payment(payment).state == PaymentState.DECLINED)
    intents.retry(till.shop, payment_id=payment, by="tablet")
    until(lambda: till.payment(payment).state == PaymentState.DISPATCHED)
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    until(lambda: till.payment(payment).finished_at is not None)
    till.assert_undone(payment)


def test_what_a_crash_left_is_carried_on_at_the_start(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    office = BackOffice(till.shop)
    office.start()
    until(lambda: till.payment(payment).finished_at is not None)
    office.stop(seconds=PATIENCE)
    till.assert_sold_once(payment)


def test_scenario_18_a_reader_that_hangs_keeps_no_other_till_waiting(till: Till, office: BackOffice) -> None:
    other = till_at(till.shop, till.stripe)
    till.fault("slow_before", settings={"seconds": 3.0})
    stuck, free = till.sale(), other.sale()
    until(lambda: other.payment(free).state == PaymentState.DISPATCHED)
    assert till.payment(stuck).state == PaymentState.QUEUED
    other.card()
    until(lambda: other.payment(free).finished_at is not None)
    assert till.payment(stuck).state == PaymentState.QUEUED
    until(lambda: till.payment(stuck).state == PaymentState.DISPATCHED)


def test_scenario_18_tills_that_met_one_burst_do_not_come_back_in_step() -> None:
    waits: set[float] = set()
    for _ in range(20):  # tills whose payment is refused by a burst, again and again, at the same moments
        pace = _Pace(state=PaymentState.QUEUED, since=0.0)
        for _ in range(8):
            pace.next(PaymentState.QUEUED, at=1.0)
        assert 0.75 * SLOWEST <= pace.due - 1.0 <= SLOWEST
        waits.add(pace.due)
    assert len(waits) > 10


def test_two_processes_look_after_one_payment_together(till: Till, settings, office: BackOffice) -> None:  # type: ignore[no-untyped-def]
    elsewhere = Shop(settings, clock=till.shop.clock)
    second = BackOffice(elsewhere)
    second.start()
    payment = till.sale()
    until(lambda: till.payment(payment).state == PaymentState.DISPATCHED)
    till.card()
    until(lambda: till.payment(payment).finished_at is not None)
    second.stop(seconds=PATIENCE)
    elsewhere.close()
    till.assert_sold_once(payment)
    assert till.sends() == 1


def test_a_sale_written_down_by_another_process_is_found_without_its_bell(till: Till, settings, office) -> None:  # type: ignore[no-untyped-def]
    elsewhere = Till(Shop(settings, clock=till.shop.clock), till.stripe, till.reader_id, till.tablet)
    elsewhere.tablet.shop = elsewhere.shop
    first = till.sale()
    until(lambda: till.payment(first).state == PaymentState.DISPATCHED)
    till.card()
    until(lambda: till.payment(first).finished_at is not None)
    payment = elsewhere.sale()
    until(lambda: till.payment(payment).state == PaymentState.DISPATCHED)
    elsewhere.shop.close()


def test_one_payment_in_trouble_keeps_no_other_waiting(
    till: Till, monkeypatch: pytest.MonkeyPatch, office: BackOffice
) -> None:
    office.stop(seconds=PATIENCE)
    bad, good = till.sale(), till.neighbour().sale()
    carry_on = finish.carry_on

    def failing(shop: Shop, *, payment_id: str, glance: bool = False) -> PaymentState:
        if payment_id == bad:
            raise OSError("disk full")
        return carry_on(shop, payment_id=payment_id, glance=glance)

    monkeypatch.setattr(finish, "carry_on", failing)
    again = BackOffice(till.shop)
    again.start()
    until(lambda: till.payment(good).state == PaymentState.DISPATCHED)
    again.stop(seconds=PATIENCE)


def test_an_idle_loop_rests_until_its_bell(shop: Shop) -> None:
    turns: list[bool] = []
    turned = threading.Semaphore(0)

    def turn(rung: bool) -> float:
        turns.append(rung)
        turned.release()
        return 3600

    loop = Loop(shop, name="idle", topic="slips", turn=turn)
    loop.start()
    assert turned.acquire(timeout=PATIENCE)
    shop.bell.ring("slips")
    assert turned.acquire(timeout=PATIENCE)
    loop.stop()
    loop.join(PATIENCE)
    assert turns == [True, True]


def test_a_loop_added_later_runs_and_stops_with_the_others(shop: Shop) -> None:
    done, ended = threading.Event(), threading.Event()
    office = BackOffice(shop)
    office.start()
    office.every(3600, name="count", do=done.set)
    assert done.wait(PATIENCE)
    office.add(Loop(shop, name="more", topic="slips", turn=lambda rung: 3600, end=ended.set))
    office.stop(seconds=PATIENCE)
    assert ended.wait(PATIENCE)


def test_the_sweep_alone_ends_what_nobody_looks_after(till: Till) -> None:
    """A sale whose desk never opened: the process that should have done it is gone."""
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    office = BackOffice(till.shop)
    office.loops = [loop for loop in office.loops if loop.name == "sweep"]
    office.start()
    try:
        until(lambda: till.payment(payment).finished_at is not None)
    finally:
        office.stop()
    till.assert_sold_once(payment)


def test_a_press_rests_while_another_process_has_its_printer_and_a_slip_is_due(shop: Shop) -> None:
    now = shop.clock.now()
    with shop.jot() as tx:
        stand_up(tx)
        tx.flush()
        printer = Printer(id="p", boutique_id="demo", label="Counter", host="192.0.2.1", port=9100, model="generic-80")
        printer.worker, printer.worker_until = "another process", now + timedelta(minutes=1)
        tx.add(printer)
        tx.flush()
        slip = spool.job(kind=DRAWER, facts={}, printer_id="p", language="en", order_id=None, at=now)
        spool.enqueue(tx, [{**slip, "state": JobState.BLOCKED, "not_before": now - timedelta(seconds=1)}])
    assert Press(shop, printer_id="p").turn(False) > 0
