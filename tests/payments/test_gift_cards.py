"""Cards of the house: spent once, given back once, known by their code's hash, and their movements always add up."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from pos.clock import SetClock
from pos.errors import (
    GiftAmount,
    GiftCardBlocked,
    GiftCardEmpty,
    GiftCardExpired,
    GiftForGift,
    NotAllowed,
    ReaderTrouble,
    TooManyTries,
    Unknown,
    WrongState,
)
from pos.ids import PEOPLE_ALPHABET, new_id
from pos.models import (
    AuditEntry,
    Device,
    Fate,
    GiftCard,
    GiftCardKind,
    GiftMovement,
    JobState,
    Method,
    Order,
    OrderLine,
    OrderState,
    Part,
    Payment,
    PaymentState,
    PrintJob,
    Receipt,
    Refund,
    RefundLine,
    RefundPart,
    Road,
    Role,
    Staff,
    Table,
)
from pos.paper import answers, sealed, slips
from pos.paper import desk as paper_desk
from pos.paper.lasting import REPLACED, WAITING
from pos.payments import gift_cards
from pos.selling import checkout, gift_desk, orders, tenders, unwinding
from pos.selling.tenders import Tender
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING
from tests.payments.conftest import Till
from tests.selling.shelf import CHARM, Tablet, later, stand_up
from tests.selling.test_checkout import sold

MANAGER = "mia"
CARDS = ("gift", "credit")  # the slips that bear a code


def with_manager(shop: Shop) -> None:
    with shop.jot() as tx:
        tx.add(Staff(id=MANAGER, boutique_id="demo", name="Mia", role=Role.MANAGER, pin_hash="-"))


@pytest.fixture
def boutique(shop: Shop) -> Shop:
    with shop.jot() as tx:
        stand_up(tx)
    with_manager(shop)
    return shop


@pytest.fixture
def either(settings: Settings, records_url: str) -> Iterator[Shop]:
    """A shop with the small shelf, on each kind of database."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx)
    with_manager(opened)
    yield opened
    opened.close()


def credit(shop: Shop, amount_minor: int = 10_000, **more: Any) -> tuple[str, str]:
    """A store credit: its id and its code."""
    with shop.jot() as tx:
        told = {"boutique_id": "demo", "staff_id": "ada", "at": tx.now()} | more
        card, code = gift_cards.issue_credit(tx, amount_minor=amount_minor, **told)
        return card.id, code


def gift(shop: Shop, *, expires_on: date, amount_minor: int = 10_000) -> tuple[str, str]:
    with shop.jot() as tx:
        card, code = gift_cards.put_out(
            tx,
            kind=GiftCardKind.GIFT,
            amount_minor=amount_minor,
            currency="gbp",
            boutique_id="demo",
            staff_id="ada",
            at=tx.now(),
            expires_on=expires_on,
        )
        return card.id, code


def unlocked(shop: Shop, staff_id: str = MANAGER) -> Tablet:
    return Tablet(shop).enrol().unlock(staff_id)


def ask(shop: Shop, card_id: str, amount_minor: int, *, number: int | None = None) -> str:
    """A payment by this card for a charm that somebody wants, written down; nothing is taken off the card yet."""
    tablet = Tablet(shop).enrol()
    tablet.hold(CHARM, number=number)
    tablet.book()
    order_id = tablet.open()
    with shop.jot() as tx:
        payment = tx.exec(select(Payment).where(Payment.order_id == order_id)).one()
        payment.method, payment.gift_card_id, payment.amount_minor = Method.GIFT_CARD, card_id, amount_minor
        return payment.id


def spend(shop: Shop, card_id: str, payment_id: str, amount_minor: int) -> None:
    with shop.jot() as tx:
        gift_cards.spend(tx, card_id=card_id, payment_id=payment_id, amount_minor=amount_minor, at=tx.now())


def pay(shop: Shop, card_id: str, amount_minor: int) -> str:
    payment_id = ask(shop, card_id, amount_minor)
    spend(shop, card_id, payment_id, amount_minor)
    return payment_id


def left(shop: Shop, card_id: str) -> int:
    """What the card says; its movements say the same."""
    with shop.read() as look:
        moved = select(func.sum(GiftMovement.amount_minor)).where(GiftMovement.gift_card_id == card_id)
        balance = look.get_one(GiftCard, card_id).balance_minor
        assert look.exec(moved).one() == balance
    return balance


