"""The shopper's yes to what will be cut: the proof as they saw it, kept with the words it is of.

Certificate, done page and job ticket ask `of_order`; a proof whose words are no longer those of the order is nobody's
yes. Some time after the piece has changed hands the drawing is erased with its words; only its digest stays.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, select

from pos.books import audit
from pos.catalogue.engraving import Limits
from pos.cutting import proof
from pos.cutting.ground import ground_of
from pos.cutting.setting import refuse
from pos.errors import NothingToProve, ProofNeeded
from pos.ids import new_id
from pos.models import (
    BasketItem,
    EngravingProof,
    Order,
    OrderLine,
    OrderState,
    Pickup,
    PickupState,
    Refund,
    Step,
    Variant,
)
from pos.selling import wishes
from pos.shop import Shop
from pos.tally import count_at_tablet

# Made once: every sale of something engraved asks both (docs/decisions/statements-made-once.md).
CONFIRMED = columns(col(EngravingProof.piece_id), col(EngravingProof.lines)).where(
    col(EngravingProof.basket_id) == bindparam("basket_id")
)
DIGESTS = (
    columns(
        col(EngravingProof.piece_id),
        col(EngravingProof.svg_sha256),
        col(EngravingProof.lines),
        col(OrderLine.engraving),
    )
    .join(OrderLine, col(OrderLine.piece_id) == col(EngravingProof.piece_id))
    .join(Order, (col(Order.id) == col(OrderLine.order_id)) & (col(Order.basket_id) == col(EngravingProof.basket_id)))
    .where(col(Order.id) == bindparam("order_id"))
)


@dataclass(frozen=True)
class ProofView:
    """What was confirmed: the lines, the drawing in millimetres and its SHA-256 (hex), the height of a capital."""

    piece_id: int
    sku: str
    number: int
    lines: tuple[str, ...]
    svg: str
    svg_sha256: str
    cap_height_mm: float
    confirmed_at: datetime


def confirm(shop: Shop, *, basket_id: str, item_id: str, lines: Sequence[str]) -> ProofView:
    """Keep that the shopper said yes to these lines of a piece in the basket, drawn as they will be cut.

    Saying yes twice is the same. Raises NothingToProve where other words, or none, are in the basket by now;
    CannotEngrave or Unknown.
    """
    with shop.write() as tx:
        _, device = wishes.live_basket(tx, basket_id=basket_id)
        item = wishes.item_of(tx, basket_id=basket_id, item_id=item_id)
        if not item.engraving or list(lines) != list(item.engraving):
            raise NothingToProve(item.sku, item.number)
        drawn, cap = _drawn(tx.get_one(Variant, item.sku), item)
        if tx.exec(delete(EngravingProof).where(_of(item))).rowcount == 0:
            count_at_tablet(tx, Step.ENGRAVED, sku=item.sku, device=device, kept_at=item.added_at)
        kept = EngravingProof(
            id=new_id(),
            basket_id=basket_id,
            piece_id=item.piece_id,
            lines=list(item.engraving),
            svg=drawn,
            svg_sha256=hashlib.sha256(drawn.encode()).hexdigest(),
            cap_height_mm=cap,
            confirmed_at=tx.now(),
        )
        tx.add(kept)
        audit.record(tx, "engraving confirmed", f"{item.sku} {item.number}", by=device.id, svg=kept.svg_sha256)
        return _view(kept, item)


def of_basket(shop: Shop, *, basket_id: str) -> dict[str, ProofView]:
    """The confirmed proofs of a basket by its lines' ids; a line whose words have changed since has none."""
    with shop.read() as look:
        rows = look.exec(
            select(BasketItem, EngravingProof)
            .join(EngravingProof, _same_piece(BasketItem))
            .where(BasketItem.basket_id == basket_id)
        )
        return {item.id: _view(kept, item) for item, kept in rows if list(item.engraving) == list(kept.lines)}


def refuse_unproved(tx: Session, *, basket_id: str, items: Iterable[BasketItem]) -> None:
    """Nothing is sold to be cut that its buyer has not said yes to, letter by letter. Raises ProofNeeded."""
    cut = [item for item in items if item.engraving]
    if not cut:
        return
    confirmed = {piece_id: list(lines) for piece_id, lines in tx.execute(CONFIRMED, {"basket_id": basket_id})}
    for item in cut:
        if confirmed.get(item.piece_id) != list(item.engraving):
            raise ProofNeeded(item.sku, item.number)


def digests(tx: Session, *, order_id: str) -> dict[int, str]:
    """The digest of each confirmed proof of an order by piece, for its certificate."""
    rows = tx.execute(DIGESTS, {"order_id": order_id})
    return {piece_id: digest for piece_id, digest, said, sold in rows if list(said) == list(sold)}


