"""Words are broken into lines, and nothing of them is lost."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.paper import document as d
from pos.paper.glyphs import can_draw, cells
from pos.paper.layout import set_for
from pos.paper.lettering import balance, clean, loosen, wrap
from pos.paper.lines import Letters, lines_of
from pos.paper.models import GENERIC_58, GENERIC_80, MODELS, PrinterModel

printable = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Mc", "Me")), max_size=200)


def solid(text: str) -> str:
    return "".join(clean(text).split())


@settings(deadline=None)
@given(printable, st.integers(2, 64))
def test_no_letter_is_lost_and_no_line_too_long(text: str, columns: int) -> None:
    for broken in (wrap, balance):
        lines = broken(text, columns)
        assert solid("".join(lines)) == solid(text)
        assert max(map(cells, lines)) <= columns


def test_a_word_of_forty_letters_is_broken_and_not_cut() -> None:
    assert wrap("a " + "x" * 40 + " b", 16) == ["a", "x" * 16, "x" * 16, "x" * 8 + " b"]


def test_a_price_stays_on_one_line() -> None:
    assert wrap("now 1\u202f450,00\u00a0£", 10) == ["now", "1\u00a0450,00\u00a0£"]


def test_middle_text_has_even_lines() -> None:
    assert balance("one two three four five six", 24) == ["one two three", "four five six"]


def test_accents_that_came_apart_are_joined() -> None:
    assert clean("Zoe\u0308") == "Zoë" == unicodedata.normalize("NFC", "Zoe\u0308")


@pytest.mark.parametrize("sneaky", ["\x1b@", "\x10\x04\x01", "\x1dV\x00", "\u202e", "\u200b", "\x00", "\x7f", "\x9b"])
def test_no_character_of_a_name_speaks_to_the_printer(sneaky: str) -> None:
    assert all(unicodedata.category(letter) not in ("Cc", "Cf") for letter in clean(f"A{sneaky}B"))
    assert clean(f"A{sneaky}B")[0] == "A"


def texts(line: Letters) -> list[str]:
    return [run.text for run in line.runs]


def row(left: str, right: str, model: PrinterModel = GENERIC_58) -> list[list[str]]:
    return [texts(line) for line in lines_of(d.Row(left=left, right=right), model)]


def test_a_long_name_wraps_beside_its_price() -> None:
    assert row("Owner and companion, two tags of platinum", "£1,450.00") == [
        ["Owner and companion,", "£1,450.00"],
        ["two tags of platinum"],
    ]


def test_a_price_ends_at_the_right_edge_in_every_size() -> None:
    for model in MODELS.values():
        for size in d.Size:
            for line in lines_of(d.Row(left="Total", right="1 450,00 £", size=size), model):
                assert line.width == model.dots


def test_a_fact_too_long_for_its_label_goes_below_it() -> None:
    long = "VTN\u00a0· 950\u00a0· Demonstration\u00a0· crown\u00a0· b"
    assert row("Hallmark", long) == [["Hallmark"], ["VTN · 950 ·"], ["Demonstration · crown · b"]]


def test_a_sum_too_wide_for_large_figures_is_set_in_bold() -> None:
    block = d.Row(left="Payé ce jour", right="1\u202f234\u202f567,00\u00a0£", size=d.Size.LARGE)
    [line] = lines_of(block, GENERIC_58)
    assert texts(line) == ["PAYÉ CE JOUR", "1 234 567,00 £"]
    assert line.runs[1].style.wide == 1


def test_a_table_too_wide_is_set_line_by_line() -> None:
    wide = "£1,234,567.00"
    table = d.Table(head=("Rate", "Net", "VAT", "Gross"), rows=(("20%", wide, wide, wide),))
    assert [texts(line)[0] for line in lines_of(table, GENERIC_80)] == ["Rate", "20%"]
    assert [texts(line) for line in lines_of(table, GENERIC_58)] == [
        ["Rate", "20%"],
        ["Net", wide],
        ["VAT", wide],
        ["Gross", wide],
    ]


def test_the_longest_house_is_still_named_in_full() -> None:
    house = "The Honourable Company of Goldsmiths and Companions of the Kennel Yard"
    lines = list(lines_of(d.Heading(text=house, level=1), GENERIC_58))
    assert " ".join(text for line in lines for text in texts(line)) == house.upper()


@settings(deadline=None)
@given(printable, printable, st.sampled_from(list(d.Size)), st.sampled_from(list(MODELS.values())))
def test_nothing_is_set_outside_the_paper(left: str, right: str, size: d.Size, model: PrinterModel) -> None:
    blocks = (
        d.Row(left=left, right=right, size=size),
        d.Fact(label=left, fact=right),
        d.Text(text=left, size=size, align=d.Align.CENTRE),
        d.Heading(text=left, level=1),
    )
    for item in set_for(d.Document(title="t", language="en", blocks=blocks), model=model):
        if isinstance(item, Letters):
            assert item.width <= model.dots
            for before, after in zip(item.runs, item.runs[1:], strict=False):
                assert before.x + before.style.advance(before.text) <= after.x


def test_every_letter_of_the_slips_is_in_the_house_font() -> None:
    assert all(map(can_draw, "£€§°½×·–—‰‘’“”«»àâæçéèêëîïôœùûüÿÀÉÈÇŒßŁłŃńŚśŹźŻżČčŘřŠšŽžŐőΩαЖд♥✓"))
    assert not can_draw("中")


def test_fixed_spaces_become_plain_ones_at_last() -> None:
    assert loosen(clean("1\u202f450,00\u00a0£")) == "1 450,00 £"
