"""One slip over one connection: proven, not started, or unknown; never proven by mistake."""

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageChops

from pos.paper import connection, slips
from pos.paper import document as d
from pos.paper.connection import Outcome, Sent
from pos.paper.escpos import render
from pos.paper.models import GENERIC_80
from pos.paper.preview import preview
from pos.paper.status import Cause, Flow, PrinterStatus, absent, process_id
from pos.paper.wire import Address, Limits, Wire, open_wire
from pos.sandbox.printer import RunningPrinter
from tests.paper.conftest import IMPATIENT, QUICK
from tests.paper.house import PIECE

SLIP = slips.document("authenticity", facts=slips.plain(PIECE), language="en")
PAYLOAD = render(SLIP, model=GENERIC_80)
SMALL = render(d.Document(title="t", language="en", blocks=(d.Text(text="Zoë"), d.Cut())), model=GENERIC_80)
QUESTIONS, PROLOGUE = 12, 5  # bytes on the line before a slip's own


def send(address: Address, payload: bytes = PAYLOAD, number: int = 1, **more: object) -> Outcome:
    options = {"limits": QUICK, "before_first_byte": lambda: None} | more
    return connection.send(address, payload=payload, process_id=process_id(number), **options)  # type: ignore[arg-type]


def never() -> None:
    pytest.fail("no byte may be recorded as sent")


def same(picture: bytes, drawn: bytes) -> bool:
    one, other = (Image.open(io.BytesIO(data)).convert("L") for data in (picture, drawn))
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def test_a_slip_is_printed_and_proven(printer: RunningPrinter, address: Address) -> None:
    told: list[str] = []
    outcome = send(address, before_first_byte=lambda: told.append(f"{len(printer.slips())} slips before"))
    [slip] = printer.wait_for_slips(1)
    assert outcome.state is Sent.CONFIRMED
    assert outcome.bytes_sent == len(PAYLOAD) - 2 + 11  # the reset goes ahead; the process-id request behind
    assert told == ["0 slips before"]
    assert printer.process_ids == [process_id(1)]
    assert same(preview(SLIP, model=GENERIC_80), slip.png.read_bytes())
    assert slip.bin.read_bytes() == b"\x1b@\x1da\x0f" + PAYLOAD[2:] + b"\x1d(H\x06\x0000" + process_id(1).encode()


def test_many_slips_one_after_the_other(printer: RunningPrinter, address: Address) -> None:
    assert {send(address, number=n).state for n in range(8)} == {Sent.CONFIRMED}
    assert printer.process_ids == [process_id(n) for n in range(8)]
    assert len({slip.png.read_bytes() for slip in printer.wait_for_slips(8)}) == 1


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("cover_open", Cause.COVER_OPEN),
        ("paper_out", Cause.PAPER_OUT),
        ("offline", Cause.OFFLINE),
        ("refuse", Cause.UNREACHABLE),
        ("silent", Cause.SILENT),
    ],
)
def test_a_printer_that_cannot_print_is_sent_nothing(
    printer: RunningPrinter, address: Address, fault: str, cause: Cause
) -> None:
    printer.set(**{fault: True})
    limits = IMPATIENT if cause is Cause.SILENT else QUICK
    assert connection.status(address, limits=limits).cause is cause
    outcome = send(address, before_first_byte=never, limits=limits)
    assert (outcome.state, outcome.cause, outcome.bytes_sent) == (Sent.NOT_STARTED, cause, 0)
    printer.set(**{fault: False})
    assert send(address, number=2).state is Sent.CONFIRMED
    assert len(printer.wait_for_slips(1)) == 1


def test_a_roll_that_is_nearly_empty_still_prints(printer: RunningPrinter, address: Address) -> None:
    printer.set(near_end=True)
    assert connection.status(address, limits=QUICK) == PrinterStatus(online=True, near_end=True)
    assert send(address).state is Sent.CONFIRMED


def test_no_printer_at_all() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = Address("127.0.0.1", free.getsockname()[1])
    assert connection.status(nobody, limits=QUICK) == absent(Cause.UNREACHABLE)
    assert send(nobody, before_first_byte=never).cause is Cause.UNREACHABLE


def test_an_error_of_the_caller_before_the_first_byte_stops_the_slip(printer: RunningPrinter, address: Address) -> None:
    def disk_full() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        send(address, before_first_byte=disk_full)
    assert send(address, number=2).state is Sent.CONFIRMED
    assert printer.process_ids == [process_id(2)]


