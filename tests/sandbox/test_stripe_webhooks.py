"""Events come to the shop's door: signed, again until taken, and sometimes twice, late, shuffled or never."""

import json
import threading

import httpx
import pytest
import stripe

from pos.sandbox.stripe.webhooks import signature
from tests.sandbox.stripe_shop import Inbox, Till, inbox, soon

SALE = ["payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated"]


def test_the_real_library_believes_the_signature(till: Till, letters: Inbox) -> None:
    intent = till.authorised()
    assert letters.wait_for(4) == [*SALE, "terminal.reader.action_succeeded"]
    for body, header in letters.came:
        event = till.client.construct_event(body, header, till.running.webhook_secret)
        assert event.object == "event"
        with pytest.raises(stripe.SignatureVerificationError):
            till.client.construct_event(body, header, "whsec_forged")
    assert event.data.object.action.process_payment_intent.payment_intent == intent.id


def test_the_signature_is_stripes_formula() -> None:
    ours = signature('{"a":1}', secret="whsec_x", at=1_800_000_000)
    assert ours == stripe.WebhookSignature.generate_signature_header('{"a":1}', "whsec_x", 1_800_000_000)


def test_an_event_is_brought_again_until_it_is_taken(till: Till, letters: Inbox) -> None:
    letters.answers = [500, 503]
    till.intent()
    assert letters.wait_for(3) == ["payment_intent.created"] * 3
    event_id = json.loads(letters.came[0][0])["id"]
    assert soon(lambda: till.client.v1.events.retrieve(event_id).pending_webhooks == 0)
    attempts = till.running.transcript.deliveries(event_id)
    assert [(d.attempt, d.status) for d in attempts] == [(1, 500), (2, 503), (3, 200)]


def test_events_that_were_not_taken_can_be_asked_for(till: Till, letters: Inbox) -> None:
    letters.answers = [500] * 4
    intent = till.intent()
    assert letters.wait_for(4) == ["payment_intent.created"] * 4
    owed = till.client.v1.events.list({"delivery_success": False, "limit": 1}).data[0]
    assert (owed.data.object.id, owed.pending_webhooks) == (intent.id, 1)
    assert owed.id not in [event.id for event in till.client.v1.events.list({"delivery_success": True, "limit": 100})]


def test_nobody_at_home_is_tried_again_and_then_given_up(till: Till) -> None:
    with inbox() as closed:
        url = closed.url
    till.running.listen(url)
    try:
        till.intent()
        assert soon(lambda: len(till.running.transcript.deliveries()) == 4)
        assert not soon(lambda: len(till.running.transcript.deliveries()) > 4, seconds=0.2)
        attempts = till.running.transcript.deliveries()
        assert [(d.attempt, d.status) for d in attempts] == [(n, None) for n in (1, 2, 3, 4)]
        assert "ConnectionRefusedError" in str(attempts[0].error)
    finally:
        till.running.world.post.remove(url)


def test_an_event_may_come_twice(till: Till, letters: Inbox) -> None:
    till.running.fault("webhook_duplicate", on="payment_intent.created", settings={"copies": 3})
    till.intent()
    letters.wait_for(3)
    assert len({json.loads(body)["id"] for body, _ in letters.came}) == 1


def test_an_event_may_never_come(till: Till, letters: Inbox) -> None:
    till.running.fault("webhook_drop", on="payment_intent.amount_capturable_updated")
    till.authorised()
    assert letters.wait_for(3) == [*SALE[:2], "terminal.reader.action_succeeded"]


def test_an_event_may_come_late(till: Till, letters: Inbox) -> None:
    till.running.fault("webhook_delay", on="charge.succeeded", settings={"seconds": 1.0})
    till.authorised()
    assert letters.wait_for(4)[-1] == "charge.succeeded"


def test_a_stranger_may_send_it_first(till: Till, letters: Inbox) -> None:
    letters.answers = [400]  # what the shop says to a forgery: nobody sends it again
    till.running.fault("webhook_forged", on="payment_intent.created")
    till.intent()
    assert letters.wait_for(2) == ["payment_intent.created"] * 2
    (forged, by_stranger), (real, by_stripe) = letters.came
    with pytest.raises(stripe.SignatureVerificationError):
        till.client.construct_event(forged, by_stranger, till.running.webhook_secret)
    event = till.client.construct_event(real, by_stripe, till.running.webhook_secret)
    assert soon(lambda: till.client.v1.events.retrieve(event.id).pending_webhooks == 0)


def test_events_may_come_in_another_order(till: Till, letters: Inbox) -> None:
    till.running.fault("webhook_reorder", on="payment_intent.created")
    till.authorised()
    assert letters.wait_for(4)[:2] == ["charge.succeeded", "payment_intent.created"]


def test_the_last_event_does_not_wait_for_ever(till: Till, letters: Inbox) -> None:
    till.running.fault("webhook_reorder", settings={"seconds": 0.1})
    till.intent()
    assert letters.wait_for(1) == ["payment_intent.created"]


def test_an_event_may_overtake_the_answer(till: Till, letters: Inbox) -> None:
    till.running.fault("slow_answer", on="POST /v1/payment_intents", settings={"seconds": 1.0})
    answered = threading.Event()

    def create() -> None:
        till.intent()
        answered.set()

    asking = threading.Thread(target=create)
    asking.start()
    letters.wait_for(1)
    assert not answered.is_set()
    asking.join()


def test_an_event_says_which_request_caused_it(till: Till) -> None:
    made = till.intent(key="order-1")
    event = till.running.transcript.events("payment_intent.created")[-1]
    assert event["request"] == {"id": made.last_response.headers["request-id"], "idempotency_key": "order-1"}


def test_an_event_shows_things_as_they_were(till: Till) -> None:
    till.captured()
    created = till.running.transcript.events("payment_intent.created")[-1]
    assert created["data"]["object"]["status"] == "requires_payment_method"


def test_addresses_are_added_and_taken_away_over_http(till: Till) -> None:
    door = till.running.url + "/_sandbox/webhooks"
    with inbox() as box:
        assert box.url in httpx.post(door, json={"url": box.url}).json()["urls"]
        till.intent()
        box.wait_for(1)
        assert box.url not in httpx.request("DELETE", door, json={"url": box.url}).json()["urls"]
    assert httpx.post(door, json={"url": "nowhere"}).status_code == 400
