"""Money back: to the card it came from, in parts, never more than was taken, and sometimes it comes back again."""

import pytest
import stripe

from tests.sandbox.stripe_shop import Till

REFUND_FAILS = "4000000000005126"


def test_a_sale_is_refunded_in_full(till: Till) -> None:
    sale = till.captured()
    back = till.refund(sale, reason="requested_by_customer", metadata={"order_id": "V-1"})
    assert (back.status, back.amount, back.reason) == ("succeeded", 43200, "requested_by_customer")
    charge = till.now(sale, "latest_charge.refunds").latest_charge
    assert (charge.refunded, charge.amount_refunded) == (True, 43200)
    assert [refund.id for refund in charge.refunds.data] == [back.id]
    assert till.events()[-3:] == ["refund.created", "charge.refunded", "refund.updated"]
    assert till.now(sale).status == "succeeded"


def test_parts_add_up_and_no_further(till: Till) -> None:
    sale = till.captured()
    till.refund(sale, amount=40000)
    with pytest.raises(stripe.InvalidRequestError, match=r"greater than unrefunded amount on charge \(£32.00\)"):
        till.refund(sale, amount=3201)
    till.refund(sale, amount=3200)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.refund(sale)
    assert refused.value.code == "charge_already_refunded"
    found = till.client.v1.refunds.list({"payment_intent": sale.id}).data
    assert [refund.amount for refund in found] == [3200, 40000]


def test_a_hold_is_voided_not_refunded(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.refund(till.authorised())
    assert refused.value.code == "charge_not_refundable"


def test_nothing_paid_is_nothing_to_refund(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge to refund"):
        till.refund(till.intent())


def test_one_card_approves_and_its_refund_fails_later(till: Till) -> None:
    sale = till.captured(number="4000000000005126")
    back = till.refund(sale)
    assert back.status == "succeeded"
    failed = till.client.v1.refunds.retrieve(back.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert till.now(sale, "latest_charge").latest_charge.amount_refunded == 0
    assert till.events()[-3:] == ["refund.failed", "refund.updated", "charge.refund.updated"]
    assert till.refund(sale).amount == 43200


def test_a_refund_at_the_reader_asks_for_the_card(till: Till) -> None:
    sale = till.captured()
    asked = till.client.v1.terminal.readers.refund_payment(till.reader, {"payment_intent": sale.id, "amount": 1000})
    assert (asked.action.type, asked.action.status) == ("refund_payment", "in_progress")
    assert till.now(sale, "latest_charge").latest_charge.amount_refunded == 0
    done = till.card()
    assert done.action.status == "succeeded"
    assert till.client.v1.refunds.retrieve(done.action.refund_payment.refund).amount == 1000


def test_what_a_sale_leaves_on_the_balance(till: Till) -> None:
    line = till.now(till.captured(), "latest_charge.balance_transaction").latest_charge.balance_transaction
    assert (line.amount, line.fee, line.net) == (43200, 615, 42585)
    assert till.client.v1.balance_transactions.retrieve(line.id, {"expand": ["source"]}).source.object == "charge"


def test_what_a_refund_that_failed_leaves_on_the_balance(till: Till) -> None:
    back = till.refund(till.captured(number=REFUND_FAILS))
    till.running.advance(seconds=1)
    failed = till.client.v1.refunds.retrieve(
        back.id, {"expand": ["balance_transaction", "failure_balance_transaction"]}
    )
    left, returned = failed.balance_transaction, failed.failure_balance_transaction
    assert (left.type, left.reporting_category, left.amount) == ("refund", "refund", -43200)
    assert (returned.type, returned.reporting_category, returned.amount) == ("refund_failure", "refund_failure", 43200)
    between = {"created": {"gte": returned.created, "lt": returned.created + 1}, "source": back.id}
    assert returned.id in [line.id for line in till.client.v1.balance_transactions.list(between).data]
    later = {"created": {"gte": returned.created + 1}, "source": back.id}
    assert till.client.v1.balance_transactions.list(later).data == []


def test_metadata_of_a_refund_can_be_changed(till: Till) -> None:
    back = till.refund(till.captured())
    changed = till.client.v1.refunds.update(back.id, {"metadata": {"slip": "R-7"}})
    assert changed.metadata["slip"] == "R-7"
