"""People and tablets from the command line: an enrolment address, what stands beside a tablet, a new PIN."""

import argparse
import io

import qrcode

from pos.cli.opened import shop_open
from pos.people import devices, pins


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """tablet add, tablet list, tablet set, tablet revoke, staff pin."""
    tablet = commands.add_parser("tablet", help="add: a one-time address that makes a browser one; list, set, revoke")
    acts = tablet.add_subparsers(required=True, metavar="add|list|set|revoke")
    new = acts.add_parser("add")
    new.add_argument("label", help="what the tablet is called, such as “Window”")
    new.add_argument("--boutique", required=True)
    new.set_defaults(do=add_tablet)
    acts.add_parser("list", help="every tablet, with what stands beside it").set_defaults(do=list_tablets)
    other = acts.add_parser("set", help="another reader or printer beside it")
    other.set_defaults(do=set_tablet)
    lost = acts.add_parser("revoke", help="a tablet that was lost: its browser is a stranger from now on")
    lost.set_defaults(do=revoke_tablet)
    for parser in (other, lost):
        parser.add_argument("id", help="as `tablet list` says it")
    for parser in (new, other):
        parser.add_argument("--reader", metavar="TMR", help="the card reader beside it")
        parser.add_argument("--printer", metavar="ID", help="the receipt printer beside it")
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


def list_tablets(asked: argparse.Namespace) -> int:
    """One line each: its id, its boutique, its label, its reader and printer."""
    with shop_open() as shop:
        for one in devices.tablets(shop):
            beside = f"reader {one.reader_id or 'none'}, printer {one.printer_id or 'none'}"
            print(f"{one.device_id}  {one.boutique_id}  {one.label}: {beside}")
    return 0


def set_tablet(asked: argparse.Namespace) -> int:
    """Put another reader or printer beside a tablet; it takes them at its next step."""
    with shop_open() as shop:
        devices.equip(shop, device_id=asked.id, reader_id=asked.reader, printer_id=asked.printer)
        now = next(one for one in devices.tablets(shop) if one.device_id == asked.id)
    print(f"{now.label} has the reader {now.reader_id or 'none'} and the printer {now.printer_id or 'none'}.")
    return 0


def revoke_tablet(asked: argparse.Namespace) -> int:
    """Shut a lost tablet out."""
    with shop_open() as shop:
        devices.revoke(shop, device_id=asked.id)
    print(f"The tablet {asked.id} is shut out.")
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
