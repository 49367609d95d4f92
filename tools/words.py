"""Keeps the catalogues of words (`make words`): what the code asks for has an entry in every language.

A key that is new in the code is added, empty, to the English file; whatever is new in English is added, empty, to the
others, and what English no longer has is taken out of them. Where an English sentence changed, its translation is
marked fuzzy until somebody has read it again. Nothing is translated here, and nothing taken out of the English file:
`tests/test_catalogues.py` names each entry that is empty, fuzzy or said by nobody.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from pos.settings import HOUSE
from pos.words import LANGUAGES

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
SOURCE, *TRANSLATED = LANGUAGES
SAYING = {"kiosk": ("say", "has", "many", "counted"), "web": ("counted",), "paper": ("say_counted",)}
KEY = re.compile(r"[a-z]\w*\.\w+(?:\.[1-9])?")


class Domain(NamedTuple):
    """Which catalogue, where it lies, and who asks it."""

    name: str
    home: Path
    rooms: tuple[str, ...]
    about: str

    def file(self, language: str) -> Path:
        return self.home / language / "LC_MESSAGES" / f"{self.name}.po"


DOMAINS = (
    Domain("kiosk", HOUSE / "kiosk/words", ("kiosk", "pages"), "What the screens say"),
    Domain("web", HOUSE / "pos/words", ("pos/web",), "What the public pages say"),
    Domain("paper", HOUSE / "pos/words", ("pos/paper", "pos/selling", "pos/catalogue"), "What slips and letters say"),
)


def start(domain: Domain, language: str) -> Catalog:
    """An empty catalogue with our own short heading."""
    return Catalog(
        locale=language,
        project="Vitrine",
        version="1",
        header_comment=f"# {domain.about}. One entry a sentence, named by its screen; {{braces}} hold facts.",
        creation_date=BEGAN,
        revision_date=BEGAN,
        last_translator="Vitrine",
        language_team=language,
        msgid_bugs_address="none",
        fuzzy=False,
    )


def read(domain: Domain, language: str) -> Catalog:
    with domain.file(language).open("rb") as file:
        return read_po(file, locale=language)


def save(domain: Domain, language: str, catalogue: Catalog) -> None:
    domain.file(language).parent.mkdir(parents=True, exist_ok=True)
    with domain.file(language).open("wb") as file:
        write(file, catalogue)


def write(file: BinaryIO, catalogue: Catalog) -> None:
    """Write it in the one form these files have: a line a sentence, in the order of the screens."""
    write_po(file, catalogue, width=100_000, no_location=True, ignore_obsolete=True)


def entries(catalogue: Catalog) -> dict[str, Message]:
    """Every entry by its key, without the heading."""
    return {key(entry): entry for entry in catalogue if entry.id}


def key(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def forms(entry: Message) -> tuple[str, ...]:
    """What an entry says: one sentence, or one for each number its language tells apart."""
    return (entry.string or "",) if isinstance(entry.string, str | None) else tuple(entry.string)


def asked(domain: Domain) -> set[str]:
    """The keys that stand in the code as they are."""
    return {key for room in domain.rooms for path in (HOUSE / room).rglob("*.py") for key in _keys(path, domain)}


def _keys(path: Path, domain: Domain) -> Iterator[str]:
    """Keys that are said whole (`say("basket.pay")`), and short ones of a part (`words["title"]`)."""
    parts = dict(_parts(path))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name, words = _name(node.func), [each for given in node.args for each in _whole(given)]
            if name in SAYING[domain.name]:
                yield from filter(KEY.fullmatch, words)
        elif isinstance(node, ast.Subscript):
            name, words = _name(node.value), list(_whole(node.slice))
        else:
            continue
        if parts.get(name, ("", ""))[0] == domain.name:
            yield from (f"{parts[name][1]}.{each}" for each in words if each.isidentifier())


def _parts(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """The names of a module that say a part of a catalogue, made there or brought from another module."""
    text = path.read_text("utf-8")
    for module, names in re.findall(r"^from (pos\.[\w.]+) import (.+)$", text, re.M):
        there = HOUSE / f"{module.replace('.', '/')}.py"
        theirs = dict(_parts(there)) if "WORDS" in names and there.exists() else {}
        yield from ((name, of) for name, of in theirs.items())
    for name, domain, part in re.findall(r'^(\w+) = (?:part_of|words_of)\((?:"(\w+)", )?"(\w+)"\)', text, re.M):
        yield name, (domain or "paper", part)
        if name == "WORDS":
            yield "words", (domain, part)  # `words = WORDS[language]`
    if re.search(r"^from pos\.paper\.slips\.words import .*\bsay\b", text, re.M):
        yield "say", ("paper", "slips")


def _name(node: ast.AST) -> str:
    """What is called, or looked into: the last name of it, `WORDS` for `WORDS[language]` too."""
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _whole(node: ast.AST) -> Iterator[str]:
    """The strings in it that are no part of a longer one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, ast.JoinedStr | ast.Subscript):
        for part in ast.iter_child_nodes(node):
            yield from _whole(part)


def update(domain: Domain) -> None:
    """Bring every file of a domain up to what the code asks and English says."""
    source = with_new(domain, read(domain, SOURCE))
    save(domain, SOURCE, source)
    for language in TRANSLATED:
        save(domain, language, translated(domain, language, source))


def with_new(domain: Domain, before: Catalog) -> Catalog:
    """The English file with an empty entry for each new key, behind the last one of its screen."""
    old = entries(before)
    new = [Message(name) for name in sorted(asked(domain)) if name not in old and f"{name}.1" not in old]
    screens = list(dict.fromkeys(name.partition(".")[0] for name in [*old, *map(key, new)]))
    after = start(domain, SOURCE)
    for entry in sorted([*old.values(), *new], key=lambda entry: screens.index(key(entry).partition(".")[0])):
        after.add(entry.id, entry.string, flags=entry.flags, user_comments=entry.user_comments)
    return after


def translated(domain: Domain, language: str, source: Catalog) -> Catalog:
    """A translation in the order of its source; fuzzy where the sentence it translates is no longer the same."""
    before = entries(read(domain, language)) if domain.file(language).exists() else {}
    after = start(domain, language)
    for name, said in entries(source).items():
        old = before.get(name)
        flags = set(old.flags) if old else set()
        if old and old.auto_comments != heard(said) and any(forms(old)):
            flags.add("fuzzy")
        after.add(
            said.id,
            old.string if old and isinstance(old.id, str) == isinstance(said.id, str) else "",
            flags=flags,
            user_comments=old.user_comments if old else said.user_comments,
            auto_comments=heard(said),
        )
    return after


def heard(said: Message) -> list[str]:
    """The English that stands above a translation."""
    return list(dict.fromkeys(form.strip() for form in forms(said) if form.strip()))


if __name__ == "__main__":
    for each in DOMAINS:
        update(each)
