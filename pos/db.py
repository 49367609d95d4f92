"""The shop's records: SQLite on one machine, PostgreSQL for many boutiques; the same statements on both.

Why SQLite needs a lock of ours: its own busy handler sleeps and looks again, so one of eight writers can starve for
seconds. With the turn taken in order in the process, the longest wait is the sum of the writes before it.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

from pos.clock import Clock

# A look asks several questions and must not see the writes between them; SQLite's readers never do.
ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
BUSY_SECONDS = 10  # how long SQLite waits for a writer of another process


class Turn:
    """One writer at a time, first come first served."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._queue: deque[threading.Lock] = deque()
        self._taken = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def _take(self) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            place = threading.Lock()
            place.acquire()
            self._queue.append(place)
        place.acquire()  # released by whoever has the turn before us

    def _pass_on(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False


class Writing(Session):
    """One transaction that changes the records, and the moment at which it does."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        super().__init__(engine, expire_on_commit=False)
        self._clock = clock

    def now(self) -> datetime:
        """The moment of writing, UTC: time goes on while one waits, so it is asked after the last lock that decides."""
        self.connection()  # on SQLite the pen is such a lock: a writer of another process may still have it
        return self._clock.now()


class Records:
    """The engine of one database, and the turn of its writers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.is_sqlite else _postgres(url)
        self.looking = self.engine if self.is_sqlite else self.engine.execution_options(**ONE_MOMENT)
        self.writing = self.engine.execution_options(writes="NORMAL")
        self.durable = self.engine.execution_options(writes="FULL")
        if self.is_sqlite:
            for engine in (self.writing, self.durable):
                event.listen(engine, "begin", _begin_to_write)
        self._turn = Turn()

    def turn(self) -> Any:
        """Wait for the turn to write: needed on SQLite only."""
        return self._turn() if self.is_sqlite else nullcontext()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        pool_size=16,
        max_overflow=128,
        json_deserializer=orjson.loads,  # every look at a shelf reads a capsule's words and pictures
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    # Not by an event: whatever listens to an engine makes every look through it dearer by a quarter.
    engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]
    return engine


def _begin(connection: Any) -> None:
    """A look begins; a writer has done so already."""
    if not connection.in_transaction:
        connection.execute("BEGIN")  # takes no lock, so it is refused nothing; a screen begins ten times


def _begin_to_write(connection: Connection) -> None:
    # In WAL mode NORMAL survives a crash of the process, FULL a power cut as well; it can only be set between two
    # transactions. A writer asks for the pen at once: asking in the middle of a transaction is refused under load.
    writes = connection.get_execution_options()["writes"]
    connection.connection.cursor().execute(f"PRAGMA synchronous={writes}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # whose refusals must be told as trouble with the records


def _postgres(url: str) -> Engine:
    return create_engine(
        url, hide_parameters=True, isolation_level="READ COMMITTED", pool_size=16, max_overflow=64, pool_pre_ping=True
    )
