"""Letters that come back as mail: a delivery status notification (RFC 3464) says so, and names the letter.

Whoever sends mail can write such a notification. So nothing in it is believed but that it names a Message-ID that we
gave to a letter, which only its recipient and the servers between know; of its words a status code is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import col, select

from pos.models import Letter, LetterState
from pos.shop import Shop

LARGEST = 10 * 1024**2  # bytes: our letter lies in it, pictures and all
_ID = re.compile(r"<[^<>\s]{1,118}>")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")  # RFC 3463


class Outcome(StrEnum):
    """What became of one notification."""

    MARKED = "marked"  # the letter is marked as come back
    KNOWN = "known"  # it was already
    NO_LETTER = "no_letter"  # it names none of ours that was sent
    NO_FAILURE = "no_failure"  # it says that a letter is late, or arrived
    NO_REPORT = "no_report"  # it is no notification at all


@dataclass(frozen=True)
class Report:
    """What a notification says: which letter, and whether it failed for good; status is empty where it gave none."""

    message_id: str
    failed: bool
    status: str = ""


def take(shop: Shop, raw: bytes) -> Outcome:
    """Mark the letter that a notification says has failed; the same one twice is once. Never raises for what it reads.

    Raises RecordsTrouble.
    """
    report = read(raw)
    if report is None:
        return Outcome.NO_REPORT
    if not report.failed:
        return Outcome.NO_FAILURE
    came_back = {"state": LetterState.BOUNCED, "cause": f"{report.status} came back".strip()}
    ours = col(Letter.message_id) == report.message_id
    with shop.jot() as tx:
        sent = update(Letter).where(ours, col(Letter.state) == LetterState.SENT)
        if tx.connection().execute(sent.values(**came_back)).rowcount == 1:
            return Outcome.MARKED
        state = tx.exec(select(Letter.state).where(ours)).first()
    return Outcome.KNOWN if state == LetterState.BOUNCED else Outcome.NO_LETTER


def read(raw: bytes) -> Report | None:
    """The report in a mail; None where there is none, or it names no letter."""
    if len(raw) > LARGEST:
        return None
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)  # the patient one: it raises for no header, if spoilt
    except RecursionError:  # a thousand mails one inside the other are nobody's report
        return None
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    parts: list[Message] = [part for part in mail.get_payload() if isinstance(part, Message)]
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    message_id = next(filter(None, map(_names, parts)), None)
    if status is None or message_id is None:
        return None
    told = [(str(block.get("Action", "")).strip().lower(), str(block.get("Status", ""))) for block in _blocks(status)]
    failed = [said for action, said in told if action == "failed"]
    code = _STATUS.search(failed[0]) if failed else None
    return Report(message_id, failed=bool(failed), status=code[0] if code else "")


def _blocks(status: Message) -> Iterator[Message]:
    """Of the message, then one of each recipient (RFC 3464 §2.1)."""
    payload = status.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))


def _names(part: Message) -> str | None:
    """The Message-ID of the letter that lies in this part, whole or its head alone."""
    if part.get_content_type() == "message/rfc822":
        inside = part.get_payload()
        letter = inside[0] if isinstance(inside, list) and inside else None
    elif part.get_content_type() == "text/rfc822-headers":
        head = part.get_payload(decode=True)
        letter = message_from_bytes(head) if isinstance(head, bytes) else None
    else:
        return None
    found = _ID.search(str(letter.get("Message-ID", ""))) if isinstance(letter, Message) else None
    return found[0] if found else None
