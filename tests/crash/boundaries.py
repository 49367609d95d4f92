"""Where a till may die: before and after every call to Stripe, every commit, every step of a slip's way to paper.

The product knows nothing of this. Three of its doors are wrapped in the process that is to die, each the only one of
its kind: the commit of the database's own connection, `Terminal._ask`, and `connection._transmit`.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from pos.clock import Clock
from pos.paper import connection
from pos.paper.wire import Wire
from pos.payments.terminal import Terminal

COMMIT, STRIPE, PRINT = "commit", "stripe", "print"


@dataclass(frozen=True)
class Passed:
    """One boundary that a till came to: its kind, what was done there, in which step of the sale, at what time."""

    kind: str
    what: str
    step: str
    at: datetime

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"{self.step}: {self.kind} {self.what}"


class Boundaries:
    """Counts the boundaries of a sale, writes each down where a dead process cannot take it back, and dies at one."""

    def __init__(self, *, log: Path, clock: Clock, die_at: int | None) -> None:
        self.step = "setting up"
        self._line = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._clock, self._die_at, self._passed = clock, die_at, 0

    def here(self, kind: str, what: str) -> None:
        """One more boundary; perhaps the last."""
        self._passed += 1
        words = [kind, what, self.step, self._clock.now().isoformat()]
        os.write(self._line, json.dumps(words).encode() + b"\n")
        if self._passed == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Begin: wrap the three doors of this process, for good."""
        self._watch_commits()
        self._watch_stripe()
        self._watch_the_printer()

    def _watch_commits(self) -> None:
        def committing(when: str) -> None:
            writer = _writer()
            if writer is not None:
                self.here(COMMIT, f"{when} {writer}")

        event.listen(Engine, "commit", lambda _: committing("before"))
        event.listen(Session, "after_commit", lambda _: committing("after"))

    def _watch_stripe(self) -> None:
        ask, here = Terminal._ask, self.here

        def watched(terminal: Terminal, journal: Any, verb: str, key: Any, call: Callable[[], Any], read: Any) -> Any:
            def called() -> Any:
                here(STRIPE, f"before {verb}")
                try:
                    return call()
                finally:
                    here(STRIPE, f"after {verb}")

            return ask(terminal, journal, verb, key, called, read)

        Terminal._ask = watched  # type: ignore[method-assign, assignment]

    def _watch_the_printer(self) -> None:
        send, transmit, here = connection.send, connection._transmit, self.here

        def watched(address: Any, *, before_first_byte: Callable[[], None], **words: Any) -> connection.Outcome:
            def ready() -> None:
                here(PRINT, "before the slip is begun")
                before_first_byte()

            return send(address, before_first_byte=ready, **words)

        def sent(wire: Wire, job: Any) -> Any:
            here(PRINT, "before the first byte")
            cause = transmit(_Line(wire, job, here), job)  # type: ignore[arg-type]
            here(PRINT, "after the proof, before it is recorded")
            return cause

        connection.send, connection._transmit = watched, sent


class _Line:
    """A line to the printer that first takes half a slip at most, so that there is a moment in the middle."""

    def __init__(self, wire: Wire, job: Any, here: Callable[[str, str], None]) -> None:
        self._wire, self._job, self._here = wire, job, here

    def exchange(self, data: bytes, *, seconds: float) -> tuple[int, list[Any]]:
        whole, before = len(self._job.body), self._job.sent
        taken, replies = self._wire.exchange(data if before else data[: whole // 2], seconds=seconds)
        if taken and not before:
            self._here(PRINT, "in the middle of the slip")
        if taken and before + taken == whole:
            self._here(PRINT, "after the last byte, before the proof")
        return taken, replies


def passed(log: Path) -> list[Passed]:
    """The boundaries that were written down."""
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return [Passed(kind, what, step, datetime.fromisoformat(at)) for kind, what, step, at in lines]


def _writer() -> str | None:
    """Which verb of the shop commits: the innermost function of pos/ outside shop.py; None where the test does."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith("pos.") and name != "pos.shop":
            return f"{name.rsplit('.', 1)[1]}.{frame.f_code.co_name}"
        frame = frame.f_back
    return None
