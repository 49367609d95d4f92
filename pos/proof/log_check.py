"""Looking through the whole log of certificates: every entry, every signature, every link to the books.

Whatever was altered or taken out is named by the first place that does not fit: the number of the entry, from 0, or the
certificate in the books that the log does not know. A log that was cut short together with its head and the books fits
again: only a checkpoint that somebody kept (paper does) shows that, so one may be given to compare with.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Text, bindparam, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from pos.errors import Unknown
from pos.models import Certificate, CertificateState, HandOver, LogAct, LogEntry, LogHead, Piece, PrintJob
from pos.proof import certificate_log, merkle_log, signed_note
from pos.proof.certificate_log import parted
from pos.proof.keys import KeyRing, signed_by
from pos.proof.seals import Sealed, Seals
from pos.proof.signed_note import Checkpoint
from pos.proof.statement import quickly
from pos.shop import Shop

AT_A_TIME = 1000
BEGINS = (LogAct.ISSUED, LogAct.REISSUED)
ENDS = {LogAct.RETURNED: CertificateState.RETURNED, LogAct.VOIDED: CertificateState.VOIDED}
ROWS = (
    select(  # type: ignore[call-overload]
        LogEntry.leaf,
        LogEntry.act,
        LogEntry.at,
        LogEntry.seal,
        cast(col(LogEntry.nodes), LargeBinary).label("nodes"),
        LogEntry.certificate_id,
        Certificate.id,
        Certificate.gtin,
        Certificate.serial,
        cast(col(Certificate.statement), Text).label("statement"),
        Certificate.signature,
        Certificate.key_id,
        Certificate.issued_at,
        Piece.sku,
        Piece.number,
    )
    .join(Certificate, col(Certificate.id) == col(LogEntry.certificate_id), isouter=True)
    .join(Piece, col(Piece.id) == col(Certificate.piece_id), isouter=True)
    .where(col(LogEntry.leaf) > bindparam("after"))
    .order_by(col(LogEntry.leaf))
    .limit(bindparam("many"))
)


@dataclass(frozen=True)
class Broken:
    """The first place that does not fit: where, as people count it, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Whole:
    """A log without a fault: how many entries, its name, the root over all of them."""

    size: int
    origin: str = ""
    root: bytes = merkle_log.EMPTY


