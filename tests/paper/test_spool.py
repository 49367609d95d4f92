"""The queue of slips: printed once, proven, waiting while the printer cannot, and asked about when nobody can know."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from pos.errors import NotAllowed, RecordsTrouble, WrongState
from pos.models import Boutique, Device, JobState, Printer, PrintJob, Role, Staff
from pos.paper import answers, connection, desk, slips, spool
from pos.paper.pulse import DRAWER, TOO_LATE
from pos.paper.slips import TestFacts
from pos.paper.wire import Limits
from pos.sandbox import printer as outside
from pos.selling.slips import supplier_of
from pos.shop import Shop
from tests.selling.shelf import Tablet, later, stand_up

PATIENT = Limits(connect=20, answer=20, ready=20, deadline=60, patience=60, drain=0.02)
HASTY = replace(PATIENT, deadline=0.6)  # for a printer that never says that it has printed


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[outside.RunningPrinter]:
    running = outside.start(directory=tmp_path / "slips")
    yield running
    running.stop()


@pytest.fixture
def counter(shop: Shop, printer: outside.RunningPrinter) -> Shop:
    with shop.jot() as tx:
        stand_up(tx)
        tx.flush()
        mine = tx.get_one(Printer, "demo-1")
        mine.host, mine.port = printer.host, printer.port
    return shop


def queue(shop: Shop, *, original_of: str | None = None) -> str:
    with shop.jot() as tx:
        boutique = tx.get_one(Boutique, "demo")
        facts = TestFacts(
            supplier=supplier_of(boutique),
            printer="Printer",
            address="127.0.0.1",
            model="generic-80",
            issued_at=shop.clock.now(),
            zone=boutique.zone,
        )
        slip = spool.job(
            kind="test",
            facts=slips.plain(facts),
            printer_id="demo-1",
            language="en",
            order_id=None,
            at=shop.clock.now(),
            original_of=original_of,
        )
        spool.enqueue(tx, [slip])
        return str(slip["id"])


def job(shop: Shop, job_id: str) -> PrintJob:
    with shop.read() as look:
        return look.exec(select(PrintJob).where(PrintJob.id == job_id)).one()


def send(shop: Shop, limits: Limits = PATIENT) -> JobState | None:
    return spool.print_next(shop, printer_id="demo-1", limits=limits)


def test_a_slip_is_printed_once_and_proven(counter: Shop, printer: outside.RunningPrinter) -> None:
    job_id = queue(counter)
    assert send(counter) == JobState.CONFIRMED
    assert send(counter) is None
    assert len(printer.wait_for_slips(1, timeout=10)) == 1
    assert job(counter, job_id).attempts == 1


def test_slips_come_out_in_the_order_they_were_written(counter: Shop, printer: outside.RunningPrinter) -> None:
    first, second = queue(counter), queue(counter)
    send(counter)
    assert (job(counter, first).state, job(counter, second).state) == (JobState.CONFIRMED, JobState.QUEUED)


def test_without_paper_the_slip_waits_and_says_why(counter: Shop, printer: outside.RunningPrinter) -> None:
    job_id = queue(counter)
    printer.set(paper_out=True)
    assert send(counter) == JobState.BLOCKED
    assert job(counter, job_id).cause == "paper_out"
    assert send(counter) is None  # not asked again at once
    printer.set(paper_out=False)
    later(counter, seconds=1)
    assert send(counter) == JobState.CONFIRMED
    assert len(printer.wait_for_slips(1, timeout=10)) == 1


def test_a_printer_that_is_not_there_is_tried_again_and_loses_nothing(
    counter: Shop, printer: outside.RunningPrinter
) -> None:
    job_id = queue(counter)
    printer.stop()
    for wait in (1, 2, 5, 10, 30, 30):
        assert send(counter) == JobState.BLOCKED
        later(counter, seconds=wait - 0.5)
        assert send(counter) is None
        later(counter, seconds=0.5)
    assert (job(counter, job_id).cause, job(counter, job_id).bytes_sent) == ("unreachable", 0)


def test_a_silent_printer_leaves_the_slip_unknown_and_nobody_sends_it_again(
    counter: Shop, printer: outside.RunningPrinter
) -> None:
    job_id = queue(counter)
    printer.set(no_process_id=True)
    assert send(counter, HASTY) == JobState.UNKNOWN
    later(counter, hours=12)
    assert send(counter, HASTY) is None
    assert job(counter, job_id).state == JobState.UNKNOWN


def test_a_person_says_that_an_unknown_slip_came_out(counter: Shop, printer: outside.RunningPrinter) -> None:
    job_id, ada = queue(counter), Tablet(counter).enrol().unlock()
    printer.set(no_process_id=True)
    send(counter, HASTY)
    answers.came_out(counter, job_id=job_id, staff_id="ada", device_id=ada.device_id, yes=True)
    assert (job(counter, job_id).state, job(counter, job_id).settled_by) == (JobState.CONFIRMED, "ada")
    with pytest.raises(WrongState):
        answers.came_out(counter, job_id=job_id, staff_id="ada", device_id=ada.device_id, yes=False)


def test_a_slip_that_did_not_come_out_is_printed_anew_the_same_to_the_byte(
    counter: Shop, printer: outside.RunningPrinter
) -> None:
    job_id, ada = queue(counter), Tablet(counter).enrol().unlock()
    printer.set(no_process_id=True)
    send(counter, HASTY)
    before = job(counter, job_id).payload
    printer.set(no_process_id=False)
    answers.came_out(counter, job_id=job_id, staff_id="ada", device_id=ada.device_id, yes=False)
    assert send(counter) == JobState.CONFIRMED
    assert job(counter, job_id).payload == before
    assert job(counter, job_id).attempts == 2


def test_the_rest_of_a_slip_that_broke_off_hangs_on_no_other(counter: Shop, printer: outside.RunningPrinter) -> None:
    job_id, ada = queue(counter), Tablet(counter).enrol().unlock()
    printer.set(reset_after=200)
    patient = Limits(ready=30, deadline=30)  # what is left in the printer is cut off first
    assert spool.print_next(counter, printer_id="demo-1", limits=patient) == JobState.UNKNOWN
    answers.came_out(counter, job_id=job_id, staff_id="ada", device_id=ada.device_id, yes=False)
    assert spool.print_next(counter, printer_id="demo-1", limits=patient) == JobState.CONFIRMED
    rest, anew = printer.wait_for_slips(2, timeout=30)
    body = (job(counter, job_id).payload or b"").removeprefix(connection.RESET)
    assert body not in rest.bin.read_bytes()
    assert anew.bin.read_bytes().index(body) < 16  # nothing but what makes the printer ready stands before it


TWICE = pytest.mark.xfail(strict=True, reason="shows what the sentence for staff is for")


@pytest.mark.parametrize(
    ("model", "off_and_on"),
    [("t88-80", False), ("generic-80", True), pytest.param("generic-80", False, marks=TWICE)],
)
def test_a_slip_that_did_not_come_out_is_not_printed_by_the_next_roll_as_well(
    counter: Shop, printer: outside.RunningPrinter, model: str, off_and_on: bool
) -> None:
    job_id, ada = queue(counter), Tablet(counter).enrol().unlock()
    with counter.jot() as tx:
        tx.get_one(Printer, "demo-1").model = model
    printer.set(paper_out_after=100)
    assert send(counter, replace(PATIENT, patience=0.3)) == JobState.UNKNOWN
    if off_and_on:
        printer.power_cycle()
    answers.came_out(counter, job_id=job_id, staff_id="ada", device_id=ada.device_id, yes=False)
    assert send(counter) == JobState.BLOCKED
    printer.set(paper_out=False)
    later(counter, seconds=1)
    assert send(counter) == JobState.CONFIRMED
    body = (job(counter, job_id).payload or b"").removeprefix(connection.RESET)
    paper = [slip.bin.read_bytes() for slip in printer.wait_for_slips(2, timeout=10)]
    assert [body in slip for slip in paper] == [False, True]  # what was torn off, and the original


def test_only_what_somebody_has_looked_for_is_forgotten_by_the_printer(counter: Shop) -> None:
    """An answer that nobody has given yet may still be: it came out."""
    broken, following = queue(counter), queue(counter)
    with counter.jot() as tx:
        tx.get_one(Printer, "demo-1").model = "t88-80"
        unknown = tx.get_one(PrintJob, broken)
        unknown.state, unknown.sent_at = JobState.UNKNOWN, counter.clock.now()
    claim = spool._prepare(counter, printer_id="demo-1")
    assert claim is not None
    assert (claim.job_id, claim.leftovers, claim.clear) == (following, True, False)
    ada = Tablet(counter).enrol().unlock()
    answers.came_out(counter, job_id=broken, staff_id="ada", device_id=ada.device_id, yes=False)
    claim = spool._prepare(counter, printer_id="demo-1")
    assert claim is not None
    assert (claim.job_id, claim.leftovers, claim.clear) == (broken, True, True)


@pytest.mark.parametrize("last", [JobState.SENDING, JobState.UNKNOWN])
def test_after_a_slip_that_broke_off_the_printer_is_cleared_first(
    counter: Shop, printer: outside.RunningPrinter, last: JobState
) -> None:
    broken, following = queue(counter), queue(counter)
    with counter.jot() as tx:
        dead = tx.get_one(PrintJob, broken)
        dead.state, dead.sent_at, dead.worker = last, counter.clock.now(), "the dead"
        dead.worker_until = counter.clock.now() + spool.LEASE
    claim = spool._prepare(counter, printer_id="demo-1")
    assert claim is not None
    assert (claim.job_id, claim.leftovers) == (following, True)


def test_what_waited_for_a_printer_comes_out_in_the_order_it_was_written(
    counter: Shop, printer: outside.RunningPrinter
) -> None:
    """The receipt's back-off has grown; the pickup slip behind it must not overtake it."""
    receipt = queue(counter)
    printer.set(cover_open=True)
    for _ in range(4):
        assert send(counter) == JobState.BLOCKED
        later(counter, seconds=spool.rest(counter, printer_id="demo-1", at_most=60))
    later(counter, seconds=1)
    pickup = queue(counter)
    assert send(counter) == JobState.BLOCKED
    printer.set(cover_open=False)
    later(counter, seconds=spool.rest(counter, printer_id="demo-1", at_most=60) - 0.5)
    assert send(counter) is None
    later(counter, seconds=0.5)
    assert [send(counter), send(counter)] == [JobState.CONFIRMED] * 2
    first, second = job(counter, receipt), job(counter, pickup)
    assert (first.process_id or "") < (second.process_id or "")
    assert (first.blocked_times, second.blocked_times) == (5, 0)


