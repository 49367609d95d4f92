"""Comparing with Stripe every night, once in the whole house, and again until it has been done.

Each night is one row, named by its date: who writes it compares, of however many processes. A night that was missed, or
in which Stripe could not be asked, is caught up by whoever looks next.
"""

import logging
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from pos.books.differences import BY_STRIPE
from pos.books.reconcile import Report, edges, house_zone, reconcile
from pos.errors import PaymentTrouble
from pos.models import Payment, Reconciliation, put
from pos.shop import Shop

log = logging.getLogger(__name__)

AT = time(3, 30)  # of the house's zone: nobody sells, and the day before is complete
DAYS = 3  # whole days compared each night; a capture or a refund may come days after its charge
MOST_DAYS = 60  # of nights that were missed
UNDER_WAY = "under way"  # whoever leaves a night so was killed in it
AGAIN_AFTER = timedelta(minutes=30)


def nightly(shop: Shop) -> Report | None:
    """Compare the last days, if it is time, there is anything to compare, and nobody has done it this night.

    None: nothing was done, or Stripe could not be asked; then it is tried again after half an hour.
    """
    night = tonight(shop)
    run_id = f"night-{night}"
    if _is_done(shop, run_id) or not _has_sold(shop, before=_moment(shop, night)):
        return None
    first, last = _first_day(shop, night), night - timedelta(days=1)
    if not _claim(shop, run_id, first=first, last=last):
        return None
    try:
        report = reconcile(shop, first=first, last=last, run_id=run_id)
    except PaymentTrouble as trouble:
        log.warning("the books of %s to %s could not be compared with Stripe's: %s", first, last, trouble.code)
        return None
    if found := len(report.differences) + len(report.older):
        log.warning("our books and Stripe's differ in %s places: python -m pos reconcile", found)
    return report


def tonight(shop: Shop) -> date:
    """The night that is due: of today once its time has come in the house's zone, else of yesterday."""
    now = shop.clock.now().astimezone(house_zone(shop))
    return now.date() if now.time() >= AT else now.date() - timedelta(days=1)


def _moment(shop: Shop, night: date) -> datetime:
    return datetime.combine(night, AT, house_zone(shop))


def _first_day(shop: Shop, night: date) -> date:
    """Three days back, or as far as the last comparison that went well."""
    with shop.read() as look:
        until = look.exec(
            select(Reconciliation.ends_at)
            .where(col(Reconciliation.id).startswith("night-"), col(Reconciliation.trouble).is_(None))
            .order_by(col(Reconciliation.ends_at).desc())
            .limit(1)
        ).first()
    usual = night - timedelta(days=DAYS)
    if until is None:
        return usual
    return max(min(usual, until.astimezone(house_zone(shop)).date()), night - timedelta(days=MOST_DAYS))


def _is_done(shop: Shop, run_id: str) -> bool:
    with shop.read() as look:
        row = look.get(Reconciliation, run_id)
    return row is not None and row.trouble is None


def _has_sold(shop: Shop, *, before: datetime) -> bool:
    asked = select(Payment.id).where(col(Payment.method).in_(BY_STRIPE), col(Payment.opened_at) < before).limit(1)
    with shop.read() as look:
        return look.exec(asked).first() is not None


def _claim(shop: Shop, run_id: str, *, first: date, last: date) -> bool:
    """Take a night for this process; False while another has it, or had it and is to be given time."""
    start, end = edges(shop, first=first, last=last)
    try:
        with shop.jot() as tx:
            at = tx.now()
            put(tx, Reconciliation(id=run_id, starts_at=start, ends_at=end, ran_at=at, trouble=UNDER_WAY))
            return True
    except IntegrityError:  # somebody has begun it
        pass
    with shop.jot() as tx:
        at = tx.now()
        left = (col(Reconciliation.trouble).is_not(None), col(Reconciliation.ran_at) <= at - AGAIN_AFTER)
        again = update(Reconciliation).where(col(Reconciliation.id) == run_id, *left)
        return tx.exec(again.values(ran_at=at, trouble=UNDER_WAY, starts_at=start, ends_at=end)).rowcount == 1
