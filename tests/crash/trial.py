"""One till that dies at one boundary, and the shop that opens again on what it left."""

import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from pos.backoffice import BackOffice
from pos.models import JobState, Order, Payment, PaymentState, PrintJob, Road, SavedCard, SavedCardState
from pos.paper import answers, spool
from pos.paper.pulse import DRAWER
from pos.payments import intents, record
from pos.payments.refunds import open_parts
from pos.payments.saved_cards import OVER, TOPIC
from pos.sandbox.printer import RunningPrinter
from pos.sandbox.stripe import RunningStripe
from pos.sandbox.stripe import readers as sandbox_readers
from pos.sandbox.stripe.presenting import Gesture, by_hand
from pos.settings import HOUSE
from pos.shop import Shop
from tests.crash.agree import Account, on_paper
from tests.crash.boundaries import Passed, passed
from tests.crash.till import (
    COUNTER,
    LOG,
    QUOTE,
    SECOND_QUOTE,
    TABLET,
    TROUBLE,
    Errand,
    Going,
    another_piece,
    give_back,
    give_up_half,
    pay_at_home,
    pay_exchange,
    pay_half,
    tap_pay,
)

PATIENCE = 120  # seconds for anything on a machine busy with other tests
LOOK = 0.01  # seconds between two looks
FASTER = 4  # the shop's clock than ours
BACK_AFTER = spool.LEASE + timedelta(seconds=5)  # so long the server was gone: every lease of the dead is over
HALFWAY = "halfway"
UNDECIDED = (JobState.QUEUED, JobState.BLOCKED, JobState.SENDING)


class Tills:
    """Where tills come from: a process that has imported the shop and forks for each errand."""

    def __init__(self, *, rehearsal: Errand) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.till"],
            cwd=HOUSE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.send(rehearsal) == 0

    def send(self, errand: Errand) -> int:
        """Send a till on an errand and wait for its end: 0 done, 1 trouble, minus the signal that killed it."""
        assert self._process.stdin is not None
        self._process.stdin.write(errand.to_json() + "\n")
        self._process.stdin.flush()
        return int(self._hear())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that makes tills has gone"
        return line


@dataclass
class Trial:
    """One till, its records, its reader and its printer; all of it outlives the till."""

    errand: Errand
    stripe: RunningStripe
    printer: RunningPrinter
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account(self.stripe)

    @property
    def reader_id(self) -> str:
        return str(self.errand.stand_ins["stripe"]["readers"][0]["id"])

    @property
    def log(self) -> list[Passed]:
        return passed(Path(self.errand.folder) / LOG)

    @property
    def trouble(self) -> str:
        """What the till said before it fell, if it was not killed."""
        told = Path(self.errand.folder) / TROUBLE
        return told.read_text() if told.exists() else ""

    @property
    def quote(self) -> Any:
        """The price on the screen when the till died, if it had come so far."""
        return self._kept(QUOTE)

    @property
    def second_quote(self) -> Any:
        """The price of the piece that is taken instead, in an exchange, if the till had come so far."""
        return self._kept(SECOND_QUOTE)

    def _kept(self, name: str) -> Any:
        kept = Path(self.errand.folder) / name
        return pickle.loads(kept.read_bytes()) if kept.exists() else None

    @property
    def pays(self) -> bool:
        """Whether the shopper has a card, or only wants to leave."""
        return self.errand.road != "left"

    @property
    def exchanges(self) -> bool:
        """Whether what comes back is taken as store credit, for another piece."""
        return self.errand.road == "exchange"

    @contextmanager
    def opened_again(self, *, after: timedelta = BACK_AFTER) -> Iterator["Again"]:
        """The shop after the restart, so long after the death of the till; its back office is not at work yet."""
        shop = Shop(self.errand.settings, clock=Going(self.log[-1].at + after))
        office = BackOffice(shop)
        try:
            yield Again(self, shop, office)
        finally:
            office.stop(seconds=PATIENCE)
            shop.close()

    def waits_for_a_card(self) -> bool:
        """Whether the reader shows a payment now."""
        with self.stripe.world.acting() as world:
            reader = world.shelf.get(sandbox_readers.KIND, self.reader_id, param="reader")
            return sandbox_readers.waiting(reader) is not None

    def hold_the_card_to_it(self) -> None:
        with self.stripe.world.acting() as world:
            by_hand(world, self.reader_id, Gesture())


