"""A capsule's folder, read and checked: either all of it is right, or every mistake is named at once."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from pos.catalogue import schema
from pos.catalogue.draft import FILE, Draft
from pos.catalogue.mistakes import FORM, Book, Mistake, in_order
from pos.catalogue.once import twice
from pos.catalogue.partly import Partly, Unread, partly
from pos.catalogue.reference import REFERENCE
from pos.catalogue.rules import RULES
from pos.catalogue.schema_media import Picture
from pos.catalogue.schema_piece import Variant
from pos.catalogue.story_and_pictures import pictures, story
from pos.catalogue.toml_file import Raw, parsed
from pos.errors import CapsuleMistakes

ZONE = ZoneInfo("Europe/London")  # in which days are counted while a file is only read
SECTIONS: Mapping[str, type[BaseModel]] = {
    "signals": schema.Signal,
    "designs": schema.Design,
    "variants": Variant,
    "bundles": schema.Bundle,
    "extras": schema.Extra,
    "windows": schema.Window,
}
NEEDED = ("signals", "designs", "variants")


@dataclass(frozen=True)
class CapsuleFolder:
    """A capsule that may be loaded: its file, its story in each language, its pictures, and a digest of them all."""

    path: Path
    file: schema.CapsuleFile
    story: Mapping[str, str]
    pictures: tuple[Picture, ...]
    digest: str

    @property
    def slug(self) -> str:
        """The capsule's name in addresses and on the disk."""
        return self.file.capsule.slug


def read(folder: Path, *, on: date | None = None, reference: Path = REFERENCE) -> CapsuleFolder:
    """One capsule from its folder, judged by the law of a day (default: today, UTC).

    Raises CapsuleMistakes with every Mistake of every file in the folder.
    """
    found, mistakes = _look(folder, on=on or datetime.now(UTC).date(), reference=reference)
    if found is None:
        raise CapsuleMistakes(in_order(mistakes))
    return found


def read_all(root: Path, *, on: date | None = None, reference: Path = REFERENCE) -> tuple[CapsuleFolder, ...]:
    """Every capsule below a folder, in the order of their numbers; what may exist once exists once among them all.

    Raises CapsuleMistakes with every Mistake of every folder.
    """
    on = on or datetime.now(UTC).date()
    folders = (
        sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._") if root.is_dir() else []
    )
    if not folders:
        raise CapsuleMistakes((Mistake(str(root), None, "", FORM, "holds no capsule folder"),))
    looked = [_look(folder, on=on, reference=reference) for folder in folders]
    mistakes = [mistake for _, found in looked for mistake in found]
    mistakes += twice([folder / "capsule.toml" for folder in folders])
    if mistakes:
        raise CapsuleMistakes(in_order(mistakes))
    return tuple(sorted((found for found, _ in looked if found), key=lambda found: found.file.capsule.number))


def _look(folder: Path, *, on: date, reference: Path) -> tuple[CapsuleFolder | None, list[Mistake]]:
    book, raw = parsed(folder / "capsule.toml")
    file = _checked(raw, book, folder=folder, on=on, reference=reference) if raw is not None else None
    words, told = story(folder)
    seen, shown = pictures(folder, skus=_names(raw or {}, "variants"))
    mistakes = [*book.mistakes, *told, *shown]
    if mistakes or file is None:
        return None, mistakes
    return CapsuleFolder(folder, file, words, seen, digest(folder)), []


def digest(*folders: Path) -> str:
    """A fingerprint of what these folders say; the same words give the same fingerprint on every machine."""
    running = hashlib.sha256()
    for folder in folders:
        paths = (path for kind in ("*.toml", "*.md", "*.csv") for path in folder.glob(kind))
        for path in sorted(paths, key=lambda path: path.name):
            content = path.read_bytes()
            running.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return running.hexdigest()


# ── capsule.toml ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _checked(raw: Raw, book: Book, *, folder: Path, on: date, reference: Path) -> schema.CapsuleFile | None:
    for key in raw.keys() - SECTIONS.keys() - {"capsule"}:
        book.note((key,), "unknown key")
    capsule = _item(schema.Capsule, raw.get("capsule"), book, key=("capsule",))
    items = {section: _section(section, raw, book) for section in SECTIONS}
    draft = Draft(
        capsule=cast(schema.Capsule, capsule),
        designs=cast(Any, items["designs"]),
        variants=cast(Any, items["variants"]),
        windows=cast(Any, items["windows"]),
        names={section: _names(raw, section) for section in SECTIONS},
        on=on,
        zone=ZONE,
        folder=reference,
    )
    _judge("capsule", capsule, draft, book, key=("capsule",))
    for section, found in items.items():
        for place, item in enumerate(found):
            _judge(section, item, draft, book, key=(section, place))
    _note_slug(raw, book, folder=folder)
    _note_names(raw, book)
    return None if book.mistakes else schema.CapsuleFile.model_validate(raw)


def _section(section: str, raw: Raw, book: Book) -> tuple[Any, ...]:
    listed = raw.get(section, [])
    if not isinstance(listed, list):
        book.note((section,), f"is a list: write [[{section}]]")
        return ()
    if not listed and section in NEEDED:
        book.note((section,), f"is missing: write at least one [[{section}]]")
    return tuple(_item(SECTIONS[section], part, book, key=(section, place)) for place, part in enumerate(listed))


def _item(model: type[BaseModel], raw: Any, book: Book, *, key: tuple[str | int, ...]) -> BaseModel | Partly:
    if raw is None:
        book.note(key, "is missing")
        return Partly({})
    try:
        return model.model_validate(raw)
    except ValidationError as wrong:
        book.note_all(wrong, under=key)
        return partly(model, raw, wrong=wrong)


def _judge(section: str, item: Any, draft: Draft, book: Book, *, key: tuple[str | int, ...]) -> None:
    for rule in RULES[section]:
        try:
            for fault in rule(item, draft):
                book.note((*key, *fault.key), fault.reason, rule=fault.rule)
        except Unread:
            continue


def _names(raw: Raw, section: str) -> Counter[str]:
    listed = raw.get(section)
    named = "sku" if section == "variants" else "id"
    parts = listed if isinstance(listed, list) else []
    return Counter(str(part.get(named)) for part in parts if isinstance(part, dict))


def _note_slug(raw: Raw, book: Book, *, folder: Path) -> None:
    capsule = raw.get("capsule")
    slug = capsule.get("slug") if isinstance(capsule, dict) else None
    if isinstance(slug, str) and slug != folder.resolve().name:
        book.note(("capsule", "slug"), f"the folder is called {folder.resolve().name}", rule=FILE)


def _note_names(raw: Raw, book: Book) -> None:
    for section in SECTIONS:
        named, seen = ("sku" if section == "variants" else "id"), set()
        for place, part in enumerate(raw.get(section, []) if isinstance(raw.get(section), list) else []):
            name = part.get(named) if isinstance(part, dict) else None
            if name in seen:
                book.note((section, place, named), f"{name} stands twice in this file", rule=FILE)
            seen.add(name)
