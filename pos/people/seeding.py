"""Opening the boutiques: `data/boutique.toml` becomes boutiques and people, as often as it is read.

People keep their PIN; who has left the file is retired, not deleted: old sales name them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from pos.books import audit
from pos.catalogue.dealers_notice import size_of
from pos.models import Boutique, Role, Staff
from pos.paper.logo import read_logo
from pos.people.house_file import NoticeEntry, StaffEntry, read_house
from pos.shop import Shop


@dataclass(frozen=True)
class Opened:
    """How many boutiques and people the shop has now."""

    boutiques: int
    people: int


def open_boutiques(shop: Shop, *, file: Path) -> Opened:
    """Read the boutiques and their people from a file. Raises CapsuleMistakes with all its mistakes, loading none."""
    house = read_house(file)
    with shop.write() as tx:
        for boutique in house.boutiques:
            words = boutique.model_dump(mode="json", exclude={"logo", "notice"})
            mark = _mark(file.parent / boutique.logo) if boutique.logo else None
            notice = _notice(file.parent, boutique.notice) if boutique.notice else None
            tx.merge(Boutique(**words, logo=mark, notice=notice))
        tx.flush()
        for person in house.staff:
            _take_in(tx, person)
        _retire_all_but(tx, [person.id for person in house.staff])
        ids = {"boutiques": [one.id for one in house.boutiques], "people": [one.id for one in house.staff]}
        audit.record(tx, "boutiques opened", file.name, by="set-up", **ids)
    return Opened(len(house.boutiques), len(house.staff))


def _mark(path: Path) -> dict[str, Any]:
    """A boutique's mark as its row keeps it; where it stands on the line is the slip's affair."""
    logo = read_logo(path)
    return {"width": logo.width, "height": logo.height, "bits": logo.bits}


def _notice(folder: Path, notice: NoticeEntry) -> dict[str, Any]:
    width, height = size_of(folder / notice.file)
    return {**notice.model_dump(mode="json"), "width": width, "height": height}


def _take_in(tx: Session, person: StaffEntry) -> None:
    row = tx.get(Staff, person.id) or Staff(id=person.id, name="", role=Role.STAFF, pin_hash="")
    row.name, row.role, row.boutique_id, row.retired = person.name, Role(person.role), person.boutique, False
    tx.add(row)


def _retire_all_but(tx: Session, staying: Sequence[str]) -> None:
    for left in tx.exec(select(Staff).where(col(Staff.id).not_in(staying), col(Staff.retired).is_(False))):
        left.retired = True
