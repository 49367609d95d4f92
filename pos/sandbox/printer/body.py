"""The printer's body: paper, cover, knife, motor and receive buffer, and what it says about them.

Everything that changes is behind one condition, `changed`. Two rules make it honest: what stands in the queue waits
while the printer cannot print, and goes on afterwards; and the buffer is finite, so a full printer holds the line back.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pos.sandbox.printer.faults import Faults

XON, XOFF = b"\x11", b"\x13"
STARVED = 0.05  # seconds without work after which the paper stands: until then it moves on as one
POWER = "power_cut"
HAPPENS = ("paper_out", "cover_open", POWER)  # in the middle of a slip, after so many dots


class PowerCut(Exception):
    """The printer was switched off: what it was doing is lost."""


class Cleared(Exception):
    """Its buffers were cleared: what it had begun is not finished."""


class Stopped(Exception):
    """The sandbox is closing."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The printer's measures in dots; dpi is the print head's."""

    dots: int
    paper_dots: int
    dpi: int = 203


SHAPES = {
    "80mm": Shape(dots=576, paper_dots=640),
    "58mm": Shape(dots=384, paper_dots=464),
    "80mm-180dpi": Shape(dots=512, paper_dots=567, dpi=180),
}


class Body:
    """One printer's body; its calls may be made from any thread."""

    def __init__(self, *, shape: Shape, faults: Faults, capacity: int) -> None:
        self.changed = threading.Condition()
        self.shape = shape
        self.faults = faults
        self.jammed = False
        self.dots_printed = 0
        self.power_cycles = 0
        self.clears = 0
        self.kicks = 0  # of the cash drawer
        self.stopping = False
        self.stuck = False  # it takes no caller any more
        self.lost_power: Callable[[], None] = lambda: None  # the line is told
        self.speak: Callable[[bytes], None] = lambda _: None  # the line, if there is one
        self._asb = 0
        self._capacity = capacity
        self._queue = bytearray()
        self._waits = False  # it has said XOFF
        self._busy_until = 0.0
        self._working_since = 0, 0  # power cycles and clears

    # What it says

    @property
    def cannot_print(self) -> bool:
        """Offline, in the words of the printer's manual."""
        faults = self.faults
        return faults.paper_out or faults.cover_open or faults.offline or self.jammed

    def real_time(self, question: int) -> bytes:
        """The answer to DLE EOT 1, 2, 3 or 4."""
        faults = self.faults
        bits = {
            1: 0x08 * self.cannot_print,
            2: 0x04 * faults.cover_open | 0x20 * faults.paper_out | 0x40 * self.jammed,
            3: 0x08 * self.jammed,
            4: 0x0C * (faults.near_end or faults.paper_out) | 0x60 * faults.paper_out,
        }
        return bytes([0x12 | bits[question]])

    def asb(self) -> bytes:
        """The four bytes of automatic status back (GS a)."""
        faults = self.faults
        paper = 0x03 * (faults.near_end or faults.paper_out) | 0x0C * faults.paper_out
        return bytes([0x14 | 0x08 * self.cannot_print | 0x20 * faults.cover_open, 0x08 * self.jammed, paper, 0x0F])

    def paper_sensor(self) -> bytes:
        """The answer to GS r 1."""
        return bytes([0x03 * self.faults.near_end])

    def automatic_status(self, mask: int) -> None:
        """GS a: tell the state now and at every change; 0 ends it."""
        with self.changed:
            self._asb = 0 if self.faults.mute else mask
            if self._asb:
                self.say(self.asb())

    def say(self, data: bytes) -> None:
        """Put a reply on the line, unless the printer has gone silent."""
        if not self.faults.silent:
            self.speak(data)

    # What happens to it

    def alter(self, changes: dict[str, Any]) -> Faults:
        """Move switches; whoever listens to automatic status hears of it. Raises ValueError for an unknown one."""
        with self.changed:
            before = self.asb()
            self.faults = self.faults.but(changes)
            self.jammed = self.jammed and self.faults.cutter_error
            self._tell_if_changed(before)
            self.changed.notify_all()
            return self.faults

    def power_cycle(self) -> None:
        """Off and on: buffer, settings and jam are gone; troubles outside (no paper, open cover) stay."""
        with self.changed:
            self._queue.clear()
            self._asb, self.jammed, self.stuck, self._waits = 0, False, False, False
            self.power_cycles += 1
            self.changed.notify_all()

    def clear_buffer(self) -> None:
        """DLE DC4 8: forget what is queued and begun, and recover from an error; settings stay."""
        with self.changed:
            if self.faults.silent:
                return
            before = self.asb()
            self._queue.clear()
            self.jammed = False
            self.clears += 1
            self._tell_if_changed(before)
            self.changed.notify_all()

    def kick(self) -> None:
        """ESC p or DLE DC4 1: a pulse for the cash drawer."""
        with self.changed:
            self.kicks += 1
            self.changed.notify_all()

    def recover_clearing(self) -> None:
        """DLE ENQ 2: the same, but only after an error it can recover from."""
        with self.changed:
            if self.jammed:
                self.clear_buffer()

    def stop(self) -> None:
        """End every wait."""
        with self.changed:
            self.stopping = True
            self.changed.notify_all()

    # The line's side of the buffer

    def room(self) -> int:
        """How many bytes it can still take."""
        with self.changed:
            return self._capacity - len(self._queue)

    def queued(self) -> int:
        """How many bytes wait."""
        with self.changed:
            return len(self._queue)

    def receive(self, data: bytes, *, since: int) -> None:
        """Put bytes in the queue; the caller has asked for room. A power cut since the line began loses them."""
        with self.changed:
            if self.power_cycles == since:
                self._queue += data
                if self.faults.says_wait and not self._waits and len(self._queue) > self._capacity // 2:
                    self._waits = True
                    self.say(XOFF)
                self.changed.notify_all()

    # The print head's side

    def begin_afresh(self) -> None:
        """The head begins with an empty queue after a power cut, or after the buffers were cleared."""
        with self.changed:
            self._working_since = self.power_cycles, self.clears
            self._busy_until = 0.0

    def take(self, count: int) -> bytes:
        """The next bytes of the queue, waiting for them, and for a printer that can print."""
        with self.changed:
            self._wait(lambda: len(self._queue) >= count and self._working)
            return self._cut_off(count)

    def nothing_comes(self, seconds: float) -> bool:
        """Whether nothing is queued for so long."""
        with self.changed:
            return not self.changed.wait_for(lambda: bool(self._queue) or self._interrupted, timeout=seconds)

    def advance(self, dots: int) -> None:
        """Move paper: takes the time it takes, and stands still where the roll ends."""
        with self.changed:
            while dots > 0:
                self._wait(lambda: self._working)
                left = {name: count for name in HAPPENS if (count := getattr(self.faults, f"{name}_after")) is not None}
                step = min([dots, *left.values()])
                self._pass_time(step)
                self.dots_printed += step
                dots -= step
                if left:
                    self._happen({name: count - step for name, count in left.items()})

    def cut(self) -> None:
        """Move the knife; if it sticks, stand still until it is free."""
        with self.changed:
            self._wait(lambda: self._working)
            if self.faults.cutter_error:
                before = self.asb()
                self.jammed = True
                self._tell_if_changed(before)
                self._wait(lambda: self._working)

    @property
    def _working(self) -> bool:
        return not self.cannot_print and not self.faults.silent

    @property
    def _interrupted(self) -> bool:
        return self.stopping or (self.power_cycles, self.clears) != self._working_since

    def _wait(self, until: Callable[[], bool]) -> None:
        self.changed.wait_for(lambda: self._interrupted or until())
        if self.stopping:
            raise Stopped
        if self.power_cycles != self._working_since[0]:
            raise PowerCut
        if self._interrupted:
            raise Cleared

    def _cut_off(self, count: int) -> bytes:
        data = bytes(self._queue[:count])
        del self._queue[:count]
        if self._waits and len(self._queue) < self._capacity // 4:
            self._waits = False
            self.say(XON)
        self.changed.notify_all()
        return data

    def _pass_time(self, dots: int) -> None:
        speed = self.faults.mm_per_s
        if speed is None:
            return
        now = time.monotonic()
        if now - self._busy_until > STARVED:
            self._busy_until = now
        self._busy_until += dots * 25.4 / self.shape.dpi / speed
        self.changed.wait_for(lambda: self._interrupted, timeout=self._busy_until - now)

    def pause(self, seconds: float) -> None:
        """Do nothing for so long."""
        with self.changed:
            self.changed.wait_for(lambda: self._interrupted, timeout=seconds)
            self._wait(lambda: True)

    def _happen(self, left: dict[str, int]) -> None:
        """So many dots are left until each of these happens."""
        before = self.asb()
        now = {name for name, count in left.items() if count == 0}
        counts: dict[str, Any] = {f"{name}_after": count or None for name, count in left.items()}
        self.faults = replace(self.faults, **counts, **dict.fromkeys(now - {POWER}, True))
        self._tell_if_changed(before)
        if POWER in now:
            self.power_cycle()
            self.lost_power()

    def _tell_if_changed(self, before: bytes) -> None:
        if self._asb and self.asb() != before:
            self.say(self.asb())
