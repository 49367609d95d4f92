"""The funnel counts how far shoppers come, and knows nothing of any of them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import select

from pos.brand import funnel
from pos.errors import WindowFull
from pos.models import PaymentState, StaffSession, Step, StepCount
from pos.selling import basket
from pos.selling.checkout import undo
from pos.shop import Shop
from tests.selling.conftest import boutique, tablet
from tests.selling.shelf import CHARM, TAG, Tablet, later
from tests.selling.test_checkout import answered, sold
from tests.selling.test_on_both import either

__all__ = ["boutique", "either", "tablet"]
Tablets = Callable[[], Tablet]


def counted(shop: Shop, sku: str = CHARM) -> dict[str, int]:
    funnel.write_down(shop)
    with shop.read() as look:
        return {one.step.value: one.count for one in look.exec(select(StepCount).where(StepCount.sku == sku))}


def test_nothing_in_it_is_of_a_person_a_tablet_or_a_visit(either: Shop) -> None:
    """Not one column more than what is counted, and no finer than a day."""
    assert set(StepCount.__table__.columns.keys()) == {"day", "boutique_id", "sku", "step", "count"}  # type: ignore[attr-defined]
    shopper = Tablet(either).enrol()
    shopper.hold(CHARM, engraving=("MAX",))
    shopper.prove()
    waits = str(either.tally.take())
    assert "hold" in waits
    for private in (shopper.device_id, shopper.basket_id, "MAX"):
        assert private not in waits


def test_each_step_is_counted_and_the_days_add_up(either: Shop) -> None:
    first, second = Tablet(either).enrol(), Tablet(either).enrol()
    first.hold(CHARM, engraving=("MAX",))
    first.book()
    sold(either, first.open())
    second.hold(CHARM)
    basket.wipe(either, basket_id=second.basket_id)
    basket.wipe(either, basket_id=second.basket_id)
    assert counted(either) == {"engraved": 1, "hold": 2, "drop": 1, "sale": 1}
    third = Tablet(either).enrol()
    held = third.hold(CHARM)
    basket.release(either, basket_id=third.basket_id, item_id=held.item_id)
    assert counted(either) == {"engraved": 1, "hold": 3, "drop": 2, "sale": 1}
    later(either, days=1)
    Tablet(either).enrol().hold(CHARM)
    funnel.write_down(either)
    with either.read() as look:
        days = {(one.day, one.step): one.count for one in look.exec(select(StepCount))}
    assert (days[date(2026, 11, 23), Step.HOLD], days[date(2026, 11, 24), Step.HOLD]) == (3, 1)
    told = funnel.of_capsule(either, capsule_id="nc", language="en")
    assert told.whole.counts[Step.HOLD] == 4
    assert told.whole.share(Step.DROP) == 0.5
    since = funnel.of_capsule(either, capsule_id="nc", language="en", since=date(2026, 11, 24))
    assert since.whole.counts == {Step.HOLD: 1}


def test_what_the_counter_keeps_puts_back_and_sells_is_no_shopper_s_way(either: Shop) -> None:
    counter = Tablet(either).enrol().unlock()
    counter.hold(CHARM, engraving=("MAX",))
    counter.book()
    sold(either, counter.open())
    counter.hold(CHARM)
    with either.jot() as tx:  # locked since: what is left behind now was still the counter's
        tx.exec(select(StaffSession)).one().ended_at = either.clock.now() + timedelta(minutes=1)
    later(either, minutes=5)
    basket.wipe(either, basket_id=counter.basket_id)
    assert counted(either) == {}
    alone = Tablet(either, device_id=counter.device_id)
    alone.hold(CHARM)
    alone.book()
    sold(either, alone.open())
    assert counted(either) == {"hold": 1, "sale": 1}


def test_a_number_that_is_kept_already_is_not_kept_twice(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold(CHARM)
    shopper.hold(CHARM, number=held.number, engraving=("MAX",))
    assert counted(boutique) == {"hold": 1}


def test_what_was_refused_or_taken_back_is_not_counted(boutique: Shop, tablet: Tablets) -> None:
    for _ in range(4):
        tablet().hold(TAG)
    with pytest.raises(WindowFull):
        tablet().hold(TAG)
    assert counted(boutique, TAG) == {"hold": 4}
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    undo(boutique, payment_id=answered(boutique, shopper.open(), PaymentState.CANCELLED))
    assert counted(boutique) == {"hold": 1}


def test_a_day_is_the_boutique_s_own(boutique: Shop) -> None:
    late = boutique.clock.now().replace(month=7, hour=23, minute=30)  # summer: already tomorrow in London
    boutique.tally.note(Step.VIEW, sku=CHARM, boutique_id="demo", at=late)
    funnel.write_down(boutique)
    with boutique.read() as look:
        assert look.exec(select(StepCount.day)).one() == late.date() + timedelta(days=1)


def test_what_cannot_be_written_waits(boutique: Shop) -> None:
    boutique.tally.note(Step.VIEW, sku=CHARM, boutique_id="demo", at=boutique.clock.now())
    counts = boutique.tally.take()
    boutique.tally.give_back(counts)
    assert (funnel.write_down(boutique), funnel.write_down(boutique)) == (1, 0)


def test_an_address_that_leads_nowhere_spoils_no_count(boutique: Shop) -> None:
    for sku in ("NO-SUCH-PIECE", CHARM):
        boutique.tally.note(Step.VIEW, sku=sku, boutique_id="demo", at=boutique.clock.now())
    assert counted(boutique) == {"view": 1}
