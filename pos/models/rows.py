"""Writing new rows straight down: a sale writes a dozen, and the ORM's bookkeeping would cost more than the sale."""

from functools import cache
from typing import Any

from sqlalchemy import Insert, insert
from sqlmodel import Session

from pos.models.columns import Table


def put(tx: Session, *rows: Table) -> None:
    """Write new rows of one table in one statement, now. They stay plain values: the session does not follow them."""
    if rows:
        kind = type(rows[0])
        tx.connection().execute(_insert(kind), [_values(kind, row) for row in rows])


@cache
def _insert(kind: type[Table]) -> Insert:
    return insert(kind)


@cache
def _columns(kind: type[Table]) -> tuple[str, ...]:
    return tuple(column.key for column in kind.__table__.columns)  # type: ignore[attr-defined]


def _values(kind: type[Table], row: Table) -> dict[str, Any]:
    return {key: getattr(row, key) for key in _columns(kind)}