@contextmanager
def sending(address: Address, **options: object) -> Iterator[tuple[list[Outcome], Callable[[Cause | None], None]]]:
    """A slip on its way in another thread; the second thing waits until the printer has told a cause."""
    told, changed, outcomes = [], threading.Condition(), []

    def hear(status: PrinterStatus) -> None:
        with changed:
            told.append(status.cause)
            changed.notify_all()

    def wait_for(cause: Cause | None) -> None:
        with changed:
            assert changed.wait_for(lambda: cause in told, timeout=5)

    thread = threading.Thread(target=lambda: outcomes.append(send(address, on_status=hear, **options)))
    thread.start()
    yield outcomes, wait_for
    thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.mark.parametrize("fault", ["paper_out", "cover_open"])
def test_a_slip_that_was_held_up_goes_on_and_is_proven(printer: RunningPrinter, address: Address, fault: str) -> None:
    printer.set(paper_out_after=300)
    with sending(address) as (outcomes, wait_for):
        wait_for(Cause.PAPER_OUT)
        assert not printer.slips()
        if fault == "cover_open":  # a new roll goes in through the cover
            printer.set(cover_open=True)
            wait_for(Cause.COVER_OPEN)
            printer.set(cover_open=False)
        printer.set(paper_out=False)
    [slip] = printer.wait_for_slips(1)
    assert outcomes[0].state is Sent.CONFIRMED
    assert same(preview(SLIP, model=GENERIC_80), slip.png.read_bytes())


def test_unknown_is_not_failed(printer: RunningPrinter, address: Address) -> None:
    """Given up while the paper is out, the slip comes out all the same once there is paper."""
    printer.set(paper_out_after=300)
    give_up = threading.Event()
    with sending(address, give_up=give_up) as (outcomes, wait_for):
        wait_for(Cause.PAPER_OUT)
        give_up.set()
    assert (outcomes[0].state, outcomes[0].cause) == (Sent.UNKNOWN, Cause.PAPER_OUT)
    assert send(address, number=2, before_first_byte=never).cause is Cause.PAPER_OUT
    printer.set(paper_out=False)
    assert same(preview(SLIP, model=GENERIC_80), printer.wait_for_slips(1)[0].png.read_bytes())


def test_patience_has_an_end(printer: RunningPrinter, address: Address) -> None:
    printer.set(paper_out_after=300)
    outcome = send(address, limits=replace(QUICK, patience=0.1))
    assert (outcome.state, outcome.cause) == (Sent.UNKNOWN, Cause.PAPER_OUT)


def job_of(body: bytes) -> connection._Job:
    return connection._Job(
        body=body, process_id="abcd", limits=QUICK, on_status=lambda _: None, give_up=threading.Event()
    )  # fmt: skip


def test_nothing_is_sent_between_stop_and_go() -> None:
    job = job_of(bytes(5000))
    assert len(job.next_chunk()) == 4096
    job.hear(Flow(False))
    assert job.next_chunk() == b""
    job.hear(Flow(True))
    assert len(job.next_chunk()) == 4096


def test_only_time_in_which_it_could_print_counts_against_the_printer() -> None:
    job = job_of(b"x")
    job.status = absent(Cause.PAPER_OUT)
    job.spend(QUICK.deadline + 1)
    assert not job.over()
    job.status = PrinterStatus(online=True)
    job.spend(QUICK.deadline + 1)
    assert job.over()


def test_a_printer_without_proof_leaves_the_slip_unknown(printer: RunningPrinter, address: Address) -> None:
    printer.set(no_process_id=True)
    outcome = send(address, limits=replace(QUICK, deadline=0.2))
    assert (outcome.state, outcome.cause) == (Sent.UNKNOWN, Cause.SILENT)
    assert printer.wait_for_slips(1)


def test_a_printer_that_falls_silent_leaves_the_slip_unknown(printer: RunningPrinter, address: Address) -> None:
    printer.set(silent_after=2000)
    outcome = send(address, limits=replace(QUICK, deadline=0.2))
    assert (outcome.state, outcome.cause) == (Sent.UNKNOWN, Cause.SILENT)


def test_a_stuck_knife_is_told_and_mended(printer: RunningPrinter, address: Address) -> None:
    printer.set(cutter_error=True)
    with sending(address) as (outcomes, wait_for):
        wait_for(Cause.CUTTER)
        printer.set(cutter_error=False)
    assert outcomes[0].state is Sent.CONFIRMED


