"""The same doors on either database."""

import pytest

from pos.clock import SetClock
from pos.errors import NotAllowed, WrongPin
from pos.models import Table
from pos.people import devices, house_file, pins, seeding, staff
from pos.settings import HOUSE
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, settings_for


@pytest.fixture
def shop(records_url, tmp_path):
    shop = Shop(settings_for(tmp_path, database_url=records_url, auto_enrol="demo"), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(shop.records.writing)
    yield shop
    shop.close()


def test_a_boutique_opens_takes_a_tablet_in_and_knows_its_people(shop):
    file = HOUSE / "data" / "boutique.toml"
    seeding.open_boutiques(shop, file=file)
    seeding.open_boutiques(shop, file=file)
    pin = {one.staff_id: one.pin for one in pins.to_print(shop)}
    token = devices.issue(shop, boutique_id="demo", label="Till")
    tablet = devices.known(shop, cookie=devices.enrol(shop, token=token))
    with pytest.raises(NotAllowed):
        devices.enrol(shop, token=token)
    people = staff.people_of(shop, boutique_id=tablet.boutique_id)
    assert {one.boutique_id for one in people} == {"demo", None}
    assert people[-1].staff_id == "brand"
    for one in people:
        assert staff.unlock(shop, device_id=tablet.device_id, staff_id=one.staff_id, pin=pin[one.staff_id]) == one
        assert staff.here(shop, device_id=tablet.device_id) == one
    wrong = f"{(int(pin['brand']) + 1) % 10**6:06d}"
    with pytest.raises(WrongPin):
        staff.unlock(shop, device_id=tablet.device_id, staff_id="brand", pin=wrong)
    staff.lock(shop, device_id=tablet.device_id)
    assert staff.here(shop, device_id=tablet.device_id) is None
    assert devices.known(shop, cookie=devices.auto_enrol(shop)).label == "Tablet 2"
    assert len(house_file.read_house(file).staff) == len(pin)
