"""A till in a process of its own that sells once, and may be killed on the way.

`python -m tests.crash.till` imports the shop once, sells once to be warm, and waits; each line it reads is an errand,
done in a fork of it, so that a killed till costs a quarter of a second. What the fork has seen is in its log; how it
ended is the answer.
"""

import contextlib
import gc
import json
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import select

from pos.backoffice import BackOffice  # noqa: F401 (a server has it in memory when it dies)
from pos.cli.stand_ins import StandIns
from pos.clock import SetClock
from pos.errors import WrongState
from pos.models import (
    Device,
    Fate,
    JobState,
    Method,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Printer,
    RefundState,
    Road,
)
from pos.paper import spool
from pos.paper.wire import Limits
from pos.payments import intents, readers, refunds, saved_cards
from pos.payments.saved_cards import Consent
from pos.selling import checkout, finish, orders, returns, settle, tenders, unwinding
from pos.selling import exchange as exchanges
from pos.selling.tenders import Tender
from pos.selling.views import GiveBack, Quote
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, settings_for
from tests.crash.boundaries import Boundaries
from tests.selling.shelf import CHARM, TAG, Tablet

PRINTER, TABLET, COUNTER = "demo-1", "tablet", "counter"
PATIENT = Limits(connect=20, answer=20, ready=60, deadline=60, drain=0.05)  # for a busy machine; never waited for
LOG, QUOTE, TROUBLE = "boundaries.log", "quote.pickle", "trouble.txt"
SECOND_QUOTE = "second_quote.pickle"  # of an exchange
NUMBER, ANOTHER = 12, 20
GIVE_BACK = "give back"  # the step of a refund
HALF_IN_CASH, HALF_BY_CARD = 5_000, 3_000  # pence: both together are less than is due
KEEP_IT = Consent("You may keep this card and charge the balance once the piece is ready.", "2026-11", "en")
VISA = "4242424242424242"


class Going(SetClock):
    """A clock that goes a millisecond whenever it is looked at: no moment comes twice, and each run sees the same."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self._one_at_a_time = threading.Lock()

    def now(self) -> datetime:
        with self._one_at_a_time:
            return self.move(timedelta(milliseconds=1))


@dataclass(frozen=True)
class Errand:
    """What a till is to do: what to sell, where the world is, and at which boundary to die (None: not at all)."""

    road: str
    folder: str
    database_url: str
    stand_ins: dict[str, Any]
    die_at: int | None = None

    @property
    def settings(self) -> Settings:
        stripe = self.stand_ins["stripe"]
        return settings_for(
            Path(self.folder),
            database_url=self.database_url,
            stripe_api_base=stripe["url"],
            stripe_api_key=stripe["api_key"],
            stripe_webhook_secrets=stripe["webhook_secret"],
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class Till:
    """One till at work: the shop's own verbs, one after the other, in one thread."""

    def __init__(self, errand: Errand) -> None:
        self.errand, self.outside = errand, StandIns(errand.stand_ins)
        self.shop = Shop(errand.settings, clock=Going(MONDAY_MORNING))
        self.tablet, self.slips = Tablet(self.shop, device_id=TABLET), 0
        log = Path(errand.folder) / LOG
        self.boundaries = Boundaries(log=log, clock=self.shop.clock, die_at=errand.die_at)

    def step(self, words: str) -> None:
        self.boundaries.step = words

    def choose(self, hold: Callable[[], object]) -> None:
        self.step("hold")
        hold()
        self.step("choose a pickup")
        self.tablet.book()

    def open(self) -> str:
        """Say pay: the price shown is kept outside of the till, as it stands on the screen."""
        quote = self.tablet.quote()
        self.keep(quote, QUOTE)
        self.step("open")
        order_id = tap_pay(self.shop, quote, road=self.errand.road)
        with self.shop.read() as look:
            return look.exec(select(Payment.id).where(Payment.order_id == order_id)).one()

    def keep(self, quote: Quote, name: str) -> None:
        """A price as it stands on a screen, which outlives the till."""
        kept = Path(self.errand.folder) / name
        kept.with_suffix(".part").write_bytes(pickle.dumps(quote))
        kept.with_suffix(".part").rename(kept)

    def to_the_reader(self, payment_id: str, *, part: str) -> None:
        self.step(f"{part} to the reader")
        assert finish.carry_on(self.shop, payment_id=payment_id) == PaymentState.DISPATCHED

    def pay(self, payment_id: str, *, part: str = "payment") -> None:
        self.to_the_reader(payment_id, part=part)
        self.outside.present_card()
        self.step(f"{part} after the card")
        assert finish.carry_on(self.shop, payment_id=payment_id) == PaymentState.CAPTURED

    def print(self) -> None:
        said: JobState | None = JobState.CONFIRMED
        while said == JobState.CONFIRMED:
            self.slips += 1
            self.step(f"slip {self.slips}")
            said = spool.print_next(self.shop, printer_id=PRINTER, limits=PATIENT)
        assert said is None, said


