"""The outbox: letters written with what they tell of, sent one after the other, each once.

A letter that a crash left in the middle is sent again with the same Message-ID: whoever gets it twice can tell. Without
a mail server it becomes a file in the shop's own folder. The states are drawn in pos/models/mail.py.
"""

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select

from pos.ids import new_id
from pos.models import Letter, LetterState
from pos.paper import post
from pos.paper.letters import message
from pos.paper.post import Answer
from pos.settings import Settings
from pos.shop import Shop, wake

log = logging.getLogger(__name__)

TOPIC = "mail"
WAITS = (10, 60, 300, 900, 3600, 4 * 3600)  # seconds before a letter that could not be sent is tried again
GIVE_UP_AFTER = timedelta(days=4)  # RFC 5321 §4.5.4.1: at least four to five days
LEASE = timedelta(minutes=5)  # longer than a conversation with a slow server
CANNOT_BE_SET = "cannot be set"
FOLDER = "mail"
GONE = "forgotten"  # what stands where an address stood


def letter(
    settings: Settings,
    *,
    about: str,
    subject: str,
    order_id: str | None,
    address: str,
    language: str,
    facts: Mapping[str, Any],
    at: datetime,
    again: str = "",
) -> dict[str, Any]:
    """The row of a letter. The same about, subject, address and `again` is the same letter, and is sent once."""
    said = "\n".join((about, subject, address, again)).encode()
    host = settings.public_url.host or "localhost"
    return {
        "id": new_id(),
        "message_id": f"<{about}.{hashlib.sha256(said).hexdigest()[:32]}@{host}>",
        "order_id": order_id,
        "subject": subject,
        "about": about,
        "address": address,
        "language": language,
        "facts": dict(facts),
        "state": LetterState.QUEUED,
        "attempts": 0,
        "queued_at": at,
        "not_before": at,
    }


def enqueue(tx: Session, letters: Iterable[Mapping[str, Any]]) -> int:
    """Write letters down to be sent, inside the transaction they tell of; says how many are new."""
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    new = 0
    for row in letters:
        written = dialect.insert(Letter).values(**row).on_conflict_do_nothing(index_elements=["message_id"])
        new += tx.connection().execute(written).rowcount
    wake(tx, TOPIC)
    return new


def let_go(tx: Session, *, order_id: str, why: str, about: str | None = None, but_to: str = "") -> None:
    """Give up the letters of an order that are not on their way yet: all, those of one kind, those elsewhere."""
    waiting = update(Letter).where(col(Letter.order_id) == order_id, col(Letter.state) == LetterState.QUEUED)
    if about:
        waiting = waiting.where(col(Letter.about) == about)
    given_up = waiting.where(col(Letter.address) != but_to).values(state=LetterState.GIVEN_UP, cause=why)
    tx.connection().execute(given_up)


def send_next(shop: Shop) -> LetterState | None:
    """Send the letter that has waited longest; says what became of it, or None where none is due."""
    with shop.read() as look:
        due = look.exec(select(Letter).where(_due(shop.clock.now())).order_by(col(Letter.not_before)).limit(1)).first()
    if due is None:
        return None
    if not _claim(shop, letter_id=due.id):
        return LetterState.SENDING
    return _record(shop, due, _send(shop, due))


def rest(shop: Shop, *, at_most: float) -> float:
    """For how many seconds there is nothing to send."""
    with shop.read() as look:
        first = look.exec(select(func.min(Letter.not_before)).where(Letter.state == LetterState.QUEUED)).one()
    if first is None:
        return at_most
    return min(at_most, max(0.0, (first - shop.clock.now()).total_seconds()))


def _due(now: datetime) -> Any:
    left = and_(col(Letter.state) == LetterState.SENDING, col(Letter.worker_until) < now)  # its worker died
    return or_(and_(col(Letter.state) == LetterState.QUEUED, col(Letter.not_before) <= now), left)


def _claim(shop: Shop, *, letter_id: str) -> bool:
    """One worker sends a letter: the guard is in the statement."""
    with shop.jot() as tx:
        now = tx.now()
        mine: dict[str, Any] = {"state": LetterState.SENDING, "worker": shop.name, "worker_until": now + LEASE}
        claimed = update(Letter).where(col(Letter.id) == letter_id, _due(now))
        return tx.connection().execute(claimed.values(attempts=Letter.attempts + 1, **mine)).rowcount == 1


def _send(shop: Shop, due: Letter) -> Answer | None:
    """Hand it to the server, or None: it lies in a file now."""
    try:
        made = message(shop.settings, due)
        if shop.settings.mail_host:
            return post.deliver(shop.settings, made)
        _file(shop, due, made.as_bytes())
    except OSError as trouble:
        return Answer(taken=False, cause=str(trouble)[: post.LONGEST])
    except Exception:  # whatever is wrong with it, it is not the next letter's trouble
        log.exception("letter %s cannot be set", due.id)
        return Answer(taken=False, cause=CANNOT_BE_SET)
    return None


def _file(shop: Shop, due: Letter, made: bytes) -> None:
    """A file for whoever runs the shop alone: it bears a person's address."""
    folder = shop.settings.own_folder() / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    half = folder / f".{due.id}"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(made)
    half.replace(folder / file_name(due))


def file_name(due: Letter) -> str:
    """What a letter's file is called in the shop's mail folder."""
    return f"{due.about}-{due.subject}-{due.id[-8:]}.eml"


def _record(shop: Shop, due: Letter, answer: Answer | None) -> LetterState:
    with shop.jot() as tx:
        now = tx.now()
        state, values = _outcome(due, answer, at=now)
        ours = col(Letter.id) == due.id, col(Letter.state) == LetterState.SENDING, col(Letter.worker) == shop.name
        tx.connection().execute(update(Letter).where(*ours).values(state=state, worker_until=None, **values))
    if answer is not None and not answer.taken:
        # No more than the code: what a server says of a letter often bears the address.
        log.warning("letter %s is %s: %s", due.id, state, answer.cause.split(" ", 1)[0])
    return state


def _outcome(due: Letter, answer: Answer | None, *, at: datetime) -> tuple[LetterState, dict[str, Any]]:
    if answer is None:
        return LetterState.FILED, {"cause": None, "ended_at": at}
    if answer.taken:
        return LetterState.SENT, {"cause": None, "ended_at": at}
    if answer.for_good:
        return LetterState.BOUNCED, {"cause": answer.cause, "ended_at": at}
    if at - due.queued_at >= GIVE_UP_AFTER:
        return LetterState.GIVEN_UP, {"cause": answer.cause, "ended_at": at}
    wait = WAITS[min(due.attempts, len(WAITS) - 1)]
    return LetterState.QUEUED, {"cause": answer.cause, "not_before": at + timedelta(seconds=wait)}
