"""What the stand-in keeps over a restart, and how it starts."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
import stripe

from pos.sandbox.stripe import Settings, start
from pos.sandbox.stripe.known_differences import KNOWN_DIFFERENCES, assumed
from tests.sandbox.stripe_shop import Till, client_of, inbox

HELD = Settings(screen_authorising=600.0, lock_wait=0.02, webhook_first_retry=30.0)


def test_keys_readers_and_sales_survive_a_restart(tmp_path: Path) -> None:
    with start(directory=tmp_path, readers=["Counter", "Window"]) as running:
        before = (running.api_key, running.webhook_secret, running.readers)
        till = Till(running)
        intent = till.intent(key="order-1")
        sale = till.captured()
    with start(directory=tmp_path, readers=["Counter", "Window", "Cellar"]) as running:
        assert (running.api_key, running.webhook_secret) == before[:2]
        assert running.readers[:2] == before[2]
        assert running.reader("Cellar").location == running.reader("Counter").location
        till = Till(running)
        assert till.now(sale, "latest_charge").latest_charge.captured
        again = till.intent(key="order-1")
        assert (again.id, again.last_response.headers["idempotent-replayed"]) == (intent.id, "true")
        assert "charge.captured" in [event.type for event in till.client.v1.events.list({"limit": 100}).data]


def test_nothing_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from pos.sandbox.stripe import start\n"
        "running = start(directory=Path(sys.argv[1]))\n"
        "print(running.url, running.api_key, running.readers[0].id, flush=True)\n"
        "threading.Event().wait()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url, key, reader = process.stdout.readline().split()
        client = stripe.StripeClient(key, base_addresses={"api": url})
        made = client.v1.payment_intents.create(
            {"amount": 43200, "currency": "gbp", "allowed_payment_method_types": ["card_present"]}
        )
        client.v1.terminal.readers.process_payment_intent(reader, {"payment_intent": made.id})
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with start(directory=tmp_path) as running:
        client = client_of(running)
        assert client.v1.payment_intents.retrieve(made.id).amount == 43200
        assert client.v1.terminal.readers.retrieve(reader).action.process_payment_intent.payment_intent == made.id


def test_a_card_being_authorised_lands_after_the_restart(tmp_path: Path) -> None:
    with start(directory=tmp_path, settings=HELD) as running:
        till = Till(running)
        intent = till.intent()
        till.send(intent)
        assert till.at_reader("present").json()["shows"] == "authorising"
    with start(directory=tmp_path, settings=HELD) as running:
        client = client_of(running)
        with pytest.raises(stripe.RateLimitError):
            client.v1.payment_intents.cancel(intent.id)
        running.advance(seconds=601)
        assert client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_a_card_whose_time_came_while_nobody_was_there_has_paid_at_the_restart(tmp_path: Path) -> None:
    quick = Settings(screen_authorising=0.2)
    with start(directory=tmp_path, settings=quick) as running:
        till = Till(running)
        intent = till.intent()
        till.send(intent)
        assert till.at_reader("present").json()["shows"] == "authorising"
    threading.Event().wait(0.3)  # the stand-in's clock goes on without it
    with start(directory=tmp_path, settings=quick) as running:
        assert client_of(running).v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_an_event_nobody_took_is_brought_after_the_restart(tmp_path: Path) -> None:
    with inbox() as box:
        box.answers = [503]
        with start(directory=tmp_path, webhooks=[box.url], settings=HELD) as running:
            Till(running).intent()
            box.wait_for(1)
        with start(directory=tmp_path, webhooks=[box.url], settings=HELD):
            assert box.wait_for(2) == ["payment_intent.created"] * 2


def test_secrets_are_made_at_random_and_kept_to_their_owner(tmp_path: Path) -> None:
    with start(directory=tmp_path) as kept, start() as forgotten:
        assert kept.api_key.startswith("sk_test_")
        assert kept.webhook_secret.startswith("whsec_")
        assert kept.api_key != forgotten.api_key
        assert (tmp_path / "stripe.sqlite3").stat().st_mode & 0o077 == 0


def test_it_tells_who_is_who_but_not_the_key() -> None:
    with start(readers=["Counter", "Window"]) as running:
        answer = httpx.get(running.url + "/_sandbox/info")
        assert answer.json() == {
            "url": running.url,
            "readers": [{"id": r.id, "label": r.label, "location": r.location} for r in running.readers],
        }
        assert [r.label for r in running.readers] == ["Counter", "Window"]
        assert running.api_key not in answer.text
        with pytest.raises(KeyError):
            running.reader("Attic")


def test_it_answers_on_this_machine_only() -> None:
    with pytest.raises(ValueError, match="on this machine only"):
        start(host="0.0.0.0")


def test_a_port_in_use_is_said_at_once() -> None:
    with start() as running, pytest.raises(OSError):
        start(port=int(running.url.rsplit(":", 1)[1]))


def test_a_hold_lapses_after_two_days() -> None:
    with start() as running:
        till = Till(running)
        held, forgotten = till.authorised(), till.authorised()
        running.advance(seconds=2 * 24 * 3600 + 1)
        with pytest.raises(stripe.InvalidRequestError) as late:
            till.client.v1.payment_intents.capture(held.id)
        assert late.value.code == "charge_expired_for_capture"
        lapsed = till.now(forgotten)
        assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "automatic")
        assert till.events()[-2:] == ["charge.expired", "payment_intent.canceled"]


def test_time_goes_forward_over_http_and_never_back() -> None:
    with start() as running:
        door = running.url + "/_sandbox/clock"
        before = httpx.get(door).json()["now"]
        assert httpx.post(door, json={"advance": 3600}).json()["now"] >= before + 3600
        assert httpx.post(door, json={"advance": -1}).status_code == 400


def test_a_conversation_can_be_read_and_forgotten() -> None:
    with start() as running:
        Till(running).authorised()
        door = running.url + "/_sandbox/transcript"
        said = httpx.get(door).json()
        assert [e["path"].rsplit("/", 1)[-1] for e in said["exchanges"]][1:4] == [
            "payment_intents",
            "process_payment_intent",
            "present_payment_method",
        ]
        assert running.api_key not in httpx.get(door).text
        assert httpx.request("DELETE", door).json()["exchanges"] == []


def test_many_tills_at_once_each_get_their_own_sale() -> None:
    with start(readers=[f"Till {n}" for n in range(6)]) as running:
        paid: list[str] = []

        def sell() -> None:
            till = Till(running)
            for _ in range(5):
                paid.append(till.captured().id)

        threads = [threading.Thread(target=sell) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(set(paid)) == 30
        taken = running.transcript.events("charge.captured")
        assert len({event["data"]["object"]["payment_intent"] for event in taken}) == 30


def test_what_is_not_known_about_stripe_stands_in_one_table() -> None:
    for row in KNOWN_DIFFERENCES.values():
        assert row.question.endswith(("?", "."))
        assert row.because
        assert row.seen_in
    assert assumed("terminal_error_status") == 400
    with pytest.raises(KeyError):
        assumed("the_weather")
