"""The doctor from the command line."""

import argparse

from pos import doctor
from pos.cli.opened import settings_here
from pos.doctor import Finding
from pos.shop import Shop


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """doctor."""
    commands.add_parser("doctor", help="records, Stripe, readers, printers, disk, clock, keys").set_defaults(do=examine)


def examine(asked: argparse.Namespace) -> int:
    """One line each; exit code 1 where something is to be done."""
    shop = Shop(settings_here())
    well = True
    try:
        for finding in doctor.look(shop):
            well = well and finding.well
            print(line(finding), flush=True)
    finally:
        shop.close()
    return 0 if well else 1


def line(finding: Finding) -> str:
    """A finding in one line, with what to do."""
    mark = "well " if finding.well else "TO DO"
    words = f"{finding.what}: {finding.said}" + (f" → {finding.todo}" if finding.todo else "")
    return f"{mark}  {' '.join(words.split())}"  # what a library says may come in several lines
