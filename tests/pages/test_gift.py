"""The gift card screen: a code opens its card, the amount is chosen once, and no code ever stands on it."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from pos.models import GiftCard, GiftCardKind, JobState, Order, PaymentState, Printer, PrintJob
from pos.paper import desk, sealed
from pos.payments import gift_cards
from pos.selling import orders, settle
from tests.pages.conftest import Tablet
from tests.pages.test_pay import put
from tests.selling.shelf import later

STAFF, MANAGER = "counter", "manager"


@pytest.fixture
def counter(tablet: Tablet) -> Tablet:
    """The gift card screen, unlocked by somebody of the counter."""
    tablet.open("counter/gift")
    tablet.unlock(STAFF)
    return tablet


@pytest.fixture
def manager(tablet: Tablet) -> Tablet:
    """The same, unlocked by the manager."""
    tablet.open("counter/gift")
    tablet.unlock(MANAGER)
    return tablet


def card(tablet: Tablet, amount_minor: int = 12_000, **more: Any) -> tuple[str, str]:
    """A card that was issued earlier: its id and its code."""
    told = {"kind": GiftCardKind.GIFT, "currency": "gbp", "boutique_id": "demo", "staff_id": STAFF} | more
    with tablet.shop.jot() as tx:
        made, code = gift_cards.put_out(tx, amount_minor=amount_minor, at=tx.now(), **told)
        return made.id, code


def look_up(tablet: Tablet, words: str) -> None:
    tablet.screen.text_input(key="gift_typed").set_value(words).run()


def give(tablet: Tablet) -> None:
    (key,) = [key for key in keys(tablet) if key.startswith("go_give_")]
    tablet.touch(key)


def keys(tablet: Tablet) -> set[str]:
    return {str(button.key) for button in tablet.screen.button}


def test_a_code_shows_what_is_left_and_is_not_kept_on_the_screen(counter: Tablet) -> None:
    _, code = card(counter)
    look_up(counter, code.lower())
    assert counter.says("£120.00")
    assert counter.says(f"Gift card ···· {code[-4:]}")
    assert code not in counter.words
    assert counter.screen.text_input(key="gift_typed").value == ""
    assert not {"block", "replace"} & keys(counter)
    assert [key for key in keys(counter) if key.startswith("go_give")] == []
    assert counter.says("To block, replace or give a card, a manager unlocks this counter.")


def test_a_wrong_code_is_one_sentence_and_the_next_must_wait(counter: Tablet) -> None:
    _, code = card(counter)
    look_up(counter, "3333-4444-6666-7777-9999")
    assert counter.says("No card has this code. Look again, letter by letter.")
    look_up(counter, code)
    assert counter.says("Too many codes that nobody knows. Next try in 1 s.")
    later(counter.shop, seconds=1)
    look_up(counter, code)
    assert counter.says("£120.00")


def test_an_empty_a_blocked_and_an_expired_card_say_so(counter: Tablet) -> None:
    ids = [card(counter), card(counter), card(counter, expires_on=date(2026, 11, 20))]
    with counter.shop.jot() as tx:
        tx.get_one(GiftCard, ids[0][0]).balance_minor = 0
        tx.get_one(GiftCard, ids[1][0]).blocked_at = tx.now()
    sentences = (
        "Nothing is left on this card.",
        "Blocked: it pays for nothing until a manager unblocks or replaces it.",
        "It was good until 20 November 2026: it pays for nothing any more.",
    )
    for (_, code), sentence in zip(ids, sentences, strict=True):
        look_up(counter, code)
        assert [one for one in sentences if counter.says(one)] == [sentence]


def test_a_lost_card_is_chosen_from_a_list(manager: Tablet) -> None:
    cards = [card(manager, 1_000 + i) for i in range(60)]
    with manager.shop.jot() as tx:
        for card_id, _ in cards:
            tx.get_one(GiftCard, card_id).last4 = "9HXM"
    look_up(manager, "9hxm")
    assert manager.says("50 cards")
    newest = gift_cards.views(manager.shop, card_ids=[card_id for card_id, _ in cards])[0]
    manager.touch(f"card_{newest.card_id}")
    assert "replace" in keys(manager)


def test_nothing_found_is_said(counter: Tablet) -> None:
    look_up(counter, "K7QF-3HWD")
    assert counter.says("No card of this boutique has this order, or these last four.")


def test_a_lost_card_is_blocked_and_replaced_after_one_question(manager: Tablet) -> None:
    card_id, lost = card(manager)
    look_up(manager, lost)
    manager.touch("block")
    assert manager.says("Blocked: it pays for nothing")
    manager.touch("replace")
    assert manager.says("A new card with £120.00 is printed.")
    manager.touch("keep_card")
    assert gift_cards.view(manager.shop, card_id=card_id).blocked
    manager.touch("replace")
    manager.touch("go_replace")
    assert manager.says("The new card is being printed.")
    again = gift_cards.view(manager.shop, card_id=card_id)
    assert (again.blocked, again.balance_minor) == (False, 12_000)
    assert again.last4 != lost[-4:]
    manager.touch("link_another")
    look_up(manager, lost)
    assert manager.says("No card has this code.")


def test_a_manager_gives_a_credit_with_its_reason(manager: Tablet) -> None:
    manager.screen.number_input(key="give_amount").set_value(25.5).run()
    give(manager)
    assert manager.says("Please say why.")
    manager.screen.text_input(key="give_reason").set_value("Late by a week").run()
    give(manager)
    assert manager.says("The credit is being printed.")
    with manager.shop.read() as look:
        job = look.exec(select(PrintJob)).one()
    assert sealed.opened(manager.shop, job.facts)["code"] not in manager.words
    assert manager.says("On its way to paper")


def test_a_quick_amount_goes_to_the_reader_and_comes_back_as_a_card(counter: Tablet) -> None:
    counter.screen.segmented_control(key="quick").set_value("100").run()
    counter.touch("go_sell")
    with counter.shop.read() as look:
        order = look.exec(select(Order)).one()
    assert (order.total_minor, order.vat_minor) == (10_000, 0)
    counter.open("shop/pay", order=order.id, by="counter")
    assert counter.says("Gift card")
    assert counter.says("£100.00")
    settle.settle(counter.shop, payment_id=put(counter, order.id, PaymentState.AUTHORISED))
    counter.open("shop/done", order=order.id, by="counter")
    assert counter.says("Its code stands on the paper only")
    assert [one.kind for one in orders.view(counter.shop, order_id=order.id).slips] == ["sales", "gift"]


def test_another_amount_is_typed_and_too_little_is_refused(counter: Tablet) -> None:
    counter.screen.segmented_control(key="quick").set_value("other").run()
    counter.screen.number_input(key="other_amount").set_value(12.0).run()
    counter.touch("go_sell")
    assert counter.says("A gift card is sold for £20.00 to £2,000.00.")
    counter.screen.number_input(key="other_amount").set_value(75.25).run()
    counter.touch("go_sell")
    with counter.shop.read() as look:
        assert look.exec(select(Order.total_minor)).one() == 7_525


@pytest.mark.parametrize("typed", [-5.0, 99_999.0])
def test_the_field_and_the_button_never_say_two_amounts(manager: Tablet, typed: float) -> None:
    """A field with limits of its own would keep what it refuses to itself, in the framework's words."""
    manager.screen.segmented_control(key="quick").set_value("other").run()
    for key in ("other_amount", "give_amount"):
        field = manager.screen.number_input(key=key)
        assert (field.min, field.max) == (None, None)
        field.set_value(typed).run()
    manager.touch("go_sell")
    assert manager.says("A gift card is sold for £20.00 to £2,000.00.")
    manager.screen.text_input(key="give_reason").set_value("Late").run()
    (button,) = [one for one in manager.screen.button if str(one.key).startswith("go_give_")]
    assert button.disabled == (typed < 0)
    with manager.shop.read() as look:
        assert not look.exec(select(Order)).all()


