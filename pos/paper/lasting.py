"""How long a slip is worth printing by itself: afterwards it is held, and a person lets it go on or leaves it.

A printer that is switched on in the morning must not print yesterday: nobody stands there to take it, a receipt in the
tray shows a sale to anyone, and a gift card's code is money.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, update
from sqlmodel import Session, col, select

from pos.models import JobState, PrintJob
from pos.paper import sealed
from pos.paper.pulse import DRAWER
from pos.shop import Shop

WAITING = (JobState.QUEUED, JobState.BLOCKED)
NOT_OUT = (*WAITING, JobState.HELD, JobState.DROPPED)  # where it was begun, somebody has seen that it did not come out
WELL = (JobState.CONFIRMED, JobState.SENT)  # nobody is asked about it
TOO_OLD = "too_old"
INTERRUPTED = "interrupted"
UNPRINTABLE = "unprintable"
REPLACED = "replaced"  # another slip took its place: what it says is not true any more
LASTS = {  # by kind, from the moment it was written down or let go on; escpos.md §7.5
    "test": timedelta(minutes=15),
    "gift": timedelta(minutes=15),  # money, for whoever finds it
    "credit": timedelta(minutes=15),
    "authenticity": timedelta(hours=2),  # the piece's own paper: worth a longer wait, but not a night's
}
ELSE_LASTS = timedelta(minutes=30)  # a receipt is for somebody who stands there


def lasts(kind: str) -> timedelta:
    """For how long a kind of slip is printed without asking."""
    return LASTS.get(kind, ELSE_LASTS)


def is_over(job: PrintJob, *, at: datetime) -> bool:
    """Whether a slip that waits is too old to be printed by itself."""
    return job.kind != DRAWER and at - (job.released_at or job.queued_at) > lasts(job.kind)


def hold(shop: Shop, job: PrintJob) -> None:
    """Hold one slip, if it still waits."""
    with shop.jot() as tx:
        _hold(tx, col(PrintJob.id) == job.id)


def withdraw(tx: Session, *, original_of: str, by: str, at: datetime) -> None:
    """A slip that is not true any more is not printed, unless it is out or on its way."""
    waits = col(PrintJob.state).in_((*NOT_OUT, JobState.UNKNOWN))
    job = tx.exec(select(PrintJob).where(PrintJob.original_of == original_of, waits).with_for_update()).first()
    if job is not None:
        job.state, job.cause, job.settled_by, job.ended_at = JobState.DROPPED, REPLACED, by, at
        sealed.forget(job)


def look_after(shop: Shop) -> int:
    """Hold whatever has become too old, also where no printer asks for it; called every few seconds. Says how many."""
    now = shop.clock.now()
    since = func.coalesce(PrintJob.released_at, PrintJob.queued_at)
    others = and_(col(PrintJob.kind).not_in([*LASTS, DRAWER]), since < now - ELSE_LASTS)
    old = [and_(col(PrintJob.kind) == kind, since < now - lasting) for kind, lasting in LASTS.items()]
    with shop.jot() as tx:
        # One that cannot be set says so until it can; then it is held like the others.
        can_be_set = or_(col(PrintJob.cause).is_(None), col(PrintJob.cause) != UNPRINTABLE)
        return _hold(tx, and_(or_(others, *old), can_be_set))


def _hold(tx: Session, which: object) -> int:
    held = {"state": JobState.HELD, "cause": TOO_OLD, "not_before": None}
    waits = col(PrintJob.state).in_(WAITING)
    return int(tx.connection().execute(update(PrintJob).where(which, waits).values(**held)).rowcount)  # type: ignore[arg-type]
