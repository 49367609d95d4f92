"""A till is killed at every boundary of a sale, and the shop opens again: money, piece, certificate and paper agree.

The kill is real: SIGKILL, to a process of its own. The restart is real: the records as they were left, a fresh shop and
its back office. Nobody helps it but the shopper, who still holds the card, and staff, who look at the paper where
nobody else can know.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from pos.models import JobState, Method, OrderState, PrintJob
from pos.paper import spool
from pos.payments import presentation
from pos.payments.recover import recover
from pos.selling import finish
from pos.shop import Shop
from tests.crash.agree import Books, agree
from tests.crash.boundaries import COMMIT, PRINT, STRIPE, Passed
from tests.crash.conftest import REPORT, Trials
from tests.crash.till import GIVE_BACK, PRINTER, WANTED
from tests.crash.trial import HALFWAY, Again, Tills, Trial
from tests.selling.shelf import Tablet, later

PREORDERS = ("preorder", "kept", "link")
SHARES = 3  # the boundaries of a whole sale, dealt to so many tests
EVERYWHERE = bool(os.environ.get("KILL_EVERYWHERE"))  # `make crash`: no road is sampled, which takes its time
Chosen = Callable[[int], bool]
Record = Callable[[str, object], None]


@dataclass
class Outcome:
    """What became of the tills of one road."""

    boundaries: list[Passed]
    killed: int = 0
    asked_staff: int = 0
    wrong: list[str] = field(default_factory=list)

    def words(self, road: str) -> str:
        kinds = Counter(one.kind for one in self.boundaries)
        told = ", ".join(f"{kinds[kind]} {kind}" for kind in (COMMIT, STRIPE, PRINT))
        return (
            f"{road}: {len(self.boundaries)} boundaries ({told}); killed at {self.killed} of them, "
            f"after {self.asked_staff} of these a person had to look at the paper"
        )


def every(n: int, *, after: int = 0) -> Chosen:
    """Each n-th boundary of a road, behind the first ones; all of them with `make crash`."""
    return lambda position: EVERYWHERE or (position > after and position % n == 0)


def kill_at(trials: Trials, tills: Tills, road: str, chosen: Chosen) -> Outcome:
    """Sell once undisturbed to count the boundaries, then kill a till at each of those that are chosen."""
    outcome = Outcome(undisturbed(trials, tills, road))
    for position, boundary in enumerate(outcome.boundaries, start=1):
        if not chosen(position):
            continue
        outcome.killed += 1
        with trials(road, die_at=position) as trial:
            try:
                outcome.asked_staff += bool(_dies_and_comes_back(trial, tills, outcome.boundaries[:position]))
            except AssertionError as trouble:
                outcome.wrong.append(f"{position} {boundary.name}: {trouble}")
    return outcome


def undisturbed(trials: Trials, tills: Tills, road: str) -> list[Passed]:
    """The boundaries of a sale that nothing happens to."""
    with trials(road) as trial:
        assert tills.send(trial.errand) == 0, trial.trouble
        assert _after_the_restart(trial, trial.log) == set()
        return trial.log


def _dies_and_comes_back(trial: Trial, tills: Tills, expected: list[Passed]) -> set[str]:
    """Which slips staff had to be asked about."""
    assert tills.send(trial.errand) == -signal.SIGKILL, trial.trouble
    assert [one.name for one in trial.log] == [one.name for one in expected], "another way than the first till's"
    if trial.pays and len(expected) % 2 and trial.waits_for_a_card():
        trial.hold_the_card_to_it()  # the shopper does not know that the till is dead
    return _after_the_restart(trial, expected)


def _after_the_restart(trial: Trial, came_to: list[Passed]) -> set[str]:
    """Open again, let everything go its way, and see that all agree; says which slips staff were asked about."""
    with trial.opened_again() as again:
        was_sending = again.sending()
        again.office.start()
        if trial.quote is not None and not again.orders():
            again.tap_pay_again()
        if trial.errand.road == HALFWAY and trial.quote is not None:
            again.give_up_again()
        if trial.second_quote is not None:  # with what is in, nobody leaves it so
            again.tap_exchange_again()
        again.carry_everything_on()
        asked = again.ask_staff()
        assert asked == was_sending, "staff are asked about the slip that was being sent, and about no other"
        if trial.quote is None:
            _nothing_was_sold(again, trial)
        else:
            _sold_once(again, trial, came_to)
        return asked


def _nothing_was_sold(again: Again, trial: Trial) -> None:
    """The shopper had not said pay: the hold ends by the clock, and the next shopper has the piece."""
    books = agree(again.shop, trial.account, trial.printer)
    assert (books.orders, books.jobs, trial.account.intents) == ([], [], [])
    later(again.shop, minutes=16)
    sku, number = WANTED[trial.errand.road]
    assert Tablet(again.shop).enrol().hold(sku, number=number).number == number


def _sold_once(again: Again, trial: Trial, came_to: list[Passed]) -> None:
    """The order is where the shopper and staff wanted it, and a second tap on the old price changes nothing."""
    before = agree(again.shop, trial.account, trial.printer)
    order = before.orders[0]
    assert len(before.orders) == 1 + (trial.second_quote is not None)
    assert order.state == _due_state(trial, came_to), f"the order is {order.state}"
    if trial.errand.road in ("refund", "release"):
        again.tap_give_back_again()
        before = agree(again.shop, trial.account, trial.printer)
        assert [one.state for one in before.orders] == [OrderState.REFUNDED]
    if trial.exchanges:
        before = _exchanged_once(again, trial)
    assert again.tap_pay_again() == order.id
    assert agree(again.shop, trial.account, trial.printer).counts() == before.counts()


def _exchanged_once(again: Again, trial: Trial) -> Books:
    """However far it had come: what came back was a credit once, and with cash it paid for the other piece once."""
    again.tap_give_back_again()
    again.tap_exchange_again()
    again.ask_staff()
    before = agree(again.shop, trial.account, trial.printer)
    assert [one.state for one in before.orders] == [OrderState.REFUNDED, OrderState.PAID]
    first, second = before.orders
    (credit,) = before.cards
    assert (credit.issued_minor, credit.balance_minor) == (first.total_minor, 0)
    by_cash = [one.amount_minor for one in before.settled(second) if one.method == Method.CASH]
    assert by_cash == [second.total_minor - first.total_minor]
    return before


def _due_state(trial: Trial, came_to: list[Passed]) -> OrderState:
    """Paid, once the shopper has said pay; of a pre-order the rest, once staff have asked for it."""
    if not trial.pays or trial.errand.road == HALFWAY:
        return OrderState.CANCELLED
    if any(one.what == "after returns.refund" for one in came_to):
        return OrderState.REFUNDED
    asked = any(one.what == "after checkout.open_balance" for one in came_to)
    return OrderState.DEPOSIT if trial.errand.road in PREORDERS and not asked else OrderState.PAID


def _report(outcome: Outcome, record_property: Record, road: str) -> None:
    record_property(REPORT, outcome.words(road))
    assert outcome.wrong == [], "\n".join(outcome.wrong)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_sale_is_killed_at_every_boundary(trials: Trials, tills: Tills, share: int, record_property: Record) -> None:
    outcome = kill_at(trials, tills, "piece", lambda position: position % SHARES == share)
    _report(outcome, record_property, f"one piece, share {share + 1} of {SHARES}")


def test_a_bundle_is_killed_on_its_way(trials: Trials, tills: Tills, record_property: Record) -> None:
    outcome = kill_at(trials, tills, "bundle", every(9))
    _report(outcome, record_property, "a bundle")


def test_a_pre_order_is_killed_between_deposit_and_balance(
    trials: Trials, tills: Tills, record_property: Record
) -> None:
    outcome = kill_at(trials, tills, "preorder", every(9))
    _report(outcome, record_property, "a pre-order with its balance")


@pytest.mark.parametrize("road", ["kept", "link"])
def test_a_balance_is_killed_while_nobody_is_at_the_reader(
    trials: Trials, tills: Tills, road: str, record_property: Record
) -> None:
    outcome = kill_at(trials, tills, road, every(9, after=_before(trials, tills, road, "ask for the balance")))
    _report(outcome, record_property, f"a balance by {road}")


@pytest.mark.postgres
@pytest.mark.parametrize(("road", "n"), [("preorder", 19), ("kept", 11)])
def test_a_balance_is_killed_on_postgres(
    trials_on_postgres: Trials, tills: Tills, road: str, n: int, record_property: Record
) -> None:
    after = _before(trials_on_postgres, tills, road, "ask for the balance")
    outcome = kill_at(trials_on_postgres, tills, road, every(n, after=after))
    _report(outcome, record_property, f"a balance by {road} on PostgreSQL")


def test_a_half_paid_sale_is_killed_while_it_is_given_up(trials: Trials, tills: Tills, record_property: Record) -> None:
    outcome = kill_at(trials, tills, HALFWAY, every(9))
    _report(outcome, record_property, "a sale paid in part and given up")


def test_a_sale_the_shopper_leaves_is_killed_on_its_way_back(
    trials: Trials, tills: Tills, record_property: Record
) -> None:
    outcome = kill_at(trials, tills, "left", every(5, after=8))
    _report(outcome, record_property, "a sale the shopper leaves")


@pytest.mark.parametrize("road", ["refund", "release"])
def test_a_refund_is_killed_on_its_way(trials: Trials, tills: Tills, road: str, record_property: Record) -> None:
    outcome = kill_at(trials, tills, road, every(2, after=_before_giving_back(trials, tills, road)))
    _report(outcome, record_property, f"a {road}")


@pytest.mark.postgres
def test_a_refund_is_killed_on_postgres(trials_on_postgres: Trials, tills: Tills, record_property: Record) -> None:
    after = _before_giving_back(trials_on_postgres, tills, "refund")
    outcome = kill_at(trials_on_postgres, tills, "refund", every(4, after=after))
    _report(outcome, record_property, "a refund on PostgreSQL")


def test_an_exchange_is_killed_on_its_way(trials: Trials, tills: Tills, record_property: Record) -> None:
    outcome = kill_at(trials, tills, "exchange", every(9, after=_before_giving_back(trials, tills, "exchange")))
    _report(outcome, record_property, "an exchange")


@pytest.mark.postgres
def test_an_exchange_is_killed_on_postgres(trials_on_postgres: Trials, tills: Tills, record_property: Record) -> None:
    after = _before_giving_back(trials_on_postgres, tills, "exchange")
    outcome = kill_at(trials_on_postgres, tills, "exchange", every(19, after=after))
    _report(outcome, record_property, "an exchange on PostgreSQL")


def _before_giving_back(trials: Trials, tills: Tills, road: str) -> int:
    """How many boundaries lie before the refund: those are other tests'."""
    return _before(trials, tills, road, GIVE_BACK)


