"""The trade's tables, and how sizes, metals and lines of a file are read from them."""

import math

import pytest

from pos.catalogue import materials, sizes
from pos.catalogue.hallmark import word_faults
from pos.catalogue.reference import table
from pos.catalogue.schema_piece import Sizes
from pos.catalogue.toml_lines import Lines
from pos.errors import SettingsWrong, Unknown


def test_every_row_of_every_table_names_its_source():
    names = ("assay_offices", "engraving_capacity", "hallmark_standards", "materials", "pet_neck_sizes")
    for name in (*names, "ring_sizes", "ring_sizes_iso", "ring_sizes_us", "rules", "tag_sizes"):
        rows = table(name)
        assert rows
        assert all(row["source"].strip() for row in rows), name


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsWrong):
        table("materials", folder=tmp_path)


def test_a_metal_is_printed_in_both_languages_and_a_coat_with_its_thickness():
    assert materials.material("PT950RU").metal_line() == {"en": "Platinum 950", "fr": "Platine 950"}
    coated = materials.material("VERMEIL").metal_line(plating_um=2.5)
    assert coated["en"] == "18ct gold plated sterling silver 925, 2.5\u00a0µm"
    assert coated["fr"] == "Argent 925 plaqué or 18 carats, 2,5\u00a0µm"


def test_vermeil_is_hallmarked_as_silver():
    vermeil = materials.material("VERMEIL")
    assert (vermeil.metal, vermeil.fineness) == ("silver", 925)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_said_of_a_metal_keeps_the_law(language):
    for metal in materials.materials().values():
        for words in (metal.about[language], metal.skin[language], metal.care[language]):
            assert words.endswith(".")
            assert list(word_faults(words, language=language, material=metal, evidence="none is claimed")) == []
        assert "allerg" not in metal.about[language] + metal.skin[language]


def test_an_unknown_metal_is_unknown():
    with pytest.raises(Unknown):
        materials.material("BRASS")


def test_the_table_of_discs_agrees_with_their_geometry_and_the_densities():
    density = materials.material("PT950RU").density
    for row in table("tag_sizes"):
        d, hole, thick = float(row["diameter_mm"]), float(row["hole_mm"]), float(row["thickness_mm"])
        assert math.pi / 4 * (d**2 - hole**2) * thick * density / 1000 == pytest.approx(
            float(row["mass_pt950_g"]), abs=0.06
        )


def test_sizes_are_read_smallest_first():
    rings = sizes.choices(Sizes(ring_mm=[55.0, 40.0, 54.421]))
    assert [size["code"] for size in rings] == ["40", "54.421", "55"]
    assert [size["name"]["en"] for size in rings] == ["C (40.0\u00a0mm)", "54.4\u00a0mm", "O (55.0\u00a0mm)"]
    assert [size["name"]["fr"] for size in sizes.choices(Sizes(chain_mm=[450, 425]))] == ["42,5\u00a0cm", "45\u00a0cm"]
    assert [size["mm"] for size in sizes.choices(Sizes(tag=["M", "XS"]))] == [16.0, 25.0]
    assert sizes.choices(None) == []


def test_the_line_of_a_key_is_found_whatever_the_file_looks_like():
    text = '''# [not.a.table]
title = "a [b] = { c"   # [[nor.this]]
[one]
list = [
  "x = 1",
  "[one.two]",
]
two.three = 4
long = """
four = 5
"""
[[many]]
a = 1
[[many.inner]]
"b c" = { d = 1 }
[[many]]
a = 2
[[many.inner]]
[[many.inner]]
e = 'x'
'''
    lines = Lines(text)
    expected = {
        ("title",): 2,
        ("one", "list", 1): 4,
        ("one", "two", "three"): 8,
        ("one", "two"): 8,
        ("one", "long"): 9,
        ("one", "four"): 3,
        ("many", 0, "a"): 13,
        ("many", 0, "inner", 0, "b c", "d"): 15,
        ("many", 1, "a"): 17,
        ("many", 1, "inner", 1, "e"): 20,
        ("nowhere",): None,
    }
    assert {key: lines.of(key) for key in expected} == expected
