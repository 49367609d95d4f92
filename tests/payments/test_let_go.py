"""Payments no sale can come of: the hold is released, the piece is free, the reader and the tablet go on."""

import logging
from collections.abc import Callable

import pytest
import stripe
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from pos import doctor
from pos.errors import NothingTaken, RecordsTrouble, WrongState
from pos.models import Order, OrderState, Payment, PaymentState, Piece, PieceState
from pos.payments import intents
from pos.payments.recover import recover
from pos.payments.reduce import MISMATCH
from pos.selling import finish, orders, pickup, settle
from pos.settings import Settings
from pos.shop import Shop
from tests.payments.conftest import CREATE, DECLINED, Till
from tests.selling.shelf import CHARM, later

CANCEL = f"POST {CREATE}/*/cancel"


@pytest.fixture
def held(till: Till) -> str:
    """A payment whose card said yes and whose sale is not written yet."""
    payment = till.sale(number=12)
    till.carry_on(payment)
    till.card()
    assert intents.find_out(till.shop, payment_id=payment) == PaymentState.AUTHORISED
    return payment


def lose_the_piece(till: Till, payment_id: str) -> None:
    """The piece of the order is somehow another's."""
    with till.shop.jot() as tx:
        lost = update(Piece).where(col(Piece.sku) == CHARM, col(Piece.number) == 12)
        tx.exec(lost.values(order_id=None, state=PieceState.FREE, basket_id=None, held_until=None))


def close_the_order(till: Till, payment_id: str) -> None:
    """The order was closed by a hand in the records."""
    with till.shop.jot() as tx:
        tx.exec(update(Order).where(col(Order.id) == till.order(payment_id).id).values(state=OrderState.CANCELLED))


