"""The printer's network side: one connection at a time, and an ear for real-time commands.

Real-time commands (DLE …) are obeyed when they come in, also by a printer that cannot print or whose buffer is full.
Like a real ear, it hears them in pictures too.
"""

import contextlib
import re
import socket
import struct
import threading

from pos.sandbox.printer.body import Body

CLEAR, CLEARED = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", b"\x37\x25\x00"  # DLE DC4 8 and its answer
REAL_TIME = re.compile(
    rb"\x10\x04[\x01-\x04]|\x10\x05[\x01\x02]|\x10\x14\x01[\x00\x01][\x01-\x08]|" + re.escape(CLEAR), re.DOTALL
)
LONGEST = len(CLEAR)
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST


class Line:
    """The socket a printer listens on, on loopback only."""

    def __init__(self, body: Body, *, port: int) -> None:
        self._body = body
        body.speak = self._send
        self.port = port
        self.calls = 0  # how often somebody was let in
        self._over = False  # pulled out
        self._door: socket.socket | None = None
        self._caller: socket.socket | None = None
        self._sending = threading.Lock()
        self._open_door()
        self._thread = threading.Thread(target=self._serve, name="printer-line", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up and stop listening."""
        self._over = True
        self.hang_up()
        self._close_door()
        self._thread.join()

    def hang_up(self, *, reset: bool = False) -> None:
        """End the present connection; with reset as a printer that lost its power does."""
        caller = self._caller
        if caller is None:
            return
        with contextlib.suppress(OSError):
            if reset:  # only our own reading ends here; the close that follows says the rest
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
            caller.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)

    def follow_faults(self) -> None:
        """Open or close the door as `refuse` says, or a printer that is stuck."""
        refuse = self._body.faults.refuse or self._body.stuck
        if refuse and self._door:
            self._close_door()
        elif not refuse and self._door is None:
            self._open_door()

    def _open_door(self) -> None:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(1)
        self.port = door.getsockname()[1]
        with self._body.changed:
            self._door = door
            self._body.changed.notify_all()

    def _close_door(self) -> None:
        with self._body.changed:
            door, self._door = self._door, None
            self._body.changed.notify_all()
        if door:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()

    def _serve(self) -> None:
        while not self._body.stopping and not self._over:
            with self._body.changed:
                self._body.changed.wait_for(lambda: self._door is not None or self._body.stopping or self._over)
                door = self._door
            if door is None:
                return
            try:
                caller, _ = door.accept()
            except OSError:
                continue
            with caller:
                self._caller = caller
                self.calls += 1
                with contextlib.suppress(OSError):
                    self._listen(caller)
                self._caller = None
            if self._body.faults.stuck_after is not None and self.calls >= self._body.faults.stuck_after:
                self._body.alter({"stuck_after": None})
                self._body.stuck = True
                self.follow_faults()

    def _listen(self, caller: socket.socket) -> None:
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ear, heard = Ear(self._body), 0
        while not self._body.stopping:
            data = self._receive(caller, heard)
            if not data:
                return
            heard += len(data)
            ear.hear(data)
            if self._fault(caller, heard):
                return

    def _receive(self, caller: socket.socket, heard: int) -> bytes:
        """What the line brings, as far as the buffer has room; a full printer leaves it on the line."""
        faults = self._body.faults
        stops = [stop - heard for stop in (faults.reset_after, faults.silent_after) if stop is not None]
        while (room := self._body.room()) == 0 and not self._body.stopping:
            ahead = caller.recv(LONGEST, socket.MSG_PEEK)
            command = REAL_TIME.match(ahead)
            if command or not ahead:
                return caller.recv(command.end()) if command else b""
            with self._body.changed:
                self._body.changed.wait_for(lambda: self._body.room() > 0 or self._body.stopping, timeout=0.05)
        return caller.recv(max(1, min([room, 65536, *stops])))

    def _fault(self, caller: socket.socket, heard: int) -> bool:
        """What goes wrong after so many bytes; whether the line is gone."""
        faults = self._body.faults
        if faults.silent_after is not None and heard >= faults.silent_after:
            self._body.alter({"silent_after": None, "silent": True})
        if faults.reset_after is not None and heard >= faults.reset_after:
            self._body.alter({"reset_after": None})
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
            return True
        return False

    def _send(self, data: bytes) -> None:
        """Reply to whoever is on the line now: a late answer may reach the next caller, as with real printers."""
        with self._sending, contextlib.suppress(OSError):
            if self._caller:
                self._caller.sendall(data)


class Ear:
    """Finds real-time commands in what comes in, also those cut in two by the network, and obeys them."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._since = body.power_cycles
        self._tail = b""

    def hear(self, data: bytes) -> None:
        joined, fresh_from = self._tail + data, len(self._tail)
        done = 0
        for found in REAL_TIME.finditer(joined):
            done = found.end()
            if found.end() > fresh_from:
                self._obey(found.group())
                if found.group() == CLEAR:
                    data = joined[done:]  # what came before it is forgotten too
        self._tail = joined[max(done, len(joined) - LONGEST + 1) :]
        if self._body.room() >= len(data):  # a full printer has taken only a real-time command, which needs no room
            self._body.receive(data, since=self._since)

    def _obey(self, command: bytes) -> None:
        if command[1] == 0x04:
            if not self._body.faults.mute:
                self._body.say(self._body.real_time(command[2]))
        elif command == CLEAR:
            self._body.clear_buffer()
            self._body.say(CLEARED)
        elif command[1] == 0x14:
            self._body.kick()
        elif command[2] == 0x02:
            self._body.recover_clearing()
