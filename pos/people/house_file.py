"""`data/boutique.toml`: the shops, their hours, and who works in them. PINs are never in a file."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from pos.catalogue.dealers_notice import size_of
from pos.catalogue.mistakes import Book, in_order
from pos.catalogue.schema_piece import Id, Many, Some, Strict, Text
from pos.catalogue.toml_file import parsed
from pos.errors import CapsuleMistakes
from pos.paper.logo import read_logo


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone, such as Europe/London") from None
    return name


def _closed(day: str) -> str:
    date.fromisoformat(day if len(day) == 10 else f"2024-{day}")  # 2024: the 29th of February is a day
    return day


Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Closed = Annotated[str, StringConstraints(pattern=r"^(\d{4}-)?\d{2}-\d{2}$"), AfterValidator(_closed)]


class NoticeEntry(Strict):
    """The official dealer's notice as it was given out: its image beside this file, its version and its date."""

    file: Annotated[str, StringConstraints(pattern=r"^[\w-]+\.(png|webp|jpg)$")]
    version: Text
    dated: date


class BoutiqueEntry(Strict):
    """One shop: its words on a slip, its hours, its pickup slots."""

    id: Annotated[Id, StringConstraints(max_length=40)]
    name: Text
    address: Some[Text]
    vat_number: Text
    phone: Text
    zone: Annotated[str, AfterValidator(_zone)]
    hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], Many[Hour]]
    closed_days: Many[Closed] = ()  # "12-25" every year, or "2026-12-24" once
    slot_minutes: Annotated[int, Field(ge=5, le=240)]
    slot_capacity: Annotated[int, Field(ge=1, le=100)]
    pickup_days: Annotated[int, Field(ge=1, le=365)]
    logo: Annotated[str, StringConstraints(pattern=r"^[\w-]+\.(png|bmp|gif)$")] | None = None  # beside this file
    notice: NoticeEntry | None = None


class StaffEntry(Strict):
    """A person of the shop, without the PIN; without a boutique: the brand, in every boutique."""

    id: Annotated[Id, StringConstraints(max_length=40)]
    name: Text
    role: Literal["staff", "manager", "brand"]
    boutique: Id | None = None


class HouseFile(Strict):
    """A whole boutique.toml."""

    boutiques: Some[BoutiqueEntry]
    staff: Many[StaffEntry] = ()


def read_house(path: Path) -> HouseFile:
    """The shops and their people. Raises CapsuleMistakes with every Mistake of the file."""
    book, raw = parsed(path)
    file = _checked(raw, book) if raw is not None else None
    if file is not None:
        _check_images(file, book, folder=path.parent)
    if file is None or book.mistakes:
        raise CapsuleMistakes(in_order(book.mistakes))
    return file


def _checked(raw: dict[str, Any], book: Book) -> HouseFile | None:
    try:
        file = HouseFile.model_validate(raw)
    except ValidationError as wrong:
        book.note_all(wrong)
        return None
    _check_hours(file, book)
    _check_names(file, book)
    return file


def _check_hours(file: HouseFile, book: Book) -> None:
    for place, boutique in enumerate(file.boutiques):
        for day, hours in boutique.hours.items():
            if len(hours) != 2 or time.fromisoformat(hours[0]) >= time.fromisoformat(hours[1]):
                said = 'is written as opening and closing, such as ["10:00", "18:00"]'
                book.note(("boutiques", place, "hours", day), said)


def _check_images(file: HouseFile, book: Book, *, folder: Path) -> None:
    for place, boutique in enumerate(file.boutiques):
        notice = boutique.notice.file if boutique.notice else None
        named: tuple[tuple[str, str | None, Callable[[Path], object]], ...] = (
            ("logo", boutique.logo, read_logo),
            ("notice", notice, size_of),
        )
        for key, name, read in named:
            try:
                if name is not None:
                    read(folder / name)
            except ValueError as wrong:
                book.note(("boutiques", place, key), str(wrong))


def _check_names(file: HouseFile, book: Book) -> None:
    known = [boutique.id for boutique in file.boutiques]
    people = [person.id for person in file.staff]
    for section, names in (("boutiques", known), ("staff", people)):
        for place, name in enumerate(names):
            if names.index(name) != place:
                book.note((section, place, "id"), f"{name} stands twice in this file")
    for place, person in enumerate(file.staff):
        key = ("staff", place, "boutique")
        if person.boutique is not None and person.boutique not in known:
            book.note(key, f"there is no boutique {person.boutique} in this file")
        if (person.boutique is None) != (person.role == "brand"):
            book.note(key, "the brand's people have no boutique, everybody else has one")
