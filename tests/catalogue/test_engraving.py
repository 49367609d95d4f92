"""What can be cut, and the reason why the rest cannot."""

import unicodedata

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from pos.catalogue import engraving
from pos.catalogue.engraving import Limits
from pos.catalogue.glyphs import clusters
from pos.errors import CannotEngrave

TWO_LINES = Limits((11, 12), 2.5)


def test_names_with_accents_are_cut_as_written():
    assert engraving.cut("Zoë\nŁukasz Žižka", limits=TWO_LINES) == ("Zoë", "Łukasz Žižka")


def test_one_letter_is_one_letter_however_it_was_typed():
    composed, apart = unicodedata.normalize("NFC", "Zoë"), unicodedata.normalize("NFD", "Zoë")
    assert len(apart) == 4
    assert (
        engraving.cut(apart, limits=Limits((3,), 2.5)) == engraving.cut(composed, limits=Limits((3,), 2.5)) == ("Zoë",)
    )


def test_spaces_are_put_in_order_and_empty_lines_at_the_end_left_out():
    assert engraving.cut("  Biscuit \u00a0 &  moi \n\n", limits=Limits((20,), 2.5)) == ("Biscuit & moi",)


def test_lines_may_come_apart_already():
    assert engraving.cut(["Biscuit", "& moi"], limits=TWO_LINES) == ("Biscuit", "& moi")


@pytest.mark.parametrize(
    ("text", "reason", "glyph"),
    [
        ("Biscuit 🐕", "emoji", "🐕"),
        ("👩‍👧", "emoji", "👩‍👧"),
        ("❤\ufe0f", "emoji", "❤\ufe0f"),
        ("🇫🇷", "emoji", "🇫🇷"),
        ("A\tB", "control", "\t"),
        ("A\x00", "control", "\x00"),
        ("A\x85B", "control", "\x85"),
        ("A\rB", "control", "\r"),
        ("\u202eBiscuit", "bidi", "\u202e"),
        ("Bis\u200bcuit", "invisible", "\u200b"),
        ("Bis\u00adcuit", "invisible", "\u00ad"),
        ("A\u2028B", "invisible", "\u2028"),
        ("Ж", "letter", "Ж"),
        ("犬", "letter", "犬"),
        ("x\u0302", "letter", "x\u0302"),
        ("ﬁn", "letter", "ﬁ"),
    ],
)
def test_what_cannot_be_cut_is_refused_with_the_glyph_and_the_reason(text, reason, glyph):
    with pytest.raises(CannotEngrave) as refused:
        engraving.cut(text, limits=TWO_LINES)
    assert (refused.value.reason, refused.value.glyph) == (reason, glyph)


def test_a_line_too_long_says_which_and_how_much():
    with pytest.raises(CannotEngrave) as refused:
        engraving.cut("Biscuit\nthe well-travelled", limits=TWO_LINES)
    assert (refused.value.reason, refused.value.line, refused.value.most) == ("line_long", 2, 12)


def test_too_many_lines_say_how_many():
    with pytest.raises(CannotEngrave) as refused:
        engraving.cut("a\nb\nc", limits=TWO_LINES)
    assert (refused.value.reason, refused.value.most) == ("lines_many", 2)


def test_the_limit_itself_fits():
    assert engraving.cut("M" * 11, limits=TWO_LINES) == ("M" * 11,)


def test_nothing_is_nothing():
    assert engraving.cut(" \n ", limits=TWO_LINES) == ()


@pytest.mark.parametrize(
    ("size", "cap", "most"),
    [
        ("XS", 2.0, (8, 8, 4)),
        ("S", 2.0, (10, 11, 10, 6)),
        ("M", 2.5, (11, 12, 10, 7)),
        ("L", 2.5, (12, 14, 14, 13, 11, 5)),
    ],
)
def test_a_round_tag_takes_what_its_geometry_allows(size, cap, most):
    assert engraving.tag_limits(size, cap_height_mm=cap) == Limits(most, cap)


def test_a_cap_height_without_a_row_has_no_limits():
    assert engraving.tag_limits("M", cap_height_mm=2.2) is None


def test_a_straight_line_takes_as_many_capitals_as_fit():
    assert engraving.straight_capacity(18.0, cap_height_mm=2.5) == 10
    assert engraving.straight_capacity(17.9, cap_height_mm=2.5) == 9


@given(st.text(max_size=40))
def test_whatever_is_typed_is_cut_whole_or_refused(text):
    limits = Limits((40, 40, 40), 2.0)
    try:
        lines = engraving.cut(text, limits=limits)
    except CannotEngrave:
        event("refused")
        return
    written = "\n".join(lines)
    assert written == unicodedata.normalize("NFC", written)
    assert all(engraving.reason_against(glyph) is None for line in lines for glyph in clusters(line))
    assert written.split() == unicodedata.normalize("NFC", text).split(), "nothing is lost and nothing changed"


@given(st.text(max_size=30))
def test_clusters_are_the_text_again(text):
    assert "".join(clusters(text)) == text
