"""Taking money in several ways at the counter: what is left stands there, and every way back does too."""

from datetime import timedelta

import pytest
from sqlmodel import select

from pos.models import Device, Order, OrderState, Payment, PaymentState
from pos.payments import gift_cards
from pos.selling import basket, finish, orders, unwinding
from pos.selling.views import Choice, OrderView
from tests.pages.conftest import Tablet
from tests.pages.test_counter import code_of, paid_order


@pytest.fixture
def till(tablet: Tablet) -> Tablet:
    """The counter with one piece to take away, on the page of other ways to pay."""
    tablet.open("counter/sell")
    tablet.unlock("counter")
    tablet.touch_card("NC-VM")
    basket.take_away(tablet.shop, basket_id=tablet.basket_id)
    tablet.open("counter/take")
    return tablet


def order(till: Tablet) -> OrderView:
    with till.shop.read() as look:
        order_id = look.exec(select(Order.id)).one()
    return orders.view(till.shop, order_id=order_id)


def due(till: Tablet) -> int:
    quote = basket.view(till.shop, basket_id=till.basket_id).quote
    assert quote is not None
    return quote.due_now_minor


def money(minor: int) -> str:
    return f"£{minor / 100:,.2f}"


def type_amount(till: Tablet, digits: str) -> None:
    for digit in digits:
        till.touch(f"digit_{digit}")


def carried_on(till: Tablet) -> None:
    with till.shop.read() as look:
        ids = list(look.exec(select(Payment.id).where(Payment.method != "card")))
    for payment_id in ids:
        finish.carry_on(till.shop, payment_id=payment_id)


def again(till: Tablet) -> None:
    till.open("counter/take", order=order(till).order_id)


def test_the_whole_amount_stands_large_and_nothing_is_opened_by_looking(till: Tablet) -> None:
    assert till.says("Still to pay")
    assert till.says(money(due(till)))
    with till.shop.read() as look:
        assert look.exec(select(Order)).all() == []


def test_the_pieces_stand_above_their_price_before_and_after_the_order_is_made(till: Tablet) -> None:
    for _ in range(2):
        assert till.says("Corner charm, vermeil<small>Nº 1</small>")
        type_amount(till, "2000")
        till.touch("go_cash")
        again(till)


def test_part_in_cash_leaves_the_rest_to_pay(till: Tablet) -> None:
    whole = due(till)
    type_amount(till, "2000")
    till.touch("go_cash")
    again(till)
    assert till.says(money(whole - 2000))
    assert till.says("in the drawer")
    till.touch("go_card")
    again(till)
    assert order(till).remaining_minor == 0
    assert till.says("One moment")  # the reader is asked
    assert "go_card" not in [button.key for button in till.screen.button]


def test_cash_with_change_ends_the_sale_and_says_the_change(till: Tablet) -> None:
    whole = due(till)
    type_amount(till, str(whole + 500))
    till.touch("go_cash")
    again(till)
    assert till.says("Change to give back")
    carried_on(till)
    again(till)
    assert order(till).state == OrderState.PAID
    assert till.says("Change to give back")
    assert till.says("£5.00")
    assert till.says("It is yours")


def test_the_exact_amount_is_one_touch(till: Tablet) -> None:
    till.touch(f"note_{due(till)}")
    assert order(till).payment.change_minor == 0
    assert order(till).remaining_minor == 0


def test_an_amount_of_nothing_and_a_card_for_too_much_are_refused(till: Tablet) -> None:
    type_amount(till, str(due(till) + 1))
    till.touch("go_card")
    assert till.says("is still to pay.")
    till.screen.run()
    assert till.says("is still to pay.")  # the screen draws itself anew each second: it can still be read
    with till.shop.read() as look:
        assert look.exec(select(Order)).all() == []
    till.touch("digit_1")
    till.touch(f"note_{due(till)}")
    till.screen.run()
    assert not till.says("is still to pay.")  # what was touched since is past it


def test_a_digit_too_much_is_erased(till: Tablet) -> None:
    type_amount(till, "123")
    till.touch("digit_back")
    assert till.says("Cash £0.12")


def test_a_gift_card_pays_as_much_as_is_on_it(till: Tablet) -> None:
    whole = due(till)
    with till.shop.jot() as tx:
        _, code = gift_cards.issue_credit(tx, amount_minor=1500, boutique_id="demo", staff_id="counter", at=tx.now())
    till.screen.text_input(key="gift_code").set_value(code).run()
    again(till)
    assert till.says("Store credit")
    assert order(till).remaining_minor == whole - 1500


def test_a_code_nobody_knows_is_said_so(till: Tablet) -> None:
    till.screen.text_input(key="gift_code").set_value("NOBODY").run()
    assert till.says("No card has this code")


