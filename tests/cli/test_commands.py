"""Commands that are given something wrong answer in one sentence and change nothing."""

import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
import stripe

from pos import migrations
from pos.cli import main, watch
from pos.models import AuditEntry, Staff
from pos.payments import readers
from pos.people import devices, pins
from pos.proof.keys import KeyRing
from pos.sandbox.run import Outside
from pos.sandbox.stripe.faults import FAULTS
from pos.settings import HOUSE
from pos.shop import Shop
from tests.conftest import settings_for, stock

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands keep everything, and no .env."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ |= {
        "VITRINE_VAR_DIR": str(tmp_path / "var"),
        "VITRINE_DATABASE_URL": f"sqlite:///{tmp_path / 'var' / 'vitrine.db'}",
    }
    return tmp_path / "var"


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration, its records in today's shape; copied, never opened."""
    folder = tmp_path_factory.mktemp("furnished")
    migrations.migrate(f"sqlite:///{folder / 'vitrine.db'}")
    shop = Shop(settings_for(folder))
    stock(shop)
    shop.close()
    return folder


@pytest.fixture
def shelf(folder: Path, furnished: Path) -> Path:
    """The demonstration's records."""
    shutil.copytree(furnished, folder)
    return folder


def refused(said: Said, *words: str) -> str:
    """The one sentence of a command that refuses."""
    assert main(words) == 2
    out, err = said.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return err


def done(said: Said, *words: str) -> str:
    assert main(words) == 0
    out, err = said.readouterr()
    assert err == ""
    return out


def test_records_are_made_by_migrate_and_only_by_it(folder: Path, capsys: Said) -> None:
    assert "python -m pos migrate" in refused(capsys, "audit", "verify")
    assert "from None to" in done(capsys, "migrate")
    assert "are at step" in done(capsys, "migrate")
    assert "whole" in done(capsys, "audit", "verify")


def test_a_wrong_setting_is_named(folder: Path, capsys: Said) -> None:
    os.environ["VITRINE_MAX_HOLDS"] = "0"
    assert "VITRINE_MAX_HOLDS" in refused(capsys, "migrate")


