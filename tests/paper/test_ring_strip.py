"""The strip for a finger is true to the millimetre on every printer, and is printed once."""

import pytest
from sqlmodel import select

from pos.errors import Unknown
from pos.models import PrintJob
from pos.paper import document as d
from pos.paper.models import MODELS, PrinterModel
from pos.paper.preview import preview
from pos.paper.ruler import BARS_MM, STRIP_MM, TAIL_MM, ruler
from pos.paper.slips import Kind, document
from pos.paper.slips.ring_strip import LONG_MM, facts_of
from pos.selling import strips
from pos.shop import Shop
from tests.paper.house import SUPPLIER

EVERY = pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)


def runs(dots: list[bool]) -> list[int]:
    """Where ink begins."""
    return [i for i, on in enumerate(dots) if on and (i == 0 or not dots[i - 1])]


@EVERY
def test_every_tick_stands_where_its_millimetre_is(model: PrinterModel) -> None:
    page = ruler(d.Ruler(mm=LONG_MM), model=model).image()
    column = [bool(page.getpixel((6, y))) for y in range(page.height)]
    ticks = runs(column)
    assert len(ticks) == LONG_MM + 1
    zero = ticks[0] + 1  # the thick line of 0 is three dots high; its middle counts
    for mm, y in enumerate(ticks[1:], start=1):
        assert (y - zero) * 25.4 / model.dpi == pytest.approx(mm, abs=25.4 / model.dpi * 0.51)


@EVERY
def test_both_bars_are_ten_millimetres_on_paper(model: PrinterModel) -> None:
    page = ruler(d.Ruler(mm=LONG_MM), model=model).image()
    dots = model.dots_of
    y = dots(TAIL_MM) + dots(BARS_MM[1]) - dots(1.5) // 2  # between the stop's end and the bar itself
    x = dots(BARS_MM[0])
    across = [bool(page.getpixel((i, y))) for i in range(dots(STRIP_MM) + 2, x + dots(12))]
    stops = runs(across)[:2]
    assert (stops[1] - stops[0]) * 25.4 / model.dpi == pytest.approx(10, abs=0.1)
    along = [
        bool(page.getpixel((x - dots(1.5) // 2, i)))
        for i in range(dots(TAIL_MM) + dots(BARS_MM[1]) + dots(2), page.height)
    ]
    stops = runs(along)[:2]
    assert (stops[1] - stops[0]) * 25.4 / model.dpi == pytest.approx(10, abs=0.1)
    assert page.width <= model.dots + 7


@pytest.mark.parametrize("language", ["en", "fr"])
@EVERY
def test_the_slip_is_set_whole_on_every_printer(model: PrinterModel, language: str) -> None:
    slip = document(Kind.RING_STRIP, facts=facts_of(SUPPLIER), language=language)
    assert preview(slip, model=model).startswith(b"\x89PNG")


def test_an_impatient_finger_gets_one_strip(stocked: Shop) -> None:
    from pos.people import devices

    token = devices.issue(stocked, boutique_id="demo", label="Window")
    known = devices.known(stocked, cookie=devices.enrol(stocked, token=token))
    assert known is not None
    for _ in range(3):
        strips.print_strip(stocked, device_id=known.device_id, language="fr")
    with stocked.read() as look:
        (job,) = look.exec(select(PrintJob)).all()
    assert (job.kind, job.language, job.order_id) == ("ring_strip", "fr", None)
    stocked.clock.move(strips.ONE_A)  # type: ignore[attr-defined]
    strips.print_strip(stocked, device_id=known.device_id, language="fr")
    with stocked.read() as look:
        assert len(look.exec(select(PrintJob)).all()) == 2
    with pytest.raises(Unknown):
        strips.print_strip(stocked, device_id="x", language="en")
