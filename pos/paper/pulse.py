"""The pulse that opens a cash drawer, as a job in its printer's queue: when it is not worth sending any more."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from pos.models import JobState, PrintJob
from pos.shop import Shop

DRAWER = "drawer"  # the kind of such a job: no slip
TOO_LATE = "too_late"
WAITS = timedelta(seconds=30)  # longer nobody stands at the drawer


def is_too_late(job: PrintJob, *, at: datetime) -> bool:
    """Whether a job is a pulse that nobody waits for any more."""
    return job.kind == DRAWER and at - job.queued_at > WAITS


def leave_shut(shop: Shop, job: PrintJob) -> None:
    """The drawer could not be opened while somebody stood there: nobody wants it to fly open now."""
    waits = col(PrintJob.state).in_((JobState.QUEUED, JobState.BLOCKED))
    with shop.jot() as tx:
        given_up = update(PrintJob).where(col(PrintJob.id) == job.id, waits)
        values = {"state": JobState.UNKNOWN, "cause": TOO_LATE, "ended_at": shop.clock.now()}
        tx.connection().execute(given_up.values(**values))
