"""The virtual printer reads what the shop sends and draws it; what it does not know it steps over and says so."""

import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from pos.paper import document as d
from pos.paper import slips
from pos.paper.escpos import render
from pos.paper.models import GENERIC_58, GENERIC_80, T88_80, PrinterModel
from pos.paper.preview import preview
from pos.sandbox import printer as sandbox
from pos.sandbox.printer import RunningPrinter
from tests.paper.house import PICKUP, PIECE, SLIPS, TEST

CUT = b"\x1dVB\x00"
MODELS = [(GENERIC_80, "80mm"), (GENERIC_58, "58mm"), (T88_80, "80mm-180dpi")]


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[RunningPrinter]:
    with sandbox.start(directory=tmp_path / "tray") as running:
        yield running


def feed(printer: RunningPrinter, data: bytes) -> None:
    with socket.create_connection((printer.host, printer.port)) as line:
        line.sendall(data)


def drawn(printer: RunningPrinter, data: bytes) -> Image.Image:
    already = len(printer.slips())
    feed(printer, data)
    return Image.open(printer.wait_for_slips(already + 1)[-1].png).convert("L")


@pytest.mark.parametrize(("model", "shape"), MODELS, ids=[shape for _, shape in MODELS])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_drawn_is_what_the_preview_showed(
    tmp_path: Path, model: PrinterModel, shape: str, language: str
) -> None:
    """Two ways to the same paper: laid out from the document, and read back from the bytes. Every dot is the same."""
    with sandbox.start(directory=tmp_path, model=shape) as printer:
        for kind, facts in SLIPS.items():
            slip = slips.document(kind, facts=slips.plain(facts), language=language)
            shown = Image.open(io.BytesIO(preview(slip, model=model))).convert("L")
            picture = drawn(printer, render(slip, model=model))
            assert shown.size == picture.size, kind
            assert ImageChops.difference(shown, picture).getbbox() is None, kind
        assert printer.unknown == []


@pytest.mark.parametrize(("model", "shape"), MODELS, ids=[shape for _, shape in MODELS])
def test_a_phone_reads_the_drawn_code(tmp_path: Path, model: PrinterModel, shape: str) -> None:
    payloads = {
        "authenticity": (PIECE, PIECE.verify_url),
        "pickup": (PICKUP, PICKUP.payload),
        "test": (TEST, TEST.address),
    }
    with sandbox.start(directory=tmp_path, model=shape) as printer:
        for kind, (facts, payload) in payloads.items():
            slip = slips.document(kind, facts=slips.plain(facts), language="en")  # type: ignore[arg-type]
            picture = drawn(printer, render(slip, model=model))
            assert [code.text for code in zxingcpp.read_barcodes(picture)] == [payload]


def test_the_tray_holds_bytes_and_picture_and_numbers_go_on(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        with sandbox.start(directory=tmp_path) as printer:
            feed(printer, b"\x1b@slip\n" + CUT)
            [slip] = printer.wait_for_slips(1)
            assert slip.number == number
            assert slip.bin.name == f"slip-{number:06d}.bin"
            assert slip.bin.read_bytes() == b"\x1b@slip\n" + CUT
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".bin"] * 3 + [".png"] * 3


def test_a_slip_is_not_waited_for_for_ever(printer: RunningPrinter) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 slips"):
        printer.wait_for_slips(1, timeout=0.05)


def test_two_slips_in_one_connection_are_two_slips(printer: RunningPrinter) -> None:
    feed(printer, b"\x1b@one\n" + CUT + b"\x1b@two\n" + CUT)
    assert [slip.bin.read_bytes() for slip in printer.wait_for_slips(2)] == [b"\x1b@one\n" + CUT, b"\x1b@two\n" + CUT]


def test_a_cut_of_white_paper_is_no_slip(printer: RunningPrinter) -> None:
    feed(printer, b"\x1b@" + CUT + b"\x1b@x\n" + CUT)
    assert printer.wait_for_slips(1)[0].bin.read_bytes() == b"\x1b@x\n" + CUT


