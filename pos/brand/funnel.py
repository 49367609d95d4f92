"""The funnel: how many shoppers looked at a piece on a tablet, kept it, left it, bought it, by piece and boutique."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, select

from pos.errors import RecordsTrouble
from pos.models import Boutique, Step, StepCount, Variant
from pos.shop import Shop


@dataclass(frozen=True)
class FunnelRow:
    """One piece, or one boutique, or all of a capsule: how often each step was taken."""

    name: str
    counts: dict[Step, int]

    def share(self, step: Step) -> float | None:
        """Of those who looked, or, of what was left behind, of what was kept; None where there was nothing."""
        whole = self.counts.get(Step.HOLD if step is Step.DROP else Step.VIEW, 0)
        return self.counts.get(step, 0) / whole if whole else None


@dataclass(frozen=True)
class Funnel:
    """A capsule's funnel as of a moment, UTC."""

    whole: FunnelRow
    pieces: tuple[FunnelRow, ...]
    boutiques: tuple[FunnelRow, ...]
    as_of: datetime


def write_down(shop: Shop) -> int:
    """Add what was counted in this process to the records, in one statement; says how many steps."""
    counts = shop.tally.take()
    if not counts:
        return 0
    try:
        with shop.jot() as tx:
            known = {boutique_id: ZoneInfo(zone) for boutique_id, zone in tx.exec(select(Boutique.id, Boutique.zone))}
            sold_here = set(tx.exec(select(Variant.sku)))
            by_day: Counter[tuple[Any, ...]] = Counter()
            for (hour, boutique_id, sku, step), n in counts.items():
                if boutique_id in known and sku in sold_here:
                    by_day[hour.astimezone(known[boutique_id]).date(), boutique_id, sku, step] += n
            rows = [
                {"day": day, "boutique_id": boutique_id, "sku": sku, "step": step, "count": n}
                for (day, boutique_id, sku, step), n in sorted(by_day.items())
            ]
            if rows:
                dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
                added = dialect.insert(StepCount).values(rows)
                key = ["day", "boutique_id", "sku", "step"]
                more = {"count": col(StepCount.count) + added.excluded.count}
                tx.connection().execute(added.on_conflict_do_update(index_elements=key, set_=more))
    except RecordsTrouble:
        shop.tally.give_back(counts)
        raise
    return sum(counts.values())


def of_capsule(shop: Shop, *, capsule_id: str, language: str, since: date | None = None) -> Funnel:
    """The steps with the pieces of a capsule from a day on; None: since it opened."""
    at = shop.clock.now()
    with shop.read() as look:
        variants = select(Variant).where(Variant.capsule_id == capsule_id).order_by(col(Variant.position))
        names = {one.sku: one.name[language] for one in look.exec(variants)}
        boutiques = {one.id: one.name for one in look.exec(select(Boutique).order_by(col(Boutique.name)))}
        asked = (
            select(StepCount.sku, StepCount.boutique_id, StepCount.step, func.sum(StepCount.count))
            .where(col(StepCount.sku).in_(names), col(StepCount.day) >= (since or date.min))
            .group_by(StepCount.sku, StepCount.boutique_id, StepCount.step)
        )
        rows = [(sku, boutique_id, Step(step), int(n)) for sku, boutique_id, step, n in look.exec(asked)]
    whole: Counter[Step] = Counter()
    by_piece: dict[str, Counter[Step]] = {sku: Counter() for sku in names}
    by_boutique: dict[str, Counter[Step]] = {}
    for sku, boutique_id, step, n in rows:
        for counts in (whole, by_piece[sku], by_boutique.setdefault(boutique_id, Counter())):
            counts[step] += n
    return Funnel(
        whole=FunnelRow("", dict(whole)),
        pieces=tuple(FunnelRow(names[sku], dict(counts)) for sku, counts in by_piece.items() if counts),
        boutiques=tuple(FunnelRow(boutiques[one], dict(by_boutique[one])) for one in boutiques if one in by_boutique),
        as_of=at,
    )
