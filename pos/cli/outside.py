"""The outside world from the command line: the sandbox alone, readers and printers that stand beside a tablet."""

import argparse

from pos.cli.opened import shop_open
from pos.errors import ReaderTrouble, Unknown
from pos.models import Boutique
from pos.paper import printers
from pos.paper.models import MODELS
from pos.payments import readers
from pos.sandbox import run as sandbox
from pos.settings import read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """sandbox, reader add, reader list, printer add, printer retire."""
    alone = commands.add_parser("sandbox", help="stand-ins for Stripe and the printer, until stopped")
    sandbox.options(alone).set_defaults(do=run_sandbox)
    _reader(commands.add_parser("reader", help="add: a card reader that Stripe knows; list: those it knows"))
    _printer(
        commands.add_parser("printer", help="add: a receipt printer, or where it has moved to; retire: out of use")
    )


def run_sandbox(asked: argparse.Namespace) -> int:
    """Run the stand-ins over the shop's own folder unless told otherwise."""
    asked.dir = asked.dir or read_settings().own_folder() / "sandbox"
    return sandbox.run(asked)


def add_reader(asked: argparse.Namespace) -> int:
    """Write a reader down once Stripe has confirmed that it is there."""
    with shop_open() as shop:
        now = readers.status(shop, reader_id=asked.id)
        if now.trouble:
            raise ReaderTrouble(asked.id, now.trouble)
        with shop.read() as look:
            if look.get(Boutique, asked.boutique) is None:
                raise Unknown("boutique", asked.boutique)
        readers.register(shop, reader_id=asked.id, boutique_id=asked.boutique, label=asked.label or now.label)
    print(f"The reader {asked.id} stands in {asked.boutique}.")
    return 0


def list_readers(asked: argparse.Namespace) -> int:
    """The readers of this Stripe account."""
    with shop_open() as shop:
        for reader in readers.at_stripe(shop):
            print(f"{reader.reader_id}  {'online ' if reader.reachable else 'offline'}  {reader.label}")
    return 0


def add_printer(asked: argparse.Namespace) -> int:
    """Write a printer down; `doctor` says whether it answers."""
    host, _, port = asked.address.partition(":")
    if port and not port.isdecimal():
        raise Unknown("port", port)
    where = {"host": host, "port": int(port or 9100), "model": asked.model}
    with shop_open() as shop:
        printers.register(shop, printer_id=asked.id, boutique_id=asked.boutique, label=asked.label or asked.id, **where)
    print(f"The printer {asked.id} stands in {asked.boutique}, at {host}:{where['port']}.")
    return 0


def retire_printer(asked: argparse.Namespace) -> int:
    """Take a printer out of use."""
    with shop_open() as shop:
        printers.retire(shop, printer_id=asked.id)
    print(f"The printer {asked.id} is out of use. What waits for it waits for another: tablet set … --printer …")
    return 0


def _reader(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="add|list")
    new = acts.add_parser("add")
    new.add_argument("id", help="Stripe's tmr_…, as registered in the Stripe dashboard")
    new.add_argument("--boutique", required=True)
    new.add_argument("--label", default="")
    new.set_defaults(do=add_reader)
    acts.add_parser("list").set_defaults(do=list_readers)


def _printer(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="add|retire")
    new = acts.add_parser("add")
    new.add_argument("id", help="a name for it, such as counter")
    new.add_argument("address", help="host or host:port; 9100 where no port is given")
    new.add_argument("--boutique", required=True)
    new.add_argument("--label", default="")
    new.add_argument("--model", choices=sorted(MODELS), default="generic-80")
    new.set_defaults(do=add_printer)
    old = acts.add_parser("retire", help="its tablets have none then, and its waiting slips wait for another")
    old.add_argument("id")
    old.set_defaults(do=retire_printer)
