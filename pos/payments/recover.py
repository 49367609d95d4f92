"""What a start and the sweep of every minute do: carry on each payment that somebody left in the middle.

A crash between any two steps of a sale leaves a payment that is not finished, and its row and journal say how far it
got: written down but not sent (the same key again), at the reader or unknown (ask Stripe), authorised but not settled,
settled but not captured, cancelled but not undone. `carry_on` (pos/selling/finish.py) does the next step of each.
"""

import logging
from dataclasses import dataclass
from typing import Protocol

from pos.models import PaymentState
from pos.payments import intents, lease, record
from pos.shop import Shop

log = logging.getLogger(__name__)


class CarryOn(Protocol):
    """Does the next things for one payment and says its state."""

    def __call__(self, shop: Shop, *, payment_id: str) -> PaymentState: ...


@dataclass(frozen=True)
class Moved:
    """A payment that was carried on: from where, to where."""

    payment_id: str
    was: PaymentState
    now: PaymentState


@dataclass(frozen=True)
class Recovery:
    """What a sweep did: how many payments it looked at, which moved, and which it could not carry on, and why."""

    looked_at: int
    moved: tuple[Moved, ...]
    troubles: tuple[tuple[str, str], ...]


def recover(shop: Shop, *, carry_on: CarryOn) -> Recovery:
    """Carry on every payment that is not finished and that nobody looks after now. One in trouble stops no other."""
    waiting = intents.open_payments(shop, unattended=True)
    moved: list[Moved] = []
    troubles: list[tuple[str, str]] = []
    for payment_id in waiting:
        try:
            with lease.holding(shop, payment_id=payment_id) as mine:
                if mine:
                    was = record.facts(shop, payment_id=payment_id).state
                    now = carry_on(shop, payment_id=payment_id)
                    moved += [Moved(payment_id, was, now)] if now is not was else []
        except Exception as trouble:  # whatever it is, the other payments are still to be carried on
            log.exception("payment %s could not be carried on", payment_id)
            troubles.append((payment_id, str(trouble) or type(trouble).__name__))
    return Recovery(len(waiting), tuple(moved), tuple(troubles))
