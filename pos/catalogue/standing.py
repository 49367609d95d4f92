"""What stands in the catalogue, kept in this process for as long as nobody changes it: every screen asks for it.

docs/decisions/the-catalogue-says-when-it-changed.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from pos.models import (
    Boutique,
    Bundle,
    Capsule,
    CatalogueState,
    Design,
    Edition,
    Extra,
    PreorderWindow,
    Signal,
    Variant,
)
from pos.shop import Shop

Row = tuple[Variant, Design, Edition, PreorderWindow | None]

CHANGES = columns(col(CatalogueState.changes))
PIECES: Any = (
    select(Variant, Design, Edition, PreorderWindow)
    .join(Design, col(Design.id) == col(Variant.design_id))
    .join(Edition, col(Edition.sku) == col(Variant.sku))
    .join(PreorderWindow, col(PreorderWindow.sku) == col(Variant.sku), isouter=True)
    .order_by(col(Variant.capsule_id), col(Variant.position))
)

_kept: WeakKeyDictionary[Shop, "Standing"] = WeakKeyDictionary()


@dataclass(frozen=True)
class Standing:
    """The catalogue after so many changes, retired pieces among it. Shared by all screens: nobody writes into it.

    What is made of it alone may be kept with it, and goes with it.
    """

    changes: int
    boutiques: Mapping[str, Boutique]  # by name
    capsules: Mapping[str, Capsule]  # in their order
    rows: Sequence[Row]  # by capsule, in the order of each
    extras: Sequence[Extra]
    bundles: Mapping[str, Bundle]  # in their order
    signals: Sequence[Signal]  # in their order
    pictures: dict[tuple[str, str], Any] = field(default_factory=dict)  # of a capsule in a language, once they are made

    @cached_property
    def by_sku(self) -> Mapping[str, Row]:
        """Every piece that was ever sold, retired ones too."""
        return {row[0].sku: row for row in self.rows}

    def home_of(self, sku: str) -> Capsule | None:
        """The capsule a piece belongs to; None for a piece that was never sold."""
        found = self.by_sku.get(sku)
        return self.capsules[found[0].capsule_id] if found else None


def standing(shop: Shop, look: Connection) -> Standing:
    """The catalogue as it is in this look; read anew after every change, from whatever process it came."""
    changes = look.execute(CHANGES).scalar_one()
    kept = _kept.get(shop)
    if kept is None or kept.changes != changes:
        # In this very look, whose rows are those of this count; its connection is not this session's to end.
        with Session(look, autoflush=False, join_transaction_mode="rollback_only") as rows:
            kept = _kept[shop] = _read(rows, changes)
    return kept


def _read(look: Session, changes: int) -> Standing:
    found = Standing(
        changes=changes,
        boutiques={row.id: row for row in look.exec(select(Boutique).order_by(col(Boutique.name)))},
        capsules={row.id: row for row in look.exec(select(Capsule).order_by(col(Capsule.position)))},
        rows=[tuple(row) for row in look.exec(PIECES)],
        extras=list(look.exec(select(Extra))),
        bundles={row.id: row for row in look.exec(select(Bundle).order_by(col(Bundle.position)))},
        signals=list(look.exec(select(Signal).order_by(col(Signal.position)))),
    )
    look.expunge_all()  # they outlive this look, and belong to none
    return found
