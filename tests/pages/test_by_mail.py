"""The receipt by e-mail on the done screen: asked for by whoever wants it, and told plainly what became of it."""

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from sqlmodel import select

from kiosk import by_mail, state
from kiosk.components import tray
from kiosk.words import Words
from pos.models import Letter, LetterState, MailConsent, PaymentState
from pos.paper import mail
from pos.selling import basket, orders, pickup, settle
from pos.selling.views import Choice
from tests.pages.conftest import Tablet
from tests.pages.test_pay import open_order, put

ZOE = "zoe@example.com"


@pytest.fixture
def done(tablet: Tablet) -> Tablet:
    """A tablet on which a sale has just been paid."""
    order_id = open_order(tablet)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=order_id)
    return tablet


def field(tablet: Tablet) -> Any:
    (line,) = [one for one in tablet.screen.text_input if str(one.key).startswith("mail_address_")]
    return line


def ask(tablet: Tablet, address: str = ZOE) -> None:
    field(tablet).set_value(address).run()
    tablet.touch("go_mail")


def test_who_types_an_address_has_agreed_to_what_stands_above_it(done: Tablet) -> None:
    ask(done)
    with done.shop.read() as look:
        consent = look.exec(select(MailConsent)).one()
    assert (consent.address, consent.staff_id) == (ZOE, None)
    assert consent.words.startswith("We send the receipt of this order to your address, and word when it is ready")
    assert done.says("on its way to z•••@example.com")
    assert ZOE not in done.words, "a screen stands in a shop"


def test_without_a_mail_server_the_screen_says_where_the_mail_lies(done: Tablet) -> None:
    ask(done)
    mail.send_next(done.shop)
    done.screen.run()
    (file,) = (done.shop.settings.var_dir / "mail").iterdir()
    assert done.says(f"written to mail/{file.name}")


def test_who_leaves_by_finish_leaves_nothing_for_the_next_one(tablet: Tablet) -> None:
    new = set(tablet.screen.session_state)
    tablet.open("shop/bundle", bundle="charm-and-chain")
    tablet.screen.selectbox(key="charm-and-chain_charm_NC-VM_number_picked").set_value(12).run()
    tablet.open("shop/piece", sku="NC-PT")
    tablet.touch("open_thumb1")
    order_id = open_order(tablet, Choice("NC-PT", number=3))
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=order_id)
    ask(tablet)
    tablet.touch("link_mail_other")
    kept = set(tablet.screen.session_state)
    assert {"charm-and-chain_charm_NC-VM_mine", "shown_NC-PT", "mail_again", "steps"} <= kept
    tablet.touch("go_finish")
    assert tablet.says("Owner and pet")
    assert set(tablet.screen.session_state) - new <= set(state.THE_TABLETS)
    tablet.open("shop/bundle", bundle="charm-and-chain")
    assert not tablet.says("Nº 12")


def test_what_is_no_address_is_said_and_stays_to_be_mended(done: Tablet) -> None:
    ask(done, "zoe@")
    assert done.says("This is no e-mail address.")
    done.screen.run()  # paper is still coming: the part is drawn anew every second
    assert done.says("This is no e-mail address.")
    assert field(done).value == "zoe@"
    with done.shop.read() as look:
        assert look.exec(select(MailConsent)).first() is None


def test_an_address_that_refuses_is_asked_for_again(done: Tablet) -> None:
    ask(done)
    with done.shop.jot() as tx:
        tx.exec(select(Letter)).one().state = LetterState.BOUNCED
    done.screen.run()
    assert done.says("The mail to z•••@example.com came back: nobody takes it there.")
    ask(done, "zoe.b@example.com")
    assert done.says("on its way to z•••@example.com")


def test_who_wants_nothing_more_is_forgotten(done: Tablet) -> None:
    ask(done)
    done.touch("link_mail_back")
    with done.shop.read() as look:
        assert look.exec(select(MailConsent)).first() is None
        assert look.exec(select(Letter.state)).all() == [LetterState.GIVEN_UP]
    assert field(done).value == ""


def test_the_address_is_gone_from_the_screen_with_its_shopper(done: Tablet) -> None:
    field(done).set_value(ZOE).run()
    done.touch("go_finish")
    assert [key for key in done.screen.session_state if str(key).startswith("mail_")] == []


def test_an_address_typed_for_one_order_does_not_stand_under_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the counter, where mail of both came back: the receipt of one would go to the customer of the other."""
    screen: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(tray, "show", lambda markup, on, *, key: screen.update(markup=markup, taps=on.taps))
    for order_id in ("one", "another"):
        order: Any = SimpleNamespace(order_id=order_id, pickup=None)
        by_mail.show(SimpleNamespace(say=Words("en")), order, None, staff_id="ada")  # type: ignore[arg-type]
        assert ZOE not in screen["markup"]
        (line,) = [tap for tap in screen["taps"].values() if tap.takes]
        assert line.takes(ZOE)


def at_the_basket(tablet: Tablet) -> None:
    """A basket that only wants paying; the terms are accepted."""
    basket.hold(tablet.shop, basket_id=tablet.basket_id, choice=Choice("NC-VM", number=12))
    held = basket.view(tablet.shop, basket_id=tablet.basket_id)
    slot = pickup.slots(tablet.shop, boutique_id="demo", not_before=held.ready_on)[0]
    basket.choose_pickup(tablet.shop, basket_id=tablet.basket_id, boutique_id="demo", start=slot.start)
    tablet.open("shop/basket")
    tablet.tick("terms")


def agreed(tablet: Tablet) -> MailConsent | None:
    with tablet.shop.read() as look:
        return look.exec(select(MailConsent)).first()


def test_nobody_must_agree_to_mail_before_paying_and_nothing_is_ticked(tablet: Tablet) -> None:
    at_the_basket(tablet)
    assert tablet.ticked("mail_wanted") is False
    assert not tablet.says("We send the receipt"), "its words stand there for whoever wants it"
    tablet.touch("go_pay")
    assert agreed(tablet) is None


def test_who_ticks_it_before_paying_reads_what_it_is_and_gets_the_receipt(tablet: Tablet) -> None:
    at_the_basket(tablet)
    tablet.tick("mail_wanted")
    assert tablet.says("We send the receipt of this order to your address, and word when it is ready")
    tablet.screen.text_input(key="mail_before_address").set_value(ZOE).run()
    tablet.touch("go_pay")
    kept = agreed(tablet)
    assert kept is not None
    assert (kept.address, kept.staff_id) == (ZOE, None)
    assert kept.words.startswith("We send the receipt of this order to your address, and word when it is ready")
    settle.settle(tablet.shop, payment_id=put(tablet, kept.order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=kept.order_id)
    assert tablet.says("on its way to z•••@example.com")


@pytest.mark.parametrize("typed", ["", "zoe@", "x" * 300])
def test_what_is_no_address_is_said_and_stands_in_no_sale_s_way(tablet: Tablet, typed: str) -> None:
    at_the_basket(tablet)
    tablet.tick("mail_wanted")
    tablet.screen.text_input(key="mail_before_address").set_value(typed).run()
    assert tablet.says("This is no e-mail address.") is bool(typed)
    assert tablet.pays
    tablet.touch("go_pay")
    order_id = orders.live_order(tablet.shop, device_id=tablet.device_id)
    assert order_id is not None
    assert agreed(tablet) is None
    payment_id = put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1")
    settle.settle(tablet.shop, payment_id=payment_id)
    tablet.open("shop/done", order=order_id)
    assert field(tablet).value == typed.strip()[:254], "it is asked again, as it was typed"
    assert tablet.says("This is no e-mail address.") is bool(typed)
