"""The price of a basket: lines, bundle savings to the penny, VAT inside, due now and due later. Reads, never writes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as entities
from sqlmodel import Session, col, select

from pos.errors import Unknown
from pos.models import (
    Basket,
    BasketItem,
    Bundle,
    Capsule,
    Extra,
    Piece,
    PreorderWindow,
    Variant,
    not_needed,
)
from pos.money import bundle_shares, share_bp, vat_inside
from pos.selling.views import Quote, QuoteLine
from pos.stock.pieces import IN_ORDER
from pos.words import part_of

WORN = part_of("paper", "worn")


@dataclass(frozen=True)
class Wish:
    """One item of a basket with everything its price depends on."""

    item: BasketItem
    piece: Piece
    variant: Variant
    capsule: Capsule
    window: PreorderWindow | None
    bundle: Bundle | None
    extras: tuple[Extra, ...]


WISHES: Any = (
    entities(BasketItem, Piece, Variant, Capsule, PreorderWindow)
    .join(Piece, col(Piece.id) == col(BasketItem.piece_id))
    .join(Variant, col(Variant.sku) == col(BasketItem.sku))
    .join(Capsule, col(Capsule.id) == col(Variant.capsule_id))
    .join(PreorderWindow, col(PreorderWindow.sku) == col(BasketItem.sku), isouter=True)
    .where(col(BasketItem.basket_id) == bindparam("basket_id"))
    .order_by(*IN_ORDER)
    .options(
        *not_needed(Variant, "line", "facts", "measures", "hallmark", "metal"),
        *not_needed(Capsule, "name", "line", "eyebrow", "story", "media"),
    )
)
WISHES_LOCKED = WISHES.with_for_update(of=Piece)


def wishes_of(tx: Session, *, basket_id: str, lock: bool = False) -> list[Wish]:
    """The items of a basket in the order they were added; lock also takes their pieces, in the order of all."""
    found = tx.execute(WISHES_LOCKED if lock else WISHES, {"basket_id": basket_id})
    rows: list[Any] = list(found)
    items: list[BasketItem] = [row[0] for row in rows]
    bundles = _named(tx, Bundle, {item.bundle_id for item in items if item.bundle_id})
    extras = _named(tx, Extra, {extra for item in items for extra in item.extras})
    wishes = [
        Wish(
            item=item,
            piece=piece,
            variant=variant,
            capsule=capsule,
            window=window,
            bundle=bundles.get(item.bundle_id),
            extras=tuple(extras[extra] for extra in item.extras),
        )
        for item, piece, variant, capsule, window in rows
    ]
    return sorted(wishes, key=as_added)


def as_added(wish: Wish) -> tuple[datetime, int, str]:
    """The place of a wish among the others: in the order they were added, parts of a bundle as the bundle has them."""
    parts = [slot["id"] for slot in wish.bundle.slots] if wish.bundle else []
    place = parts.index(wish.item.bundle_slot) if wish.item.bundle_slot in parts else len(parts)
    return wish.item.added_at, place, wish.item.id


def quote(*, basket: Basket, wishes: Sequence[Wish], at: datetime) -> Quote:
    """The price of these wishes, line by line; a pre-order counts where its window is open at this moment."""
    prices = _bundle_prices(wishes)
    lines: list[QuoteLine] = []
    for wish in wishes:
        gross = prices.get(wish.item.id, wish.variant.price_minor)
        lines.append(_piece_line(wish, gross=gross, language=basket.language, at=at))
        lines.extend(_extra_line(wish, extra, language=basket.language, at=at) for extra in wish.extras)
    return _totalled(basket, lines)


def ready_on(*, wishes: Sequence[Wish], today: date, at: datetime) -> date:
    """The first day all of this can be handed over: pre-orders when promised, the rest after its bench days."""
    return max((_ready(wish, today=today, at=at) for wish in wishes), default=today)


def is_collected_at(boutique_id: str, *, wishes: Sequence[Wish], sold_in: str) -> bool:
    """Whether all of this may be collected in that boutique: where it is sold, or where all its capsules are shown."""
    homes = [wish.capsule.boutiques for wish in wishes]
    return boutique_id == sold_in or all(not shown or boutique_id in shown for shown in homes)


def _ready(wish: Wish, *, today: date, at: datetime) -> date:
    bench = sum(extra.lead_days for extra in wish.extras)
    if wish.item.engraving and wish.variant.engraving:
        bench += int(wish.variant.engraving.get("lead_days", 0))
    if wish.window is not None and _deposit_bp(wish, at) is not None:
        return wish.window.promised_on + timedelta(days=bench)
    return today + timedelta(days=wish.variant.lead_days + bench)


def _named(tx: Session, table: Any, ids: Iterable[str]) -> dict[str, Any]:
    """The bundles or services of these ids, offered or not: what is in a basket has its price until it is put back."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    found = {row.id: row for row in tx.exec(select(table).where(table.id.in_(wanted)))}
    for name in wanted:
        if name not in found:
            raise Unknown(table.__name__.lower(), name)
    return found


