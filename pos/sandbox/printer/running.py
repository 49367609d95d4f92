"""A virtual printer, switched on."""

import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pos.sandbox.printer.body import SHAPES, Body
from pos.sandbox.printer.cable import Cable
from pos.sandbox.printer.control import ControlDoor
from pos.sandbox.printer.faults import Faults
from pos.sandbox.printer.head import Head
from pos.sandbox.printer.line import Line
from pos.sandbox.printer.slips import Slip, Tray


def start(
    port: int = 0,
    *,
    directory: Path | str,
    mm_per_s: float | None = None,
    model: str = "80mm",
    buffer_bytes: int = 16 * 1024,
    control_port: int = 0,
) -> "RunningPrinter":
    """Switch on a virtual printer on loopback; port 0 takes any free one.

    Slips fall into the directory. mm_per_s is the paper's speed, None prints at once. model is one of 80mm, 58mm and
    80mm-180dpi. Raises OSError if a port is in use, ValueError for an unknown model or speed.
    """
    if model not in SHAPES:
        raise ValueError(f"no printer model {model!r}: one of {', '.join(SHAPES)}")
    return RunningPrinter(
        port,
        directory=Path(directory),
        faults=Faults().but({"mm_per_s": mm_per_s}),
        model=model,
        buffer_bytes=buffer_bytes,
        control_port=control_port,
    )


class RunningPrinter:
    """The printer on its table: where it listens, its tray, and its switches. Use it in a `with`, or stop it."""

    host = "127.0.0.1"

    def __init__(
        self, port: int, *, directory: Path, faults: Faults, model: str, buffer_bytes: int, control_port: int
    ) -> None:
        self.model = model
        self._body = Body(shape=SHAPES[model], faults=faults, capacity=buffer_bytes)
        self._line = Line(self._body, port=port)
        self._body.lost_power = lambda: self._line.hang_up(reset=True)
        self._cable: Cable | None = None
        self._tray = Tray(directory, paper_dots=SHAPES[model].paper_dots)
        self._head = Head(self._body, self._tray.take)
        self._work = threading.Thread(target=self._head.run, name="printer-head", daemon=True)
        self._work.start()
        try:
            self._control = ControlDoor(self, port=control_port)
        except OSError:
            self._switch_off()
            raise

    @property
    def port(self) -> int:
        """The port for print data."""
        return self._line.port

    @property
    def dir(self) -> Path:
        """The tray's folder."""
        return self._tray.folder

    @property
    def control_url(self) -> str:
        """The address of the door at its back."""
        return self._control.url

    @property
    def faults(self) -> Faults:
        """How the switches stand."""
        return self._body.faults

    @property
    def unknown(self) -> list[str]:
        """Commands it stepped over because it does not know them."""
        return list(self._head.unknown)

    @property
    def process_ids(self) -> list[str]:
        """The jobs it said were printed, in order."""
        return list(self._head.process_ids)

    @property
    def calls(self) -> int:
        """How often somebody was let in."""
        return self._line.calls

    @property
    def kicks(self) -> int:
        """How often its cash drawer was opened."""
        return self._body.kicks

    def wait_for_kicks(self, count: int, timeout: float = 5.0) -> int:
        """Wait until the drawer was opened so often; says how often. Raises TimeoutError after so many seconds."""
        with self._body.changed:
            if not self._body.changed.wait_for(lambda: self._body.kicks >= count, timeout=timeout):
                raise TimeoutError(f"{self._body.kicks} of {count} kicks after {timeout} s")
            return self._body.kicks

    def set(self, **changes: Any) -> Faults:
        """Move switches (see Faults). Raises ValueError for one that does not exist."""
        faults = self._body.alter(changes)
        self._line.follow_faults()
        return faults

    def power_cycle(self) -> None:
        """Switch it off and on: the line breaks, what it had in its buffer is lost."""
        self._body.power_cycle()
        self._line.hang_up(reset=True)
        self._line.follow_faults()

    def plug_in(self) -> str:
        """Pull the network out and plug a cable in; says the device file at its other end."""
        self._line.close()
        self._cable = Cable(self._body)
        return self._cable.device

    def slips(self) -> list[Slip]:
        """What fell into the tray since it was switched on."""
        return self._tray.slips()

    def wait_for_slips(self, count: int, timeout: float = 5.0) -> list[Slip]:
        """Wait until so many slips lie in the tray, picture included. Raises TimeoutError after so many seconds."""
        return self._tray.wait_for(count, timeout=timeout)

    def state(self) -> dict[str, Any]:
        """Everything that can be seen of it."""
        return {
            "port": self.port,
            "model": self.model,
            "faults": asdict(self.faults),
            "cannot_print": self._body.cannot_print,
            "queued_bytes": self._body.queued(),
            "printed_mm": round(self._body.dots_printed * 25.4 / self._body.shape.dpi, 1),
            "slips": [slip.number for slip in self.slips()],
            "kicks": self.kicks,
            "process_ids": self.process_ids,
            "unknown": self.unknown,
        }

    def stop(self) -> None:
        """Switch it off; slips that are cut already are still drawn."""
        self._control.close()
        self._switch_off()

    def _switch_off(self) -> None:
        self._body.stop()
        if self._cable:
            self._cable.close()
        else:
            self._line.close()
        self._work.join()
        self._tray.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