def test_records_that_cannot_be_reached(folder: Path, capsys: Said) -> None:
    os.environ["VITRINE_DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    assert "records cannot be used" in refused(capsys, "migrate")


def test_records_that_somebody_else_has_locked(shelf: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "BUSY_SECONDS", 0)
    with sqlite3.connect(shelf / "vitrine.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "locked" in refused(capsys, "migrate")
        other.execute("ROLLBACK")
    assert "are at step" in done(capsys, "migrate")


def test_a_file_that_is_no_database(folder: Path, capsys: Said) -> None:
    folder.mkdir()
    (folder / "vitrine.db").write_text("a shopping list, not a database " * 100)
    assert "not a database" in refused(capsys, "migrate")
    assert main(["doctor"]) == 1
    assert "TO DO  records" in capsys.readouterr().out
    assert "shopping list" in (folder / "vitrine.db").read_text()


def test_a_folder_that_cannot_be_written(folder: Path, capsys: Said) -> None:
    folder.write_text("a file where a folder should be")
    os.environ["PORT"] = "0"
    assert "VITRINE_VAR_DIR" in refused(capsys, "run")


def test_a_shop_that_trades_needs_its_key(folder: Path, capsys: Said) -> None:
    assert "VITRINE_STRIPE_API_KEY" in refused(capsys, "serve")


@pytest.mark.parametrize(("key", "value"), [("PORT", "many"), ("PORT", "70000"), ("HOST", "no.such.host.invalid")])
def test_a_place_nobody_can_listen_at(folder: Path, capsys: Said, key: str, value: str) -> None:
    os.environ[key] = value
    os.environ.setdefault("PORT", "0")
    assert key in refused(capsys, "run")


def test_a_shop_with_a_key_of_its_own_is_never_reset(shelf: Path, capsys: Said) -> None:
    os.environ["VITRINE_STRIPE_API_KEY"] = "sk_test_own"
    assert "keeps its records" in refused(capsys, "reset")
    assert (shelf / "vitrine.db").exists()


def test_what_a_demonstration_did_not_make_is_never_reset(shelf: Path, capsys: Said) -> None:
    said = refused(capsys, "reset")
    assert "was not made by" in said
    watch.plays(shelf)
    watch.trades(shelf)  # a shop with a key of its own was open over it since
    assert "was not made by" in refused(capsys, "reset")
    assert (shelf / "vitrine.db").exists()


@pytest.mark.parametrize("url", ["postgresql+psycopg://shop:hush@db/vitrine", "sqlite:////elsewhere/shop.db"])
def test_records_that_lie_elsewhere_are_never_reset(shelf: Path, capsys: Said, url: str) -> None:
    watch.plays(shelf)
    os.environ["VITRINE_DATABASE_URL"] = url
    said = refused(capsys, "reset")
    assert "by hand" in said
    assert "hush" not in said
    assert (shelf / "vitrine.db").exists()


def test_a_demonstration_starts_over_and_leaves_what_it_did_not_make(shelf: Path, capsys: Said) -> None:
    watch.plays(shelf)
    KeyRing.open(shelf / "keys")
    (shelf / "letter.txt").write_text("to keep")
    (shelf / "sandbox").mkdir()
    (shelf / "sandbox" / "ports.json").write_text("{}")
    assert "empty shop" in done(capsys, "reset")
    assert {left.name for left in shelf.iterdir()} == {"keys", "letter.txt", "open.lock"}


def test_the_shop_s_own_folder_is_for_its_person_alone(folder: Path, capsys: Said) -> None:
    done(capsys, "migrate")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_capsule_is_checked_and_every_mistake_named(folder: Path, capsys: Said, demo_capsules: Path) -> None:
    assert "no mistake" in done(capsys, "capsule", "check", str(demo_capsules / "notebook-corner"))
    broken = folder.parent / "notebook-corner"
    shutil.copytree(demo_capsules / "notebook-corner", broken)
    words = (broken / "capsule.toml").read_text()
    words = words.replace("price_minor = 30000", "price_minor = -1").replace("size = 60", "size = 0", 1)
    (broken / "capsule.toml").write_text(words)
    assert main(["capsule", "check", str(broken)]) == 2
    err = capsys.readouterr().err
    assert "price_minor" in err
    assert "size" in err


def test_capsules_are_loaded_once(shelf: Path, capsys: Said) -> None:
    assert "nothing has changed; 0 new" in done(capsys, "capsule", "load")


def test_boutiques_and_their_pins(shelf: Path, capsys: Said) -> None:
    out = done(capsys, "boutique", "load", str(HOUSE / "data" / "boutique.toml"))
    assert "2 boutiques and 4 people" in out
    assert len([line for line in out.splitlines() if line.strip()[:6].isdigit()]) == 4
    assert "cannot be read" in (main(["boutique", "load", "nowhere.toml"]), capsys.readouterr().err)[1]


def test_a_new_pin_opens_the_till_and_the_old_one_does_not(shelf: Path, capsys: Said) -> None:
    first = done(capsys, "staff", "pin", "counter").split("is ")[1][:6]
    second = done(capsys, "staff", "pin", "counter").split("is ")[1][:6]
    shop = Shop(settings_for(shelf))
    with shop.read() as look:
        kept = look.get_one(Staff, "counter").pin_hash
    shop.close()
    assert pins.fits(second, kept)
    assert first == second or not pins.fits(first, kept)
    assert "no person 'nobody'" in refused(capsys, "staff", "pin", "nobody")


def test_a_tablet_is_offered_an_address(shelf: Path, capsys: Said) -> None:
    out = done(capsys, "tablet", "add", "Window", "--boutique", "demo")
    assert "http://127.0.0.1:8501/enrol/" in out
    assert "█" in out
    assert "no boutique 'elsewhere'" in refused(capsys, "tablet", "add", "Window", "--boutique", "elsewhere")
    assert "no reader 'tmr_0'" in refused(capsys, "tablet", "add", "W", "--boutique", "demo", "--reader", "tmr_0")


def test_a_tablet_is_listed_equipped_anew_and_shut_out(shelf: Path, capsys: Said) -> None:
    shop = Shop(settings_for(shelf))
    readers.register(shop, reader_id="tmr_1", boutique_id="demo", label="Counter")
    tablet = devices.known(
        shop, cookie=devices.enrol(shop, token=devices.issue(shop, boutique_id="demo", label="Window"))
    )
    shop.close()
    assert tablet is not None
    assert done(capsys, "tablet", "list") == f"{tablet.device_id}  demo  Window: reader none, printer none\n"
    assert "reader tmr_1" in done(capsys, "tablet", "set", tablet.device_id, "--reader", "tmr_1")
    assert "no printer 'p'" in refused(capsys, "tablet", "set", tablet.device_id, "--printer", "p")
    assert "shut out" in done(capsys, "tablet", "revoke", tablet.device_id)
    assert done(capsys, "tablet", "list") == ""
    assert "no tablet 'nobody'" in refused(capsys, "tablet", "revoke", "nobody")


def test_printers_are_written_down(shelf: Path, capsys: Said) -> None:
    assert "192.0.2.7:9100" in done(capsys, "printer", "add", "counter", "192.0.2.7", "--boutique", "demo")
    assert "192.0.2.8:9101" in done(capsys, "printer", "add", "counter", "192.0.2.8:9101", "--boutique", "demo")
    assert "no boutique" in refused(capsys, "printer", "add", "counter", "192.0.2.7", "--boutique", "elsewhere")
    assert "no port" in refused(capsys, "printer", "add", "counter", "192.0.2.7:x", "--boutique", "demo")
    assert "out of use" in done(capsys, "printer", "retire", "counter")
    assert "no printer 'counter'" in refused(capsys, "printer", "retire", "counter")


def test_a_reader_is_asked_for_at_stripe_first(shelf: Path, capsys: Said) -> None:
    os.environ |= {"VITRINE_STRIPE_API_KEY": "sk_test_x", "VITRINE_STRIPE_API_BASE": "http://127.0.0.1:9"}
    assert "tmr_1" in refused(capsys, "reader", "add", "tmr_1", "--boutique", "demo")
    assert "Stripe" in refused(capsys, "reader", "list")


def test_a_reader_is_cleared_by_the_operator_who_has_seen_what_it_shows(
    shelf: Path, capsys: Said, sandbox: Outside
) -> None:
    world = sandbox.stripe
    os.environ |= {"VITRINE_STRIPE_API_KEY": world.api_key, "VITRINE_STRIPE_API_BASE": world.url}
    reader = world.readers[0].id
    assert "shows nothing" in done(capsys, "reader", "clear", reader)
    other = stripe.StripeClient(world.api_key, base_addresses={"api": world.url})
    theirs = other.v1.payment_intents.create(
        {"amount": 500, "currency": "gbp", "allowed_payment_method_types": ["card_present"]}
    )
    other.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": theirs.id})
    assert main(["reader", "clear", reader]) == 1
    said = capsys.readouterr().out
    assert f"£5.00 of another system ({theirs.id})" in said
    assert "--yes" in said
    assert "showed £5.00" in done(capsys, "reader", "clear", reader, "--yes")
    assert "shows nothing" in done(capsys, "reader", "clear", reader)
    assert "tmr_0" in refused(capsys, "reader", "clear", "tmr_0")


def test_what_can_go_wrong_is_listed_armed_and_cleared(folder: Path, capsys: Said, sandbox: Outside) -> None:
    listed = done(capsys, "sandbox", "faults")
    assert all(f"  {name} " in listed and fault.says in listed for name, fault in FAULTS.items())
    assert "No sandbox is open here" in listed
    assert "not open" in refused(capsys, "sandbox", "faults", "rate_limit")
    with watch.open_over(folder):
        watch.tell_others(folder, settings={}, outside=sandbox.told())
        assert "Nothing is armed" in done(capsys, "sandbox", "faults")
        assert "rate_limit, 2 times" in done(capsys, "sandbox", "faults", "rate_limit", "--times", "2")
        words = ("stuck_in_progress", "--set", "authorised=true", "--times", "0", "--on", "tmr_1")
        assert "until cleared, on tmr_1 (authorised=true)" in done(capsys, "sandbox", "faults", *words)
        armed = {each.fault: each.times for each in sandbox.stripe.world.faults.armed()}
        assert armed == {"rate_limit": 2, "stuck_in_progress": None}
        assert "Armed now:\n  rate_limit, 2 times" in done(capsys, "sandbox", "faults")
        assert "1 cleared" in done(capsys, "sandbox", "faults", "rate_limit", "reader_busy", "--clear")
        assert "1 cleared" in done(capsys, "sandbox", "faults", "--clear")
        assert sandbox.stripe.world.faults.armed() == []
        assert "no fault 'earthquake'" in refused(capsys, "sandbox", "faults", "earthquake")
        assert "no setting of reader_busy" in refused(capsys, "sandbox", "faults", "reader_busy", "--set", "seconds=1")


def test_a_stand_in_that_was_started_alone_is_told_by_its_address(folder: Path, capsys: Said, sandbox: Outside) -> None:
    assert "Armed: reader_busy" in done(capsys, "sandbox", "faults", "reader_busy", "--at", sandbox.stripe.url + "/")
    assert "1 cleared" in done(capsys, "sandbox", "faults", "--clear", "--at", sandbox.stripe.url)
    for nowhere in ("nowhere", "http://127.0.0.1:9"):
        assert "stand-in for Stripe" in refused(capsys, "sandbox", "faults", "reader_busy", "--at", nowhere)


def test_addresses_that_prove_nothing(folder: Path, capsys: Said) -> None:
    KeyRing.open(folder / "keys")
    for address in ("", "https://house/01/09520000000042/21/NC-VM-001", "https://house/%00", "x" * 5000):
        assert main(["verify", address]) == 1
        assert capsys.readouterr().out.startswith(("Altered", "Unknown", "This is not the address"))


def test_verifying_without_a_key(folder: Path, capsys: Said) -> None:
    assert "public key" in refused(capsys, "verify", "https://house/01/09520000000042/21/A", "--key", "nowhere")


def test_a_broken_audit_chain_is_found(shelf: Path, capsys: Said) -> None:
    shop = Shop(settings_for(shelf))
    with shop.jot() as tx:
        entry = tx.get_one(AuditEntry, 2)
        entry.act = "nothing happened"
    shop.close()
    assert main(["audit", "verify"]) == 1
    assert "Entry 2" in capsys.readouterr().out


def test_nothing_to_recover(shelf: Path, capsys: Said) -> None:
    assert "0 payments were open" in done(capsys, "recover")


def test_a_demonstration_that_is_not_open_is_not_sold_in(shelf: Path, capsys: Said) -> None:
    assert "make run" in refused(capsys, "demo", "--here")


def test_words_that_cannot_be_seen_go_nowhere(folder: Path, capsys: Said) -> None:
    assert "cannot be seen" in refused(capsys, "tablet", "add", "Window\x1b[31m", "--boutique", "demo")
    assert "cannot be seen" in refused(capsys, "reader", "add", "tmr_\x00", "--boutique", "demo")


@pytest.mark.parametrize("address", [":9100", "127.0.0.1:0", "127.0.0.1:99999999", "127.0.0.1:x"])
def test_a_printer_nobody_could_reach_is_not_written_down(shelf: Path, capsys: Said, address: str) -> None:
    assert "There is no" in refused(capsys, "printer", "add", "counter", address, "--boutique", "demo")


def test_labels_and_hand_outs_are_queued_for_a_printer_of_the_shop(shelf: Path, capsys: Said) -> None:
    refused(capsys, "label", "NC-PT", "--printer", "counter")
    assert main(["printer", "add", "counter", "192.0.2.20", "--boutique", "demo"]) == 0
    assert main(["label", "NC-PT", "NC-VM", "--printer", "counter"]) == 0
    assert main(["handout", "--printer", "counter", "--language", "fr"]) == 0
    said = capsys.readouterr().out
    assert "2 labels wait for the printer counter" in said
    assert "1 hand-outs wait for the printer counter" in said
    assert "NC-XX" in refused(capsys, "label", "NC-XX", "--printer", "counter")
