"""One sale: what it costs, against the least that could be written, and how long a writer waits for its turn."""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import event, update
from sqlmodel import Session, col, select

from bench import house
from bench.figure import Figure, Measure, at_least, at_most, percentile, shown
from pos.db import Records
from pos.ids import new_id
from pos.models import (
    Attempt,
    AuditEntry,
    Certificate,
    Order,
    OrderLine,
    Payment,
    PaymentState,
    Pickup,
    PrintJob,
    Receipt,
    Table,
)
from pos.selling.settle import settle
from pos.shop import Shop
from tests.selling.shelf import CHARM, Tablet

WRITTEN = (Order, OrderLine, Payment, Pickup, Receipt, Certificate, PrintJob, AuditEntry)
SALES, WARM = 150, 30


def _ready(shop: Shop, tablet: Tablet) -> Callable[[], str]:
    """A basket that is about to be paid."""
    tablet.hold(CHARM, engraving=("ABC",))
    tablet.book()
    quote = tablet.quote()
    return lambda: tablet.open(quote)


def _answered(shop: Shop, order_id: str) -> str:
    with shop.jot() as tx:
        said = update(Payment).where(col(Payment.order_id) == order_id).values(state=PaymentState.AUTHORISED)
        tx.connection().execute(said)
        return tx.exec(select(Payment.id).where(Payment.order_id == order_id)).one()


def cost() -> Iterator[Figure]:
    """Statements and CPU of open and settle, without the Stripe round trip."""
    with house.shop(charms=SALES + WARM) as shop:
        said: list[str] = []
        event.listen(shop.records.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
        tablet = Tablet(shop).enrol()
        cpu, statements = [], 0
        for i in range(SALES + WARM):
            open_ = _ready(shop, tablet)
            said.clear()
            began = time.thread_time()
            order_id = open_()
            spent, first = time.thread_time() - began, _counted(said)
            payment_id = _answered(shop, order_id)
            said.clear()
            began = time.thread_time()
            settle(shop, payment_id=payment_id)
            if i >= WARM:
                cpu.append((spent + time.thread_time() - began) * 1000)
            statements = first + _counted(said)
        yield at_most("sale.statements", float(statements), "statements", 28)  # 25, and the log's head, entry, head
        yield at_most("sale.cpu_ms", percentile(cpu, 0.5), "ms (median)", 10)
        yield shown("sale.cpu_ms.p95", percentile(cpu, 0.95), "ms", "")


def _counted(said: list[str]) -> int:
    return sum(not words.startswith("BEGIN") for words in said)


def rate() -> Iterator[Figure]:
    """Sales a second against one plain transaction that writes the same rows, and against bare sqlite3, in turns."""
    ours, plain, bare = [], [], []
    with house.shop(charms=6 * 40) as shop, tempfile.TemporaryDirectory() as folder:
        tablet = Tablet(shop).enrol()
        rows = _rows_of_one_sale(shop, tablet)
        same = Records(f"sqlite:///{folder}/plain.db")
        event.listen(same.engine, "connect", lambda line, _: line.execute("PRAGMA foreign_keys=OFF"))
        Table.metadata.create_all(same.engine)
        other = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE sale (id TEXT PRIMARY KEY, kind TEXT, words TEXT)")
        for _ in range(5):
            ours.append(_ours_a_second(shop, tablet, 40))
            plain.append(_timed(lambda: _write_plainly(same, rows), 40))
            bare.append(_timed(lambda: _write_barely(other, rows), 40))
        other.close()
        same.close()
    ratio = percentile([mine / theirs for mine, theirs in zip(ours, plain, strict=True)], 0.5)
    yield at_least("sale.rate_of_plain_sqlmodel", ratio, "of 1", 0.6)
    yield shown("sale.rate", percentile(ours, 0.5), "sales/s", "open + settle")
    yield shown("sale.rate.plain_sqlmodel", percentile(plain, 0.5), "sales/s", "the same rows, two transactions")
    yield shown("sale.rate.bare_sqlite3", percentile(bare, 0.5), "sales/s", "the same rows as text")


def _ours_a_second(shop: Shop, tablet: Tablet, times: int) -> float:
    spent = 0.0
    for _ in range(times):
        open_ = _ready(shop, tablet)
        began = time.perf_counter()
        order_id = open_()
        spent += time.perf_counter() - began
        payment_id = _answered(shop, order_id)
        began = time.perf_counter()
        settle(shop, payment_id=payment_id)
        spent += time.perf_counter() - began
    return times / spent


def _timed(act: Callable[[], None], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - began)


def _rows_of_one_sale(shop: Shop, tablet: Tablet) -> list[Order | Attempt]:
    order_id = _ready(shop, tablet)()
    settle(shop, payment_id=_answered(shop, order_id))
    rows = []
    with shop.read() as look:
        for table in WRITTEN:
            query = select(table)
            if table is not AuditEntry:
                key = "id" if table is Order else "order_id"
                query = query.where(getattr(table, key) == order_id)
            else:
                query = query.order_by(col(AuditEntry.seq).desc()).limit(2)
            rows += look.exec(query).all()
    return rows


def _write_plainly(records: Records, rows: list[Order | Attempt]) -> None:
    """The same kinds and sizes of row, new keys, in the two transactions a sale takes; no rule, no look, no guard."""
    copies = [_fresh(row) for row in rows]
    for part, engine in ((copies[:4], records.writing), (copies[4:], records.durable)):
        with Session(engine) as tx:
            tx.add_all(part)
            tx.commit()


_fresh_numbers = iter(range(10_000_000, 100_000_000))


def _fresh(row: Order | Attempt) -> Order | Attempt:
    number = next(_fresh_numbers)
    values = row.model_dump()
    for key in ("id", "key", "order_id", "payment_id"):
        if isinstance(values.get(key), str):
            values[key] = new_id()
    for key in ("code", "number", "serial", "short_code", "link"):
        if isinstance(values.get(key), str):
            values[key] = f"X{number}"
    for key in ("seq", "piece_id"):
        if isinstance(values.get(key), int):
            values[key] = number
    values |= {key: None for key in ("original_of", "intent_id") if key in values}
    return type(row)(**values)


def _write_barely(line: sqlite3.Connection, rows: list[Order | Attempt]) -> None:
    for part in (rows[:4], rows[4:]):
        line.execute("BEGIN IMMEDIATE")
        words = [(new_id(), type(row).__name__, row.model_dump_json()) for row in part]
        line.executemany("INSERT INTO sale VALUES (?, ?, ?)", words)
        line.execute("COMMIT")


def waiting() -> Iterator[Figure]:
    """The longest wait of any of eight writers who want to write all the time."""
    with house.shop() as shop:
        waits, until = [], time.monotonic() + 4

        def write() -> None:
            while time.monotonic() < until:
                began = time.perf_counter()
                with shop.jot() as tx:
                    tx.connection().exec_driver_sql("UPDATE counter SET last = last + 1")
                    waits.append(time.perf_counter() - began)  # the pen is taken by the first statement, not before it

        writers = [threading.Thread(target=write) for _ in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        yield at_most("sale.longest_wait_ms", max(waits) * 1000, "ms", 500)
        yield shown("sale.waits", float(len(waits)), "writes", "by eight writers in 4 s")


MEASURES: tuple[Measure, ...] = (
    (("sale.statements", "sale.cpu_ms"), cost),
    (("sale.rate",), rate),
    (("sale.longest_wait_ms", "sale.waits"), waiting),
)
