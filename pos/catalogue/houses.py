"""Where the shop is: its boutiques, when they are open, and how far ahead a pickup may be booked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos.catalogue.standing import standing
from pos.shop import Shop

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class HouseView:
    """One boutique; hours by day of the week as (opens, closes) in its own zone, a closed day left out."""

    boutique_id: str
    name: str
    address: tuple[str, ...]
    phone: str
    pickup_days: int
    hours: Mapping[str, tuple[str, str]] = field(hash=False)


def houses(shop: Shop, *, first: str) -> tuple[HouseView, ...]:
    """Every boutique by name; the one that asks comes first."""
    with shop.glance() as look:
        found = [
            HouseView(
                boutique_id=row.id,
                name=row.name,
                address=tuple(row.address),
                phone=row.phone,
                pickup_days=row.pickup_days,
                hours={day: (row.hours[day][0], row.hours[day][1]) for day in WEEK if row.hours.get(day)},
            )
            for row in standing(shop, look).boutiques.values()
        ]
    return tuple(sorted(found, key=lambda house: house.boutique_id != first))
