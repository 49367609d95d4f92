"""A till that talks to the stand-in through the real stripe library, as the shop does."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import stripe

from pos.sandbox.stripe import RunningStripe
from tests.sandbox.openapi import book_if_here

DECLINED = "4000000000000002"
NO_FUNDS = "4000000000009995"


def client_of(running: RunningStripe, *, retries: int = 0, patience: float = 20) -> stripe.StripeClient:
    """The real client; only its address and key are the sandbox's."""
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        running.api_key,
        base_addresses={"api": running.url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=(5, patience)),
    )


def soon(true: Callable[[], Any], *, seconds: float = 10.0) -> bool:
    """Whether something comes true within a while."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if true():
            return True
        pause.wait(0.01)
    return False


@dataclass
class Till:
    """One till with one reader: the few calls a sale is made of, at 432.00 unless told otherwise."""

    running: RunningStripe
    retries: int = 0
    client: stripe.StripeClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = client_of(self.running, retries=self.retries)
        place = self.running.readers[0].location
        made = self.client.v1.terminal.readers.create({"registration_code": "simulated-wpe", "location": place or ""})
        self.reader = made.id

    def intent(self, amount: int = 43200, *, key: str | None = None, **more: Any) -> stripe.PaymentIntent:
        given = {
            "amount": amount,
            "currency": "gbp",
            "allowed_payment_method_types": ["card_present"],
            "capture_method": "manual",
            "metadata": {"order_id": "V-1"},
            **more,
        }
        return self.client.v1.payment_intents.create(given, {"idempotency_key": key} if key else {})

    def send(self, intent: stripe.PaymentIntent, *, key: str | None = None, **config: Any) -> stripe.terminal.Reader:
        config = {"skip_tipping": True, "enable_customer_cancellation": True, **config}
        return self.client.v1.terminal.readers.process_payment_intent(
            self.reader,
            {"payment_intent": intent.id, "process_config": config},
            {"idempotency_key": key} if key else {},
        )

    def card(self, number: str | None = None, **more: Any) -> stripe.terminal.Reader:
        given = {"type": "card_present", "card_present": {"number": number}} if number else {}
        return self.client.v1.test_helpers.terminal.readers.present_payment_method(self.reader, {**given, **more})

    def authorised(self, amount: int = 43200, number: str | None = None, **more: Any) -> stripe.PaymentIntent:
        """A sale up to the hold on the card."""
        config = {"allow_redisplay": more.pop("allow_redisplay")} if "allow_redisplay" in more else {}
        intent = self.intent(amount, **more)
        self.send(intent, **config)
        self.card(number)
        return self.now(intent)

    def captured(self, amount: int = 43200, number: str | None = None, **more: Any) -> stripe.PaymentIntent:
        """A whole sale."""
        return self.client.v1.payment_intents.capture(self.authorised(amount, number, **more).id)

    def now(self, intent: stripe.PaymentIntent, *expand: str) -> stripe.PaymentIntent:
        return self.client.v1.payment_intents.retrieve(intent.id, {"expand": list(expand)} if expand else {})

    def action(self) -> Any:
        return self.client.v1.terminal.readers.retrieve(self.reader).action

    def cancel(self) -> stripe.terminal.Reader:
        return self.client.v1.terminal.readers.cancel_action(self.reader)

    def refund(self, intent: stripe.PaymentIntent, **more: Any) -> stripe.Refund:
        return self.client.v1.refunds.create({"payment_intent": intent.id, **more})

    def events(self) -> list[str]:
        return [event["type"] for event in self.running.transcript.events()]

    # --- what a person does at the drawn reader ---

    def at_reader(self, what: str, **wish: Any) -> httpx.Response:
        url = f"{self.running.screen_url(self.reader)}/{what}"
        return httpx.get(url) if what == "state" else httpx.post(url, json=wish)


class Inbox:
    """An address for webhooks that keeps what came, and answers what it is told."""

    def __init__(self) -> None:
        self.came: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self._changed = threading.Condition()
        inbox = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = inbox._receive(body, self.headers["Stripe-Signature"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/stripe/webhook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _receive(self, body: bytes, signature: str) -> int:
        with self._changed:
            status = self.answers.pop(0) if self.answers else 200
            self.came.append((body, signature))
            self._changed.notify_all()
            return status

    def types(self) -> list[str]:
        with self._changed:
            return [json.loads(body)["type"] for body, _ in self.came]

    def wait_for(self, count: int, *, seconds: float = 8.0) -> list[str]:
        """The types of what came, once there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= count, seconds), [
                json.loads(body)["type"] for body, _ in self.came
            ]
        return self.types()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def inbox() -> Iterator[Inbox]:
    box = Inbox()
    yield box
    box.close()


@contextmanager
def checked_till(running: RunningStripe, **more: Any) -> Iterator[Till]:
    """A till with a reader of its own; when the block ends, all that was said must fit Stripe's published shapes."""
    running.clear_faults()
    running.transcript.clear()
    for key, _ in running.world.shelf.items("answer"):  # idempotency keys are the account's, not the test's
        running.world.shelf.drop("answer", key)
    till = Till(running, **more)
    yield till
    running.clear_faults()
    published = book_if_here()
    if published is not None:
        assert published.mistakes(running.transcript) == []
