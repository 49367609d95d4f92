"""The settings, explained: the table of docs/settings.md."""

import argparse
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from pos.settings import HOUSE, Settings

WORDS = {"int": "whole number", "bool": "true or false", "Path": "folder", "HttpUrl": "address", "str": "text"}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """settings."""
    commands.add_parser("settings", help="every setting, what it does and what it is without it").set_defaults(do=show)


def show(asked: argparse.Namespace) -> int:
    """Print the table."""
    print(table())
    return 0


def table() -> str:
    """Every setting as a row of Markdown: its key, what it is, its default."""
    rows = ["| Setting | Kind | Without it | What it does |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `VITRINE_{name.upper()}` | {_kind(field)} | {_default(field)} | {field.description} |")
    return "\n".join(rows)


def _kind(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        *others, last = get_args(field.annotation)
        return f"{', '.join(others)} or {last}"
    kinds = [kind.__name__ for kind in (*get_args(field.annotation), field.annotation) if isinstance(kind, type)]
    limits = [getattr(rule, bound) for bound in ("ge", "le") for rule in field.metadata if hasattr(rule, bound)]
    words = "texts" if "tuple" in str(field.annotation) else WORDS[next(kind for kind in kinds if kind in WORDS)]
    return words + (f", {limits[0]} to {limits[1]}" if len(limits) == 2 else "")


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is None or value in ("", ()) or field.default_factory is not None:
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{str(value).replace(f'{HOUSE}/', '')}`"