def refund_part(shop: Shop, payment_id: str, amount_minor: int) -> RefundPart:
    """A part of a refund that goes back to the card that paid."""
    with shop.jot() as tx:
        payment = tx.get_one(Payment, payment_id)
        refund = Refund(
            id=new_id(),
            key=new_id(),
            number=new_id(),
            order_id=payment.order_id,
            boutique_id="demo",
            device_id=payment.device_id,
            staff_id="ada",
            reason="brought back",
            gross_minor=amount_minor,
            vat_minor=0,
            vat_rows=[],
            currency="gbp",
            at=tx.now(),
        )
        tx.add(refund)
        tx.flush()
        line = tx.exec(select(OrderLine).where(OrderLine.order_id == payment.order_id)).first()
        assert line is not None
        told = {"refund_id": refund.id, "order_line_id": line.id, "gross_minor": amount_minor, "vat_minor": 0}
        tx.add(RefundLine(id=new_id(), fate=Fate.KEPT, **told))
        part = RefundPart(
            id=new_id(),
            refund_id=refund.id,
            payment_id=payment_id,
            road=Road.GIFT_CARD,
            amount_minor=amount_minor,
            currency="gbp",
            gift_card_id=payment.gift_card_id,
            asked_at=tx.now(),
        )
        tx.add(part)
        return part


def test_a_card_pays_for_part_and_keeps_the_rest(either: Shop) -> None:
    card_id, code = credit(either)
    tablet = Tablet(either).enrol()
    pay(either, card_id, 6_500)
    assert left(either, card_id) == 3_500
    seen = gift_cards.balance(either, code=code.lower().replace("-", " "), device_id=tablet.device_id)
    assert (seen.card_id, seen.balance_minor, seen.issued_minor, seen.last4) == (card_id, 3_500, 10_000, code[-4:])
    assert seen.can_pay


def test_more_than_is_left_is_refused_and_nothing_is_taken(either: Shop) -> None:
    card_id, code = credit(either, 5_000)
    payment = ask(either, card_id, 6_000)
    with pytest.raises(GiftCardEmpty) as refused:
        spend(either, card_id, payment, 6_000)
    assert (refused.value.last4, refused.value.left) == (code[-4:], 5_000)
    assert left(either, card_id) == 5_000


def test_one_payment_takes_its_amount_once(either: Shop) -> None:
    card_id, _ = credit(either)
    payment = pay(either, card_id, 2_000)
    with pytest.raises(IntegrityError):
        spend(either, card_id, payment, 2_000)
    assert left(either, card_id) == 8_000


def test_nothing_and_less_than_nothing_cannot_be_spent(boutique: Shop) -> None:
    card_id, _ = credit(boutique)
    payment = ask(boutique, card_id, 1)
    for amount in (0, -500):
        with pytest.raises(GiftCardEmpty):
            spend(boutique, card_id, payment, amount)
    assert left(boutique, card_id) == 10_000


def test_a_card_is_good_through_its_last_day_where_it_was_issued(boutique: Shop) -> None:
    card_id, code = gift(boutique, expires_on=date(2026, 11, 24))
    later(boutique, days=1, hours=13)  # 23:00 on its last day
    pay(boutique, card_id, 1_000)
    payment = ask(boutique, card_id, 1_000)
    later(boutique, hours=2)
    with pytest.raises(GiftCardExpired) as refused:
        spend(boutique, card_id, payment, 1_000)
    assert (refused.value.last4, refused.value.on) == (code[-4:], "2026-11-24")
    assert gift_cards.view(boutique, card_id=card_id).expired
    assert left(boutique, card_id) == 9_000


def test_a_blocked_card_pays_for_nothing_until_it_is_found(boutique: Shop) -> None:
    desk, (card_id, _) = unlocked(boutique), credit(boutique)
    payment = ask(boutique, card_id, 1_000)
    for _ in range(2):
        gift_desk.block(boutique, card_id=card_id, device_id=desk.device_id, manager_id=MANAGER)
    with pytest.raises(GiftCardBlocked):
        spend(boutique, card_id, payment, 1_000)
    assert not gift_cards.view(boutique, card_id=card_id).can_pay
    gift_desk.unblock(boutique, card_id=card_id, device_id=desk.device_id, manager_id=MANAGER)
    spend(boutique, card_id, payment, 1_000)
    assert left(boutique, card_id) == 9_000


