"""The stand-in's whole world: objects, events, time, faults and locks, and what an operation may do with them."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pos.sandbox.stripe.clock import Clock
from pos.sandbox.stripe.errors import Thing
from pos.sandbox.stripe.faults import FaultBoard
from pos.sandbox.stripe.settings import API_VERSION, Settings
from pos.sandbox.stripe.shelf import Shelf, new_id
from pos.sandbox.stripe.transcript import Transcript
from pos.sandbox.stripe.webhooks import Post


@dataclass(frozen=True)
class Call:
    """One request as an operation sees it: checked parameters, ids from the path, and who asks."""

    verb: str
    path: str
    params: Thing
    ids: Mapping[str, str] = field(default_factory=dict)
    request_id: str | None = None
    idempotency_key: str | None = None

    @property
    def what(self) -> str:
        """“VERB /path”, as faults are aimed."""
        return f"{self.verb} {self.path}"


class World:
    """Everything there is. Whoever reads or changes it holds `lock`, for as short as an operation lasts."""

    def __init__(self, directory: Path | None = None, *, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.clock = Clock()
        self.lock = threading.RLock()
        self.shelf = Shelf(directory)
        self.faults = FaultBoard()
        self.transcript = Transcript(self.settings.transcript_length)
        self.acts: dict[str, Callable[[World, str], None]] = {}
        self.alarm: Callable[[float], None] = lambda seconds: None  # the server wakes the world in time
        self.address = "http://127.0.0.1"  # where its pages are, once a server is there
        self.held: set[str] = set()  # ids that a request, or a card being authorised, is writing
        self._unsent: list[Thing] = []
        self.api_key = self._secret("api_key", "sk_test_")
        self.webhook_secret = self._secret("webhook_secret", "whsec_")
        self.post = Post(
            settings=self.settings,
            faults=self.faults,
            transcript=self.transcript,
            arrived=self._arrived,
        )
        self.shelf.commit()

    # --- events -------------------------------------------------------------------------------------------------

    def tell(self, kind: str, subject: Thing, *, call: Call | None = None, was: Thing | None = None) -> None:
        """Record an event: a snapshot of an object as it is now. It leaves when the act is committed.

        was holds the former values of what changed (previous_attributes).
        """
        data: Thing = {"object": json.loads(json.dumps(subject))}
        if was is not None:
            data["previous_attributes"] = was
        event: Thing = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.clock.seconds(),
            "data": data,
            "livemode": False,
            "pending_webhooks": len(self.post.urls),
            "request": {
                "id": call.request_id if call else None,
                "idempotency_key": call.idempotency_key if call else None,
            },
            "type": kind,
        }
        self.shelf.put("event", event["id"], event)
        if self.post.urls:
            self.shelf.put("owed", event["id"], {"urls": self.post.urls})
        self._unsent.append(event)

    def commit(self) -> None:
        """Write what changed and send what was told."""
        with self.lock:
            self.shelf.commit()
            unsent, self._unsent = self._unsent, []
            for event in unsent:
                self.transcript.event(event)
                self.post.send(event_id=event["id"], event_type=event["type"], payload=json.dumps(event))

    def listen(self, url: str) -> None:
        """Send events to an address; what an earlier run still owed to it goes out again."""
        with self.lock:
            if url in self.post.urls:
                return
            self.post.add(url, secret=self.webhook_secret)
            for event_id, owed in self.shelf.items("owed"):
                event = self.shelf.find("event", event_id)
                if event is not None and url in owed["urls"]:
                    self.post.send(event_id=event_id, event_type=event["type"], payload=json.dumps(event), only=url)

    def _arrived(self, event_id: str, url: str) -> None:
        with self.lock:
            event, owed = self.shelf.find("event", event_id), self.shelf.find("owed", event_id)
            if event is None or owed is None or url not in owed["urls"]:
                return
            left = [other for other in owed["urls"] if other != url]
            if left:
                self.shelf.put("owed", event_id, {"urls": left})
            else:
                self.shelf.drop("owed", event_id)
            event["pending_webhooks"] = len(left)
            self.shelf.touch("event", event_id)

    # --- what happens later -------------------------------------------------------------------------------------

    def later(self, act: str, subject: str, *, seconds: float) -> None:
        """Do something to an object after a while; it survives a restart."""
        key = new_id("job")
        self.shelf.put("job", key, {"due": self.clock.now() + seconds, "act": act, "subject": subject})
        self.alarm(seconds)

    def catch_up(self) -> None:
        """Do everything whose time has come."""
        with self.lock:
            due = [(k, job) for k, job in self.shelf.items("job") if job["due"] <= self.clock.now()]
            for key, job in sorted(due, key=lambda pair: pair[1]["due"]):
                self.shelf.drop("job", key)
                self.acts[job["act"]](self, job["subject"])
            if due:
                self.commit()

    def next_due(self) -> float | None:
        """Seconds until something is to be done, or None."""
        with self.lock:
            moments = [job["due"] for _, job in self.shelf.items("job")]
        return max(0.0, min(moments) - self.clock.now()) if moments else None

    # --- locks --------------------------------------------------------------------------------------------------

    def try_hold(self, ids: set[str]) -> bool:
        """Take the locks of some objects, all or none."""
        with self.lock:
            if self.held & ids:
                return False
            self.held |= ids
            return True

    def let_go(self, ids: set[str]) -> None:
        """Give locks back."""
        with self.lock:
            self.held -= ids

    @contextmanager
    def acting(self) -> Iterator["World"]:
        """A short, whole act from another thread: caught up before, committed after."""
        with self.lock:
            self.catch_up()
            yield self
            self.commit()

    def close(self) -> None:
        """Stop the post and close the file."""
        self.post.close()
        with self.lock:
            self.shelf.close()

    def _secret(self, name: str, prefix: str) -> str:
        kept = self.shelf.find("secret", name)
        if kept is None:
            kept = self.shelf.put("secret", name, {"value": prefix + secrets.token_hex(24)})
        return str(kept["value"])
