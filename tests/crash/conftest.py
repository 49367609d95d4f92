"""The world outside of the tills that die: it lives in this process, and so outlives them."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from pos.clock import SetClock
from pos.models import Table
from pos.paper import connection
from pos.sandbox import printer as paper
from pos.sandbox import stripe as stand_in
from pos.sandbox.stripe import readers as sandbox_readers
from pos.shop import Shop
from tests import postgres as servers
from tests.conftest import MONDAY_MORNING, settings_for
from tests.crash.till import PATIENT, Errand
from tests.crash.trial import Tills, Trial
from tests.selling.shelf import stand_up

REPORT = "kill test"
Trials = Callable[..., AbstractContextManager[Trial]]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not a printer's trouble."""
    monkeypatch.setattr(connection, "Limits", lambda: PATIENT)


@pytest.fixture(scope="session")
def outside() -> Iterator[stand_in.RunningStripe]:
    """The stand-in for Stripe; each till has a reader of its own in it, and a card held to one is through at once."""
    settings = stand_in.Settings(screen_authorising=0, transcript_length=100)
    with stand_in.start(readers=(), settings=settings) as running:
        yield running


@pytest.fixture(scope="session")
def disk() -> Iterator[Path]:
    """A folder in memory where there is one: it keeps what a killed process wrote, and no disk is waited for."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="vitrine-crash-", dir=memory if os.access(memory, os.W_OK) else None
    ) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def shelf(disk: Path, empty_records: Path) -> Path:
    """Records with pieces on the shelf and nothing sold; copied, never opened."""
    folder = disk / "shelf"
    folder.mkdir()
    shutil.copyfile(empty_records, folder / "vitrine.db")
    _stock(Shop(settings_for(folder), clock=SetClock(MONDAY_MORNING)))
    return folder / "vitrine.db"


@pytest.fixture(scope="session")
def trials(disk: Path, shelf: Path, outside: stand_in.RunningStripe) -> Trials:
    """Makes a till over fresh records in SQLite."""

    @contextmanager
    def trial(road: str, *, die_at: int | None = None) -> Iterator[Trial]:
        with tempfile.TemporaryDirectory(dir=disk) as folder:
            shutil.copyfile(shelf, Path(folder) / "vitrine.db")
            with _equipped(outside, Path(folder), road, f"sqlite:///{folder}/vitrine.db", die_at) as made:
                yield made

    return trial


@pytest.fixture(scope="session")
def trials_on_postgres(disk: Path, postgres: servers.Server, outside: stand_in.RunningStripe) -> Iterator[Trials]:
    """Makes a till over fresh records in PostgreSQL."""
    shelf = postgres.create()
    shop = Shop(settings_for(disk, database_url=shelf), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(shop.records.engine)
    _stock(shop)

    @contextmanager
    def trial(road: str, *, die_at: int | None = None) -> Iterator[Trial]:
        url = postgres.create(like=shelf)
        with (
            tempfile.TemporaryDirectory(dir=disk) as folder,
            _equipped(outside, Path(folder), road, url, die_at) as made,
        ):
            yield made
        postgres.drop(url)

    yield trial
    postgres.drop(shelf)


@pytest.fixture(scope="session")
def tills(trials: Trials) -> Iterator[Tills]:
    """Where tills come from."""
    with trials("piece") as rehearsal:
        made = Tills(rehearsal=rehearsal.errand)
    yield made
    made.close()


def _stock(shop: Shop) -> None:
    with shop.jot() as tx:
        stand_up(tx)
    if shop.records.is_sqlite:
        with shop.records.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.close()


@contextmanager
def _equipped(
    stripe: stand_in.RunningStripe, folder: Path, road: str, database_url: str, die_at: int | None
) -> Iterator[Trial]:
    with stripe.world.acting() as world:
        reader = sandbox_readers.make(world, code="simulated-wpe", label=None, location=None)
    with paper.start(directory=folder / "tray") as printer:
        told = {
            "stripe": {
                "url": stripe.url,
                "api_key": stripe.api_key,
                "webhook_secret": stripe.webhook_secret,
                "readers": [{"id": reader["id"]}],
            },
            "printer": {"host": printer.host, "port": printer.port},
        }
        errand = Errand(road, str(folder), database_url, told, die_at)
        yield Trial(errand, stripe, printer)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many boundaries there were, and how many of them needed a person."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for line in (words for name, words in report.user_properties if name == REPORT):
            terminalreporter.write_line(f"{REPORT}: {line}")