def test_another_currency_is_no_money_here(boutique: Shop) -> None:
    card_id, _ = credit(boutique, currency="eur")
    payment = ask(boutique, card_id, 1_000)
    with pytest.raises(WrongState):
        spend(boutique, card_id, payment, 1_000)
    assert left(boutique, card_id) == 10_000


def test_an_unwound_payment_gives_its_amount_back_once(either: Shop) -> None:
    card_id, _ = credit(either)
    payment_id = pay(either, card_id, 4_000)
    with either.read() as look:
        payment = look.get_one(Payment, payment_id)
    gave = []
    for _ in range(3):
        with either.jot() as tx:
            gave.append(gift_cards.give_back(tx, payment=payment))
    assert gave == [True, False, False]
    assert left(either, card_id) == 10_000


def test_a_refund_goes_back_to_the_card_once(either: Shop) -> None:
    card_id, _ = credit(either)
    part = refund_part(either, pay(either, card_id, 4_000), 1_500)
    gave = []
    for _ in range(2):
        with either.jot() as tx:
            gave.append(gift_cards.refund_to(tx, refund_part=part))
    assert gave == [True, False]
    assert left(either, card_id) == 7_500


def test_more_than_was_ever_on_it_never_comes_back(either: Shop) -> None:
    card_id, _ = credit(either)
    part = refund_part(either, pay(either, card_id, 1_000), 1_001)
    with pytest.raises(IntegrityError), either.jot() as tx:
        gift_cards.refund_to(tx, refund_part=part)
    assert left(either, card_id) == 9_000


def test_a_part_of_a_refund_makes_one_credit(either: Shop) -> None:
    card_id, _ = credit(either)
    part = refund_part(either, pay(either, card_id, 4_000), 1_500)
    fresh, code = credit(either, 1_500, refund_part_id=part.id)
    assert gift_cards.code_hash(code) != code
    with pytest.raises(IntegrityError):
        credit(either, 1_500, refund_part_id=part.id)
    assert left(either, fresh) == 1_500
    with either.read() as look:
        order = look.get_one(Order, look.get_one(Refund, part.refund_id).order_id)
    (by_order,) = gift_desk.found(either, words=order.code, boutique_id="demo")
    assert by_order.card_id == fresh
    assert gift_cards.view(either, card_id=fresh).expires_on is None


# Two tills, the last pounds.


