"""Article numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.catalogue import gtin
from pos.catalogue.gtin import GtinWrong


def test_the_example_of_gs1_is_a_number_and_its_neighbour_is_not():
    assert gtin.checked("9521234543213") == "09521234543213"
    with pytest.raises(GtinWrong) as wrong:
        gtin.checked("9521234543214")
    assert (wrong.value.reason, wrong.value.expected) == ("check_digit", "3")


@pytest.mark.parametrize("number", ["", "952", "952123454321", "952123454321x", "９521234543213", "-521234543213"])
def test_other_forms_are_refused(number):
    with pytest.raises(GtinWrong) as wrong:
        gtin.checked(number)
    assert wrong.value.reason == "form"


@given(st.from_regex(r"[0-9]{12,13}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body, place, by):
    number = body + gtin.check_digit(body)
    assert gtin.checked(number) == number.zfill(14)
    place %= len(number)
    spoiled = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    with pytest.raises(GtinWrong):
        gtin.checked(spoiled)


def test_prefixes_say_what_a_number_is():
    assert gtin.is_demo("9520000000011")
    assert gtin.is_demo("09520000000011")
    assert not gtin.is_demo("4006381333931")
    assert gtin.is_in_store("2000000000015")
    assert gtin.is_in_store("00200000000011")
    assert not gtin.is_in_store("4006381333931")
