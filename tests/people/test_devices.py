"""A browser becomes a tablet once, by an address that is good once."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import select

from pos.errors import NotAllowed, Unknown
from pos.models import Device, EnrolToken, Reader
from pos.payments import readers
from pos.people import devices


def offer(shop, **given):
    words = {"boutique_id": "arcade", "label": "Window", "reader_id": "tmr_arcade", "printer_id": "printer-arcade"}
    return devices.issue(shop, **(words | given))


def test_a_tablet_knows_its_boutique_its_reader_and_its_printer(shop):
    tablet = devices.known(shop, cookie=devices.enrol(shop, token=offer(shop)))
    assert (tablet.boutique_id, tablet.boutique_name, tablet.label) == ("arcade", "Arcade", "Window")
    assert (tablet.reader_id, tablet.printer_id) == ("tmr_arcade", "printer-arcade")


def test_an_enrolment_address_is_good_once(shop):
    token = offer(shop)
    devices.enrol(shop, token=token)
    with pytest.raises(NotAllowed):
        devices.enrol(shop, token=token)


def test_an_enrolment_address_grows_old(shop, clock):
    token = offer(shop)
    clock.move(timedelta(hours=24))
    with pytest.raises(NotAllowed):
        devices.enrol(shop, token=token)


def test_ten_browsers_at_one_address_make_one_tablet(shop):
    token, cookies = offer(shop), []
    start = threading.Barrier(10)

    def open_it() -> None:
        start.wait()
        with suppress(NotAllowed):
            cookies.append(devices.enrol(shop, token=token))

    browsers = [threading.Thread(target=open_it) for _ in range(10)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    assert len(cookies) == 1


def test_a_guessed_token_enrols_nobody(shop):
    offer(shop)
    with pytest.raises(NotAllowed):
        devices.enrol(shop, token="guess")


@pytest.mark.parametrize(
    "wrong", [{"boutique_id": "nowhere"}, {"reader_id": "tmr_yard"}, {"printer_id": "printer-yard"}, {"reader_id": "x"}]
)
def test_a_tablet_gets_only_what_stands_in_its_boutique(shop, wrong):
    with pytest.raises(Unknown):
        offer(shop, **wrong)


def test_the_records_hold_no_secret(shop):
    token = offer(shop)
    cookie = devices.enrol(shop, token=token)
    with shop.read() as look:
        kept = f"{look.exec(select(Device)).all()} {look.exec(select(EnrolToken)).all()}"
    assert token not in kept
    assert cookie not in kept


@pytest.mark.parametrize("cookie", [None, "", "guess", "x" * 10_000])
def test_a_stranger_is_nobodys_tablet(shop, cookie):
    devices.enrol(shop, token=offer(shop))
    assert devices.known(shop, cookie=cookie) is None


def test_a_lost_tablet_is_shut_out(shop):
    cookie = devices.enrol(shop, token=offer(shop))
    devices.revoke(shop, device_id=devices.known(shop, cookie=cookie).device_id)
    assert devices.known(shop, cookie=cookie) is None
    with pytest.raises(Unknown):
        devices.revoke(shop, device_id="nobody")


def test_a_tablet_gets_another_reader_or_printer_and_keeps_the_rest(shop):
    cookie = devices.enrol(shop, token=offer(shop))
    tablet = devices.known(shop, cookie=cookie)
    readers.register(shop, reader_id="tmr_second", boutique_id="arcade", label="Second")
    devices.equip(shop, device_id=tablet.device_id, reader_id="tmr_second")
    now = devices.known(shop, cookie=cookie)
    assert (now.reader_id, now.printer_id) == ("tmr_second", "printer-arcade")
    assert devices.tablets(shop) == (now,)
    for wrong in ({"reader_id": "tmr_yard"}, {"printer_id": "printer-yard"}):
        with pytest.raises(Unknown):
            devices.equip(shop, device_id=tablet.device_id, **wrong)
    devices.revoke(shop, device_id=tablet.device_id)
    assert devices.tablets(shop) == ()
    with pytest.raises(Unknown):
        devices.equip(shop, device_id=tablet.device_id, reader_id="tmr_second")


def test_readers_that_are_gone_are_retired_and_nobody_is_left_with_one(shop):
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "arcade"})
    cookie, token = devices.enrol(shop, token=offer(shop)), offer(shop)
    elsewhere = {"boutique_id": "yard", "reader_id": "tmr_yard", "printer_id": "printer-yard"}
    other = devices.enrol(shop, token=offer(shop, **elsewhere))
    readers.register(shop, reader_id="tmr_new", boutique_id="arcade", label="Counter")  # after tmr_arcade by its name
    for _ in range(2):
        devices.keep_readers(shop, boutique_id="arcade", reader_ids=["tmr_new"])
    for theirs in (cookie, devices.enrol(shop, token=token), devices.auto_enrol(shop)):
        assert devices.known(shop, cookie=theirs).reader_id == "tmr_new"
    assert devices.known(shop, cookie=other).reader_id == "tmr_yard"
    with shop.read() as look:
        assert look.get(Reader, "tmr_arcade").retired
    with pytest.raises(Unknown):
        offer(shop)


def test_in_a_demonstration_every_browser_is_a_tablet(shop):
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "yard"})
    first, second = (devices.known(shop, cookie=devices.auto_enrol(shop)) for _ in range(2))
    assert first.device_id != second.device_id
    assert (first.boutique_id, first.reader_id, first.printer_id) == ("yard", "tmr_yard", "printer-yard")


def test_outside_a_demonstration_none_is(shop):
    with pytest.raises(NotAllowed):
        devices.auto_enrol(shop)
    shop.settings = shop.settings.model_copy(update={"auto_enrol": "nowhere"})
    with pytest.raises(Unknown):
        devices.auto_enrol(shop)
