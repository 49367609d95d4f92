"""Live and careful: which key, what it may do, what goes over the line, and what is never kept of a card."""

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import stripe
from pydantic import ValidationError
from sqlalchemy import inspect, text

from pos import logs
from pos.books.reconcile import edges
from pos.models import Payment
from pos.payments import intents, overview, terminal
from pos.payments.answers import RECEIPT_FIELDS
from pos.payments.terminal import Terminal
from pos.sandbox.stripe import charges
from pos.settings import HOUSE, Settings
from pos.shop import Shop
from tests.conftest import settings_for
from tests.payments.conftest import DECLINED, VISA, Till

LIVE = {
    "stripe_api_key": "rk_live_x",
    "stripe_live": True,
    "public_url": "https://id.example.co",
    "cookie_secure": True,
}
HOLDER, YEAR = "SHOPPER/ROBIN", 2099


# --- which key --------------------------------------------------------------------------------------------------------


def test_a_restricted_live_key_opens_a_shop_fit_for_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert settings_for(tmp_path, **LIVE).stripe_live


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x"])
@pytest.mark.parametrize("base", ["http://127.0.0.1:12111", "https://stripe.example.co"])
def test_a_live_key_is_never_sent_to_a_stand_in(tmp_path, key: str, base: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValidationError, match="only be sent to Stripe itself"):
        settings_for(tmp_path, **{**LIVE, "stripe_api_key": key, "stripe_api_base": base})
    with pytest.raises(ValidationError, match="the key is live"):
        settings_for(tmp_path, stripe_api_key=key, stripe_api_base=base)


@pytest.mark.parametrize("key", ["sk_test_x", "rk_test_x", "pk_live_x", ""])
def test_what_is_no_live_key_is_not_marked_live(tmp_path, key: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValidationError, match="not a live key"):
        settings_for(tmp_path, **{**LIVE, "stripe_api_key": key})


def test_a_setting_that_is_printed_shows_no_key(tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings: Settings = settings_for(tmp_path, stripe_api_key="sk_test_hush", stripe_webhook_secrets="whsec_hush")
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings)


# --- what the key needs -----------------------------------------------------------------------------------------------

READS = {"retrieve", "list", "search"}


def asked_for() -> dict[str, str]:
    """What the line to Stripe really asks for, read from its code: resource → read or write."""
    needed: dict[str, str] = {}
    tree = ast.walk(ast.parse((HOUSE / "pos/payments/terminal.py").read_text()))
    words = {ast.unparse(node) for node in tree if isinstance(node, ast.Attribute)}
    for said in words:
        found = re.fullmatch(r"self\._(?:looks|commands)\.v1\.([\w.]+)\.(\w+)", said)
        if found and not any(other.startswith(f"{said}.") for other in words):  # a room of verbs is none itself
            right = "read" if found[2] in READS else "write"
            needed[found[1]] = "write" if "write" in (right, needed.get(found[1])) else "read"
    return needed


