"""The outside world switched on: the Stripe stand-in and the virtual printer, until it is stopped.

    python -m pos.sandbox.run --dir var/sandbox --json

Ports stay the same from run to run where they are still free, so that what the shop wrote down goes on being true.
"""

import argparse
import fcntl
import json
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pos.sandbox import printer, stripe
from pos.sandbox.printer import RunningPrinter
from pos.sandbox.stripe import RunningStripe

T = TypeVar("T")
READERS = ("Counter",)


class PortTaken(Exception):
    """Somebody else listens on the port that was asked for."""

    def __init__(self, option: str, port: int) -> None:
        self.option, self.port = option, port
        super().__init__(f"Port {port} is in use: choose another with {option}, or leave it out.")


@dataclass(frozen=True)
class Outside:
    """The stand-ins, running."""

    stripe: RunningStripe
    printer: RunningPrinter

    def told(self) -> dict[str, Any]:
        """Where they are, and what a shop needs to speak with them."""
        readers = [
            {"id": reader.id, "label": reader.label, "screen": self.stripe.screen_url(reader.id)}
            for reader in self.stripe.readers
        ]
        return {
            "stripe": {
                "url": self.stripe.url,
                "api_key": self.stripe.api_key,
                "webhook_secret": self.stripe.webhook_secret,
                "readers": readers,
            },
            "printer": {
                "host": self.printer.host,
                "port": self.printer.port,
                "dir": str(self.printer.dir),
                "control": self.printer.control_url,
            },
        }


@contextmanager
def running(folder: Path, *, stripe_port: int | None = None, printer_port: int | None = None) -> Iterator[Outside]:
    """The stand-ins over a folder, for as long as the block lasts. Raises PortTaken for a port that was asked for.

    A folder that another sandbox is using is left to it: this one keeps its things in a temporary one.
    """
    with ExitStack() as stack:
        home = stack.enter_context(_own(folder))
        ports = _kept_ports(home)
        shop_side = _at_port(
            "--stripe-port",
            asked=stripe_port,
            kept=ports.get("stripe"),
            start=lambda port: stripe.start(port=port, directory=home / "stripe", readers=READERS),
        )
        stack.callback(shop_side.stop)
        paper_side = _at_port(
            "--printer-port",
            asked=printer_port,
            kept=ports.get("printer"),
            start=lambda port: printer.start(port, directory=home / "slips"),
        )
        stack.callback(paper_side.stop)
        outside = Outside(shop_side, paper_side)
        told = outside.told()
        ports = {"stripe": int(told["stripe"]["url"].rsplit(":", 1)[1]), "printer": told["printer"]["port"]}
        (home / "ports.json").write_text(json.dumps(ports))
        yield outside


def main(words: Sequence[str] | None = None) -> int:
    """Run until stopped by a signal, or, with --with-parent, until the parent is gone."""
    asked = options(argparse.ArgumentParser(prog="python -m pos.sandbox.run", description=__doc__)).parse_args(words)
    return run(asked)


def options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What may be asked of it."""
    parser.add_argument("--stripe-port", type=_port, metavar="N", help="default: a free one, the same every time")
    parser.add_argument("--printer-port", type=_port, metavar="N")
    parser.add_argument("--dir", type=Path, metavar="FOLDER", help="where its objects and slips are kept")
    parser.add_argument("--json", action="store_true", help="say where everything is as one line of JSON")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    return parser


def _port(words: str) -> int:
    if not words.isdecimal() or int(words) > 65535:
        raise argparse.ArgumentTypeError(f"{words!r} is no port: 0 (a free one) to 65535")
    return int(words)


def run(asked: argparse.Namespace) -> int:
    """Switch everything on, say where it is, wait to be stopped."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if asked.with_parent:  # the pipe closes with the parent, however it ends
        threading.Thread(target=_until_the_parent_is_gone, args=[stop], name="parent", daemon=True).start()
    folder = asked.dir or Path(tempfile.gettempdir()) / "vitrine-sandbox"
    try:
        with running(folder, stripe_port=asked.stripe_port, printer_port=asked.printer_port) as outside:
            print(json.dumps(outside.told()) if asked.json else _words(outside.told()), flush=True)
            stop.wait()
    except PortTaken as taken:
        print(taken, file=sys.stderr)
        return 2
    except (OSError, sqlite3.Error) as trouble:
        print(f"The sandbox cannot keep its things in {folder}: {trouble}.", file=sys.stderr)
        return 2
    return 0


def _words(told: dict[str, Any]) -> str:
    screens = "\n".join(f"  reader   {reader['label']}: {reader['screen']}" for reader in told["stripe"]["readers"])
    return (
        f"The sandbox is on; Ctrl-C switches it off.\n"
        f"  Stripe   {told['stripe']['url']}\n"
        f"  key      {told['stripe']['api_key']}\n"
        f"  webhook  {told['stripe']['webhook_secret']}\n"
        f"{screens}\n"
        f"  printer  {told['printer']['host']}:{told['printer']['port']}, slips in {told['printer']['dir']}"
    )


def _at_port(option: str, *, asked: int | None, kept: int | None, start: Callable[[int], T]) -> T:
    if asked is not None:
        try:
            return start(asked)
        except OSError as trouble:
            raise PortTaken(option, asked) from trouble
    try:
        return start(kept or 0)
    except OSError:
        return start(0)


def _kept_ports(home: Path) -> dict[str, int]:
    try:
        kept = json.loads((home / "ports.json").read_text())
        return {name: int(port) for name, port in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


@contextmanager
def _own(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        door = stack.enter_context((folder / "lock").open("w"))
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vitrine-sandbox-")))
        yield folder


def _until_the_parent_is_gone(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
