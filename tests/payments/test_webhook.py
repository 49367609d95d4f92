"""Stripe knocks: forged, twice, late, out of order, for another shop, or not at all."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from pos.errors import NotAllowed
from pos.models import PaymentState, StripeEvent
from pos.payments import intents, record, webhook
from pos.shop import Shop
from tests.payments.conftest import DECLINED, Till
from tests.sandbox.stripe_shop import soon


def signed(raw: bytes, secret: str, *, age: int = 0) -> str:
    """Stripe's own formula: HMAC-SHA256 over time and body."""
    at = int(time.time()) - age
    mac = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def knock(shop: Shop, event: dict[str, object], *, secret: str | None = None, age: int = 0) -> None:
    raw = json.dumps(event).encode()
    webhook.receive(shop, raw=raw, signature=signed(raw, secret or shop.settings.stripe_webhook_secrets[-1], age=age))


def events(till: Till, payment: str) -> list[dict[str, object]]:
    """What the stand-in told of a payment, oldest first."""
    intent = till.payment(payment).intent_id
    assert intent is not None
    return [event for event in till.stripe.transcript.events() if intent in json.dumps(event)]


def kept(shop: Shop) -> list[StripeEvent]:
    with shop.read() as look:
        return list(look.exec(select(StripeEvent)))


def paid(till: Till) -> str:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    return payment


def test_an_event_rings_the_bell_of_its_reader_and_moves_nothing_itself(till: Till) -> None:
    payment = paid(till)
    bell = till.shop.bell.count(record.topic(till.reader_id))
    for event in events(till, payment):
        knock(till.shop, event)
    assert till.shop.bell.count(record.topic(till.reader_id)) > bell
    assert till.payment(payment).state == PaymentState.DISPATCHED
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_the_reader_s_own_event_names_the_payment_too(till: Till) -> None:
    payment = paid(till)
    (told,) = [event for event in events(till, payment) if event["type"] == "terminal.reader.action_succeeded"]
    knock(till.shop, told)
    assert kept(till.shop)[0].object_id == till.payment(payment).intent_id


def test_scenario_7_the_same_event_twice_is_one_event(till: Till) -> None:
    event = events(till, paid(till))[-1]
    knock(till.shop, event)
    bell = till.shop.bell.count("payments")
    knock(till.shop, event)
    (row,) = kept(till.shop)
    assert row.deliveries == 2
    assert till.shop.bell.count("payments") == bell


def test_the_same_event_at_the_same_moment_is_one_event(till: Till) -> None:
    event = events(till, paid(till))[-1]
    start = threading.Barrier(4)

    def deliver() -> None:
        start.wait()
        knock(till.shop, event)

    posts = [threading.Thread(target=deliver) for _ in range(4)]
    for post in posts:
        post.start()
    for post in posts:
        post.join()
    assert len(kept(till.shop)) == 1


def test_scenario_7_events_out_of_order_and_late_change_nothing(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    till.carry_on(payment)
    for event in reversed(events(till, payment)):
        knock(till.shop, event)
        till.carry_on(payment)
    assert till.payment(payment).state == PaymentState.DECLINED


def test_scenario_7_an_event_that_lies_is_not_believed(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    event = json.loads(json.dumps(events(till, payment)[0]))
    event["data"]["object"]["status"] = "succeeded"
    knock(till.shop, event)
    assert till.carry_on(payment) == PaymentState.DISPATCHED


@pytest.mark.parametrize("which", [0, 1])
def test_two_secrets_are_good_while_one_is_replaced(till: Till, which: int) -> None:
    knock(till.shop, events(till, paid(till))[-1], secret=till.shop.settings.stripe_webhook_secrets[which])
    assert len(kept(till.shop)) == 1


def test_scenario_7_a_forged_event_is_refused(till: Till) -> None:
    with pytest.raises(NotAllowed):
        knock(till.shop, events(till, paid(till))[-1], secret="whsec_somebody")
    assert kept(till.shop) == []


def test_an_altered_body_is_refused(till: Till) -> None:
    raw = json.dumps(events(till, paid(till))[-1]).encode()
    signature = signed(raw, till.shop.settings.stripe_webhook_secrets[-1])
    with pytest.raises(NotAllowed):
        webhook.receive(till.shop, raw=raw.replace(b"pi_", b"px_"), signature=signature)


def test_scenario_7_an_old_event_sent_again_by_somebody_is_refused(till: Till) -> None:
    with pytest.raises(NotAllowed):
        knock(till.shop, events(till, paid(till))[-1], age=301)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id": 1}',
        b'{"id":"evt","type":"x","data":{"object":7}}',
        b"\xff\xfe",
        b"x" * 300_000,
    ],
)
def test_what_is_not_an_event_is_refused(till: Till, raw: bytes) -> None:
    with pytest.raises(NotAllowed):
        webhook.receive(till.shop, raw=raw, signature=signed(raw, till.shop.settings.stripe_webhook_secrets[-1]))