def last_pounds(shop: Shop, take: Callable[[Shop, str, str], None]) -> tuple[int, int]:
    """Eight tills spend the last £30 of a card at the same moment; says how many were served, and what is left."""
    card_id, _ = credit(shop, 3_000)
    payments = [ask(shop, card_id, 3_000) for _ in range(8)]
    gate = threading.Barrier(len(payments))

    def till(payment_id: str) -> bool:
        gate.wait(30)
        try:
            take(shop, card_id, payment_id)
        except (GiftCardEmpty, IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(len(payments)) as pool:
        served = sum(pool.map(till, payments))
    with shop.read() as look:
        return served, look.get_one(GiftCard, card_id).balance_minor


def test_two_tills_spend_the_last_pounds_and_one_is_refused(either: Shop) -> None:
    assert last_pounds(either, lambda shop, card_id, payment_id: spend(shop, card_id, payment_id, 3_000)) == (1, 0)


def test_without_the_guard_both_are_served(either: Shop) -> None:
    """The twin that shows the race: look at the balance, then write the new one."""
    together = threading.Barrier(8)

    def look_then_take(shop: Shop, card_id: str, payment_id: str) -> None:
        with shop.read() as look:
            seen = look.get_one(GiftCard, card_id).balance_minor
        together.wait(30)
        if seen < 3_000:
            raise GiftCardEmpty
        with shop.jot() as tx:
            tx.exec(update(GiftCard).where(col(GiftCard.id) == card_id).values(balance_minor=seen - 3_000))

    served, _ = last_pounds(either, look_then_take)
    assert served == 8


WALK = st.lists(
    st.tuples(st.sampled_from(["spend", "unwind", "refund", "replace"]), st.integers(1, 4_000), st.integers(0, 99)),
    max_size=25,
)


@given(walk=WALK)
@with_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_a_card_its_movements_are_its_balance(
    boutique: Shop, walk: list[tuple[str, int, int]]
) -> None:
    desk = unlocked(boutique)
    card_id, _ = credit(boutique, 9_000)
    order_id = gift_desk.sell(boutique, amount_minor=2_000, device_id=desk.device_id, staff_id=MANAGER)
    with boutique.jot() as tx:  # any order will do, but one that is not for a card
        tx.exec(update(OrderLine).where(col(OrderLine.order_id) == order_id).values(sku="assay"))
        tx.exec(update(Payment).where(col(Payment.order_id) == order_id).values(state=PaymentState.CANCELLED))
    payments: list[Payment] = []
    for verb, amount, which in walk:
        with suppress(GiftCardEmpty, IntegrityError), boutique.jot() as tx:
            if verb == "spend":
                asked = another_payment(order_id, card_id, amount, device_id=desk.device_id, round=len(payments) + 2)
                tx.add(asked)
                tx.flush()
                gift_cards.spend(tx, card_id=card_id, payment_id=asked.id, amount_minor=amount, at=tx.now())
                payments.append(asked)
            elif verb == "replace":
                gift_cards.recode(tx, card_id=card_id, last4=tx.get_one(GiftCard, card_id).last4)
            elif payments and verb == "unwind":
                gift_cards.give_back(tx, payment=payments[which % len(payments)])
        if payments and verb == "refund":
            part = refund_part(boutique, payments[which % len(payments)].id, amount)
            with suppress(IntegrityError), boutique.jot() as tx:
                gift_cards.refund_to(tx, refund_part=part)
        assert 0 <= left(boutique, card_id) <= 9_000


def another_payment(order_id: str, card_id: str, amount_minor: int, *, device_id: str, round: int) -> Payment:
    return Payment(
        id=new_id(),
        order_id=order_id,
        part=Part.NOW,
        round=round,
        method=Method.GIFT_CARD,
        gift_card_id=card_id,
        device_id=device_id,
        amount_minor=amount_minor,
        currency="gbp",
        state=PaymentState.AUTHORISED,
        opened_at=MONDAY_MORNING,
    )


# Looking up.


def test_codes_nobody_knows_make_the_tablet_wait(boutique: Shop) -> None:
    tablet, (_, code) = Tablet(boutique).enrol(), credit(boutique)
    waits = []
    for _ in range(4):
        with pytest.raises(Unknown) as unknown:
            gift_cards.balance(boutique, code="3333-4444-6666-7777-9999", device_id=tablet.device_id)
        assert "3333" not in str(unknown.value)
        with pytest.raises(TooManyTries) as refused:
            gift_cards.balance(boutique, code=code, device_id=tablet.device_id)
        waits.append(refused.value.wait)
        later(boutique, seconds=refused.value.wait)
    assert waits == [1, 2, 4, 8]
    assert gift_cards.balance(boutique, code=code, device_id=tablet.device_id).balance_minor == 10_000
    assert gift_cards.balance(boutique, code=code, device_id=tablet.device_id).balance_minor == 10_000


def test_another_tablet_need_not_wait(boutique: Shop) -> None:
    bad, good = Tablet(boutique).enrol(), Tablet(boutique).enrol()
    _, code = credit(boutique)
    with pytest.raises(Unknown):
        gift_cards.balance(boutique, code="nonsense", device_id=bad.device_id)
    assert gift_cards.balance(boutique, code=code, device_id=good.device_id).can_pay


def test_a_tablet_that_was_taken_away_learns_nothing(boutique: Shop) -> None:
    tablet, (_, code) = Tablet(boutique).enrol(), credit(boutique)
    with boutique.jot() as tx:
        tx.get_one(Device, tablet.device_id).revoked_at = tx.now()
    with pytest.raises(NotAllowed):
        gift_cards.balance(boutique, code=code, device_id=tablet.device_id)


def test_a_code_is_long_enough_to_be_guessed_by_nobody(boutique: Shop) -> None:
    _, code = credit(boutique)
    letters = code.replace("-", "")
    assert set(letters) <= set(PEOPLE_ALPHABET)
    assert len(PEOPLE_ALPHABET) ** len(letters) >= 2**80
    assert len(PEOPLE_ALPHABET) ** (len(letters) - 4) >= 2**74  # for a thief of the records, who has the last four


def test_a_lost_card_is_found_by_its_order_or_its_last_four(boutique: Shop) -> None:
    desk = unlocked(boutique, "ada")
    order_id = gift_desk.sell(boutique, amount_minor=5_000, device_id=desk.device_id, staff_id="ada")
    sold(boutique, order_id)
    card_id, code = credit(boutique)
    (by_order,) = gift_desk.found(boutique, words=orders.view(boutique, order_id=order_id).code, boutique_id="demo")
    assert (by_order.balance_minor, by_order.kind) == (5_000, GiftCardKind.GIFT)
    assert card_id in [one.card_id for one in gift_desk.found(boutique, words=code[-4:].lower(), boutique_id="demo")]
    assert gift_desk.found(boutique, words=code[-4:], boutique_id="elsewhere") == ()
    assert gift_desk.found(boutique, words="", boutique_id="demo") == ()


# Selling, giving, replacing.


def test_a_gift_card_is_sold_like_anything_else(till: Till) -> None:
    till.tablet.unlock("ada")
    order_id = gift_desk.sell(
        till.shop, amount_minor=7_500, device_id=till.tablet.device_id, staff_id="ada", language="fr"
    )
    payment = orders.view(till.shop, order_id=order_id).payment.payment_id
    till.carry_on(payment)
    with till.shop.read() as look:
        assert look.exec(select(GiftCard)).all() == []  # nothing is a card before it is paid
    till.card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    till.assert_sold_once(payment)
    with till.shop.read() as look:
        card = look.exec(select(GiftCard)).one()
        receipt = look.exec(select(Receipt)).one()
        kinds = [job.kind for job in look.exec(select(PrintJob).order_by(col(PrintJob.queued_at), col(PrintJob.id)))]
    assert (card.balance_minor, card.kind, card.expires_on) == (7_500, GiftCardKind.GIFT, "2028-11-23")
    assert (receipt.gross_minor, receipt.vat_minor) == (7_500, 0)
    assert [row["rate_bp"] for row in receipt.vat_rows] == [0]
    assert kinds == ["sales", "gift"]
    assert left(till.shop, card.id) == 7_500


def test_a_sale_that_is_not_paid_leaves_no_card(till: Till) -> None:
    till.tablet.unlock("ada")
    order_id = gift_desk.sell(till.shop, amount_minor=7_500, device_id=till.tablet.device_id, staff_id="ada")
    payment = orders.view(till.shop, order_id=order_id).payment.payment_id
    till.carry_on(payment)
    till.walk_away()
    till.carry_on(payment)
    till.carry_on(payment)
    till.assert_undone(payment)
    with till.shop.read() as look:
        assert look.exec(select(GiftCard)).all() == []


def test_three_taps_open_one_sale_and_another_must_wait(boutique: Shop) -> None:
    desk = unlocked(boutique, "ada")

    def tap(amount_minor: int = 5_000) -> str:
        return gift_desk.sell(boutique, amount_minor=amount_minor, device_id=desk.device_id, staff_id="ada")

    assert len({tap(), tap(), tap()}) == 1
    with pytest.raises(WrongState):
        tap(6_000)


def test_taps_at_the_same_moment_open_one_sale(either: Shop) -> None:
    desk, gate = unlocked(either, "ada"), threading.Barrier(6)

    def tap(_: int) -> str:
        gate.wait(30)
        return gift_desk.sell(either, amount_minor=5_000, device_id=desk.device_id, staff_id="ada")

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(tap, range(6)))) == 1


