"""A card kept with consent when the deposit is paid, charged for the balance, and forgotten. Scenario 16 of §12."""

import threading
from typing import Any

import pytest
from sqlmodel import select

from pos.backoffice import BackOffice
from pos.errors import NotAllowed, NotReady, Unknown, WrongState
from pos.models import Method, OrderState, Part, Payment, PaymentState, PieceState, SavedCard, SavedCardState
from pos.payments import intents, saved_cards
from pos.payments.recover import recover
from pos.payments.saved_cards import Consent
from pos.sandbox.stripe import presenting
from pos.sandbox.stripe.presenting import Gesture
from pos.selling import checkout, finish, orders
from tests.payments.conftest import AUTHORISING, CREATE, DECLINED, VISA, Till
from tests.selling.shelf import CHARM, TAG, later

YES = Consent("You may keep this card and charge the balance of £1,015.00 once the piece is ready.", "2026-11", "en")
WANTS_ITS_HOLDER, REFUSED_LATER, GIROCARD = "4000002760003184", "4000000000000341", "4711009900000316877"
DETACH, CUSTOMERS = "/detach", "/v1/customers"


def deposit(till: Till, card: str | None = VISA, *, consent: Consent | None = YES, number: int = 3) -> str:
    """A pre-order whose deposit is asked for, and paid unless card is None; says the order's id."""
    till.tablet.hold(TAG, number=number)
    till.tablet.book()
    order_id = checkout.open(
        till.shop,
        quote=till.tablet.quote(),
        device_id=till.tablet.device_id,
        terms_version="2026-11",
        keep_card=consent,
    )
    if card is not None:
        pay_deposit(till, order_id, card)
    return order_id


def pay_deposit(till: Till, order_id: str, card: str = VISA) -> None:
    till.carry_on(latest(till, order_id))
    till.card(card)
    assert till.carry_on(latest(till, order_id)) == PaymentState.CAPTURED


def latest(till: Till, order_id: str) -> str:
    return orders.view(till.shop, order_id=order_id).payment.payment_id


def asked(till: Till, order_id: str) -> dict[str, str]:
    if till.tablet.staff_id is None:
        till.tablet.unlock()
    return {"order_id": order_id, "device_id": till.tablet.device_id, "staff_id": till.tablet.staff_id or ""}


def charge(till: Till, order_id: str, *, ready: bool = True) -> str:
    """Staff ask the kept card for the balance; says the payment's id."""
    wanted = asked(till, order_id)
    if ready:
        till.tablet.say_ready(order_id)
    return checkout.open_balance(till.shop, **wanted, by=Method.SAVED_CARD)


def kept(till: Till, order_id: str) -> SavedCard:
    with till.shop.read() as look:
        return look.exec(select(SavedCard).where(SavedCard.order_id == order_id)).one()


def attached(till: Till, order_id: str) -> list[str]:
    """The cards Stripe keeps for the customer of an order."""
    customer = kept(till, order_id).customer_id
    assert customer is not None
    return [one.id for one in till.stranger.v1.customers.payment_methods.list(customer).data]


def assert_balance_due(till: Till, order_id: str, payment: str, *, reason: str) -> None:
    """Nothing was taken, nothing is held, and nothing is lost: the deposit and the promise stand."""
    paid = till.payment(payment)
    assert (paid.state, paid.reason) == (PaymentState.CANCELLED, reason)
    assert paid.finished_at is not None
    assert all(intent["status"] == "canceled" for intent in till.intents(payment))
    order = till.order(payment)
    assert (order.state, order.paid_minor, order.asked_minor) == (OrderState.DEPOSIT, 43500, 43500)
    assert tag(till).state == PieceState.PROMISED
    assert intents.open_payments(till.shop) == []


def assert_balance_paid(till: Till, payment: str) -> None:
    till.assert_sold_once(payment)
    assert till.order(payment).paid_minor == 145000
    assert tag(till).state == PieceState.SOLD


def tag(till: Till, number: int = 3) -> Any:
    from pos.models import Piece

    with till.shop.read() as look:
        return look.exec(select(Piece).where(Piece.sku == TAG, Piece.number == number)).one()


# --- keeping ---


def test_the_consent_stands_with_the_order_word_for_word_before_anything_is_asked_of_stripe(till: Till) -> None:
    order_id = deposit(till, None)
    card = kept(till, order_id)
    assert (card.state, card.consent_text, card.consent_version) == (SavedCardState.ASKED, YES.text, "2026-11")
    assert (card.language, card.customer_id, card.method_id) == ("en", None, None)
    assert card.consented_at == orders.view(till.shop, order_id=order_id).opened_at


