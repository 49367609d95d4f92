"""A PIN opens the counter, wrong ones make everyone wait, the clock locks it."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from pos.books import audit
from pos.errors import NotAllowed, WrongPin
from pos.models import AuditEntry, Role, Staff, StaffSession
from pos.people import devices, rights, staff


@pytest.fixture
def tablet(shop):
    token = devices.issue(shop, boutique_id="arcade", label="Till")
    return devices.known(shop, cookie=devices.enrol(shop, token=token)).device_id


@pytest.fixture
def other_tablet(shop):
    token = devices.issue(shop, boutique_id="arcade", label="Window")
    return devices.known(shop, cookie=devices.enrol(shop, token=token)).device_id


def refused(shop, tablet, *, staff_id="ann", pin="000000"):
    with pytest.raises(WrongPin) as refusal:
        staff.unlock(shop, device_id=tablet, staff_id=staff_id, pin=pin)
    return refusal.value.wait


def test_the_right_pin_opens_the_counter(shop, tablet):
    assert staff.here(shop, device_id=tablet) is None
    ann = staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    assert (ann.name, ann.role) == ("Ann", Role.STAFF)
    assert staff.here(shop, device_id=tablet) == ann


def test_only_this_tablet_is_open(shop, tablet, other_tablet):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    assert staff.here(shop, device_id=other_tablet) is None


@pytest.mark.parametrize("pin", ["", "24681", "2468100", "135791", "２４６８１０", "246810\n", "x" * 5000])
def test_any_other_pin_does_not(shop, tablet, pin):
    assert refused(shop, tablet, pin=pin) == 1
    assert staff.here(shop, device_id=tablet) is None


def test_each_wrong_pin_doubles_the_wait_up_to_five_minutes(shop, tablet, clock):
    waits = []
    for _ in range(11):
        waits.append(refused(shop, tablet))
        clock.move(timedelta(seconds=waits[-1]))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_while_the_wait_lasts_not_even_the_right_pin_is_looked_at(shop, tablet, clock):
    refused(shop, tablet)
    refused_again = refused(shop, tablet, pin="246810")
    assert refused_again == 1
    clock.move(timedelta(seconds=1))
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")


def test_another_tablet_is_no_way_round_the_wait(shop, tablet, other_tablet, clock):
    for _ in range(4):
        clock.move(timedelta(seconds=refused(shop, tablet)))
    assert refused(shop, other_tablet) == 16


def test_another_name_is_no_way_round_the_wait(shop, tablet, clock):
    for name in ("ann", "max", "nobody", "brand"):
        wait = refused(shop, tablet, staff_id=name)
        clock.move(timedelta(seconds=wait))
    assert wait == 8


def test_tries_at_the_same_moment_are_one_try(shop, tablet):
    refused(shop, tablet)
    for _ in range(5):
        refused(shop, tablet, pin="111111")
    with shop.read() as look:
        assert look.get(Staff, "ann").failures == 1


def test_the_right_pin_forgets_the_wrong_ones(shop, tablet, clock):
    for _ in range(3):
        clock.move(timedelta(seconds=refused(shop, tablet)))
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    assert refused(shop, tablet) == 1


def test_nobody_learns_who_works_here(shop, tablet, clock):
    waits = []
    for name in ("nobody", "yves", "x" * 500):
        waits.append(refused(shop, tablet, staff_id=name, pin="112233"))
        clock.move(timedelta(seconds=waits[-1]))
    assert waits == [1, 2, 4]


def test_who_has_left_is_not_let_in(shop, tablet):
    with shop.write() as tx:
        audit.record(tx, "left", "ann", by="test")
        tx.get(Staff, "ann").retired = True
    refused(shop, tablet, pin="246810")


def test_the_brand_is_at_home_on_every_tablet(shop, tablet):
    assert staff.unlock(shop, device_id=tablet, staff_id="brand", pin="998877").role is Role.BRAND


def test_a_stranger_to_the_shop_has_no_counter(shop, tablet):
    with pytest.raises(NotAllowed):
        staff.unlock(shop, device_id="stolen", staff_id="ann", pin="246810")
    devices.revoke(shop, device_id=tablet)
    with pytest.raises(NotAllowed):
        staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")


def test_the_counter_locks_itself_when_nobody_touches_it(shop, tablet, clock):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    for _ in range(4):
        clock.move(timedelta(minutes=9))
        assert staff.here(shop, device_id=tablet)
    clock.move(timedelta(minutes=10))
    assert staff.here(shop, device_id=tablet) is None
    clock.move(timedelta(minutes=-10))  # and stays so
    assert staff.here(shop, device_id=tablet) is None


def test_a_screen_that_refreshes_itself_is_no_sign_of_life(shop, tablet, clock):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    for _ in range(9):
        clock.move(timedelta(minutes=1))
        assert staff.glance(shop, device_id=tablet)
    clock.move(timedelta(minutes=1))
    assert staff.glance(shop, device_id=tablet) is None


def test_being_there_is_written_down_twice_a_minute_at_most(shop, tablet, clock):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    began = clock.now()
    for _ in range(29):
        clock.move(timedelta(seconds=1))
        staff.here(shop, device_id=tablet)
    with shop.read() as look:
        assert look.exec(select(StaffSession.seen_at)).one() == began
    clock.move(timedelta(seconds=1))
    staff.here(shop, device_id=tablet)
    with shop.read() as look:
        assert look.exec(select(StaffSession.seen_at)).one() == clock.now()


def test_the_next_person_takes_the_counter_over(shop, tablet):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    staff.unlock(shop, device_id=tablet, staff_id="max", pin="135791")
    assert staff.here(shop, device_id=tablet).staff_id == "max"
    with shop.read() as look:
        assert look.exec(select(func.count()).where(StaffSession.ended_at == None)).one() == 1  # noqa: E711


def test_a_locked_counter_is_locked_once(shop, tablet):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    staff.lock(shop, device_id=tablet, by="ann")
    staff.lock(shop, device_id=tablet, by="ann")
    assert staff.here(shop, device_id=tablet) is None
    with shop.read() as look:
        assert look.exec(select(func.count()).where(AuditEntry.act == "counter locked")).one() == 1


def test_wrong_pins_stand_in_the_books_and_the_pins_do_not(shop, tablet):
    refused(shop, tablet, pin="424242")
    with shop.read() as look:
        entry = look.exec(select(AuditEntry).where(AuditEntry.act == "PIN refused")).one()
        assert (entry.subject, entry.by) == ("ann", tablet)
        assert "424242" not in str(entry)


def test_the_people_of_a_tablet_are_its_own_and_the_brands(shop):
    assert [one.staff_id for one in staff.people_of(shop, boutique_id="arcade")] == ["ann", "max", "brand"]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.STAFF, {Role.SHOPPER, Role.STAFF}),
        (Role.MANAGER, {Role.SHOPPER, Role.STAFF, Role.MANAGER, Role.BRAND}),
        (Role.BRAND, {Role.BRAND}),
    ],
)
def test_a_role_opens_its_own_doors(role, may):
    person = staff.StaffView("id", "Name", role, None)
    assert {needed for needed in Role if staff.allowed(person, needed=needed)} == may


def test_a_shopper_opens_no_door_but_the_shops(shop, tablet):
    assert staff.allowed(None, needed=Role.SHOPPER)
    with pytest.raises(NotAllowed) as refusal:
        staff.require(None, needed=Role.STAFF, act="open the counter")
    assert (refusal.value.who, refusal.value.act) == ("shopper", "open the counter")


def test_a_verb_asks_again_who_is_at_the_tablet(shop, tablet):
    asked = {"staff_id": "ann", "device_id": tablet, "needed": Role.STAFF, "act": "sell"}
    with shop.jot() as tx, pytest.raises(NotAllowed):
        rights.demand(tx, shop, **asked)
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    with shop.jot() as tx:
        assert rights.demand(tx, shop, **asked).id == "ann"
        with pytest.raises(NotAllowed):
            rights.demand(tx, shop, **(asked | {"needed": Role.MANAGER}))


def test_a_lost_tablet_does_nothing_more_for_whoever_was_unlocked_at_it(shop, tablet):
    staff.unlock(shop, device_id=tablet, staff_id="ann", pin="246810")
    devices.revoke(shop, device_id=tablet)
    with pytest.raises(NotAllowed), shop.write() as tx:
        rights.demand(tx, shop, staff_id="ann", device_id=tablet, needed=Role.STAFF, act="hand over")
