"""A part paid in several ways: any mix, never above what is due, complete only when covered, and each way back.

On both databases. A card's answer is written down as the payments room does it; the reader is played in tests/payments.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, func, select

from pos.books import audit
from pos.clock import SetClock
from pos.errors import (
    CashLimit,
    CashShort,
    GiftCardEmpty,
    NoAmount,
    NotAllowed,
    ReaderTrouble,
    ShopError,
    TenderTooMuch,
    TenderWaits,
    Unknown,
    WrongState,
)
from pos.models import (
    Boutique,
    Device,
    GiftCard,
    Method,
    Order,
    OrderState,
    Part,
    Payment,
    PaymentState,
    Piece,
    PieceState,
    PrintJob,
    Receipt,
    Table,
)
from pos.payments import gift_cards
from pos.payments.reduce import CANNOT_SETTLE, UNWOUND
from pos.selling import cash, checkout, finish, orders, tenders, unwinding
from pos.selling.settle import settle
from pos.selling.tenders import Tender
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING
from tests.selling.shelf import CHARM, TAG, Tablet, later, stand_up

DUE = 14000
CASH, CARD, GIFT = Method.CASH, Method.CARD, Method.GIFT_CARD


@pytest.fixture
def shop(settings: Settings, records_url: str) -> Iterator[Shop]:
    """A shop with the small shelf, on each kind of database."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx)
    yield opened
    with opened.read() as look:
        assert audit.broken_at(look) is None
    opened.close()