def piece(till: Till) -> None:
    """One numbered piece, engraved."""
    till.choose(lambda: till.tablet.hold(CHARM, number=NUMBER, engraving=("ADA",)))
    till.pay(till.open())
    till.print()


def bundle(till: Till) -> None:
    """Two pieces at one price."""
    till.choose(lambda: till.tablet.hold_pair(charm=7, chain=3))
    till.pay(till.open())
    till.print()


def preorder(till: Till) -> None:
    """A deposit now, and the balance at the counter when the piece is there."""
    till.pay(_balance_asked_for(till, by=Method.CARD), part="balance")
    till.print()


def kept(till: Till) -> None:
    """A deposit whose card may be kept, and the balance charged to it while the shopper is not there."""
    _balance_of_a_preorder(till, by=Method.SAVED_CARD)


def link(till: Till) -> None:
    """A deposit now, and the balance paid at home by a link."""
    _balance_of_a_preorder(till, by=Method.LINK)


def _balance_asked_for(till: Till, *, by: Method) -> str:
    """A deposit, and weeks later its balance asked for; says that payment's id."""
    till.choose(lambda: till.tablet.hold(TAG, number=3))
    payment_id = till.open()
    till.pay(payment_id, part="deposit")
    till.print()
    till.shop.clock.move(timedelta(days=20))  # type: ignore[attr-defined]
    till.step("ask for the balance")
    return ask_balance(till.shop, payment_id=payment_id, by=by)


def _balance_of_a_preorder(till: Till, *, by: Method) -> None:
    balance_id = _balance_asked_for(till, by=by)
    till.step("balance")
    if by == Method.LINK:
        assert finish.carry_on(till.shop, payment_id=balance_id) == PaymentState.DISPATCHED
        pay_at_home(till.shop, payment_id=balance_id)
        till.step("balance paid at home")
    assert finish.carry_on(till.shop, payment_id=balance_id) == PaymentState.CAPTURED
    till.print()
    till.step("what is done with the card")
    saved_cards.look_after(till.shop)


def halfway(till: Till) -> None:
    """Staff take cash and a card for a part of what is due; then the shopper goes, and both go back."""
    till.step("hold")
    staff = Tablet(till.shop, device_id=COUNTER).unlock()
    staff.hold(CHARM, number=NUMBER)
    staff.book()
    quote = staff.quote()
    till.keep(quote, QUOTE)
    till.step("take cash, ask for a card")
    order_id = pay_half(till.shop, quote)
    with till.shop.read() as look:
        by_card = look.exec(select(Payment.id).where(Payment.order_id == order_id, Payment.method == Method.CARD)).one()
    till.to_the_reader(by_card, part="a share")
    till.outside.present_card()
    till.step("the share is held")
    assert finish.carry_on(till.shop, payment_id=by_card) == PaymentState.AUTHORISED
    till.step(GIVE_BACK)
    give_up_half(till.shop)
    till.step("release")
    assert finish.carry_on(till.shop, payment_id=by_card) == PaymentState.CANCELLED
    for payment_id in intents.open_payments(till.shop):
        finish.carry_on(till.shop, payment_id=payment_id)
    till.print()


def left(till: Till) -> None:
    """The shopper stands before the reader and presses cancel on the tablet."""
    till.choose(lambda: till.tablet.hold(CHARM, number=NUMBER))
    payment_id = till.open()
    till.to_the_reader(payment_id, part="payment")
    till.step("cancel")
    intents.ask_cancel(till.shop, payment_id=payment_id, by=TABLET)
    assert finish.carry_on(till.shop, payment_id=payment_id) == PaymentState.CANCELLED


