"""Where the stand-in keeps its objects: in memory, and in one SQLite file when a directory is given."""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pos.sandbox.stripe.errors import Thing, missing

FILE = "stripe.sqlite3"


class Shelf:
    """Every object by kind and id, in the order of its making.

    Changes are written together by commit(), so a request is on disk whole or not at all. The file is in
    write-ahead mode without a sync per commit: a killed process loses nothing, a power cut may lose the last moment.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._things: dict[str, dict[str, Thing]] = {}
        self._order: dict[tuple[str, str], int] = {}
        self._changed: dict[tuple[str, str], None] = {}
        self._made = 0
        self._file = _open(directory) if directory is not None else None
        if self._file is not None:
            for kind, key, order, body in self._file.execute("SELECT kind, id, made, body FROM thing ORDER BY made"):
                self._things.setdefault(kind, {})[key] = json.loads(body)
                self._order[kind, key] = order
                self._made = order

    def put(self, kind: str, key: str, thing: Thing) -> Thing:
        """Keep a new object, or a new version of one."""
        if (kind, key) not in self._order:
            self._made += 1
            self._order[kind, key] = self._made
        self._things.setdefault(kind, {})[key] = thing
        self._changed[kind, key] = None
        return thing

    def touch(self, kind: str, key: str) -> None:
        """Say that an object was changed in place."""
        self._changed[kind, key] = None

    def find(self, kind: str, key: str) -> Thing | None:
        """The object, or None."""
        return self._things.get(kind, {}).get(key)

    def get(self, kind: str, key: str, *, param: str) -> Thing:
        """The object. Raises 404 resource_missing naming the parameter that carried its id."""
        thing = self.find(kind, key)
        if thing is None:
            raise missing(kind.replace(".", "_").replace("terminal_", "terminal."), key, param=param)
        return thing

    def drop(self, kind: str, key: str) -> None:
        """Forget an object."""
        self._things.get(kind, {}).pop(key, None)
        self._changed[kind, key] = None

    def newest_first(self, kind: str) -> Iterator[Thing]:
        """All objects of a kind, the youngest first, as Stripe's lists are ordered."""
        return reversed(list(self._things.get(kind, {}).values()))

    def items(self, kind: str) -> list[tuple[str, Thing]]:
        """Key and object of a whole kind, the oldest first."""
        return list(self._things.get(kind, {}).items())

    def commit(self) -> None:
        """Write everything that changed since the last commit, in one transaction."""
        changed, self._changed = self._changed, {}
        if self._file is None or not changed:
            return
        with self._file:
            for kind, key in changed:
                thing = self.find(kind, key)
                if thing is None:
                    self._file.execute("DELETE FROM thing WHERE kind = ? AND id = ?", (kind, key))
                else:
                    row = (kind, key, self._order[kind, key], json.dumps(thing, separators=(",", ":")))
                    self._file.execute("INSERT OR REPLACE INTO thing (kind, id, made, body) VALUES (?, ?, ?, ?)", row)

    def close(self) -> None:
        """Write what is left and close the file."""
        self.commit()
        if self._file is not None:
            self._file.close()
            self._file = None


def new_id(prefix: str) -> str:
    """An id as Stripe's look: a prefix that names the kind, then what nobody can guess."""
    return f"{prefix}_{secrets.token_hex(12)}"


def _open(directory: Path) -> sqlite3.Connection:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = sqlite3.connect(directory / FILE, check_same_thread=False)
    (directory / FILE).chmod(0o600)  # it holds the key and the webhook secret of this stand-in
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    file.execute(
        "CREATE TABLE IF NOT EXISTS thing "
        "(kind TEXT NOT NULL, id TEXT NOT NULL, made INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
    )
    file.commit()
    return file
