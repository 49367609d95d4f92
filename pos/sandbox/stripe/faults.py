"""What can go wrong with Stripe and its reader, as a table, and the board on which faults are armed.

A new fault is a row in FAULTS; the stage says who asks for it:

door      before anything else is looked at: 429s, and clashes of idempotency keys
key       after the idempotency key was taken, before execution: failures of Stripe itself and of the wire
reader    inside a command to a reader: refusals of the device
status    when Stripe is asked how a reader is; it is only looked at, so it stays until it is cleared
outcome   when a card's outcome lands
confirm   inside an off-session confirmation
answer    after everything was committed, before the answer goes out (what a GET meets only if `on` says so)
webhook   when an event is handed to the post
search    when objects are searched
"""

import itertools
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

# Where a fault of each stage strikes unless told otherwise: a pattern over “VERB /path”, an event's type for
# webhooks, a reader's id for outcomes and for its status, an intent's id for confirmations, a kind of object for
# searches.
STAGES: Final = {
    "door": "POST /v1/*",
    "key": "POST /v1/*",
    "reader": "POST /v1/terminal/readers/*/*",
    "status": "*",
    "outcome": "*",
    "confirm": "*",
    "answer": "POST /v1/*",
    "webhook": "*",
    "search": "*",
}
_PROCESS: Final = "POST /v1/terminal/readers/*/process_payment_intent"
_CANCEL: Final = "POST /v1/terminal/readers/*/cancel_action"


@dataclass(frozen=True)
class Fault:
    """One thing that can go wrong: who asks for it, its settings, and where it strikes if not where its stage does."""

    name: str
    stage: str
    says: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    on: str | None = None


_TABLE: Final = (
    Fault("rate_limit", "door", "429 rate_limit; the library does not try again by itself"),
    Fault("lock_timeout", "door", "429 lock_timeout with Stripe-Should-Retry: true; the library tries again"),
    Fault("key_in_use", "door", "409 idempotency_key_in_use: the first request with this key is still under way"),
    Fault("key_clash", "door", "400 idempotency_error: the key was used before, with other words"),
    Fault("error_500_before", "key", "500 and nothing was done; replayed by its key unless stored is false",
          {"stored": True}),
    Fault("socket_drop_before", "key", "the connection is cut and nothing was done"),
    Fault("slow_before", "key", "waits before doing anything, holding the object's lock", {"seconds": 2.0}),
    Fault("reader_timeout_not_delivered", "reader", "terminal_reader_timeout, the reader knows nothing", on=_PROCESS),
    Fault("reader_timeout_delivered", "reader", "terminal_reader_timeout, yet the reader shows the payment",
          on=_PROCESS),
    Fault("reader_busy", "reader", "terminal_reader_busy: updating, in its settings, or a card left inside"),
    Fault("reader_offline", "reader", "terminal_reader_offline, and the reader's status is offline"),
    Fault("reader_hardware_fault", "reader", "terminal_reader_hardware_fault"),
    Fault("reader_invalid_location_for_payment", "reader",
          "terminal_reader_invalid_location_for_payment: it is registered in the wrong place", on=_PROCESS),
    Fault("reader_looks_offline", "status", "offline and not seen for minutes by its status, yet it takes commands"),
    Fault("nothing_to_cancel", "reader", "404 resource_missing to cancel_action", on=_CANCEL),
    Fault("connection_error", "outcome", "the action fails with connection_error and nothing is authorised"),
    Fault("connection_error_with_auth", "outcome", "the action fails with connection_error, yet it is authorised"),
    Fault("stuck_in_progress", "outcome", "the reader dies after the card: in progress for ever, no event of it",
          {"authorised": False}),
    Fault("authentication_required", "confirm", "the issuer wants the cardholder present (402)"),
    Fault("card_declined", "confirm", "the issuer refuses an off-session charge (402)"),
    Fault("expired_card", "confirm", "the card has expired since it was kept (402)"),
    Fault("error_500_after", "answer", "500 although everything was done; replayed by its key unless stored is false",
          {"stored": True}),
    Fault("socket_drop_after", "answer", "the connection is cut although everything was done"),
    Fault("slow_answer", "answer", "everything is done at once, the answer comes late", {"seconds": 2.0}),
    Fault("webhook_drop", "webhook", "the event is never delivered"),
    Fault("webhook_delay", "webhook", "the event comes late", {"seconds": 3.0}),
    Fault("webhook_duplicate", "webhook", "the event comes more than once", {"copies": 2}),
    Fault("webhook_forged", "webhook", "a copy signed by a stranger comes first, then the event itself"),
    Fault("webhook_reorder", "webhook", "the event waits until a later one went first, at most so long",
          {"seconds": 3.0}),
    Fault("search_lag", "search", "search does not find what is younger", {"seconds": 60.0}),
)  # fmt: skip
FAULTS: Final = {fault.name: fault for fault in _TABLE}