def _bundle_prices(wishes: Sequence[Wish]) -> dict[str, int]:
    """Item → price in a bundle: the saving spread over the parts in proportion, to the penny."""
    groups: dict[str, list[Wish]] = defaultdict(list)
    for wish in wishes:
        if wish.item.bundle_group:
            groups[wish.item.bundle_group].append(wish)
    prices: dict[str, int] = {}
    for parts in groups.values():
        bundle = parts[0].bundle
        saving = bundle.saving_minor if bundle is not None and len(parts) == len(bundle.slots) else 0
        shares = bundle_shares([part.variant.price_minor for part in parts], saving_minor=saving)
        prices.update({part.item.id: share for part, share in zip(parts, shares, strict=True)})
    return prices


def promised_on(wish: Wish, at: datetime) -> str | None:
    """The ISO date a pre-order is promised for; None for what is in stock."""
    return wish.window.promised_on.isoformat() if wish.window and _deposit_bp(wish, at) is not None else None


def _deposit_bp(wish: Wish, at: datetime) -> int | None:
    window = wish.window
    return window.deposit_bp if window is not None and window.opens_at <= at < window.closes_at else None


def _piece_line(wish: Wish, *, gross: int, language: str, at: datetime) -> QuoteLine:
    item, variant = wish.item, wish.variant
    return _line(
        wish,
        at=at,
        gross=gross,
        rate=variant.vat_rate_bp,
        piece_id=item.piece_id,
        sku=variant.sku,
        number=item.number,
        name=variant.name[language],
        detail=" · ".join(part for part in (size_name(wish, language), _worn(item, language)) if part),
        size=item.size,
        engraving=tuple(item.engraving),
        list_minor=variant.price_minor,
    )


def _extra_line(wish: Wish, extra: Extra, *, language: str, at: datetime) -> QuoteLine:
    return _line(
        wish,
        at=at,
        gross=extra.price_minor,
        rate=extra.vat_rate_bp,
        piece_id=None,
        sku=extra.id,
        number=None,
        name=extra.name[language],
        detail=wish.variant.name[language],
        size=None,
        engraving=(),
        list_minor=extra.price_minor,
    )


def _line(wish: Wish, *, at: datetime, gross: int, rate: int, **words: Any) -> QuoteLine:
    deposit = _deposit_bp(wish, at)
    due_now = gross if deposit is None else share_bp(gross, bp=deposit)
    return QuoteLine(
        item_id=wish.item.id,
        gross_minor=gross,
        vat_rate_bp=rate,
        vat_minor=vat_inside(gross, rate_bp=rate),
        due_now_minor=due_now,
        due_later_minor=gross - due_now,
        vat_now_minor=vat_inside(due_now, rate_bp=rate),
        bundle_id=wish.item.bundle_id,
        bundle_group=wish.item.bundle_group,
        promised_on=promised_on(wish, at),
        **words,
    )


def _totalled(basket: Basket, lines: Sequence[QuoteLine]) -> Quote:
    return Quote(
        basket_id=basket.id,
        checkout=basket.checkouts,
        language=basket.language,
        currency="gbp",
        lines=tuple(lines),
        total_minor=sum(line.gross_minor for line in lines),
        vat_minor=sum(line.vat_minor for line in lines),
        due_now_minor=sum(line.due_now_minor for line in lines),
        due_later_minor=sum(line.due_later_minor for line in lines),
        saving_minor=sum(line.list_minor - line.gross_minor for line in lines),
    )


def _worn(item: BasketItem, language: str) -> str:
    """Who wears a tag, on which collar, for the order and its papers."""
    return WORN[language].get(f"{item.species}_{item.collar}", "")


def size_name(wish: Wish, language: str) -> str:
    """The size that is wished for, in words; empty where the piece has none, or none is chosen."""
    names = {size["code"]: size["name"][language] for size in wish.variant.sizes}
    return str(names.get(wish.item.size, ""))
