"""The stand-in's time, which a test may push forward."""

import threading
import time


class Clock:
    """Seconds since the epoch, plus whatever was advanced."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch in the stand-in's world."""
        return time.time() + self._ahead

    def seconds(self) -> int:
        """Whole seconds, as Stripe's timestamps are."""
        return int(self.now())

    def advance(self, *, seconds: float) -> None:
        """Push time forward. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("time only goes forward")
        with self._lock:
            self._ahead += seconds
