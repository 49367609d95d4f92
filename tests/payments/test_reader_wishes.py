"""The counter wants to know what a reader shows, and a manager wants it taken off: no screen waits for Stripe."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from pos.backoffice import BackOffice
from pos.errors import NotAllowed, Unknown, WrongPin
from pos.models import AuditEntry, Boutique, PaymentState, Reader, Role, Staff
from pos.payments import reader_wishes, readers
from pos.payments.reader_wishes import CHANGED, CLEARED, GONE, ReaderView
from pos.people import pins
from tests.payments.conftest import Till, till_at
from tests.payments.test_backoffice import PATIENCE, until
from tests.selling.shelf import Tablet, later


@pytest.fixture
def counter(till: Till) -> Tablet:
    """Somebody of the counter beside the reader, and a manager who is in the house."""
    with till.shop.jot() as tx:
        tx.add(Staff(id="mia", boutique_id="demo", name="Mia", role=Role.MANAGER, pin_hash="-"))
    return till.neighbour().tablet.unlock("ada")


def only(till: Till) -> ReaderView:
    found = reader_wishes.of_boutique(till.shop, boutique_id="demo")
    return next(one for one in found if one.reader_id == till.reader_id)


def look(till: Till, counter: Tablet) -> ReaderView:
    """Ask, and let the back office look."""
    who = {"staff_id": "ada", "device_id": counter.device_id}
    reader_wishes.ask_look(till.shop, reader_id=till.reader_id, **who)
    assert only(till).waiting
    assert reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    return only(till)


def clear(till: Till, counter: Tablet, expected: str | None, *, who: str = "mia", pin: str | None = None) -> None:
    pin = pin or pins.new_pin(till.shop, staff_id=who)
    told = {"pin": pin, "device_id": counter.device_id, "expected": expected or ""}
    reader_wishes.ask_clear(till.shop, reader_id=till.reader_id, manager_id=who, **told)


def showing(till: Till) -> str | None:
    return readers.status(till.shop, reader_id=till.reader_id).showing


def test_what_a_reader_shows_is_written_down_for_the_screen(till: Till, counter: Tablet) -> None:
    assert (only(till).shown, only(till).waiting) == (None, False)
    seen = look(till, counter)
    assert (seen.mark, seen.shown and seen.shown.kind, seen.shown_at) == (None, None, till.shop.clock.now())
    till.take_over_the_reader()
    seen = look(till, counter)
    assert seen.shown is not None
    assert (seen.shown.amount_minor, seen.shown.order_code, seen.mark) == (500, None, showing(till))
    till.end_card()
    assert not seen.waiting


def test_a_payment_of_ours_is_named_by_its_order(till: Till, counter: Tablet) -> None:
    payment = till.sale()
    till.carry_on(payment)
    seen = look(till, counter)
    assert seen.shown is not None
    assert (seen.shown.order_code, seen.shown.amount_minor) == (till.order(payment).code, 14000)


def test_a_manager_s_pin_takes_it_off_and_the_chain_says_who(till: Till, counter: Tablet) -> None:
    till.take_over_the_reader()
    clear(till, counter, look(till, counter).mark)
    assert showing(till) is not None  # the screen has asked for nothing yet
    assert reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    assert (showing(till), only(till).result, only(till).mark) == (None, CLEARED, None)
    assert not reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    with till.shop.read() as entries:
        said = select(AuditEntry).where(AuditEntry.subject == till.reader_id, col(AuditEntry.act).contains("clear"))
        acts = [(one.act, one.by) for one in entries.exec(said.order_by(col(AuditEntry.seq)))]
    assert acts == [("reader clear wanted", "mia"), ("reader clear asked", "mia"), ("reader cleared", "mia")]


def test_what_was_replaced_since_the_manager_looked_stays(till: Till, counter: Tablet) -> None:
    till.take_over_the_reader()
    seen = look(till, counter).mark
    till.take_over_the_reader()
    clear(till, counter, seen)
    reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    assert only(till).result == CHANGED
    assert showing(till) == only(till).mark != seen


def test_what_is_gone_by_then_needs_no_clearing(till: Till, counter: Tablet) -> None:
    till.take_over_the_reader()
    seen = look(till, counter).mark
    till.card()
    clear(till, counter, seen)
    reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    assert only(till).result == GONE


def test_a_card_in_the_middle_is_left_alone(till: Till, counter: Tablet) -> None:
    payment = till.sale()
    till.carry_on(payment)
    seen = look(till, counter).mark
    till.begin_card()
    clear(till, counter, seen)
    reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    assert only(till).result == "terminal_reader_busy"
    till.end_card()
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_only_a_manager_of_this_boutique_with_the_right_pin(till: Till, counter: Tablet) -> None:
    till.take_over_the_reader()
    seen = look(till, counter).mark
    with pytest.raises(WrongPin):
        clear(till, counter, seen, pin="000000")
    later(till.shop, minutes=10)
    with pytest.raises(NotAllowed):
        clear(till, counter, seen, who="ada")
    with till.shop.jot() as tx:
        tx.add(Boutique(id="pets", name="Pets", address=[], vat_number="", hours={}))
        tx.flush()
        tx.get_one(Reader, till.reader_id).boutique_id = "pets"
    with pytest.raises(Unknown):
        clear(till, counter, seen)
    assert not reader_wishes.carry_out(till.shop, reader_id=till.reader_id)
    assert showing(till) == seen


def test_looking_is_for_who_is_unlocked_here(till: Till) -> None:
    stranger = till.neighbour().tablet
    with pytest.raises(NotAllowed):
        reader_wishes.ask_look(till.shop, reader_id=till.reader_id, staff_id="ada", device_id=stranger.device_id)


def test_a_wish_is_carried_out_once_however_many_processes_see_it(till: Till, counter: Tablet) -> None:
    till.take_over_the_reader()
    clear(till, counter, look(till, counter).mark)
    with till.shop.read() as records:
        was = records.get_one(Reader, till.reader_id)
    assert [reader_wishes._take(till.shop, was) for _ in range(3)] == [True, False, False]


def test_a_reader_that_cannot_be_asked_says_why(till: Till, counter: Tablet) -> None:
    till.stripe.fault("error_500_before", on=f"GET /v1/terminal/readers/{till.reader_id}", times=None)
    seen = look(till, counter)
    assert (seen.shown, seen.result) == (None, "api_error")


@pytest.fixture
def office(till: Till) -> Iterator[BackOffice]:
    office = BackOffice(till.shop)
    office.start()
    yield office
    office.stop(seconds=PATIENCE)


def test_the_back_office_carries_it_out_when_it_is_written_down(
    till: Till, counter: Tablet, office: BackOffice
) -> None:
    till.take_over_the_reader()
    reader_wishes.ask_look(till.shop, reader_id=till.reader_id, staff_id="ada", device_id=counter.device_id)
    until(lambda: only(till).mark is not None)
    clear(till, counter, only(till).mark)
    until(lambda: only(till).result == CLEARED)
    payment = till.sale()
    until(lambda: till.payment(payment).state == PaymentState.DISPATCHED)


def test_a_reader_that_hangs_keeps_no_other_waiting(till: Till, counter: Tablet, office: BackOffice) -> None:
    other = till_at(till.shop, till.stripe)
    till.stripe.fault("slow_before", on=f"GET /v1/terminal/readers/{till.reader_id}", settings={"seconds": 3.0})
    for reader_id in (till.reader_id, other.reader_id):
        reader_wishes.ask_look(till.shop, reader_id=reader_id, staff_id="ada", device_id=counter.device_id)
        until(lambda reader_id=reader_id: reader_id not in reader_wishes.wanted(till.shop))  # it is being asked
    until(lambda: only(other).shown is not None)
    assert only(till).shown is None
    until(lambda: only(till).shown is not None)
