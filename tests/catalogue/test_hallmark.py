"""Hallmark law at its edges."""

from datetime import date

import pytest

from pos.catalogue import hallmark
from pos.catalogue.hallmark import Part
from pos.errors import Unknown
from tests.catalogue.spoiling import mistakes, rewrite, said

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("metal", "exempt_mg", "marked_mg"),
    [("platinum", 499, 500), ("gold", 999, 1000), ("palladium", 999, 1000), ("silver", 7779, 7780)],
)
def test_exempt_is_less_than_the_limit_and_not_the_limit_itself(metal, exempt_mg, marked_mg):
    assert hallmark.exempt([Part(metal, exempt_mg)], on=TODAY)
    assert not hallmark.exempt([Part(metal, marked_mg)], on=TODAY)


def test_base_metal_counts_by_weight():
    assert hallmark.exempt([Part("gold", 600)], on=TODAY)
    assert not hallmark.exempt([Part("gold", 600), Part(None, 400)], on=TODAY)
    assert hallmark.exempt([Part(None, 90_000)], on=TODAY)


@pytest.mark.parametrize(
    ("parts", "is_exempt"),
    [
        ([Part("gold", 500), Part("silver", 499)], True),
        ([Part("gold", 500), Part("silver", 500)], False),
        ([Part("gold", 250), Part("platinum", 249)], True),
        ([Part("gold", 250), Part("platinum", 250)], False),
        ([Part("silver", 100), Part("palladium", 100)], False),
    ],
)
def test_mixed_metals_follow_platinum_then_gold_and_else_are_marked(parts, is_exempt):
    assert hallmark.exempt(parts, on=TODAY) is is_exempt


def test_law_the_table_does_not_reach_back_to_is_unknown():
    with pytest.raises(Unknown):
        hallmark.exempt([Part("gold", 1)], on=date(1999, 1, 1))
    with pytest.raises(Unknown):
        hallmark.exempt([Part("brass", 1)], on=TODAY)


def test_a_new_row_changes_the_law_from_its_day_on(tmp_path):
    row = "platinum,Pt,950,950,,house,,{limit},,source,high,{begins},{ends},2026-11-22\n"
    head = "metal,symbol,fineness_ppt,stamp,common_name,uk_shield_shape,optional_traditional_symbol,"
    head += "uk_exempt_if_weight_below_g,note,source,confidence,valid_from,valid_to,reviewed_on\n"
    rows = row.format(limit="0.5", begins="2010-01-01", ends="2026-12-31")
    rows += row.format(limit="0.3", begins="2027-01-01", ends="")
    (tmp_path / "hallmark_standards.csv").write_text(head + rows)
    light = [Part("platinum", 400)]
    assert hallmark.exempt(light, on=date(2026, 12, 31), folder=tmp_path)
    assert not hallmark.exempt(light, on=date(2027, 1, 1), folder=tmp_path)


def test_platinum_without_a_record_is_not_published(notebook):
    record = (notebook / "capsule.toml").read_text().split('gtin = "9520000000059"')[1]
    record = "[variants.hallmark]" + record.split("[variants.hallmark]")[1].split("[[variants]]")[0]
    rewrite(notebook, record, "", times=1)
    # The first of the two equal records belongs to the vermeil charm, which differs in its fineness.
    assert [(mistake.key, mistake.rule) for mistake in mistakes(notebook)] == [("variants[NC-PT].hallmark", "HM-01")]


@pytest.mark.parametrize("field", ['sponsor = "VTN"', 'office = "Demonstration"', 'picture = "hallmark"'])
def test_a_struck_piece_names_sponsor_office_and_picture(notebook, field):
    rewrite(notebook, f"{field}\n", "")
    assert said(notebook) == [(f"variants[NC-VM].hallmark.{field.split()[0]}", "HM-09")]


def test_what_is_sold_from_stock_bears_its_marks_and_a_pre_order_may_wait_for_them(notebook):
    rewrite(notebook, 'status = "hallmarked"', 'status = "planned"', times=2)
    assert said(notebook) == [("variants[NC-VM].hallmark.status", "HM-01")]


def test_exactly_the_limit_is_not_exempt(notebook):
    rewrite(notebook, "weight_mg = 4200\nmetal_weight_mg = 4200", "weight_mg = 7780\nmetal_weight_mg = 7780")
    assert said(notebook) == [("variants[NC-CH].hallmark.status", "HM-03")]
    rewrite(notebook, "weight_mg = 7780\nmetal_weight_mg = 7780", "weight_mg = 7779\nmetal_weight_mg = 7779")
    assert said(notebook) == []


def test_a_fineness_that_is_not_the_metals_is_refused(notebook):
    rewrite(
        notebook,
        'fineness = 950\noffice = "Demonstration"\nplace.en = "struck on the lower',
        'fineness = 999\noffice = "Demonstration"\nplace.en = "struck on the lower',
    )
    assert said(notebook) == [("variants[NC-PT].hallmark.fineness", "HM-13")]


@pytest.mark.parametrize(
    ("before", "after", "key", "rule"),
    [
        ("plating_um = 3.0", "plating_um = 2.4", "plating_um", "DESC-04"),
        ("plating_um = 3.0\n", "", "plating_um", "DESC-04"),
        ("plated_before_hallmark = true", "plated_before_hallmark = false", "plated_before_hallmark", "HM-16"),
        ("18ct gold plated.", "18ct gold.", "line.en", "DESC-01"),
        ("plaqué or 18 carats.", "et or 18 carats.", "line.fr", "DESC-01"),
    ],
)
def test_vermeil_is_as_thick_as_its_name_and_is_called_plated(notebook, before, after, key, rule):
    rewrite(notebook, before, after)
    assert (f"variants[NC-VM].{key}", rule) in said(notebook)


def test_two_and_a_half_micrometres_is_vermeil(notebook):
    rewrite(notebook, "plating_um = 3.0", "plating_um = 2.5")
    assert said(notebook) == []


def test_hypoallergenic_needs_evidence(notebook):
    rewrite(notebook, "Platinum 950, one of fifty.", "Hypoallergenic platinum 950, one of fifty.")
    assert said(notebook) == [("variants[NC-PT].line.en", "DESC-10")]
    rewrite(notebook, 'sku = "NC-PT"\n', 'sku = "NC-PT"\nevidence = "EN 1811, report 7"\n')
    assert said(notebook) == []


def test_the_invented_office_is_for_demonstrations_and_demonstrations_for_it(notebook):
    rewrite(notebook, 'office = "Demonstration"', 'office = "London"')
    assert said(notebook) == [("variants[NC-VM].hallmark.office", "HM-09")]
