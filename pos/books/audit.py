"""The audit chain: one entry for each write of the shop, sealed in its transaction, each naming the one before.

Changing, adding or taking out an entry breaks every hash after it; `broken_at` finds the first. The order of the chain
is the order of commits: the last thing a transaction does is to take its place in it (on PostgreSQL under an advisory
lock held until the commit, on SQLite the writer's turn is that lock).
"""

import hashlib
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import insert, text
from sqlmodel import Session, col, select

from pos.models import AuditEntry

BEGINNING = "0" * 64
CHAIN_LOCK = 7_244_001  # any number of ours; it names the chain among PostgreSQL's advisory locks
TAKE_PLACE = text("SELECT pg_advisory_xact_lock(:lock)")
LAST = select(AuditEntry.seq, AuditEntry.hash).order_by(col(AuditEntry.seq).desc()).limit(1)
APPEND = insert(AuditEntry)


def record(tx: Session, act: str, subject: str | int | None, *, by: str, **facts: Any) -> None:
    """Note what this transaction does, to what, by whom; facts are words, whole numbers and lists of them."""
    tx.info.setdefault("audit", []).append({"act": act, "subject": str(subject), "by": by, "facts": facts})


def unchanged(tx: Session) -> None:
    """Say that this transaction found everything as it should be, and writes nothing."""
    tx.info.setdefault("audit", [])


def seal(tx: Session, *, at: datetime) -> None:
    """Write the notes of this transaction into the chain; called once, just before the commit."""
    notes = tx.info.pop("audit", [])
    if not notes:
        return
    tx.flush()
    line = tx.connection()
    if line.dialect.name == "postgresql":
        line.execute(TAKE_PLACE, {"lock": CHAIN_LOCK})
    seq, previous = line.execute(LAST).first() or (0, BEGINNING)
    rows = []
    for note in notes:
        seq += 1
        entry = {"seq": seq, "at": at, "previous": previous, **note}
        previous = entry_hash(entry)
        rows.append({**entry, "hash": previous})
    line.execute(APPEND, rows)


def entry_hash(entry: dict[str, Any]) -> str:
    """The hash of one entry: SHA-256 over its canonical JSON (RFC 8785), time in UTC to the microsecond."""
    words = {key: entry[key] for key in ("seq", "by", "act", "subject", "facts", "previous")}
    return hashlib.sha256(rfc8785.dumps({**words, "at": entry["at"].isoformat(timespec="microseconds")})).hexdigest()


def broken_at(tx: Session) -> int | None:
    """The number of the first entry that does not fit the chain, or None where all fit."""
    previous = BEGINNING
    expected = 1
    for entry in tx.exec(select(AuditEntry).order_by(col(AuditEntry.seq))).yield_per(1000):
        fits = entry.seq == expected and entry.previous == previous and entry.hash == entry_hash(entry.model_dump())
        if not fits:
            return expected
        previous, expected = entry.hash, expected + 1
    return None
