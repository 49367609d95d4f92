"""The outside world from the command line: the sandbox alone, readers and printers that stand beside a tablet."""

import argparse

from pos.cli import faults
from pos.cli.opened import shop_open
from pos.errors import ReaderTrouble, Unknown
from pos.models import Boutique
from pos.money import format_money
from pos.paper import printers
from pos.paper.models import MODELS
from pos.payments import clearing, readers
from pos.payments.clearing import OnReader
from pos.sandbox import run as sandbox
from pos.settings import read_settings

NOT_DONE = 1


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """sandbox, sandbox faults, reader add, reader list, reader clear, printer add, printer retire."""
    alone = commands.add_parser("sandbox", help="stand-ins for Stripe and the printer, until stopped; faults")
    sandbox.options(alone).set_defaults(do=run_sandbox)
    faults.add(alone.add_subparsers(metavar="faults"))
    _reader(commands.add_parser("reader", help="add: a card reader that Stripe knows; list: those it knows; clear"))
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


def clear_reader(asked: argparse.Namespace) -> int:
    """Say what a reader shows, and with --yes take it off; exit code 1 where it stays."""
    with shop_open() as shop:
        look = clearing.clear_by_operator if asked.yes else clearing.on_reader
        seen = look(shop, reader_id=asked.id)
    if seen.kind is None:
        print(f"The reader {seen.reader_id} ({seen.label}) shows nothing.")
        return 0
    if asked.yes:
        print(f"Cleared: the reader {seen.reader_id} ({seen.label}) showed {shown(seen)}.")
        return 0
    print(
        f"The reader {seen.reader_id} ({seen.label}) shows {shown(seen)}.\n"
        "Nothing was cleared. If nobody stands there any more, say it again with --yes."
    )
    return NOT_DONE


def shown(seen: OnReader) -> str:
    """What a reader shows, in the words of a sentence."""
    if seen.intent_id is None:
        return f"{seen.kind}, which is no payment"
    amount = format_money(seen.amount_minor, seen.currency) if seen.amount_minor and seen.currency else "an amount"
    whose = f"order {seen.order_code}" if seen.order_code else f"another system ({seen.intent_id})"
    return f"{amount} of {whose}"


def add_printer(asked: argparse.Namespace) -> int:
    """Write a printer down; `doctor` says whether it answers."""
    where = printers.read_address(asked.address)
    with shop_open() as shop:
        printers.register(
            shop,
            printer_id=asked.id,
            boutique_id=asked.boutique,
            label=asked.label or asked.id,
            host=where.host,
            port=where.port,
            connection=where.connection,
            path=where.path,
            baud=where.baud,
            model=asked.model,
            station=asked.station,
        )
    print(f"The printer {asked.id} stands in {asked.boutique}, at {where}.")
    return 0


def retire_printer(asked: argparse.Namespace) -> int:
    """Take a printer out of use."""
    with shop_open() as shop:
        printers.retire(shop, printer_id=asked.id)
    print(f"The printer {asked.id} is out of use. What waits for it waits for another: tablet set … --printer …")
    return 0


def _reader(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="add|list|clear")
    new = acts.add_parser("add")
    new.add_argument("id", help="Stripe's tmr_…, as registered in the Stripe dashboard")
    new.add_argument("--boutique", required=True)
    new.add_argument("--label", default="")
    new.set_defaults(do=add_reader)
    acts.add_parser("list").set_defaults(do=list_readers)
    hung = acts.add_parser("clear", help="take off it whatever it shows, also another system's payment")
    hung.add_argument("id", help="Stripe's tmr_…")
    hung.add_argument("--yes", action="store_true", help="do it; without, only say what would be cleared")
    hung.set_defaults(do=clear_reader)


def _printer(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="add|retire")
    new = acts.add_parser("add")
    new.add_argument("id", help="a name for it, such as counter")
    new.add_argument(
        "address",
        help="host or host:port (9100); usb:/dev/usb/lp0; serial:/dev/ttyUSB0@115200; cups://host:631/queue",
    )
    new.add_argument("--station", action="store_true", help="a print station of the boutique prints at it")
    new.add_argument("--boutique", required=True)
    new.add_argument("--label", default="")
    new.add_argument("--model", choices=sorted(MODELS), default="generic-80")
    new.set_defaults(do=add_printer)
    old = acts.add_parser("retire", help="its tablets have none then, and its waiting slips wait for another")
    old.add_argument("id")
    old.set_defaults(do=retire_printer)
