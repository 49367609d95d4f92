"""One measure in every country's size; the nearest a piece comes in; a wide band sits tighter."""

import math

import pytest

from pos.catalogue.reference import table
from pos.fitting import rings

TABLED = ("iso8653_nearest", "jp_jcs_nearest")


@pytest.mark.parametrize(
    ("mm", "uk", "us", "eu", "jp"),
    [
        (54.421, "N½", 7.0, 54, 14),  # the worked example of the trade
        (51.868, "L½", 6.0, 52, 12),
        (40.0, "C", 1.25, None, None),
        (37.5, "A", 0.25, None, None),
        (16 * math.pi, "K", 5.25, 50, 10),
        (76.25, "Z+6", 15.5, 76, None),
    ],
)
def test_one_finger_in_every_country(mm: float, uk: str, us: float, eu: int | None, jp: int | None) -> None:
    size = rings.size_of(mm)
    assert (size.uk, size.us, size.eu, size.jp) == (uk, us, eu, jp)
    assert size.diameter_mm * math.pi == pytest.approx(mm)


def test_half_way_between_two_sizes_is_the_larger() -> None:
    assert rings.size_of(54.0625).uk == "N½"  # N is 53.75, N½ 54.375
    assert rings.nearest_offered(55.0, offered=[54.0, 56.0]) == 56.0


def test_no_label_is_made_up_where_a_scale_ends() -> None:
    assert rings.size_of(30).uk is None
    assert rings.size_of(90).us is None
    assert [rings.size_of(mm).eu for mm in (40.4, 40.5, 76.25, 76.5)] == [None, 41, 76, None]


def test_the_table_and_the_rule_name_the_same_european_and_japanese_sizes() -> None:
    for row in table("ring_sizes"):
        size = rings.size_of(float(row["circumference_mm"]))
        assert (size.eu, size.jp) == tuple(int(row[name]) if row[name] else None for name in TABLED), row["uk_au_label"]


@pytest.mark.parametrize(("band", "wanted"), [(2.5, 54.0), (4.0, 54.0), (4.1, 54.5), (4.6, 54.5)])
def test_a_band_wider_than_four_millimetres_is_made_half_a_millimetre_larger(band: float, wanted: float) -> None:
    assert rings.advised(54.0, band_mm=band) == wanted


def test_a_piece_in_other_sizes_than_this_says_so() -> None:
    letters = [51.25, 52.5, 53.75, 55.0]
    assert rings.nearest_offered(53.2, offered=letters) == 53.75
    assert rings.nearest_offered(55.6, offered=letters) == 55.0
    assert rings.nearest_offered(55.7, offered=letters) is None
    assert rings.nearest_offered(54.0, offered=[]) is None


@pytest.mark.parametrize(
    ("mm", "nearest"),
    [(47.0, None), (50.6, None), (50.625, 51.25), (51.5, 51.25), (51.6, 51.875), (69.375, 68.75), (69.4, None)],
)
def test_a_size_that_stands_far_from_the_others_stretches_none_of_them(mm: float, nearest: float | None) -> None:
    assert rings.nearest_offered(mm, offered=[68.75, 51.25, 51.875]) == nearest
