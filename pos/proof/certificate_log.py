"""The log of certificates: what became of each, entry after entry, under one signed root that no entry can leave.

An entry says that a certificate was issued, copied, returned, voided, transferred or issued again, and when. It is
written in the transaction of the act itself, last of all, and signed with it: the head of the log holds the root over
all entries, and whoever keeps one signed head (paper does: it stands on every Z report) can show that nothing before it
was changed, added or taken out.

An entry names no piece and no person. It names a certificate by the SHA-256 of what its address carries (the words that
were signed, and the signature): who holds the address finds the entries, and nobody else learns which they are of.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import rfc8785
from sqlalchemy import bindparam, exists, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from pos.db import Writing
from pos.errors import Unknown
from pos.ids import new_id
from pos.models import Certificate, CertificateState, LogAct, LogEntry, LogHead
from pos.proof import merkle_log, signed_note
from pos.proof.keys import KeyRing, read_signature
from pos.proof.merkle_log import HASH_BYTES, Place, Span
from pos.proof.signed_note import Checkpoint
from pos.proof.statement import digest, sealed_words

NOTES = "certificate log"  # where a transaction keeps what it will enter
VERSION = 1

HEAD = select(LogHead.origin, LogHead.size, LogHead.peaks).where(LogHead.id == 1).with_for_update()
APPEND = insert(LogEntry)
# The size is the guard: whoever appended meanwhile has moved it, and the leaf's number is taken by then anyway.
MOVE_HEAD = (
    update(LogHead)
    .where(col(LogHead.id) == 1, col(LogHead.size) == bindparam("before"))
    .values(
        size=bindparam("now_size"),
        peaks=bindparam("now_peaks"),
        key_id=bindparam("now_key"),
        signature=bindparam("now_signature"),
    )
)


def note(tx: Session, act: LogAct, certificate: Certificate | Any, *, at: datetime, known: bytes | None = None) -> None:
    """Enter an act on a certificate in the log, with this transaction; at is its moment, UTC, kept to the second.

    known: the digest of its statement, where it was just counted.
    """
    tx.info.setdefault(NOTES, []).append(
        {
            "act": act,
            "at": at.astimezone(UTC).replace(microsecond=0),
            "certificate_id": certificate.id,
            "seal": seal_of(certificate, known=known).hex(),
        }
    )


def seal(tx: Session, keys: KeyRing) -> None:
    """Append what this transaction noted, and sign the new head; called once, just before the audit chain."""
    notes = tx.info.pop(NOTES, None)
    if not notes:
        return
    line = tx.connection()
    head = line.execute(HEAD).first() or _begun(tx)
    size, peaks, rows = head.size, parted(head.peaks), []
    for entry in notes:
        whole, peaks = merkle_log.grown(peaks, size, leaf_of(entry))
        rows.append({**entry, "leaf": size, "nodes": b"".join(whole)})
        size += 1
    line.execute(APPEND, rows)
    signature = keys.sign(Checkpoint(head.origin, size, merkle_log.folded(peaks)).text.encode())
    moved = {
        "before": head.size,
        "now_size": size,
        "now_peaks": b"".join(peaks),
        "now_key": keys.key_id,
        "now_signature": signature,
    }
    if line.execute(MOVE_HEAD, moved).rowcount != 1:
        raise AssertionError("the log has moved under its own lock")


def take_in(tx: Writing) -> int:
    """Note the certificates that were issued before there was a log, where it has no entry yet; says how many."""
    if tx.exec(select(exists(select(LogEntry.leaf)))).one():
        return 0
    found = list(tx.exec(select(Certificate).order_by(col(Certificate.issued_at), col(Certificate.id))))
    for certificate in found:
        note(tx, LogAct.ISSUED, certificate, at=certificate.issued_at)
        if certificate.state != CertificateState.VALID:  # when, the books of then do not say
            note(tx, LogAct(str(certificate.state)), certificate, at=tx.now())
    return len(found)


def seal_of(certificate: Certificate | Any, *, known: bytes | None = None) -> bytes:
    """The certificate's name in the log, 32 bytes: who holds its address can count it, and nobody else."""
    return sealed(
        gtin=certificate.gtin,
        serial=certificate.serial,
        digest=known or digest(certificate.statement),
        signature=read_signature(certificate.signature),
    )


def sealed(*, gtin: str, serial: str, digest: bytes, signature: bytes) -> bytes:
    """The same from the parts of an address."""
    return hashlib.sha256(sealed_words(gtin=gtin, serial=serial, digest=digest) + signature).digest()