@pytest.mark.parametrize("signature", ["", "t=1", "v1=00", "t=x,v1=y", "t=1,v1=é"])
def test_a_signature_that_is_none_is_refused(till: Till, signature: str) -> None:
    with pytest.raises(NotAllowed):
        webhook.receive(till.shop, raw=b"{}", signature=signature)


def test_an_event_of_the_live_mode_is_left_alone(till: Till) -> None:
    knock(till.shop, {**events(till, paid(till))[-1], "livemode": True})
    assert kept(till.shop) == []


def test_an_event_of_a_payment_of_another_shop_is_kept_and_rings_nobody(till: Till) -> None:
    bell = till.shop.bell.count("payments")
    stranger = {"id": "pi_stranger", "object": "payment_intent"}
    knock(till.shop, {"id": "evt_1", "type": "payment_intent.created", "livemode": False, "data": {"object": stranger}})
    assert kept(till.shop)[0].object_id == "pi_stranger"
    assert till.shop.bell.count("payments") == bell


@pytest.fixture
def letterbox(till: Till) -> Iterator[list[int]]:
    """The shop's webhook address, open to the stand-in; what it answered."""
    answers: list[int] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                webhook.receive(till.shop, raw=raw, signature=self.headers["Stripe-Signature"])
                status = 200
            except NotAllowed:
                status = 400
            self.send_response(status)
            self.end_headers()
            answers.append(status)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/stripe/webhook"
    till.stripe.listen(url)
    yield answers
    till.stripe.world.post.remove(url)
    server.shutdown()
    server.server_close()


def test_scenario_7_twice_late_shuffled_and_forged_on_the_road_it_is_one_sale(till: Till, letterbox: list[int]) -> None:
    for fault, on in (
        ("webhook_reorder", "payment_intent.created"),
        ("webhook_forged", "charge.succeeded"),
        ("webhook_duplicate", "payment_intent.amount_capturable_updated"),
        ("webhook_delay", "terminal.reader.action_succeeded"),
    ):
        till.stripe.fault(fault, on=on, **({"settings": {"seconds": 0.5}} if fault == "webhook_delay" else {}))
    payment = paid(till)
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert soon(lambda: len(kept(till.shop)) == len(events(till, payment)) == 6)
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert (letterbox.count(400), set(letterbox)) == (1, {200, 400})  # the stranger's, and no other
    told = sorted((event.type, event.deliveries) for event in kept(till.shop) if event.deliveries > 1)
    assert told == [("payment_intent.amount_capturable_updated", 2)]


def test_scenario_7_the_events_of_an_earlier_card_say_nothing_of_the_next(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    of_the_first = events(till, payment)
    till.carry_on(payment)
    intents.retry(till.shop, payment_id=payment, by="tablet")
    till.carry_on(payment)
    for event in of_the_first:  # they come now, when the second card is asked for
        knock(till.shop, event)
        assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    till.carry_on(payment)
    for event in of_the_first:
        knock(till.shop, event)
        assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)


def test_scenario_8_events_that_never_come_are_not_missed(till: Till, letterbox: list[int]) -> None:
    till.stripe.fault("webhook_drop", times=None)
    payment = paid(till)
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert letterbox == []


def test_the_stand_in_s_own_webhook_wakes_the_shop(till: Till, letterbox: list[int]) -> None:
    payment = till.sale()
    till.carry_on(payment)
    topic = record.topic(till.reader_id)
    bell = till.shop.bell.count(topic)
    till.card()
    assert till.shop.bell.wait(topic, after=bell, seconds=10) > bell
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert set(letterbox) == {200}
