"""How a printer hangs at this machine: a network line, or a device file of USB or of a serial port.

Behind the plug all are alike: bytes out, replies in, nothing waited for. The library opens the network line; device
files are the kernel's own (Linux: /dev/usb/lp0, /dev/ttyUSB0), so that no driver library is needed.
"""

import fcntl
import os
import socket
import struct
import termios
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from pos.models import Connection
from pos.paper.library import Network

DEFAULT_BAUD = 115_200
READ = 4096  # bytes at once


@dataclass(frozen=True)
class Address:
    """Where a printer is.

    host (IPv4) and port for the network and for a CUPS server; path is the device file of USB and of a serial line
    (baud is its speed), or the queue of the CUPS server.
    """

    host: str = ""
    port: int = 9100
    connection: Connection = Connection.NETWORK
    path: str = ""
    baud: int = 0

    def __str__(self) -> str:
        at = f"{self.host}:{self.port}" if self.connection in (Connection.NETWORK, Connection.CUPS) else ""
        return {
            Connection.NETWORK: at,
            Connection.USB: f"usb:{self.path}",
            Connection.SERIAL: f"serial:{self.path}@{self.baud or DEFAULT_BAUD}",
            Connection.CUPS: f"cups://{at}/{self.path}",
        }[self.connection]


class Plug(Protocol):
    """An open way to a printer. Its calls raise OSError when the way breaks."""

    def fileno(self) -> int: ...

    def recv(self) -> bytes:
        """What has come, at least a byte; nothing where the other end has gone. BlockingIOError where nothing has."""

    def send(self, data: bytes) -> int:
        """How many of these bytes were taken, perhaps none."""

    def unsent(self) -> int:
        """How many bytes were taken and have not arrived yet, as far as this machine knows."""

    def finish(self) -> bool:
        """Say that nothing more comes; whether the other end says that it has heard it, by hanging up."""

    def close(self, *, lost: bool) -> None:
        """Let go. lost: what was not taken by the printer yet shall not reach it later."""


def open_plug(address: Address, *, timeout: float) -> Plug:
    """A fresh way to a printer, open after so many seconds at most. Raises one of wire.TROUBLE."""
    return OPENERS[address.connection](address, timeout)


class _Line:
    """A network line, opened by the library."""

    def __init__(self, address: Address, timeout: float) -> None:
        self._printer = Network(address.host, port=address.port, timeout=timeout)
        self._printer.open()
        self.socket: socket.socket = self._printer.device
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._keep_alive()

    def fileno(self) -> int:
        return self.socket.fileno()

    def recv(self) -> bytes:
        return self.socket.recv(READ)

    def send(self, data: bytes) -> int:
        return self.socket.send(data)

    def unsent(self) -> int:
        return _in_the_kernel(self.socket.fileno())

    def finish(self) -> bool:
        self.socket.shutdown(socket.SHUT_WR)
        return True

    def close(self, *, lost: bool) -> None:
        self._printer.close()

    def _keep_alive(self) -> None:
        """A printer that loses its power while it is waited for says nothing: have the line checked."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, name):
                self.socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class _Device:
    """A device file of the kernel, for one process alone."""

    def __init__(self, address: Address, timeout: float) -> None:
        self._fd = os.open(address.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            # Two processes at one device would mix their slips; over the network the printer itself takes one caller.
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._set_up(address)
        except BaseException:
            os.close(self._fd)
            raise

    def _set_up(self, address: Address) -> None:
        """USB needs nothing."""

    def fileno(self) -> int:
        return self._fd

    def recv(self) -> bytes:
        return os.read(self._fd, READ)

    def send(self, data: bytes) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0

    def unsent(self) -> int:
        return _in_the_kernel(self._fd)

    def finish(self) -> bool:
        return False  # a device has no such word, and closing it resets nothing

    def close(self, *, lost: bool) -> None:
        if lost:  # the kernel would go on sending, and wait for it
            with suppress(termios.error):
                termios.tcflush(self._fd, termios.TCOFLUSH)
        os.close(self._fd)


class _Serial(_Device):
    """A serial line: eight bits, no parity, the printer's own stop and go (XON/XOFF) obeyed by the kernel."""

    def _set_up(self, address: Address) -> None:
        speed = getattr(termios, f"B{address.baud or DEFAULT_BAUD}", None)
        if speed is None:
            raise ValueError(f"no serial line has {address.baud} baud")
        try:
            iflag, oflag, cflag, lflag, _, _, cc = termios.tcgetattr(self._fd)
        except termios.error as wrong:
            raise OSError(f"{address.path} is no serial line") from wrong
        iflag &= ~(
            termios.IGNBRK | termios.BRKINT | termios.PARMRK | termios.ISTRIP | termios.INLCR | termios.IGNCR
            | termios.ICRNL | termios.IXANY | termios.IXOFF
        )  # fmt: skip
        lflag &= ~(termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN)
        cflag = (
            cflag & ~(termios.CSIZE | termios.PARENB | termios.CSTOPB) | termios.CS8 | termios.CLOCAL | termios.CREAD
        )
        cc[termios.VMIN], cc[termios.VTIME] = 1, 0
        raw = [iflag | termios.IXON, oflag & ~termios.OPOST, cflag, lflag, speed, speed, cc]
        termios.tcsetattr(self._fd, termios.TCSANOW, raw)


def _in_the_kernel(fd: int) -> int:
    """Bytes that this machine has taken from us and not given away; 0 where it does not say."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(fd, termios.TIOCOUTQ, bytes(4)))[0])
    except OSError:
        return 0


OPENERS: dict[Connection, Callable[[Address, float], Plug]] = {
    Connection.NETWORK: _Line,
    Connection.USB: _Device,
    Connection.SERIAL: _Serial,
}
