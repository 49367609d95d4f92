"""Rows written straight down and read no further than needed: the ORM's bookkeeping would cost more than a sale."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert
from sqlalchemy.orm import defer
from sqlmodel import Session

from pos.models.columns import Table


def put(tx: Session, row: Table) -> None:
    """Write one new row, now. It stays a plain value: the session does not follow it."""
    kind = type(row)
    tx.connection().execute(_insert(kind), {key: getattr(row, key) for key in _defaults(kind)})


def put_all(tx: Session, kind: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new rows of one table in one statement, now; a column that a row does not name has the table's default."""
    if rows:
        defaults = _defaults(kind)
        tx.connection().execute(_insert(kind), [{**defaults, **row} for row in rows])


def not_needed(kind: type[Table], *names: str) -> list[Any]:
    """Columns that a statement leaves where they are until somebody asks for them."""
    return [defer(getattr(kind, name)) for name in names]


@cache
def _insert(kind: type[Table]) -> Insert:
    return insert(kind)


@cache
def _defaults(kind: type[Table]) -> dict[str, Any]:
    """Every column with its default; None where it has none. The rows share them, so none may be written to."""
    fields = kind.model_fields
    columns = kind.__table__.columns  # type: ignore[attr-defined]
    return {
        column.key: None
        if fields[column.key].is_required()
        else fields[column.key].get_default(call_default_factory=True)
        for column in columns
    }
