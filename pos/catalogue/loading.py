"""Loading: the checked folders become the catalogue's rows, all of them in one transaction or none.

Loading again changes words, prices and windows in place and adds the numbers an edition has grown by. It never touches
a piece somebody has had in hand; what the folders ask for that would is a mistake, reported with all the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from pos.books import audit
from pos.catalogue import reading, rows, shrinking
from pos.catalogue.mistakes import Mistake, in_order
from pos.catalogue.reading import CapsuleFolder
from pos.catalogue.rows import Placed
from pos.catalogue.schema import DaysFromLoad
from pos.errors import CapsuleMistakes
from pos.models import Boutique, Bundle, Capsule, Extra, Piece, PreorderWindow, Signal, Variant
from pos.shop import Shop

LAYOUT = "1"  # of the rows written here; another number makes every folder be loaded anew
LOADING_LOCK = 7_244_002  # names this work among PostgreSQL's advisory locks: two processes may open the shop at once


@dataclass(frozen=True)
class Loaded:
    """What loading did: the capsules it wrote, and how many numbered pieces are new."""

    capsules: tuple[str, ...] = ()
    new_pieces: int = 0


def load(shop: Shop, *, root: Path | None = None) -> Loaded:
    """Bring every capsule below a folder (default: capsules/ of the data folder) into the records, all or nothing.

    A folder that is in the records as it stands is left alone. A capsule, variant, bundle or service that has left
    the folders is no longer sold; what was sold of it stays. Raises CapsuleMistakes with every Mistake.
    """
    root = root or shop.settings.data_dir / "capsules"
    reference = shop.settings.data_dir / "reference"
    now = shop.clock.now()
    folders = reading.read_all(root, on=now.date(), reference=reference)
    digests = {folder.slug: f"{LAYOUT}:{reading.digest(folder.path, reference)}" for folder in folders}
    with shop.read() as look:
        if _as_it_stands(look, folders, digests, at=now):
            return Loaded()
    with shop.write() as tx:
        _alone(tx)
        mistakes: list[Mistake] = []
        new = 0
        for folder in folders:
            placed = _placed(tx, folder, digest=digests[folder.slug], reference=reference, at=now)
            mistakes += [*_unknown_boutiques(tx, folder), *shrinking.refusals(tx, folder)]
            if not mistakes:
                new += _write(tx, folder, placed)
        if mistakes:
            raise CapsuleMistakes(in_order(mistakes))
        _close_all_but(tx, [folder.slug for folder in folders], at=now)
        names = tuple(folder.slug for folder in folders)
        audit.record(tx, "catalogue loaded", root.name, by="set-up", capsules=list(names), new_pieces=new)
        return Loaded(names, new)


def _alone(tx: Session) -> None:
    if tx.get_bind().dialect.name == "postgresql":
        tx.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOADING_LOCK})


# ── Does anything need to be written? ────────────────────────────────────────────────────────────────────────────────


def _as_it_stands(look: Session, folders: Sequence[CapsuleFolder], digests: dict[str, str], *, at: datetime) -> bool:
    known = {row.id: row for row in look.exec(select(Capsule))}
    for folder in folders:
        row = known.get(folder.slug)
        if row is None or row.digest != digests[folder.slug] or _demo_is_over(look, folder, row, at=at):
            return False
    gone = known.keys() - digests.keys()
    return not any(_on_sale(known[slug], at=at) for slug in gone)


def _on_sale(row: Capsule, *, at: datetime) -> bool:
    return row.closes_at is None or row.closes_at > at


def _demo_is_over(look: Session, folder: CapsuleFolder, row: Capsule, *, at: datetime) -> bool:
    """Whether a demonstration's days are used up, so that they are counted anew: it is open whenever it is shown."""
    if not folder.file.capsule.demo:
        return False
    windows = look.exec(select(PreorderWindow.closes_at).where(col(PreorderWindow.sku).in_(_skus(folder))))
    return any(closes <= at for closes in windows) or not _on_sale(row, at=at)


def _skus(folder: CapsuleFolder) -> list[str]:
    return [variant.sku for variant in folder.file.variants]


