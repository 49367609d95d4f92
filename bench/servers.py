"""The servers a screen is measured at: ours, an empty page served the same way, ours under plain `streamlit run`."""

import contextlib
import gc
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos.settings import HOUSE
from tests.house import House, opened

PATIENCE = 60  # seconds for a server to answer
IDLE_SECONDS = "900"  # what is measured is no silence


@dataclass(frozen=True)
class Server:
    """Where it is, and the process that does its work."""

    address: str
    pid: int


@contextlib.contextmanager
def ours() -> Iterator[House]:
    """The demonstration, open in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), VITRINE_IDLE_SECONDS=IDLE_SECONDS) as house:
        yield house


@contextlib.contextmanager
def empty() -> Iterator[Server]:
    """One line of text, served as the shop is."""
    port = _free_port()
    with _process([sys.executable, "-m", "bench.servers"], {**os.environ, "PORT": str(port)}, HOUSE, port) as server:
        yield server


@contextlib.contextmanager
def plain(house: House) -> Iterator[Server]:
    """The same screens over the same records as Streamlit starts them by itself, with nothing of ours set."""
    port = _free_port()
    words = ["run", str(HOUSE / "kiosk/shell.py"), "--server.headless=true", "--browser.gatherUsageStats=false"]
    with tempfile.TemporaryDirectory() as elsewhere:  # where no .streamlit/config.toml is found
        environment = {**house.environment, **house.told, "PYTHONPATH": str(HOUSE), "HOME": elsewhere}
        command = [sys.executable, "-m", "streamlit", *words, f"--server.port={port}", "--server.address=127.0.0.1"]
        with _process(command, environment, Path(elsewhere), port) as server:
            yield server


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str], folder: Path, port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{process.args!r} did not answer")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def main() -> None:
    """Serve the empty page as `pos.cli.server` serves the shop, with what the shop has loaded."""
    import pandas  # noqa: F401
    import streamlit as st
    import uvicorn

    from pos.cli import server

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        gc.collect()
        gc.freeze()
        yield

    app = st.App(HOUSE / "bench/empty_page.py", lifespan=lifespan)
    with server.listening() as place:
        uvicorn.Server(server.config(app, trusted_proxies=())).run(sockets=[place.line])


if __name__ == "__main__":
    main()
