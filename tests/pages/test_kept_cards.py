"""Keeping a card for the balance: asked in a box of its own, charged at the counter, refused in one sentence."""

from datetime import timedelta

import pytest
from sqlmodel import select

from kiosk.words import LANGUAGES, Words
from pos.models import Method, OrderState, PaymentState, SavedCard, SavedCardState
from pos.selling import checkout, orders, settle
from pos.selling.views import Choice
from tests.pages.conftest import Tablet
from tests.pages.test_counter import code_of, paid_order
from tests.pages.test_pay import put
from tests.pages.test_shop import choose_first_slot, hold

BOX = "keep_card_43200"
PREORDER = Choice("NC-PT", number=9)


@pytest.fixture
def counter(tablet: Tablet) -> Tablet:
    tablet.open("counter/collect")
    tablet.unlock("counter")
    return tablet


def consents(tablet: Tablet) -> list[SavedCard]:
    with tablet.shop.read() as look:
        return list(look.exec(select(SavedCard)))


def keep(tablet: Tablet, order_id: str, state: SavedCardState = SavedCardState.KEPT) -> None:
    """A card of an order as the payments room leaves it."""
    known = {"customer_id": "cus_1", "method_id": "pm_1", "brand": "visa", "last4": "4242"}
    with tablet.shop.jot() as tx:
        tx.add(
            SavedCard(
                id=order_id,
                order_id=order_id,
                state=state,
                consent_version="2026-11",
                consent_text="Yes.",
                language="en",
                consented_at=tablet.shop.clock.now(),
                **(known if state == SavedCardState.KEPT else {}),
            )
        )


def collecting(counter: Tablet, order_id: str) -> None:
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code_of(counter, order_id)).run()


def boxes(tablet: Tablet) -> dict[str, bool]:
    keys = [str(one.key).partition("=")[0] for one in tablet.screen.button if str(one.key).startswith("keep_card_")]
    return {key: tablet.ticked(key) for key in keys}


def test_the_box_is_offered_for_a_balance_unticked_and_nothing_depends_on_it(tablet: Tablet) -> None:
    hold(tablet, "NC-PT", 9)
    choose_first_slot(tablet)
    tablet.open("shop/basket")
    assert boxes(tablet) == {BOX: False}
    assert tablet.says("charge it once: £432.00, the balance of this order and no more")
    tablet.tick("terms")
    assert tablet.pays
    tablet.touch("go_pay")
    assert consents(tablet) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stood_beside_the_box_is_kept_word_for_word(tablet: Tablet, language: str) -> None:
    hold(tablet, "NC-PT", 9)
    choose_first_slot(tablet)
    tablet.open("shop/basket", lang=language)
    tablet.tick("terms")
    tablet.tick(BOX)
    tablet.touch("go_pay")
    (card,) = consents(tablet)
    say = Words(language)
    assert card.consent_text == say("keep_card.text", amount=say.exact(43200))
    assert (card.language, card.consent_version, card.state) == (language, "2026-11", SavedCardState.ASKED)


def test_a_sale_that_is_paid_at_once_asks_for_no_card(tablet: Tablet) -> None:
    hold(tablet, "NC-VM", 3)
    choose_first_slot(tablet)
    tablet.open("shop/basket")
    assert boxes(tablet) == {}


def test_another_balance_is_another_question(counter: Tablet) -> None:
    counter.open("counter/sell")
    counter.touch_card("NC-PT")
    counter.tick(BOX)
    counter.touch_card("NC-PT")
    assert boxes(counter) == {"keep_card_86400": False}


def test_at_the_counter_the_box_is_offered_too(counter: Tablet) -> None:
    counter.open("counter/sell")
    counter.touch_card("NC-PT")
    choose_first_slot(counter)
    counter.open("counter/sell")
    assert boxes(counter) == {BOX: False}
    counter.tick(BOX)
    counter.touch("go_take")
    assert [card.state for card in consents(counter)] == [SavedCardState.ASKED]


def test_the_kept_card_is_charged_from_collect_once_the_piece_is_there(counter: Tablet) -> None:
    order_id = paid_order(counter, PREORDER)
    keep(counter, order_id)
    collecting(counter, order_id)
    assert not counter.says("to the kept card")
    counter.touch("go_ready")
    assert counter.says("Charge £432.00 to the kept card (Visa ···· 4242)")
    assert counter.says("Take £432.00 at the reader")
    counter.shop.clock.move(timedelta(minutes=1))
    counter.touch("go_kept_card")
    assert counter.says("with nobody at the reader")
    assert orders.view(counter.shop, order_id=order_id).payment.method == Method.CARD, "one touch charges nothing"
    counter.touch("link_not_now")
    assert not counter.says("with nobody at the reader")
    counter.touch("go_kept_card")
    counter.touch("go_kept_card_sure")
    assert counter.says("Charging the kept card")
    assert counter.says("£432.00 of Visa ···· 4242")
    payment = orders.view(counter.shop, order_id=order_id).payment
    assert (payment.method, payment.reader_id) == (Method.SAVED_CARD, "")
    settle.settle(counter.shop, payment_id=put(counter, order_id, PaymentState.AUTHORISED, charge_id="ch_2"))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("Compare the number")


