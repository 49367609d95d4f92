"""Bundles: every slot filled with a piece it allows, all of them kept or none."""

import math
from collections.abc import Mapping

from sqlmodel import Session, col, select

from pos.books import audit
from pos.errors import BundleIncomplete, Unknown
from pos.ids import new_id
from pos.models import Bundle, Variant
from pos.selling import basket as baskets
from pos.selling import wishes
from pos.selling.views import Choice, HeldPiece
from pos.shop import Shop


def hold_bundle(
    shop: Shop, *, basket_id: str, bundle_id: str, choices: Mapping[str, Choice], tap: str | None = None
) -> list[HeldPiece]:
    """Keep one piece for each slot of a bundle, all in one moment or none; choices are by slot.

    The same tap (`BasketView.tap`) gives the same holds again. Raises BundleIncomplete, and all that holding one piece
    raises.
    """
    with shop.write() as tx:
        basket, device = wishes.live_basket(tx, basket_id=basket_id)
        bundle = tx.get(Bundle, bundle_id)
        if bundle is None or bundle.retired:
            raise Unknown("bundle", bundle_id)
        _refuse_gaps(bundle, choices)
        parts = _in_order(tx, choices)
        wishes.lock_windows(tx, skus=[choice.sku for _, choice in parts])
        group, now = new_id(), tx.now()
        taps = {slot: f"{tap}/{slot}" for slot, _ in parts} if tap else {}
        again = baskets.kept_by(tx, basket_id=basket_id, taps=list(taps.values()), at=now)
        if again:
            audit.unchanged(tx)
            return again
        held = [
            baskets.hold_one(
                tx,
                shop,
                basket=basket,
                device=device,
                choice=choice,
                at=now,
                tap=taps.get(slot),
                bundle_id=bundle.id,
                bundle_group=group,
                bundle_slot=slot,
            )
            for slot, choice in parts
        ]
        numbers = [f"{piece.sku} {piece.number}" for piece in held]
        audit.record(tx, "bundle held", bundle_id, by=device.id, pieces=numbers)
        return held


def _in_order(tx: Session, choices: Mapping[str, Choice]) -> list[tuple[str, Choice]]:
    """The parts as everybody locks pieces (`pieces.IN_ORDER`), so that nobody waits for us while we wait for them.

    Sorted by the records themselves, whose order of words need not be Python's. A chosen number goes before the next
    free one, which would otherwise be that very number.
    """
    skus = [choice.sku for choice in choices.values()]
    ranks = list(tx.exec(select(Variant.sku).where(col(Variant.sku).in_(skus)).order_by(col(Variant.sku))))
    for choice in choices.values():
        if choice.sku not in ranks:
            raise Unknown("variant", choice.sku)
    return sorted(choices.items(), key=lambda part: (ranks.index(part[1].sku), part[1].number or math.inf))


def _refuse_gaps(bundle: Bundle, choices: Mapping[str, Choice]) -> None:
    allowed = {slot["id"]: slot["skus"] for slot in bundle.slots}
    for slot, skus in allowed.items():
        if slot not in choices or choices[slot].sku not in skus:
            raise BundleIncomplete(bundle.id, slot)
    for slot in choices:
        if slot not in allowed:
            raise BundleIncomplete(bundle.id, slot)