def _before(trials: Trials, tills: Tills, road: str, begins: str) -> int:
    """How many boundaries lie before a step."""
    steps = [one.step for one in undisturbed(trials, tills, road)]
    return next(i for i, step in enumerate(steps) if step.startswith(begins))


@pytest.mark.postgres
def test_a_sale_is_killed_on_postgres(trials_on_postgres: Trials, tills: Tills, record_property: Record) -> None:
    outcome = kill_at(trials_on_postgres, tills, "piece", every(9))
    _report(outcome, record_property, "one piece on PostgreSQL")


@pytest.fixture(scope="session")
def way(trials: Trials, tills: Tills) -> Callable[[str], int]:
    """Where on the way of a sale something is, by its name."""
    with trials("piece") as trial:
        assert tills.send(trial.errand) == 0, trial.trouble
        names = [one.name for one in trial.log]
    return lambda name: names.index(name) + 1


@pytest.mark.parametrize(
    "moment",
    [
        "payment to the reader: stripe after create_intent",
        "payment to the reader: stripe after present",
        "slip 1: print in the middle of the slip",
        "slip 2: print after the last byte, before the proof",
        "slip 3: print in the middle of the slip",
    ],
)
def test_a_server_that_is_back_at_once_leaves_to_the_dead_what_may_still_be_theirs(
    trials: Trials, tills: Tills, way: Callable[[str], int], moment: str
) -> None:
    with trials("piece", die_at=way(moment)) as trial:
        assert tills.send(trial.errand) == -signal.SIGKILL
        with trial.opened_again(after=timedelta(seconds=1)) as again:
            was_sending = again.sending()
            assert recover(again.shop, carry_on=finish.carry_on).looked_at == 0
            assert spool.bury_the_dead(again.shop) == 0
            assert spool.print_next(again.shop, printer_id=PRINTER) is None
            again.office.start()
            assert again.sending() == was_sending
            again.later(seconds=20)
            again.carry_everything_on()
            assert again.ask_staff() == was_sending
            _sold_once(again, trial, trial.log)


