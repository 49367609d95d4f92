"""A till that gives money back: the counter beside it, and what Stripe has of its refunds."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from pos.models import Fate, GatewayCall, PaymentState, RefundPart, RefundState, Role, Staff
from pos.payments import refunds
from pos.selling import returns
from pos.selling.views import GiveBack, ReturnView
from tests.payments.conftest import VISA, Till
from tests.selling.shelf import CHARM, Tablet

REFUNDS = "/v1/refunds"


@dataclass
class Counter:
    """A tablet of the staff, and the order of a payment that was taken."""

    till: Till
    tablet: Tablet
    payment_id: str

    @property
    def order_id(self) -> str:
        return self.till.order(self.payment_id).id

    def view(self) -> ReturnView:
        return returns.view(self.till.shop, order_id=self.order_id)

    def everything(self, fate: Fate = Fate.STOCK) -> list[GiveBack]:
        return [
            GiveBack(line.line_id, line.refundable_minor, fate if line.is_piece else Fate.NONE)
            for line in self.view().lines
            if line.refundable_minor
        ]

    def give_back(self, lines: list[GiveBack] | None = None, *, key: str = "tap", **words: Any) -> str:
        given: dict[str, Any] = {"reason": "changed their mind", "staff_id": self.tablet.staff_id, **words}
        return returns.refund(
            self.till.shop,
            order_id=self.order_id,
            key=key,
            lines=self.everything() if lines is None else lines,
            device_id=self.tablet.device_id,
            **given,
        )

    def give_some(self, amount_minor: int, *, key: str = "tap", fate: Fate = Fate.KEPT, **words: Any) -> str:
        """Something off the price of the first line."""
        return self.give_back([GiveBack(self.view().lines[0].line_id, amount_minor, fate)], key=key, **words)

    def parts(self) -> list[RefundPart]:
        with self.till.shop.read() as look:
            return list(look.exec(select(RefundPart).order_by(col(RefundPart.asked_at), col(RefundPart.id))))

    def part(self) -> RefundPart:
        (only,) = self.parts()
        return only

    def carry_on(self) -> RefundState:
        return refunds.carry_on(self.till.shop, part_id=self.parts()[-1].id)

    def calls(self, verb: str) -> list[GatewayCall]:
        with self.till.shop.read() as look:
            said = select(GatewayCall).where(GatewayCall.verb == verb, col(GatewayCall.refund_part_id).is_not(None))
            return list(look.exec(said.order_by(col(GatewayCall.asked_at), col(GatewayCall.id))))

    def at_stripe(self) -> list[dict[str, Any]]:
        """The refunds Stripe has of this payment, oldest first."""
        ours = {intent["id"] for intent in self.till.intents(self.payment_id)}
        with self.till.stripe.world.lock:
            kept = [dict(one) for _, one in self.till.stripe.world.shelf.items("refund")]
        return [one for one in kept if one["payment_intent"] in ours]


def counter_beside(till: Till, payment_id: str, *, manager: bool = False) -> Counter:
    """A tablet at which somebody of the staff is unlocked."""
    if manager:
        with till.shop.jot() as tx:
            if tx.get(Staff, "mia") is None:
                tx.add(Staff(id="mia", boutique_id="demo", name="Mia", role=Role.MANAGER, pin_hash="-"))
    tablet = Tablet(till.shop).enrol().unlock("mia" if manager else "ada")
    return Counter(till, tablet, payment_id)


def taken(till: Till, *, card: str = VISA, number: int | None = 12) -> Counter:
    """A charm that is sold and paid for."""
    payment_id = till.sale(number=number)
    till.carry_on(payment_id)
    till.card(card)
    assert till.carry_on(payment_id) == PaymentState.CAPTURED
    return counter_beside(till, payment_id)


def held(till: Till) -> Counter:
    """A charm whose sale is written and whose money is still only held."""
    from pos.payments import intents
    from pos.selling import settle

    payment_id = till.sale(number=12)
    till.carry_on(payment_id)
    till.card()
    assert intents.find_out(till.shop, payment_id=payment_id) == PaymentState.AUTHORISED
    settle.settle(till.shop, payment_id=payment_id)
    return counter_beside(till, payment_id)


__all__ = ["CHARM", "REFUNDS", "Counter", "counter_beside", "held", "taken"]
