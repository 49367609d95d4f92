"""How large a tablet draws a millimetre: measured twice, kept for that tablet alone."""

import pytest

from pos.errors import MeasuresDisagree, Unknown
from pos.fitting import glass
from pos.people import devices
from pos.shop import Shop

LONG, SHORT = glass.CARD_MM


def tablet(shop: Shop, label: str) -> str:
    known = devices.known(shop, cookie=devices.enrol(shop, token=devices.issue(shop, boutique_id="demo", label=label)))
    assert known is not None
    return known.device_id


def test_what_was_measured_is_this_tablet_s_and_no_other_s(stocked: Shop) -> None:
    window, counter = tablet(stocked, "Window"), tablet(stocked, "Counter")
    assert glass.of(stocked, device_id=window) is None
    glass.calibrate(stocked, device_id=window, long_points=LONG * 5.2, short_points=SHORT * 5.2, dots_per_point=2.0)
    seen = glass.of(stocked, device_id=window)
    assert seen is not None
    assert seen.points_per_mm == pytest.approx(5.2)
    assert seen.dots_per_mm == pytest.approx(10.4)
    assert seen.is_fine
    assert glass.of(stocked, device_id=counter) is None


@pytest.mark.parametrize(("off", "agrees"), [(1.0, True), (1.009, True), (0.991, True), (1.011, False), (0.989, False)])
def test_two_measures_agree_within_one_percent(off: float, agrees: bool) -> None:
    measures = {"long_points": LONG * 5, "short_points": SHORT * 5 * off, "dots_per_point": 1.0}
    if agrees:
        assert glass.measured(**measures).points_per_mm == pytest.approx(5, rel=0.006)
        return
    with pytest.raises(MeasuresDisagree):
        glass.measured(**measures)


@pytest.mark.parametrize(("points", "dots"), [(1.0, 1.0), (40.0, 1.0), (5.0, 0.0), (5.0, float("nan"))])
def test_two_measures_that_agree_on_what_no_glass_can_be_are_told_so(points: float, dots: float) -> None:
    with pytest.raises(MeasuresDisagree) as refused:
        glass.measured(long_points=LONG * points, short_points=SHORT * points, dots_per_point=dots)
    assert refused.value.reason == "scale"


def test_no_measure_at_all_is_not_kept() -> None:
    with pytest.raises(MeasuresDisagree):
        glass.measured(long_points=0, short_points=0, dots_per_point=1)


def test_eight_dots_a_millimetre_show_half_a_letter() -> None:
    assert glass.Glass(points_per_mm=4.0, dots_per_point=2.0).is_fine
    assert not glass.Glass(points_per_mm=3.78, dots_per_point=2.0).is_fine


def test_a_tablet_nobody_knows_keeps_nothing(stocked: Shop) -> None:
    with pytest.raises(Unknown):
        glass.calibrate(stocked, device_id="x", long_points=LONG * 5, short_points=SHORT * 5, dots_per_point=1.0)
