"""Four ways a printer hangs at the shop, and three ways it proves what it did, behind one door."""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos.errors import Unknown
from pos.models import Connection
from pos.paper import connection, printers, slips
from pos.paper.connection import Sent
from pos.paper.escpos import render
from pos.paper.models import FILE, MODELS, Proof
from pos.paper.preview import preview
from pos.paper.status import Cause, PrinterStatus, process_id
from pos.paper.wire import Address
from pos.sandbox.printer import PrintServer, RunningPrinter
from tests.paper.conftest import QUICK
from tests.paper.house import PIECE
from tests.paper.test_connection import same

SLIP = slips.document("authenticity", facts=slips.plain(PIECE), language="en")
PAYLOAD = render(SLIP, model=MODELS["generic-80"])
SHORT = replace(QUICK, deadline=0.3)


def send(where: Address, **more: object) -> connection.Outcome:
    options = {"limits": QUICK, "before_first_byte": lambda: None} | more
    return connection.send(where, payload=PAYLOAD, process_id=process_id(1), **options)  # type: ignore[arg-type]


@pytest.fixture(params=[Connection.USB, Connection.SERIAL])
def device(request: pytest.FixtureRequest, printer: RunningPrinter) -> Address:
    """The same printer on a cable."""
    return Address(connection=request.param, path=printer.plug_in())


def test_a_slip_over_a_cable_is_printed_and_proven(printer: RunningPrinter, device: Address) -> None:
    assert connection.status(device, limits=QUICK).ready
    assert send(device).state is Sent.CONFIRMED
    assert same(preview(SLIP, model=MODELS["generic-80"]), printer.wait_for_slips(1)[0].png.read_bytes())


def test_a_cable_printer_without_paper_is_sent_nothing(printer: RunningPrinter, device: Address) -> None:
    printer.set(paper_out=True)
    outcome = send(device)
    assert (outcome.state, outcome.cause, outcome.bytes_sent) == (Sent.NOT_STARTED, Cause.PAPER_OUT, 0)


def test_a_cable_printer_that_falls_silent_leaves_a_question(printer: RunningPrinter, device: Address) -> None:
    printer.set(silent_after=None, no_process_id=True)
    assert send(device, limits=SHORT).state is Sent.UNKNOWN


def test_two_processes_do_not_share_a_device(printer: RunningPrinter, device: Address) -> None:
    with connection.open_wire(device, limits=QUICK):
        assert send(device).cause is Cause.UNREACHABLE
    assert send(device).state is Sent.CONFIRMED


@pytest.mark.parametrize("way", [Connection.USB, Connection.SERIAL])
def test_a_device_that_is_not_there_has_a_cause(way: Connection, tmp_path: Path) -> None:
    assert send(Address(connection=way, path=str(tmp_path / "lp0"))).cause is Cause.UNREACHABLE


def test_a_file_is_no_serial_line(tmp_path: Path) -> None:
    (tmp_path / "tty").touch()
    where = Address(connection=Connection.SERIAL, path=os.fspath(tmp_path / "tty"))
    assert send(where).cause is Cause.UNREACHABLE


# What a printer can prove


def test_a_printer_that_only_says_that_it_has_worked_it_off_is_never_printed(
    printer: RunningPrinter, address: Address
) -> None:
    printer.set(no_process_id=True)
    assert send(address, proof=Proof.FENCE).state is Sent.SENT
    assert printer.wait_for_slips(1)


def test_without_its_answer_there_is_a_question(printer: RunningPrinter, address: Address) -> None:
    printer.set(no_process_id=True, no_fence=True)
    assert send(address, proof=Proof.FENCE, limits=SHORT).state is Sent.UNKNOWN


def test_a_fence_that_waits_for_paper_is_waited_for(printer: RunningPrinter, address: Address) -> None:
    printer.set(paper_out_after=300)
    outcome = send(address, proof=Proof.FENCE, limits=replace(QUICK, patience=0.3))
    assert (outcome.state, outcome.cause) == (Sent.UNKNOWN, Cause.PAPER_OUT)


def test_a_mute_printer_is_sent_everything_and_believed_nothing(printer: RunningPrinter, address: Address) -> None:
    printer.set(mute=True, no_process_id=True, no_fence=True)
    assert send(address, proof=Proof.NONE, tells=False).state is Sent.SENT
    assert same(preview(SLIP, model=MODELS["generic-80"]), printer.wait_for_slips(1)[0].png.read_bytes())


# A print server


@pytest.fixture
def server(printer: RunningPrinter) -> Iterator[PrintServer]:
    with PrintServer((printer.host, printer.port)) as running:
        yield running


def queue(server: PrintServer, name: str = PrintServer.queue) -> Address:
    return Address("127.0.0.1", server.port, Connection.CUPS, name)


def test_a_queue_hands_the_slip_on(printer: RunningPrinter, server: PrintServer) -> None:
    assert send(queue(server)).state is Sent.SENT
    assert same(preview(SLIP, model=MODELS["generic-80"]), printer.wait_for_slips(1)[0].png.read_bytes())


@pytest.mark.parametrize(
    ("reasons", "cause"),
    [
        (["media-empty-error"], Cause.PAPER_OUT),
        (["cover-open-report"], Cause.COVER_OPEN),
        (["none"], None),
        (["other", "offline-report"], Cause.UNREACHABLE),
    ],
)
def test_a_queue_says_how_it_stands(server: PrintServer, reasons: list[str], cause: Cause | None) -> None:
    server.reasons = reasons
    assert connection.status(queue(server), limits=QUICK).cause is cause


def test_a_queue_that_was_stopped_or_is_not_there_is_given_nothing(server: PrintServer) -> None:
    assert send(queue(server, "elsewhere")).state is Sent.NOT_STARTED
    server.stopped = True
    assert (send(queue(server)).state, server.jobs) == (Sent.NOT_STARTED, [])


def test_a_slip_that_a_queue_does_not_get_rid_of_is_taken_back_and_asked_about(
    printer: RunningPrinter, server: PrintServer
) -> None:
    printer.set(refuse=True)
    assert send(queue(server), limits=SHORT).state is Sent.UNKNOWN
    printer.set(refuse=False)
    assert [job.over.is_set() for job in server.jobs] == [True]  # it will not come out by itself tomorrow


def test_no_print_server_at_all() -> None:
    nobody = Address("127.0.0.1", 9, Connection.CUPS, "receipts")
    assert connection.status(nobody, limits=QUICK) == PrinterStatus(online=False, cause=Cause.UNREACHABLE)


# Addresses and models


@pytest.mark.parametrize(
    "words", ["192.0.2.20:9100", "usb:/dev/usb/lp0", "serial:/dev/ttyUSB0@19200", "cups://192.0.2.1:631/receipts"]
)
def test_an_address_is_read_as_it_is_written(words: str) -> None:
    assert str(printers.read_address(words)) == words


@pytest.mark.parametrize(
    "words", ["", "here:there", "usb:", "serial:/dev/ttyUSB0@fast", "serial:/dev/tty@1200", "cups://x/"]
)
def test_what_is_no_address_is_refused(words: str) -> None:
    with pytest.raises(Unknown):
        printers.refuse_nowhere(printers.read_address(words))


def test_every_model_says_where_its_row_is_from() -> None:
    assert set(MODELS) == set(tomllib.loads(FILE.read_text()))
    assert [model.name for model in MODELS.values() if not (model.source and model.tried and model.called)] == []
