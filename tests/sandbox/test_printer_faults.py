"""The virtual printer's troubles are those of a real one."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.sandbox import printer as sandbox
from pos.sandbox.printer import Faults, RunningPrinter

CUT = b"\x1dVB\x00"
ASK = b"\x1d(H\x06\x0000abcd"
CLEAR, CLEARED = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", b"\x37\x25\x00"
ECHO = b"\x37\x22abcd\x00"
SLIP = b"\x1b@slip\n" + CUT


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[RunningPrinter]:
    with sandbox.start(directory=tmp_path / "tray", buffer_bytes=4096) as running:
        yield running


@pytest.fixture
def line(printer: RunningPrinter) -> Iterator[socket.socket]:
    with socket.create_connection((printer.host, printer.port), timeout=5) as connected:
        yield connected


def hear(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        assert more, f"closed after {data!r}"
        data += more
    return data


def asked(line: socket.socket) -> bytes:
    answers = b""
    for question in (1, 2, 3, 4):
        line.sendall(bytes((0x10, 0x04, question)))
        answers += hear(line, 1)
    return answers


@pytest.mark.parametrize(
    ("faults", "answers", "automatic"),
    [
        ({}, b"\x12\x12\x12\x12", b"\x14\x00\x00\x0f"),
        ({"paper_out": True}, b"\x1a\x32\x12\x7e", b"\x1c\x00\x0f\x0f"),
        ({"cover_open": True}, b"\x1a\x16\x12\x12", b"\x3c\x00\x00\x0f"),
        ({"near_end": True}, b"\x12\x12\x12\x1e", b"\x14\x00\x03\x0f"),
        ({"offline": True}, b"\x1a\x12\x12\x12", b"\x1c\x00\x00\x0f"),
    ],
)
def test_it_says_what_is_wrong(
    printer: RunningPrinter, line: socket.socket, faults: dict[str, bool], answers: bytes, automatic: bytes
) -> None:
    line.sendall(b"\x1da\x0f")
    assert hear(line, 4) == b"\x14\x00\x00\x0f"
    if faults:
        printer.set(**faults)
        assert hear(line, 4) == automatic
    assert asked(line) == answers


def test_a_status_that_did_not_change_is_not_told(printer: RunningPrinter, line: socket.socket) -> None:
    line.sendall(b"\x1da\x0f")
    hear(line, 4)
    printer.set(mm_per_s=500.0)
    printer.set(cover_open=True)
    assert hear(line, 4) == b"\x3c\x00\x00\x0f"


def test_what_is_queued_waits_for_paper_and_is_proven_after(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out=True)
    line.sendall(SLIP + ASK + b"\x1dr\x01")
    assert asked(line) == b"\x1a\x32\x12\x7e"  # only status is answered
    assert printer.slips() == []
    printer.set(paper_out=False)
    assert hear(line, len(ECHO) + 1) == ECHO + b"\x00"
    assert printer.wait_for_slips(1)


def test_a_full_printer_holds_the_line_back_and_still_answers(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(cover_open=True)
    line.sendall(b"x" * 4096)
    assert asked(line) == b"\x1a\x16\x12\x12"
    line.setblocking(False)
    held_back = 0
    with pytest.raises(BlockingIOError):
        while held_back < 50_000_000:
            held_back += line.send(b"x" * 65536)
    assert printer.state()["queued_bytes"] == 4096


def test_what_was_received_outlives_its_connection(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out=True)
    line.sendall(SLIP)
    assert asked(line)
    line.close()
    printer.set(paper_out=False)
    assert printer.wait_for_slips(1)[0].bin.read_bytes() == SLIP


def test_a_power_cut_forgets_it(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out=True)
    line.sendall(SLIP + ASK)
    assert asked(line)
    printer.power_cycle()
    with pytest.raises(ConnectionResetError):
        hear(line, 1)
    printer.set(paper_out=False)
    with socket.create_connection((printer.host, printer.port), timeout=5) as again:
        again.sendall(b"\x1b@next\n" + CUT + ASK)
        assert hear(again, len(ECHO)) == ECHO
    assert [slip.bin.read_bytes() for slip in printer.wait_for_slips(1)] == [b"\x1b@next\n" + CUT + ASK]


def test_a_power_cut_forgets_what_was_still_on_the_line(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out=True)
    line.sendall(b"x" * 4096)
    assert asked(line)
    line.sendall(b"the rest\n" * 400)  # the printer is full: this waits before it
    printer.power_cycle()
    printer.set(paper_out=False)
    with socket.create_connection((printer.host, printer.port), timeout=5) as again:
        again.sendall(SLIP + ASK)
        assert hear(again, len(ECHO)) == ECHO
    assert [slip.bin.read_bytes() for slip in printer.wait_for_slips(1)] == [SLIP + ASK]


@pytest.mark.parametrize("fill", [0, 4096], ids=["room", "full"])
def test_clearing_the_buffer_forgets_it_too(printer: RunningPrinter, line: socket.socket, fill: int) -> None:
    printer.set(paper_out=True)
    line.sendall(SLIP.ljust(fill, b"x"))
    assert asked(line)
    line.sendall(CLEAR)
    assert hear(line, len(CLEARED)) == CLEARED
    assert printer.state()["queued_bytes"] == 0
    printer.set(paper_out=False)
    line.sendall(b"\x1b@next\n" + CUT + ASK)
    assert hear(line, len(ECHO)) == ECHO
    assert [slip.bin.read_bytes() for slip in printer.wait_for_slips(1)] == [b"\x1b@next\n" + CUT + ASK]


def test_clearing_the_buffer_breaks_off_what_is_being_printed(printer: RunningPrinter, line: socket.socket) -> None:
    """No picture waits for its dots any more: the next command is taken for a command."""
    printer.set(paper_out_after=40)
    line.sendall(b"\x1da\x0f\x1b@\x1da\x0f\x1dv0\x00\x01\x00\xff\x00" + b"\xff" * 60)
    assert hear(line, 12) == b"\x14\x00\x00\x0f" * 2 + b"\x1c\x00\x0f\x0f"
    line.sendall(CLEAR)
    assert hear(line, len(CLEARED)) == CLEARED
    printer.set(paper_out=False)
    assert hear(line, 4) == b"\x14\x00\x00\x0f"
    line.sendall(ASK)
    assert hear(line, len(ECHO)) == ECHO
    assert printer.unknown == []


def test_the_other_clearing_is_for_a_printer_in_error_only(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out=True)
    line.sendall(SLIP + ASK + b"\x10\x05\x02")
    assert asked(line)
    printer.set(paper_out=False)
    assert hear(line, len(ECHO)) == ECHO  # nothing was forgotten
    printer.set(cutter_error=True)
    line.sendall(b"\x1da\x0f" + SLIP[2:] + ASK)
    assert hear(line, 8) == b"\x14\x00\x00\x0f" + b"\x1c\x08\x00\x0f"
    line.sendall(b"\x10\x05\x02")
    assert hear(line, 4) == b"\x14\x00\x00\x0f"
    line.sendall(b"\x1dr\x01")
    assert hear(line, 1) == b"\x00"  # and no proof before it


def test_what_only_looks_like_clearing_clears_nothing(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out=True)
    line.sendall(SLIP + b"\x10\x14\x08" + bytes(7))
    assert asked(line)
    assert printer.state()["queued_bytes"] >= len(SLIP) + 10


def test_the_roll_ends_in_the_middle(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(paper_out_after=40)
    line.sendall(b"\x1da\x0f" + b"\n" * 10 + ASK)
    assert hear(line, 8) == b"\x14\x00\x00\x0f" + b"\x1c\x00\x0f\x0f"
    assert printer.state()["printed_mm"] == 5.0
    printer.set(paper_out=False)
    assert hear(line, 4 + len(ECHO)) == b"\x14\x00\x00\x0f" + ECHO
    assert printer.state()["printed_mm"] == round(340 / 203 * 25.4, 1)


def test_paper_takes_its_time(printer: RunningPrinter, line: socket.socket) -> None:
    """42.5 mm at 100 mm/s are 0.4 s: the proof does not come before the paper has moved."""
    printer.set(mm_per_s=100.0)
    line.sendall(b"\n" * 10 + ASK)
    line.settimeout(0.25)
    with pytest.raises(TimeoutError):
        line.recv(1)
    line.settimeout(5)
    assert hear(line, len(ECHO)) == ECHO


def test_silence_answers_nothing_and_works_off_nothing(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(silent=True)
    line.sendall(b"\x10\x04\x01" + SLIP + ASK)
    line.settimeout(0.1)
    with pytest.raises(TimeoutError):
        line.recv(1)
    line.settimeout(5)
    printer.set(silent=False)
    assert hear(line, len(ECHO)) == ECHO


def test_a_stuck_knife_stops_the_slip_that_is_cut(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(cutter_error=True)
    line.sendall(b"\x1b@\x1da\x0f" + SLIP[2:] + ASK)
    assert hear(line, 8) == b"\x14\x00\x00\x0f" + b"\x1c\x08\x00\x0f"
    assert asked(line) == b"\x1a\x52\x1a\x12"
    assert printer.slips() == []
    printer.set(cutter_error=False)
    assert hear(line, 4 + len(ECHO)) == b"\x14\x00\x00\x0f" + ECHO


def test_a_reset_comes_once_and_after_its_byte(printer: RunningPrinter, line: socket.socket) -> None:
    printer.set(reset_after=5)
    line.sendall(b"\x10\x04\x01")
    assert hear(line, 1) == b"\x12"
    line.sendall(SLIP)
    with pytest.raises(ConnectionResetError):
        hear(line, 1)
    with socket.create_connection((printer.host, printer.port), timeout=5) as again:
        again.sendall(b"\x10\x04\x01")
        assert hear(again, 1) == b"\x12"


def test_a_refusing_printer_lets_nobody_in(printer: RunningPrinter) -> None:
    printer.set(refuse=True)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((printer.host, printer.port), timeout=1)
    printer.set(refuse=False)
    with socket.create_connection((printer.host, printer.port), timeout=5) as line:
        assert asked(line) == b"\x12\x12\x12\x12"


def test_one_caller_at_a_time(printer: RunningPrinter, line: socket.socket) -> None:
    assert asked(line)
    with socket.create_connection((printer.host, printer.port), timeout=0.1) as second:
        second.sendall(b"\x10\x04\x01")
        with pytest.raises(TimeoutError):
            second.recv(1)
        line.close()
        second.settimeout(5)
        assert hear(second, 1) == b"\x12"


def test_status_is_heard_inside_a_picture_as_real_printers_do(printer: RunningPrinter, line: socket.socket) -> None:
    line.sendall(b"\x1b@\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01" + CUT + ASK)
    assert hear(line, 1 + len(ECHO)) == b"\x12" + ECHO
    assert printer.unknown == []


def call(method: str, url: str, content: Any = None, kind: str = "application/json") -> tuple[int, dict[str, Any]]:
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_the_control_door_moves_the_switches(printer: RunningPrinter) -> None:
    door = printer.control_url
    assert door.startswith("http://127.0.0.1:")
    status, state = call("PATCH", f"{door}/faults", {"cover_open": True, "paper_out_after": 200})
    assert (status, state["cannot_print"]) == (200, True)
    assert printer.faults == Faults(cover_open=True, paper_out_after=200)
    assert call("PATCH", f"{door}/faults", {"cover_open": False, "paper_out_after": None})[0] == 200
    assert call("GET", f"{door}/state")[1]["faults"]["cover_open"] is False
    assert call("POST", f"{door}/power-cycle")[0] == 200
    assert printer.faults == Faults()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"coffee": True}, "application/json"),
        ({"cover_open": 1}, "application/json"),
        ({"paper_out_after": -1}, "application/json"),
        ({"paper_out_after": 1.5}, "application/json"),
        ({"mm_per_s": 0}, "application/json"),
        ({"mm_per_s": True}, "application/json"),
        ([], "application/json"),
        ({"cover_open": True}, "text/plain"),
    ],
)
def test_the_control_door_refuses_what_it_does_not_know(printer: RunningPrinter, content: Any, kind: str) -> None:
    status, answer = call("PATCH", f"{printer.control_url}/faults", content, kind)
    assert status == 400
    assert answer["error"]
    assert printer.faults == Faults()
    assert call("GET", f"{printer.control_url}/elsewhere")[0] == 404


def test_switching_it_off_ends_its_threads(tmp_path: Path) -> None:
    before = {thread.ident for thread in threading.enumerate()}
    printer = sandbox.start(directory=tmp_path)
    with socket.create_connection((printer.host, printer.port), timeout=5) as line:
        assert asked(line)
        printer.stop()
    left = [t.name for t in threading.enumerate() if t.ident not in before and t.name.startswith("printer-")]
    assert left == []
