"""Pieces that were sold and come back, without Stripe: what it is asked is another room's business."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from pos.models import Certificate, Fate, Piece, PieceState, PrintJob, Refund
from pos.selling import returns
from pos.selling.views import GiveBack
from pos.shop import Shop
from tests.selling.shelf import CHARM, Tablet
from tests.selling.test_checkout import sold


def sell(shop: Shop, *, number: int = 12, engraving: Sequence[str] = (), staff_id: str = "ada") -> str:
    """A charm that is sold and taken away; says its order."""
    tablet = Tablet(shop).enrol().unlock(staff_id)
    tablet.hold(CHARM, number=number, engraving=tuple(engraving))
    tablet.book()
    order_id = tablet.open()
    sold(shop, order_id)
    return order_id


def give_back(shop: Shop, order_id: str, *, fate: Fate, tablet: Tablet | None = None, **words: Any) -> str:
    """All that is left of an order goes back; says the refund's id."""
    counter = tablet or Tablet(shop).enrol().unlock()
    seen = returns.view(shop, order_id=order_id)
    given: dict[str, Any] = {"reason": "changed_mind", "key": f"key-{order_id}", **words}
    return returns.refund(
        shop,
        order_id=order_id,
        lines=[
            GiveBack(line.line_id, line.refundable_minor, fate if line.is_piece else Fate.NONE)
            for line in seen.lines
            if line.refundable_minor
        ],
        staff_id=counter.staff_id or "",
        device_id=counter.device_id,
        **given,
    )


def piece(shop: Shop, number: int = 12) -> Piece:
    with shop.read() as look:
        return look.exec(select(Piece).where(Piece.sku == CHARM, Piece.number == number)).one()


def certificates(shop: Shop) -> dict[str, str]:
    """The state of every certificate, by serial."""
    with shop.read() as look:
        return {one.serial: one.state.value for one in look.exec(select(Certificate).order_by(Certificate.serial))}


def slips(shop: Shop, kind: str) -> list[PrintJob]:
    with shop.read() as look:
        return list(look.exec(select(PrintJob).where(PrintJob.kind == kind).order_by(col(PrintJob.queued_at))))


def refund_of(shop: Shop, refund_id: str) -> Refund:
    with shop.read() as look:
        return look.get_one(Refund, refund_id)


__all__ = ["CHARM", "Fate", "PieceState", "certificates", "give_back", "piece", "refund_of", "sell", "slips"]