def settling_raises(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    def settle(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(finish.settle, "settle", settle)


@pytest.mark.parametrize("spoil", [lose_the_piece, close_the_order])
def test_scenario_11_an_authorised_sale_that_cannot_be_written_releases_the_hold(
    till: Till, held: str, spoil: Callable[[Till, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    spoil(till, held)
    with caplog.at_level(logging.ERROR, logger="pos.selling.finish"):
        assert till.carry_on(held) == PaymentState.CANCELLED
    till.assert_undone(held)
    assert till.payment(held).reason == "cannot_settle"
    assert "cannot be settled" in caplog.text
    assert intents.open_payments(till.shop) == []
    assert till.carry_on(held) == PaymentState.CANCELLED


@pytest.mark.parametrize(
    "trouble", [WrongState("piece", "A", "not this order's"), IntegrityError("insert", {}, ValueError("unique"))]
)
def test_whatever_refuses_the_sale_the_piece_goes_back_to_the_basket(
    till: Till, held: str, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    settling_raises(monkeypatch, trouble)
    assert till.carry_on(held) == PaymentState.CANCELLED
    till.assert_undone(held)
    assert till.piece(12).state == PieceState.HELD


def test_scenario_11_a_full_disk_cancels_nothing_and_is_tried_again(
    till: Till, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        settling_raises(full, RecordsTrouble("database or disk is full"))
        with pytest.raises(RecordsTrouble):
            till.carry_on(held)
    assert till.payment(held).state == PaymentState.AUTHORISED
    assert till.payment(held).cancel_why is None
    assert till.calls(held, "cancel_intent") == []
    assert till.carry_on(held) == PaymentState.CAPTURED
    till.assert_sold_once(held)


def test_a_hold_is_released_only_when_stripe_says_so_and_the_sale_is_not_tried_again(till: Till, held: str) -> None:
    lose_the_piece(till, held)
    till.stripe.fault("socket_drop_before", on=CANCEL, times=None)
    assert till.carry_on(held) == PaymentState.AUTHORISED
    assert till.payment(held).finished_at is None
    till.stripe.clear_faults()
    with till.shop.jot() as tx:  # the piece is back: too late, a release is on its way
        back = update(Piece).where(col(Piece.sku) == CHARM, col(Piece.number) == 12)
        tx.exec(back.values(order_id=till.order(held).id, state=PieceState.COMMITTED))
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    till.assert_undone(held)
    assert till.piece(12).state in (PieceState.FREE, PieceState.HELD)


def test_a_release_whose_answer_was_lost_is_a_release(till: Till, held: str) -> None:
    lose_the_piece(till, held)
    till.stripe.fault("socket_drop_after", on=CANCEL, times=None)
    till.carry_on(held)
    till.stripe.clear_faults()
    till.carry_on(held)
    till.assert_undone(held)
    assert till.payment(held).reason == "cannot_settle"


def test_a_settled_sale_is_never_let_go(till: Till, held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    finish.settle.settle(till.shop, payment_id=held)
    settling_raises(monkeypatch, WrongState("order", "A", "paid"))  # as if another worker had just settled it
    assert till.carry_on(held) == PaymentState.CAPTURED
    till.assert_sold_once(held)
    assert till.calls(held, "cancel_intent") == []


def test_money_that_was_taken_without_a_sale_is_left_for_a_person(
    till: Till, held: str, caplog: pytest.LogCaptureFixture
) -> None:
    close_the_order(till, held)
    intents.capture(till.shop, payment_id=held)
    with caplog.at_level(logging.ERROR, logger="pos.selling.finish"):
        assert till.carry_on(held) == PaymentState.CAPTURED
    assert "a person must look" in caplog.text
    payment: Payment = till.payment(held)
    assert (payment.state, payment.finished_at) == (PaymentState.CAPTURED, None)
    assert till.receipts(held) == 0


def forget(till: Till, payment_id: str, *, reader_too: bool = False) -> None:
    """Stripe knows nothing of this payment any more, as under the key of another account."""
    with till.stripe.world.acting() as world:
        world.shelf.drop("payment_intent", till.payment(payment_id).intent_id or "")
        if reader_too:
            world.shelf.drop("terminal.reader", till.reader_id)


def time_out(till: Till, payment_id: str) -> None:
    later(till.shop, minutes=till.shop.settings.payment_minutes + 1)


def leave(till: Till, payment_id: str) -> None:
    intents.ask_cancel(till.shop, payment_id=payment_id, by="tablet")


@pytest.mark.parametrize("reader_too", [False, True])
@pytest.mark.parametrize("want", [time_out, leave])
def test_a_payment_stripe_knows_nothing_of_frees_the_reader_once_nobody_waits_for_it(
    till: Till, want: Callable[[Till, str], None], reader_too: bool
) -> None:
    payment = till.sale()
    till.carry_on(payment)
    forget(till, payment, reader_too=reader_too)
    for _ in range(3):
        assert till.carry_on(payment) == PaymentState.UNKNOWN  # in its time it may still be found
    assert till.payment(payment).reason == "intent_missing"
    want(till, payment)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert till.payment(payment).reason == "intent_unknown"
    till.assert_undone(payment)
    assert intents.open_payments(till.shop, desk=till.reader_id) == []


def test_a_refused_payment_stripe_forgot_can_be_left(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card(DECLINED)
    assert till.carry_on(payment) == PaymentState.DECLINED
    forget(till, payment)
    leave(till, payment)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    till.assert_undone(payment)


@pytest.mark.parametrize("fault", ["socket_drop_before", "error_500_before", "rate_limit"])
@pytest.mark.parametrize("asked", ["/v1/payment_intents/*", "/v1/terminal/readers*"])
def test_no_answer_is_not_the_answer_that_there_is_no_such_payment(till: Till, asked: str, fault: str) -> None:
    payment = till.sale()
    till.carry_on(payment)
    forget(till, payment, reader_too=True)
    leave(till, payment)
    till.stripe.fault(fault, on=f"GET {asked}", times=None)
    assert till.carry_on(payment) != PaymentState.CANCELLED
    till.stripe.clear_faults()
    assert till.carry_on(payment) == PaymentState.CANCELLED


def test_a_key_that_is_refused_cancels_nothing(till: Till, settings: Settings) -> None:
    payment = till.sale()
    till.carry_on(payment)
    leave(till, payment)
    stranger = Shop(settings.model_copy(update={"stripe_api_key": "sk_test_of_nobody_at_all"}), clock=till.shop.clock)
    assert finish.carry_on(stranger, payment_id=payment) != PaymentState.CANCELLED
    stranger.close()
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert till.payment(payment).reason == "asked"


def test_money_held_in_the_wrong_amount_is_not_forgotten_because_stripe_forgot_it(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    with till.stripe.world.acting() as world:
        world.shelf.find("payment_intent", till.payment(payment).intent_id or "")["amount"] += 100  # type: ignore[index]
    till.card()
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    forget(till, payment)
    leave(till, payment)
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    assert till.payment(payment).reason == MISMATCH


def test_scenario_14_a_sale_whose_money_never_came_stays_in_the_safe_and_waits_for_a_person(
    till: Till, held: str
) -> None:
    settle.settle(till.shop, payment_id=held)  # the shop dies here, before the money is taken
    (intent,) = till.intents(held)
    stripe.StripeClient(till.stripe.api_key, base_addresses={"api": till.stripe.url}).v1.payment_intents.cancel(
        str(intent["id"])
    )  # the hold ends, or somebody ends it in the Dashboard
    assert till.carry_on(held) == PaymentState.CANCELLED
    assert intents.open_payments(till.shop) == []  # asking again would change nothing
    counter = till.neighbour().tablet.unlock()
    booked = orders.view(till.shop, order_id=till.order(held).id).pickup
    assert booked is not None
    with pytest.raises(NothingTaken):
        pickup.hand_over(till.shop, code=booked.code, staff_id="ada", device_id=counter.device_id)
    assert "nothing was taken" in doctor._payments(till.shop).said
