"""A capsule file: what stands in each of its sections, one key at a time. For people: docs/capsule-file.md."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Discriminator, Field, Tag

from pos.catalogue.schema_piece import (
    Days,
    Id,
    Many,
    Pence,
    Price,
    Rate,
    Sku,
    Some,
    Strict,
    Text,
    Variant,
    Words,
    spelled,
)


class DaysFromLoad(Strict):
    """A day counted from the day the folder is loaded: for demonstrations, open whenever they are seen."""

    days_from_load: Annotated[int, Field(ge=-3650, le=3650)]
    at: time = time(0)  # in the shop's zone


def _kind(value: Any) -> str:
    return "@days" if isinstance(value, dict | DaysFromLoad) else "@date"


def _of_our_time(when: date) -> date:
    if not 2000 <= when.year <= 2200:
        raise ValueError(f"the year {when.year} is not of our time")
    return when


_OurTime = AfterValidator(_of_our_time)
_Days = Annotated[DaysFromLoad, Tag("@days")]
Moment = Annotated[Annotated[AwareDatetime, _OurTime, Tag("@date")] | _Days, Discriminator(_kind)]
Day = Annotated[Annotated[date, _OurTime, Tag("@date")] | _Days, Discriminator(_kind)]


def moment(when: datetime | DaysFromLoad, *, loaded_on: date, zone: ZoneInfo) -> datetime:
    """The aware time meant, in the zone of the shop."""
    if isinstance(when, datetime):
        return when
    return datetime.combine(day(when, loaded_on=loaded_on), when.at, tzinfo=zone)


def day(when: date | DaysFromLoad, *, loaded_on: date) -> date:
    """The day meant."""
    return loaded_on + timedelta(days=when.days_from_load) if isinstance(when, DaysFromLoad) else when


class Capsule(Strict):
    """One drop: its names, its dates, where it is sold."""

    slug: Id
    number: Annotated[int, Field(ge=1, le=9999)]
    demo: bool = False
    name: Words
    eyebrow: Words
    line: Words
    currency: Literal["gbp"]
    opens_at: Moment
    closes_at: Moment
    boutiques: Many[Id] = ()  # empty: everywhere


class Signal(Strict):
    """One dated sighting behind the trend, with its source."""

    id: Id
    kind: Literal["creator_post", "boutique_sellout", "search_spike", "repost", "press"]
    platform: Text
    seen_on: Day
    strength: Annotated[int, Field(ge=1, le=5)]
    source: Words
    words: Words
    link: (
        Annotated[str, Field(max_length=400), spelled(r"https://\S+", said="an address that begins with https://")]
        | None
    ) = None


class Design(Strict):
    """One idea of a piece, its iconic detail in words."""

    id: Id
    kind: Literal["charm", "chain", "tag", "ring"]
    name: Words
    iconic: Words


class Slot(Strict):
    """One place in a bundle, and what may fill it."""

    id: Id
    name: Words
    skus: Some[Sku]


class Bundle(Strict):
    """Pieces bought together, for so much less."""

    id: Id
    name: Words
    line: Words
    occasion: Words
    saving_minor: Price
    slots: Annotated[tuple[Slot, ...], Field(strict=False, min_length=2)]


class Extra(Strict):
    """A service that goes with a piece; price 0 is included."""

    id: Id
    name: Words
    line: Words
    skus: Some[Sku]
    price_minor: Pence
    cost_minor: Pence
    vat_rate_bp: Rate
    lead_days: Days = 0


class Window(Strict):
    """When pieces are pre-ordered: dates, places for each piece, the share paid now, the day promised."""

    id: Id
    skus: Some[Sku]
    opens_at: Moment
    closes_at: Moment
    cap: Annotated[int, Field(ge=1, le=200)]
    deposit_bp: Annotated[int, Field(ge=1, lt=10_000)]
    promised_on: date | None = None
    promised_days_after_close: Annotated[int, Field(ge=0, le=365)] | None = None


class CapsuleFile(Strict):
    """A whole capsule.toml."""

    capsule: Capsule
    signals: Some[Signal]
    designs: Some[Design]
    variants: Some[Variant]
    bundles: Many[Bundle] = ()
    extras: Many[Extra] = ()
    windows: Many[Window] = ()

    def window_of(self, sku: str) -> Window | None:
        """The window this piece is pre-ordered in; None where it is sold from stock."""
        return next((window for window in self.windows if sku in window.skus), None)
