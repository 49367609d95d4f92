"""Counts that wait in this process until somebody writes them down: nobody who counts waits for the records.

A process that dies loses what it has counted in the last seconds. Nothing that is needed for money is counted here.
"""

import threading
from collections import Counter
from datetime import datetime

from sqlmodel import Session, col, or_, select

from pos.models import Device, StaffSession, Step

Key = tuple[datetime, str, str, Step]  # the hour in UTC, boutique, sku, step


class Tally:
    """Steps with pieces, by hour and boutique: no more is remembered of them."""

    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        self._lock = threading.Lock()

    def note(self, step: Step, *, sku: str, boutique_id: str, at: datetime) -> None:
        """One step more."""
        with self._lock:
            self._counts[at.replace(minute=0, second=0, microsecond=0), boutique_id, sku, step] += 1

    def take(self) -> dict[Key, int]:
        """All that was counted since the last time; whoever takes it writes it down."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            return dict(counts)

    def give_back(self, counts: dict[Key, int]) -> None:
        """It could not be written down: it waits for the next time."""
        with self._lock:
            self._counts.update(counts)


def count(tx: Session, step: Step, *, sku: str, boutique_id: str) -> None:
    """Note a step once the transaction has been committed."""
    tx.info.setdefault("steps", []).append((step, sku, boutique_id))


def count_at_tablet(tx: Session, step: Step, *, sku: str, device: Device, kept_at: datetime) -> None:
    """The same, of a shopper alone: what was kept while the counter of this tablet was unlocked is the counter's."""
    still = or_(col(StaffSession.ended_at).is_(None), col(StaffSession.ended_at) > kept_at)
    there = StaffSession.device_id == device.id, col(StaffSession.began_at) <= kept_at, still
    if tx.exec(select(StaffSession.id).where(*there).limit(1)).first() is None:
        count(tx, step, sku=sku, boutique_id=device.boutique_id)
