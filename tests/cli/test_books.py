"""`python -m pos reconcile`: nothing is said where the books agree; a line for each difference, with what to do."""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stripe

from pos.books.differences import Kind
from pos.cli import main
from pos.cli.books import TODO
from pos.payments import readers
from pos.sandbox.run import Outside
from pos.shop import Shop
from tests.cli.test_commands import Said, done, folder, furnished, refused, shelf  # noqa: F401 (fixtures)
from tests.conftest import settings_for


@pytest.fixture
def charged(shelf: Path, sandbox: Outside) -> str:  # noqa: F811
    """Money taken at a reader of the shop, by a hand of its own that wrote nothing down; says the charge's id."""
    os.environ |= {"VITRINE_STRIPE_API_BASE": sandbox.stripe.url, "VITRINE_STRIPE_API_KEY": sandbox.stripe.api_key}
    client = stripe.StripeClient(sandbox.stripe.api_key, base_addresses={"api": sandbox.stripe.url}).v1
    reader = client.terminal.readers.create({"registration_code": "simulated-wpe"}).id
    shop = Shop(settings_for(shelf))
    readers.register(shop, reader_id=reader, boutique_id="demo", label="Counter")
    shop.close()
    intent = client.payment_intents.create(
        {"amount": 2500, "currency": "gbp", "allowed_payment_method_types": ["card_present"]}  # type: ignore[typeddict-item]
    )
    client.terminal.readers.process_payment_intent(reader, {"payment_intent": intent.id})
    client.test_helpers.terminal.readers.present_payment_method(reader)
    return str(client.payment_intents.retrieve(intent.id).latest_charge)


def agreed(capsys: Said, *words: str) -> str:
    """What is said where nothing differs: nothing of a difference, and beside it how much was compared."""
    assert main(["reconcile", *words]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    said, _, how_much = err.partition(": ")
    assert re.match(r"\d+ compared, \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d$", how_much)
    return said


def test_a_difference_is_one_line_with_what_to_do_and_none_is_none(
    charged: str, capsys: Said, sandbox: Outside
) -> None:
    assert main(["reconcile"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    (line,) = out.splitlines()
    assert charged in line
    assert "£25.00" in line
    assert "no order of ours: here nothing, at Stripe taken £25.00" in line
    assert TODO[Kind.UNBOOKED] in line
    stripe.StripeClient(sandbox.stripe.api_key, base_addresses={"api": sandbox.stripe.url}).v1.refunds.create(
        {"charge": charged}
    )
    assert agreed(capsys) == "the books and Stripe's agree"


def test_days_that_are_named_are_those_compared(charged: str, capsys: Said) -> None:
    assert agreed(capsys, "--from", "2020-01-01", "--to", "2020-01-31") == "the books and Stripe's agree"
    today = datetime.now(UTC).date().isoformat()
    assert main(["reconcile", "--from", today, "--to", today, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (one,) = told["differences"]
    assert (one["kind"], one["subject"], one["amount_minor"]) == ("unbooked", charged, 2500)
    assert told["from"] < told["to"]


def test_days_the_wrong_way_round_and_a_day_that_is_none(shelf: Path, capsys: Said) -> None:  # noqa: F811
    assert "the wrong way round" in refused(capsys, "reconcile", "--from", "2026-02-02", "--to", "2026-02-01")
    with pytest.raises(SystemExit) as raised:
        main(["reconcile", "--from", "yesterday"])
    assert raised.value.code == 2


def test_stripe_that_cannot_be_asked_is_a_refusal(charged: str, capsys: Said) -> None:
    os.environ["VITRINE_STRIPE_API_BASE"] = "http://127.0.0.1:9"
    assert "no_answer" in refused(capsys, "reconcile")


def test_every_kind_says_what_to_do() -> None:
    assert set(TODO) == set(Kind)
