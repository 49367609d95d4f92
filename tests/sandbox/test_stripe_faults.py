"""Everything that can go wrong with Stripe and its reader, on demand (reference, section 12)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe

from pos.sandbox.stripe.faults import FAULTS, UnknownFault
from tests.sandbox.stripe_shop import Till, client_of, soon

NEW_INTENT = "POST /v1/payment_intents"


def refused(act: Callable[[], Any]) -> stripe.StripeError:
    with pytest.raises(stripe.StripeError) as trouble:
        act()
    return trouble.value


# --- the reader ---


def test_a_timeout_may_mean_that_nothing_arrived(till: Till) -> None:
    intent = till.intent()
    till.running.fault("reader_timeout_not_delivered")
    trouble = refused(lambda: till.send(intent, key="attempt-1"))
    assert (trouble.http_status, trouble.code) == (400, "terminal_reader_timeout")
    assert till.action() is None
    again = refused(lambda: till.send(intent, key="attempt-1"))
    assert again.headers["idempotent-replayed"] == "true"  # the key replays the timeout: a new attempt, a new key
    assert till.send(intent, key="attempt-2").action.status == "in_progress"


def test_a_timeout_may_hide_that_the_reader_shows_the_payment(till: Till) -> None:
    intent = till.intent()
    till.running.fault("reader_timeout_delivered")
    assert refused(lambda: till.send(intent)).code == "terminal_reader_timeout"
    assert till.action().process_payment_intent.payment_intent == intent.id
    till.card()
    assert till.now(intent).status == "requires_capture"


@pytest.mark.parametrize(
    "fault", ["reader_busy", "reader_offline", "reader_hardware_fault", "reader_invalid_location_for_payment"]
)
def test_a_reader_can_be_unable(till: Till, fault: str) -> None:
    intent = till.intent()
    till.running.fault(fault)
    trouble = refused(lambda: till.send(intent))
    assert (trouble.http_status, trouble.code) == (400, f"terminal_{fault}")
    assert till.action() is None
    assert till.send(intent).action.status == "in_progress"


def test_an_offline_reader_looks_offline(till: Till) -> None:
    till.running.fault("reader_offline", on=f"POST /v1/terminal/readers/{till.reader}/*", times=None)
    readers = till.client.v1.terminal.readers
    shown = readers.retrieve(till.reader)
    assert shown.status == "offline"
    assert till.running.world.clock.now() * 1000 - shown.last_seen_at > 120_000
    assert till.reader in [reader.id for reader in readers.list({"status": "offline", "limit": 100}).data]
    assert refused(till.cancel).code == "terminal_reader_offline"
    till.running.clear_faults()
    assert readers.retrieve(till.reader).status == "online"


def test_a_reader_may_look_offline_and_take_a_payment_all_the_same(till: Till) -> None:
    till.running.fault("reader_looks_offline", on=till.reader)
    shown = till.client.v1.terminal.readers.retrieve(till.reader)
    assert shown.status == "offline"
    assert till.running.world.clock.now() * 1000 - shown.last_seen_at > 120_000
    intent = till.intent()
    assert till.send(intent).action.status == "in_progress"
    assert till.at_reader("state").json()["shows"] == "waiting"
    till.card()
    assert till.now(intent).status == "requires_capture"


def test_some_readers_have_nothing_to_cancel(till: Till) -> None:
    till.running.fault("nothing_to_cancel")
    assert refused(till.cancel).http_status == 404


def test_the_connection_fails_although_the_card_was_authorised(till: Till) -> None:
    intent = till.intent()
    till.send(intent)
    till.running.fault("connection_error_with_auth", on=till.reader)
    action = till.card().action
    assert (action.status, action.failure_code, action.api_error) == ("failed", "connection_error", None)
    assert action.failure_message == "Could not connect to Stripe."
    assert till.now(intent).status == "requires_capture"
    assert till.events()[-1] == "terminal.reader.action_failed"


def test_the_connection_fails_and_nothing_was_authorised(till: Till) -> None:
    intent = till.intent()
    till.send(intent)
    till.running.fault("connection_error")
    assert till.card().action.failure_code == "connection_error"
    assert till.now(intent).status == "requires_payment_method"


@pytest.mark.parametrize(("authorised", "status"), [(False, "requires_payment_method"), (True, "requires_capture")])
def test_a_dead_reader_stays_in_progress_until_it_is_reset(till: Till, authorised: bool, status: str) -> None:
    intent = till.intent()
    till.send(intent)
    till.running.fault("stuck_in_progress", settings={"authorised": authorised})
    assert till.card().action.status == "in_progress"
    assert till.now(intent).status == status
    assert not [kind for kind in till.events() if kind.startswith("terminal.")]
    assert till.at_reader("state").json()["shows"] == "dead"
    assert till.cancel().action is None


# --- Stripe and the wire ---


def test_a_500_before_anything_was_done_is_replayed_by_its_key(till: Till) -> None:
    till.running.fault("error_500_before", on=NEW_INTENT)
    trouble = refused(lambda: till.intent(key="order-1"))
    assert isinstance(trouble, stripe.APIError)
    assert (trouble.http_status, trouble.error.type) == (500, "api_error")
    assert till.events() == []
    again = refused(lambda: till.intent(key="order-1"))
    assert (again.http_status, again.headers["idempotent-replayed"]) == (500, "true")
    assert till.intent(key="order-1b").amount == 43200


def test_a_500_from_in_front_of_stripe_is_not_kept(till: Till) -> None:
    till.running.fault("error_500_before", on=NEW_INTENT, settings={"stored": False})
    assert refused(lambda: till.intent(key="order-2")).http_status == 500
    assert till.intent(key="order-2").amount == 43200


def test_a_500_after_everything_was_done(till: Till) -> None:
    till.running.fault("error_500_after", on="POST /v1/payment_intents/*/capture")
    held = till.authorised()
    assert refused(lambda: till.client.v1.payment_intents.capture(held.id)).http_status == 500
    assert till.now(held).status == "succeeded"


def test_the_line_is_cut_before_anything_was_done(till: Till) -> None:
    till.running.fault("socket_drop_before", on=NEW_INTENT)
    assert isinstance(refused(lambda: till.intent(key="order-3")), stripe.APIConnectionError)
    assert till.events() == []
    assert till.running.transcript.exchanges("/payment_intents")[-1].status == 0
    assert "idempotent-replayed" not in till.intent(key="order-3").last_response.headers


def test_the_line_is_cut_after_everything_was_done(till: Till) -> None:
    till.running.fault("socket_drop_after", on=NEW_INTENT)
    assert isinstance(refused(lambda: till.intent(key="order-4")), stripe.APIConnectionError)
    found = till.intent(key="order-4")
    assert found.last_response.headers["idempotent-replayed"] == "true"
    assert till.events() == ["payment_intent.created"]


def test_the_library_tries_again_over_a_cut_line(till: Till) -> None:
    till.running.fault("socket_drop_after", on="POST /v1/customers", times=2)
    made = client_of(till.running, retries=2).v1.customers.create({"name": "A. Shopper"})
    assert till.events() == ["customer.created"]
    assert made.name == "A. Shopper"


def test_an_answer_can_outlast_the_tills_patience(till: Till) -> None:
    hasty = client_of(till.running, patience=0.15)
    till.running.fault("slow_answer", on="POST /v1/customers", settings={"seconds": 0.5})
    with pytest.raises(stripe.APIConnectionError):
        hasty.v1.customers.create({"name": "A. Shopper"})
    assert soon(lambda: till.events() == ["customer.created"])


@pytest.mark.parametrize(
    ("fault", "code", "should_retry"), [("lock_timeout", "lock_timeout", "true"), ("rate_limit", "rate_limit", None)]
)
def test_a_burst_of_429s_passes(till: Till, fault: str, code: str, should_retry: str | None) -> None:
    till.running.fault(fault, times=3)
    for _ in range(3):
        trouble = refused(lambda: till.intent(key="order-5"))
        assert isinstance(trouble, stripe.RateLimitError)
        assert (trouble.http_status, trouble.error.code) == (429, code)
        assert trouble.headers.get("stripe-should-retry") == should_retry
    assert "idempotent-replayed" not in till.intent(key="order-5").last_response.headers


def test_a_key_may_be_in_use_or_taken_for_something_else(till: Till) -> None:
    till.running.fault("key_in_use", on=NEW_INTENT)
    in_use = refused(lambda: till.intent(key="order-6"))
    assert (in_use.http_status, in_use.error.code) == (409, "idempotency_key_in_use")
    till.running.fault("key_clash", on=NEW_INTENT)
    clash = refused(lambda: till.intent(key="order-6"))
    assert (clash.http_status, clash.error.type) == (400, "idempotency_error")
    assert "'order-6'" in str(clash)
    assert till.events() == []
    assert "idempotent-replayed" not in till.intent(key="order-6").last_response.headers


def test_the_library_sits_out_a_lock_but_not_a_rate_limit(till: Till) -> None:
    patient = client_of(till.running, retries=1)
    till.running.fault("lock_timeout")
    assert patient.v1.customers.create({"name": "A. Shopper"}).name == "A. Shopper"
    till.running.fault("rate_limit")
    assert refused(lambda: patient.v1.customers.create({"name": "A. Shopper"})).http_status == 429


# --- the table and its door ---


def test_a_fault_waits_for_its_place_and_its_turn(till: Till) -> None:
    till.running.fault("error_500_before", on="POST /v1/payment_intents/*/capture", skip=1)
    till.captured()
    held = till.authorised()
    assert refused(lambda: till.client.v1.payment_intents.capture(held.id)).http_status == 500
    assert till.running.world.faults.armed() == []


def test_faults_are_armed_listed_and_cleared_over_http(till: Till) -> None:
    door = till.running.url + "/_sandbox/faults"
    armed = httpx.post(door, json={"fault": "reader_busy", "times": 2}).json()
    shown = httpx.get(door).json()
    assert {row["fault"] for row in shown["faults"]} == set(FAULTS)
    assert [row["id"] for row in shown["armed"]] == [armed["id"]]
    assert refused(lambda: till.send(till.intent())).code == "terminal_reader_busy"
    assert httpx.get(door).json()["armed"][0] | {"id": ""} == {
        "id": "",
        "fault": "reader_busy",
        "on": "POST /v1/terminal/readers/*/*",
        "times": 1,
        "skip": 0,
        "settings": {},
        "struck": 1,
    }
    assert httpx.delete(f"{door}/{armed['id']}").json() == {"cleared": 1}
    assert httpx.delete(f"{door}/{armed['id']}").status_code == 404
    httpx.post(door, json={"fault": "rate_limit", "times": None})
    assert httpx.delete(door).json() == {"cleared": 1}


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"fault": "earthquake"},
        {"fault": "reader_busy", "times": 0},
        {"fault": "reader_busy", "when": "now"},
        {"fault": "reader_busy", "settings": {"seconds": 1}},
    ],
)
def test_a_fault_nobody_knows_is_refused(till: Till, wish: dict[str, Any]) -> None:
    answer = httpx.post(till.running.url + "/_sandbox/faults", json=wish)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_unknown_fault_names_those_there_are(till: Till) -> None:
    with pytest.raises(UnknownFault, match="reader_timeout_delivered"):
        till.running.fault("earthquake")


def test_every_fault_has_its_row_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "stripe-sandbox.md").read_text()
    for fault in FAULTS.values():
        row = next(line for line in guide.splitlines() if line.startswith(f"| `{fault.name}` |"))
        assert all(f"`{setting}`" in row for setting in fault.settings)


def test_no_fault_can_be_armed_through_stripes_own_paths(till: Till) -> None:
    headers = {"Authorization": f"Bearer {till.running.api_key}"}
    for path in ("/v1/faults", "/v1/_sandbox/faults"):
        assert httpx.post(till.running.url + path, json={"fault": "reader_busy"}, headers=headers).status_code == 404
