"""The operator's door: `python -m pos …`. One module a group of commands; each command is one call and its words."""

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib import import_module

from pos import logs
from pos.cli.sentences import sentence
from pos.errors import ShopError

REFUSED = 2  # the exit code of a refusal that was told in a sentence
STOPPED = 130  # of a command that a person stopped with Ctrl-C
GROUPS = {  # which module holds which commands: only the one asked for is read, so that each starts at once
    "serving": ("run", "serve"),
    "sale": ("demo", "recover"),
    "health": ("doctor",),
    "outside": ("sandbox", "reader", "printer"),
    "capsules": ("capsule", "boutique"),
    "people": ("tablet", "staff"),
    "books": ("reconcile",),
    "paper": ("label", "handout"),
    "mail": ("mail",),
    "office": ("backoffice",),
    "proof": ("verify", "audit", "log"),
    "keys": ("keys",),
    "records": ("migrate", "reset"),
    "explain": ("settings",),
}

log = logging.getLogger(__name__)


def main(words: Sequence[str] | None = None) -> int:
    """Do what was asked and say the exit code: 0 done, 1 done and not all is well, 2 refused with one sentence."""
    words = list(sys.argv[1:] if words is None else words)
    if strange := next((word for word in words if not word.isprintable()), None):
        print(f"{strange!a} holds a character that cannot be seen; type it again.", file=sys.stderr)
        return REFUSED
    if not words:
        parser(words).print_help()
        return REFUSED
    asked = parser(words).parse_args(words)
    serves = getattr(asked, "serves", False)
    logs.begin(logging.INFO if asked.verbose else logging.WARNING, traces=asked.verbose or serves)
    try:
        return int(asked.do(asked) or 0)
    except ShopError as refusal:
        log.info("refused", exc_info=True)
        print(sentence(refusal), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # whoever read our words has heard enough
        sys.stderr.close()
        return 1
    except OSError as trouble:  # a full disk, a folder that may not be written
        log.info("refused", exc_info=True)
        print(f"This machine refuses: {trouble}; see python -m pos doctor.", file=sys.stderr)
        return REFUSED


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The commands of the group that is asked for; all of them where none is."""
    top = argparse.ArgumentParser(prog="python -m pos", description="Vitrine from the command line.")
    top.add_argument("--verbose", "-v", action="store_true", help="tell in the log what happens")
    commands = top.add_subparsers(title="commands", required=True, metavar="command")
    group = next((group for word in words for group, names in GROUPS.items() if word in names), None)
    for name in [group] if group else GROUPS:
        import_module(f"pos.cli.{name}").add(commands)
    return top
