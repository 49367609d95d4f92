"""What is written happens at the moment of writing: whoever waited too long for the pen or for a lock is too late."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import func, select

from pos.db import Writing
from pos.errors import HoldLapsed, NotAllowed, WindowClosed, WindowFull
from pos.models import Piece, PreorderWindow
from pos.selling import basket, wishes
from pos.selling.views import Quote
from pos.shop import Shop
from pos.stock import pieces
from tests.selling.shelf import CHARM, TAG, Tablet, later
from tests.selling.test_on_both import either
from tests.selling.waiting import Other

__all__ = ["either"]
Tablets = Callable[[], Tablet]
Act = Callable[[Tablet, Quote], object]


def pay(shopper: Tablet, shown: Quote) -> object:
    return shopper.open(shown)


def extend(shopper: Tablet, _: Quote) -> object:
    return basket.extend(shopper.shop, basket_id=shopper.basket_id)


def swap(shopper: Tablet, shown: Quote) -> object:
    (line,) = shown.lines
    return basket.swap(shopper.shop, basket_id=shopper.basket_id, item_id=line.item_id, number=9)


LATE = pytest.mark.parametrize("act", [pay, extend, swap])


def almost_over(shopper: Tablet) -> Quote:
    """A piece is kept for another minute, and wants only paying."""
    shopper.hold(CHARM, number=12)
    shopper.book()
    later(shopper.shop, minutes=14)
    return shopper.quote()


@contextmanager
def in_line(shop: Shop, monkeypatch: pytest.MonkeyPatch, **by: float) -> Iterator[None]:
    """Whoever wants to write waits so long for the turn."""
    turn = shop.records.turn

    @contextmanager
    def long_turn() -> Iterator[None]:
        later(shop, **by)
        with turn():
            yield

    with monkeypatch.context() as for_now:
        for_now.setattr(shop.records, "turn", long_turn)
        yield


@contextmanager
def at_a_lock(shop: Shop, **by: float) -> Iterator[None]:
    """Whoever locks rows waits so long for them; on SQLite the pen is the one lock there is."""
    words = "BEGIN IMMEDIATE" if shop.records.is_sqlite else "FOR UPDATE"

    def wait(_line: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if words in statement:
            later(shop, **by)

    event.listen(shop.records.engine, "after_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(shop.records.engine, "after_cursor_execute", wait)


@LATE
def test_a_hold_that_lapses_in_the_line_of_writers_is_over(
    boutique: Shop, tablet: Tablets, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    shopper = tablet()
    shown = almost_over(shopper)
    with in_line(boutique, monkeypatch, minutes=1), pytest.raises(HoldLapsed):
        act(shopper, shown)


@LATE
def test_a_hold_that_lapses_while_one_waits_for_a_lock_is_over(either: Shop, act: Act) -> None:
    shopper = Tablet(either).enrol()
    shown = almost_over(shopper)
    with at_a_lock(either, minutes=1), pytest.raises(HoldLapsed):
        act(shopper, shown)


def test_a_window_that_shuts_while_one_waits_is_shut(either: Shop) -> None:
    shopper = Tablet(either).enrol()
    assert shopper.basket_id
    later(either, seconds=(datetime(2026, 11, 30, 23, 59, tzinfo=UTC) - either.clock.now()).total_seconds())
    with at_a_lock(either, minutes=1), pytest.raises(WindowClosed):
        shopper.hold(TAG)


def test_a_hold_begins_when_it_is_written(either: Shop) -> None:
    shopper = Tablet(either).enrol()
    assert shopper.basket_id
    asked = either.clock.now()
    with at_a_lock(either, minutes=1):
        held = shopper.hold(TAG)
    assert held.until > asked + timedelta(minutes=either.settings.hold_minutes)


def test_a_counter_that_locks_while_its_hand_waits_sells_nothing(
    boutique: Shop, tablet: Tablets, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = tablet().unlock()
    counter.hold(CHARM)
    basket.take_away(boutique, basket_id=counter.basket_id)
    quote = counter.quote()
    with in_line(boutique, monkeypatch, minutes=boutique.settings.staff_lock_minutes), pytest.raises(NotAllowed):
        counter.open(quote)


def tags_out(shop: Shop) -> int:
    """How many tags are somebody's at this moment."""
    with shop.read() as look:
        taken = select(func.count()).select_from(Piece).where(Piece.sku == TAG, ~pieces.is_free(shop.clock.now()))
        return look.exec(taken).one()


@pytest.mark.postgres
@pytest.mark.parametrize("records_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "guard", [True, pytest.param(False, marks=pytest.mark.xfail(strict=True, reason="shows that the race is real"))]
)
@pytest.mark.parametrize("act", [pay, extend])
def test_the_last_place_of_a_window_is_one_place_to_everybody(
    either: Shop, monkeypatch: pytest.MonkeyPatch, act: Act, guard: bool
) -> None:
    """One still sees the hold, and is about to write; then it ends, and another sees a free place."""
    with either.jot() as tx:
        tx.get_one(PreorderWindow, TAG).cap = 1
    one, another = Tablet(either).enrol(), Tablet(either).enrol()
    assert another.basket_id
    one.hold(TAG, number=1)
    one.book(day=date(2026, 12, 12))
    shown = one.quote()
    later(either, minutes=14, seconds=59)
    if not guard:
        monkeypatch.setattr(wishes, "lock_windows", lambda tx, **_: None)
    other, now = Other(lambda: another.hold(TAG, number=2)), Writing.now

    def seen(tx: Writing) -> datetime:
        at = now(tx)
        if other.ident is None:  # the first to ask is `one`
            later(either, seconds=2)
            other.go_as_far_as_possible(either)
        return at

    monkeypatch.setattr(Writing, "now", seen)
    act(one, shown)
    assert isinstance(other.end(), WindowFull)
    assert tags_out(either) == 1