def documented() -> dict[str, str]:
    part = (HOUSE / "docs/payments.md").read_text().split("## A restricted key")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([\w.]+)` \| (read|write) \|", part, re.MULTILINE))


def test_a_restricted_key_needs_what_is_documented_and_no_more() -> None:
    assert documented() == asked_for()
    assert asked_for()["terminal.readers"] == "write"


def test_every_question_goes_by_a_client_that_the_table_is_read_from() -> None:
    """A verb that spoke to Stripe by another way would need a permission nobody wrote down."""
    verbs = [node for node in ast.walk(ast.parse((HOUSE / "pos/payments/terminal.py").read_text()))
             if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]  # fmt: skip
    speaking = {verb.name for verb in verbs if "_ask(" in ast.unparse(verb) or "_pages(" in ast.unparse(verb)}
    by_client = {verb.name for verb in verbs if re.search(r"self\._(looks|commands)\.v1\.", ast.unparse(verb))}
    assert speaking == by_client != set()


# --- the line ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The headers of every question from here on."""
    headers: list[dict[str, str]] = []
    ask = stripe.RequestsClient.request

    def noted(self: Any, method: str, url: str, given: Any, post_data: Any = None) -> Any:
        headers.append(dict(given))
        return ask(self, method, url, given, post_data)

    monkeypatch.setattr(stripe.RequestsClient, "request", noted)
    return headers


@pytest.mark.parametrize("off", [True, pytest.param(False, marks=pytest.mark.xfail(strict=True, reason="its default"))])
def test_no_telemetry_goes_with_a_question(till: Till, sent: list[dict[str, str]], off: bool) -> None:
    line = Terminal(till.shop.settings)
    stripe.enable_telemetry = not off
    try:
        for _ in range(3):  # the library sends how long the last one took with the next one
            line.readers()
    finally:
        stripe.enable_telemetry = False
    assert len(sent) == 3
    assert not [headers for headers in sent if "X-Stripe-Client-Telemetry" in headers]
    assert all(headers["Stripe-Version"] == terminal.API_VERSION for headers in sent)


def test_opening_the_line_turns_telemetry_off(till: Till) -> None:
    stripe.enable_telemetry = True
    Terminal(till.shop.settings)
    assert stripe.enable_telemetry is False


# --- what is never kept -----------------------------------------------------------------------------------------------


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything the shop's log says, at its most talkative, as it is written down."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.begin(logging.DEBUG, stream=stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stripe tells more of a card than ever: the holder's name and an expiry of its own; says all of it."""
    details, told = charges.card_present_details, list[dict[str, Any]]()

    def more(*args: Any, **kwargs: Any) -> dict[str, Any]:
        said = details(*args, **kwargs)
        said["card_present"] |= {"cardholder_name": HOLDER, "exp_month": 11, "exp_year": YEAR}
        told.append(said["card_present"])
        return said

    monkeypatch.setattr(charges, "card_present_details", more)
    return told


def everything(shop: Shop) -> str:
    """Every value of every row of every table."""
    words: list[str] = []
    with shop.records.engine.connect() as line:
        for table in inspect(shop.records.engine).get_table_names():
            for row in line.execute(text(f'SELECT * FROM "{table}"')):
                words += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(words)


def test_of_a_card_nothing_is_kept_but_what_a_receipt_may_say(
    till: Till, talkative: list[dict[str, Any]], written: io.StringIO
) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    till.carry_on(payment)
    intents.retry(till.shop, payment_id=payment, by="tablet")
    till.carry_on(payment)
    till.card(VISA)
    till.carry_on(payment)
    till.assert_sold_once(payment)
    start, end = edges(till.shop, first=till.shop.clock.now().date(), last=till.shop.clock.now().date())
    till.shop.terminal.charges_between(start, end)
    logging.getLogger("pos").warning("journal: %s", overview.journal(till.shop, payment_id=payment))
    records, log = everything(till.shop), written.getvalue()
    assert len(talkative) == 2
    prints = {str(card["fingerprint"]) for card in talkative}
    ciphers = {str(card["receipt"]["application_cryptogram"]) for card in talkative}
    for secret in (
        VISA,
        DECLINED,
        HOLDER,
        str(YEAR),
        "cardholder_name",
        "exp_year",
        "emv_auth_data",
        *prints,
        *ciphers,
    ):
        assert secret not in records
        assert secret not in log
    with till.shop.read() as look:
        card = look.get_one(Payment, payment).card
    assert set(card) <= {"brand", "last4", "read_method", *RECEIPT_FIELDS}
    assert (card["brand"], card["last4"]) == ("visa", "4242")


def test_the_scan_would_find_a_card(till: Till) -> None:
    payment = till.sale()
    with till.shop.jot() as tx:
        tx.get_one(Payment, payment).card = {"brand": HOLDER, "last4": json.dumps([VISA])}
    assert HOLDER in everything(till.shop)
    assert VISA in everything(till.shop)


def test_a_card_number_that_reaches_the_log_is_blacked_out_there(written: io.StringIO) -> None:
    logging.getLogger("pos.payments").warning("card %s, key %s", VISA, "rk_live_51Habc")
    assert VISA not in written.getvalue()
    assert "51Habc" not in written.getvalue()
    assert "rk_live_…" in written.getvalue()