class Counter:
    """A till that takes money in several ways."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.tablet, self.taps = shop, Tablet(shop).enrol().unlock(), 0

    def keep(self, sku: str = CHARM, **wish: Any) -> "Counter":
        self.tablet.hold(sku, **wish)
        self.tablet.book()
        return self

    def open(self, first: Tender | None = None) -> str:
        return checkout.open(
            self.shop,
            quote=self.tablet.quote(),
            device_id=self.tablet.device_id,
            terms_version="2026-11",
            staff_id="ada",
            first=first,
        )

    def add(self, order_id: str, tender: Tender, key: str | None = None) -> str:
        self.taps += 1
        key = key or f"{self.tablet.device_id}:{self.taps}"
        return tenders.add(
            self.shop, order_id=order_id, tender=tender, key=key, staff_id="ada", device_id=self.tablet.device_id
        )

    def take_back(self, payment_id: str) -> None:
        unwinding.take_back(self.shop, payment_id=payment_id, staff_id="ada", device_id=self.tablet.device_id)

    def give_up(self, order_id: str) -> None:
        unwinding.give_up(self.shop, order_id=order_id, staff_id="ada", device_id=self.tablet.device_id)

    def hand_back(self, payment_id: str) -> None:
        unwinding.cash_returned(self.shop, payment_id=payment_id, staff_id="ada", device_id=self.tablet.device_id)

    def link(self, order_id: str, code: str) -> None:
        cash.link(self.shop, order_id=order_id, code=code, staff_id="ada", device_id=self.tablet.device_id)

    def gift_card(self, amount_minor: int) -> str:
        with self.shop.jot() as tx:
            card, _ = gift_cards.issue_credit(
                tx, amount_minor=amount_minor, boutique_id="demo", staff_id="ada", at=tx.now()
            )
            return card.id


@pytest.fixture
def counter(shop: Shop) -> Counter:
    return Counter(shop)


def says(shop: Shop, payment_id: str, state: PaymentState) -> None:
    """What Stripe said of a card."""
    with shop.jot() as tx:
        tx.exec(update(Payment).where(col(Payment.id) == payment_id).values(state=state))


def payments(shop: Shop, order_id: str) -> list[Payment]:
    with shop.read() as look:
        return list(look.exec(select(Payment).where(Payment.order_id == order_id).order_by(col(Payment.round))))


def carried_on(shop: Shop, order_id: str) -> None:
    """The back office looks after every payment, as often as something moves."""
    for _ in range(3):
        for payment in payments(shop, order_id):
            if payment.intent_id is None and payment.method != CARD:
                finish.carry_on(shop, payment_id=payment.id)


def order(shop: Shop, order_id: str) -> Order:
    with shop.read() as look:
        return look.get_one(Order, order_id)


def left(shop: Shop, card_id: str) -> int:
    with shop.read() as look:
        return look.get_one(GiftCard, card_id).balance_minor


def drawers(shop: Shop) -> int:
    with shop.read() as look:
        return look.exec(select(func.count()).select_from(PrintJob).where(PrintJob.kind == "drawer")).one()


def test_cash_alone_is_a_sale_without_a_reader(shop: Shop, counter: Counter) -> None:
    with shop.jot() as tx:
        tx.get_one(Device, counter.tablet.device_id).reader_id = None
    order_id = counter.keep().open(Tender(CASH, DUE, tendered_minor=15000))
    seen = orders.view(shop, order_id=order_id)
    assert (seen.remaining_minor, seen.payment.change_minor, seen.payment.state) == (0, 1000, PaymentState.AUTHORISED)
    carried_on(shop, order_id)
    seen = orders.view(shop, order_id=order_id)
    assert (seen.state, seen.paid_minor, seen.payment.state) == (OrderState.PAID, DUE, PaymentState.CAPTURED)
    assert seen.payment.settled
    assert payments(shop, order_id)[0].finished_at is not None


def test_card_cash_and_gift_card_settle_one_part_with_one_receipt(shop: Shop, counter: Counter) -> None:
    card_id = counter.gift_card(5000)
    order_id = counter.keep().open(Tender(GIFT, 4000, gift_card_id=card_id))
    assert orders.view(shop, order_id=order_id).remaining_minor == 10000
    by_card = counter.add(order_id, Tender(CARD, 7000))
    counter.add(order_id, Tender(CASH, 3000, tendered_minor=5000))
    carried_on(shop, order_id)
    assert order(shop, order_id).state == OrderState.OPEN  # the card is not held yet
    says(shop, by_card, PaymentState.AUTHORISED)
    assert settle(shop, payment_id=by_card)
    seen = orders.view(shop, order_id=order_id)
    assert (seen.state, seen.paid_minor, len(seen.receipts)) == (OrderState.PAID, DUE, 1)
    assert left(shop, card_id) == 1000
    with shop.read() as look:
        facts = look.exec(select(PrintJob.facts).where(PrintJob.kind == "sales")).one()
    assert [(one["amount_minor"], one["tendered_minor"], one["left_minor"]) for one in facts["tenders"]] == [
        (4000, None, 1000),
        (7000, None, None),
        (3000, 5000, None),
    ]


def test_a_part_is_never_sold_below_what_is_due(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, DUE - 1))
    carried_on(shop, order_id)
    seen = orders.view(shop, order_id=order_id)
    assert (seen.state, seen.remaining_minor, seen.receipts) == (OrderState.OPEN, 1, ())
    counter.add(order_id, Tender(CASH, 1))
    carried_on(shop, order_id)
    assert order(shop, order_id).state == OrderState.PAID


@pytest.mark.parametrize(
    ("tender", "refusal"),
    [
        (Tender(CASH, 0), NoAmount),
        (Tender(CASH, -5), NoAmount),
        (Tender(CASH, DUE + 1), TenderTooMuch),
        (Tender(CARD, DUE + 1), TenderTooMuch),
        (Tender(CASH, 5000, tendered_minor=4999), CashShort),
        (Tender(GIFT, 5000, gift_card_id="-"), Unknown),
        (Tender(Method.LINK, 5000), Unknown),
    ],
)
def test_a_wrong_tender_opens_nothing_and_adds_nothing(
    shop: Shop, counter: Counter, tender: Tender, refusal: type[ShopError]
) -> None:
    counter.keep()
    with pytest.raises(refusal):
        counter.open(tender)
    with shop.read() as look:
        assert look.exec(select(Order)).all() == []
    order_id = counter.open(Tender(CASH, 1))
    with pytest.raises(refusal):
        counter.add(order_id, tender)
    assert order(shop, order_id).asked_minor == 1


def test_a_refusal_says_what_is_left(counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    with pytest.raises(TenderTooMuch) as refused:
        counter.add(order_id, Tender(CASH, 10001))
    assert refused.value.left == 10000  # type: ignore[attr-defined]


def test_a_tap_that_comes_twice_is_one_tender(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    first = counter.add(order_id, Tender(CASH, 5000), key="tap")
    assert counter.add(order_id, Tender(CASH, 5000), key="tap") == first
    assert orders.view(shop, order_id=order_id).remaining_minor == 5000


def test_one_card_is_asked_for_at_a_time(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CARD, 4000))
    with pytest.raises(TenderWaits):
        counter.add(order_id, Tender(CARD, 5000))
    counter.add(order_id, Tender(CASH, 5000))  # cash need not wait for it
    says(shop, payments(shop, order_id)[0].id, PaymentState.AUTHORISED)
    counter.add(order_id, Tender(CARD, 5000))
    assert orders.view(shop, order_id=order_id).remaining_minor == 0


def test_a_card_needs_a_reader_and_a_shopper_alone_pays_by_card(shop: Shop, counter: Counter) -> None:
    counter.keep()
    with shop.jot() as tx:
        tx.get_one(Device, counter.tablet.device_id).reader_id = None
    order_id = counter.open(Tender(CASH, 4000))
    with pytest.raises(ReaderTrouble):
        counter.add(order_id, Tender(CARD, 5000))
    shopper = Tablet(shop).enrol()
    shopper.hold(CHARM)
    shopper.book()
    with pytest.raises(NotAllowed):
        checkout.open(
            shop,
            quote=shopper.quote(),
            device_id=shopper.device_id,
            terms_version="2026-11",
            first=Tender(CASH, DUE),
        )
    with pytest.raises(NotAllowed):
        tenders.add(
            shop,
            order_id=order_id,
            tender=Tender(CASH, 1),
            key="x",
            staff_id="ada",
            device_id=shopper.device_id,
        )


def test_another_boutique_takes_nothing_and_gives_nothing_back(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    elsewhere = Counter(shop)
    with shop.jot() as tx:
        here = tx.get_one(Boutique, "demo").model_dump()
        tx.add(Boutique(**{**here, "id": "other"}))
        tx.flush()
        tx.get_one(Device, elsewhere.tablet.device_id).boutique_id = "other"
    for act in (
        lambda: elsewhere.add(order_id, Tender(CASH, 1)),
        lambda: elsewhere.take_back(payments(shop, order_id)[0].id),
        lambda: elsewhere.give_up(order_id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_balance_is_paid_in_several_ways_too(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep(TAG).open(Tender(CASH, 43500))
    carried_on(shop, order_id)
    assert order(shop, order_id).state == OrderState.DEPOSIT
    with pytest.raises(WrongState):
        counter.add(order_id, Tender(CASH, 1000))  # its pieces are not here yet: the balance is begun by its own verb
    counter.tablet.say_ready(order_id)
    checkout.open_balance(
        shop, order_id=order_id, device_id=counter.tablet.device_id, staff_id="ada", first=Tender(CASH, 1500)
    )
    assert orders.view(shop, order_id=order_id).remaining_minor == 100000
    by_card = counter.add(order_id, Tender(CARD, 100000))
    says(shop, by_card, PaymentState.AUTHORISED)
    assert settle(shop, payment_id=by_card)
    seen = orders.view(shop, order_id=order_id)
    assert (seen.state, seen.paid_minor, len(seen.receipts)) == (OrderState.PAID, 145000, 2)


def test_a_balance_given_up_leaves_deposit_and_promise(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep(TAG).open(Tender(CASH, 43500))
    carried_on(shop, order_id)
    counter.tablet.say_ready(order_id)
    card_id = counter.gift_card(5000)
    by_gift = Tender(GIFT, 5000, gift_card_id=card_id)
    checkout.open_balance(shop, order_id=order_id, device_id=counter.tablet.device_id, staff_id="ada", first=by_gift)
    counter.give_up(order_id)
    carried_on(shop, order_id)
    seen = order(shop, order_id)
    assert (seen.state, seen.asked_minor, seen.paid_minor) == (OrderState.DEPOSIT, 43500, 43500)
    assert left(shop, card_id) == 5000
    with shop.read() as look:
        assert look.exec(select(Piece.state).where(Piece.order_id == order_id)).one() == PieceState.PROMISED


# Going back


def test_a_half_paid_sale_goes_back_each_part_by_its_own_road(shop: Shop, counter: Counter) -> None:
    card_id = counter.gift_card(5000)
    order_id = counter.keep().open(Tender(GIFT, 3000, gift_card_id=card_id))
    in_cash = counter.add(order_id, Tender(CASH, 2000))
    held = counter.add(order_id, Tender(CARD, 1000))
    says(shop, held, PaymentState.AUTHORISED)
    asked = counter.add(order_id, Tender(CARD, 4000))
    counter.give_up(order_id)
    counter.give_up(order_id)  # a second tap
    by_id = {one.id: one for one in payments(shop, order_id)}
    assert left(shop, card_id) == 5000
    assert (by_id[in_cash].state, by_id[in_cash].cancel_why) == (PaymentState.AUTHORISED, UNWOUND)
    assert (by_id[held].state, by_id[held].cancel_why) == (PaymentState.AUTHORISED, UNWOUND)
    assert (by_id[asked].state, by_id[asked].cancel_why) == (PaymentState.QUEUED, UNWOUND)
    says(shop, held, PaymentState.CANCELLED)  # Stripe released the one, and closed the other
    says(shop, asked, PaymentState.CANCELLED)
    for payment_id in (held, asked):
        checkout.undo(shop, payment_id=payment_id)
    carried_on(shop, order_id)
    assert order(shop, order_id).state == OrderState.OPEN  # the cash is still in the drawer
    counter.hand_back(in_cash)
    counter.hand_back(in_cash)
    carried_on(shop, order_id)
    seen = order(shop, order_id)
    assert (seen.state, seen.asked_minor) == (OrderState.CANCELLED, 0)
    assert drawers(shop) == 2  # once when it came, once when it went
    with shop.read() as look:
        assert look.exec(select(Piece.state).where(Piece.number == 1, Piece.sku == CHARM)).one() == PieceState.HELD


def test_a_sale_that_is_given_up_is_not_settled_by_a_card_that_comes_late(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    asked = counter.add(order_id, Tender(CARD, 10000))
    counter.give_up(order_id)
    says(shop, asked, PaymentState.AUTHORISED)
    with pytest.raises(WrongState):
        settle(shop, payment_id=asked)
    assert order(shop, order_id).state == OrderState.OPEN


def test_one_tender_is_taken_back_and_asked_for_again_another_way(shop: Shop, counter: Counter) -> None:
    card_id = counter.gift_card(5000)
    order_id = counter.keep().open(Tender(CASH, 4000))
    spent = counter.add(order_id, Tender(GIFT, 5000, gift_card_id=card_id))
    counter.take_back(spent)
    carried_on(shop, order_id)
    assert (orders.view(shop, order_id=order_id).remaining_minor, left(shop, card_id)) == (10000, 5000)
    counter.add(order_id, Tender(CASH, 10000))
    carried_on(shop, order_id)
    assert order(shop, order_id).state == OrderState.PAID
    with pytest.raises(WrongState):
        counter.take_back(payments(shop, order_id)[0].id)  # now it is a refund


def test_cash_is_given_back_only_where_it_is_to_go_back(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    with pytest.raises(WrongState):
        counter.hand_back(payments(shop, order_id)[0].id)


def test_a_sale_that_cannot_be_written_gives_all_of_it_back(shop: Shop, counter: Counter) -> None:
    card_id = counter.gift_card(4000)
    order_id = counter.keep().open(Tender(GIFT, 4000, gift_card_id=card_id))
    with shop.jot() as tx:  # the piece is lost to the order, which nothing in the shop does
        tx.exec(update(Piece).where(col(Piece.order_id) == order_id).values(order_id=None, state=PieceState.FREE))
    in_cash = counter.add(order_id, Tender(CASH, 10000))
    finish.carry_on(shop, payment_id=in_cash)
    assert left(shop, card_id) == 4000
    assert {one.cancel_why for one in payments(shop, order_id)} == {CANNOT_SETTLE}
    assert drawers(shop) == 1  # nobody asked for it to open again
    counter.hand_back(in_cash)
    carried_on(shop, order_id)
    assert order(shop, order_id).state == OrderState.CANCELLED


def test_a_half_paid_sale_left_alone_goes_back_by_itself_unless_cash_lies_there(shop: Shop, counter: Counter) -> None:
    card_id = counter.gift_card(4000)
    by_gift = counter.keep().open(Tender(GIFT, 4000, gift_card_id=card_id))
    with_cash = Counter(shop).keep().open(Tender(CASH, 4000))
    later(shop, minutes=shop.settings.payment_minutes, seconds=-1)
    carried_on(shop, by_gift)
    assert order(shop, by_gift).state == OrderState.OPEN
    later(shop, seconds=2)
    for order_id in (by_gift, with_cash):
        carried_on(shop, order_id)
    assert (order(shop, by_gift).state, left(shop, card_id)) == (OrderState.CANCELLED, 4000)
    assert order(shop, with_cash).state == OrderState.OPEN


# Two tills at once


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Everybody at the same moment; says who was refused, and why."""
    gate = Barrier(len(acts))

    def do(act: Callable[[], object]) -> str:
        gate.wait()
        try:
            act()
        except ShopError as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(do, acts))