def refund(till: Till) -> None:
    """A piece is sold, and comes back."""
    till.choose(lambda: till.tablet.hold(CHARM, number=NUMBER))
    payment_id = till.open()
    till.pay(payment_id)
    till.print()
    bring_back(till, payment_id)


def release(till: Till) -> None:
    """A piece comes back before its money is taken: the hold is released."""
    till.choose(lambda: till.tablet.hold(CHARM, number=NUMBER))
    payment_id = till.open()
    till.to_the_reader(payment_id, part="payment")
    till.outside.present_card()
    till.step("settle")
    assert intents.find_out(till.shop, payment_id=payment_id) == PaymentState.AUTHORISED
    settle.settle(till.shop, payment_id=payment_id)
    till.print()
    bring_back(till, payment_id)
    assert finish.carry_on(till.shop, payment_id=payment_id) == PaymentState.CANCELLED


def exchange(till: Till) -> None:
    """A piece is sold and comes back as store credit, which pays for a dearer one; the rest is cash."""
    till.choose(lambda: till.tablet.hold(CHARM, number=NUMBER))
    payment_id = till.open()
    till.pay(payment_id)
    till.print()
    till.step(GIVE_BACK)
    give_back(till.shop, payment_id=payment_id, road=Road.CREDIT)
    till.print()
    till.step("choose another piece")
    quote = another_piece(till.shop)
    till.keep(quote, SECOND_QUOTE)
    till.step("take credit and cash")
    order_id = pay_exchange(till.shop, quote)
    till.step("settle the exchange")
    with till.shop.read() as look:
        payments = list(look.exec(select(Payment.id).where(Payment.order_id == order_id)))
    for one in payments:
        assert finish.carry_on(till.shop, payment_id=one) == PaymentState.CAPTURED
    till.print()


def bring_back(till: Till, payment_id: str) -> None:
    till.step(GIVE_BACK)
    give_back(till.shop, payment_id=payment_id)
    till.step(f"{GIVE_BACK} at Stripe")
    for part_id in refunds.open_parts(till.shop):
        assert refunds.carry_on(till.shop, part_id=part_id) == RefundState.REFUNDED


ROADS: dict[str, Callable[[Till], None]] = {
    "piece": piece,
    "bundle": bundle,
    "preorder": preorder,
    "kept": kept,
    "link": link,
    "halfway": halfway,
    "left": left,
    "refund": refund,
    "release": release,
    "exchange": exchange,
}
WANTED = {road: (CHARM, NUMBER) for road in ROADS} | {
    "bundle": (CHARM, 7),
    "preorder": (TAG, 3),
    "kept": (TAG, 3),
    "link": (TAG, 3),
}


def equip(shop: Shop, outside: StandIns) -> None:
    """A boutique with one reader, one printer, a tablet for shoppers and one for staff."""
    readers.register(shop, reader_id=outside.reader_id, boutique_id="demo", label="Counter")
    Tablet(shop, device_id=TABLET).enrol()
    Tablet(shop, device_id=COUNTER).enrol().unlock()
    with shop.jot() as tx:
        printer = tx.get_one(Printer, PRINTER)
        printer.host, printer.port = outside.printer["host"], outside.printer["port"]
        for device_id in (TABLET, COUNTER):
            tx.get_one(Device, device_id).reader_id = outside.reader_id


def tap_pay(shop: Shop, quote: Quote, *, road: str) -> str:
    """The shopper's tap on the price that stands on the screen; where the card is kept, with consent."""
    keep = KEEP_IT if road == "kept" else None
    return checkout.open(shop, quote=quote, device_id=TABLET, terms_version="2026-11", keep_card=keep)


def ask_balance(shop: Shop, *, payment_id: str, by: Method = Method.CARD) -> str:
    """Staff ask for what is still due of the order that this deposit belongs to; says the new payment's id."""
    with shop.read() as look:
        order_id = look.get_one(Payment, payment_id).order_id
    staff = Tablet(shop, device_id=COUNTER).unlock()
    staff.say_ready(order_id)
    return checkout.open_balance(shop, order_id=order_id, device_id=COUNTER, staff_id=staff.staff_id or "", by=by)


def pay_at_home(shop: Shop, *, payment_id: str) -> None:
    """The shopper opens the link and types a card in, once however often the page is sent."""
    with shop.read() as look:
        url = look.get_one(Payment, payment_id).link_url or ""
    httpx.post(url, data={"card": VISA})
    assert "This link is complete" in httpx.get(url).text


