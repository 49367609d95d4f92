"""One mistake in a file a person wrote: which file, which line, which key, which rule, why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pos.catalogue.toml_lines import Key, Lines

FORM = "form"  # the rule of a mistake that is not the trade's but the file's

# What pydantic calls a fault → what the person who wrote the file is told. The rest is told in pydantic's own words.
_SAID = {
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "string_type": "should be words in quotes",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "bool_type": "should be true or false",
    "tuple_type": "should be a list in square brackets",
    "model_type": "should be a table of keys",
    "timezone_aware": "needs its zone: write +00:00 or Z after the time",
    "datetime_type": "should be a date and time with its zone, such as 2026-12-01T10:00:00+00:00",
    "date_type": "should be a date, such as 2026-12-01",
    "string_too_short": "is empty",
}


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake; file is a path, line is counted from 1 where it is known."""

    file: str
    line: int | None
    key: str
    rule: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        rule = "" if self.rule == FORM else f" ({self.rule})"
        return f"{place}: {self.key}: {self.reason}{rule}" if self.key else f"{place}: {self.reason}{rule}"


class Book:
    """The mistakes found in one file so far, with what is needed to say where they are."""

    def __init__(self, file: str, *, raw: Mapping[str, Any] | None = None, text: str = "") -> None:
        self.file, self._raw, self._lines = file, raw or {}, Lines(text)
        self.mistakes: list[Mistake] = []

    def note(self, key: Key, reason: str, *, rule: str = FORM, line: int | None = None) -> None:
        """Write one mistake down."""
        at = line if line is not None else self._lines.of(key)
        self.mistakes.append(Mistake(self.file, at, spoken(key, raw=self._raw), rule, reason))

    def note_all(self, wrong: ValidationError, *, under: Key = ()) -> None:
        """Write down everything a check of form has found, under the key of the part that was checked."""
        for error in wrong.errors(include_url=False):
            loc = tuple(part for part in error["loc"] if not str(part).startswith("@"))
            self.note((*under, *loc), _reason(error))


def _reason(error: Mapping[str, Any]) -> str:
    said = _SAID.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    return said.removeprefix("Input ").replace("String should", "should")


def spoken(key: Key, *, raw: Any) -> str:
    """A key as a person says it: `variants[NC-PT].hallmark.sponsor`; an item without a name by its place, `[#2]`."""
    said, here = "", raw
    for part in key:
        if isinstance(part, int):
            here = _inside(here, part)
            said += f"[{_name(here) or f'#{part + 1}'}]"
        else:
            here = _inside(here, part)
            said += f".{part}" if said else str(part)
    return said


def _inside(here: Any, part: str | int) -> Any:
    if isinstance(here, Mapping):
        return here.get(str(part))
    if isinstance(here, Sequence) and not isinstance(here, str) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _name(item: Any) -> str | None:
    if isinstance(item, Mapping):
        name = item.get("sku") or item.get("id")
        return name if isinstance(name, str) else None
    return None


def in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """All mistakes once each, file by file and line by line."""
    return tuple(sorted(set(mistakes), key=lambda m: (m.file, m.line or 0, m.key, m.rule, m.reason)))
