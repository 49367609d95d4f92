"""The shape the models describe, as Alembic compares and writes it."""

from typing import Any

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime
from sqlmodel.sql.sqltypes import AutoString

from pos.models import Table
from pos.models.columns import UtcTime


def options(*, batch: bool = True) -> dict[str, Any]:
    """How a migration runs, is compared and is written, on SQLite and on PostgreSQL alike."""
    return {
        "target_metadata": Table.metadata,
        "render_as_batch": batch,  # SQLite changes a table by making it anew
        "compare_type": True,
        "compare_server_default": True,
        "render_item": _frozen,
        "transactional_ddl": True,  # on SQLite too: we begin the transaction ourselves
    }


def _frozen(kind: str, item: object, context: AutogenContext) -> str | bool:
    """Types of ours as plain types: an old migration must not change when our own type does."""
    if kind == "type" and isinstance(item, UtcTime):
        return f"sa.{DateTime(timezone=True)!r}"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False
