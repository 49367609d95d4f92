"""The twenty ways a card payment fails (stripe_terminal.md §12): each in the guide's table, each with its tests."""

import ast
import re
from collections.abc import Iterator

import pytest

from pos.settings import HOUSE

SCENARIOS = range(1, 21)
NAMED = re.compile(r"test_scenario_(\d+)_\w+")


def rows() -> dict[int, list[str]]:
    """The cells of each row of the table, by its number."""
    lines = (HOUSE / "docs" / "payments.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line)]
    assert len({row[0] for row in cells}) == len(cells), "a number stands twice"
    return {int(number): rest for number, *rest in cells}


PAPER = ("paper", "crash")  # the printer's scenarios are docs/printing.md's


def every_test(*rooms: str) -> Iterator[str]:
    """The name of every test of these rooms of the house."""
    for path in sorted(path for room in rooms for path in (HOUSE / room).rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name


def named(row: list[str]) -> list[str]:
    return re.findall(r"`(\w+)`", row[-1])


def test_every_scenario_has_its_row_and_no_row_is_made_up() -> None:
    assert list(rows()) == list(SCENARIOS)


@pytest.mark.parametrize("number", SCENARIOS)
def test_a_scenario_says_what_is_seen_what_becomes_of_it_and_which_tests_show_it(number: int) -> None:
    what, seen, money, _ = row = rows()[number]
    assert all(len(cell) > 3 for cell in (what, seen, money))
    assert named(row)
    assert {int(NAMED.fullmatch(test)[1]) for test in named(row)} == {number}  # type: ignore[index]


def test_the_table_names_every_test_of_a_scenario_and_none_that_is_not_there() -> None:
    rooms = [f"tests/{room.name}" for room in (HOUSE / "tests").iterdir() if room.is_dir() and room.name not in PAPER]
    there = sorted(test for test in every_test(*rooms) if NAMED.fullmatch(test))
    assert len(set(there)) == len(there), "two tests bear one name"
    assert sorted(test for row in rows().values() for test in named(row)) == there