def test_a_power_cut_leaves_the_slip_unknown(printer: RunningPrinter, address: Address) -> None:
    printer.set(paper_out_after=300)
    with sending(address) as (outcomes, wait_for):
        wait_for(Cause.PAPER_OUT)
        printer.set(paper_out=False, mm_per_s=0.1)  # it goes on, too slowly to end before the power does
        printer.power_cycle()
    assert outcomes[0].state is Sent.UNKNOWN
    printer.set(mm_per_s=None)
    assert send(address, number=2).state is Sent.CONFIRMED
    assert printer.process_ids == [process_id(2)]


def test_a_line_broken_at_any_byte_is_never_taken_for_proof(printer: RunningPrinter, address: Address) -> None:
    whole = QUESTIONS + PROLOGUE + len(SMALL) - 2 + 11
    for broken_at in range(1, whole):
        printer.set(reset_after=broken_at)
        outcome = send(address, SMALL, number=broken_at)
        expected = Sent.UNKNOWN if outcome.bytes_sent else Sent.NOT_STARTED
        assert outcome.state is expected, broken_at
        assert outcome.state is not Sent.NOT_STARTED or broken_at <= QUESTIONS + PROLOGUE
        printer.power_cycle()
    assert printer.process_ids == []
    assert send(address, SMALL, number=whole).state is Sent.CONFIRMED


@pytest.mark.parametrize("broken_at", [3000, 5000, 8000])
def test_what_a_broken_line_left_in_the_printer_does_not_spoil_the_next_slip(
    printer: RunningPrinter, address: Address, broken_at: int
) -> None:
    printer.set(reset_after=broken_at)
    assert send(address).state is Sent.UNKNOWN
    assert send(address, number=2, leftovers=True).state is Sent.CONFIRMED
    torn, whole = printer.wait_for_slips(2)
    assert not same(preview(SLIP, model=GENERIC_80), torn.png.read_bytes())
    assert same(preview(SLIP, model=GENERIC_80), whole.png.read_bytes())


def test_without_cutting_the_leftovers_off_the_printer_seems_silent(printer: RunningPrinter, address: Address) -> None:
    printer.set(reset_after=3000)
    send(address)
    outcome = send(address, number=2, before_first_byte=never, limits=replace(QUICK, ready=0.2))
    assert (outcome.state, outcome.cause) == (Sent.NOT_STARTED, Cause.SILENT)


def test_a_printer_that_serves_another_is_not_sent_anything(printer: RunningPrinter, address: Address) -> None:
    with socket.create_connection((address.host, address.port)) as first:
        first.sendall(b"\x10\x04\x01")
        assert first.recv(1) == b"\x12"
        assert send(address, before_first_byte=never, limits=IMPATIENT).cause is Cause.SILENT
    assert send(address, number=2).state is Sent.CONFIRMED