def test_the_card_of_the_deposit_is_kept_for_its_order_and_for_nothing_else(till: Till) -> None:
    order_id = deposit(till)
    card = kept(till, order_id)
    assert (card.state, card.brand, card.last4) == (SavedCardState.KEPT, "visa", "4242")
    assert attached(till, order_id) == [card.method_id]
    (intent,) = till.intents(latest(till, order_id))
    assert (intent["setup_future_usage"], intent["customer"]) == ("off_session", card.customer_id)
    customer = till.stranger.v1.customers.retrieve(card.customer_id or "")
    assert (customer.name, customer.email, customer.metadata.to_dict()) == (None, None, {"order_id": order_id})
    shown = till.stripe.transcript.exchanges(f"{till.reader_id}/process_payment_intent")[-1]
    assert "process_config[allow_redisplay]=limited" in shown.form


def test_no_card_is_kept_unless_the_shopper_said_so(till: Till) -> None:
    order_id = deposit(till, consent=None)
    with till.shop.read() as look:
        assert look.exec(select(SavedCard)).all() == []
    (intent,) = till.intents(latest(till, order_id))
    assert (intent["setup_future_usage"], intent["customer"]) == (None, None)
    assert till.stripe.transcript.exchanges(CUSTOMERS) == []
    shown = till.stripe.transcript.exchanges(f"{till.reader_id}/process_payment_intent")[-1]
    assert "allow_redisplay" not in shown.form


def test_a_sale_that_leaves_nothing_to_pay_keeps_no_card(till: Till) -> None:
    till.tablet.hold(CHARM)
    till.tablet.book()
    given = {"quote": till.tablet.quote(), "device_id": till.tablet.device_id, "terms_version": "2026-11"}
    checkout.open(till.shop, **given, keep_card=YES)  # type: ignore[arg-type]
    with till.shop.read() as look:
        assert look.exec(select(SavedCard)).all() == []


def test_a_card_that_was_refused_is_not_kept_and_the_next_one_is(till: Till) -> None:
    order_id = deposit(till, None)
    payment = latest(till, order_id)
    till.carry_on(payment)
    till.card(DECLINED)
    assert till.carry_on(payment) == PaymentState.DECLINED
    assert kept(till, order_id).state == SavedCardState.ASKED
    intents.retry(till.shop, payment_id=payment, by="tablet")
    pay_deposit(till, order_id, "5555555555554444")
    assert (kept(till, order_id).brand, kept(till, order_id).last4) == ("mastercard", "4444")


@pytest.mark.parametrize("fault", ["socket_drop_after", "socket_drop_before", "error_500_before", "key_in_use"])
def test_a_customer_whose_answer_is_lost_is_made_once(till: Till, fault: str) -> None:
    order_id = deposit(till, None)
    payment = latest(till, order_id)
    till.stripe.fault(fault, on=f"POST {CUSTOMERS}", times=3)
    till.carry_on(payment)
    till.stripe.clear_faults()
    if till.payment(payment).state == PaymentState.DECLINED:  # Stripe stumbled, and whoever stands there tries again
        intents.retry(till.shop, payment_id=payment, by="tablet")
    pay_deposit(till, order_id)
    customers = [one.id for one in till.stranger.v1.customers.list({"limit": 100}).data]
    ours = [
        one
        for one in customers
        if till.stranger.v1.customers.retrieve(one).metadata.to_dict() == {"order_id": order_id}
    ]
    assert ours == [kept(till, order_id).customer_id]
    assert kept(till, order_id).state == SavedCardState.KEPT


def test_an_account_that_may_keep_no_customers_still_takes_the_deposit(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos.payments.answers import Kind, Refusal

    order_id = deposit(till, None)
    no = Refusal(Kind.REFUSED, "more_permissions_required", 403)
    monkeypatch.setattr(till.shop.terminal, "create_customer", lambda *_, **__: no)
    pay_deposit(till, order_id)
    assert kept(till, order_id).state == SavedCardState.NOT_KEPT


# --- charging ---


def test_the_balance_is_charged_to_the_kept_card_with_nobody_at_the_reader(till: Till) -> None:
    order_id = deposit(till)
    sent = till.sends()
    payment = charge(till, order_id)
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)
    assert till.sends() == sent
    paid = till.payment(payment)
    assert (paid.method, paid.reader_id, paid.desk) == (Method.SAVED_CARD, None, till.tablet.device_id)
    assert (paid.card["brand"], paid.card["last4"]) == ("visa", "4242")
    assert set(paid.card) <= {"brand", "last4", "authorization_code"}
    assert paid.capture_before is not None
    (intent,) = till.intents(payment)
    assert (intent["capture_method"], intent["payment_method_types"]) == ("manual", ["card"])
    order = orders.view(till.shop, order_id=order_id)
    assert (order.state, len(order.receipts), order.pickup is not None) == (OrderState.PAID, 2, True)