def published(entry: LogEntry | Mapping[str, Any]) -> dict[str, Any]:
    """An entry as everyone may see it: act, moment, the certificate's name in the log, version."""
    said = entry if isinstance(entry, Mapping) else entry.model_dump()
    at = said["at"].replace(tzinfo=None).isoformat()  # seconds, and more where somebody wrote more
    return {"v": VERSION, "act": str(said["act"]), "at": f"{at}Z", "certificate": said["seal"]}


def leaf_of(entry: LogEntry | Mapping[str, Any]) -> bytes:
    """The hash of an entry in the tree: over its canonical JSON (RFC 8785)."""
    return merkle_log.leaf_hash(rfc8785.dumps(published(entry)))


def head_of(look: Session) -> LogHead | None:
    """The head of the log; None where nothing was ever entered."""
    head = look.exec(select(LogHead)).first()
    return head if head is not None and head.size else None


def checkpoint_of(head: LogHead) -> Checkpoint:
    """What a head says."""
    return Checkpoint(head.origin, head.size, merkle_log.folded(parted(head.peaks)))


def note_of(head: LogHead, keys: KeyRing) -> str:
    """The signed checkpoint of a head, as it is published. Raises Unknown where its key is not in the house's ring."""
    key = keys.known.get(head.key_id)
    if key is None:
        raise Unknown("key", head.key_id)
    return signed_note.written(checkpoint_of(head), key=key, signature=read_signature(head.signature))


def note_now(look: Session, keys: KeyRing) -> str:
    """The signed checkpoint of the log as it is now. Raises Unknown where nothing was entered yet."""
    head = head_of(look)
    if head is None:
        raise Unknown("log", "empty")
    return note_of(head, keys)


def witnessed(look: Session) -> tuple[str, ...]:
    """The log's head in lines for paper that is kept (the Z report): its name, how many entries, the root over them.

    Who keeps the paper can hold it against `/log/checkpoint` for ever. Nothing where nothing was entered yet.
    """
    head = head_of(look)
    return tuple(checkpoint_of(head).text.split()) if head is not None else ()


def entries(look: Session, *, first: int, past: int) -> list[LogEntry]:
    """The entries of these numbers, in order; past is one after the last."""
    numbered = select(LogEntry).where(col(LogEntry.leaf) >= first, col(LogEntry.leaf) < past)
    return list(look.exec(numbered.order_by(col(LogEntry.leaf))))


def entries_of(look: Session, *, seal: str) -> list[LogEntry]:
    """Everything the log says of one certificate, by its name in the log, the oldest first."""
    return list(look.exec(select(LogEntry).where(LogEntry.seal == seal).order_by(col(LogEntry.leaf))))


def inclusion(look: Session, *, leaf: int, size: int) -> list[bytes]:
    """The hashes that prove an entry to be in the log of this size. Raises Unknown where there is no such entry."""
    return _proven(look, _spans(merkle_log.inclusion, leaf, size), size=size)


def consistency(look: Session, *, old: int, new: int) -> list[bytes]:
    """The hashes that prove that the log of one size begins with all of the smaller. Raises Unknown."""
    return _proven(look, _spans(merkle_log.consistency, old, new), size=new)


def parted(hashes: bytes) -> list[bytes]:
    """Hashes that are kept one behind the other."""
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


def _begun(tx: Session) -> Any:
    """The head of a log that begins, named once and for all; whoever begins at the same moment takes the same."""
    dialect: Any = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    new = {"id": 1, "origin": f"vitrine.log/{new_id()}", "size": 0, "peaks": b"", "key_id": "", "signature": ""}
    tx.connection().execute(dialect.insert(LogHead).values(**new).on_conflict_do_nothing())
    return tx.connection().execute(HEAD).one()


def _spans(of: Any, smaller: int, size: int) -> list[Span]:
    try:
        return list(of(smaller, size))
    except ValueError as wrong:
        raise Unknown("proof", f"{smaller} of {size}") from wrong


def _proven(look: Session, spans: Sequence[Span], *, size: int) -> list[bytes]:
    wanted = {place for span in spans for place in merkle_log.places(span)}
    kept = _kept(look, wanted)
    if kept.keys() != wanted:
        raise Unknown("proof", f"in a log of {size}")
    return merkle_log.proof(spans, kept)


def _kept(look: Session, wanted: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of whole parts: each stands with the leaf that made it whole, in the order of its levels."""
    asked: dict[int, list[Place]] = {}
    for level, index in wanted:
        asked.setdefault(((index + 1) << level) - 1, []).append((level, index))
    found = look.exec(select(LogEntry.leaf, LogEntry.nodes).where(col(LogEntry.leaf).in_(list(asked))))
    return {
        place: hashes[place[0]]
        for leaf, nodes in found
        for place in asked[leaf]
        if len(hashes := parted(nodes)) > place[0]
    }
