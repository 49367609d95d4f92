"""Slips wait for the printer of the tablet that took the payment, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from pos.backoffice import BackOffice
from pos.clock import SetClock
from pos.errors import Unknown
from pos.models import Boutique, Device, JobState, PrintJob, Role, Staff, Table
from pos.paper import printers, spool, waiting
from pos.people import devices
from pos.sandbox import printer as outside
from pos.selling import checkout
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING
from tests.paper.test_spool import PATIENT
from tests.payments.test_backoffice import until
from tests.selling.shelf import CHARM, EVERY_DAY, TAG, Tablet, stand_up
from tests.selling.test_checkout import sold


@pytest.fixture
def shop(settings: Settings, records_url: str) -> Iterator[Shop]:
    """A boutique with one printer, and another one without."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx)
        there = {"name": "Kennel", "address": ["9 Far Street"], "vat_number": "GB 1", "hours": EVERY_DAY}
        tx.add(Boutique(id="pets", slot_capacity=2, **there))
        tx.flush()
        tx.add(Staff(id="bob", boutique_id="pets", name="Bob", role=Role.STAFF, pin_hash="-"))
    yield opened
    opened.close()


def tablet(shop: Shop, *, boutique: str = "demo", printer: str | None = None) -> Tablet:
    enrolled = Tablet(shop).enrol()
    with shop.jot() as tx:
        device = tx.get_one(Device, enrolled.device_id)
        device.boutique_id, device.printer_id = boutique, printer
    return enrolled


def sell(with_: Tablet, sku: str = CHARM) -> str:
    with_.hold(sku)
    with_.book()
    order_id = with_.open()
    sold(with_.shop, order_id)
    return order_id


def papers(shop: Shop) -> dict[str, tuple[str | None, str, str | None]]:
    """Each slip: whose it is, and how it stands."""
    with shop.read() as look:
        return {job.kind: (job.printer_id, job.state, job.cause) for job in look.exec(select(PrintJob))}


def add_printer(shop: Shop, printer_id: str, *, boutique: str = "demo", model: str = "generic-80") -> None:
    where = {"label": printer_id, "host": "127.0.0.1", "port": 9, "model": model}
    printers.register(shop, printer_id=printer_id, boutique_id=boutique, **where)


def test_a_boutique_without_a_printer_keeps_its_slips_for_the_first_one(shop: Shop, tmp_path: Path) -> None:
    sell(tablet(shop))
    assert set(papers(shop).values()) == {(None, JobState.BLOCKED, "no_printer")}
    with outside.start(directory=tmp_path / "slips") as printer:
        where = {"label": "New", "host": printer.host, "port": printer.port}
        printers.register(shop, printer_id="new", boutique_id="demo", **where)
        for _ in range(3):
            assert spool.print_next(shop, printer_id="new", limits=PATIENT) == JobState.CONFIRMED
        assert len(printer.wait_for_slips(3, timeout=10)) == 3


def test_a_tablet_that_gets_a_printer_prints_what_it_has_sold(shop: Shop) -> None:
    window, beside = tablet(shop), tablet(shop)
    sell(window)
    devices.equip(shop, device_id=beside.device_id, printer_id="demo-1")
    assert {printer for printer, _, _ in papers(shop).values()} == {None}  # another tablet's slips
    devices.equip(shop, device_id=window.device_id, printer_id="demo-1")
    assert set(papers(shop).values()) == {("demo-1", JobState.QUEUED, None)}


def test_what_was_sold_while_the_printer_was_brought_finds_it_too(shop: Shop) -> None:
    window = tablet(shop)
    sell(window)
    with shop.jot() as tx:  # the sale had read the tablet before
        tx.get_one(Device, window.device_id).printer_id = "demo-1"
    waiting.look_after(shop)
    assert set(papers(shop).values()) == {("demo-1", JobState.QUEUED, None)}


def test_a_balance_is_printed_in_the_boutique_that_took_it(shop: Shop) -> None:
    order_id = sell(tablet(shop), TAG)
    tablet(shop).unlock().say_ready(order_id)
    kennel = tablet(shop, boutique="pets").unlock("bob")
    checkout.open_balance(shop, order_id=order_id, device_id=kennel.device_id, staff_id="bob")
    sold(shop, order_id)
    add_printer(shop, "arcade")
    add_printer(shop, "kennel", boutique="pets")
    places = {kind: printer for kind, (printer, _, _) in papers(shop).items()}
    assert places == {"deposit": "arcade", "pickup": "arcade", "balance": "kennel", "authenticity": "kennel"}


def test_what_waits_for_a_printer_out_of_use_waits_for_another(shop: Shop) -> None:
    window = tablet(shop, printer="demo-1")
    sell(window)
    with shop.jot() as tx:
        for slip in tx.exec(select(PrintJob)):
            slip.payload = b"set for the paper of the old one"
    printers.retire(shop, printer_id="demo-1")
    assert set(papers(shop).values()) == {(None, JobState.BLOCKED, "no_printer")}
    assert [one.printer_id for one in devices.tablets(shop)] == [None]
    with pytest.raises(Unknown):
        devices.equip(shop, device_id=window.device_id, printer_id="demo-1")
    add_printer(shop, "narrow", model="generic-58")
    assert set(papers(shop).values()) == {("narrow", JobState.QUEUED, None)}
    with shop.read() as look:
        assert set(look.exec(select(PrintJob.payload))) == {None}


def test_a_sale_that_was_settled_while_its_printer_was_taken_away_finds_the_next_one(shop: Shop) -> None:
    window = tablet(shop, printer="demo-1")
    printers.retire(shop, printer_id="demo-1")
    add_printer(shop, "next")
    devices.equip(shop, device_id=window.device_id, printer_id="next")
    sell(window)
    with shop.jot() as tx:  # the sale had read the tablet before
        for slip in tx.exec(select(PrintJob)):
            slip.printer_id = "demo-1"
    assert spool.print_next(shop, printer_id="demo-1") is None
    waiting.look_after(shop)
    assert set(papers(shop).values()) == {("next", JobState.QUEUED, None)}


def test_a_printer_out_of_use_has_no_worker_until_it_is_back(shop: Shop) -> None:
    office = BackOffice(shop)
    office.start()
    try:
        until(lambda: workers(office) == ["printer demo-1"])
        printers.retire(shop, printer_id="demo-1")
        until(lambda: workers(office) == [])
        add_printer(shop, "demo-1")
        until(lambda: workers(office) == ["printer demo-1"])
    finally:
        office.stop()


def workers(office: BackOffice) -> list[str]:
    return [loop.name for loop in office.loops if loop.name.startswith("printer ")]