def test_the_same_in_french(counter: Tablet) -> None:
    counter.touch("staff_tongue")
    _, code = card(counter)
    look_up(counter, code)
    assert counter.says(f"Carte cadeau ···· {code[-4:]}")
    assert counter.says("120,00\u00a0£")
    assert counter.says("émise")


def test_a_card_nobody_saw_come_out_is_asked_about_from_everywhere(manager: Tablet) -> None:
    manager.screen.number_input(key="give_amount").set_value(10.0).run()
    manager.screen.text_input(key="give_reason").set_value("Late").run()
    give(manager)
    with manager.shop.jot() as tx:
        tx.add(Printer(id="p1", boutique_id="demo", label="Counter", host="127.0.0.1"))
        tx.flush()
        job = tx.exec(select(PrintJob)).one()
        job.state, job.printer_id = JobState.UNKNOWN, "p1"
        job_id = job.id
    manager.open("counter/payments")
    manager.touch("slips_to_look_for")
    manager.touch(f"came_out_{job_id}")
    with manager.shop.read() as look:
        job = look.get_one(PrintJob, job_id)
    assert job.state == JobState.CONFIRMED
    assert not sealed.holds_secret(job.facts)
    assert desk.to_look_for(manager.shop, boutique_id="demo") == ()


def test_a_long_history_is_cut(counter: Tablet) -> None:
    card_id, code = card(counter)
    with counter.shop.jot() as tx:
        for _ in range(30):
            tx.add(gift_cards._movement(card_id, 0, "refunded", at=tx.now()))
    look_up(counter, code)
    assert counter.says("and 11 earlier")
