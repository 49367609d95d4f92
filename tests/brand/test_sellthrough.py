"""Sell-through: what is counted, when, and what money was taken."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from pos.brand import sellthrough
from pos.brand.sellthrough import SellThrough
from pos.clock import SetClock
from pos.errors import Unknown
from pos.models import Fate, OrderLine, Payment, PaymentState, Reader, Role, Staff, StaffSession
from pos.people import devices
from pos.selling import basket, checkout, pickup, returns, settle
from pos.selling.views import Choice, GiveBack
from pos.shop import Shop

CORNER = "notebook-corner"


@pytest.fixture
def shop(stocked: Shop) -> Shop:
    with stocked.jot() as tx:
        tx.add(Reader(id="tmr_test", boutique_id="demo", label="Counter"))
    return stocked


@pytest.fixture
def device_id(shop: Shop) -> str:
    token = devices.issue(shop, boutique_id="demo", label="Tablet", reader_id="tmr_test")
    known = devices.known(shop, cookie=devices.enrol(shop, token=token))
    assert known is not None
    return known.device_id


def order(shop: Shop, device_id: str, *skus: str) -> str:
    basket_id = basket.live(shop, device_id=device_id, language="en")
    for sku in skus:
        basket.hold(shop, basket_id=basket_id, choice=Choice(sku))
    ready = basket.view(shop, basket_id=basket_id).ready_on
    slot = pickup.slots(shop, boutique_id="demo", not_before=ready)[0]
    basket.choose_pickup(shop, basket_id=basket_id, boutique_id="demo", start=slot.start)
    price = checkout.quote(shop, basket_id=basket_id)
    return checkout.open(shop, quote=price, device_id=device_id, terms_version="test")


def sell(shop: Shop, device_id: str, *skus: str) -> None:
    order_id = order(shop, device_id, *skus)
    with shop.jot() as tx:
        payment = tx.exec(select(Payment).where(col(Payment.order_id) == order_id)).one()
        payment.state, payment.charge_id = PaymentState.AUTHORISED, f"ch_{order_id}"
        payment_id = payment.id
    settle.settle(shop, payment_id=payment_id)


def look(shop: Shop) -> dict[str | None, SellThrough]:
    return {one.sku: one for one in sellthrough.of_capsule(shop, capsule_id=CORNER, language="en")}


def opened(shop: Shop) -> datetime:
    return look(shop)[None].opened_at


def test_nothing_sold_is_nothing(shop: Shop) -> None:
    whole = look(shop)[None]
    assert (whole.sold, whole.kept, whole.free, whole.size) == (0, 0, 250, 250)
    assert (whole.orders, whole.taken_ex_vat_minor, whole.curve) == (0, 0, ())


def test_a_sale_counts_once_in_its_edition_and_in_the_capsule(shop: Shop, device_id: str) -> None:
    sell(shop, device_id, "NC-VM", "NC-CH")
    seen = look(shop)
    assert (seen["NC-VM"].sold, seen["NC-CH"].sold, seen["NC-PT"].sold, seen[None].sold) == (1, 1, 0, 2)
    assert (seen["NC-VM"].orders, seen[None].orders) == (1, 1)
    # £300 and £120 at 20 % VAT: five sixths are the shop's.
    assert (seen["NC-VM"].taken_ex_vat_minor, seen[None].taken_ex_vat_minor) == (25000, 35000)


def test_a_deposit_counts_what_was_paid_of_it(shop: Shop, device_id: str) -> None:
    sell(shop, device_id, "NC-PT")
    seen = look(shop)["NC-PT"]
    assert (seen.sold, seen.preorders, seen.cap) == (1, 1, 50)
    assert seen.taken_ex_vat_minor == 9000  # £108 of £540


def give_back(shop: Shop, device_id: str, sku: str, amount_minor: int, fate: Fate, *, key: str = "tap") -> None:
    """Staff give something of the piece's price back."""
    with shop.jot() as tx:
        if tx.get(Staff, "ada") is None:
            tx.add(Staff(id="ada", boutique_id="demo", name="Ada", role=Role.STAFF, pin_hash="-"))
            tx.flush()
            now = shop.clock.now
            tx.add(StaffSession(id="here", device_id=device_id, staff_id="ada", began_at=now(), seen_at=now()))
        line = tx.exec(select(OrderLine).where(OrderLine.sku == sku)).one()
    returns.refund(
        shop,
        order_id=line.order_id,
        key=key,
        lines=[GiveBack(line.id, amount_minor, fate)],
        reason="-",
        staff_id="ada",
        device_id=device_id,
    )


def test_what_came_back_was_not_sold_and_what_was_given_back_is_not_taken(shop: Shop, device_id: str) -> None:
    sell(shop, device_id, "NC-VM", "NC-CH")
    give_back(shop, device_id, "NC-VM", 12000, Fate.KEPT)
    assert (look(shop)["NC-VM"].sold, look(shop)["NC-VM"].taken_ex_vat_minor) == (1, 15000)
    give_back(shop, device_id, "NC-VM", 18000, Fate.INSPECTION, key="the rest")
    seen = look(shop)
    assert (seen["NC-VM"].sold, seen["NC-VM"].orders, seen["NC-VM"].taken_ex_vat_minor) == (0, 0, 0)
    assert (seen["NC-CH"].sold, seen[None].orders, seen[None].taken_ex_vat_minor) == (1, 1, 10000)
    assert seen["NC-VM"].free == seen["NC-VM"].size - 1, "it is looked at first"


def test_a_deposit_that_went_back_was_no_pre_order(shop: Shop, device_id: str) -> None:
    sell(shop, device_id, "NC-PT")
    give_back(shop, device_id, "NC-PT", 10800, Fate.STOCK)
    seen = look(shop)["NC-PT"]
    assert (seen.sold, seen.preorders, seen.orders, seen.taken_ex_vat_minor) == (0, 0, 0, 0)
    assert seen.free == seen.size


def test_what_is_kept_or_being_paid_is_neither_sold_nor_free(shop: Shop, device_id: str, clock: SetClock) -> None:
    order(shop, device_id, "NC-VM")
    other = basket.live(shop, device_id=device_id, language="en")
    basket.hold(shop, basket_id=other, choice=Choice("NC-CH"))
    seen = look(shop)
    assert (seen["NC-VM"].kept, seen["NC-CH"].kept, seen[None].sold) == (1, 1, 0)
    clock.move(timedelta(minutes=16))
    assert look(shop)["NC-CH"].kept == 0


def test_the_marks_count_what_was_bought_by_then_and_wait_for_their_hour(
    shop: Shop, device_id: str, clock: SetClock
) -> None:
    clock.move(opened(shop) + timedelta(hours=20) - clock.now())
    sell(shop, device_id, "NC-VM")
    assert look(shop)["NC-VM"].marks == (None, None, None)
    clock.move(timedelta(hours=10))
    sell(shop, device_id, "NC-VM")
    assert look(shop)["NC-VM"].marks == (1, None, None)
    clock.move(timedelta(hours=42))
    seen = look(shop)["NC-VM"]
    assert seen.marks == (1, 2, 2)
    assert seen.curve == ((20.0, 1), (30.0, 2))
    assert seen.hours == pytest.approx(72)


def test_an_unknown_capsule_is_refused(shop: Shop) -> None:
    with pytest.raises(Unknown):
        sellthrough.of_capsule(shop, capsule_id="no-such", language="en")


def test_every_capsule_can_be_chosen(shop: Shop) -> None:
    assert [one.name for one in sellthrough.capsules(shop, language="fr")] == ["Coin de carnet", "Maître et compagnon"]