def _placed(tx: Session, folder: CapsuleFolder, *, digest: str, reference: Path, at: datetime) -> Placed:
    homes = folder.file.capsule.boutiques
    boutique = tx.get(Boutique, homes[0]) if homes else tx.exec(select(Boutique).order_by(col(Boutique.id))).first()
    zone = ZoneInfo(boutique.zone) if boutique else reading.ZONE
    return Placed(_loaded_on(tx, folder, digest=digest, zone=zone, at=at), zone, reference, digest)


def _loaded_on(tx: Session, folder: CapsuleFolder, *, digest: str, zone: ZoneInfo, at: datetime) -> date:
    """The day a demonstration counts from: the day it was first loaded like this, while it is not over."""
    opens, row = folder.file.capsule.opens_at, tx.get(Capsule, folder.slug)
    if row is None or row.digest != digest or not isinstance(opens, DaysFromLoad):
        return at.astimezone(zone).date()
    if _demo_is_over(tx, folder, row, at=at):
        return at.astimezone(zone).date()
    return row.opens_at.astimezone(zone).date() - timedelta(days=opens.days_from_load)


# ── Writing one capsule ──────────────────────────────────────────────────────────────────────────────────────────────


def _write(tx: Session, folder: CapsuleFolder, placed: Placed) -> int:
    """All rows of one capsule; returns how many pieces are new. Parents are flushed before what names them."""
    tx.merge(rows.capsule(folder, placed))
    tx.flush()
    _write_signals(tx, folder, placed)
    for layer in (
        rows.designs(folder),
        rows.variants(folder, placed),
        rows.editions(folder),
        rows.bundles(folder),
        rows.extras(folder),
        rows.windows(folder, placed),
    ):
        for row in layer:
            tx.merge(row)
        tx.flush()
    _retire(tx, folder)
    return _number(tx, folder)


def _write_signals(tx: Session, folder: CapsuleFolder, placed: Placed) -> None:
    known = {row.position: row for row in tx.exec(select(Signal).where(Signal.capsule_id == folder.slug))}
    for row in rows.signals(folder, placed):
        before = known.pop(row.position, None)
        row.id = before.id if before else None
        tx.merge(row)
    for left in known.values():
        tx.delete(left)
    tx.flush()


def _retire(tx: Session, folder: CapsuleFolder) -> None:
    file, skus = folder.file, _skus(folder)
    for table, key, kept in (
        (Variant, Variant.sku, skus),
        (Bundle, Bundle.id, [bundle.id for bundle in file.bundles]),
        (Extra, Extra.id, [extra.id for extra in file.extras]),
    ):
        for left in tx.exec(select(table).where(table.capsule_id == folder.slug, col(key).not_in(kept))):
            left.retired = True
    windowed = [sku for window in file.windows for sku in window.skus]
    ours = select(Variant.sku).where(Variant.capsule_id == folder.slug)
    tx.exec(delete(PreorderWindow).where(col(PreorderWindow.sku).in_(ours), col(PreorderWindow.sku).not_in(windowed)))


def _number(tx: Session, folder: CapsuleFolder) -> int:
    """Every edition has its numbers, from 1 to its size: those that are missing are added, free."""
    new: list[dict[str, Any]] = []
    for edition in rows.editions(folder):
        there = set(tx.exec(select(Piece.number).where(Piece.sku == edition.sku)))
        if there and max(there) > edition.size:
            shrinking.take_back(tx, folder, sku=edition.sku, size=edition.size)
        missing = (number for number in range(1, edition.size + 1) if number not in there)
        new += [{"sku": edition.sku, "number": number} for number in missing]
    tx.add_all(Piece(**facts) for facts in new)
    tx.flush()
    return len(new)


def _close_all_but(tx: Session, slugs: Sequence[str], *, at: datetime) -> None:
    for row in tx.exec(select(Capsule).where(col(Capsule.id).not_in(slugs))):
        if _on_sale(row, at=at):
            row.closes_at = max(at, row.opens_at)
        for variant in tx.exec(select(Variant).where(Variant.capsule_id == row.id)):
            variant.retired = True


def _unknown_boutiques(tx: Session, folder: CapsuleFolder) -> Iterable[Mistake]:
    known = set(tx.exec(select(Boutique.id)))
    for name in folder.file.capsule.boutiques:
        if name not in known:
            reason = f"there is no boutique {name}: see boutique.toml"
            yield Mistake(str(folder.path / "capsule.toml"), None, "capsule.boutiques", "reference", reason)
