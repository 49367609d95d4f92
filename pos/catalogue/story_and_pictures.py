"""What stands beside a capsule file: the story in each language, and the pictures with their roles."""

from collections.abc import Container, Iterator
from pathlib import Path

from pydantic import ValidationError

from pos.catalogue.draft import UNKNOWN
from pos.catalogue.materials import materials
from pos.catalogue.mistakes import FORM, Mistake
from pos.catalogue.schema_media import MediaFile, Picture
from pos.catalogue.toml_file import parsed

LANGUAGES = ("en", "fr")


def story(folder: Path) -> tuple[dict[str, str], list[Mistake]]:
    """The story in each language, as Markdown that begins with its title; and what is wrong with it."""
    told: dict[str, str] = {}
    mistakes = []
    for language in LANGUAGES:
        path = folder / f"story.{language}.md"
        try:
            words = path.read_text(encoding="utf-8-sig").strip()
        except OSError:
            mistakes.append(Mistake(str(path), None, "", FORM, "cannot be read: is it there?"))
            continue
        except UnicodeDecodeError:
            mistakes.append(Mistake(str(path), None, "", FORM, "is not UTF-8 text"))
            continue
        title, _, text = words.partition("\n")
        if not title.startswith("# ") or not text.strip():
            mistakes.append(Mistake(str(path), 1, "", FORM, "begins with “# ” and a title; the story follows"))
        told[language] = words
    return told, mistakes


def pictures(folder: Path, *, skus: Container[str]) -> tuple[tuple[Picture, ...], list[Mistake]]:
    """The pictures of media.toml, each file there and each piece known; and what is wrong with them."""
    path = folder / "media.toml"
    if not path.exists():
        return (), []  # a capsule may be written before its pictures are taken; the launch gates ask for them
    book, raw = parsed(path)
    if raw is None:
        return (), book.mistakes
    try:
        shown = MediaFile.model_validate(raw).picture
    except ValidationError as wrong:
        book.note_all(wrong)
        return (), book.mistakes
    for place, picture in enumerate(shown):
        for key, reason in _picture_faults(picture, folder=folder, skus=skus):
            book.note(("picture", place, key), reason, rule=UNKNOWN)
    return shown, book.mistakes


def _picture_faults(picture: Picture, *, folder: Path, skus: Container[str]) -> Iterator[tuple[str, str]]:
    if picture.sku and picture.sku not in skus:
        yield "sku", f"there is no variant {picture.sku} in this capsule"
    if picture.role == "swatch" and picture.material not in materials():
        yield "material", "a swatch shows a metal of data/reference/materials.csv"
    if picture.role == "swatch" and picture.sku:
        yield "sku", "a swatch belongs to its metal, not to a piece"
    if picture.role != "swatch" and picture.material:
        yield "material", "only a swatch names its metal: a piece does so itself"
    yield from _mark_faults(picture)
    for key, name in (("file", picture.file), ("thumb", picture.thumb)):
        if name and not (folder / name).is_file():
            yield key, f"there is no file {name}"


def _mark_faults(picture: Picture) -> Iterator[tuple[str, str]]:
    names = [name for name, _, _ in picture.marks]
    if names and picture.role != "hallmark":
        yield "marks", "only a hallmark picture says where its marks are"
    if len(set(names)) < len(names):
        yield "marks", "names a mark twice"
