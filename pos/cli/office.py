"""The back office alone, without a screen: all of it, or the print station of one boutique."""

import argparse
import signal
import threading

from pos.backoffice import BackOffice
from pos.cli.opened import shop_open
from pos.errors import SettingsWrong, Unknown
from pos.models import Boutique
from pos.paper import printers

PRINT = "print"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """backoffice."""
    office = commands.add_parser("backoffice", help="the loops beside the screens alone, as a print station")
    office.add_argument("--only", choices=[PRINT], help="paper alone: for a machine beside a printer")
    office.add_argument("--boutique", help="whose printers, with --only print")
    office.set_defaults(do=run, serves=True)


def run(asked: argparse.Namespace) -> int:
    """Run until stopped by a signal. Raises Unknown (boutique), SettingsWrong."""
    if (asked.only == PRINT) != bool(asked.boutique):
        raise SettingsWrong("--boutique", "a print station says whose: backoffice --only print --boutique …")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with shop_open() as shop:
        if asked.boutique:
            with shop.read() as look:
                if look.get(Boutique, asked.boutique) is None:
                    raise Unknown("boutique", asked.boutique)
                mine = printers.to_print_at(look, station_of=asked.boutique)
            print(_words(asked.boutique, mine), flush=True)
        office = BackOffice(shop, print_station_of=asked.boutique)
        office.start()
        stop.wait()
        shop.closing.set()
        office.stop()
    return 0


def _words(boutique: str, printer_ids: list[str]) -> str:
    if not printer_ids:
        return f"No printer of {boutique} stands at a print station yet: printer add … --station. Waiting for one."
    return f"The print station of {boutique} prints at {', '.join(printer_ids)}. Ctrl-C stops it."
