"""The printer's own language: what is sent, and what must never be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pos.paper import document as d
from pos.paper import slips
from pos.paper.dots import REAL_TIME, DoesNotFit, defused, pack, qr_modules, qr_picture
from pos.paper.escpos import render
from pos.paper.layout import set_for
from pos.paper.library import Encoder
from pos.paper.models import EPSON_PAGES, GENERIC_58, GENERIC_80, MODELS, T88_80, PrinterModel
from tests.paper.house import PIECE, SLIPS

LIMIT = 12 * 1024
BOTH = pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)


def one(*blocks: d.Block) -> d.Document:
    return d.Document(title="t", language="en", blocks=blocks)


def test_a_slip_begins_with_one_reset_and_ends_with_the_cut() -> None:
    sent = render(one(d.Text(text="é"), d.Cut()), model=GENERIC_80)
    assert sent.startswith(b"\x1b@\x1dP\xcb\xcb\x1bt\x13")
    assert sent.count(b"\x1b@") == 1
    assert sent.endswith(b"\x82\n\x1dVB\x00")


def test_letters_are_sent_in_the_page_that_has_them() -> None:
    sent = render(one(d.Text(text="€ Łódź “x”"), d.Cut()), model=GENERIC_80)
    assert b"\xd5 \x1bt\x12\x9d\xa2d\xab " in sent  # € in CP858; then CP852
    assert b"\x1bt\x10\x93x\x94" in sent  # quotes in CP1252


def test_the_pages_are_those_of_the_library() -> None:
    encoder = Encoder({page: str(slot) for page, slot in EPSON_PAGES})
    for page, _ in EPSON_PAGES:
        for byte in range(0x80, 0x100):
            letter = bytes([byte]).decode(page, "replace")
            if letter != "\ufffd":
                assert encoder.encode(letter, page) == bytes([byte]), (page, byte)


def test_decomposed_accents_and_narrow_spaces_are_plain_bytes() -> None:
    sent = render(one(d.Text(text="Zoe\u0308 1\u202f450,00\u00a0€"), d.Cut()), model=GENERIC_80)
    assert b"Zo\x89 1 450,00 \xd5\n" in sent


def test_a_line_no_page_has_is_a_picture_and_never_a_question_mark() -> None:
    sent = render(one(d.Text(text="Ελλάδα ♥"), d.Text(text="plain"), d.Cut()), model=GENERIC_80)
    assert b"?" not in sent
    assert sent.count(b"\x1dv0") == 1
    assert b"plain\n" in sent


def test_a_name_cannot_command_the_printer() -> None:
    sent = render(one(d.Text(text="A\x1b@\x10\x14\x01\x00\x01B"), d.Cut()), model=GENERIC_80)
    assert b"A@B\n" in sent
    assert not any(command in sent for command in REAL_TIME)


@BOTH
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", SLIPS)
def test_no_slip_says_a_real_time_command(kind: slips.Kind, language: str, model: PrinterModel) -> None:
    sent = render(slips.document(kind, facts=slips.plain(SLIPS[kind]), language=language), model=model)
    assert not any(command in sent for command in REAL_TIME)
    assert b"\x1dv0" in sent or b"?" not in sent


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=600))
def test_a_picture_says_no_real_time_command(data: bytes) -> None:
    page = Image.frombytes("1", (8, len(data)), data)
    packed = pack(page, align=d.Align.LEFT).data
    assert not any(command in packed for command in REAL_TIME)
    assert len(packed) == len(data)
    assert defused(b"\x10\x04\x10\x05\x10\x14\x10\x10") == b"\x18\x04\x18\x05\x18\x14\x10\x10"


@BOTH
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_authenticity_receipt_is_small(model: PrinterModel, language: str) -> None:
    sent = render(slips.document("authenticity", facts=slips.plain(PIECE), language=language), model=model)
    assert len(sent) <= LIMIT


@BOTH
def test_it_stays_small_with_the_longest_words(model: PrinterModel) -> None:
    from dataclasses import replace

    longest = replace(
        PIECE,
        name="Companion’s breakaway tag with the small leather notebook’s corner, platinum",
        engraving=("ABCDEFGHIJKLMNO", "PQRSTUVWXYZÀÉÈÇ", "0123456789"),
        metal="Sterling silver, 18ct gold plated, 3.0 µm",
        verify_url="https://certificates.of.a.long.house.example"
        + PIECE.verify_url.removeprefix("https://id.vitrine.example"),
    )
    sent = render(slips.document("authenticity", facts=slips.plain(longest), language="en"), model=model)
    assert len(sent) <= LIMIT


def test_a_code_has_five_dots_a_module_and_a_quiet_zone() -> None:
    modules, dots = qr_modules(PIECE.verify_url, most=GENERIC_58.dots)
    assert (modules, dots) == (49, 5)
    centred = qr_picture(PIECE.verify_url, module_dots=dots, align=d.Align.CENTRE)
    at_left = qr_picture(PIECE.verify_url, module_dots=dots, align=d.Align.LEFT)
    assert centred.width == 248
    assert GENERIC_58.dots - centred.width >= 2 * 4 * dots
    assert at_left.image().getbbox() == (20, 0, 265, 245)


def test_a_code_too_wide_for_the_paper_is_refused() -> None:
    with pytest.raises(DoesNotFit, match="384 dots"):
        render(one(d.QR(payload="é" * 900)), model=GENERIC_58)
    with pytest.raises(DoesNotFit, match="can hold"):
        render(one(d.QR(payload="é" * 1200)), model=GENERIC_80)


def test_a_printer_that_draws_codes_itself_is_told_the_words_only() -> None:
    sent = render(one(d.QR(payload=PIECE.verify_url), d.Cut()), model=T88_80)
    assert PIECE.verify_url.encode() in sent
    assert b"\x1dv0" not in sent


def test_a_picture_wider_than_the_paper_is_drawn_smaller() -> None:
    wide = d.Picture(width=800, height=8, bits="ff" * 800)
    [bitmap] = set_for(one(wide), model=GENERIC_58)
    assert (bitmap.width, bitmap.height) == (384, 4)  # type: ignore[union-attr]


def test_the_library_prints_nothing_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    for model in MODELS.values():
        for kind, facts in SLIPS.items():
            render(slips.document(kind, facts=slips.plain(facts), language="en"), model=model)
    assert capsys.readouterr() == ("", "")


def test_a_printer_without_a_knife_feeds_to_the_tear_bar() -> None:
    from dataclasses import replace

    sent = render(one(d.Text(text="x"), d.Cut()), model=replace(GENERIC_58, cut=False))
    assert sent.endswith(b"x\n\x1bJ\xa0")


def test_the_library_leaves_nothing_behind(tmp_path: Path) -> None:
    script = "import logging, pos.paper.escpos; assert logging.root.handlers == []"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, cwd=Path(__file__).parents[2])
    assert list(tmp_path.iterdir()) == []
