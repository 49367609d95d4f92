"""Capsules and boutiques from the command line: a folder is checked, a folder or a file is taken in."""

import argparse
from pathlib import Path

from pos.catalogue import loading, reading
from pos.cli.opened import shop_open
from pos.people import pins
from pos.people.seeding import open_boutiques


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """capsule check, capsule load, boutique load."""
    capsule = commands.add_parser("capsule", help="check or load a capsule's folder")
    acts = capsule.add_subparsers(required=True, metavar="check|load")
    one = acts.add_parser("check", help="one capsule's folder: every mistake in it, at once")
    one.add_argument("folder", type=Path)
    one.set_defaults(do=check)
    every = acts.add_parser("load", help="every capsule below a folder; what has left it is no longer sold")
    every.add_argument("folder", type=Path, nargs="?", help="default: capsules/ of VITRINE_DATA_DIR")
    every.set_defaults(do=load)
    boutique = commands.add_parser("boutique", help="load: boutiques and their people from a file")
    new = boutique.add_subparsers(required=True, metavar="load").add_parser("load")
    new.add_argument("file", type=Path)
    new.set_defaults(do=load_boutiques)


def check(asked: argparse.Namespace) -> int:
    """Say that a folder is whole, or every mistake in it; changes nothing."""
    capsule = reading.read(asked.folder)
    print(f"{capsule.slug}: {len(capsule.file.variants)} pieces, {len(capsule.pictures)} pictures, no mistake.")
    return 0


def load(asked: argparse.Namespace) -> int:
    """Put every capsule on the shelf, all or none; pieces already sold stay as they are."""
    with shop_open() as shop:
        loaded = loading.load(shop, root=asked.folder)
    names = ", ".join(loaded.capsules) or "nothing has changed"
    print(f"On the shelf: {names}; {loaded.new_pieces} new numbered pieces.")
    return 0


def load_boutiques(asked: argparse.Namespace) -> int:
    """Open boutiques; whoever is new gets a PIN, printed once."""
    with shop_open() as shop:
        opened = open_boutiques(shop, file=asked.file)
        drawn = pins.to_print(shop)
    print(f"{opened.boutiques} boutiques and {opened.people} people.")
    for person in drawn:
        print(f"  {person.pin}  {person.name} ({person.role})")
    return 0
