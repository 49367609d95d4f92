"""Every night once, by one of however many processes; a night that was missed is caught up."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pos.books import nightly as nights
from pos.books import standing
from pos.books.nightly import UNDER_WAY, nightly, tonight
from pos.books.reconcile import reconcile
from pos.clock import SetClock
from pos.models import PaymentState, Reconciliation, Table, put
from pos.sandbox import stripe as stand_in
from pos.shop import Shop
from tests.books.conftest import MONDAY, Books
from tests.conftest import MONDAY_MORNING, settings_for
from tests.payments.conftest import till_at
from tests.selling.shelf import later, stand_up

PROCESSES = 4


def at(books: Books, *, day: int, hour: int = 3, minute: int = 30) -> None:
    """It is so many days after Monday, at this time of a winter's day in London."""
    moment = datetime(2026, 11, 23, hour, minute, tzinfo=UTC) + timedelta(days=day)
    books.shop.clock.move(moment - books.shop.clock.now())  # type: ignore[attr-defined]


def test_the_night_after_a_sale_compares_the_three_days_before_once(books: Books) -> None:
    books.sold()
    assert nightly(books.shop) is None  # nothing had been sold when this night came
    at(books, day=1, minute=29)
    assert nightly(books.shop) is None
    at(books, day=1)
    report = nightly(books.shop)
    assert report is not None
    assert (report.starts_at, report.ends_at) == (
        datetime(2026, 11, 21, tzinfo=UTC),
        datetime(2026, 11, 24, tzinfo=UTC),
    )
    assert (report.compared, report.differences) == (1, ())
    assert nightly(books.shop) is None
    at(books, day=2)
    assert nightly(books.shop) is not None
    assert [run.id for run in books.runs()] == ["night-2026-11-24", "night-2026-11-25"]


def test_the_night_has_its_hour_in_the_houses_zone(books: Books) -> None:
    books.shop.clock.move(datetime(2026, 7, 1, 2, 30, tzinfo=UTC) - books.shop.clock.now())  # type: ignore[attr-defined]
    assert tonight(books.shop) == date(2026, 7, 1)  # 03:30 in London's summer
    later(books.shop, seconds=-1)
    assert tonight(books.shop) == date(2026, 6, 30)


def test_a_shop_that_was_shut_for_a_week_catches_its_nights_up_at_the_start(books: Books) -> None:
    books.sold()
    at(books, day=1)
    nightly(books.shop)
    refund = books.refund_at_stripe(books.sold(), amount=5000)
    at(books, day=8, hour=9)
    report = nightly(books.shop)
    assert report is not None
    assert report.starts_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert report.ends_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert refund not in [one.subject for one in report.differences]  # Stripe's clock stood still: it is of Monday
    assert nightly(books.shop) is None


def test_a_night_in_which_stripe_cannot_be_asked_is_tried_again_after_half_an_hour(books: Books) -> None:
    books.sold()
    at(books, day=1)
    books.till.stripe.fault("rate_limit", on="GET /v1/charges", times=None)
    assert nightly(books.shop) is None
    assert [run.trouble for run in books.runs()] == ["rate_limit"]
    books.till.stripe.clear_faults()
    assert nightly(books.shop) is None
    later(books.shop, minutes=30)
    assert nightly(books.shop) is not None
    assert [run.trouble for run in books.runs()] == [None]


def test_a_night_whose_process_was_killed_is_taken_over(books: Books) -> None:
    books.sold()
    at(books, day=1)
    with books.shop.jot() as tx:
        now = tx.now()
        put(tx, Reconciliation(id="night-2026-11-24", starts_at=now, ends_at=now, ran_at=now, trouble=UNDER_WAY))
    assert nightly(books.shop) is None
    later(books.shop, minutes=30)
    assert nightly(books.shop) is not None


