"""The migrations lead from nothing to exactly the tables the models describe, on both databases."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from pos.db import Records
from pos.errors import RecordsTrouble
from pos.migrations import last_step, migrate, step
from pos.migrations.shape import options
from pos.models import Table


def tables(url: str) -> dict[str, Any]:
    """Everything the database itself says of its tables, without the order it was told in."""
    engine = create_engine(url)
    look = inspect(engine)
    told = {}
    for name in look.get_table_names():
        columns = look.get_columns(name)
        told[name] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"]) for column in columns
            },
            "primary key": look.get_pk_constraint(name),
            "foreign keys": _sorted(look.get_foreign_keys(name)),
            "unique": _sorted(look.get_unique_constraints(name)),
            "checks": _sorted(look.get_check_constraints(name)),
            "indexes": _sorted(look.get_indexes(name)),
        }
    engine.dispose()
    return told


def _sorted(things: list[Any]) -> list[str]:
    return sorted(str(sorted((key, _plain(value)) for key, value in thing.items())) for thing in things)


def _plain(value: Any) -> str:
    """In words: an SQL fragment shows its text, not where it lies in memory."""
    if isinstance(value, dict):
        return str(sorted((key, _plain(inner)) for key, inner in value.items()))
    return str(value)


def test_migrated_from_nothing_the_records_are_what_the_models_say(records_url: str) -> None:
    migrate(records_url)
    engine = create_engine(records_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options())
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()
    assert step(records_url) == last_step() is not None


def test_the_database_itself_sees_no_difference_either(records_url: str) -> None:
    """Checks and names too, which the comparison above does not read."""
    records = Records(records_url)
    Table.metadata.create_all(records.engine)
    described = tables(records_url)
    Table.metadata.drop_all(records.engine)
    records.close()
    migrate(records_url)
    migrated = tables(records_url)
    migrated.pop("alembic_version")
    assert migrated == described


def test_migrating_again_changes_nothing(records_url: str) -> None:
    migrate(records_url)
    before = tables(records_url)
    migrate(records_url)
    assert tables(records_url) == before


def test_a_step_that_fails_leaves_the_records_as_they_were(records_url: str) -> None:
    """Half a migration would be worse than none: everything or nothing, on SQLite too."""
    engine = create_engine(records_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE receipt (number TEXT)"))  # in the way of the first step
    engine.dispose()
    with pytest.raises(Exception, match="receipt"):
        migrate(records_url)
    assert list(tables(records_url)) == ["receipt"]


def test_records_that_cannot_be_reached_are_named(tmp_path: Any) -> None:
    with pytest.raises(RecordsTrouble):
        migrate(f"sqlite:///{tmp_path}/no/such/folder/vitrine.db")
