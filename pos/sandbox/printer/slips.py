"""The tray: each cut slip as a file of the bytes that made it and a picture of its paper."""

import os
import queue
import re
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from pos.paper.glyphs import on_paper
from pos.sandbox.printer.page import Page


@dataclass(frozen=True)
class Slip:
    """One slip in the tray: `slip-000042.bin` and `slip-000042.png`."""

    number: int
    bin: Path
    png: Path


class Tray:
    """Draws and keeps slips, in a thread of its own; numbers go on where the folder's last one stopped."""

    def __init__(self, folder: Path, *, paper_dots: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._paper_dots = paper_dots
        self._next = 1 + max(
            (int(n[1]) for f in folder.iterdir() if (n := re.match(r"slip-(\d{6,})\.", f.name))), default=0
        )
        self._fallen: queue.SimpleQueue[tuple[Page, bytes] | None] = queue.SimpleQueue()
        self._kept = threading.Condition()
        self._slips: list[Slip] = []
        self._thread = threading.Thread(target=self._keep_all, name="printer-tray", daemon=True)
        self._thread.start()

    def take(self, page: Page, raw: bytes) -> None:
        """A slip falls into the tray; it is drawn in its own time."""
        self._fallen.put((page, raw))

    def slips(self) -> list[Slip]:
        """What lies in the tray since the printer was started."""
        with self._kept:
            return list(self._slips)

    def wait_for(self, count: int, *, timeout: float) -> list[Slip]:
        """Wait until so many slips lie in the tray since the start. Raises TimeoutError after so many seconds."""
        with self._kept:
            if not self._kept.wait_for(lambda: len(self._slips) >= count, timeout=timeout):
                raise TimeoutError(f"{len(self._slips)} of {count} slips after {timeout} s")
            return list(self._slips)

    def close(self) -> None:
        """Finish drawing, then end."""
        self._fallen.put(None)
        self._thread.join()

    def _keep_all(self) -> None:
        while (fallen := self._fallen.get()) is not None:
            slip = self._keep(*fallen)
            with self._kept:
                self._slips.append(slip)
                self._kept.notify_all()

    def _keep(self, page: Page, raw: bytes) -> Slip:
        name = f"slip-{self._next:06d}"
        self._next += 1
        slip = Slip(self._next - 1, self.folder / f"{name}.bin", self.folder / f"{name}.png")
        self._write(slip.bin, raw)
        self._write(slip.png, on_paper(page.draw(), paper_dots=self._paper_dots))
        return slip

    def _write(self, path: Path, data: bytes) -> None:
        """All of the file or none of it: a reader never meets half a picture."""
        handle, unfinished = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(unfinished, path)
