"""The eighteen ways a receipt printer fails (escpos.md §7): each in docs/printing.md, each with its tests."""

import re

import pytest

from pos.settings import HOUSE
from tests.payments.test_scenarios_book import every_test, named

SCENARIOS = range(1, 19)
PAPER = ("tests/paper", "tests/crash")
NAMED = re.compile(r"test_scenario_(\d+)_\w+")


def rows() -> dict[int, list[str]]:
    """The cells of each row of the table, by its number."""
    lines = (HOUSE / "docs" / "printing.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line)]
    assert len({row[0] for row in cells}) == len(cells), "a number stands twice"
    return {int(number): rest for number, *rest in cells}


def test_every_scenario_has_its_row_and_no_row_is_made_up() -> None:
    assert list(rows()) == list(SCENARIOS)


@pytest.mark.parametrize("number", SCENARIOS)
def test_a_scenario_says_what_is_seen_what_becomes_of_it_and_which_tests_show_it(number: int) -> None:
    what, seen, becomes, _ = row = rows()[number]
    assert all(len(cell) > 3 for cell in (what, seen, becomes))
    assert named(row)
    assert {int(NAMED.fullmatch(test)[1]) for test in named(row)} == {number}  # type: ignore[index]


def test_the_table_names_every_test_of_a_scenario_and_none_that_is_not_there() -> None:
    there = sorted(test for test in every_test(*PAPER) if NAMED.fullmatch(test))
    assert len(set(there)) == len(there), "two tests bear one name"
    assert sorted(test for row in rows().values() for test in named(row)) == there
