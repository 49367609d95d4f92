"""A balance paid by a link, at home on a page of Stripe's: held, written, taken; or expired, withdrawn, due again."""

from typing import Any

import httpx
import pytest

from pos.errors import NotReady, TenderWaits
from pos.models import Method, OrderState, PaymentState, StripeEvent
from pos.payments import intents, webhook
from pos.payments.recover import recover
from pos.selling import checkout, finish, orders
from tests.payments.conftest import CAPTURE, NO_FUNDS, VISA, Till
from tests.payments.test_saved_cards import (
    asked,
    assert_balance_due,
    assert_balance_paid,
    charge,
    deposit,
    latest,
)
from tests.selling.shelf import later

SESSIONS = "/v1/checkout/sessions"
A_DAY = 24 * 3600


def send_link(till: Till, order_id: str) -> str:
    """Staff send a link for the balance; says the payment's id."""
    wanted = asked(till, order_id)
    till.tablet.say_ready(order_id)
    return checkout.open_balance(till.shop, **wanted, by=Method.LINK)


def open_link(till: Till, order_id: str) -> str:
    payment = send_link(till, order_id)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    return payment


def at_home(till: Till, payment: str, card: str = VISA) -> httpx.Response:
    """The shopper opens the link and types a card in."""
    url = till.payment(payment).link_url or ""
    assert httpx.get(url).status_code == 200
    return httpx.post(url, data={"card": card})


def sessions(till: Till, payment: str) -> list[dict[str, Any]]:
    with till.stripe.world.lock:
        kept = [dict(one) for _, one in till.stripe.world.shelf.items("checkout.session")]
    return [one for one in kept if one["metadata"].get("payment_id") == payment]


def test_a_link_paid_at_home_pays_the_balance(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    row = till.payment(payment)
    assert (row.method, row.reader_id, row.intent_id) == (Method.LINK, None, None)
    assert (row.link_url or "").startswith(till.stripe.url)
    answer = at_home(till, payment)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{till.shop.settings.public}/link-paid?lang=en")
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)
    paid = till.payment(payment)
    assert (paid.card["brand"], paid.card["last4"]) == ("visa", "4242")
    (intent,) = till.intents(payment)
    assert (intent["capture_method"], intent["payment_method_types"]) == ("manual", ["card"])


