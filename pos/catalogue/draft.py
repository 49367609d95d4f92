"""A capsule file while it is judged: what could be read of it, and how its rules look things up in it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pos.catalogue.hallmark import Finding
from pos.catalogue.partly import Unread
from pos.catalogue.reference import REFERENCE
from pos.catalogue.schema import Capsule, DaysFromLoad, Design, Window, moment
from pos.catalogue.schema_piece import Variant
from pos.catalogue.toml_lines import Key

FILE = "file"  # the rule of two keys that contradict each other
UNKNOWN = "reference"  # the rule of a name that names nothing

Item = TypeVar("Item")
Read = TypeVar("Read")


@dataclass(frozen=True)
class Draft:
    """A capsule file on the desk: what is right of each section, and the names as written, right or wrong."""

    capsule: Capsule
    designs: tuple[Design, ...]
    variants: tuple[Variant, ...]
    windows: tuple[Window, ...]
    names: Mapping[str, Counter[str]]  # section → the ids or SKUs written there
    on: date
    zone: ZoneInfo
    folder: Path = REFERENCE

    def preordered(self, sku: str) -> bool:
        """Whether a window names this piece."""
        return any(sku in skus for skus in readable(self.windows, lambda window: window.skus))

    def price(self, sku: str) -> int | None:
        """The price of a piece in pence, where it can be read."""
        prices = dict(readable(self.variants, lambda variant: (variant.sku, variant.price_minor)))
        return prices.get(sku)


def readable(items: Iterable[Item], read: Callable[[Item], Read]) -> Iterator[Read]:
    """What can be read of each item; one that lacks the key, or has it wrong, is left out."""
    for item in items:
        try:
            found = read(item)
        except (Unread, AttributeError):
            continue
        yield found


def named(skus: Iterable[str], draft: Draft, *, key: Key) -> Iterator[Finding]:
    """Every SKU names a variant of this file."""
    for place, sku in enumerate(skus):
        if sku not in draft.names["variants"]:
            yield Finding(UNKNOWN, (*key, place), f"there is no variant {sku} in this file")


def time_of(when: datetime | DaysFromLoad, draft: Draft) -> datetime:
    """The time meant, if the file were loaded on the day it is judged."""
    return moment(when, loaded_on=draft.on, zone=draft.zone)
