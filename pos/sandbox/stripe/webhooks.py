"""The post: signed events brought to endpoints over HTTP, again and again until one answers 2xx.

Signature: `t=<unix>,v1=<hex hmac_sha256(secret, f"{t}.{payload}")>` (docs.stripe.com/webhooks/signature).
"""

import hashlib
import heapq
import hmac
import http.client
import itertools
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from pos.sandbox.stripe.faults import FaultBoard
from pos.sandbox.stripe.settings import Settings
from pos.sandbox.stripe.transcript import Delivery, Transcript

_STRANGER: Final = "whsec_" + secrets.token_hex(24)


def signature(payload: str, *, secret: str, at: int) -> str:
    """The Stripe-Signature header of one payload, sent at a unix second."""
    digest = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


@dataclass(order=True)
class Letter:
    """One event on its way to one endpoint. due is on the monotonic clock."""

    due: float
    number: int
    event_id: str = field(compare=False)
    event_type: str = field(compare=False)
    payload: str = field(compare=False)
    attempt: int = field(default=1, compare=False)
    forged: bool = field(default=False, compare=False)  # a stranger's: nobody sends it again


class Endpoint:
    """One address that wants events, served by a thread of its own so that a slow one delays nobody else."""

    def __init__(self, url: str, *, secret: str, office: "Post") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an address a webhook can be sent to: {url}")
        self.url = url
        self._secret = secret
        self._office = office
        self._letters: list[Letter] = []
        self._held: list[Letter] = []
        self._wake = threading.Condition()
        self._closed = False
        self._line: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._work, name=f"webhook {url}", daemon=True)
        self._thread.start()

    def post(self, letter: Letter, *, hold: float | None = None) -> None:
        """Take a letter. With hold, it waits for the next letter to go first, at most that many seconds."""
        with self._wake:
            if hold is not None:
                letter.due += hold
                self._held.append(letter)
            else:
                for held in self._held:
                    held.due, held.number = letter.due, self._office.next_number()
                self._held.clear()
                heapq.heapify(self._letters)
            heapq.heappush(self._letters, letter)
            self._wake.notify()

    def close(self) -> None:
        """Stop delivering; an attempt under way ends by itself."""
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _work(self) -> None:
        while (letter := self._next()) is not None:
            status, error = self._bring(letter)
            self._office.note(letter, url=self.url, status=status, error=error)
            if letter.forged:
                continue
            if status is None or not 200 <= status < 300:
                self._again(letter)
            else:
                self._office.arrived(letter.event_id, self.url)
        if self._line is not None:
            self._line.close()

    def _next(self) -> Letter | None:
        with self._wake:
            while not self._closed:
                wait = self._letters[0].due - time.monotonic() if self._letters else None
                if wait is not None and wait <= 0:
                    letter = heapq.heappop(self._letters)
                    self._held = [held for held in self._held if held is not letter]
                    return letter
                self._wake.wait(wait)
        return None

    def _bring(self, letter: Letter) -> tuple[int | None, str | None]:
        at = int(time.time())  # the receiver's clock, not the stand-in's: a receiver refuses what is old
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(letter.payload, secret=_STRANGER if letter.forged else self._secret, at=at),
        }
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            line = self._line or self._dial()
            line.request("POST", target, letter.payload.encode(), headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as trouble:
            self._hang_up()
            return None, f"{type(trouble).__name__}: {trouble}"
        if answer.will_close:
            self._hang_up()
        return answer.status, None

    def _dial(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        assert parts.hostname is not None
        self._line = kind(parts.hostname, parts.port, timeout=self._office.settings.webhook_timeout)
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None

    def _again(self, letter: Letter) -> None:
        settings = self._office.settings
        if letter.attempt >= settings.webhook_tries:
            return
        pause = min(settings.webhook_first_retry * 2 ** (letter.attempt - 1), settings.webhook_longest_retry)
        later = Letter(
            time.monotonic() + pause,
            self._office.next_number(),
            letter.event_id,
            letter.event_type,
            letter.payload,
            letter.attempt + 1,
        )
        with self._wake:
            heapq.heappush(self._letters, later)
            self._wake.notify()


class Post:
    """The endpoints, and what may go wrong on the way to them."""

    def __init__(
        self,
        *,
        settings: Settings,
        faults: FaultBoard,
        transcript: Transcript,
        arrived: Callable[[str, str], None],
    ) -> None:
        self.settings = settings
        self.arrived = arrived
        self._faults = faults
        self._transcript = transcript
        self._numbers = itertools.count()
        self._endpoints: dict[str, Endpoint] = {}

    def add(self, url: str, *, secret: str) -> None:
        """Send events to an address from now on. Raises ValueError for an address that is none."""
        if url not in self._endpoints:
            self._endpoints[url] = Endpoint(url, secret=secret, office=self)

    def remove(self, url: str) -> bool:
        """Send no more events to an address. Returns whether it was known."""
        endpoint = self._endpoints.pop(url, None)
        if endpoint is not None:
            endpoint.close()
        return endpoint is not None

    @property
    def urls(self) -> list[str]:
        """Where events go."""
        return list(self._endpoints)

    def send(self, *, event_id: str, event_type: str, payload: str, only: str | None = None) -> None:
        """Hand one event to every endpoint, or to only one, minding the faults that are armed."""
        fault = self._faults.strike("webhook", event_type) if self._endpoints else None
        if fault is not None and fault.fault == "webhook_drop":
            return
        seconds = float(fault.settings.get("seconds", 0.0)) if fault else 0.0
        copies = int(fault.settings.get("copies", 1)) if fault else 1
        hold = seconds if fault is not None and fault.fault == "webhook_reorder" else None
        delay = 0.0 if hold is not None else seconds
        forged = fault is not None and fault.fault == "webhook_forged"
        for endpoint in [e for e in self._endpoints.values() if only in (None, e.url)]:
            for is_forged in [True] * forged + [False] * copies:
                due = time.monotonic() + delay
                letter = Letter(due, self.next_number(), event_id, event_type, payload, forged=is_forged)
                endpoint.post(letter, hold=hold)

    def note(self, letter: Letter, *, url: str, status: int | None, error: str | None) -> None:
        """Write an attempt into the transcript."""
        self._transcript.delivery(
            Delivery(time.time(), letter.event_id, letter.event_type, url, letter.attempt, status, error)
        )

    def next_number(self) -> int:
        """Keeps letters due at one moment in the order of their sending."""
        return next(self._numbers)

    def close(self) -> None:
        """Stop delivering everywhere."""
        for url in self.urls:
            self.remove(url)