def test_the_back_office_charges_it_without_a_hand(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    office = BackOffice(till.shop)
    office.start()
    gone = threading.Event()
    for _ in range(200):
        if kept(till, order_id).state == SavedCardState.FORGOTTEN or gone.wait(0.05):
            break
        if till.payment(payment).finished_at is not None:
            till.shop.bell.ring(saved_cards.TOPIC)
    office.stop()
    assert_balance_paid(till, payment)
    assert kept(till, order_id).state == SavedCardState.FORGOTTEN


def test_a_balance_waits_for_its_piece_whoever_pays_it(till: Till) -> None:
    order_id = deposit(till)
    with pytest.raises(NotReady):
        charge(till, order_id, ready=False)


def test_a_balance_without_a_kept_card_is_taken_at_the_reader(till: Till) -> None:
    order_id = deposit(till, consent=None)
    with pytest.raises(WrongState):
        charge(till, order_id)
    assert till.order(latest(till, order_id)).asked_minor == 43500
    payment = checkout.open_balance(till.shop, **asked(till, order_id))
    till.carry_on(payment)
    till.card()
    till.carry_on(payment)
    assert_balance_paid(till, payment)


def refused(till: Till, order_id: str) -> str:
    payment = charge(till, order_id)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    return payment


def test_scenario_16_a_bank_that_wants_the_holder_leaves_the_balance_due(till: Till) -> None:
    order_id = deposit(till, WANTS_ITS_HOLDER)
    payment = refused(till, order_id)
    assert_balance_due(till, order_id, payment, reason="authentication_required")
    assert till.charges(payment) == 0
    at_the_reader = checkout.open_balance(till.shop, **asked(till, order_id))
    till.carry_on(at_the_reader)
    till.card()
    till.carry_on(at_the_reader)
    assert_balance_paid(till, at_the_reader)


def test_scenario_16_a_card_that_has_expired_leaves_the_balance_due(till: Till) -> None:
    order_id = deposit(till)
    till.stripe.fault("expired_card")
    payment = refused(till, order_id)
    assert_balance_due(till, order_id, payment, reason="expired_card")
    assert kept(till, order_id).state == SavedCardState.KEPT  # whoever is asked may still try it


def test_scenario_16_a_card_that_is_declined_leaves_the_balance_due_and_may_be_charged_anew(till: Till) -> None:
    order_id = deposit(till)
    till.stripe.fault("card_declined")
    first = refused(till, order_id)
    assert_balance_due(till, order_id, first, reason="generic_decline")
    second = charge(till, order_id)
    assert till.carry_on(second) == PaymentState.CAPTURED
    assert_balance_paid(till, second)
    assert [till.charges(one) for one in (first, second)] == [0, 1]


def test_scenario_16_a_phone_keeps_no_card_and_the_balance_is_taken_at_the_reader(till: Till) -> None:
    order_id = deposit(till, None)
    payment = latest(till, order_id)
    till.carry_on(payment)
    with till.stripe.world.acting() as world:
        presenting.by_hand(world, till.reader_id, Gesture(VISA, "phone"))
    till.stripe.advance(seconds=AUTHORISING)
    assert till.carry_on(payment) == PaymentState.CAPTURED
    card = kept(till, order_id)
    assert (card.state, card.method_id, card.last4) == (SavedCardState.NOT_KEPT, None, None)
    with pytest.raises(WrongState):
        charge(till, order_id)


def test_scenario_16_a_scheme_that_forbids_it_keeps_no_card(till: Till) -> None:
    order_id = deposit(till, GIROCARD)
    assert kept(till, order_id).state == SavedCardState.NOT_KEPT


def test_scenario_16_charged_twice_at_once_it_is_one_charge(till: Till) -> None:
    order_id = deposit(till)
    first = charge(till, order_id)
    assert charge(till, order_id) == first  # staff tapped twice
    start = threading.Barrier(2)

    def carry() -> None:
        start.wait()
        till.carry_on(first)

    hands = [threading.Thread(target=carry) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    till.carry_on(first)
    assert_balance_paid(till, first)
    assert len(till.intents(first)) == 1


def lose_the_answer(till: Till) -> None:
    """The card is charged, or refused, and neither the answer nor that of the library's next try comes home."""
    till.stripe.fault("socket_drop_after", on=f"POST {CREATE}")
    till.stripe.fault("rate_limit", on=f"POST {CREATE}", skip=1)


@pytest.mark.parametrize("fault", ["socket_drop_before", "answer lost", "key_in_use", "rate_limit"])
def test_scenario_16_an_answer_that_is_lost_is_asked_for_again_and_never_charged_again(till: Till, fault: str) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    if fault == "answer lost":
        lose_the_answer(till)
    else:
        till.stripe.fault(fault, on=f"POST {CREATE}", times=3)
    assert till.carry_on(payment) in (PaymentState.QUEUED, PaymentState.UNKNOWN)
    till.stripe.clear_faults()
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)


def test_scenario_16_a_refusal_whose_answer_is_lost_is_found_out(till: Till) -> None:
    order_id = deposit(till, REFUSED_LATER)
    payment = charge(till, order_id)
    lose_the_answer(till)
    assert till.carry_on(payment) == PaymentState.QUEUED
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="generic_decline")