@dataclass
class _Walk:
    """What is known of the log so far; certificates by their id."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    seals: dict[str, str] = field(default_factory=dict)
    states: dict[str, CertificateState] = field(default_factory=dict)
    passed: dict[str, list[datetime]] = field(default_factory=dict)  # when it was transferred
    copied: Counter[str] = field(default_factory=Counter)  # how often


def look_through(
    shop: Shop, *, kept: str | None = None, told: Callable[[int, int], None] = lambda done, of: None
) -> Whole | Broken:
    """Check all of the log; kept: a signed checkpoint somebody kept; told: hears how many entries of how many are done.

    Raises RecordsTrouble, and Unknown where what was kept is no checkpoint the house signed.
    """
    witness = _witness(kept, shop.keys) if kept is not None else None
    walk = _Walk()
    with shop.read() as look:
        many = look.exec(select(func.count()).select_from(LogEntry)).one()
        with Seals(shop.keys.known, many=many) as seals:
            broken = _entries(look, walk, seals, witness=witness, told=lambda done: told(done, many))
        head = look.exec(select(LogHead)).first()
        broken = broken or _head(walk, head, shop.keys) or _books(look, walk) or _cut(walk, head, witness)
    if broken or head is None:
        return broken or Whole(0)
    return Whole(walk.size, head.origin, merkle_log.folded(walk.peaks))


def _entries(
    look: Session, walk: _Walk, seals: Seals, *, witness: Checkpoint | None, told: Callable[[int], None]
) -> Broken | None:
    """The first entry that does not fit. Its seal is looked at a little later, and counts before what comes after."""
    why, pages = "", _pages(look)
    for page in pages:
        batch: list[Sealed] = []
        for row in page:
            why = row if isinstance(row, str) else _wrong(walk, row, witness)
            if why:
                break
            if row.act in BEGINS:
                batch.append(_sealed(row))
            walk.size += 1
        if wrong := seals.look_at(batch):
            return _entry(*wrong)
        told(walk.size)
        if why:
            break
    if wrong := seals.wrong():
        return _entry(*wrong)
    return _entry(walk.size, why) if why else None


def _pages(look: Session) -> Iterator[Iterable[Any]]:
    """All entries in order, some at a time; those that cannot even be read one by one, each such as a word of why."""
    last = -(1 << 31)
    while page := _page(look, after=last, many=AT_A_TIME):
        yield page
        if isinstance(page[-1], str):
            return
        last = page[-1].leaf


def _page(look: Session, *, after: int, many: int) -> list[Any]:
    try:
        return list(look.connection().execute(ROWS, {"after": after, "many": many}))
    except (ValueError, LookupError):  # a moment that is none, an act nobody knows
        if many == 1:
            return ["it cannot be read"]
    half = _page(look, after=after, many=many // 2)
    unread = half and isinstance(half[-1], str)
    return half if unread or not half else [*half, *_page(look, after=half[-1].leaf, many=many - many // 2)]


def _wrong(walk: _Walk, row: Any, witness: Checkpoint | None) -> str:
    return _misplaced(walk, row) or _misfit(walk, row) or _unlike(walk, witness)


def _misplaced(walk: _Walk, row: Any) -> str:
    """Whether an entry is the next one, and its hashes are those of the tree; grows the tree."""
    if row.leaf != walk.size:
        return f"it is missing: the next one is numbered {row.leaf}"
    leaf = merkle_log.leaf_hash(quickly(certificate_log.published(row._mapping)))
    if not row.nodes.startswith(leaf):  # then how RFC 8785 itself writes it
        leaf = certificate_log.leaf_of(row._mapping)
    whole, walk.peaks = merkle_log.grown(walk.peaks, walk.size, leaf)
    return "" if row.nodes == b"".join(whole) else "its words are not the ones that were entered"


def _misfit(walk: _Walk, row: Any) -> str:
    """Whether an entry is one the books could have made: of their certificate, after what came before."""
    if row.id is None:
        return "its certificate is not in the books"
    if row.act in BEGINS:
        if row.id in walk.seals:
            return "its certificate was issued before"
        walk.seals[row.id] = row.seal
        issued_at = row.issued_at.replace(microsecond=0)
        return "" if row.at == issued_at else "the books say another moment of its issue"
    if walk.seals.get(row.id) != row.seal:
        return "its certificate was never issued by that name"
    return _further(walk, row)


def _further(walk: _Walk, row: Any) -> str:
    """What an entry says of a certificate that was issued before."""
    if row.act == LogAct.TRANSFERRED:
        walk.passed.setdefault(row.id, []).append(row.at)
    if row.act == LogAct.COPIED:
        walk.copied[row.id] += 1
    if row.act in ENDS:
        if row.id in walk.states:
            return f"its certificate was {walk.states[row.id]} before"
        walk.states[row.id] = ENDS[row.act]
    return ""


def _unlike(walk: _Walk, witness: Checkpoint | None) -> str:
    """Whether the log is at the size of the checkpoint that was kept, and has become another."""
    if witness is None or walk.size + 1 != witness.size or merkle_log.folded(walk.peaks) == witness.root:
        return ""
    return "up to here the log is not the one whose checkpoint was kept"


def _sealed(row: Any) -> Sealed:
    return Sealed(
        leaf=row.leaf,
        seal=row.seal,
        gtin=row.gtin,
        serial=row.serial,
        statement=row.statement,
        signature=row.signature,
        key_id=row.key_id,
        sku=row.sku,
        number=row.number,
    )


def _head(walk: _Walk, head: LogHead | None, keys: KeyRing) -> Broken | None:
    """Whether the head is that of these entries, and signed by the house."""
    if head is None:
        return Broken("the head", "it is missing") if walk.size else None
    if head.size != walk.size:
        return _entry(min(walk.size, head.size), f"the head counts {head.size} entries, and {walk.size} are there")
    if parted(head.peaks) != walk.peaks:
        return Broken("the head", "its hashes are not those of the entries")
    if not walk.size:
        return None
    key = keys.known.get(head.key_id)
    if key is None:
        return Broken("the head", f"it is signed with a key the house does not have ({head.key_id})")
    words = certificate_log.checkpoint_of(head).text.encode()
    return None if signed_by(key, words, signature=head.signature) else Broken("the head", "its signature does not fit")


def _books(look: Session, walk: _Walk) -> Broken | None:
    """Whether the log knows every certificate of the books, and says of each what they say."""
    booked = _copies(look)
    asked = select(Certificate.id, Certificate.gtin, Certificate.serial, Certificate.state).order_by(
        col(Certificate.issued_at), col(Certificate.id)
    )
    for certificate_id, gtin, serial, state in look.exec(asked).yield_per(AT_A_TIME):
        if certificate_id not in walk.seals:
            return Broken(f"certificate {serial}", "the log has no entry of its issue")
        entered = walk.states.get(certificate_id, CertificateState.VALID)
        if state != entered:
            return Broken(f"certificate {serial}", f"the books say {state}, the log says {entered}")
        copies, known = booked[f"{gtin}:{serial}"], walk.copied[certificate_id]
        if copies != known:
            return Broken(f"certificate {serial}", f"the books have {copies} copies of its slips, the log {known}")
    return _passed_on(look, walk)


def _copies(look: Session) -> Counter[str]:
    """How often slips of each certificate were printed again, by the books; a certificate as `gtin:serial`."""
    original = aliased(PrintJob)
    asked = (
        select(original.original_of, func.count())
        .join(PrintJob, col(PrintJob.copy_of) == col(original.id))
        .where(col(original.original_of).is_not(None))
        .group_by(col(original.original_of))
    )
    booked: Counter[str] = Counter()
    for of, copies in look.exec(asked):
        booked[str(of).partition(":")[2]] += copies  # `kind:gtin:serial`
    return booked


def _passed_on(look: Session, walk: _Walk) -> Broken | None:
    """Whether the books and the log know the same transfers."""
    booked: dict[str, list[datetime]] = {}
    confirmed = select(HandOver.certificate_id, HandOver.confirmed_at).where(col(HandOver.confirmed_at).is_not(None))
    for certificate_id, at in look.exec(confirmed.order_by(col(HandOver.confirmed_at))):
        booked.setdefault(certificate_id, []).extend([at.replace(microsecond=0)] if at else [])
    for certificate_id in sorted(booked.keys() | walk.passed.keys()):
        if booked.get(certificate_id) != walk.passed.get(certificate_id):
            serial = look.exec(select(Certificate.serial).where(Certificate.id == certificate_id)).first()
            return Broken(f"certificate {serial or certificate_id}", "the books and the log know other transfers of it")
    return None


def _cut(walk: _Walk, head: LogHead | None, witness: Checkpoint | None) -> Broken | None:
    """Whether the log is as long as the checkpoint that was kept, and the same log."""
    if witness is None:
        return None
    if head is None or head.origin != witness.origin:
        return Broken("the head", f"the checkpoint that was kept is of another log ({witness.origin})")
    if walk.size < witness.size:
        return _entry(walk.size, f"the log was cut short: the checkpoint that was kept counts {witness.size}")
    return None


def _witness(kept: str, keys: KeyRing) -> Checkpoint:
    for key in keys.known.values():
        try:
            return signed_note.verified(kept, key=key)
        except ValueError:
            continue
    raise Unknown("checkpoint", kept.partition("\n")[0][:80])


def _entry(leaf: int, why: str) -> Broken:
    return Broken(f"entry {leaf}", why)
