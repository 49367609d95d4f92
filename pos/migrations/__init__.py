"""How the records grow: each step of the tables' shape, in order, and the verbs that apply and compare them."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from pos.db import BUSY_SECONDS
from pos.errors import RecordsTrouble

MIGRATION_LOCK = 7_244_003  # names the migration among PostgreSQL's advisory locks


def migrate(url: str) -> None:
    """Bring the records to today's shape; makes them where there are none. Raises RecordsTrouble.

    Two processes that start together do it once: the second waits for the first, then finds nothing to do.
    """
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _refuse_orphans(connection)
    except DatabaseError as trouble:
        raise RecordsTrouble(str(trouble.orig)) from trouble
    finally:
        engine.dispose()


def step(url: str) -> str | None:
    """The last step these records have taken, or None where they have taken none. Raises RecordsTrouble."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as trouble:
        raise RecordsTrouble(str(trouble.orig)) from trouble
    finally:
        engine.dispose()


def last_step() -> str | None:
    """The last step there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "pos:migrations")
    return config


def _engine(url: str) -> Engine:
    """An engine of its own: SQLite can only reshape a table that others refer to while it does not check them."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _prepare(connection: object, _: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves, below
            connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")  # type: ignore[attr-defined]
            connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if orphans is not None:
            raise RecordsTrouble(f"a row of {orphans[0]} refers to a row of {orphans[2]} that is not there")