@contextmanager
def scripted(script: Callable[[socket.socket], None]) -> Iterator[Address]:
    """A printer that answers by a script."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        door.bind(("127.0.0.1", 0))
        door.listen(1)
        door.settimeout(5)

        def serve() -> None:
            caller, _ = door.accept()
            with caller:
                caller.settimeout(5)
                script(caller)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Address(*door.getsockname())
        thread.join(timeout=5)
        assert not thread.is_alive()


def hear(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += line.recv(count - len(data))
    return data


def greet(line: socket.socket) -> None:
    for _ in range(4):
        hear(line, 3)
        line.sendall(b"\x12")
    assert hear(line, PROLOGUE) == b"\x1b@\x1da\x0f"
    line.sendall(b"\x14\x00\x00\x0f")


def hang_up_politely(line: socket.socket) -> None:
    while line.recv(4096):
        pass


def test_status_cut_in_two_and_strangers_answers_do_not_confuse(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[PrinterStatus] = []

    def script(line: socket.socket) -> None:
        greet(line)
        slip = hear(line, len(SMALL) - 2 + 11)
        line.sendall(b"\x37\x22zzzz\x00" + b"\x1c\x00")  # another job's answer, and half a status
        line.sendall(b"\x0f\x0f\x14\x00\x00\x0f" + b"\x37\x22" + slip[-4:-2])
        line.sendall(slip[-2:] + b"\x00")
        hang_up_politely(line)

    with scripted(script) as address:
        assert send(address, SMALL, on_status=heard.append).state is Sent.CONFIRMED
    assert [status.cause for status in heard] == [None, Cause.PAPER_OUT, None]


def test_an_answer_before_the_question_is_no_proof() -> None:
    def script(line: socket.socket) -> None:
        greet(line)
        hear(line, 3)
        line.sendall(b"\x13\x37\x22" + process_id(1).encode() + b"\x00")  # XOFF: the rest is held back
        hang_up_politely(line)

    with scripted(script) as address:  # longer than the line can hold, so that some of it is still to be sent
        outcome = send(address, PAYLOAD + bytes(20_000_000), limits=replace(QUICK, deadline=0.3))
    assert outcome.state is Sent.UNKNOWN
    assert outcome.bytes_sent < 20_000_000


def test_a_status_told_in_between_does_not_cut_the_cleaning_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A roll that comes to its end while the white is on its way is no answer to the reset behind it."""
    cleaning = connection.WHITE + connection.RESET + connection.CUT + connection.ASB_ON

    def narrow(self: Wire, line: Any) -> None:
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # so that most of the white has to wait
        opened(self, line)

    def script(line: socket.socket) -> None:
        for _ in range(4):
            hear(line, 3)
            line.sendall(b"\x12")
        hear(line, 1)
        line.sendall(b"\x14\x00\x03\x0f")
        assert hear(line, len(cleaning) - 1) == cleaning[1:]
        line.sendall(b"\x14\x00\x03\x0f")
        slip = hear(line, len(SMALL) - 2 + 11)
        line.sendall(b"\x37\x22" + slip[-4:] + b"\x00")
        hang_up_politely(line)

    opened = Wire.__init__
    monkeypatch.setattr(Wire, "__init__", narrow)
    with scripted(script) as address:
        assert send(address, SMALL, leftovers=True).state is Sent.CONFIRMED


def test_nothing_follows_before_the_printer_says_that_it_has_forgotten() -> None:
    def script(line: socket.socket) -> None:
        assert hear(line, len(connection.CLEAR)) == connection.CLEAR
        line.sendall(b"\x3c\x00\x00\x0f")  # a status, which is no answer to it
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.settimeout(5)
        line.sendall(connection.CLEARED)
        greet(line)
        slip = hear(line, len(SMALL) - 2 + 11)
        line.sendall(b"\x37\x22" + slip[-4:] + b"\x00")
        hang_up_politely(line)

    with scripted(script) as address:
        assert send(address, SMALL, clear=True).state is Sent.CONFIRMED


def test_a_printer_says_wait_and_is_waited_for() -> None:
    def script(line: socket.socket) -> None:
        greet(line)
        slip = hear(line, 100)
        line.sendall(b"\x13")
        line.sendall(b"\x11")
        slip += hear(line, len(PAYLOAD) - 2 + 11 - 100)
        line.sendall(b"\x37\x22" + slip[-4:] + b"\x00")
        hang_up_politely(line)

    with scripted(script) as address:
        assert send(address).state is Sent.CONFIRMED


@pytest.mark.parametrize("drained", [True, False])
def test_scenario_9_replies_are_read_before_the_line_is_closed(monkeypatch: pytest.MonkeyPatch, drained: bool) -> None:
    """Closing with replies unread resets the line: the printer loses what was still on its way to it."""
    if not drained:
        monkeypatch.setattr(Wire, "drain", lambda wire, seconds: None)
    sent, replied, closed, got = 60_000, threading.Event(), threading.Event(), []

    def script(line: socket.socket) -> None:
        line.sendall(b"\x14\x00\x00\x0f" * 50)
        replied.set()
        assert closed.wait(5)
        try:
            while data := line.recv(65536):
                got.append(len(data))
        except ConnectionResetError:
            got.append(0)

    with scripted(script) as address:
        with open_wire(address, limits=QUICK) as wire:
            assert replied.wait(5)
            left = bytes(sent)
            while left:
                left = left[wire._plug.send(left) :]
        closed.set()
    assert (sum(got) == sent) == drained


def test_the_defaults_are_those_of_the_manual() -> None:
    assert Limits() == Limits(connect=2.5, answer=0.5, ready=2.0, deadline=30.0, patience=900.0, drain=0.25)


def test_a_caller_that_leaves_at_once_is_a_reset(printer: RunningPrinter, address: Address) -> None:
    """A till that dies in the middle leaves a printer that goes on working."""
    with socket.create_connection((address.host, address.port)) as till:
        till.sendall(PAYLOAD[:4000])
        till.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert send(address, leftovers=True).state is Sent.CONFIRMED
