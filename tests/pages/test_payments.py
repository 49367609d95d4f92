"""The payments screen: what waits stands there with one safe button, and is gone when it is done."""

from pos.models import PaymentState
from pos.payments import record
from tests.pages.conftest import Tablet
from tests.pages.test_counter import counter  # noqa: F401 (a fixture)
from tests.pages.test_pay import open_order, put


def test_nothing_open_is_said_calmly(counter: Tablet) -> None:  # noqa: F811
    counter.open("counter/payments")
    assert counter.says("Nothing is open.")


def test_what_waits_for_a_card_can_be_let_go(counter: Tablet) -> None:  # noqa: F811
    order_id = open_order(counter)
    payment_id = put(counter, order_id, PaymentState.DISPATCHED)
    counter.open("counter/payments")
    assert counter.says("waits for a card")
    counter.touch(f"let_go_{payment_id}")
    assert record.facts(counter.shop, payment_id=payment_id).known.cancel_why == "asked"
    assert counter.says("is being cancelled")


def test_the_journal_of_a_payment_opens_and_shuts(counter: Tablet) -> None:  # noqa: F811
    payment_id = put(counter, open_order(counter), PaymentState.UNKNOWN)
    counter.open("counter/payments")
    assert counter.says("waits for Stripe to say how it stands")
    counter.touch(f"link_said_{payment_id}")
    assert counter.says("Nothing was asked of Stripe yet.")
    counter.touch(f"link_said_{payment_id}")
    assert not counter.says("Nothing was asked of Stripe yet.")
