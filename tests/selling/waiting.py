"""Somebody else, at the same time: goes on until a lock of the records is in the way, or to the end."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import text

from pos.shop import Shop

SECONDS = 30
AT_A_LOCK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Other(threading.Thread):
    """Does one thing beside us; `said` is what came of it, answer or refusal."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._act = act
        self.said: object = None

    def run(self) -> None:
        try:
            self.said = self._act()
        except Exception as refusal:
            self.said = refusal

    def go_as_far_as_possible(self, shop: Shop) -> None:
        """Start, and come back once it waits for a lock, or is through. PostgreSQL rings no bell for either."""
        self.start()
        end = time.monotonic() + SECONDS
        while self.is_alive() and not self._waits(shop):
            assert time.monotonic() < end, "neither at a lock nor through"
            time.sleep(0.01)

    def end(self) -> object:
        """What came of it."""
        self.join(SECONDS)
        assert not self.is_alive()
        return self.said

    def _waits(self, shop: Shop) -> bool:
        with shop.read() as look:
            return bool(look.connection().execute(AT_A_LOCK).scalar_one())