def test_two_tills_that_add_the_last_pounds_add_them_once(shop: Shop, counter: Counter) -> None:
    tills = [Counter(shop) for _ in range(4)]
    order_id = counter.keep().open(Tender(CASH, 4000))
    went = at_once(*(lambda till=till: till.add(order_id, Tender(CASH, 10000)) for till in tills))  # type: ignore[misc]
    assert went == ["TenderTooMuch"] * 3 + ["done"]
    assert sum(one.amount_minor for one in payments(shop, order_id)) == DUE


def test_without_the_guard_the_last_pounds_are_added_more_than_once(shop: Shop, counter: Counter) -> None:
    """The twin: each till looks first and adds afterwards."""
    order_id = counter.keep().open(Tender(CASH, 4000))
    gate, added = Barrier(4), []

    def add_without_guard() -> None:
        remaining = orders.view(shop, order_id=order_id).remaining_minor
        gate.wait()
        if remaining >= 10000:
            added.append(remaining)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(add_without_guard)
    assert sum(added) > 10000


def test_a_sale_is_settled_or_given_up_and_never_both(shop: Shop, counter: Counter) -> None:
    for _ in range(6):
        till = Counter(shop).keep()
        order_id = till.open(Tender(CASH, 4000))
        last = till.add(order_id, Tender(CASH, 10000))
        at_once(
            lambda last=last: finish.carry_on(shop, payment_id=last),  # type: ignore[misc]
            lambda till=till, order_id=order_id: till.give_up(order_id),  # type: ignore[misc]
        )
        seen, paid = order(shop, order_id), payments(shop, order_id)
        if seen.state == OrderState.PAID:
            assert all(one.receipt_no and one.state == PaymentState.CAPTURED for one in paid)
        else:
            assert all(one.cancel_why == UNWOUND and one.receipt_no is None for one in paid)


