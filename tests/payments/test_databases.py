"""The guards hold on SQLite and on PostgreSQL, where several processes write at the same moment."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.clock import SetClock
from pos.models import AttemptState, PaymentState, Table
from pos.payments import intents, webhook
from pos.sandbox import stripe as stand_in
from pos.selling import finish
from pos.shop import Shop
from tests.conftest import settings_for
from tests.payments.conftest import DECLINED, Till, till_at
from tests.payments.test_webhook import events, kept, signed
from tests.selling.shelf import stand_up

THREADS = 6


@pytest.fixture
def tills(records_url: str, tmp_path: Path, world: stand_in.RunningStripe, clock: SetClock) -> Iterator[list[Till]]:
    """One till as two processes see it, on each database."""
    settings = settings_for(
        tmp_path,
        database_url=records_url,
        stripe_api_base=world.url,
        stripe_api_key=world.api_key,
        stripe_webhook_secrets=world.webhook_secret,
    )
    world.transcript.clear()
    shops = [Shop(settings, clock=clock) for _ in range(2)]
    Table.metadata.create_all(shops[0].records.engine)
    with shops[0].jot() as tx:
        stand_up(tx)
    till = till_at(shops[0], world)
    yield [till, Till(shops[1], world, till.reader_id, till.tablet)]
    world.clear_faults()
    for shop in shops:
        shop.close()


def together(act: Callable[[int], None]) -> list[BaseException]:
    """Do something from several threads at the same moment; says what was raised."""
    start, raised = threading.Barrier(THREADS), []

    def run(which: int) -> None:
        start.wait()
        try:
            act(which)
        except BaseException as trouble:
            raised.append(trouble)

    threads = [threading.Thread(target=run, args=(which,)) for which in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_everybody_carries_on_the_same_sale_and_it_is_one_sale(tills: list[Till]) -> None:
    till = tills[0]
    payment = till.sale()
    assert together(lambda which: intents.dispatch(tills[which % 2].shop, payment_id=payment) and None) == []
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert till.sends() == 1
    till.card(DECLINED)
    assert together(lambda which: finish.carry_on(tills[which % 2].shop, payment_id=payment) and None) == []
    assert together(lambda which: intents.retry(tills[which % 2].shop, payment_id=payment, by="tablet")) == []
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.card()
    assert together(lambda which: finish.carry_on(tills[which % 2].shop, payment_id=payment) and None) == []
    till.carry_on(payment)
    till.assert_sold_once(payment)
    assert [each.state for each in till.attempts(payment)] == [AttemptState.DECLINED, AttemptState.SUCCEEDED]


def test_two_orders_at_one_reader_at_the_same_moment_are_shown_one_at_a_time(tills: list[Till]) -> None:
    payments = [tills[0].sale(), tills[0].neighbour().sale()]
    send = lambda which: intents.dispatch(tills[which % 2].shop, payment_id=payments[which % 2]) and None  # noqa: E731
    assert together(send) == []
    states = sorted(tills[0].payment(payment).state for payment in payments)
    assert states == [PaymentState.DISPATCHED, PaymentState.QUEUED]
    assert tills[0].sends() == 1


def test_scenario_5_cancel_and_card_at_the_same_moment_are_a_sale_or_none(tills: list[Till]) -> None:
    till = tills[0]
    payment = till.sale()
    till.carry_on(payment)
    till.begin_card()
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")

    def act(which: int) -> None:
        if which == 0:
            till.end_card()
        finish.carry_on(tills[which % 2].shop, payment_id=payment)

    assert together(act) == []
    till.carry_on(payment)
    till.assert_sold_once(payment)


def test_one_event_by_many_doors_is_one_event(tills: list[Till]) -> None:
    till = tills[0]
    payment = till.sale()
    till.carry_on(payment)
    raw = json.dumps(events(till, payment)[0]).encode()
    signature = signed(raw, till.stripe.webhook_secret)
    assert together(lambda which: webhook.receive(tills[which % 2].shop, raw=raw, signature=signature)) == []
    assert len(kept(till.shop)) == 1