def test_a_reset_forgets_the_code_page_and_the_line(printer: RunningPrinter) -> None:
    again = drawn(printer, b"\x1b@\x1bt\x13lost\x1b@\x82\n" + CUT)
    anew = drawn(printer, b"\x1b@\x82\n" + CUT)
    in_858 = drawn(printer, b"\x1b@\x1bt\x13\xd5\n" + CUT)
    without = drawn(printer, b"\x1b@\x1bt\x13\x1b@\xd5\n" + CUT)
    assert ImageChops.difference(again, anew).getbbox() is None
    assert ImageChops.difference(in_858, without).getbbox() is not None


def test_a_reset_ends_automatic_status(printer: RunningPrinter) -> None:
    with socket.create_connection((printer.host, printer.port)) as line:
        line.sendall(b"\x1da\x0f")
        assert line.recv(16) == b"\x14\x00\x00\x0f"
        line.sendall(b"\x1b@\x1dr\x01")
        assert line.recv(16) == b"\x00"
        printer.set(near_end=True)
        line.sendall(b"\x1dr\x01")
        assert line.recv(16) == b"\x03"


def test_distances_are_half_dots_until_it_is_told_otherwise(printer: RunningPrinter) -> None:
    told = drawn(printer, b"\x1b@\x1dP\xcb\xcbx\n\x1bJ\x64" + CUT)
    untold = drawn(printer, b"\x1b@x\n\x1bJ\x64" + CUT)
    assert told.height - untold.height == 50


def test_letters_beyond_the_edge_go_to_the_next_line(printer: RunningPrinter) -> None:
    long = drawn(printer, b"\x1b@" + b"x" * 49 + b"\n" + CUT)
    short = drawn(printer, b"\x1b@" + b"x" * 48 + b"\n" + CUT)
    assert long.height - short.height == 34


@pytest.mark.parametrize(
    ("strange", "name"),
    [
        (b"\x1b\x7e", "ESC ~"),
        (b"\x1dy", "GS y"),
        (b"\x1c~", "FS ~"),
        (b"\x1d(Q\x03\x00abc", "GS ( Q"),
        (b"\x1dk\x04123\x00", "GS k"),
        (b"\x1dkI\x03abc", "GS k"),
        (b"\x1b*\x21\x02\x00abcdef", "ESC *"),
        (b"\x1bt\x63", "ESC t 99"),
        (b"\x01", "01"),
        (b"\x10\x99", "DLE 99"),
    ],
)
def test_what_it_does_not_know_is_stepped_over_and_said(printer: RunningPrinter, strange: bytes, name: str) -> None:
    plain = drawn(printer, b"\x1b@ab\n" + CUT)
    with_it = drawn(printer, b"\x1b@" + strange + b"ab\n" + CUT)
    assert ImageChops.difference(plain, with_it).getbbox() is None
    assert printer.unknown == [name]


@pytest.mark.parametrize(
    "quiet",
    [b"\x1bp\x00\x32\x32", b"\x1dh\x50", b"\x1b{\x00", b"\x1bD\x08\x10\x00", b"\x1c.", b"\x10\x04\x01", b"\r", b"\0"],
)
def test_harmless_commands_change_nothing(printer: RunningPrinter, quiet: bytes) -> None:
    plain = drawn(printer, b"\x1b@ab\n" + CUT)
    with_it = drawn(printer, b"\x1b@" + quiet + b"ab\n" + CUT)
    assert ImageChops.difference(plain, with_it).getbbox() is None


def test_a_letter_the_font_lacks_shows_its_number() -> None:
    slip = d.Document(title="t", language="en", blocks=(d.Text(text="中國"), d.Cut()))
    shown = Image.open(io.BytesIO(preview(slip, model=GENERIC_80))).convert("1")
    assert shown.crop((32, 40, 80, 64)).getcolors() != [(48 * 24, 255)]


def test_a_port_in_use_and_a_model_that_does_not_exist_are_refused(printer: RunningPrinter, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        sandbox.start(printer.port, directory=tmp_path)
    with pytest.raises(OSError, match="in use"):
        sandbox.start(directory=tmp_path, control_port=printer.port)
    with pytest.raises(ValueError, match="no printer model"):
        sandbox.start(directory=tmp_path, model="A4")
