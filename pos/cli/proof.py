"""Proof from the command line: is this certificate ours, is the audit chain whole, was the log rewritten."""

import argparse
import base64
import sys
from pathlib import Path

from pos.books import audit
from pos.cli.opened import shop_open
from pos.proof.log_check import Broken, look_through
from pos.proof.verify import Finding, Verdict, verify_offline
from pos.settings import read_settings

WORDS = {
    Finding.VALID: "Valid: signed by this house (key {key_id}). Piece {gtin}, serial {serial}.\n"
    "Whether it is still in force, or the piece was returned since, only its public page says: open the address.",
    Finding.ALTERED: "Altered: this is not what the house signed.",
    Finding.WITHDRAWN_KEY: "Signed with a key of this house that was withdrawn ({key_id}): it proves nothing now.\n"
    "Show the certificate and the piece to a boutique: what its register knows is issued again.",
    Finding.UNKNOWN_KEY: "Unknown: signed by a key that is not this house's ({key_id}).",
    Finding.NO_ADDRESS: "This is not the address of a certificate: copy all of it from the QR code, between quotes.",
    Finding.UNSIGNED: "Unknown: this address carries no signature and proves nothing.",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """verify, audit verify, log verify."""
    check = commands.add_parser("verify", help="check a certificate's address with the public key alone")
    check.add_argument("url", help="what the QR code of the receipt says")
    check.add_argument("--key", metavar="FILE", help="public key, or a folder of them; default: this shop's own")
    check.set_defaults(do=verify)
    chain = commands.add_parser("audit", help="verify: is every entry of the audit chain as it was written")
    chain.add_argument("what", choices=["verify"])
    chain.set_defaults(do=verify_audit)
    log = commands.add_parser(
        "log", help="verify: does every entry of the log of certificates fit, and the books with it"
    )
    log.add_argument("what", choices=["verify"])
    log.add_argument("--kept", metavar="FILE", type=Path, help="a checkpoint that was kept: is the log still that one")
    log.set_defaults(do=verify_log)


def verify(asked: argparse.Namespace) -> int:
    """Offline: neither network nor records are touched. Exit code 1 unless it is valid."""
    verdict = verify_offline(asked.url, key=Path(asked.key) if asked.key else read_settings().keys)
    print(told(verdict))
    return 0 if verdict.valid else 1


def told(verdict: Verdict) -> str:
    """A verdict in words, and what it leaves open."""
    return WORDS[verdict.finding].format(gtin=verdict.gtin, serial=verdict.serial, key_id=verdict.key_id)


def verify_audit(asked: argparse.Namespace) -> int:
    """Walk the whole chain. Exit code 1 where an entry does not fit."""
    with shop_open() as shop, shop.read() as look:
        broken = audit.broken_at(look)
    if broken is None:
        print("The audit chain is whole.")
        return 0
    print(f"Entry {broken} of the audit chain does not fit: it, or one before it, was changed or taken out.")
    return 1


def verify_log(asked: argparse.Namespace) -> int:
    """Look through the whole log. Exit code 1 where something does not fit."""
    kept = asked.kept.read_text("utf-8") if asked.kept else None
    with shop_open() as shop:
        found = look_through(shop, kept=kept, told=bar if sys.stderr.isatty() else lambda done, of: None)
    if isinstance(found, Broken):
        print(f"The log does not fit at {found.where}: {found.why}.")
        return 1
    root = base64.b64encode(found.root).decode()
    print(f"The log is whole: {found.size} entries, root {root}." if found.size else "The log is whole: nothing in it.")
    return 0


def bar(done: int, of: int) -> None:
    """Draw how far it is, over what was drawn before."""
    part = done / of if of else 1
    end = "\n" if done == of else ""
    print(f"\r[{'#' * round(part * 40):<40}] {done} of {of} entries", end=end, file=sys.stderr, flush=True)
