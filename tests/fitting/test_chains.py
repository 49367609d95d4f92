"""Where a chain lies: all of its length is somewhere, and a longer one is never higher."""

import math

import pytest

from pos.fitting import chains


@pytest.mark.parametrize("length", [380, 400, 450, 500, 600])
@pytest.mark.parametrize("girth", [300, 340, 400])
def test_no_millimetre_of_a_chain_is_lost(length: float, girth: float) -> None:
    hangs = chains.lie(length, girth_mm=girth)
    if hangs is None:
        assert length < (girth + chains.BASE_ADDS_MM) * 0.9
        return
    behind, front = math.pi * hangs.half_width_mm, chains.arc(hangs.half_width_mm, hangs.drop_mm)
    assert behind + front == pytest.approx(length, abs=0.01)


def test_a_chain_that_does_not_go_round_is_not_drawn() -> None:
    assert chains.lie(300, girth_mm=400) is None


def test_longer_lies_lower_and_a_broader_neck_lifts_it() -> None:
    lies = [chains.lie(mm) for mm in (380, 400, 450, 600)]
    drops = [one.drop_mm for one in lies if one]
    assert drops == sorted(drops)
    assert [one.place for one in lies if one] == ["collarbone", "collarbone", "below", "chest"]
    broad, slim = chains.lie(450, girth_mm=400), chains.lie(450, girth_mm=320)
    assert broad is not None
    assert slim is not None
    assert broad.drop_mm < slim.drop_mm
