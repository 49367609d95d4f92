"""The shop: its settings, its clock, its records, its keys and its line to Stripe, opened once a process."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as OutOfConnections
from sqlmodel import Session

from pos.bell import Bell
from pos.books import audit
from pos.clock import Clock
from pos.db import Records, Writing
from pos.errors import RecordsTrouble, Unknown
from pos.ids import new_id
from pos.payments.terminal import Terminal
from pos.proof import certificate_log
from pos.proof.keys import KeyRing
from pos.settings import Settings
from pos.tally import Tally

log = logging.getLogger(__name__)


class Shop:
    """Everything a verb needs to do its work.

    A verb opens one `write` for its one transaction. Nothing inside it waits for a person, a reader, a printer or a
    network, and nothing inside it commits. What it writes happens at the transaction's own `now()`.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.records = Records(settings.database_url)
        self.bell = Bell()
        self.tally = Tally()
        self.name = new_id()  # of this process, among those that share the records
        self.closing = threading.Event()

    @cached_property
    def terminal(self) -> Terminal:
        """The line to Stripe Terminal."""
        return Terminal(self.settings)

    @cached_property
    def keys(self) -> KeyRing:
        """The signing keys of certificates; made at first use."""
        return KeyRing.of(self.settings)

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Writing]:
        """One transaction that changes the shop; it must leave an audit entry. Raises RecordsTrouble.

        durable: on the disk, power cut or not, before we go on. Asked for wherever the world outside is told next, or
        told already; a hold that a power cut forgets is merely free again.
        """
        with self._transaction(durable) as tx:
            yield tx
            if "audit" not in tx.info:
                raise AssertionError("a write of the shop leaves an audit entry")
            if certificate_log.NOTES in tx.info:
                certificate_log.seal(tx, self.keys)
            audit.seal(tx, at=tx.now())

    @contextmanager
    def jot(self, *, durable: bool = False) -> Iterator[Writing]:
        """One transaction in a journal or a queue, which is its own record: no audit entry. Raises RecordsTrouble."""
        with self._transaction(durable) as tx:
            yield tx
            if certificate_log.NOTES in tx.info:
                raise AssertionError("what is entered in the log of certificates is a write of the shop")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A look at the records as they are at one moment; changes nothing. Raises RecordsTrouble."""
        with _trouble_named(), Session(self.records.looking, autoflush=False, expire_on_commit=False) as look:
            yield look

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """A `read` of a few columns, where whole rows are not needed: half its price. Raises RecordsTrouble."""
        with _trouble_named(), self.records.looking.connect() as look:
            yield look

    @contextmanager
    def _transaction(self, durable: bool) -> Iterator[Writing]:
        engine = self.records.durable if durable else self.records.writing
        with _trouble_named(), self.records.turn(), Writing(engine, clock=self.clock) as tx:
            with tx.begin():
                yield tx
            topics, steps = tx.info.pop("wake", ()), tx.info.pop("steps", ())
        for topic in topics:
            self.bell.ring(topic)
        for step, sku, boutique_id in steps:
            self.tally.note(step, sku=sku, boutique_id=boutique_id, at=self.clock.now())

    def close(self) -> None:
        """Shut the shop: wake whoever waits and let go of the records."""
        self.closing.set()
        for topic in ("payments", "printing", "refunds", "mail", "waiting"):
            self.bell.ring(topic)
        self.records.close()


def wake(tx: Session, topic: str) -> None:
    """Ring this bell once the transaction has been committed."""
    tx.info.setdefault("wake", set()).add(topic)


@contextmanager
def _trouble_named() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise  # the schema's own no: a rule of the shop
    except (DataError, UnicodeEncodeError) as strange:
        raise Unknown("words", ascii(strange)) from strange  # no record holds such words (a NUL, half a character)
    except (DBAPIError, OutOfConnections) as trouble:
        log.exception("the records cannot be used")
        raise RecordsTrouble(str(getattr(trouble, "orig", trouble))) from trouble
