"""The migrations lead from nothing to exactly the tables the models describe, on both databases."""

from datetime import datetime
from typing import Any, ClassVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from pos import migrations
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


def test_what_was_sold_before_several_payments_could_settle_a_part_keeps_its_receipt(records_url: str) -> None:
    """Step 0006: a receipt belongs to a part of an order, a payment names the receipt that settled it."""
    to_step(records_url, "0005")
    write = Old(records_url)
    write("boutique", id="demo")
    write("device", id="tablet", boutique_id="demo")
    write("reader", id="tmr_1", boutique_id="demo")
    write("basket", id="basket", device_id="tablet")
    paid = {"currency": "gbp", "reader_id": "tmr_1", "device_id": "tablet"}
    ours = {"boutique_id": "demo", "device_id": "tablet", "basket_id": "basket", "currency": "gbp"}
    for order, state, due in (("deposit", "deposit", (100, 400)), ("left", "cancelled", (70, 0))):
        dues = {"total_minor": sum(due), "due_now_minor": due[0], "due_later_minor": due[1]}
        write("orders", id=order, key=order, code=order, state=state, **dues, **ours)
    write("payment", id="first", order_id="deposit", part="now", round=1, amount_minor=100, state="captured", **paid)
    write(
        "payment", id="left", order_id="deposit", part="balance", round=1, amount_minor=400, state="cancelled", **paid
    )
    write("payment", id="asked", order_id="deposit", part="balance", round=2, amount_minor=400, state="queued", **paid)
    write("payment", id="none", order_id="left", part="now", round=1, amount_minor=70, state="cancelled", **paid)
    write("receipt", number="DEMO-000001", order_id="deposit", payment_id="first", gross_minor=100)
    write.close()
    migrate(records_url)
    engine = create_engine(records_url)
    with engine.connect() as look:
        told = look.execute(text("SELECT id, receipt_no, method, refunded_minor FROM payment ORDER BY id")).all()
        assert [tuple(row) for row in told] == [
            ("asked", None, "card", 0),
            ("first", "DEMO-000001", "card", 0),
            ("left", None, "card", 0),
            ("none", None, "card", 0),
        ]
        assert look.execute(text("SELECT order_id, part FROM receipt")).one() == ("deposit", "now")
        asked = look.execute(text("SELECT id, asked_minor, refunded_minor FROM orders ORDER BY id")).all()
        assert [tuple(row) for row in asked] == [("deposit", 500, 0), ("left", 0, 0)]
    engine.dispose()


def test_receipts_from_before_they_had_addresses_have_none(records_url: str) -> None:
    """Step 0013: two without one are no conflict, two with the same one are."""
    to_step(records_url, "0012")
    write = Old(records_url)
    write("boutique", id="demo")
    write("device", id="tablet", boutique_id="demo")
    write("basket", id="basket", device_id="tablet")
    ours = {"boutique_id": "demo", "device_id": "tablet", "basket_id": "basket", "currency": "gbp"}
    write("orders", id="order", key="order", code="order", state="paid", total_minor=500, due_now_minor=500, **ours)
    for number, part in (("DEMO-000001", "now"), ("DEMO-000002", "balance")):
        write("receipt", number=number, order_id="order", part=part)
    write.close()
    migrate(records_url)
    engine = create_engine(records_url)
    with engine.connect() as look:
        assert look.execute(text("SELECT link FROM receipt")).scalars().all() == [None, None]
    with pytest.raises(IntegrityError), engine.begin() as again:
        again.execute(text("UPDATE receipt SET link = 'the same'"))
    engine.dispose()


def to_step(url: str, revision: str) -> None:
    """Records as they were after an earlier step."""
    engine = migrations._engine(url)
    with engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


class Old:
    """Writes rows into tables of an earlier shape; what is not said of a row has the plainest value there is."""

    PLAIN: ClassVar[dict[type, Any]] = {int: 0, str: "", bool: False, datetime: datetime(2026, 11, 1), object: {}}

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self.known = MetaData()
        self.known.reflect(self.engine)

    def __call__(self, table: str, **said: Any) -> None:
        into = self.known.tables[table]
        plain = {
            column.name: self.PLAIN[column.type.python_type]
            for column in into.columns
            if not column.nullable and column.name not in said
        }
        with self.engine.begin() as connection:
            connection.execute(into.insert().values(**plain, **said))

    def close(self) -> None:
        self.engine.dispose()
