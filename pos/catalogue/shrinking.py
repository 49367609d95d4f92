"""What may not change once somebody has had a piece in hand: its number, and the article number on its certificate."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, delete, func, select

from pos.catalogue.mistakes import Mistake
from pos.catalogue.reading import CapsuleFolder
from pos.errors import CapsuleMistakes
from pos.models import Edition, Piece, PieceState, Table, Variant

RULE = "edition"


def refusals(tx: Session, folder: CapsuleFolder) -> Iterator[Mistake]:
    """Every change of this folder that would touch a piece somebody has, or had, in hand."""
    for entry in folder.file.variants:
        row, edition = tx.get(Variant, entry.sku), tx.get(Edition, entry.sku)
        if edition and entry.edition.size < edition.size:
            yield from _too_small(tx, folder, sku=entry.sku, size=entry.edition.size)
        if row and row.gtin != entry.gtin and _highest_in_hand(tx, entry.sku):
            reason = f"pieces were given out under {row.gtin}, and their certificates name it"
            yield _mistake(folder, entry.sku, "gtin", reason)
        other = tx.exec(select(Variant.sku).where(Variant.gtin == entry.gtin, Variant.sku != entry.sku)).first()
        if other:
            yield _mistake(folder, entry.sku, "gtin", f"was given to {other}, and a number is given once")


def take_back(tx: Session, folder: CapsuleFolder, *, sku: str, size: int) -> None:
    """Remove the numbers above a smaller size. Raises CapsuleMistakes where somebody took one in this very moment."""
    tx.exec(delete(Piece).where(col(Piece.sku) == sku, col(Piece.number) > size, ~_in_hand()))
    mistakes = tuple(_too_small(tx, folder, sku=sku, size=size))
    if mistakes:
        raise CapsuleMistakes(mistakes)


def _too_small(tx: Session, folder: CapsuleFolder, *, sku: str, size: int) -> Iterator[Mistake]:
    least = _highest_in_hand(tx, sku)
    if size < least:
        reason = f"number {least} has been in somebody's hands: the edition cannot shrink to {size}"
        yield _mistake(folder, sku, "edition.size", reason)


def _mistake(folder: CapsuleFolder, sku: str, key: str, reason: str) -> Mistake:
    return Mistake(str(folder.path / "capsule.toml"), None, f"variants[{sku}].{key}", RULE, reason)


def _highest_in_hand(tx: Session, sku: str) -> int:
    return tx.exec(select(func.max(Piece.number)).where(Piece.sku == sku, _in_hand())).one() or 0


def _in_hand() -> ColumnElement[bool]:
    """The piece is somebody's, or something in the records names it: a basket, an order, a certificate."""
    naming = [
        exists().where(key.parent == col(Piece.id))
        for table in Table.metadata.tables.values()
        for key in table.foreign_keys
        if key.references(Piece.__table__)  # type: ignore[attr-defined]
    ]
    somebodys: ColumnElement[bool] = col(Piece.state) != PieceState.FREE
    for named in naming:
        somebodys = somebodys | named
    return somebodys
