"""Comparing our books with Stripe's: both are read, held side by side by a pure rule, and what differs is kept.

Days are civil days of the house, from midnight to midnight of its zone. What was made on one side of midnight and
written down on the other is looked up by its id, so the edge of a day is no difference. Whatever stood as a difference
before is looked up again too, however old it is: it is gone when the books agree, not when its day has passed.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from pos.books import audit
from pos.books.both_sides import Both, gather
from pos.books.differences import Found, compare
from pos.db import Writing
from pos.errors import PaymentTrouble, WrongState
from pos.ids import new_id
from pos.models import Boutique, Difference, Reconciliation, put
from pos.shop import Shop

log = logging.getLogger(__name__)

ZONE = "Europe/London"  # of a house that has no boutique yet
AT_ONCE = 3  # how often two who compare at the same moment may meet


@dataclass(frozen=True)
class Report:
    """What a comparison found: differences of the days asked for, and older ones that still stand; times UTC."""

    starts_at: datetime
    ends_at: datetime
    compared: int
    differences: tuple[Found, ...]
    older: tuple[Found, ...]


def reconcile(shop: Shop, *, first: date, last: date, run_id: str | None = None) -> Report:
    """Compare our books with Stripe's from the first day to the last, both included, and keep what differs.

    run_id names a row that is there already (a night's). Raises PaymentTrouble where Stripe could not be asked (then
    nothing that stood is taken for gone), and WrongState for days the wrong way round.
    """
    if last < first:
        raise WrongState("days", f"{first} to {last}", "the wrong way round")
    start, end = edges(shop, first=first, last=last)
    run = run_id or new_id()
    try:
        both = gather(shop, start=start, end=end)
    except PaymentTrouble as trouble:
        _write_down(shop, run, start=start, end=end, trouble=trouble.code)
        raise
    found = compare(both.ours, both.theirs, at=shop.clock.now())
    older = tuple(one for one in found if one.subject in both.from_before)
    report = Report(start, end, both.compared, tuple(one for one in found if one not in older), older)
    _keep(shop, run, report, both=both)
    return report


def edges(shop: Shop, *, first: date, last: date) -> tuple[datetime, datetime]:
    """From the midnight before the first day to the midnight after the last, where the house stands; UTC."""
    zone = house_zone(shop)
    begins = datetime.combine(first, time.min, zone)
    ends = datetime.combine(last + timedelta(days=1), time.min, zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def house_zone(shop: Shop) -> ZoneInfo:
    """Where the house keeps its books: the zone of its boutiques; of the first by name where they differ."""
    with shop.read() as look:
        zone = look.exec(select(Boutique.zone).order_by(col(Boutique.id)).limit(1)).first()
    return ZoneInfo(zone or ZONE)


def _keep(shop: Shop, run: str, report: Report, *, both: Both) -> None:
    """Write down what differs now, and that what stood before and differs no more is gone."""
    found = [*report.differences, *report.older]
    for left in range(AT_ONCE, 0, -1):
        try:
            with shop.write() as tx:
                at = tx.now()
                new, gone = _take_over(tx, both, found=found, at=at)
                _run(tx, run, report.starts_at, report.ends_at, at=at, compared=report.compared, differences=len(found))
                told = {"compared": report.compared, "differences": len(found), "new": len(new), "gone": gone}
                audit.record(tx, "books compared", run, by="shop", **told)
        except IntegrityError:  # somebody else, who compares at this moment, has just written the same difference down
            if left == 1:
                raise
            continue
        break
    for subject in new:
        log.info("our books and Stripe's differ: %s", subject)


def _take_over(tx: Writing, both: Both, *, found: list[Found], at: datetime) -> tuple[list[str], int]:
    """Keep what differs, and say of what stood when the comparison began and differs no more that it is gone.

    Says what is news, and how many are gone. In the order of their names: two who compare at once take the rows in the
    same order, and neither waits for the other for ever.
    """
    now = {(one.kind.value, one.subject): one for one in found}
    stood = {(each.kind, each.subject): each.id for each in both.stood}
    new, gone = [], 0
    for name in sorted({*now, *stood}):
        if name not in now:
            this = (col(Difference.id) == stood[name], col(Difference.gone_at).is_(None))
            tx.exec(update(Difference).where(*this).values(gone_at=at))
            gone += 1
        elif _seen(tx, now[name], at=at):
            new.append(now[name].subject)
    return new, gone


def _seen(tx: Writing, one: Found, *, at: datetime) -> bool:
    """Keep one difference; says whether it is news: never seen before, or gone meanwhile."""
    this = (col(Difference.kind) == one.kind.value, col(Difference.subject) == one.subject)
    says: dict[str, Any] = {
        "ours": one.ours,
        "theirs": one.theirs,
        "amount_minor": one.amount_minor,
        "currency": one.currency,
        "order_id": one.order_id,
        "boutique_id": one.boutique_id,
        "last_seen_at": at,
    }
    if tx.exec(update(Difference).where(*this, col(Difference.gone_at).is_(None)).values(**says)).rowcount:
        return False
    if not tx.exec(update(Difference).where(*this).values(**says, gone_at=None)).rowcount:
        put(tx, Difference(id=new_id(), kind=one.kind.value, subject=one.subject, first_seen_at=at, **says))
    return True


def _write_down(shop: Shop, run: str, *, start: datetime, end: datetime, trouble: str) -> None:
    with shop.jot() as tx:
        _run(tx, run, start, end, at=tx.now(), trouble=trouble)


def _run(tx: Session, run: str, start: datetime, end: datetime, *, at: datetime, **told: Any) -> None:
    """The row of this comparison: a night's is there already."""
    values = {"starts_at": start, "ends_at": end, "ran_at": at, "trouble": None, **told}
    mine = update(Reconciliation).where(col(Reconciliation.id) == run).values(**values)
    if not tx.connection().execute(mine).rowcount:
        put(tx, Reconciliation(id=run, **values))
