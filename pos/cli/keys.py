"""Signing keys from the command line: which there are, and how one follows another."""

import argparse

from pos.proof import rotation
from pos.proof.keys import KeyRing, told_keys
from pos.settings import read_settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """keys list, new, use, withdraw."""
    ring = commands.add_parser("keys", help="signing keys of certificates: list, new, use ID, withdraw ID")
    acts = ring.add_subparsers(required=True, metavar="act")
    acts.add_parser("list", help="every key, and what it does").set_defaults(do=listed)
    acts.add_parser("new", help="make the next key; it does not sign yet").set_defaults(do=new)
    for name, do, words in (
        ("use", use, "let a key sign, once every process has been started since it was made"),
        ("withdraw", withdraw, "no longer stand by what a stolen key signed"),
    ):
        act = acts.add_parser(name, help=words)
        act.add_argument("key_id", metavar="ID")
        act.set_defaults(do=do)


def listed(asked: argparse.Namespace) -> int:
    """One line a key."""
    settings = read_settings()
    ring = KeyRing.of(settings, make=False)
    verify, withdrawn = told_keys(settings)
    for key_id in sorted({*verify, ring.key_id}):
        print(f"{key_id}  {'signs' if key_id == ring.key_id else 'verifies'}")
    for key_id in sorted(withdrawn):
        print(f"{key_id}  withdrawn")
    return 0


def new(asked: argparse.Namespace) -> int:
    """Make the next key."""
    key_id = rotation.make_next(read_settings().keys)
    print(f"{key_id} is made. Start every process again, then: python -m pos keys use {key_id}")
    return 0


def use(asked: argparse.Namespace) -> int:
    """Let a key sign."""
    rotation.use(read_settings().keys, key_id=asked.key_id)
    print(f"{asked.key_id} signs from the next start of each process. Back the folder up.")
    return 0


def withdraw(asked: argparse.Namespace) -> int:
    """Withdraw a key."""
    rotation.withdraw(read_settings().keys, key_id=asked.key_id)
    print(f"{asked.key_id} is withdrawn from the next start on; what it signed has to be issued again.")
    return 0