@pytest.fixture
def houses(records_url: str, tmp_path: Path, world: stand_in.RunningStripe) -> Iterator[tuple[Books, list[Shop]]]:
    """One house as several processes see it, on each database, a night after its first sale."""
    settings = settings_for(tmp_path, database_url=records_url, stripe_api_base=world.url, stripe_api_key=world.api_key)
    clock = SetClock(MONDAY_MORNING)
    shops = [Shop(settings, clock=clock) for _ in range(PROCESSES)]
    Table.metadata.create_all(shops[0].records.engine)
    with shops[0].jot() as tx:
        stand_up(tx)
    books = Books(till_at(shops[0], world))
    refund = books.refund_at_stripe(books.sold(), amount=5000)
    books.forget(books.sold())
    assert refund
    at(books, day=1)
    yield books, shops
    for shop in shops:
        shop.close()


def together(shops: list[Shop]) -> list[object]:
    """Every process looks at the same moment; says what each has done."""
    start, done = threading.Barrier(len(shops)), []

    def look(shop: Shop) -> None:
        start.wait()
        done.append(nightly(shop))

    threads = [threading.Thread(target=look, args=(shop,)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.parametrize(
    "claimed", [True, pytest.param(False, marks=pytest.mark.xfail(strict=True, reason="shows that the race is real"))]
)
def test_of_several_processes_one_compares(
    houses: tuple[Books, list[Shop]], monkeypatch: pytest.MonkeyPatch, claimed: bool
) -> None:
    books, shops = houses
    if not claimed:
        monkeypatch.setattr(nights, "_claim", lambda *_, **__: True)
    done = together(shops)
    assert [run.id for run in books.runs()] == ["night-2026-11-24"]
    assert standing.count(books.shop) == 2
    assert len([report for report in done if report is not None]) == 1


def test_two_who_compare_at_the_same_moment_keep_each_difference_once(houses: tuple[Books, list[Shop]]) -> None:
    books, shops = houses
    start = threading.Barrier(len(shops))
    trouble: list[BaseException] = []

    def look(shop: Shop) -> None:
        start.wait()
        try:
            reconcile(shop, first=MONDAY, last=MONDAY)
        except BaseException as raised:
            trouble.append(raised)

    threads = [threading.Thread(target=look, args=(shop,)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert len(books.rows()) == 2
    assert len(books.runs()) == PROCESSES


# --- what screens see -------------------------------------------------------------------------------------------------


def test_what_stands_is_seen_in_its_boutique_with_its_order(books: Books) -> None:
    payment = books.sold()
    refund = books.refund_at_stripe(payment, amount=5000)
    books.compare()
    (one,) = standing.standing(books.shop, boutique_id="demo")
    assert (one.subject, one.order_code, one.amount_minor) == (refund, books.till.order(payment).code, 5000)
    assert standing.standing(books.shop, boutique_id="elsewhere") == ()
    assert (standing.count(books.shop), standing.count(books.shop, boutique_id="elsewhere")) == (1, 0)


def test_a_comparison_that_is_a_day_and_a_half_old_is_said_to_be_old(books: Books) -> None:
    assert standing.compared(books.shop) == standing.Compared(None, stale=False)
    books.sold()
    later(books.shop, hours=37)
    assert standing.compared(books.shop) == standing.Compared(None, stale=True)
    nightly(books.shop)
    ran = books.shop.clock.now()
    later(books.shop, hours=36)
    assert standing.compared(books.shop) == standing.Compared(ran, stale=False)
    later(books.shop, seconds=1)
    assert standing.compared(books.shop).stale
    reconcile(books.shop, first=MONDAY - timedelta(days=9), last=MONDAY - timedelta(days=8))
    assert standing.compared(books.shop).at == ran  # whoever compared days of long ago has not compared these


def test_money_that_is_only_asked_for_needs_no_comparison(books: Books) -> None:
    payment = books.till.sale()
    assert books.till.payment(payment).state == PaymentState.QUEUED
    assert not standing.compared(books.shop).stale