def test_scenario_16_a_stumble_that_charged_it_all_the_same_is_found_and_taken_once(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    till.stripe.fault("error_500_after", on=f"POST {CREATE}")
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)


def test_scenario_16_a_stumble_that_charged_nothing_is_never_put_again_but_ended(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    till.stripe.fault("error_500_before", on=f"POST {CREATE}", times=3)
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    assert till.carry_on(payment) == PaymentState.UNKNOWN  # it may still be on its way
    assert len(till.calls(payment, "charge_kept_card")) == 1
    till.stripe.clear_faults()
    later(till.shop, minutes=6)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="stripe_api_error")
    again = charge(till, order_id)
    till.carry_on(again)
    assert_balance_paid(till, again)


@pytest.mark.parametrize("call", ["charge_kept_card", "capture_intent", "note_intent", "settle"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_scenario_16_killed_anywhere_between_it_is_charged_once(
    till: Till, monkeypatch: pytest.MonkeyPatch, call: str, when: str
) -> None:
    from pos.payments import record

    class Killed(BaseException):
        pass

    order_id = deposit(till)
    payment = charge(till, order_id)
    where = {"note_intent": record, "settle": finish.settle}.get(call, till.shop.terminal)
    whole = getattr(where, call)

    def die(*given: Any, **more: Any) -> Any:
        if when == "after":
            whole(*given, **more)
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(where, call, die)
        with pytest.raises(Killed):
            till.carry_on(payment)
    later(till.shop, seconds=10)
    assert recover(till.shop, carry_on=finish.carry_on).troubles == ()
    assert_balance_paid(till, payment)


def test_a_charge_that_was_never_sent_is_cancelled_without_asking_stripe(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="asked")
    assert till.intents(payment) == []


def test_a_charge_cancelled_while_nobody_knows_is_paid_if_it_was_made(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    lose_the_answer(till)
    assert till.carry_on(payment) == PaymentState.QUEUED
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.CAPTURED
    assert_balance_paid(till, payment)


def test_a_charge_cancelled_while_nobody_knows_is_not_made_after(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    till.stripe.fault("socket_drop_before", on=f"POST {CREATE}", times=3)
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    intents.ask_cancel(till.shop, payment_id=payment, by="tablet")
    assert till.carry_on(payment) == PaymentState.UNKNOWN
    later(till.shop, minutes=6)
    assert till.carry_on(payment) == PaymentState.CANCELLED
    assert_balance_due(till, order_id, payment, reason="asked")
    assert till.intents(payment) == []


def test_a_kept_card_that_somebody_detached_in_the_dashboard_leaves_the_balance_due(till: Till) -> None:
    order_id = deposit(till)
    till.stranger.v1.payment_methods.detach(kept(till, order_id).method_id or "")
    payment = refused(till, order_id)
    assert_balance_due(till, order_id, payment, reason="stripe_invalid_request_error")


# --- forgetting ---


def test_the_card_is_forgotten_at_stripe_once_the_balance_is_paid(till: Till) -> None:
    order_id = deposit(till)
    assert saved_cards.look_after(till.shop) == 0
    payment = charge(till, order_id)
    till.carry_on(payment)
    assert saved_cards.look_after(till.shop) == 1
    card = kept(till, order_id)
    assert card.state == SavedCardState.FORGOTTEN
    assert card.forgotten_at is not None
    assert attached(till, order_id) == []
    assert saved_cards.look_after(till.shop) == 0


def test_a_shopper_who_takes_it_back_is_charged_no_more_and_forgotten(till: Till) -> None:
    order_id = deposit(till)
    wanted = asked(till, order_id)
    saved_cards.forget_card(till.shop, **wanted)
    saved_cards.forget_card(till.shop, **wanted)  # a double tap
    with pytest.raises(WrongState):
        charge(till, order_id)
    assert saved_cards.look_after(till.shop) == 1
    assert kept(till, order_id).state == SavedCardState.FORGOTTEN
    assert attached(till, order_id) == []


def test_a_card_taken_back_before_it_was_seen_is_forgotten_as_soon_as_it_is(till: Till) -> None:
    order_id = deposit(till, None)
    till.carry_on(latest(till, order_id))
    saved_cards.forget_card(till.shop, **asked(till, order_id))
    till.card()
    till.carry_on(latest(till, order_id))
    assert saved_cards.look_after(till.shop) == 1
    assert attached(till, order_id) == []


def test_a_card_is_not_forgotten_while_it_is_being_charged(till: Till) -> None:
    order_id = deposit(till)
    payment = charge(till, order_id)
    with pytest.raises(WrongState):
        saved_cards.forget_card(till.shop, **asked(till, order_id))
    till.carry_on(payment)
    assert_balance_paid(till, payment)


def test_only_staff_who_are_here_have_a_card_forgotten(till: Till) -> None:
    order_id = deposit(till)
    with pytest.raises(NotAllowed):
        saved_cards.forget_card(till.shop, order_id=order_id, staff_id="ada", device_id=till.tablet.device_id)
    with pytest.raises(Unknown):
        saved_cards.forget_card(till.shop, **(asked(till, order_id) | {"order_id": "nothing"}))


def test_an_order_that_is_cancelled_leaves_no_card_behind(till: Till) -> None:
    order_id = deposit(till, None)
    payment = latest(till, order_id)
    till.carry_on(payment)
    till.walk_away()
    till.carry_on(payment)
    assert saved_cards.look_after(till.shop) == 0
    assert kept(till, order_id).state == SavedCardState.NOT_KEPT


def test_a_deposit_that_is_let_go_leaves_no_card_behind(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = deposit(till, None)
    payment = latest(till, order_id)
    till.carry_on(payment)
    till.card()
    with monkeypatch.context() as broken:
        lost = WrongState("piece", "x", "not this order's")
        broken.setattr(finish.settle, "settle", lambda *_, **__: (_ for _ in ()).throw(lost))
        assert till.carry_on(payment) == PaymentState.CANCELLED
    assert saved_cards.look_after(till.shop) == 1
    assert kept(till, order_id).state == SavedCardState.FORGOTTEN
    assert attached(till, order_id) == []


@pytest.mark.parametrize("fault", ["socket_drop_before", "error_500_before", "error_500_after", "rate_limit"])
def test_a_card_whose_forgetting_was_not_answered_is_forgotten_the_next_time(till: Till, fault: str) -> None:
    order_id = deposit(till)
    saved_cards.forget_card(till.shop, **asked(till, order_id))
    till.stripe.fault(fault, on=f"POST /v1/payment_methods/*{DETACH}", times=3)
    assert saved_cards.look_after(till.shop) == 0
    assert kept(till, order_id).state == SavedCardState.KEPT
    till.stripe.clear_faults()
    assert saved_cards.look_after(till.shop) == 1
    assert attached(till, order_id) == []


def test_a_card_somebody_detached_before_is_forgotten_all_the_same(till: Till) -> None:
    order_id = deposit(till)
    till.stranger.v1.payment_methods.detach(kept(till, order_id).method_id or "")
    saved_cards.forget_card(till.shop, **asked(till, order_id))
    assert saved_cards.look_after(till.shop) == 1
    assert kept(till, order_id).state == SavedCardState.FORGOTTEN


def test_nothing_of_a_card_is_kept_but_its_brand_and_its_last_four_figures(till: Till) -> None:
    order_id = deposit(till)
    till.carry_on(charge(till, order_id))
    saved_cards.look_after(till.shop)
    with till.shop.read() as look:
        payments = look.exec(select(Payment).where(Payment.part == Part.BALANCE)).all()
        rows = [*look.exec(select(SavedCard)), *payments]
    assert not any(figures in str(row.model_dump()) for row in rows for figures in (VISA, "12/34", "2034"))