# The law's limit of cash

LIMIT = 1_000_000


def big_order(shop: Shop, till: Counter, *, paid_in_cash: int) -> str:
    """An order worth more than the limit, paid in part in cash."""
    with shop.jot() as tx:
        tx.connection().exec_driver_sql("UPDATE variant SET price_minor = 1200000 WHERE sku = 'NC-VM'")
    return till.keep().open(Tender(CASH, paid_in_cash))


def code_of(shop: Shop, order_id: str) -> str:
    return order(shop, order_id).code


def test_cash_stays_below_the_limit(shop: Shop, counter: Counter) -> None:
    order_id = big_order(shop, counter, paid_in_cash=LIMIT - 1)
    with pytest.raises(CashLimit) as refused:
        counter.add(order_id, Tender(CASH, 1))
    assert (refused.value.limit, refused.value.already) == (LIMIT, LIMIT - 1)  # type: ignore[attr-defined]
    counter.add(order_id, Tender(CARD, 200001))  # a card has no such limit


def test_the_limit_is_that_of_the_counter_where_the_cash_lies(shop: Shop, counter: Counter) -> None:
    """An order that was begun in Paris, whose law has no limit this year, is paid for in London."""
    order_id = big_order(shop, counter, paid_in_cash=LIMIT - 1)
    with shop.jot() as tx:
        tx.add(Boutique(id="paris", name="Paris", address=[], vat_number="", zone="Europe/Paris", hours={}))
        tx.flush()
        tx.get_one(Order, order_id).boutique_id = "paris"
    with pytest.raises(CashLimit):
        counter.add(order_id, Tender(CASH, 1))