@dataclass
class Again:
    """The shop after the restart."""

    trial: Trial
    shop: Shop
    office: BackOffice

    def sending(self) -> set[str]:
        """The slips that the dead till was sending."""
        return {job.id for job in self.slips() if job.state == JobState.SENDING}

    def carry_everything_on(self) -> None:
        """What happens without staff: the back office works, and where a card is waited for the shopper holds it."""
        self.until(self._no_payment_open, meanwhile=self._shopper)
        self.until(lambda: not open_parts(self.shop))
        self.until(self._no_payment_open)
        self.until(
            lambda: not [job for job in self.jobs() if job.state in UNDECIDED], meanwhile=self._look_at_the_printer
        )
        self.until(lambda: not self._cards_kept_for_nothing(), meanwhile=lambda: self.shop.bell.ring(TOPIC))

    def tap_pay_again(self) -> str:
        """The shopper's second tap, on the price that still stands on the screen."""
        if self.trial.errand.road == HALFWAY:
            return pay_half(self.shop, self.trial.quote)
        return tap_pay(self.shop, self.trial.quote, road=self.trial.errand.road)

    def give_up_again(self) -> None:
        """Staff have no shopper any more before a sale that is paid in part."""
        give_up_half(self.shop)

    def tap_give_back_again(self) -> None:
        """Staff's second tap: the same refund, or the first one where the till died before it was written."""
        with self.shop.read() as look:
            settled = col(Payment.receipt_no).is_not(None), col(Payment.device_id) == TABLET
            payment_id = look.exec(select(Payment.id).where(*settled)).one()
        give_back(self.shop, payment_id=payment_id, road=Road.CREDIT if self.trial.exchanges else None)
        self.carry_everything_on()
        self._all_have_fallen()

    def tap_exchange_again(self) -> None:
        """Staff go on at the counter: the same sale, or the first one where the till died before its price stood there.

        An empty screen offers them the piece, a half paid sale what is left of it.
        """
        pay_exchange(self.shop, self.trial.second_quote or another_piece(self.shop))
        self.carry_everything_on()

    def ask_staff(self) -> set[str]:
        """Somebody looks at the paper for each slip that nobody can know of, and says so; says which slips."""
        unknown = {job.id: job for job in self.slips() if job.state == JobState.UNKNOWN}
        for job in unknown.values():
            came = self._lies_there(job)
            answers.came_out(self.shop, job_id=job.id, staff_id="ada", device_id=COUNTER, yes=came)
        self.until(lambda: all(job.state == JobState.CONFIRMED for job in self.slips()))
        self._all_have_fallen()
        return set(unknown)

    def _all_have_fallen(self) -> None:
        """Paper falls in its own time."""
        printed = [job for job in self.slips() if job.state == JobState.CONFIRMED]
        self.until(lambda: all(on_paper(job, self.trial.printer) for job in printed))

    def slips(self) -> list[PrintJob]:
        """What the printer has to print: a drawer that opens is no paper, and nobody is asked about it."""
        return [job for job in self.jobs() if job.kind != DRAWER]

    def jobs(self) -> list[PrintJob]:
        with self.shop.read() as look:
            return list(look.exec(select(PrintJob).order_by(col(PrintJob.queued_at), col(PrintJob.id))))

    def orders(self) -> list[Order]:
        with self.shop.read() as look:
            return list(look.exec(select(Order)))

    def later(self, *, seconds: float) -> None:
        """Let time pass; whatever the back office does every so often, it does now."""
        self.shop.clock.move(timedelta(seconds=seconds))  # type: ignore[attr-defined]
        for topic in (
            "chore sweep",
            "chore slips",
            "payments",
            "printing",
            "refunds",
            record.topic(self.trial.reader_id),
        ):
            self.shop.bell.ring(topic)

    def until(self, so: Callable[[], bool], *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait for something, while the shop's clock goes faster than ours."""
        limit = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < limit, f"it never came: {self._story()}"
            meanwhile()
            time.sleep(LOOK)
            self.shop.clock.move(FASTER * timedelta(seconds=LOOK))  # type: ignore[attr-defined]

    def _no_payment_open(self) -> bool:
        with self.shop.read() as look:
            return look.exec(select(func.count()).where(col(Payment.finished_at).is_(None))).one() == 0

    def _shopper(self) -> None:
        """Pays or leaves once the reader asks for a card; never has to try again."""
        assert not self._payments_in(PaymentState.DECLINED), f"the shopper would have to tap again: {self._story()}"
        asked = self._payments_in(PaymentState.DISPATCHED)
        if asked and not self.trial.pays:
            intents.ask_cancel(self.shop, payment_id=asked[0], by=TABLET)
        elif asked and self._has_a_link(asked[0]):
            pay_at_home(self.shop, payment_id=asked[0])
            self.shop.bell.ring("payments")
        elif asked and self.trial.waits_for_a_card():
            self.trial.hold_the_card_to_it()
            self.shop.bell.ring(record.topic(self.trial.reader_id))  # as Stripe's webhook does

    def _has_a_link(self, payment_id: str) -> bool:
        with self.shop.read() as look:
            return look.get_one(Payment, payment_id).link_url is not None

    def _cards_kept_for_nothing(self) -> list[str]:
        kept = (SavedCardState.KEPT, SavedCardState.ASKED)
        over = select(SavedCard.id).join(Order).where(col(SavedCard.state).in_(kept), col(Order.state).in_(OVER))
        with self.shop.read() as look:
            return list(look.exec(over))

    def _look_at_the_printer(self) -> None:
        """One that was left in the middle of a picture answers nobody: whoever reads that it is silent switches it off.

        It can happen only behind a slip that somebody is asked about anyway.
        """
        if any(job.state == JobState.BLOCKED and job.cause == "silent" for job in self.slips()):
            self.trial.printer.power_cycle()
            self.shop.bell.ring("printing")

    def _payments_in(self, state: PaymentState) -> list[str]:
        with self.shop.read() as look:
            return list(look.exec(select(Payment.id).where(Payment.state == state)))

    def _lies_there(self, job: PrintJob) -> bool:
        """Look at the paper: a slip whose last byte had left comes out in the printer's own time, no other does."""
        last = self.trial.log[-1].step
        if any(one.step == last and one.what.startswith("after the last byte") for one in self.trial.log):
            self.until(lambda: on_paper(job, self.trial.printer) == 1)
        return on_paper(job, self.trial.printer) == 1

    def _story(self) -> str:
        with self.shop.read() as look:
            payments = [(one.state, one.reason) for one in look.exec(select(Payment))]
        return f"payments {payments}, slips {[(job.kind, job.state, job.cause) for job in self.jobs()]}"