def pay_half(shop: Shop, quote: Quote) -> str:
    """Cash is laid down for a part of the price and a card asked for at the reader for another; says the order."""
    staff = Tablet(shop, device_id=COUNTER).unlock()
    by = {"staff_id": staff.staff_id or "", "device_id": COUNTER}
    first = Tender(Method.CASH, HALF_IN_CASH)
    order_id = checkout.open(shop, quote=quote, terms_version="2026-11", first=first, **by)
    if orders.view(shop, order_id=order_id).state == OrderState.OPEN:
        tenders.add(shop, order_id=order_id, tender=Tender(Method.CARD, HALF_BY_CARD), key="by card", **by)
    return order_id


def give_up_half(shop: Shop) -> None:
    """Staff give the sale up, and hand the cash back; twice is once."""
    staff = Tablet(shop, device_id=COUNTER).unlock()
    by = {"staff_id": staff.staff_id or "", "device_id": COUNTER}
    with shop.read() as look:
        order = look.exec(select(Order)).one()
        cash = list(look.exec(select(Payment.id).where(Payment.method == Method.CASH)))
    with contextlib.suppress(WrongState):  # the back office was first: all of it was back already
        if order.state == OrderState.OPEN:
            unwinding.give_up(shop, order_id=order.id, **by)
    for payment_id in cash:
        unwinding.cash_returned(shop, payment_id=payment_id, **by)


def another_piece(shop: Shop) -> Quote:
    """Staff keep a dearer piece at the counter, once however often they tap; says its price."""
    staff = Tablet(shop, device_id=COUNTER).unlock()
    staff.hold(CHARM, number=ANOTHER, extras=("assay",), tap="another piece")
    staff.book()
    return staff.quote()


def pay_exchange(shop: Shop, quote: Quote) -> str:
    """The credit that is offered at the counter pays first, cash the rest, as its screen shows them; says the order."""
    staff = Tablet(shop, device_id=COUNTER).unlock()
    by = {"staff_id": staff.staff_id or "", "device_id": COUNTER}
    given = exchanges.credits(shop, device_id=COUNTER)
    first = tenders.of_card(given[0], wanted_minor=quote.due_now_minor) if given else None
    order_id = checkout.open(shop, quote=quote, terms_version="2026-11", first=first, **by)
    seen = orders.view(shop, order_id=order_id)
    if seen.state == OrderState.OPEN and seen.remaining_minor:
        rest = Tender(Method.CASH, seen.remaining_minor)
        tenders.add(shop, order_id=order_id, tender=rest, key="the rest", **by)
    return order_id


def give_back(shop: Shop, *, payment_id: str, road: Road | None = None) -> None:
    """Staff give all of the order back, with one key however often they tap."""
    with shop.read() as look:
        order_id = look.get_one(Payment, payment_id).order_id
    staff = Tablet(shop, device_id=COUNTER).unlock()
    lines = [
        GiveBack(line.line_id, line.gross_minor, Fate.STOCK) for line in returns.view(shop, order_id=order_id).lines
    ]
    words = {"reason": "too small", "device_id": COUNTER, "staff_id": staff.staff_id or ""}
    returns.refund(shop, order_id=order_id, key=f"back {order_id}", lines=lines, road=road, **words)


def run(errand: Errand, *, rehearsal: bool = False) -> int:
    """Do an errand in this process; says its exit code. A rehearsal sells the same, with no boundary to die at."""
    try:
        till = Till(errand)
        equip(till.shop, till.outside)
        if not rehearsal:
            till.boundaries.watch()
        ROADS[errand.road](till)
        till.shop.close()
    except BaseException:
        (Path(errand.folder) / TROUBLE).write_text(traceback.format_exc())
        return 1
    return 0


def main() -> None:
    """Rehearse the first errand, then do errands as they come, each in a fork; say how each ended.

    That is its exit code, or minus the signal that killed it.
    """
    errands = (Errand(**json.loads(line)) for line in sys.stdin)
    print(run(next(errands), rehearsal=True), flush=True)
    gc.collect()  # no line to the rehearsal's Stripe or records is left open
    for errand in errands:
        assert threading.active_count() == 1, "a fork takes only the thread that forks"
        pid = os.fork()
        if pid == 0:
            os._exit(run(errand))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