def test_a_sold_card_is_bought_back_only_for_what_is_still_on_it(boutique: Shop) -> None:
    desk = unlocked(boutique, "ada")
    order_id = gift_desk.sell(boutique, amount_minor=5_000, device_id=desk.device_id, staff_id="ada")
    sold(boutique, order_id)
    with boutique.read() as look:
        line, card = look.exec(select(OrderLine)).one(), look.exec(select(GiftCard)).one()
    pay(boutique, card.id, 2_000)
    with boutique.jot() as tx:
        gift_cards.take_back(tx, order_line_id=line.id, amount_minor=1_000)
    with pytest.raises(GiftCardEmpty) as refused, boutique.jot() as tx:
        gift_cards.take_back(tx, order_line_id=line.id, amount_minor=2_001)
    assert refused.value.left == left(boutique, card.id) == 2_000


def test_the_shopper_s_basket_is_left_alone(boutique: Shop) -> None:
    desk = unlocked(boutique, "ada")
    desk.hold(CHARM, number=1)
    basket_id = desk.basket_id
    order_id = gift_desk.sell(boutique, amount_minor=5_000, device_id=desk.device_id, staff_id="ada")
    sold(boutique, order_id)
    assert desk.basket_id == basket_id


@pytest.mark.parametrize("amount", [1_999, 200_001, 0, -5_000])
def test_an_amount_has_its_limits(boutique: Shop, amount: int) -> None:
    desk = unlocked(boutique, "ada")
    with pytest.raises(GiftAmount):
        gift_desk.sell(boutique, amount_minor=amount, device_id=desk.device_id, staff_id="ada")