def test_two_intents_for_one_order_would_be_seen(
    trials: Trials, tills: Tills, way: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: a shop that asks again under another key. Shows that the kill test can fail."""
    ask = presentation._ask_for_intent

    def anew(shop: Shop, journal: Any, facts: Any, **customer: Any) -> Any:
        terminal, make = shop.terminal, shop.terminal.create_intent
        monkeypatch.setattr(terminal, "create_intent", lambda *a, key, **words: make(*a, key=f"{key}:anew", **words))
        return ask(shop, journal, facts, **customer)

    monkeypatch.setattr(presentation, "_ask_for_intent", anew)
    position = way("payment to the reader: stripe after create_intent")
    with trials("piece", die_at=position) as trial:
        assert tills.send(trial.errand) == -signal.SIGKILL
        with pytest.raises(AssertionError, match="2 intents, 1 payments"):
            _after_the_restart(trial, trial.log)


def test_a_slip_sent_twice_would_be_seen(
    trials: Trials, tills: Tills, way: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: a spool that sends again what may have come out. Shows that the kill test can fail."""

    def again(shop: Shop) -> int:
        with shop.jot() as tx:
            for job in tx.exec(select(PrintJob).where(PrintJob.state == JobState.SENDING)):
                job.state = JobState.QUEUED
        return 0

    monkeypatch.setattr(spool, "bury_the_dead", again)
    position = way("slip 2: print after the last byte, before the proof")
    with trials("piece", die_at=position) as trial:
        assert tills.send(trial.errand) == -signal.SIGKILL
        with trial.opened_again() as reopened:
            reopened.office.start()
            reopened.carry_everything_on()
            reopened.ask_staff()
            with pytest.raises(AssertionError, match="the authenticity slip lies 2 times"):
                agree(reopened.shop, trial.account, trial.printer)