def test_the_link_asks_for_the_balance_and_names_nobody(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    (session,) = sessions(till, payment)
    assert (session["amount_total"], session["currency"], session["locale"]) == (101500, "gbp", "en")
    assert (session["customer"], session["customer_email"]) == (None, None)
    said = str([call.said for call in till.calls(payment, "open_link")])
    assert till.payment(payment).link_url not in said  # whoever has the address can pay


def test_while_a_link_stands_open_no_card_is_asked_for(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    with pytest.raises(TenderWaits) as refused:
        checkout.open_balance(till.shop, **asked(till, order_id))
    assert refused.value.amount == 101500
    assert send_link(till, order_id) == payment
    assert till.payment(payment).state == PaymentState.DISPATCHED


def test_a_card_refused_at_home_leaves_the_link_open_for_another(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    answer = at_home(till, payment, NO_FUNDS)
    assert (answer.status_code, "insufficient funds" in answer.text) == (402, True)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    at_home(till, payment)
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)


def test_a_link_waits_for_hours_and_only_stripe_ends_it(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    later(till.shop, hours=20)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    assert orders.live_order(till.shop, device_id=till.tablet.device_id) != order_id  # the tablet is free meanwhile
    at_home(till, payment)
    till.carry_on(payment)
    assert_balance_paid(till, payment)


def test_scenario_16_a_refused_card_is_followed_by_a_link(till: Till) -> None:
    order_id = deposit(till)
    till.stripe.fault("authentication_required")
    refused = charge(till, order_id)
    assert till.carry_on(refused) == PaymentState.CANCELLED
    payment = open_link(till, order_id)
    at_home(till, payment)
    till.carry_on(payment)
    assert_balance_paid(till, payment)


def test_a_link_that_expired_leaves_the_balance_due(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    at_home(till, payment, NO_FUNDS)
    till.stripe.advance(seconds=A_DAY)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="link_expired")
    second = open_link(till, order_id)
    at_home(till, second)
    till.carry_on(second)
    assert_balance_paid(till, second)


def test_a_link_that_is_withdrawn_takes_no_card_any_more(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    url = till.payment(payment).link_url or ""
    intents.ask_cancel(till.shop, payment_id=payment, by="ada")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="asked")
    assert httpx.post(url, data={"card": VISA}).status_code == 400
    assert till.intents(payment) == []


def test_a_link_that_was_paid_before_it_was_withdrawn_is_paid(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    at_home(till, payment)
    intents.ask_cancel(till.shop, payment_id=payment, by="ada")
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)


def test_a_link_paid_while_it_is_being_withdrawn_is_paid(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    expire = till.shop.terminal.expire_link

    def too_late(*given: Any, **more: Any) -> Any:
        at_home(till, payment)
        return expire(*given, **more)

    monkeypatch.setattr(till.shop.terminal, "expire_link", too_late)
    intents.ask_cancel(till.shop, payment_id=payment, by="ada")
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)


@pytest.mark.parametrize("fault", ["socket_drop_before", "socket_drop_after", "error_500_before", "rate_limit"])
def test_a_link_whose_answer_is_lost_is_made_once_as_far_as_anybody_knows(till: Till, fault: str) -> None:
    order_id = deposit(till, consent=None)
    payment = send_link(till, order_id)
    till.stripe.fault(fault, on=f"POST {SESSIONS}", times=3)
    till.carry_on(payment)
    till.stripe.clear_faults()
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    (session,) = sessions(till, payment)
    assert session["id"] == till.payment(payment).link_id


@pytest.mark.parametrize("fault", ["socket_drop_before", "error_500_before", "rate_limit"])
def test_a_link_that_cannot_be_shut_now_is_shut_the_next_time(till: Till, fault: str) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    intents.ask_cancel(till.shop, payment_id=payment, by="ada")
    till.stripe.fault(fault, on=f"POST {SESSIONS}/*/expire", times=3)
    assert till.carry_on(payment) == PaymentState.DISPATCHED
    till.stripe.clear_faults()
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="asked")


@pytest.mark.parametrize("call", ["open_link", "fetch_link", "capture_intent"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_shop_killed_around_a_link_takes_its_money_once(
    till: Till, monkeypatch: pytest.MonkeyPatch, call: str, when: str
) -> None:
    class Killed(BaseException):
        pass

    order_id = deposit(till, consent=None)
    payment = send_link(till, order_id)
    whole = getattr(till.shop.terminal, call)

    def die(*given: Any, **more: Any) -> Any:
        if when == "after":
            whole(*given, **more)
        raise Killed

    if call != "open_link":
        till.carry_on(payment)
        at_home(till, payment)
    with monkeypatch.context() as killed:
        killed.setattr(till.shop.terminal, call, die)
        with pytest.raises(Killed):
            till.carry_on(payment)
    later(till.shop, seconds=10)
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    if call == "open_link":
        at_home(till, payment)
        till.carry_on(payment)
    assert_balance_paid(till, payment)


def test_a_link_is_sent_only_once_the_piece_is_there_and_twice_is_once(till: Till) -> None:
    order_id = deposit(till, consent=None)
    wanted = asked(till, order_id)
    with pytest.raises(NotReady):
        checkout.open_balance(till.shop, **wanted, by=Method.LINK)
    payment = send_link(till, order_id)
    assert checkout.open_balance(till.shop, **wanted, by=Method.LINK) == payment


def test_stripe_rings_when_a_link_is_paid(till: Till) -> None:
    import json

    import stripe

    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    at_home(till, payment)
    told = till.stripe.transcript.events("checkout.session.completed")[-1]
    raw = json.dumps(told).encode()
    secret = till.stripe.world.webhook_secret
    signature = stripe.WebhookSignature.generate_signature_header(raw.decode(), secret)
    topic = f"payments {till.payment(payment).desk}"
    before = till.shop.bell.count(topic)
    webhook.receive(till.shop, raw=raw, signature=signature)
    assert till.shop.bell.count(topic) > before
    with till.shop.read() as look:
        assert look.get_one(StripeEvent, told["id"]).object_id == till.payment(payment).link_id
    assert till.order(latest(till, order_id)).state == OrderState.DEPOSIT  # only asking settles it
    till.carry_on(payment)
    assert_balance_paid(till, payment)


def test_the_capture_of_a_link_whose_answer_is_lost_is_taken_once(till: Till) -> None:
    order_id = deposit(till, consent=None)
    payment = open_link(till, order_id)
    at_home(till, payment)
    till.stripe.fault("socket_drop_after", on=f"POST /v1/payment_intents/*{CAPTURE}")
    for _ in range(2):
        till.carry_on(payment)
    assert_balance_paid(till, payment)
