"""A sale from the command line: play one, or carry on what was left in the middle."""

import argparse
import json

from pos.cli import stage
from pos.cli.opened import shop_open
from pos.cli.played_sale import Played, play
from pos.money import format_money
from pos.payments import refunds
from pos.payments.recover import recover as carry_on_all
from pos.proof.keys import refuse_lost
from pos.selling import finish

NOT_ALL_TRUE = 1


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """demo, recover."""
    show = commands.add_parser("demo", help="one complete sale with stand-ins, from the basket to the paper")
    what = show.add_mutually_exclusive_group()
    for name, words in (("bundle", "a bundle"), ("preorder", "a pre-order: deposit, then balance")):
        what.add_argument(f"--{name}", dest="what", action="store_const", const=name, help=words)
    show.add_argument("--here", action="store_true", help="in the demonstration that is open, not in one of its own")
    show.add_argument("--json", action="store_true", help="one JSON object instead of words")
    show.set_defaults(do=demo, what="piece")
    commands.add_parser("recover", help="carry on every payment that was left in the middle").set_defaults(do=recover)


def demo(asked: argparse.Namespace) -> int:
    """Exit code 0 only if money, piece, paper, certificate and pickup all are as they should be."""
    with stage.here() if asked.here else stage.of_its_own() as on:
        played = play(on, what=asked.what or "piece")
    print(json.dumps(played.facts, ensure_ascii=False) if asked.json else story(played), flush=True)
    return NOT_ALL_TRUE if played.untrue else 0


def story(played: Played) -> str:
    """A sale as a person reads it."""
    order, facts = played.order, played.facts
    lines = [f"Order {order.code}, {format_money(order.total_minor, order.currency)}"]
    for line in order.lines:
        number = f" no. {line.number}" if line.number is not None else ""
        words = f", engraved “{' / '.join(line.engraving)}”" if line.engraving else ""
        lines.append(f"  {line.name}{number}{words}: {format_money(line.gross_minor, order.currency)}")
    for paid, receipt in zip(facts["payments"], facts["receipts"], strict=False):
        amount = format_money(paid["amount_minor"], order.currency)
        lines.append(f"  {paid['status']} {amount} on {paid['brand']} {paid['last4']}, receipt {receipt}")
    lines += [f"  {slip['kind']} slip {slip['state']}: {slip['png']}" for slip in facts["slips"]]
    lines += [
        f"  certificate {'valid' if one['valid'] else 'NOT VALID'}: {one['url']}" for one in facts["certificates"]
    ]
    if order.pickup:
        lines.append(f"  to be collected at {order.pickup.boutique_name}, {order.pickup.start:%d %B %H:%M} UTC, "
                     f"with the code {order.pickup.code}")  # fmt: skip
    lines += [f"NOT SO: {truth}" for truth in played.untrue]
    return "\n".join(lines)


def recover(asked: argparse.Namespace) -> int:
    """Do now what the shop does every minute; exit code 1 where a payment is in trouble."""
    with shop_open() as shop:
        with shop.read() as look:
            refuse_lost(shop.settings, records=look)  # what is carried on may be signed
        stuck = refunds.recover(shop)
        done = carry_on_all(shop, carry_on=finish.carry_on)
    print(f"{done.looked_at} payments were open, {len(done.moved)} moved.")
    for moved in done.moved:
        print(f"  {moved.payment_id}: {moved.was} → {moved.now}")
    for payment_id, why in done.troubles:
        print(f"  {payment_id}: {why}")
    for part_id in stuck:
        print(f"  part {part_id} of a refund could not be carried on")
    return NOT_ALL_TRUE if done.troubles or stuck else 0
