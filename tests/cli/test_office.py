"""The back office alone: a print station prints at its own printers, the server at the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from pos.backoffice import BackOffice
from pos.models import JobState, Printer, PrintJob
from pos.paper import printers
from pos.sandbox import printer as outside
from pos.shop import Shop
from tests.paper.test_spool import queue
from tests.payments.test_backoffice import until
from tests.selling.shelf import stand_up


@pytest.fixture
def counter(shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A boutique whose printer stands at a print station."""
    with outside.start(directory=tmp_path / "slips") as running:
        with shop.jot() as tx:
            stand_up(tx)
        where = {"label": "Counter", "host": running.host, "port": running.port}
        printers.register(shop, printer_id="demo-1", boutique_id="demo", station=True, **where)  # type: ignore[arg-type]
        yield shop


def test_the_server_leaves_a_station_s_printer_alone(counter: Shop) -> None:
    with counter.read() as look:
        assert printers.to_print_at(look, station_of=None) == []
        assert printers.to_print_at(look, station_of="demo") == ["demo-1"]
        assert printers.to_print_at(look, station_of="elsewhere") == []


def test_a_print_station_prints_and_does_nothing_else(counter: Shop) -> None:
    station = BackOffice(counter, print_station_of="demo")
    job_id = queue(counter)
    station.start()
    try:
        until(lambda: state(counter, job_id) == JobState.CONFIRMED)
        until(lambda: said(counter) == "ready")
        assert {loop.name for loop in station.loops} == {"printing", "slips", "printer demo-1"}
    finally:
        station.stop()


def state(shop: Shop, job_id: str) -> JobState:
    with shop.read() as look:
        return look.exec(select(PrintJob.state).where(PrintJob.id == job_id)).one()


def said(shop: Shop) -> str | None:
    with shop.read() as look:
        return look.get_one(Printer, "demo-1").said