def spoil(shop: Shop, job_id: str) -> None:
    """Facts as another version of the shop wrote them."""
    with shop.jot() as tx:
        spoilt = tx.get_one(PrintJob, job_id)
        spoilt.facts = {**spoilt.facts, "renamed": "x"}


def test_a_slip_that_cannot_be_set_steps_aside_and_says_so(counter: Shop, printer: outside.RunningPrinter) -> None:
    bad = queue(counter)
    later(counter, seconds=1)
    good = queue(counter)
    spoil(counter, bad)
    assert send(counter) == JobState.CONFIRMED
    assert (job(counter, bad).state, job(counter, bad).cause) == (JobState.BLOCKED, "unprintable")
    assert job(counter, good).state == JobState.CONFIRMED
    assert spool.rest(counter, printer_id="demo-1", at_most=60) == 60
    assert send(counter) is None
    with pytest.raises(WrongState):
        desk.picture(counter, job_id=bad)


def test_a_version_that_can_set_a_slip_prints_it_in_its_time(counter: Shop, printer: outside.RunningPrinter) -> None:
    bad = queue(counter)
    good = job(counter, bad).facts
    spoil(counter, bad)
    assert send(counter) is None
    later(counter, seconds=spool.ASIDE.total_seconds())
    with counter.jot() as tx:
        tx.get_one(PrintJob, bad).facts = good
    assert send(counter) == JobState.CONFIRMED
    assert job(counter, bad).cause is None


