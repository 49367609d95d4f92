"""The doctor names what is missing and what to do, and is content with a shop that can sell."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from pos import doctor, migrations
from pos.cli.health import line
from pos.clock import Clock, SetClock
from pos.doctor import Finding
from pos.models import Boutique, JobState, Part, Payment, PaymentState, PrintJob, Reader
from pos.paper import printers
from pos.payments import readers
from pos.proof.keys import KeyRing
from pos.sandbox.run import Outside
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import settings_for
from tests.proof.sold import sold_piece


@pytest.fixture
def settings(tmp_path: Path, sandbox: Outside) -> Settings:
    """A shop that speaks with the stand-ins."""
    told = sandbox.told()["stripe"]
    return settings_for(
        tmp_path,
        stripe_api_key=told["api_key"],
        stripe_api_base=told["url"],
        stripe_webhook_secrets=told["webhook_secret"],
    )


def shop_with(settings: Settings, *, clock: Clock | None = None) -> Shop:
    migrations.migrate(settings.database_url)
    shop = Shop(settings, clock=clock)
    with shop.jot() as tx:
        tx.add(Boutique(id="demo", name="Vitrine", address=[], vat_number="GB 0", hours={}))
    return shop


def findings(shop: Shop) -> dict[str, Finding]:
    try:
        return {finding.what.split()[0].rstrip(","): finding for finding in doctor.look(shop)}
    finally:
        shop.close()


def equip(shop: Shop, sandbox: Outside) -> None:
    KeyRing.open(shop.settings.keys)  # as its first start does
    reader, printer = sandbox.stripe.readers[0], sandbox.printer
    readers.register(shop, reader_id=reader.id, boutique_id="demo", label=reader.label)
    printers.register(shop, printer_id="p", boutique_id="demo", label="Counter", host=printer.host, port=printer.port)


def test_a_shop_that_can_sell_is_well(settings: Settings, sandbox: Outside) -> None:
    shop = shop_with(settings)
    equip(shop, sandbox)
    found = findings(shop)
    assert [finding for finding in found.values() if not finding.well] == []
    assert set(found) == {
        "records",
        "Stripe",
        "webhook",
        "reader",
        "printer",
        "payments",
        "refunds",
        "slips",
        "mail",
        "disk",
        "clock",
        "keys",
    }
    assert "2026-10-28.endive" in found["Stripe"].said


def test_an_empty_shop_is_told_what_to_do(tmp_path: Path) -> None:
    found = findings(Shop(settings_for(tmp_path / "new", stripe_api_key="", stripe_api_base="http://127.0.0.1:9")))
    assert "migrate" in found["records"].todo
    assert "VITRINE_STRIPE_API_KEY" in found["Stripe"].todo
    assert "network" in found["clock"].todo
    assert "reader" not in found, "records that cannot be read hold no reader"


def test_records_of_another_step_are_named(settings: Settings) -> None:
    shop = shop_with(settings)
    with shop.records.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in findings(shop)["records"].todo


def test_a_refused_key_is_not_repeated(settings: Settings) -> None:
    shop = shop_with(settings.model_copy(update={"stripe_api_key": "sk_test_wrong_key_0000"}))
    found = findings(shop)["Stripe"]
    assert not found.well
    assert "VITRINE_STRIPE_API_KEY" in found.todo
    assert "0000" not in line(found)


def test_no_reader_and_no_printer(settings: Settings) -> None:
    found = findings(shop_with(settings))
    assert "reader add" in found["reader"].todo
    assert "printer add" in found["printer"].todo


def test_a_reader_stripe_does_not_know(settings: Settings, sandbox: Outside) -> None:
    shop = shop_with(settings)
    readers.register(shop, reader_id="tmr_gone", boutique_id="demo", label="Old")
    assert "tmr_gone" in findings(shop)["reader"].said


def test_a_reader_that_is_switched_off(settings: Settings, sandbox: Outside) -> None:
    shop = shop_with(settings)
    equip(shop, sandbox)
    sandbox.stripe.fault("reader_offline", times=None)
    assert findings(shop)["reader"].said == "offline"


def test_a_printer_without_paper(settings: Settings, sandbox: Outside) -> None:
    shop = shop_with(settings)
    equip(shop, sandbox)
    sandbox.printer.set(paper_out=True)
    found = findings(shop)["printer"]
    assert (found.well, found.said, found.todo) == (False, "The paper has run out.", "put in a new roll")


def test_a_printer_that_is_not_there(settings: Settings) -> None:
    shop = shop_with(settings)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    printers.register(shop, printer_id="p", boutique_id="demo", label="Counter", host="127.0.0.1", port=port)
    found = findings(shop)["printer"]
    assert not found.well
    assert "power" in found.todo


def test_a_clock_that_is_wrong(settings: Settings) -> None:
    wrong = SetClock(Clock().now() + timedelta(minutes=10))
    found = findings(shop_with(settings, clock=wrong))["clock"]
    assert not found.well
    assert "fast" in found.said


def test_keys_that_others_may_read(settings: Settings) -> None:
    shop = shop_with(settings)
    (settings.keys / f"{shop.keys.key_id}.key").chmod(0o644)
    found = findings(Shop(settings))["keys"]
    assert not found.well
    assert "chmod 600" in found.said


def test_the_doctor_makes_no_keys(settings: Settings) -> None:
    found = findings(shop_with(settings))["keys"]
    assert not found.well
    assert "start the shop" in found.todo
    assert not settings.keys.exists()


def test_lost_keys_are_named(shop: Shop) -> None:
    signed = sold_piece(shop).certify().key_id
    shop.settings.keys.rename(shop.settings.var_dir / "elsewhere")
    found = doctor._keys(shop, records_well=True)
    assert not found.well
    assert f"{signed}.pub" in found.said
    assert "backup" in found.todo


def test_money_that_is_held_and_not_taken_waits_for_a_person(shop: Shop) -> None:
    sale = sold_piece(shop)
    assert doctor._payments(shop).well
    before = sale.order.opened_at + timedelta(days=2)
    money = {
        "reader_id": "r",
        "device_id": "tablet",
        "amount_minor": 100,
        "currency": "gbp",
        "opened_at": sale.order.opened_at,
    }
    with shop.jot() as tx:
        tx.add(Reader(id="r", boutique_id="demo", label="Counter"))
        tx.flush()
        payment = Payment(id="p", order_id=sale.order.id, part=Part.NOW, capture_before=before, **money)
        payment.state = PaymentState.AUTHORISED
        tx.add(payment)
    found = doctor._payments(shop)
    assert not found.well
    assert f"{sale.order.code} authorised, to be taken before {before:%d %B %H:%M} UTC" in found.said
    with shop.jot() as tx:
        payment = tx.get_one(Payment, "p")
        payment.state, payment.reason = PaymentState.UNKNOWN, "no_answer"
    assert "unknown (no_answer)" in doctor._payments(shop).said
    with shop.jot() as tx:
        tx.get_one(Payment, "p").state = PaymentState.CAPTURED
    assert doctor._payments(shop).well


def test_slips_that_are_kept_back_or_perhaps_printed_are_counted_by_cause(shop: Shop) -> None:
    at = shop.clock.now()
    assert doctor._slips(shop).well
    waiting = [(JobState.BLOCKED, "paper_out")] * 2 + [(JobState.UNKNOWN, "interrupted"), (JobState.CONFIRMED, None)]
    with shop.jot() as tx:
        for number, (state, cause) in enumerate(waiting):
            tx.add(PrintJob(id=str(number), kind="receipt", facts={}, state=state, cause=cause, queued_at=at))
    found = doctor._slips(shop)
    assert not found.well
    assert found.said == "1 unknown (interrupted), 2 blocked (paper_out)"


def test_a_slip_that_cannot_be_set_is_named(shop: Shop) -> None:
    with shop.jot() as tx:
        spoilt = {"state": JobState.BLOCKED, "cause": "unprintable", "queued_at": shop.clock.now()}
        tx.add(PrintJob(id="spoilt", kind="pickup", facts={}, **spoilt))
    found = doctor._slips(shop)
    assert found.said == "1 blocked (unprintable)"
    assert "look for spoilt in the log" in found.todo


def test_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "HARDLY_ANY_DISK", 10**18)
    monkeypatch.setattr(doctor, "LITTLE_DISK", 10**18)
    found = findings(shop_with(settings))["disk"]
    assert not found.well
    assert "make room" in found.todo
