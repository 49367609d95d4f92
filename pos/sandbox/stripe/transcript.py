"""What was said: every request with its answer, every event, every delivery. Bounded, newest kept."""

import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from pos.sandbox.stripe.errors import Thing


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. status is 0 when the connection was cut instead of answered."""

    at: float
    verb: str
    path: str
    query: str
    form: str
    status: int
    answer: Any
    request_id: str
    route: str | None = None
    idempotency_key: str | None = None
    replayed: bool = False
    version: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """One attempt to bring an event to an endpoint. status is None when nobody answered."""

    at: float
    event_id: str
    event_type: str
    url: str
    attempt: int
    status: int | None
    error: str | None = None


@dataclass
class Transcript:
    """The last exchanges, events and deliveries, for tests and for a curious person."""

    length: int
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=self.length)
        self._events: deque[Thing] = deque(maxlen=self.length)
        self._deliveries: deque[Delivery] = deque(maxlen=self.length)

    def exchange(self, exchange: Exchange) -> None:
        """Note one request and its answer."""
        with self._lock:
            self._exchanges.append(exchange)

    def event(self, event: Thing) -> None:
        """Note one event."""
        with self._lock:
            self._events.append(event)

    def delivery(self, delivery: Delivery) -> None:
        """Note one attempt to deliver."""
        with self._lock:
            self._deliveries.append(delivery)

    def exchanges(self, path: str | None = None) -> list[Exchange]:
        """Requests with their answers, oldest first; with a path, those whose path ends so."""
        with self._lock:
            return [e for e in self._exchanges if path is None or e.path.endswith(path)]

    def events(self, kind: str | None = None) -> list[Thing]:
        """Events, oldest first; with a type, only those."""
        with self._lock:
            return [e for e in self._events if kind is None or e["type"] == kind]

    def deliveries(self, event_id: str | None = None) -> list[Delivery]:
        """Attempts to deliver, oldest first; with an id, those of one event."""
        with self._lock:
            return [d for d in self._deliveries if event_id is None or d.event_id == event_id]

    def clear(self) -> None:
        """Start a new page."""
        with self._lock:
            self._exchanges.clear()
            self._events.clear()
            self._deliveries.clear()

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, for the sandbox's own HTTP door."""
        return {
            "exchanges": [asdict(e) for e in self.exchanges()],
            "events": self.events(),
            "deliveries": [asdict(d) for d in self.deliveries()],
        }