def test_one_penny_more_on_a_linked_order_is_too_much(shop: Shop, counter: Counter) -> None:
    """The reference's own case: 9,999.99 and 0.01 linked."""
    first = big_order(shop, counter, paid_in_cash=LIMIT - 1)
    other = Counter(shop)
    second = other.keep().open(Tender(CARD, 100))
    other.link(second, code_of(shop, first))
    other.link(second, code_of(shop, first))  # twice is once
    with pytest.raises(CashLimit):
        other.add(second, Tender(CASH, 1))
    third = Counter(shop)
    third_order = third.keep().open(Tender(CARD, 100))
    third.link(third_order, code_of(shop, second))  # by way of the second
    with pytest.raises(CashLimit):
        third.add(third_order, Tender(CASH, 1))


def test_orders_that_are_too_much_together_are_linked_and_said_so(shop: Shop, counter: Counter) -> None:
    first = big_order(shop, counter, paid_in_cash=LIMIT - 1)
    other = Counter(shop)
    second = other.keep().open(Tender(CASH, 1))
    with pytest.raises(CashLimit):
        other.link(second, code_of(shop, first))
    with pytest.raises(CashLimit):
        other.add(second, Tender(CASH, 1))
    other.take_back(payments(shop, second)[0].id)
    other.hand_back(payments(shop, second)[0].id)
    other.link(second, code_of(shop, first))  # now they are below it


