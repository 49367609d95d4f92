"""What every test may ask for: a set clock, a fresh shop, a stocked one, each database, the world outside in a box."""

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright
from stripe import HTTPClient

from pos.cli.demonstration import furnish
from pos.clock import SetClock
from pos.db import Records
from pos.models import Table
from pos.people import pins
from pos.sandbox.printer import Faults
from pos.sandbox.run import Outside, running
from pos.settings import HOUSE, Settings
from pos.shop import Shop
from tests import chromium, statements
from tests import postgres as servers
from tests.sandbox import openapi

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

statements.made_once()


@pytest.fixture(scope="session", autouse=True)
def nobodys_settings() -> None:
    """No setting of the machine reaches a test."""
    for key in [key for key in os.environ if key.startswith("VITRINE_")]:
        del os.environ[key]


@pytest.fixture(scope="session", autouse=True)
def no_pause() -> None:
    """Stripe's library tries as often as in a shop, but does not wait half a second and more between two tries."""
    HTTPClient.INITIAL_DELAY = 0.0


@pytest.fixture(scope="session", autouse=True)
def quick_pins() -> None:
    """The same hash with less work, in this process: what it costs a thief is tested once, in people/test_pins.

    A house that is a process of its own keeps the dear one.
    """
    pins.HASHER = QUICK


@pytest.fixture(autouse=True)
def one_log_a_test() -> Iterator[None]:
    """A command that sets the log up for its process does so for its own test only."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def not_here(what: str) -> NoReturn:
    """Skip by name; where everything must run (continuous integration), fail instead."""
    if os.environ.get("TESTS_MUST_RUN"):
        pytest.fail(f"{what}; TESTS_MUST_RUN is set")
    pytest.skip(what)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what was not held against Stripe's published shapes."""
    if openapi.book_if_here() is None:
        terminalreporter.write_line("Stripe's OpenAPI file is not here: the traffic with the stand-in is NOT checked.")


def settings_for(folder: Path, **given: object) -> Settings:
    """Settings of a shop that lives in a folder of its own, with SQLite unless told otherwise."""
    words = {"database_url": f"sqlite:///{folder / 'vitrine.db'}", "var_dir": folder, "stripe_api_key": "sk_test_tests"}
    return Settings(_env_file=None, **(words | given))  # type: ignore[call-arg, arg-type]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A shop of this test alone: its own folder, its own SQLite file."""
    return settings_for(tmp_path)


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still on a Monday morning, 23 November 2026, 10:00 UTC."""
    return SetClock(MONDAY_MORNING)


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row; copied, never opened."""
    path = tmp_path_factory.mktemp("records") / "empty.db"
    records = Records(f"sqlite:///{path}")
    Table.metadata.create_all(records.engine)
    return _closed(records, path)


@pytest.fixture(scope="session")
def stocked_records(tmp_path_factory: pytest.TempPathFactory, empty_records: Path) -> Path:
    """A SQLite file with the demo boutiques, their people and both demo capsules; copied, never opened."""
    folder = tmp_path_factory.mktemp("stocked")
    path = folder / "vitrine.db"
    shutil.copyfile(empty_records, path)
    shop = Shop(settings_for(folder), clock=SetClock(MONDAY_MORNING))
    stock(shop)
    return _closed(shop.records, path)


def stock(shop: Shop) -> None:
    """Open the demo boutiques and put both demo capsules on the shelf."""
    furnish(shop)


def _closed(records: Records, path: Path) -> Path:
    with records.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    records.close()
    return path


@pytest.fixture
def shop(settings: Settings, clock: SetClock, empty_records: Path) -> Iterator[Shop]:
    """A shop with empty records."""
    yield from _opened(settings, clock, empty_records)


@pytest.fixture
def stocked(settings: Settings, clock: SetClock, stocked_records: Path) -> Iterator[Shop]:
    """A shop with the demo boutiques open and both demo capsules on the shelf."""
    yield from _opened(settings, clock, stocked_records)


def _opened(settings: Settings, clock: SetClock, records: Path) -> Iterator[Shop]:
    shutil.copyfile(records, settings.database_url.removeprefix("sqlite:///"))
    shop = Shop(settings, clock=clock)
    yield shop
    shop.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Server]:
    """A PostgreSQL server of these tests' own; skipped by name where none can be had."""
    try:
        with servers.server() as server:
            yield server
    except servers.NoServer as reason:
        not_here(f"PostgreSQL: {reason}")


@pytest.fixture
def postgres_url(postgres: servers.Server) -> Iterator[str]:
    """An empty PostgreSQL database of this test alone."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """The world outside in a box, running for all tests; a test asks for `sandbox`."""
    with running(tmp_path_factory.mktemp("outside")) as outside:
        yield outside


@pytest.fixture
def sandbox(outside: Outside) -> Iterator[Outside]:
    """Stripe's stand-in and the virtual printer; whatever a test broke in them is mended after it."""
    yield outside
    outside.stripe.clear_faults()
    outside.printer.set(**asdict(Faults()))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window, one for all tests; skipped by name where none can be had.

    One only: a second Playwright in the same process is refused.
    """
    path = chromium.find()
    if path is None:
        not_here("BROWSER: no Chromium on this machine (make test tries to fetch one)")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        yield chrome
        chrome.close()


@pytest.fixture
def demo_capsules() -> Path:
    """Where the demo capsules are."""
    return HOUSE / "data" / "capsules"