@dataclass
class Armed:
    """A fault that waits for its moment. times counts down to nothing; None stays until it is cleared."""

    id: str
    fault: str
    stage: str
    on: str
    times: int | None
    skip: int
    settings: dict[str, Any]
    struck: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The armed fault for the fault API and the reader's screen."""
        return {
            "id": self.id,
            "fault": self.fault,
            "on": self.on,
            "times": self.times,
            "skip": self.skip,
            "settings": self.settings,
            "struck": self.struck,
        }


class UnknownFault(ValueError):
    """Asked for a fault, or a setting of one, that the table does not have."""


class FaultBoard:
    """The faults that are armed, in the order of arming."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._armed: list[Armed] = []

    def set(
        self,
        fault: str,
        *,
        on: str | None = None,
        times: int | None = 1,
        skip: int = 0,
        settings: Mapping[str, Any] | None = None,
    ) -> Armed:
        """Arm a fault.

        on is a pattern over “VERB /path” (an event's type for webhooks, a reader's id for outcomes); times is how
        often it strikes, None until cleared; skip lets that many matching moments pass first.
        Raises UnknownFault.
        """
        row = FAULTS.get(fault)
        if row is None:
            raise UnknownFault(f"no fault named {fault!r}; there are: {', '.join(sorted(FAULTS))}")
        foreign = set(settings or {}) - set(row.settings)
        if foreign:
            raise UnknownFault(f"{fault} has no setting {', '.join(sorted(foreign))}")
        with self._lock:
            armed = Armed(
                id=f"fault_{next(self._numbers)}",
                fault=fault,
                stage=row.stage,
                on=on or row.on or STAGES[row.stage],
                times=times,
                skip=skip,
                settings={**row.settings, **(settings or {})},
            )
            self._armed.append(armed)
        return armed

    def clear(self, key: str | None = None) -> int:
        """Disarm one fault by its id or name, or all. Returns how many."""
        with self._lock:
            kept = [a for a in self._armed if key is not None and key not in (a.id, a.fault)]
            gone = len(self._armed) - len(kept)
            self._armed = kept
        return gone

    def armed(self) -> list[Armed]:
        """What is armed now."""
        with self._lock:
            return list(self._armed)

    def watching(self, fault: str, what: str) -> bool:
        """Whether a fault would strike, without striking."""
        return any(a.fault == fault and fnmatchcase(what, a.on) for a in self.armed())

    def strike(self, stage: str, what: str) -> Armed | None:
        """The first armed fault of a stage that matches, counted down; None when nothing goes wrong."""
        if not self._armed:  # the common case costs nothing
            return None
        with self._lock:
            return next(self._struck(stage, what), None)

    def strike_all(self, stage: str, what: str) -> list[Armed]:
        """Every armed fault of a stage that matches, each counted down once, in the order of arming."""
        if not self._armed:
            return []
        with self._lock:
            return list(self._struck(stage, what))

    def _struck(self, stage: str, what: str) -> Iterator[Armed]:
        for armed in list(self._armed):
            if armed.stage != stage or not fnmatchcase(what, armed.on):
                continue
            if armed.skip > 0:
                armed.skip -= 1
                continue
            armed.struck += 1
            if armed.times is not None:
                armed.times -= 1
                if armed.times <= 0:
                    self._armed.remove(armed)
            yield armed
