"""The log tells what happened, and never a secret."""

import io
import logging
from collections.abc import Iterator

import pytest

from pos import logs


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written from here on."""
    root, pos = logging.getLogger(), logging.getLogger("pos")
    before = root.handlers[:], root.level, pos.level
    stream = io.StringIO()
    logs.begin(stream=stream)
    yield stream
    root.handlers[:], level, pos_level = before
    root.setLevel(level)
    pos.setLevel(pos_level)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("key sk_test_51HabcDEF refused", "key sk_test_… refused"),
        ("rk_live_a1B2-c3", "rk_live_…"),
        ("secret whsec_abc+/=def.", "secret whsec_…."),
        ("card 4242424242424242 declined", "card [card number] declined"),
        ("card 4242 4242 4242 4242", "card [card number]"),
        ("amex 3782-822463-10005", "amex [card number]"),
        ("code 7F3K-4TRC-9HXM-K7QF-92QD".replace("2", "3"), "code [gift card]"),
        ("code=7f3k4trc9hxmk7qf93qd", "code=[gift card]"),
        ("typed '7F3K 4TRC 9HXM K7QF 93QD'", "typed '[gift card]'"),
        ("order 7F3K-93QD, certificate 9HXM-4TRC", "order 7F3K-93QD, certificate 9HXM-4TRC"),
        ("they have them near the end", "they have them near the end"),
        ("gtin 09521234567895", "gtin 09521234567895"),
        ("piece 12 of 50 for 145000", "piece 12 of 50 for 145000"),
        ("at 2026-11-23T10:00:00", "at 2026-11-23T10:00:00"),
        ("id 018f2b7c9d4e4a11b2c3d4e5f6a7b8c9", "id 018f2b7c9d4e4a11b2c3d4e5f6a7b8c9"),
    ],
)
def test_what_may_be_written(said: str, written: str) -> None:
    assert logs.redacted(said) == written


def test_a_secret_is_blacked_out_wherever_it_comes_from(log: io.StringIO) -> None:
    speaker = logging.getLogger("pos.payments")
    speaker.info("asked with %s", "sk_test_51Habc")
    try:
        raise ValueError("bad key sk_live_9xyz")
    except ValueError:
        speaker.exception("trouble")
    assert "51Habc" not in log.getvalue()
    assert "9xyz" not in log.getvalue()
    assert "sk_test_…" in log.getvalue()
    assert "ValueError: bad key sk_live_…" in log.getvalue()


def test_libraries_speak_up_from_warnings_only(log: io.StringIO) -> None:
    logging.getLogger("stripe").info("a request")
    logging.getLogger("anything").warning("a warning")
    assert "a request" not in log.getvalue()
    assert "a warning" in log.getvalue()


def test_a_person_at_a_command_line_reads_the_cause_and_not_the_trace(log: io.StringIO) -> None:
    logs.begin(stream=log, traces=False)
    try:
        raise OSError("the disk is full")
    except OSError:
        logging.getLogger("pos.test").exception("the records cannot be used")
    said = log.getvalue()
    assert "the records cannot be used" in said
    assert "OSError: the disk is full" in said
    assert "Traceback" not in said
