"""A receipt printer in a box: listens on loopback like the real thing, and draws the paper it would print."""

from pos.sandbox.printer.cups import PrintServer
from pos.sandbox.printer.faults import Faults
from pos.sandbox.printer.running import RunningPrinter, start
from pos.sandbox.printer.slips import Slip

__all__ = ["Faults", "PrintServer", "RunningPrinter", "Slip", "start"]
