"""A till whose day at Stripe is its day at the shop, and a second hand at the same account: the Dashboard."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from pos.books import standing
from pos.books.differences import Kind
from pos.books.reconcile import Report, reconcile
from pos.ids import new_id
from pos.models import Difference, Payment, Receipt, Reconciliation, Refund, RefundPart, RefundState, Road
from pos.sandbox import stripe as stand_in
from tests.conftest import MONDAY_MORNING
from tests.payments.conftest import AUTHORISING, VISA, Till, settings, till

__all__ = ["settings", "till"]

MONDAY = MONDAY_MORNING.date()
REFUND_FAILS = "4000000000005126"


@pytest.fixture
def world() -> Iterator[stand_in.RunningStripe]:
    """A Stripe account of this test alone: whatever else is in it would be a difference. There too it is Monday."""
    with stand_in.start(readers=(), settings=stand_in.Settings(screen_authorising=AUTHORISING)) as running:
        running.world.clock._ahead = MONDAY_MORNING.timestamp() - time.time()  # a step back, too
        yield running


class Books:
    """The books of a till's shop, and what a hand may do to either side."""

    def __init__(self, till: Till) -> None:
        self.till, self.shop = till, till.shop

    def sold(self, card: str = VISA, *, number: int | None = None) -> str:
        """A sale whose money is taken; says the payment's id."""
        payment = self.till.sale(number=number)
        self.till.carry_on(payment)
        self.till.card(card)
        self.till.carry_on(payment)
        self.till.assert_sold_once(payment)
        return payment

    def compare(self, *, days: int = 0) -> Report:
        """Monday, and as many days before and after it."""
        return reconcile(self.shop, first=MONDAY - timedelta(days=days), last=MONDAY + timedelta(days=days))

    def differences(self, *, days: int = 0) -> list[tuple[Kind, str, str]]:
        """What differs: what, and what either side says."""
        return [(one.kind, one.ours, one.theirs) for one in self.compare(days=days).differences]

    def agree(self) -> bool:
        """Nothing differs, and no difference stands."""
        report = self.compare()
        return not report.differences and not report.older and standing.count(self.shop) == 0

    def write(self, payment_id: str, **values: Any) -> None:
        """Spoil our record of a payment."""
        with self.shop.jot() as tx:
            tx.exec(update(Payment).where(col(Payment.id) == payment_id).values(**values))

    def forget(self, payment_id: str) -> None:
        """A backup from before the sale is played back: our books know nothing of it."""
        with self.shop.jot() as tx:
            paper = tx.get_one(Payment, payment_id).receipt_no
            tx.exec(update(Receipt).where(col(Receipt.number) == paper).values(gross_minor=0, vat_minor=0))
            tx.exec(
                update(Payment)
                .where(col(Payment.id) == payment_id)
                .values(state="cancelled", intent_id=None, charge_id=None, receipt_no=None, captured_at=None)
            )

    def charge_of(self, payment_id: str) -> str:
        return self.till.payment(payment_id).charge_id or ""

    def spoil(self, kind: str, key: str, **values: Any) -> None:
        """Change something at Stripe that no client can."""
        with self.till.stripe.world.acting() as world:
            thing = world.shelf.get(kind, key, param="id")
            thing.update(values)
            world.shelf.touch(kind, key)

    def given_back(self, payment_id: str, *, refund_id: str | None, state: RefundState, amount: int = 14000) -> str:
        """Our record of a refund; says the id of its part."""
        order, payment = self.till.order(payment_id), self.till.payment(payment_id)
        now, number = self.shop.clock.now(), new_id()
        with self.shop.jot() as tx:
            tx.add(
                Refund(
                    id=number, key=number, number=number, order_id=order.id, boutique_id="demo", reason="asked",
                    device_id=payment.device_id, staff_id="ada", gross_minor=amount, vat_minor=0, vat_rows=[],
                    currency="gbp", at=now,
                )
            )  # fmt: skip
            tx.flush()
            part = RefundPart(
                id=new_id(), refund_id=number, payment_id=payment_id, road=Road.CARD, amount_minor=amount,
                currency="gbp", state=state, stripe_refund_id=refund_id, asked_at=now,
            )  # fmt: skip
            tx.add(part)
            return part.id

    def refund_at_stripe(self, payment_id: str, **more: Any) -> str:
        """A hand in the Dashboard gives money back; says Stripe's id."""
        given = {"payment_intent": self.till.payment(payment_id).intent_id, **more}
        return self.till.stranger.v1.refunds.create(given).id  # type: ignore[arg-type]

    def rows(self) -> list[Difference]:
        with self.shop.read() as look:
            return list(look.exec(select(Difference).order_by(col(Difference.id))))

    def runs(self) -> list[Reconciliation]:
        with self.shop.read() as look:
            return list(look.exec(select(Reconciliation).order_by(col(Reconciliation.ran_at))))


@pytest.fixture
def books(till: Till) -> Books:
    return Books(till)
