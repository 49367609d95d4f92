"""A printer's replies are told apart, however the network cuts them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.paper.status import (
    SENTENCES,
    Asb,
    Block,
    Cause,
    Flow,
    Other,
    RealTime,
    Replies,
    Reply,
    absent,
    from_asb,
    from_real_time,
    process_id,
)

OK = (0x12, 0x12, 0x12, 0x12)

replies = st.lists(
    st.one_of(
        st.sampled_from([b"\x11", b"\x13", b"\x12", b"\x1a", b"\x32", b"\x7e", b"\x00", b"\x0f"]),
        st.sampled_from([b"\x14\x00\x00\x0f", b"\x1c\x00\x0f\x0f", b"\x3c\x00\x00\x0f", b"\x18\x08\x00\x0f"]),
        st.integers(0, 94**4 - 1).map(lambda n: b"\x37\x22" + process_id(n).encode() + b"\0"),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(replies, st.lists(st.integers(1, 5), max_size=40))
def test_it_does_not_matter_where_the_network_cuts(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    pieces, heard = Replies(), []
    rest = stream
    for cut in cuts:
        heard += pieces.feed(rest[:cut])
        rest = rest[cut:]
    heard += pieces.feed(rest)
    assert heard == Replies().feed(stream)
    assert len(heard) == len(parts)


def test_each_reply_is_known_by_its_bits() -> None:
    stream = b"\x11\x13\x12\x14\x00\x00\x0f\x37\x22abcd\x00\x03\x80"
    expected: list[Reply] = [
        Flow(True),
        Flow(False),
        RealTime(0x12),
        Asb(b"\x14\x00\x00\x0f"),
        Block(b"\x37\x22abcd\x00"),
        Other(0x03),
        Other(0x80),
    ]
    assert Replies().feed(stream) == expected
    assert isinstance(expected[4], Block)
    assert expected[4].process_id == "abcd"
    assert Block(b"\x37\x23abcd\x00").process_id is None


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        (OK, None),
        ((0x16, 0x12, 0x12, 0x12), None),  # the drawer is open, which is nobody's fault
        ((0x12, 0x12, 0x12, 0x1E), None),  # nearly empty still prints
        ((0x1A, 0x32, 0x12, 0x7E), Cause.PAPER_OUT),
        ((0x1A, 0x32, 0x12, 0x72), Cause.PAPER_OUT),  # a printer without a near-end sensor
        ((0x1A, 0x16, 0x12, 0x12), Cause.COVER_OPEN),
        ((0x1A, 0x36, 0x12, 0x7E), Cause.COVER_OPEN),  # cover first: the paper bit may be old
        ((0x1A, 0x52, 0x1A, 0x12), Cause.CUTTER),
        ((0x1A, 0x52, 0x32, 0x12), Cause.ERROR),
        ((0x1A, 0x12, 0x12, 0x12), Cause.OFFLINE),
    ],
)
def test_the_cause_to_mend_first(answers: tuple[int, ...], cause: Cause | None) -> None:
    assert from_real_time(answers).cause == cause
    assert from_real_time(answers).ready == (cause is None)


@pytest.mark.parametrize(
    ("block", "cause"),
    [
        (b"\x10\x00\x00\x0f", None),
        (b"\x14\x00\x03\x0f", None),
        (b"\x1c\x00\x0f\x0f", Cause.PAPER_OUT),
        (b"\x3c\x00\x00\x0f", Cause.COVER_OPEN),
        (b"\x1c\x08\x00\x0f", Cause.CUTTER),
        (b"\x1c\x20\x00\x0f", Cause.ERROR),
        (b"\x1c\x00\x00\x0f", Cause.OFFLINE),
    ],
)
def test_automatic_status_tells_the_same(block: bytes, cause: Cause | None) -> None:
    assert from_asb(block).cause == cause


def test_nearly_empty_is_told() -> None:
    assert from_real_time((0x12, 0x12, 0x12, 0x1E)).near_end
    assert from_asb(b"\x14\x00\x03\x0f").near_end


def test_process_ids_are_four_letters_and_never_twice() -> None:
    assert process_id(0) == "!!!!"
    assert process_id(1) == "!!!\x22"
    assert process_id(94**4 - 1) == "~~~~"
    ids = {process_id(n) for n in range(0, 94**4, 99_991)}
    assert len(ids) == len(range(0, 94**4, 99_991))
    assert all(len(i) == 4 and all("!" <= letter <= "~" for letter in i) for i in ids)
    for beyond in (-1, 94**4):
        with pytest.raises(ValueError):
            process_id(beyond)


@pytest.mark.parametrize("language", SENTENCES)
def test_every_cause_has_its_sentence(language: str) -> None:
    assert SENTENCES[language].keys() == {None, *Cause}
    assert absent(Cause.SILENT).sentence(language).endswith(".")
