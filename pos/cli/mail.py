"""Mail from the command line: take in what came back."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pos.cli.opened import shop_open
from pos.paper import bounces
from pos.paper.bounces import Outcome

SAID = {
    Outcome.MARKED: "marked as come back",
    Outcome.KNOWN: "known already",
    Outcome.NO_LETTER: "of no letter that this shop sent",
    Outcome.NO_FAILURE: "late or arrived, so nothing is marked",
    Outcome.NO_REPORT: "no notification of a mail server (RFC 3464)",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """mail."""
    what = commands.add_parser("mail", help="letters that came back").add_subparsers(required=True, metavar="what")
    bounced = what.add_parser("bounced", help="mark the letters that these notifications of mail servers name")
    bounced.add_argument("where", nargs="*", type=Path, help="files, or folders of them; without any, one from stdin")
    bounced.set_defaults(do=take_in)


def take_in(asked: argparse.Namespace) -> int:
    """Read each and say what became of them; the same may be read again, and a stranger's mail is no fault (0)."""
    with shop_open() as shop:
        became = Counter(bounces.take(shop, raw) for raw in _mails(asked.where))
    for outcome in Outcome:
        if became[outcome]:
            print(f"{became[outcome]} {SAID[outcome]}")
    if not became:
        print("There is no mail there.")
    return 0


def _mails(places: list[Path]) -> Iterator[bytes]:
    if not places:
        yield sys.stdin.buffer.read(bounces.LARGEST + 1)
    for place in places:
        for file in sorted(place.iterdir()) if place.is_dir() else [place]:
            if file.is_file() and not file.name.startswith("."):
                with file.open("rb") as mail:
                    yield mail.read(bounces.LARGEST + 1)
