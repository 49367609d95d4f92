"""Wakes those who wait for work, in this process. What matters is in the records; a bell only saves a wait."""

import threading
from collections import Counter


class Bell:
    """One bell a topic: `payments`, `printing`."""

    def __init__(self) -> None:
        self._rung: Counter[str] = Counter()
        self._condition = threading.Condition()

    def ring(self, topic: str) -> None:
        """Wake everyone who waits for this topic."""
        with self._condition:
            self._rung[topic] += 1
            self._condition.notify_all()

    def count(self, topic: str) -> int:
        """How often it rang: to be given to `wait`, so that a ring between look and wait is not lost."""
        with self._condition:
            return self._rung[topic]

    def wait(self, topic: str, *, after: int, seconds: float) -> int:
        """Wait until it has rung more than `after` times, or for some seconds; says how often it rang."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung[topic] > after, timeout=seconds)
            return self._rung[topic]
