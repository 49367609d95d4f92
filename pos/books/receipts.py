"""Receipts: one for each part of an order that is paid, numbered without gaps in each boutique."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from pos.books.vat import VatRow
from pos.ids import secret_token
from pos.models import Counter, Order, Part, Receipt, put

COUNT = (
    update(Counter)
    .where(col(Counter.name) == bindparam("series"))
    .values(last=Counter.last + 1)
    .returning(col(Counter.last))
)


def write_down(tx: Session, *, boutique_id: str, order: Order, part: Part, rows: list[VatRow], at: datetime) -> Receipt:
    """The receipt of a paid part in the boutique that took it, inside its transaction: one a part, by the schema."""
    receipt = Receipt(
        number=f"{boutique_id.upper()}-{next_number(tx, f'receipt:{boutique_id}'):06d}",
        order_id=order.id,
        part=part,
        issued_at=at,
        gross_minor=sum(row.gross_minor for row in rows),
        vat_minor=sum(row.vat_minor for row in rows),
        currency=order.currency,
        vat_rows=[asdict(row) for row in rows],
        link=secret_token(),
    )
    put(tx, receipt)
    return receipt


def next_number(tx: Session, series: str) -> int:
    """The next number of a series; a transaction that fails gives its number back, so there are no gaps."""
    row = tx.connection().execute(COUNT, {"series": series}).first()
    if row is None:
        dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
        tx.connection().execute(dialect.insert(Counter).values(name=series, last=0).on_conflict_do_nothing())
        row = tx.connection().execute(COUNT, {"series": series}).one()
    return int(row[0])
