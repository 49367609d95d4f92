"""A shop whose process can die at any commit: what was committed stays, what was not is gone, and no one cleans up."""

from collections.abc import Iterator
from contextlib import contextmanager

from pos.clock import Clock
from pos.db import Writing
from pos.settings import Settings
from pos.shop import Shop


class PowerCut(BaseException):
    """The process is gone. Not an Exception: nothing in the shop may catch it."""


class FragileShop(Shop):
    """The shop, in a process that may lose its power just before or just after one of its next commits.

    Every call to Stripe stands between two commits of the journal, so a cut beside a commit is also one before or after
    a call. Once dead it does nothing more: not even its `finally` blocks reach the records.
    """

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        super().__init__(settings, clock=clock)
        self.cut_in: int | None = None  # how many edges of a commit are still passed
        self.dead = False

    @contextmanager
    def _transaction(self, durable: bool) -> Iterator[Writing]:
        if self.dead:
            raise PowerCut
        with super()._transaction(durable) as tx:
            yield tx
            self._edge()  # before the commit: it never was
        self._edge()  # after it: nobody was told

    def _edge(self) -> None:
        if self.cut_in is not None:
            self.cut_in -= 1
            if self.cut_in < 0:
                self.dead = True
                raise PowerCut
