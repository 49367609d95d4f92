"""What may exist once among all capsules: SKUs, GTINs, numbers and ids."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pos.catalogue.draft import FILE
from pos.catalogue.mistakes import Mistake
from pos.catalogue.toml_file import Raw, parsed
from pos.catalogue.toml_lines import Key


def twice(paths: Sequence[Path]) -> list[Mistake]:
    """What may exist once among all capsules, and does not: SKUs, GTINs, numbers and ids."""
    first: dict[tuple[str, str], Path] = {}
    mistakes = []
    for path in paths:
        book, raw = parsed(path)
        for what, value, key in _once(raw or {}):
            if first.setdefault((what, value), path) != path:
                book.note(key, f"{value} stands in {first[what, value]} too", rule=FILE)
        mistakes += [mistake for mistake in book.mistakes if mistake.rule == FILE]
    return mistakes


def _once(raw: Raw) -> Iterator[tuple[str, str, Key]]:
    capsule = raw.get("capsule")
    if isinstance(capsule, dict) and "number" in capsule:
        yield "number", str(capsule["number"]), ("capsule", "number")
    for section, keys in (
        ("variants", ("sku", "gtin")),
        ("designs", ("id",)),
        ("bundles", ("id",)),
        ("extras", ("id",)),
    ):
        listed = raw.get(section)
        for place, part in enumerate(listed if isinstance(listed, list) else []):
            for key in keys:
                if isinstance(part, dict) and isinstance(part.get(key), str):
                    yield f"{section}.{key}", part[key].removeprefix("0"), (section, place, key)
