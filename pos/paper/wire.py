"""One fresh connection to a printer: bytes out, replies in, and a close that loses nothing.

Whatever the plug, the library's own status calls are left alone: they answer "plenty of paper" on a dead line.
"""

import selectors
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pos.paper.library import Error as LibraryError
from pos.paper.plugs import Address, Plug, open_plug
from pos.paper.status import Replies, Reply

__all__ = ["CHUNK", "TROUBLE", "Address", "Limits", "Wire", "open_wire"]

CHUNK = 4096  # small enough for the printer's own buffer: the line's back-pressure does the rest
# The library wraps some of the line's errors and lets others through; after a failed open it asserts.
TROUBLE = (LibraryError, OSError, AssertionError, KeyError, ValueError, OverflowError, termios.error)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long to wait, in seconds.

    connect: for the line; answer: for each real-time status; ready: for the printer to work off what it still has;
    deadline: from the first byte to the proof, not counting the time the printer says it cannot print, which is limited
    by patience; drain: for the last replies before the line is closed.
    """

    connect: float = 2.5
    answer: float = 0.5
    ready: float = 2.0
    deadline: float = 30.0
    patience: float = 900.0
    drain: float = 0.25


class Wire:
    """An open line to a printer. Its calls raise OSError when the line breaks.

    whole: all that was given to it shall reach the printer; otherwise what has not shall stay here.
    """

    whole = False

    def __init__(self, plug: Plug) -> None:
        self._plug = plug
        self._replies = Replies()
        self._selector = selectors.DefaultSelector()
        self._selector.register(plug, selectors.EVENT_READ)

    def exchange(self, data: bytes, *, seconds: float) -> tuple[int, list[Reply]]:
        """Send what the line takes of the data and read what has come, waiting at most so many seconds for either."""
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if data else 0)
        self._selector.modify(self._plug, wanted)
        sent, replies = 0, []
        for _, ready in self._selector.select(max(seconds, 0)):
            if ready & selectors.EVENT_READ:
                replies = self._read()
            if ready & selectors.EVENT_WRITE:
                sent = self._plug.send(data[:CHUNK])
        return sent, replies

    def put(self, data: bytes, *, seconds: float) -> Iterator[Reply]:
        """Send all of the data, then wait for replies, and give them out as they come until the time has passed.

        What came before the last byte had left answers something else, and is passed over.
        """
        until, sent = time.monotonic() + seconds, 0
        while (left := until - time.monotonic()) > 0:
            taken, replies = self.exchange(data[sent:], seconds=left)
            if sent == len(data):
                yield from replies
            sent += taken

    def drain(self, seconds: float) -> None:
        """Say that nothing more comes and read the last replies: closing with some unread would cut off the print."""
        try:
            if self._plug.finish():
                for _ in self.put(b"", seconds=seconds):
                    pass
        except OSError:
            pass
        finally:
            self._selector.close()

    def unsent(self) -> int:
        """How many bytes have left us and are not known to have arrived."""
        return self._plug.unsent()

    def _read(self) -> list[Reply]:
        try:
            data = self._plug.recv()
        except BlockingIOError:
            return []
        if not data:
            raise ConnectionResetError("the printer closed the line")
        return self._replies.feed(data)


@contextmanager
def open_wire(address: Address, *, limits: Limits) -> Iterator[Wire]:
    """A fresh line to the printer, drained and closed at the end. Raises one of TROUBLE if it does not open."""
    plug = open_plug(address, timeout=limits.connect)
    wire = None
    try:
        wire = Wire(plug)
        try:
            yield wire
        finally:
            wire.drain(limits.drain)
    finally:
        plug.close(lost=wire is None or not wire.whole)
