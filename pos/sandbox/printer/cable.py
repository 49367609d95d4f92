"""The printer on a cable instead of the network: a pair of pseudo-terminals, as a USB or serial device looks to a till.

The kernel's own line discipline stands between: stop and go (XON/XOFF) are obeyed there, as at a real port.
"""

import contextlib
import os
import select
import threading
import tty

from pos.sandbox.printer.body import Body
from pos.sandbox.printer.line import LONGEST, Ear

LOOK = 0.05  # seconds between two looks whether there is room, or an end


class Cable:
    """The printer's end of a cable; `device` is the file at the till's."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)  # what a till sets up itself, a serial line; a USB device needs nothing
        os.set_blocking(self._ours, False)
        self.device = os.ttyname(self._theirs)  # our hold on it keeps the cable whole while no till has it open
        body.speak = self._send
        self._thread = threading.Thread(target=self._listen, name="printer-cable", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Pull it out; the body has been told to stop."""
        self._thread.join()
        os.close(self._theirs)
        os.close(self._ours)

    def _listen(self) -> None:
        ear = Ear(self._body)
        while not self._body.stopping:
            room = self._body.room()
            if room <= LONGEST:  # a full printer leaves it on the cable
                with self._body.changed:
                    self._body.changed.wait_for(
                        lambda: self._body.room() > LONGEST or self._body.stopping, timeout=LOOK
                    )
                continue
            if select.select([self._ours], [], [], LOOK)[0]:
                with contextlib.suppress(OSError):
                    ear.hear(os.read(self._ours, room))

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self._ours, data)