def test_a_line_that_breaks_before_the_first_byte_leaves_the_slip_waiting(
    counter: Shop, printer: outside.RunningPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ConnectionResetError

    job_id = queue(counter)
    with monkeypatch.context() as broken:
        broken.setattr(connection, "_transmit", breaks)
        assert send(counter) == JobState.BLOCKED
    later(counter, seconds=2)
    assert send(counter) == JobState.CONFIRMED
    assert job(counter, job_id).blocked_times == 1


def test_only_the_counter_answers_for_a_slip(counter: Shop, printer: outside.RunningPrinter) -> None:
    job_id, shopper = queue(counter), Tablet(counter).enrol()
    printer.set(no_process_id=True)
    send(counter, HASTY)
    with pytest.raises(NotAllowed):
        answers.came_out(counter, job_id=job_id, staff_id="ada", device_id=shopper.device_id, yes=True)


def elsewhere(shop: Shop) -> Tablet:
    """A tablet in another boutique, unlocked by somebody who works there."""
    with shop.jot() as tx:
        tx.add(Boutique(id="pets", name="Kennel", address=[], vat_number="GB 1", hours={}))
        tx.flush()
        tx.add(Staff(id="bob", boutique_id="pets", name="Bob", role=Role.STAFF, pin_hash="-"))
    kennel = Tablet(shop).enrol()
    with shop.jot() as tx:
        tx.get_one(Device, kennel.device_id).boutique_id = "pets"
    return kennel.unlock("bob")


@pytest.mark.parametrize("yes", [True, False])
def test_nobody_answers_for_a_slip_of_another_boutique(
    counter: Shop, printer: outside.RunningPrinter, yes: bool
) -> None:
    job_id, kennel = queue(counter), elsewhere(counter)
    printer.set(no_process_id=True)
    send(counter, HASTY)
    with pytest.raises(NotAllowed):
        answers.came_out(counter, job_id=job_id, staff_id="bob", device_id=kennel.device_id, yes=yes)
    assert job(counter, job_id).state == JobState.UNKNOWN


def test_a_worker_that_died_while_sending_leaves_the_slip_unknown(counter: Shop) -> None:
    job_id = queue(counter)
    with counter.jot() as tx:
        sending = tx.get_one(PrintJob, job_id)
        now = counter.clock.now()
        sending.state, sending.worker, sending.worker_until = JobState.SENDING, "the dead", now + spool.LEASE
    assert spool.bury_the_dead(counter) == 0
    later(counter, seconds=spool.LEASE.total_seconds() + 1)
    spool.keep_alive(counter)  # it is not ours to keep alive
    assert spool.bury_the_dead(counter) == 1
    assert job(counter, job_id).state == JobState.UNKNOWN
    assert send(counter) is None


def full_disk(*_: object, **__: object) -> None:
    raise RecordsTrouble("database or disk is full")


def test_a_slip_whose_outcome_could_not_be_written_is_asked_about(
    counter: Shop, printer: outside.RunningPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = queue(counter)
    with monkeypatch.context() as full:
        full.setattr(spool, "_record", full_disk)
        with pytest.raises(RecordsTrouble):
            send(counter)
    spool.keep_alive(counter)
    assert send(counter) is None
    assert (job(counter, job_id).state, job(counter, job_id).cause) == (JobState.UNKNOWN, "interrupted")
    assert len(printer.wait_for_slips(1, timeout=10)) == 1


def test_what_another_process_is_sending_is_not_ours_to_ask_about(counter: Shop) -> None:
    job_id, now = queue(counter), counter.clock.now()
    with counter.jot() as tx:
        sending = tx.get_one(PrintJob, job_id)
        sending.state, sending.worker, sending.worker_until = JobState.SENDING, "a neighbour", now + spool.LEASE
    assert send(counter) is None
    assert job(counter, job_id).state == JobState.SENDING


def test_a_disk_that_is_full_in_the_middle_of_a_slip_does_not_break_it_off(
    counter: Shop, printer: outside.RunningPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, jot = queue(counter), counter.jot
    printer.set(paper_out_after=100)

    def full_while_sending(**how: object) -> object:
        if job(counter, job_id).state != JobState.SENDING:
            return jot(**how)  # type: ignore[arg-type]
        monkeypatch.undo()
        printer.set(paper_out=False)
        return full_disk()

    monkeypatch.setattr(counter, "jot", full_while_sending)
    assert send(counter) == JobState.CONFIRMED
    assert printer.wait_for_slips(1, timeout=10)


def test_two_workers_send_a_slip_once(counter: Shop, printer: outside.RunningPrinter) -> None:
    job_id = queue(counter)
    processes = [Shop(counter.settings, clock=counter.clock) for _ in range(3)]
    workers = [threading.Thread(target=send, args=[process]) for process in processes]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for process in processes:
        process.close()
    if job(counter, job_id).state != JobState.CONFIRMED:  # all were held off by one another: the next one sends it
        later(counter, seconds=60)
        send(counter)
    assert len(printer.wait_for_slips(1, timeout=10)) == 1
    assert job(counter, job_id).attempts == 1


def test_a_piece_has_one_original_by_the_schema(counter: Shop) -> None:
    queue(counter, original_of="authenticity:1")
    with pytest.raises(Exception, match="UNIQUE"):
        queue(counter, original_of="authenticity:1")


def test_the_picture_of_a_slip_is_a_png(counter: Shop) -> None:
    assert desk.picture(counter, job_id=queue(counter)).startswith(b"\x89PNG")


def test_a_second_process_leaves_a_printer_alone_until_the_first_is_gone(
    counter: Shop, printer: outside.RunningPrinter
) -> None:
    job_id, neighbour = queue(counter), Shop(counter.settings, clock=counter.clock)
    assert send(counter) == JobState.CONFIRMED
    again = queue(counter)
    assert send(neighbour) is None
    later(counter, seconds=spool.LEASE.total_seconds() + 1)
    assert send(neighbour) == JobState.CONFIRMED
    assert {job(counter, job_id).attempts, job(counter, again).attempts} == {1}
    neighbour.close()


def test_a_late_word_about_a_slip_that_was_decided_changes_nothing(
    counter: Shop, printer: outside.RunningPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers prepared the same slip; the slower one finds no line and must not put it back into the queue."""
    job_id = queue(counter)
    slower = spool._prepare(counter, printer_id="demo-1")
    assert slower is not None
    assert send(counter) == JobState.CONFIRMED
    refused = spool.connection.Outcome(
        state=spool.connection.Sent.NOT_STARTED, status=spool.status.absent(spool.status.Cause.UNREACHABLE), seconds=0.0
    )
    spool._record(counter, slower, refused)
    assert job(counter, job_id).state == JobState.CONFIRMED
    assert send(counter) is None


# The cash drawer


def kick(shop: Shop, *, after: float = 0) -> str:
    """A sale in cash at the counter opens the drawer."""
    with shop.jot() as tx:
        pulse = spool.job(
            kind=DRAWER,
            facts={},
            printer_id="demo-1",
            language="en",
            order_id=None,
            at=shop.clock.now(),
            original_of="drawer:taken:1",
        )
        spool.enqueue(tx, [pulse])
        return str(pulse["id"])


def test_the_drawer_opens_before_the_slips_that_wait_and_prints_nothing(
    counter: Shop, printer: outside.RunningPrinter
) -> None:
    slip = queue(counter)
    later(counter, seconds=1)
    pulse = kick(counter)
    assert send(counter) == JobState.CONFIRMED
    assert (job(counter, pulse).state, job(counter, slip).state) == (JobState.CONFIRMED, JobState.QUEUED)
    assert printer.wait_for_kicks(1) == 1
    assert send(counter) == JobState.CONFIRMED
    printer.wait_for_slips(1, timeout=10)
    assert printer.kicks == 1


def test_the_drawer_opens_without_paper_and_is_not_asked_about(counter: Shop, printer: outside.RunningPrinter) -> None:
    printer.set(paper_out=True)
    pulse = kick(counter)
    assert send(counter) == JobState.UNKNOWN  # nothing proves it
    assert printer.wait_for_kicks(1) == 1
    assert (job(counter, pulse).state, job(counter, pulse).cause) == (JobState.UNKNOWN, "paper_out")
    assert desk.to_look_for(counter, boutique_id="demo") == ()
    printer.set(paper_out=False)
    later(counter, seconds=5)
    assert send(counter) is None  # never again by itself
    assert printer.kicks == 1


def test_a_drawer_whose_kick_nobody_knows_of_is_left_alone(counter: Shop, printer: outside.RunningPrinter) -> None:
    pulse = kick(counter)
    printer.set(silent_after=18)
    send(counter, HASTY)
    assert job(counter, pulse).state in (JobState.UNKNOWN, JobState.BLOCKED)
    printer.set(silent=False, silent_after=None)
    later(counter, minutes=1)
    slip = queue(counter)
    while send(counter) is not None:
        later(counter, seconds=30)
    assert job(counter, pulse).state == JobState.UNKNOWN
    assert job(counter, slip).state == JobState.CONFIRMED
    assert printer.kicks <= 1


def test_a_drawer_does_not_fly_open_minutes_later(counter: Shop, printer: outside.RunningPrinter) -> None:
    printer.set(refuse=True)
    pulse, slip = kick(counter), queue(counter)
    assert send(counter) == JobState.BLOCKED
    printer.set(refuse=False)
    later(counter, seconds=31)
    assert send(counter) == JobState.CONFIRMED
    assert (job(counter, pulse).state, job(counter, pulse).cause) == (JobState.UNKNOWN, TOO_LATE)
    assert job(counter, slip).state == JobState.CONFIRMED
    assert printer.kicks == 0
