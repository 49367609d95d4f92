"""Giving money back: to the penny, never twice, and the piece goes where somebody said."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from pos.books import audit
from pos.clock import SetClock
from pos.errors import (
    CannotGiveBack,
    GiftCardEmpty,
    ManagerNeeded,
    NotAllowed,
    RefundTooMuch,
    Unknown,
    WrongPin,
    WrongState,
)
from pos.models import (
    Certificate,
    CertificateState,
    Fate,
    GiftCard,
    GiftCardKind,
    GiftMovement,
    Method,
    Order,
    OrderLine,
    OrderState,
    Part,
    Payment,
    PaymentState,
    PickupSlot,
    PickupState,
    Piece,
    PieceState,
    PrintJob,
    Refund,
    RefundLine,
    RefundPart,
    RefundState,
    Road,
    Role,
    Staff,
    Table,
)
from pos.payments import gift_cards
from pos.selling import checkout, gift_desk, orders, pickup, returns
from pos.selling.views import GiveBack, ReturnView
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, QUICK
from tests.selling.shelf import CHAIN, CHARM, TAG, Tablet, later, stand_up
from tests.selling.test_checkout import answered, sold

PIN = "135790"


@pytest.fixture
def shop(settings: Settings, records_url: str) -> Iterator[Shop]:
    """A shop with the small shelf, on each kind of database."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx)
        tx.add(Staff(id="mia", boutique_id="demo", name="Mia", role=Role.MANAGER, pin_hash=QUICK.hash(PIN)))
    yield opened
    with opened.read() as look:
        assert audit.broken_at(look) is None
        for order in look.exec(select(Order)):
            _adds_up(look, order)
    opened.close()


def _adds_up(look: Any, order: Order) -> None:
    """What is given back is the same by order, lines, payments, refunds and parts."""
    lines = look.exec(select(OrderLine).where(OrderLine.order_id == order.id)).all()
    payments = look.exec(select(Payment).where(Payment.order_id == order.id)).all()
    made = look.exec(select(Refund).where(Refund.order_id == order.id)).all()
    first = [
        part
        for one in made
        for part in look.exec(
            select(RefundPart).where(RefundPart.refund_id == one.id, col(RefundPart.replaces).is_(None))
        )
    ]
    sums = (lines, payments)
    assert {sum(one.refunded_minor for one in rows) for rows in sums} == {order.refunded_minor}
    assert sum(one.gross_minor for one in made) == sum(part.amount_minor for part in first) == order.refunded_minor
    assert sum(one.vat_minor for one in made) == sum(line.vat_refunded_minor for line in lines)


@pytest.fixture
def counter(shop: Shop) -> Tablet:
    return Tablet(shop).enrol().unlock()


