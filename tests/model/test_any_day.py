"""Random days: whatever people, network, clock and power do, in whatever order, the books stay true.

`make test` plays a few dozen days, always the same ones; `make days DAYS=2000` plays new ones.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from pos.clock import SetClock
from pos.models import PaymentState
from pos.payments import intents, record
from pos.payments.reduce import Verdict
from pos.sandbox.stripe import RunningStripe
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, settings_for
from tests.model.day import AnyDay
from tests.selling.shelf import stand_up

DAYS = int(os.environ.get("DAYS", "0"))


@pytest.fixture
def shelf(tmp_path: Path, empty_records: Path) -> Path:
    """Records with a small shelf, to be copied for each day."""
    shutil.copyfile(empty_records, tmp_path / "vitrine.db")
    shop = Shop(settings_for(tmp_path), clock=SetClock(MONDAY_MORNING))
    with shop.jot() as tx:
        stand_up(tx, charms=3, chains=3, tags=3, cap=3)
    with shop.records.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.close()
    return tmp_path / "vitrine.db"


def play(world: RunningStripe, shelf: Path, *, days: int, shrink: bool) -> None:
    AnyDay.stripe, AnyDay.shelf = world, shelf
    run_state_machine_as_test(
        AnyDay,
        settings=settings(
            max_examples=days,
            stateful_step_count=40,
            derandomize=not DAYS,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_day(world: RunningStripe, shelf: Path) -> None:
    play(world, shelf, days=DAYS or 25, shrink=not DAYS)


@pytest.mark.xfail(strict=True, reason="shows that such a day finds money that was never taken")
def test_a_shop_that_does_not_wait_for_stripe_is_found_out(
    world: RunningStripe, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believe(shop: Shop, *, payment_id: str) -> PaymentState:
        facts = record.facts(shop, payment_id=payment_id)
        record.move(shop, facts, Verdict(PaymentState.CAPTURED, charge_id=facts.known.charge_id))
        return PaymentState.CAPTURED

    monkeypatch.setattr(intents, "capture", believe)
    play(world, shelf, days=40, shrink=False)