def test_a_tender_is_taken_back_and_the_order_asks_for_it_again(till: Tablet) -> None:
    whole = due(till)
    for digits in ("1000", "2000"):
        type_amount(till, digits)
        till.touch("go_cash")
        again(till)
    first = order(till).tenders[0]
    till.touch(f"back_{first.payment_id}")
    again(till)
    till.touch(f"handed_{first.payment_id}")
    carried_on(till)
    again(till)
    assert order(till).remaining_minor == whole - 2000


def test_a_sale_is_given_up_and_says_so(till: Tablet) -> None:
    type_amount(till, "1000")
    till.touch("go_cash")
    again(till)
    till.touch("link_give_up")
    till.touch("give_up")
    again(till)
    assert till.says("hand it back, then say so")
    assert till.says("Waiting until all of it is back.")
    till.touch(f"handed_{order(till).payment.payment_id}")
    carried_on(till)
    again(till)
    assert till.says("Given up")
    till.touch("go_on")
    assert till.says("Basket")


def test_without_a_reader_there_is_no_card(till: Tablet) -> None:
    with till.shop.jot() as tx:
        tx.get_one(Device, till.device_id).reader_id = None
    till.open("counter/take")
    assert till.says("This tablet has no card reader.")
    assert "go_card" not in [button.key for button in till.screen.button]


def test_another_order_is_linked_by_its_code(till: Tablet) -> None:
    type_amount(till, "1000")
    till.touch("go_cash")
    again(till)
    till.screen.text_input(key="link_code").set_value("ZZZZ-ZZZZ").run()
    assert till.says("No order has this code")


def test_what_is_half_paid_stands_on_the_payments_screen(till: Tablet) -> None:
    whole = due(till)
    type_amount(till, "1000")
    till.touch("go_cash")
    till.open("counter/payments")
    paid = order(till).payment
    assert till.says(f"held: {money(whole - 1000)} of its order still to pay")
    till.touch(f"give_up_{paid.payment_id}")
    till.open("counter/payments")
    assert till.says("cash to be handed back")
    till.touch(f"cash_returned_{paid.payment_id}")
    carried_on(till)
    assert order(till).state == OrderState.CANCELLED


def test_the_shopper_s_screen_says_that_the_counter_sees_to_it(till: Tablet) -> None:
    type_amount(till, "1000")
    till.touch("go_cash")
    till.open("shop/pay")
    assert till.says("At the counter")
    till.open("shop/pay", by="counter", order=order(till).order_id)
    assert till.says("Still to pay")


def test_in_french(till: Tablet) -> None:
    till.open("counter/take", lang="fr")
    assert till.says("Reste à payer")
    type_amount(till, "1000")
    till.touch("go_cash")
    till.open("counter/take", lang="fr", order=order(till).order_id)
    assert till.says("dans le tiroir")


def test_a_card_that_is_refused_can_be_taken_back_for_cash(till: Tablet) -> None:
    till.touch("go_card")
    paid = order(till).payment
    with till.shop.jot() as tx:
        row = tx.get_one(Payment, paid.payment_id)
        row.state, row.reason = PaymentState.DECLINED, "insufficient_funds"
    again(till)
    assert till.says("Your card was declined")
    assert till.says("refused: nothing of it is in")
    assert not till.says("asked for at the reader")
    till.touch(f"back_{paid.payment_id}")
    with till.shop.read() as look:
        assert look.get_one(Payment, paid.payment_id).cancel_why == "asked"
    assert unwinding.is_left_alone(till.shop, payment_id=paid.payment_id) is False


def test_a_balance_is_paid_in_cash_and_leads_to_the_hand_over(tablet: Tablet) -> None:
    tablet.open("counter/sell")
    tablet.unlock("counter")
    order_id = paid_order(tablet, Choice("NC-PT", number=9))
    tablet.open("counter/collect")
    tablet.screen.text_input(key="code").set_value(code_of(tablet, order_id)).run()
    tablet.touch("go_ready")
    tablet.shop.clock.move(timedelta(minutes=1))
    tablet.touch("other_ways")
    assert tablet.says("£432.00")
    tablet.open("counter/take", order=order_id, part="balance")
    type_amount(tablet, "43000")
    tablet.touch("go_cash")
    tablet.open("counter/take", order=order_id, part="balance")
    assert tablet.says("Balance")
    assert tablet.says("£2.00")
    type_amount(tablet, "500")
    tablet.touch("go_cash")
    carried_on(tablet)
    tablet.open("counter/take", order=order_id, part="balance")
    assert tablet.says("Paid")
    assert tablet.says("£3.00")  # the change, before anybody goes on
    tablet.touch("go_on")
    assert tablet.says("Compare the number")
    tablet.open("counter/collect")
    tablet.touch("go_hand_over")
    assert tablet.says("Handed over")