def test_a_tablet_without_a_reader_sells_none(boutique: Shop) -> None:
    desk = unlocked(boutique, "ada")
    with boutique.jot() as tx:
        tx.get_one(Device, desk.device_id).reader_id = None
    with pytest.raises(ReaderTrouble):
        gift_desk.sell(boutique, amount_minor=5_000, device_id=desk.device_id, staff_id="ada")


def test_a_card_of_the_house_buys_no_card_of_the_house(boutique: Shop) -> None:
    desk, (card_id, _) = unlocked(boutique, "ada"), credit(boutique)
    order_id = gift_desk.sell(boutique, amount_minor=5_000, device_id=desk.device_id, staff_id="ada")
    payment_id = orders.view(boutique, order_id=order_id).payment.payment_id
    with pytest.raises(GiftForGift):
        spend(boutique, card_id, payment_id, 5_000)
    other = unlocked(boutique, "ada")
    by_card = Tender(Method.GIFT_CARD, 1_000, gift_card_id=card_id)
    with pytest.raises(GiftForGift):
        gift_desk.sell(boutique, amount_minor=5_000, device_id=other.device_id, staff_id="ada", first=by_card)
    assert left(boutique, card_id) == 10_000


@pytest.mark.parametrize("verb", ["issue", "block", "unblock", "replace"])
def test_staff_alone_may_not(boutique: Shop, verb: str) -> None:
    desk, (card_id, _) = unlocked(boutique, "ada"), credit(boutique)
    told: dict[str, Any] = {"card_id": card_id}
    if verb == "issue":
        told = {"amount_minor": 500, "reason": "late", "tap": "one"}
    if verb == "replace":
        told["last4"] = gift_cards.view(boutique, card_id=card_id).last4
    with pytest.raises(NotAllowed):
        getattr(gift_desk, verb)(boutique, device_id=desk.device_id, manager_id="ada", **told)
    with boutique.read() as look:
        assert look.exec(select(PrintJob)).all() == []


def test_goodwill_has_its_reason_in_the_books(boutique: Shop) -> None:
    desk = unlocked(boutique)
    told = {"device_id": desk.device_id, "manager_id": MANAGER, "tap": "one"}
    with pytest.raises(Unknown):
        gift_desk.issue(boutique, amount_minor=2_500, reason=" ", **told)
    given = gift_desk.issue(boutique, amount_minor=2_500, reason="Engraved a letter wrong", **told)
    assert (given.kind, given.balance_minor, given.expires_on) == (GiftCardKind.CREDIT, 2_500, None)
    again = gift_desk.issue(boutique, amount_minor=2_500, reason="Engraved a letter wrong", **told)
    assert again == given  # two taps are one credit
    with boutique.read() as look:
        (entry,) = look.exec(select(AuditEntry).where(AuditEntry.act == "store credit given"))
    assert (entry.by, entry.facts["reason"], entry.subject) == (MANAGER, "Engraved a letter wrong", given.card_id)


def printed_code(shop: Shop, *, last4: str) -> str:
    """What the printer is told: the only reader of the code."""
    with shop.read() as look:
        for job in look.exec(select(PrintJob).where(PrintJob.kind.in_(CARDS))):
            if job.facts["last4"] == last4:
                return str(sealed.opened(shop, job.facts)["code"])
    raise AssertionError(f"no slip of a card ending in {last4}")


def test_a_replaced_card_has_another_code_and_all_that_was_left(boutique: Shop) -> None:
    desk, (card_id, lost) = unlocked(boutique), credit(boutique)
    payment_id = pay(boutique, card_id, 4_000)
    gift_desk.block(boutique, card_id=card_id, device_id=desk.device_id, manager_id=MANAGER)
    told = {"card_id": card_id, "device_id": desk.device_id, "manager_id": MANAGER}
    again = gift_desk.replace(boutique, last4=lost[-4:], **told)
    assert gift_desk.replace(boutique, last4=lost[-4:], **told) == again  # a second tap
    assert len(jobs(boutique)) == 1
    code = printed_code(boutique, last4=again.last4)
    assert (again.balance_minor, again.can_pay) == (6_000, True)
    assert gift_cards.balance(boutique, code=code, device_id=desk.device_id).card_id == card_id
    with pytest.raises(Unknown):
        gift_cards.balance(boutique, code=lost, device_id=desk.device_id)
    with boutique.jot() as tx:  # what was under way when it was lost arrives on the new one
        assert gift_cards.give_back(tx, payment=tx.get_one(Payment, payment_id))
    assert left(boutique, card_id) == 10_000


