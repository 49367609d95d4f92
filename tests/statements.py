"""Statements are made once a process, as in a shop that stays open: there they are kept with its one engine.

A test has records of its own, so an engine of its own, and would make every statement anew: a quarter of its time.
Only what is made of a statement is shared, its words and how its answer is read; each engine has its own records.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

MADE: LRUCache[Any, Any] = LRUCache(4_000)  # more than the whole suite makes


def made_once() -> None:
    """Every engine from now on makes a statement only where none of its like has made it."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = _alike  # type: ignore[assignment, method-assign]
        kind.__hash__ = _of_its_kind  # type: ignore[assignment, method-assign]
        kind.engine_created = classmethod(_share)  # type: ignore[assignment, method-assign]


def _traits(dialect: DefaultDialect) -> tuple[Any, ...]:
    """Everything in which two engines of this house differ in what they make of a statement."""
    reads, writes = (getattr(dialect, f"_json_{way}", None) for way in ("deserializer", "serializer"))
    return type(dialect), reads, writes, dialect.paramstyle


def _alike(one: DefaultDialect, other: object) -> bool:
    return one is other or (isinstance(other, DefaultDialect) and _traits(one) == _traits(other))


def _of_its_kind(dialect: DefaultDialect) -> int:
    return hash(_traits(dialect))


def _share(_: type[DefaultDialect], engine: Engine) -> None:
    engine._compiled_cache = MADE
