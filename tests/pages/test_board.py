"""The board: what it counts is what was sold."""

from tests.pages.conftest import Tablet
from tests.pages.test_counter import paid_order


def test_the_board_shows_a_sale_in_its_figures(tablet: Tablet) -> None:
    paid_order(tablet)
    tablet.open("brand/board")
    tablet.unlock("brand")
    assert tablet.screen.exception == []
    assert tablet.says("<dd>1</dd><dd><small>of 250</small>")
    assert tablet.says("<dd>£250</dd><dd><small>1 order</small>")
    assert tablet.says("1 / 60")


def test_one_edition_can_be_looked_at_alone(tablet: Tablet) -> None:
    paid_order(tablet)
    tablet.open("brand/board")
    tablet.unlock("brand")
    tablet.screen.pills(key="board_edition_notebook-corner").set_value("NC-CH").run()
    assert tablet.says("<dd>0</dd><dd><small>of 120</small>")


def test_the_board_of_a_manager_speaks_french_too(tablet: Tablet) -> None:
    tablet.open("brand/board", lang="fr")
    tablet.unlock("manager")
    assert tablet.says("Toute la capsule") or tablet.says("Encaissé HT")
