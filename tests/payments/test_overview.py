"""What staff see of the money: what waits, for what, and the one thing that is safe to do."""

import pytest
import stripe

from pos.errors import NotAllowed, Unknown
from pos.models import Boutique, Device, PaymentState
from pos.payments import intents, overview
from pos.payments.overview import Act, OpenPayment, Waits
from pos.selling import settle
from tests.payments.conftest import CAPTURE, CREATE, DECLINED, Till


def seen(till: Till) -> list[tuple[Waits, Act | None]]:
    return [(one.waits_for, one.act) for one in overview.unfinished(till.shop, boutique_id="demo")]


def only(till: Till) -> OpenPayment:
    (one,) = overview.unfinished(till.shop, boutique_id="demo")
    return one


def test_a_sale_is_seen_from_its_opening_to_its_end(till: Till) -> None:
    payment = till.sale(number=12)
    assert seen(till) == [(Waits.READER, Act.LET_GO)]
    till.carry_on(payment)
    assert seen(till) == [(Waits.CARD, Act.LET_GO)]
    till.card(DECLINED)
    till.carry_on(payment)
    assert seen(till) == [(Waits.SHOPPER, Act.LET_GO)]
    intents.retry(till.shop, payment_id=payment, by="tablet")
    till.carry_on(payment)
    till.card()
    till.carry_on(payment)
    assert seen(till) == []
    verbs = [one.verb for one in overview.journal(till.shop, payment_id=payment)]
    assert verbs[0] == "create_intent"
    assert {"present", "capture_intent", "fetch_intent", "fetch_reader"} <= set(verbs)
    assert all(one.outcome for one in overview.journal(till.shop, payment_id=payment))


def test_money_that_is_held_says_until_when_it_can_be_taken(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    assert intents.find_out(till.shop, payment_id=payment) == PaymentState.AUTHORISED
    assert (only(till).waits_for, only(till).act) == (Waits.SALE, Act.LOOK_AGAIN)
    settle.settle(till.shop, payment_id=payment)
    held = only(till)
    assert held.waits_for == Waits.CAPTURE
    assert held.take_before is not None
    assert held.take_before > till.shop.clock.now()


def test_a_payment_nobody_knows_of_waits_for_stripe(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.stripe.fault("error_500_before", on=f"GET {CREATE}/*", times=10)
    till.stripe.fault("error_500_before", on=f"GET /v1/terminal/readers/{till.reader_id}", times=10)
    till.carry_on(payment)
    assert seen(till) == [(Waits.STRIPE, Act.LOOK_AGAIN)]


def test_a_cancel_on_its_way_is_said(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    intents.ask_cancel(till.shop, payment_id=payment, by="ada")
    assert seen(till) == [(Waits.CANCEL, Act.LOOK_AGAIN)]


def test_a_sale_whose_money_never_came_stays_in_sight_and_offers_nothing(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    intents.find_out(till.shop, payment_id=payment)
    settle.settle(till.shop, payment_id=payment)
    (intent,) = till.intents(payment)
    client = stripe.StripeClient(till.stripe.api_key, base_addresses={"api": till.stripe.url})
    client.v1.payment_intents.cancel(str(intent["id"]))
    till.carry_on(payment)
    assert seen(till) == [(Waits.MONEY, None)]


def test_a_refused_capture_is_in_the_journal_with_what_stripe_said(till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    till.stripe.fault("error_500_before", on=f"POST {CREATE}/*{CAPTURE}", times=1)
    till.carry_on(payment)
    assert only(till).waits_for == Waits.CAPTURE
    said = [one for one in overview.journal(till.shop, payment_id=payment) if one.verb == "capture_intent"]
    assert (said[0].outcome, said[0].status) == ("api_error", 500)


def test_another_boutique_sees_none_of_it_and_nobody_looks_after_what_is_not(till: Till) -> None:
    till.sale()
    assert overview.unfinished(till.shop, boutique_id="elsewhere") == ()
    with pytest.raises(Unknown):
        overview.look_again(till.shop, payment_id="no such payment")


def test_looking_again_wakes_who_looks_after_the_reader(till: Till) -> None:
    payment = till.sale()
    before = till.shop.bell.count(f"payments {till.reader_id}")
    overview.look_again(till.shop, payment_id=payment)
    assert till.shop.bell.count(f"payments {till.reader_id}") == before + 1


def test_only_who_is_unlocked_in_its_boutique_lets_a_payment_go(till: Till) -> None:
    payment, counter = till.sale(), till.neighbour().tablet
    ask = {"payment_id": payment, "device_id": counter.device_id, "staff_id": "ada"}
    with pytest.raises(NotAllowed):
        overview.let_go(till.shop, **ask)
    counter.unlock()
    with till.shop.jot() as tx:
        tx.add(Boutique(id="pets", name="Pets", address=[], vat_number="", hours={}))
        tx.flush()
        tx.get_one(Device, counter.device_id).boutique_id = "pets"
    with pytest.raises(NotAllowed):
        overview.let_go(till.shop, **ask)
    assert till.payment(payment).cancel_asked_at is None
    with till.shop.jot() as tx:
        tx.get_one(Device, counter.device_id).boutique_id = "demo"
    overview.let_go(till.shop, **ask)
    assert till.carry_on(payment) == PaymentState.CANCELLED
