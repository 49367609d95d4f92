"""Papers of the house from the command line: labels for the shelf, the hand-out about hallmarks."""

import argparse

from pos.cli.opened import shop_open
from pos.selling import house_papers


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """label, handout."""
    label = commands.add_parser("label", help="print a shelf label for each variant named")
    label.add_argument("sku", nargs="+", help="as in capsule.toml, such as NC-PT")
    label.set_defaults(do=print_labels)
    handout = commands.add_parser("handout", help="print what the hallmarks mean, to be handed out")
    handout.add_argument("--count", type=int, default=1, metavar="N")
    handout.set_defaults(do=print_hand_outs)
    for parser in (label, handout):
        parser.add_argument("--printer", required=True, metavar="ID")
        parser.add_argument("--language", choices=("en", "fr"), default="en")


def print_labels(asked: argparse.Namespace) -> int:
    """Queue the labels; the open shop prints them."""
    with shop_open() as shop:
        printed = house_papers.print_labels(shop, skus=asked.sku, printer_id=asked.printer, language=asked.language)
    print(f"{printed} labels wait for the printer {asked.printer}; the open shop prints them.")
    return 0


def print_hand_outs(asked: argparse.Namespace) -> int:
    """Queue the hand-outs; the open shop prints them."""
    count = max(1, asked.count)
    with shop_open() as shop:
        printed = house_papers.print_hand_outs(shop, printer_id=asked.printer, count=count, language=asked.language)
    print(f"{printed} hand-outs wait for the printer {asked.printer}; the open shop prints them.")
    return 0
