"""On which line of a TOML file a key stands: the parser does not say, and a mistake without its line is hard to find.

Reads files that are known to parse; understands headers, lists of tables, dotted keys, multi-line lists and strings.
"""

import re

Key = tuple[str | int, ...]

_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_HEADER = re.compile(r"^\s*(\[\[?)(?!\[)([^\]\n]+)\]\]?\s*(?:#.*)?$")
_SETS = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]')


class Lines:
    """Where each key of one file stands, counted from 1."""

    def __init__(self, text: str) -> None:
        self._at: dict[Key, int] = {}
        self._tables: dict[Key, int] = {}  # a list of tables → how many of them have begun
        self._depth, self._quote = 0, ""
        here: Key = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if self._depth or self._quote:
                self._follow(line)
            elif header := _HEADER.match(line):
                here = self._begin(_parts(header[2]), listed=header[1] == "[[")
                self._at.setdefault(here, number)
            elif sets := _SETS.match(line):
                self._note((*here, *_parts(sets[1])), base=len(here), number=number)
                self._follow(line[sets.end() :])

    def of(self, key: Key) -> int | None:
        """The line of this key, or of the nearest thing that holds it."""
        while key:
            if key in self._at:
                return self._at[key]
            key = key[:-1]
        return None

    def _note(self, key: Key, *, base: int, number: int) -> None:
        for length in range(base + 1, len(key) + 1):
            self._at.setdefault(key[:length], number)

    def _begin(self, parts: Key, *, listed: bool) -> Key:
        path: Key = ()
        for place, part in enumerate(parts):
            path = (*path, part)
            if listed and place == len(parts) - 1:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def _follow(self, rest: str) -> None:
        at = 0
        while at < len(rest):
            if self._quote:
                end = rest.find(self._quote, at)
                if end < 0:
                    return
                at, self._quote = end + 3, ""
                continue
            token = _TOKEN.search(rest, at)
            if token is None:
                return
            at = token.end()
            self._depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
            self._quote = token[0] if token[0] in ('"""', "'''") else ""


def _parts(dotted: str) -> Key:
    return tuple(next(word for word in found.groups() if word is not None) for found in _PART.finditer(dotted))
