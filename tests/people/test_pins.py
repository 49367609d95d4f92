"""PINs are drawn by chance, printed once, and kept readable in a demonstration only."""

import re
import stat

import pytest
from sqlmodel import select

from pos.books import audit
from pos.errors import Unknown
from pos.models import Role, Staff
from pos.people import devices, pins, staff

DEFAULT = pins.HASHER  # before the tests make it quick


@pytest.fixture
def newcomers(shop):
    with shop.write() as tx:
        audit.record(tx, "set up", None, by="test")
        tx.add(Staff(id="new", boutique_id="arcade", name="New", role=Role.STAFF, pin_hash=""))
        tx.add(Staff(id="left", boutique_id="arcade", name="Left", role=Role.STAFF, pin_hash="", retired=True))


def opens(shop, staff_id, pin):
    token = devices.issue(shop, boutique_id="arcade", label="Till")
    tablet = devices.known(shop, cookie=devices.enrol(shop, token=token)).device_id
    return staff.unlock(shop, device_id=tablet, staff_id=staff_id, pin=pin).staff_id == staff_id


def test_who_has_no_pin_gets_one(shop, newcomers):
    drawn = pins.make_pins(shop)
    assert list(drawn) == ["new"]
    assert re.fullmatch(r"[0-9]{6}", drawn["new"])
    assert opens(shop, "new", drawn["new"])


def test_who_has_one_keeps_it(shop, newcomers):
    pins.make_pins(shop)
    assert pins.make_pins(shop) == {}
    assert opens(shop, "ann", "246810")


def test_without_a_pin_nothing_opens(shop, newcomers):
    assert not pins.fits("", "")
    assert not pins.fits("000000", "")


def test_a_forgotten_pin_is_replaced_and_its_wait_forgotten(shop):
    with shop.write() as tx:
        audit.record(tx, "many tries", "ann", by="test")
        tx.get(Staff, "ann").failures = 9
    pin = pins.new_pin(shop, staff_id="ann")
    assert opens(shop, "ann", pin)
    with pytest.raises(Unknown):
        pins.new_pin(shop, staff_id="nobody")


def test_the_records_hold_no_pin(shop, newcomers):
    pin = pins.make_pins(shop)["new"]
    with shop.read() as look:
        kept = look.exec(select(Staff.pin_hash).where(Staff.id == "new")).one()
    assert kept.startswith("$argon2id$")
    assert pin not in kept


def test_a_stolen_hash_costs_a_thief_64_mib_a_guess():
    assert (DEFAULT.type.name, DEFAULT.memory_cost, DEFAULT.time_cost) == ("ID", 64 * 1024, 3)


def test_a_shop_prints_a_pin_once_and_keeps_no_copy(shop, newcomers, tmp_path):
    assert [one.staff_id for one in pins.to_print(shop)] == ["new"]
    assert pins.to_print(shop) == ()
    assert not (tmp_path / "pins.txt").exists()


def test_a_demonstration_prints_everyones_pin_at_every_start(shop, newcomers, tmp_path):
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "arcade"})
    first = pins.to_print(shop)
    assert [one.staff_id for one in first] == ["ann", "brand", "max", "new", "yves"]
    assert pins.to_print(shop) == first
    assert opens(shop, "ann", first[0].pin)
    assert stat.S_IMODE((tmp_path / "pins.txt").stat().st_mode) == 0o600


def test_a_replaced_pin_is_the_one_a_demonstration_prints(shop):
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "arcade"})
    pins.to_print(shop)
    pin = pins.new_pin(shop, staff_id="ann")
    assert {one.staff_id: one.pin for one in pins.to_print(shop)}["ann"] == pin