def test_the_slip_of_a_lost_code_that_still_waits_is_not_printed(boutique: Shop) -> None:
    desk, (card_id, lost) = unlocked(boutique), credit(boutique)
    told = {"card_id": card_id, "device_id": desk.device_id, "manager_id": MANAGER}
    first = gift_desk.replace(boutique, last4=lost[-4:], **told)
    second = gift_desk.replace(boutique, last4=first.last4, **told)  # before the first slip was out
    by_code = {job.facts["last4"]: job for job in jobs(boutique)}
    dead, good = by_code[first.last4], by_code[second.last4]
    assert (dead.state, dead.cause, dead.settled_by) == (JobState.DROPPED, REPLACED, MANAGER)
    assert good.state in WAITING
    assert good.cause != REPLACED
    with pytest.raises(WrongState):
        answers.release(boutique, job_id=dead.id, staff_id=MANAGER, device_id=desk.device_id)


def test_the_history_tells_everything_but_the_code(boutique: Shop) -> None:
    card_id, code = credit(boutique)
    payment_id = pay(boutique, card_id, 4_000)
    later(boutique, minutes=1)
    part = refund_part(boutique, payment_id, 1_000)
    with boutique.jot() as tx:
        gift_cards.refund_to(tx, refund_part=part)
    told = gift_desk.history(boutique, card_id=card_id)
    assert [(one.why, one.amount_minor) for one in told] == [("refunded", 1_000), ("spent", -4_000), ("issued", 10_000)]
    assert all(one.number for one in told[:2])
    assert code not in repr(told)


# Half by a card of the house, half by a card at the reader.


def half_and_half(till: Till, card_id: str) -> tuple[str, str]:
    """A charm of £140, £60 of it off this card and the rest asked for at the reader: the two payments."""
    desk = till.tablet.unlock("ada")
    desk.hold(CHARM, number=12)
    desk.book()
    at = {"device_id": desk.device_id, "staff_id": "ada"}
    order_id = checkout.open(
        till.shop,
        quote=desk.quote(),
        terms_version="2026-11",
        first=Tender(Method.GIFT_CARD, 6_000, gift_card_id=card_id),
        **at,  # type: ignore[arg-type]
    )
    by_reader = tenders.add(till.shop, order_id=order_id, tender=Tender(Method.CARD, 8_000), key="rest", **at)
    with till.shop.read() as look:
        of_card = select(Payment.id).where(Payment.order_id == order_id, Payment.method == Method.GIFT_CARD)
        return look.exec(of_card).one(), by_reader


def test_half_by_gift_card_and_half_at_the_reader_is_one_sale(till: Till) -> None:
    card_id, code = credit(till.shop)
    by_gift, by_reader = half_and_half(till, card_id)
    till.carry_on(by_reader)
    till.card()
    assert till.carry_on(by_reader) == PaymentState.CAPTURED
    assert till.payment(by_gift).state == PaymentState.CAPTURED
    assert till.payment(by_gift).receipt_no == till.payment(by_reader).receipt_no is not None
    assert till.order(by_gift).paid_minor == 14_000
    assert left(till.shop, card_id) == 4_000
    with till.shop.read() as look:
        receipt = look.exec(select(Receipt)).one()
        slip = look.exec(select(PrintJob).where(PrintJob.kind == "sales")).one()
    assert (receipt.gross_minor, receipt.vat_minor) == (14_000, 2_333)  # the VAT of the piece, whatever pays for it
    tenders = {(one["brand"], one["last4"], one["amount_minor"]) for one in slip.facts["tenders"]}
    assert tenders == {("visa", "4242", 8_000), ("store_credit", code[-4:], 6_000)}
    assert f"Store credit ···· {code[-4:]}" in repr(slips.document("sales", facts=slip.facts, language="en"))


def test_a_half_paid_sale_that_is_given_up_restores_the_card_once(till: Till) -> None:
    card_id, _ = credit(till.shop)
    by_gift, by_reader = half_and_half(till, card_id)
    till.carry_on(by_reader)
    till.walk_away()
    till.carry_on(by_reader)
    till.carry_on(by_reader)
    assert till.order(by_reader).state == OrderState.OPEN  # what the card of the house paid is still there
    assert left(till.shop, card_id) == 4_000
    told = {"staff_id": "ada", "device_id": till.tablet.device_id}
    unwinding.give_up(till.shop, order_id=till.order(by_gift).id, **told)
    for _ in range(3):
        till.carry_on(by_gift)
    assert left(till.shop, card_id) == 10_000
    assert till.order(by_reader).state == OrderState.CANCELLED
    assert till.receipts(by_reader) == 0


