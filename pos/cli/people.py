"""People and tablets from the command line: an enrolment address, a new PIN."""

import argparse
import io

import qrcode

from pos.cli.opened import shop_open
from pos.people import devices, pins


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """tablet add, staff pin."""
    tablet = commands.add_parser("tablet", help="add: a one-time address that makes a browser a tablet")
    new = tablet.add_subparsers(required=True, metavar="add").add_parser("add")
    new.add_argument("label", help="what the tablet is called, such as “Window”")
    new.add_argument("--boutique", required=True)
    new.add_argument("--reader", metavar="TMR", help="the card reader beside it")
    new.add_argument("--printer", metavar="ID", help="the receipt printer beside it")
    new.set_defaults(do=add_tablet)
    staff = commands.add_parser("staff", help="pin: a new PIN for a person")
    pin = staff.add_subparsers(required=True, metavar="pin").add_parser("pin")
    pin.add_argument("id", help="as in boutique.toml")
    pin.set_defaults(do=new_pin)


def add_tablet(asked: argparse.Namespace) -> int:
    """Print the address and its QR code, good for one browser and 24 hours."""
    with shop_open() as shop:
        token = devices.issue(
            shop,
            boutique_id=asked.boutique,
            label=asked.label,
            reader_id=asked.reader,
            printer_id=asked.printer,
        )
        print(enrolment(f"{shop.settings.public}/enrol/{token}", label=asked.label))
    return 0


def new_pin(asked: argparse.Namespace) -> int:
    """Draw another PIN and print it once."""
    with shop_open() as shop:
        print(
            f"The PIN of {asked.id} is {pins.new_pin(shop, staff_id=asked.id)}; the old one no longer opens the till."
        )
    return 0


def enrolment(address: str, *, label: str) -> str:
    """An enrolment address with its QR code, drawn in letters for a terminal."""
    code = qrcode.QRCode(border=2)
    code.add_data(address)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return f"{label}: open this on the tablet, once, within 24 hours\n{address}\n{drawn.getvalue()}"