def bought(shop: Shop, *, engraving: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> str:
    """A charm, sold and paid."""
    tablet = Tablet(shop).enrol()
    tablet.hold(CHARM, number=12, engraving=engraving, extras=extras)
    tablet.book()
    order_id = tablet.open()
    sold(shop, order_id)
    return order_id


def pair(shop: Shop) -> str:
    """A bundle: charm 7 and chain 3, with its saving."""
    tablet = Tablet(shop).enrol()
    tablet.hold_pair(charm=7, chain=3)
    tablet.book()
    order_id = tablet.open()
    sold(shop, order_id)
    return order_id


def deposit(shop: Shop) -> str:
    """A pre-order with its deposit paid."""
    tablet = Tablet(shop).enrol()
    tablet.hold(TAG, number=3)
    tablet.book()
    order_id = tablet.open()
    sold(shop, order_id)
    return order_id


def seen(shop: Shop, order_id: str) -> ReturnView:
    return returns.view(shop, order_id=order_id)


def all_of(shop: Shop, order_id: str, fate: Fate = Fate.STOCK) -> list[GiveBack]:
    lines = seen(shop, order_id).lines
    return [
        GiveBack(line.line_id, line.refundable_minor, fate if line.is_piece else Fate.NONE)
        for line in lines
        if line.refundable_minor
    ]


def give(counter: Tablet, order_id: str, lines: list[GiveBack], *, key: str = "tap", **words: Any) -> str:
    given: dict[str, Any] = {"staff_id": counter.staff_id, "reason": "too small", **words}
    return returns.refund(counter.shop, order_id=order_id, key=key, lines=lines, device_id=counter.device_id, **given)


def piece(shop: Shop, sku: str, number: int) -> Piece:
    with shop.read() as look:
        return look.exec(select(Piece).where(Piece.sku == sku, Piece.number == number)).one()


def rows(shop: Shop, kind: type[Any]) -> list[Any]:
    with shop.read() as look:
        return list(look.exec(select(kind)))


def test_a_whole_order_comes_back(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    give(counter, order_id, all_of(shop, order_id))
    view = seen(shop, order_id)
    assert (view.state, view.refunded_minor, view.refusal) == (OrderState.REFUNDED, 14000, "refunded")
    (made,) = view.refunds
    assert (made.number, made.by, made.reason, made.vat_minor) == ("DEMO-R000001", "Ada", "too small", 2333)
    back = piece(shop, CHARM, 12)
    assert (back.state, back.order_id, back.sold_at) == (PieceState.FREE, None, None)
    assert [one.state for one in rows(shop, Certificate)] == [CertificateState.RETURNED]
    booked = orders.view(shop, order_id=order_id).pickup
    assert booked is not None
    assert booked.state == PickupState.CANCELLED
    assert [slot.booked for slot in rows(shop, PickupSlot)] == [0]
    with pytest.raises(WrongState):
        pickup.hand_over(shop, code=booked.code, staff_id="ada", device_id=counter.device_id)


def test_the_number_of_a_piece_that_came_back_is_sold_again(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    give(counter, order_id, all_of(shop, order_id))
    assert Tablet(shop).enrol().hold(CHARM, number=12).number == 12


def test_one_line_of_several_comes_back_and_the_pickup_stays(shop: Shop, counter: Tablet) -> None:
    order_id = pair(shop)
    charm = next(line for line in seen(shop, order_id).lines if line.sku == CHARM)
    give(counter, order_id, [GiveBack(charm.line_id, charm.refundable_minor, Fate.STOCK)])
    view = seen(shop, order_id)
    assert (view.state, view.refusal) == (OrderState.PAID, None)
    assert {line.sku: line.is_piece for line in view.lines} == {CHARM: False, CHAIN: True}
    assert (piece(shop, CHARM, 7).state, piece(shop, CHAIN, 3).state) == (PieceState.FREE, PieceState.SOLD)
    booked = orders.view(shop, order_id=order_id).pickup
    assert booked is not None
    assert pickup.hand_over(shop, code=booked.code, staff_id="ada", device_id=counter.device_id).handed_over_at
    give(counter, order_id, all_of(shop, order_id), key="the other")
    assert seen(shop, order_id).state == OrderState.REFUNDED
    assert [one.number for one in seen(shop, order_id).refunds] == ["DEMO-R000001", "DEMO-R000002"]
    after = orders.view(shop, order_id=order_id).pickup
    assert after is not None
    assert after.state == PickupState.HANDED_OVER


@pytest.mark.parametrize("steps", [(1, 1, 13998), (3333, 3333, 7334), (13999, 1)])
def test_the_vat_that_goes_back_is_the_vat_that_was_charged(
    shop: Shop, counter: Tablet, steps: tuple[int, ...]
) -> None:
    order_id = bought(shop)
    line = seen(shop, order_id).lines[0]
    for n, amount in enumerate(steps):
        fate = Fate.STOCK if n == len(steps) - 1 else Fate.KEPT
        give(counter, order_id, [GiveBack(line.line_id, amount, fate)], key=f"tap {n}")
    assert sum(one.vat_minor for one in rows(shop, Refund)) == 2333
    assert all(
        row["gross_minor"] == row["net_minor"] + row["vat_minor"] for one in rows(shop, Refund) for row in one.vat_rows
    )


def test_something_off_the_price_leaves_the_piece_where_it_is(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    line = seen(shop, order_id).lines[0]
    give(counter, order_id, [GiveBack(line.line_id, 2000, Fate.KEPT)])
    assert (seen(shop, order_id).state, piece(shop, CHARM, 12).state) == (OrderState.PAID, PieceState.SOLD)
    assert [one.state for one in rows(shop, Certificate)] == [CertificateState.VALID]


def test_an_engraved_piece_is_looked_at_first(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop, engraving=("ADA",))
    line = seen(shop, order_id).lines[0]
    assert (line.engraved, line.is_piece, line.can_go_to_stock) == (True, True, False)
    with pytest.raises(CannotGiveBack) as refused:
        give(counter, order_id, all_of(shop, order_id))
    assert refused.value.reason == "engraved"
    assert seen(shop, order_id).refunded_minor == 0, "nothing of it is written"
    give(counter, order_id, all_of(shop, order_id, Fate.INSPECTION))
    assert piece(shop, CHARM, 12).state == PieceState.INSPECTION
    with pytest.raises(Exception, match="number=12"):
        Tablet(shop).enrol().hold(CHARM, number=12)


def test_a_service_has_no_piece_that_could_come_back(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop, extras=("assay",))
    service = next(line for line in seen(shop, order_id).lines if not line.is_piece)
    with pytest.raises(CannotGiveBack) as refused:
        give(counter, order_id, [GiveBack(service.line_id, 4500, Fate.STOCK)])
    assert refused.value.reason == "no_piece"
    give(counter, order_id, [GiveBack(service.line_id, 4500, Fate.NONE)])
    assert piece(shop, CHARM, 12).state == PieceState.SOLD


def test_a_piece_comes_back_once(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    line = seen(shop, order_id).lines[0].line_id
    give(counter, order_id, [GiveBack(line, 7000, Fate.STOCK)])
    with pytest.raises(CannotGiveBack) as refused:
        give(counter, order_id, [GiveBack(line, 7000, Fate.STOCK)], key="again")
    assert refused.value.reason == "not_its_piece"


def test_of_a_deposit_all_goes_back_or_nothing(shop: Shop, counter: Tablet) -> None:
    order_id = deposit(shop)
    view = seen(shop, order_id)
    assert (view.whole_only, view.refusal, view.lines[0].refundable_minor) == (True, None, 43500)
    for lines in ([GiveBack(view.lines[0].line_id, 43499, Fate.NONE)], all_of(shop, order_id, Fate.KEPT)):
        with pytest.raises(CannotGiveBack):
            give(counter, order_id, lines)
    give(counter, order_id, all_of(shop, order_id))
    after = seen(shop, order_id)
    assert (after.state, after.refunded_minor, after.lines[0].refundable_minor) == (OrderState.REFUNDED, 43500, 0)
    assert piece(shop, TAG, 3).state == PieceState.FREE
    assert [one.vat_minor for one in rows(shop, Refund)] == [7250]


def test_nothing_goes_back_while_the_balance_is_being_paid(shop: Shop, counter: Tablet) -> None:
    order_id = deposit(shop)
    lines = all_of(shop, order_id)
    counter.say_ready(order_id)
    checkout.open_balance(shop, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    assert seen(shop, order_id).refusal == "balance_being_paid"
    for state in (PaymentState.DISPATCHED, PaymentState.AUTHORISED):
        answered(shop, order_id, state)
        with pytest.raises(CannotGiveBack) as refused:
            give(counter, order_id, lines)
        assert refused.value.reason == "balance_being_paid"


def test_an_order_paid_in_two_parts_goes_back_to_both_in_proportion(shop: Shop, counter: Tablet) -> None:
    order_id = deposit(shop)
    counter.say_ready(order_id)
    checkout.open_balance(shop, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    sold(shop, order_id)
    line = seen(shop, order_id).lines[0].line_id
    give(counter, order_id, [GiveBack(line, 10001, Fate.KEPT)])
    assert [part.amount_minor for part in seen(shop, order_id).refunds[0].parts] == [3000, 7001]
    give(counter, order_id, [GiveBack(line, 145000 - 10001, Fate.STOCK)], key="the rest")
    assert {one.refunded_minor for one in seen(shop, order_id).payments} == {43500, 101500}
    assert sum(one.vat_minor for one in rows(shop, Refund)) == sum(one.vat_minor for one in rows(shop, OrderLine))


def test_a_piece_that_is_kept_is_handed_over_before_all_its_money_goes_back(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    with pytest.raises(CannotGiveBack) as refused:
        give(counter, order_id, all_of(shop, order_id, Fate.KEPT))
    assert refused.value.reason == "hand_over_first"
    booked = orders.view(shop, order_id=order_id).pickup
    assert booked is not None
    pickup.hand_over(shop, code=booked.code, staff_id="ada", device_id=counter.device_id)
    give(counter, order_id, all_of(shop, order_id, Fate.KEPT))
    assert seen(shop, order_id).state == OrderState.REFUNDED
    assert piece(shop, CHARM, 12).state == PieceState.SOLD


def test_an_order_nobody_paid_has_nothing_to_give_back(shop: Shop, counter: Tablet) -> None:
    tablet = Tablet(shop).enrol()
    tablet.hold(CHARM)
    tablet.book()
    order_id = tablet.open()
    assert seen(shop, order_id).refusal == "not_paid"
    with pytest.raises(CannotGiveBack):
        give(counter, order_id, [GiveBack(seen(shop, order_id).lines[0].line_id, 14000, Fate.STOCK)])


def test_only_whoever_is_unlocked_gives_back(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    with pytest.raises(NotAllowed):
        give(Tablet(shop).enrol(), order_id, all_of(shop, order_id), staff_id="ada")


def test_lines_of_another_order_are_not_known(shop: Shop, counter: Tablet) -> None:
    order_id, other = bought(shop), pair(shop)
    with pytest.raises(Unknown):
        give(counter, order_id, all_of(shop, other))
    give(counter, order_id, all_of(shop, order_id))
    with pytest.raises(WrongState):
        give(counter, other, all_of(shop, other))  # the same tap cannot be for two orders


def test_cash_above_the_limit_needs_a_manager_counted_over_the_order(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    line = seen(shop, order_id).lines[0].line_id
    by_cash = {"road": Road.CASH}
    give(counter, order_id, [GiveBack(line, 6000, Fate.KEPT)], key="within", **by_cash)
    more = [GiveBack(line, 4001, Fate.KEPT)]
    with pytest.raises(ManagerNeeded) as refused:
        give(counter, order_id, more, key="over", **by_cash)
    assert refused.value.limit == 10000
    with pytest.raises(ManagerNeeded):
        give(counter, order_id, more, key="over", manager_id="mia", **by_cash)  # a name is no PIN
    with pytest.raises(WrongPin):
        give(counter, order_id, more, key="over", manager_id="mia", manager_pin="000000", **by_cash)
    later(shop, minutes=1)  # a wrong PIN waits
    give(counter, order_id, more, key="over", manager_id="mia", manager_pin=PIN, **by_cash)
    assert {(one.gross_minor, one.manager_id) for one in rows(shop, Refund)} == {(6000, None), (4001, "mia")}
    assert {(part.road, part.state) for part in rows(shop, RefundPart)} == {(Road.CASH, RefundState.REFUNDED)}


def test_staff_who_vouch_for_each_other_are_no_manager(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    with shop.jot() as tx:
        tx.exec(update(Staff).where(col(Staff.id) == "mia").values(role=Role.STAFF))
    with pytest.raises(ManagerNeeded):
        give(counter, order_id, all_of(shop, order_id), road=Road.CASH, manager_id="mia", manager_pin=PIN)


def test_a_manager_at_the_counter_needs_nobody(shop: Shop) -> None:
    order_id, manager = bought(shop), Tablet(shop).enrol().unlock("mia")
    give(manager, order_id, all_of(shop, order_id), road=Road.CASH)
    assert [one.manager_id for one in rows(shop, Refund)] == ["mia"]


def test_what_was_paid_in_cash_goes_back_in_cash_by_itself(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    with shop.jot() as tx:
        tx.exec(update(Payment).where(col(Payment.order_id) == order_id).values(method=Method.CASH))
    line = seen(shop, order_id).lines[0].line_id
    give(counter, order_id, [GiveBack(line, 5000, Fate.KEPT)])
    (part,) = rows(shop, RefundPart)
    assert (part.road, part.state) == (Road.CASH, RefundState.REFUNDED)
    assert part.finished_at is not None


def test_all_of_it_as_store_credit_has_its_code_on_a_slip_only(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    give(counter, order_id, all_of(shop, order_id), road=Road.CREDIT)
    (card,) = rows(shop, GiftCard)
    (part,) = rows(shop, RefundPart)
    assert (card.kind, card.balance_minor, card.expires_on) == (GiftCardKind.CREDIT, 14000, None)
    assert (part.road, part.state, part.gift_card_id) == (Road.CREDIT, RefundState.REFUNDED, card.id)
    assert [one.amount_minor for one in rows(shop, GiftMovement)] == [14000]
    assert [job.kind for job in rows(shop, PrintJob) if job.kind == "credit"] == ["credit"]
    give(counter, order_id, [], road=Road.CREDIT)  # the same tap
    assert len(rows(shop, GiftCard)) == 1


def test_what_a_card_of_the_house_paid_goes_back_on_it(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    with shop.jot() as tx:
        card, _ = gift_cards.issue_credit(tx, amount_minor=14000, boutique_id="demo", staff_id="ada", at=tx.now())
        tx.exec(update(GiftCard).where(col(GiftCard.id) == card.id).values(balance_minor=0))
        paid = {"method": Method.GIFT_CARD, "gift_card_id": card.id}
        tx.exec(update(Payment).where(col(Payment.order_id) == order_id).values(**paid))
    give(counter, order_id, all_of(shop, order_id))
    assert [one.balance_minor for one in rows(shop, GiftCard)] == [14000]
    assert [(one.road, one.state) for one in rows(shop, RefundPart)] == [(Road.GIFT_CARD, RefundState.REFUNDED)]


def test_a_gift_card_that_is_given_back_buys_nothing_more(shop: Shop, counter: Tablet) -> None:
    order_id = gift_desk.sell(shop, amount_minor=5000, device_id=counter.device_id, staff_id="ada")
    sold(shop, order_id)
    with shop.jot() as tx:
        tx.exec(update(GiftCard).values(balance_minor=3000))
    with pytest.raises(GiftCardEmpty):
        give(counter, order_id, all_of(shop, order_id))
    assert (rows(shop, Refund), seen(shop, order_id).refunded_minor) == ([], 0)
    give(counter, order_id, [GiveBack(seen(shop, order_id).lines[0].line_id, 3000, Fate.NONE)])
    assert [one.balance_minor for one in rows(shop, GiftCard)] == [0]


def test_what_failed_becomes_a_store_credit(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    give(counter, order_id, all_of(shop, order_id))
    (part,) = rows(shop, RefundPart)
    words = {"part_id": part.id, "road": Road.CREDIT, "staff_id": "ada", "device_id": counter.device_id}
    with pytest.raises(CannotGiveBack):
        returns.another_road(shop, **words)
    with shop.jot() as tx:
        tx.exec(update(RefundPart).values(state=RefundState.FAILED))
    assert seen(shop, order_id).owed_minor == 14000
    assert returns.another_road(shop, **words) == returns.another_road(shop, **words)
    assert [one.balance_minor for one in rows(shop, GiftCard)] == [14000]
    assert seen(shop, order_id).owed_minor == 0


def test_a_road_the_shop_does_not_have_writes_nothing(shop: Shop, counter: Tablet) -> None:
    order_id = bought(shop)
    with pytest.raises(CannotGiveBack):
        give(counter, order_id, all_of(shop, order_id), road=Road.RELEASE)
    assert (rows(shop, Refund), seen(shop, order_id).refunded_minor) == ([], 0)


Give = Callable[[Tablet, str, str], None]


def by_the_verb(counter: Tablet, order_id: str, line_id: str) -> None:
    give(counter, order_id, [GiveBack(line_id, 14000, Fate.STOCK)], key=counter.device_id)


def look_and_leap(counter: Tablet, order_id: str, line_id: str) -> None:
    """The twin: look what is left, then write it down."""
    shop = counter.shop
    with shop.read() as look:
        left = 14000 - look.get_one(OrderLine, line_id).refunded_minor
    GATE.wait()
    if left < 14000:
        raise RefundTooMuch(line_id, left)
    with shop.jot() as tx:
        tx.exec(update(OrderLine).where(col(OrderLine.id) == line_id).values(refunded_minor=14000))
        made = Refund(
            id=counter.device_id,
            key=counter.device_id,
            number=counter.device_id,
            order_id=order_id,
            boutique_id="demo",
            device_id=counter.device_id,
            staff_id="ada",
            reason="-",
            gross_minor=14000,
            vat_minor=0,
            vat_rows=[],
            currency="gbp",
            at=tx.now(),
        )
        tx.add(made)


AT_ONCE = 4
GATE = threading.Barrier(AT_ONCE)


@pytest.mark.parametrize(
    "way", [by_the_verb, pytest.param(look_and_leap, marks=pytest.mark.xfail(strict=True, reason="shows the race"))]
)
def test_several_staff_give_the_same_line_back_at_once_and_one_does(race_shop: Shop, way: Give) -> None:
    order_id = bought(race_shop)
    line_id = seen(race_shop, order_id).lines[0].line_id
    counters = [Tablet(race_shop).enrol().unlock() for _ in range(AT_ONCE)]
    start, left = threading.Barrier(AT_ONCE), []

    def run(counter: Tablet) -> None:
        start.wait()
        try:
            way(counter, order_id, line_id)
        except (RefundTooMuch, CannotGiveBack) as refused:
            left.append(type(refused).__name__)
        else:
            left.append("given back")

    threads = [threading.Thread(target=run, args=(counter,)) for counter in counters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left.count("given back") == 1
    assert len(left) == AT_ONCE
    assert len(rows(race_shop, Refund)) == len(rows(race_shop, RefundLine)) == 1
    assert [one.refunded_minor for one in rows(race_shop, Payment)] == [14000]


@pytest.fixture
def race_shop(settings: Settings, records_url: str) -> Iterator[Shop]:
    """The same shop, of which the twin may leave anything behind."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx)
    yield opened
    opened.close()


def test_a_balance_asked_for_at_the_same_moment_and_a_refund_exclude_each_other(shop: Shop, counter: Tablet) -> None:
    order_id = deposit(shop)
    counter.say_ready(order_id)
    lines = all_of(shop, order_id)
    give(counter, order_id, lines)
    with pytest.raises(WrongState):
        checkout.open_balance(shop, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    assert [one.part for one in rows(shop, Payment)] == [Part.NOW]