def test_nobody_needs_to_be_there_with_a_code_to_charge_a_kept_card(counter: Tablet) -> None:
    order_id = paid_order(counter, PREORDER)
    keep(counter, order_id)
    counter.open("counter/collect")
    code = orders.view(counter.shop, order_id=order_id).code
    counter.screen.text_input(key="code").set_value(code).run()
    counter.touch("go_ready")
    assert counter.says("to the kept card")
    assert not counter.says("at the reader")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("authentication_required", "The bank wants the cardholder to confirm it."),
        ("expired_card", "The card has expired since."),
        ("generic_decline", "The bank said no."),
        ("stripe_api_error", "Stripe could not charge it."),
    ],
)
def test_a_refusal_says_why_in_one_sentence_and_leaves_the_other_ways(counter: Tablet, reason: str, words: str) -> None:
    order_id = paid_order(counter, PREORDER)
    keep(counter, order_id)
    collecting(counter, order_id)
    counter.touch("go_ready")
    counter.shop.clock.move(timedelta(minutes=1))
    counter.touch("go_kept_card")
    counter.touch("go_kept_card_sure")
    checkout.undo(counter.shop, payment_id=put(counter, order_id, PaymentState.CANCELLED, reason=reason))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("The kept card was refused")
    assert counter.says(words)
    counter.touch("go_back")
    assert counter.says(words)
    assert counter.says("Take £432.00 at the reader")
    assert orders.view(counter.shop, order_id=order_id).state == OrderState.DEPOSIT


def test_a_charge_that_staff_let_go_is_no_refusal(counter: Tablet) -> None:
    order_id = paid_order(counter, PREORDER)
    keep(counter, order_id)
    collecting(counter, order_id)
    counter.touch("go_ready")
    counter.shop.clock.move(timedelta(minutes=1))
    counter.touch("go_kept_card")
    counter.touch("go_kept_card_sure")
    checkout.undo(counter.shop, payment_id=put(counter, order_id, PaymentState.CANCELLED, reason="asked"))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("The deposit stands, and so does the promise.")
    assert not counter.says("refused")


def test_a_phone_that_could_not_be_kept_is_said_at_the_counter(counter: Tablet) -> None:
    order_id = paid_order(counter, PREORDER)
    keep(counter, order_id, SavedCardState.NOT_KEPT)
    collecting(counter, order_id)
    counter.touch("go_ready")
    assert counter.says("No card could be kept")
    assert not counter.says("to the kept card")


def test_the_shopper_has_the_card_forgotten_at_the_counter(counter: Tablet) -> None:
    order_id = paid_order(counter, PREORDER)
    keep(counter, order_id)
    collecting(counter, order_id)
    counter.touch("go_ready")
    counter.touch("link_forget")
    assert counter.says("The kept card is being forgotten.")
    assert not counter.says("to the kept card")


def link_at(counter: Tablet) -> str:
    """A link that staff sent for a balance and Stripe has made; says the order's id."""
    order_id = paid_order(counter, PREORDER)
    collecting(counter, order_id)
    assert not counter.says("Send a pay link")
    counter.touch("go_ready")
    counter.shop.clock.move(timedelta(minutes=1))
    counter.touch("go_link")
    assert counter.says("The link is being made.")
    put(counter, order_id, PaymentState.DISPATCHED, link_id="cs_1", link_url="https://pay.example/cs_1")
    return order_id


def test_a_pay_link_is_shown_to_be_scanned_and_copied_and_left_open(counter: Tablet) -> None:
    order_id = link_at(counter)
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("A link to pay £432.00")
    assert [code.value for code in counter.screen.get("code")] == ["https://pay.example/cs_1"]
    counter.touch("go_back")
    assert counter.says("A pay link is open.")
    assert not counter.says("at the reader")
    counter.touch("go_link")
    assert counter.says("A link to pay £432.00")
    counter.shop.clock.move(timedelta(minutes=11))
    assert orders.live_order(counter.shop, device_id=counter.device_id) is None  # the tablet is free meanwhile


def test_a_pay_link_is_withdrawn_and_the_other_ways_are_there_again(counter: Tablet) -> None:
    order_id = link_at(counter)
    counter.open("shop/pay", order=order_id, by="counter")
    counter.touch("go_cancel")
    assert counter.says("The link is being withdrawn.")
    checkout.undo(counter.shop, payment_id=put(counter, order_id, PaymentState.CANCELLED, reason="asked"))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("The deposit stands, and so does the promise.")
    counter.touch("go_back")
    assert counter.says("Take £432.00 at the reader")


@pytest.mark.parametrize(
    ("reason", "words"), [("link_expired", "24 hours are over"), ("stripe_api_error", "No link could be made")]
)
def test_a_pay_link_that_is_over_says_why(counter: Tablet, reason: str, words: str) -> None:
    order_id = link_at(counter)
    checkout.undo(counter.shop, payment_id=put(counter, order_id, PaymentState.CANCELLED, reason=reason))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says(words)
    counter.touch("go_back")
    assert counter.says(words)
    assert counter.says("Send a pay link")
