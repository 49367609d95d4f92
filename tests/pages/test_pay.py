"""At the reader: each state in its words, nothing done twice, nothing lost by a reload, nothing shown to the next."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from kiosk.components import idle
from pos.models import OrderState, Payment, PaymentState
from pos.selling import basket, checkout, orders, pickup, proofs, settle
from pos.selling.views import Choice
from tests.pages.conftest import Tablet


def open_order(tablet: Tablet, *choices: Choice) -> str:
    for choice in choices or (Choice("NC-VM", number=12),):
        kept = basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=choice)
        if choice.engraving:
            words = {"item_id": kept.item_id, "lines": choice.engraving}
            proofs.confirm(tablet.shop, basket_id=tablet.basket_id, **words)
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    slot = pickup.slots(tablet.shop, boutique_id="demo", not_before=held.ready_on)[0]
    basket.choose_pickup(tablet.shop, basket_id=tablet.basket_id, boutique_id="demo", start=slot.start)
    price = checkout.quote(tablet.shop, basket_id=tablet.basket_id)
    return checkout.open(tablet.shop, quote=price, device_id=tablet.device_id, terms_version="test")


def put(tablet: Tablet, order_id: str, state: PaymentState, **facts: object) -> str:
    """What the back office found out."""
    with tablet.shop.jot() as tx:
        latest = select(Payment).where(Payment.order_id == order_id).order_by(col(Payment.opened_at).desc())
        payment = tx.exec(latest).first()
        assert payment is not None
        payment.state = state
        for name, value in facts.items():
            setattr(payment, name, value)
        return payment.id


@pytest.mark.parametrize(
    ("state", "facts", "title", "buttons"),
    [
        (PaymentState.QUEUED, {}, "One moment", {"go_cancel"}),
        (PaymentState.DISPATCHED, {}, "Hold your card to the reader", {"go_cancel"}),
        (PaymentState.DECLINED, {"reason": "insufficient_funds"}, "Your card was declined", {"go_cancel", "go_again"}),
        (PaymentState.DECLINED, {"reason": "reader_offline"}, "The reader needs help", {"go_cancel", "go_again"}),
        (PaymentState.UNKNOWN, {"reason": "no_answer"}, "Checking with the bank", set()),
        (PaymentState.AUTHORISED, {}, "Accepted", set()),
    ],
)
def test_each_state_has_its_words_and_only_the_buttons_that_make_sense(
    tablet: Tablet, state: PaymentState, facts: dict[str, str], title: str, buttons: set[str]
) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, state, **facts)
    screen = tablet.open("shop/pay", order=order_id)
    assert tablet.headings == [title]
    assert {button.key for button in screen.button if not button.disabled} == buttons


def test_the_number_stays_the_shopper_s_in_words(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.DISPATCHED)
    tablet.open("shop/pay", order=order_id)
    assert tablet.says("Nº 12 stays yours while you pay.")


def test_who_waits_for_the_reader_is_told_for_whom(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.QUEUED, reason="reader_taken")
    tablet.open("shop/pay", order=order_id)
    assert tablet.says("The reader is serving somebody else; it is your turn next.")
    assert not tablet.screen.button(key="go_cancel").disabled


def test_cancel_is_asked_for_and_said_at_once(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.DISPATCHED)
    tablet.open("shop/pay", order=order_id)
    tablet.touch("go_cancel")
    assert tablet.says("Cancelling")
    assert orders.view(tablet.shop, order_id=order_id).payment.cancel_asked


def test_another_card_goes_to_the_reader_as_the_same_payment(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.DECLINED, reason="insufficient_funds")
    tablet.open("shop/pay", order=order_id)
    tablet.touch("go_again")
    payments = orders.view(tablet.shop, order_id=order_id).payments
    assert [payment.state for payment in payments] == [PaymentState.QUEUED]


def test_a_cancelled_payment_leads_back_to_the_basket_as_it_was(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    checkout.undo(tablet.shop, payment_id=put(tablet, order_id, PaymentState.CANCELLED))
    tablet.open("shop/pay", order=order_id)
    assert tablet.says("Nothing was taken. Your basket is as it was.")
    tablet.touch("go_back")
    assert tablet.says("Nº 12 of 60")


def test_silence_leads_home_from_the_pay_page_only_once_the_payment_is_over(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[int] = []
    monkeypatch.setattr(idle, "_idle", lambda *, data, **_: watched.append(data["seconds"]))
    order_id = open_order(tablet)
    tablet.open("shop/pay", order=order_id)
    checkout.undo(tablet.shop, payment_id=put(tablet, order_id, PaymentState.CANCELLED))
    tablet.open("shop/pay", order=order_id)
    assert watched == [0, tablet.shop.settings.idle_seconds]


def test_a_reload_anywhere_comes_back_to_an_open_payment(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.DISPATCHED)
    tablet.new_browser()
    assert tablet.says("Hold your card to the reader")


def test_a_paid_order_shows_number_receipt_certificate_code_and_paper(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/pay", order=order_id)
    order = orders.view(tablet.shop, order_id=order_id)
    assert order.pickup is not None
    wanted = [
        "It is yours",
        "Nº 12",
        order.code,
        order.receipts[0],
        order.pickup.code,
        order.certificates[0].short_code,
    ]
    assert [words for words in wanted if not tablet.says(words)] == []


def test_a_deposit_says_what_is_due_when(tablet: Tablet) -> None:
    order_id = open_order(tablet, Choice("NC-PT", number=4))
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=order_id)
    assert orders.view(tablet.shop, order_id=order_id).state == OrderState.DEPOSIT
    assert tablet.says("It will be yours")
    assert tablet.says("£432.00 is due at pickup, from 21 December.")


def test_several_pieces_are_several_in_the_title_too(tablet: Tablet) -> None:
    order_id = open_order(tablet, Choice("NC-VM", number=13), Choice("NC-CH", number=13))
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=order_id)
    assert "They are yours" in tablet.headings


def test_the_next_shopper_sees_nothing_of_the_last(tablet: Tablet) -> None:
    order_id = open_order(tablet)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=order_id)
    tablet.touch("go_finish")
    assert tablet.headings == ["Notebook corner", "Owner and pet"]
    tablet.shop.clock.move(timedelta(minutes=11))
    tablet.open("shop/done", order=order_id)
    assert tablet.says("This page is not here")


def test_another_tablet_cannot_open_this_one_s_order(tablet: Tablet, another: Callable[[], Tablet]) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.DISPATCHED)
    stranger = another()
    stranger.new_browser()
    stranger.open("shop/pay", order=order_id)
    assert stranger.says("There is nothing to pay")
    stranger.open("shop/done", order=order_id)
    assert stranger.says("This page is not here")


def test_the_page_is_drawn_anew_when_there_is_news_and_only_then(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = open_order(tablet)
    put(tablet, order_id, PaymentState.DISPATCHED)
    tablet.open("shop/pay", order=order_id)
    looked: list[str] = []
    view = orders.view
    monkeypatch.setattr(
        orders, "view", lambda shop, *, order_id: looked.append(order_id) or view(shop, order_id=order_id)
    )
    tablet.parts_again()
    quiet = len(looked)
    put(tablet, order_id, PaymentState.AUTHORISED)
    tablet.parts_again()
    assert tablet.says("Accepted")
    assert len(looked) > quiet  # the whole page once more
    looked.clear()
    tablet.parts_again()
    assert len(looked) == quiet


def test_what_will_be_cut_is_shown_once_more_as_it_was_confirmed(tablet: Tablet) -> None:
    order_id = open_order(tablet, Choice("NC-PT", number=3, engraving=("MAX",)))
    put(tablet, order_id, PaymentState.AUTHORISED)
    settle.settle(tablet.shop, payment_id=orders.view(tablet.shop, order_id=order_id).payment.payment_id)
    tablet.open("shop/done", order=order_id)
    assert tablet.says("So it will be cut: the drawing you said yes to.")
    (proof,) = proofs.ordered(tablet.shop, order_id=order_id).values()
    assert proof.lines == ("MAX",)