def ordered(shop: Shop, *, order_id: str) -> dict[int, ProofView]:
    """The confirmed proofs of an order by piece, for a screen."""
    with shop.read() as look:
        return of_order(look, order_id=order_id)


def of_order(look: Session, *, order_id: str) -> dict[int, ProofView]:
    """The confirmed proofs of an order by piece; of a piece whose words were never confirmed there is none."""
    rows = look.exec(
        select(OrderLine, EngravingProof)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .join(
            EngravingProof,
            (col(EngravingProof.basket_id) == col(Order.basket_id))
            & (col(EngravingProof.piece_id) == col(OrderLine.piece_id)),
        )
        .where(OrderLine.order_id == order_id)
    )
    return {kept.piece_id: _view(kept, line) for line, kept in rows if list(line.engraving) == list(kept.lines)}


def forget(tx: Session, *, basket_id: str) -> None:
    """Whoever leaves without buying leaves no words behind; what belongs to an order stays with it."""
    bought: Any = select(Order.id).where(Order.basket_id == basket_id).exists()
    tx.exec(delete(EngravingProof).where(col(EngravingProof.basket_id) == basket_id, ~bought))
    tx.exec(update(BasketItem).where(col(BasketItem.basket_id) == basket_id, ~bought).values(engraving=[]))


def erase_old(shop: Shop) -> int:
    """Erase the drawings, and the words in them, of pieces that changed hands or came back long ago; says how many.

    So many days after the hand-over, the refund or the cancelled sale, whichever was last. The digest stays.
    """
    with shop.read() as look:
        if look.exec(_over(shop.clock.now(), days=shop.settings.proof_days).limit(1)).first() is None:
            return 0
    with shop.write() as tx:
        now = tx.now()
        over = _over(now, days=shop.settings.proof_days)
        baskets = select(EngravingProof.basket_id).where(col(EngravingProof.id).in_(over))
        wished = update(BasketItem).where(col(BasketItem.basket_id).in_(baskets)).values(engraving=[])
        tx.connection().execute(wished)
        blank: dict[str, Any] = {"svg": "", "lines": [], "erased_at": now}
        erased = update(EngravingProof).where(col(EngravingProof.id).in_(over)).values(**blank)
        count = int(tx.connection().execute(erased).rowcount)
        audit.record(tx, "engraving proofs erased", count, by="shop", days=shop.settings.proof_days)
        return count


def _over(now: datetime, *, days: int) -> Any:
    """Proofs that nobody needs any more: each order of their basket ended so many days ago, or there never was one."""
    before = now - timedelta(days=days)
    ended_since = or_(
        col(Order.closed_at) > before,
        select(Pickup.id).where(Pickup.order_id == Order.id, col(Pickup.handed_over_at) > before).exists(),
        select(Refund.id).where(Refund.order_id == Order.id, Refund.at > before).exists(),
    )
    waits = select(Pickup.id).where(Pickup.order_id == Order.id, Pickup.state == PickupState.BOOKED).exists()
    is_over = or_(
        col(Order.state).in_((OrderState.CANCELLED, OrderState.REFUNDED)),
        and_(col(Order.state) == OrderState.PAID, ~waits),
    )
    needed = select(Order.id).where(Order.basket_id == EngravingProof.basket_id, or_(~is_over, ended_since)).exists()
    return select(EngravingProof.id).where(
        col(EngravingProof.erased_at).is_(None), EngravingProof.confirmed_at <= before, ~needed
    )


def _drawn(variant: Variant, item: BasketItem) -> tuple[str, float]:
    facts = variant.engraving or {}
    on = ground_of(kind=variant.kind, measures=variant.measures, engraving=facts)
    found = refuse(item.engraving, limits=Limits.of(facts), on=on)
    title = f"{variant.sku} {item.number}: {' / '.join(item.engraving)}"
    return proof.svg(found, on=on, title=title, salt=secrets.token_hex(16)), found.cap_mm


def _of(item: BasketItem) -> Any:
    return (col(EngravingProof.basket_id) == item.basket_id) & (col(EngravingProof.piece_id) == item.piece_id)


def _same_piece(line: Any) -> Any:
    return (col(EngravingProof.basket_id) == line.basket_id) & (col(EngravingProof.piece_id) == line.piece_id)


def _view(kept: EngravingProof, line: Any) -> ProofView:
    return ProofView(
        piece_id=kept.piece_id,
        sku=line.sku,
        number=line.number,
        lines=tuple(kept.lines),
        svg=kept.svg,
        svg_sha256=kept.svg_sha256,
        cap_height_mm=kept.cap_height_mm,
        confirmed_at=kept.confirmed_at,
    )
