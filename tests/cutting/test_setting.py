"""Words on metal: as large as there is room for, clear of holes, marks and edges, and refused with every reason."""

import pytest

from pos.catalogue.engraving import Limits
from pos.cutting.face import face
from pos.cutting.ground import EDGE_MM, Ground, ground
from pos.cutting.setting import refuse, set_words
from pos.errors import CannotEngrave

PLATE = ground(kind="tag", measures={"width": 28.0, "height": 16.0, "hole": 2.6}, width_mm=19.0)
DISC = ground(kind="tag", measures={"diameter": 25.0, "hole": 3.0})
SMALL = ground(kind="tag", measures={"diameter": 20.0, "hole": 2.5})
CORNER = ground(kind="charm", measures={"width": 22.0, "height": 22.0}, width_mm=16.5)
BAND = ground(kind="ring", measures={"width": 4.6, "inner_circumference": 54.375}, width_mm=30.0)
LIMITS = {
    PLATE: Limits((10, 10), 2.5), DISC: Limits((11, 12), 2.5), SMALL: Limits((8, 8), 2.5),
    CORNER: Limits((9,), 2.5), BAND: Limits((18,), 2.0),
}  # fmt: skip
EVERY = pytest.mark.parametrize("on", LIMITS, ids=["plate", "disc", "small disc", "corner", "band"])


@EVERY
@pytest.mark.parametrize("words", ["I", "ÉLISE", "Zoé & Jo", "FORTITER", "gypsy", "ŽŇÅÇŐ"])
def test_no_letter_comes_near_an_edge_a_hole_or_a_mark(on: Ground, words: str) -> None:
    lines = [words] * LIMITS[on].lines
    found = set_words(lines, limits=LIMITS[on], on=on)
    assert found.refusals == ()
    for line in found.lines:
        above, below = face().reach(line.words, cap_mm=found.cap_mm)
        left, right = on.room(line.y - above, line.y + below)
        assert left - 1e-6 <= line.x
        assert line.x + line.width <= right + 1e-6
        assert on.area.top - 1e-6 <= line.y - above
        assert line.y + below <= on.area.bottom + 1e-6
        if on.marks:
            assert on.marks.top - (line.y + below) >= 2.0 - 1e-6
        if on.hole:
            x, y, r = on.hole
            near_x, near_y = min(max(x, line.x), line.x + line.width), min(max(y, line.y - above), line.y + below)
            assert ((near_x - x) ** 2 + (near_y - y) ** 2) ** 0.5 >= r + EDGE_MM - 1e-6


def test_words_are_made_smaller_before_they_are_refused() -> None:
    short, long = (set_words([words], limits=LIMITS[CORNER], on=CORNER) for words in ("AB", "FORTITER"))
    assert short.cap_mm == 2.5
    assert 1.5 <= long.cap_mm < 2.5
    assert long.width_mm <= 16.5
    assert set_words(["WWWWWWWWW"], limits=LIMITS[CORNER], on=CORNER).refusals[0].reason == "line_wide"


def test_a_narrow_letter_takes_less_than_a_broad_one() -> None:
    assert face().width("ILLI", cap_mm=2) < face().width("MWMW", cap_mm=2)
    assert face().width("AB", cap_mm=4) == pytest.approx(2 * face().width("AB", cap_mm=2))


def test_every_reason_is_said_at_once() -> None:
    found = set_words(["A😀B", "Ĳ語\u202e"], limits=LIMITS[PLATE], on=PLATE)
    assert [(one.reason, one.glyph) for one in found.refusals] == [
        ("emoji", "😀"), ("letter", "Ĳ"), ("letter", "語"), ("bidi", "\u202e"),
    ]  # fmt: skip
    long = set_words(["A" * 11, "B" * 12, "C"], limits=LIMITS[PLATE], on=PLATE)
    assert [one.reason for one in long.refusals] == ["lines_many", "line_long", "line_long"]


def test_letters_are_what_a_reader_sees() -> None:
    composed, apart = (set_words([words], limits=LIMITS[SMALL], on=SMALL) for words in ("ZOË", "ZOE\u0308"))
    assert composed == apart
    eight = set_words(["E\u0301" * 8], limits=Limits((8,), 2.5), on=PLATE)
    assert eight.refusals == ()


def test_accents_and_tails_make_room_between_lines() -> None:
    plain, tall = (set_words(words, limits=LIMITS[DISC], on=DISC) for words in (["MAX", "MAX"], ["gyp", "ÉÅŐ"]))
    assert plain.lines[1].y - plain.lines[0].y < tall.lines[1].y - tall.lines[0].y


def test_an_empty_line_keeps_its_place_and_is_not_counted_as_cut() -> None:
    below = set_words(["", "ABC"], limits=LIMITS[DISC], on=DISC)
    assert [line.words for line in below.lines] == ["ABC"]
    assert below.height_mm == 2.5
    assert below.lines[0].y > set_words(["ABC"], limits=LIMITS[DISC], on=DISC).lines[0].y
    three = set_words(["A", "", "B"], limits=Limits((9, 9, 9), 1.5), on=DISC)
    assert [line.words for line in three.lines] == ["A", "B"]
    assert three.height_mm > 2 * 1.5 * 1.45


def test_too_high_for_a_slim_band() -> None:
    slim = ground(kind="ring", measures={"width": 2.2, "inner_circumference": 54.0})
    assert [one.reason for one in set_words(["ABC"], limits=Limits((9,), 2.0), on=slim).refusals] == ["lines_high"]


def test_who_writes_it_down_is_refused_with_the_reason() -> None:
    with pytest.raises(CannotEngrave) as refused:
        refuse(["WWWWWWWWW"], limits=LIMITS[CORNER], on=CORNER)
    assert (refused.value.reason, refused.value.line) == ("line_wide", None)  # the only line has no number
    assert refuse(["FORTITER"], limits=LIMITS[CORNER], on=CORNER).lines[0].words == "FORTITER"


def test_an_outline_is_as_high_as_its_capitals() -> None:
    import re

    path = face().outline("HHH", x=10, y=20, cap_mm=3.0)
    heights = [float(y) for y in re.findall(r"[ML]-?[\d.]+[ ,](-?[\d.]+)", path)] + [
        float(y) for y in re.findall(r"V(-?[\d.]+)", path)
    ]
    assert min(heights) == pytest.approx(17.0, abs=0.01)
    assert max(heights) == pytest.approx(20.0, abs=0.01)