def test_two_tills_do_not_pass_the_limit_together(shop: Shop, counter: Counter) -> None:
    first, tills = big_order(shop, counter, paid_in_cash=100), [Counter(shop), Counter(shop)]
    linked = [till.keep().open(Tender(CARD, 100)) for till in tills]
    for till, order_id in zip(tills, linked, strict=True):
        till.link(order_id, code_of(shop, first))
    half = Tender(CASH, LIMIT - 200)
    went = at_once(*(lambda t=t, o=o: t.add(o, half) for t, o in zip(tills, linked, strict=True)))  # type: ignore[misc]
    assert went == ["CashLimit", "done"]


def test_two_tills_that_link_and_pay_at_once_do_not_pass_it_either(shop: Shop, counter: Counter) -> None:
    first = big_order(shop, counter, paid_in_cash=LIMIT // 2)
    other = Counter(shop)
    second = other.keep().open(Tender(CARD, 100))
    code = code_of(shop, first)
    went = at_once(lambda: other.link(second, code), lambda: other.add(second, Tender(CASH, LIMIT // 2)))
    assert "CashLimit" in went or "WrongState" in went


def test_an_order_that_is_not_there_is_not_linked(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 100))
    for code in ("NOT-THERE", code_of(shop, order_id)):
        with pytest.raises(Unknown):
            counter.link(order_id, code)


@pytest.mark.parametrize(
    ("day", "zone", "house", "limit"),
    [
        (datetime(2026, 6, 29, 12, tzinfo=UTC), "Europe/London", {}, 800_000),
        (datetime(2026, 6, 29, 23, 30, tzinfo=UTC), "Europe/London", {}, LIMIT),  # half past midnight in London
        (datetime(2026, 11, 23, tzinfo=UTC), "Europe/London", {"cash_limit_minor": 500_000}, 500_000),
        (datetime(2026, 11, 23, tzinfo=UTC), "Europe/London", {"cash_limit_minor": 2_000_000}, LIMIT),
        (datetime(2026, 11, 23, tzinfo=UTC), "Europe/London", {"high_value_dealer": True}, None),
        (
            datetime(2026, 11, 23, tzinfo=UTC),
            "Europe/London",
            {"high_value_dealer": True, "cash_limit_minor": 2_000_000},
            2_000_000,
        ),
        (datetime(2026, 11, 23, tzinfo=UTC), "Europe/Paris", {}, None),
        (datetime(2027, 7, 10, tzinfo=UTC), "Europe/Paris", {}, 0),  # in euro, which pounds cannot be held against
    ],
)
def test_the_limit_is_the_law_s_of_the_day_or_the_house_s_own(
    shop: Shop, day: datetime, zone: str, house: dict[str, object], limit: int | None
) -> None:
    shop.settings = shop.settings.model_copy(update=house)
    boutique = Boutique(id="x", name="X", address=[], vat_number="", zone=zone, hours={})
    assert cash.limit(shop, boutique=boutique, currency="gbp", at=day) == limit


def test_in_euro_the_union_s_limit_is_the_figure_of_the_law(shop: Shop) -> None:
    boutique = Boutique(id="x", name="X", address=[], vat_number="", zone="Europe/Paris", hours={})
    assert cash.limit(shop, boutique=boutique, currency="eur", at=datetime(2027, 7, 10, 12, tzinfo=UTC)) == LIMIT


# What is on a card of the house


def test_more_than_is_on_a_gift_card_is_refused_and_the_order_asks_for_no_more(shop: Shop, counter: Counter) -> None:
    card_id = counter.gift_card(3000)
    order_id = counter.keep().open(Tender(CASH, 4000))
    with pytest.raises(GiftCardEmpty):
        counter.add(order_id, Tender(GIFT, 3001, gift_card_id=card_id))
    assert (order(shop, order_id).asked_minor, left(shop, card_id)) == (4000, 3000)


def test_every_part_has_its_rounds_in_order(shop: Shop, counter: Counter) -> None:
    order_id = counter.keep().open(Tender(CASH, 4000))
    counter.add(order_id, Tender(CASH, 4000))
    counter.add(order_id, Tender(CASH, 6000))
    assert [(one.part, one.round) for one in payments(shop, order_id)] == [(Part.NOW, n) for n in (1, 2, 3)]
    with shop.read() as look:
        assert look.exec(select(func.count()).select_from(Receipt)).one() == 0