def test_a_gift_card_may_be_bought_with_cash_and_a_card(till: Till) -> None:
    at = {"device_id": till.tablet.unlock("ada").device_id, "staff_id": "ada"}
    in_cash, by_card = Tender(Method.CASH, 2_000, tendered_minor=5_000), Tender(Method.CARD, 3_000)
    order_id = gift_desk.sell(till.shop, amount_minor=5_000, first=in_cash, **at)
    payment = tenders.add(till.shop, order_id=order_id, tender=by_card, key="rest", **at)
    till.carry_on(payment)
    till.card()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    with till.shop.read() as look:
        assert look.exec(select(GiftCard.balance_minor)).one() == 5_000


def test_a_refund_of_half_goes_back_to_the_card_that_paid(till: Till) -> None:
    card_id, _ = credit(till.shop)
    by_gift, by_reader = half_and_half(till, card_id)
    till.carry_on(by_reader)
    till.card()
    till.carry_on(by_reader)
    part = refund_part(till.shop, by_gift, 6_000)
    for _ in range(2):
        with till.shop.jot() as tx:
            gift_cards.refund_to(tx, refund_part=part)
    assert left(till.shop, card_id) == 10_000


# The code is on paper, and nowhere else.


def everything_kept(folder: Path) -> bytes:
    """Every byte the shop keeps: its database with journal, its keys, its files."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def spellings(code: str) -> list[bytes]:
    return [code.encode(), code.replace("-", "").encode(), code[:9].encode()]


def test_the_code_is_in_no_record_and_no_log(
    boutique: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    people_code = gift_cards.people_code
    monkeypatch.setattr(gift_cards, "people_code", lambda length: made.append(people_code(length)) or made[-1])
    caplog.set_level(logging.DEBUG)
    desk = unlocked(boutique)
    order_id = gift_desk.sell(boutique, amount_minor=5_000, device_id=desk.device_id, staff_id=MANAGER)
    sold(boutique, order_id)
    given = gift_desk.issue(
        boutique, amount_minor=900, reason="late", device_id=desk.device_id, manager_id=MANAGER, tap="one"
    )
    gift_desk.replace(boutique, card_id=given.card_id, last4=given.last4, device_id=desk.device_id, manager_id=MANAGER)
    for code in made:
        gift_cards.balance(boutique, code=code, device_id=desk.device_id) if code != made[1] else None
    print_all(boutique)
    kept = everything_kept(tmp_path)
    assert len(made) == 3
    assert b"gift" in kept
    for code in made:
        assert [word for word in spellings(code) if word in kept] == []
        assert code not in caplog.text
    assert "code" not in {name for job in jobs(boutique) for name in job.facts.get("sealed", {})}


def jobs(shop: Shop) -> list[PrintJob]:
    with shop.read() as look:
        return list(look.exec(select(PrintJob).where(PrintJob.kind.in_(CARDS)).order_by(col(PrintJob.queued_at))))


def print_all(shop: Shop) -> None:
    """The slips come out, as far as the records know."""
    for job in jobs(shop):
        if job.cause == REPLACED:
            continue
        assert paper_desk.picture(shop, job_id=job.id).startswith(b"\x89PNG")
        with shop.jot() as tx:
            tx.get_one(PrintJob, job.id).state = JobState.UNKNOWN
        with shop.read() as look:
            device_id = look.get_one(PrintJob, job.id).device_id or ""
        answers.came_out(shop, job_id=job.id, staff_id=MANAGER, device_id=device_id, yes=True)


def test_the_picture_of_a_card_on_a_screen_shows_no_code(boutique: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = unlocked(boutique)
    gift_desk.issue(boutique, amount_minor=900, reason="late", device_id=desk.device_id, manager_id=MANAGER, tap="one")
    drawn: list[dict[str, Any]] = []
    document = slips.document
    monkeypatch.setattr(
        paper_desk.slips, "document", lambda *a, facts, **k: drawn.append(facts) or document(*a, facts=facts, **k)
    )
    (job,) = jobs(boutique)
    paper_desk.picture(boutique, job_id=job.id)
    assert drawn[0]["code"] == ""
