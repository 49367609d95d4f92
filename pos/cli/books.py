"""The books from the command line: held against Stripe's, and only what differs is said."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date, timedelta

from sqlmodel import col, select

from pos.books.differences import Found, Kind, parted
from pos.books.nightly import DAYS
from pos.books.reconcile import Report, house_zone, reconcile
from pos.cli.opened import shop_open
from pos.models import Order
from pos.money import format_money
from pos.shop import Shop

DIFFER = 1

TODO = {
    Kind.UNBOOKED: "find the sale: python -m pos recover; if there is none, refund it in Stripe's Dashboard",
    Kind.PAID_TWICE: "refund this charge in Stripe's Dashboard: the shopper has paid once already",
    Kind.NOT_AT_STRIPE: "look for it in the Dashboard (another account or key?); keep its piece until it is found",
    Kind.AMOUNT: "look at both in the Dashboard; refund what was taken too much, or ask for what is missing",
    Kind.CURRENCY: "refund it in the Dashboard and take it again in the order's currency",
    Kind.HOLD_LAPSED: "nothing can be taken of it any more: ask the shopper to pay again, or keep the piece",
    Kind.RECEIPT: "look at the order's payments: money is missing, or the receipt is wrong; keep its pieces until then",
    Kind.REFUND_UNBOOKED: "it was given back in the Dashboard: give it back in the shop's books too, with its line",
    Kind.REFUND_NOT_AT_STRIPE: "the shopper has not got it: look in the Dashboard, and give it back again",
    Kind.REFUND_AMOUNT: "look at both in the Dashboard; what is missing is still owed",
    Kind.REFUND_FAILED: "the shopper has not got it: give it back by another road",
    Kind.REFUND_WENT: "it went after all: do not give it back a second time",
    Kind.NO_BALANCE: "wait a day; then ask Stripe where the money is",
    Kind.BALANCE: "look at the balance in the Dashboard, and ask Stripe",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """reconcile."""
    compare = commands.add_parser("reconcile", help="compare the books with Stripe's; says only what differs")
    day, form = date.fromisoformat, "YYYY-MM-DD"
    compare.add_argument("--from", dest="first", type=day, metavar=form, help=f"first day; without it, {DAYS} days ago")
    compare.add_argument("--to", dest="last", type=day, metavar=form, help="last day; without it, today")
    compare.add_argument("--json", action="store_true", help="one JSON object instead of words")
    compare.set_defaults(do=compare_books)


def compare_books(asked: argparse.Namespace) -> int:
    """Exit code 0 where the books agree, 1 where they differ; Stripe that could not be asked is a refusal (2)."""
    with shop_open() as shop:
        today = shop.clock.now().astimezone(house_zone(shop)).date()
        last = asked.last or today
        first = asked.first or min(last, today - timedelta(days=DAYS))
        report = reconcile(shop, first=first, last=last)
        codes = _codes(shop, report)
    if asked.json:
        print(json.dumps(_facts(report, codes), ensure_ascii=False))
    else:
        for one in report.differences:
            print(line(one, codes))
        if not report.differences:  # beside what is asked for: a list of differences that is empty
            print(f"the books and Stripe's agree: {report.compared} compared, {first} to {last}", file=sys.stderr)
    return DIFFER if report.differences else 0


def line(one: Found, codes: dict[str, str]) -> str:
    """One difference: what, of which order, what either side says, and what to do."""
    order = f"order {codes[one.order_id]}" if one.order_id in codes else "no order of ours"
    amount = format_money(one.amount_minor, one.currency)
    sides = f"here {side(one.ours)}, at Stripe {side(one.theirs)}"
    return f"{one.kind}  {one.subject}  {amount}  {order}: {sides} → {TODO[one.kind]}"


def side(said: str) -> str:
    """What a side says: `taken £140.00`, `nothing`."""
    word, minor, currency = parted(said)
    words = word.replace("_", " ")
    return words if minor is None else f"{words} {format_money(minor, currency)}"


def _facts(report: Report, codes: dict[str, str]) -> dict[str, object]:
    return {
        "from": report.starts_at.isoformat(),
        "to": report.ends_at.isoformat(),
        "compared": report.compared,
        "differences": [
            {**asdict(one), "order": codes.get(one.order_id or ""), "todo": TODO[one.kind]}
            for one in report.differences
        ],
    }


def _codes(shop: Shop, report: Report) -> dict[str, str]:
    """What people call the orders that differ."""
    orders = {one.order_id for one in report.differences if one.order_id}
    with shop.read() as look:
        return dict(look.exec(select(Order.id, Order.code).where(col(Order.id).in_(orders))).all())
