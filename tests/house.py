"""A whole house for a test: `python -m pos run` as a process of its own, over a folder of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pos.cli.stand_ins import StandIns
from pos.cli.watch import told_by_open
from pos.settings import HOUSE, Settings

PATIENCE = 120  # seconds for it to open on a machine busy with other tests


class House:
    """A shop that is open for customers: its address, its PINs, its folder; it can be shut, killed and opened again."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._given = {
            "PORT": "0",
            "VITRINE_VAR_DIR": str(folder),
            "VITRINE_DATABASE_URL": f"sqlite:///{folder / 'vitrine.db'}",
            **settings,
        }
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to speak of this house."""
        # Compiled modules are kept, as on any machine: or each of the many processes would compile everything anew.
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("VITRINE_", "PYTHONDONTWRITE"))}
        return plain | self._given

    @property
    def address(self) -> str:
        """Where the shopper's tablet is."""
        return self._find(r"tablet +(http://\S+)/")

    @property
    def pins(self) -> dict[str, str]:
        """PINs by the name that is printed beside them."""
        return {name: pin for pin, name in re.findall(r"(\d{6})  (.+) \(", "\n".join(self.said))}

    @property
    def outside(self) -> StandIns:
        """The stand-ins it speaks with."""
        told = told_by_open(self.folder)[1]
        assert told is not None, "the house is not open"
        return StandIns(told)

    @property
    def told(self) -> dict[str, str]:
        """The settings the open shop made for itself, as another process of it needs them."""
        return told_by_open(self.folder)[0]

    @property
    def settings(self) -> Settings:
        """The settings of the open shop, for a test that looks into its records."""
        own = {key.removeprefix("VITRINE_").lower(): value for key, value in self.told.items()}
        given = {key.removeprefix("VITRINE_").lower(): v for key, v in self._given.items() if key != "PORT"}
        return Settings(_env_file=None, **(given | own))  # type: ignore[call-arg, arg-type]

    def open(self) -> "House":
        """Open, and wait until it answers; on the same port as before, as a shop would."""
        self.said = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pos", "run"], cwd=HOUSE, env=self.environment, text=True, bufsize=1,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        opened = threading.Event()
        threading.Thread(target=self._listen, args=[self.process, opened], daemon=True).start()
        if not opened.wait(PATIENCE) or self.process.poll() is not None:
            raise AssertionError("the house did not open:\n" + "\n".join(self.said))
        self._given["PORT"] = self.address.rsplit(":", 1)[1]
        return self

    def shut(self) -> int:
        """Ask it to close, as Ctrl-C does; says its exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> int:
        """Kill it in the middle of whatever it does."""
        return self._end(signal.SIGKILL)

    def run(self, *words: str, timeout: float = PATIENCE) -> "subprocess.CompletedProcess[str]":
        """Run a command beside it."""
        return subprocess.run(
            [sys.executable, "-m", "pos", *words], cwd=HOUSE, env=self.environment, text=True, capture_output=True,
            timeout=timeout,
        )  # fmt: skip

    def get(self, path: str) -> tuple[int, str]:
        """Ask it for a page."""
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return int(answer.status), str(answer.read().decode())

    def healthy(self) -> dict[str, Any]:
        """What it says of itself."""
        return dict(json.loads(self.get("/healthz")[1]))

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def _listen(self, process: "subprocess.Popen[str]", opened: threading.Event) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                opened.set()
        opened.set()  # it ended

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, "\n".join(self.said))
        assert found, "\n".join(self.said)
        return found[1]


@contextmanager
def opened(folder: Path, **settings: str) -> Iterator[House]:
    """A house that is shut in the end, whatever happened to it."""
    house = House(folder, **settings).open()
    try:
        yield house
    finally:
        if house.process is not None and house.process.poll() is None:
            house.kill()
