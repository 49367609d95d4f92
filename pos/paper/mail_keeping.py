"""What is kept of mail: how the outbox stands, and how long a letter's words and address stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, func, select

from pos.db import Writing
from pos.models import Letter, LetterState
from pos.paper import mail
from pos.shop import Shop

OVER = (LetterState.SENT, LetterState.FILED, LetterState.BOUNCED, LetterState.GIVEN_UP)
AT_A_TIME = 5000


@dataclass(frozen=True)
class Outbox:
    """How many letters wait, came back and were given up, of those that are still known; the one that waits longest."""

    waiting: int
    bounced: int
    given_up: int
    oldest: datetime | None


def outbox(look: Session) -> Outbox:
    """How the outbox stands."""
    kept = col(Letter.address) != mail.GONE
    counted: Any = (
        select(Letter.state, func.count(), func.min(Letter.queued_at)).where(kept).group_by(col(Letter.state))
    )
    found = {state: (many, first) for state, many, first in look.exec(counted)}
    many = {state: found.get(state, (0, None))[0] for state in LetterState}
    waits = [found[state][1] for state in (LetterState.QUEUED, LetterState.SENDING) if state in found]
    return Outbox(
        waiting=many[LetterState.QUEUED] + many[LetterState.SENDING],
        bounced=many[LetterState.BOUNCED],
        given_up=many[LetterState.GIVEN_UP],
        oldest=min(waits, default=None),
    )


def wipe(tx: Writing, shop: Shop, *, before: datetime) -> int:
    """Forget address and words of letters that were over then: that there was one, its Message-ID and when, stay."""
    ended = func.coalesce(Letter.ended_at, Letter.queued_at)
    # An address may be forgotten before: then what a server said, and a letter in a file, are still to go.
    said = and_(col(Letter.state).in_((LetterState.BOUNCED, LetterState.GIVEN_UP)), col(Letter.cause).is_not(None))
    lies = and_(col(Letter.state) == LetterState.FILED, col(Letter.cause).is_distinct_from(mail.GONE))
    return burn(
        tx, shop, col(Letter.state).in_(OVER), ended < before, or_(col(Letter.address) != mail.GONE, said, lies)
    )


def burn(tx: Writing, shop: Shop, *which: Any) -> int:
    """Forget address, words and file of these letters, which are over; says how many."""
    found = list(tx.exec(select(Letter).where(*which).limit(AT_A_TIME)))
    filed = [one for one in found if one.state == LetterState.FILED]
    _unfile(shop, filed)
    for letters, cause in ((found, None), (filed, mail.GONE)):  # a server's words may name a person
        these = update(Letter).where(col(Letter.id).in_([one.id for one in letters]))
        tx.connection().execute(these.values(address=mail.GONE, facts={}, cause=cause))
    return len(found)


def _unfile(shop: Shop, letters: Sequence[Letter]) -> None:
    folder = shop.settings.own_folder() / mail.FOLDER
    for one in letters:
        (folder / mail.file_name(one)).unlink(missing_ok=True)


def limit(shop: Shop, *, at: datetime) -> datetime:
    """What was over before this moment is forgotten."""
    return at - timedelta(days=shop.settings.mail_keep_days)
