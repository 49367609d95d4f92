"""What the keys of a capsule file must say together, section by section; a piece's own rules are in rules_piece.py."""

from collections import Counter
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from pos.catalogue import rules_piece
from pos.catalogue.draft import FILE, Draft, named, readable, time_of
from pos.catalogue.hallmark import Finding
from pos.catalogue.schema import Bundle, Capsule, DaysFromLoad, Extra, Signal, Window


def capsule_dates(capsule: Capsule, draft: Draft) -> Iterator[Finding]:
    """A capsule closes after it opens."""
    if time_of(capsule.closes_at, draft) <= time_of(capsule.opens_at, draft):
        yield Finding(FILE, ("closes_at",), "is not after opens_at")


def demo_counts_from_opening(capsule: Capsule, draft: Draft) -> Iterator[Finding]:
    """The load day of a demonstration is remembered by its opening, so that must be counted in days too."""
    if capsule.demo and not isinstance(capsule.opens_at, DaysFromLoad):
        yield Finding(FILE, ("opens_at",), "a demonstration writes { days_from_load = … } here")


def counts_no_days(item: Capsule | Signal | Window, draft: Draft) -> Iterator[Finding]:
    """Only a demonstration counts its days from the day it is loaded."""
    for key in ("opens_at", "closes_at", "seen_on"):
        counted = [when for when in readable([item], attrgetter(key)) if isinstance(when, DaysFromLoad)]
        if counted and not draft.capsule.demo:
            yield Finding(FILE, (key,), "days_from_load is for demonstrations (demo = true); write the date")


def bundle_parts(bundle: Bundle, draft: Draft) -> Iterator[Finding]:
    """Every slot names pieces of this file, and no two slots have one name."""
    for place, slot in enumerate(bundle.slots):
        yield from named(slot.skus, draft, key=("slots", place, "skus"))
        if [other.id for other in bundle.slots].index(slot.id) != place:
            yield Finding(FILE, ("slots", place, "id"), f"two slots are called {slot.id}")


def bundle_saving(bundle: Bundle, draft: Draft) -> Iterator[Finding]:
    """The saving is smaller than the cheapest way to fill the bundle."""
    cheapest = 0
    for slot in bundle.slots:
        prices = [price for sku in slot.skus if (price := draft.price(sku)) is not None]
        if not prices:
            return
        cheapest += min(prices)
    if bundle.saving_minor >= cheapest:
        yield Finding(FILE, ("saving_minor",), f"is not less than the cheapest bundle, {cheapest}")


def extra_goes_with(extra: Extra, draft: Draft) -> Iterator[Finding]:
    """A service goes with pieces of this file."""
    yield from named(extra.skus, draft, key=("skus",))


def window_pieces(window: Window, draft: Draft) -> Iterator[Finding]:
    """A window names pieces of this file, each piece in one window, and caps no more than its edition holds."""
    yield from named(window.skus, draft, key=("skus",))
    times = Counter(sku for skus in readable(draft.windows, lambda other: other.skus) for sku in skus)
    sizes = dict(readable(draft.variants, lambda variant: (variant.sku, variant.edition.size)))
    for place, sku in enumerate(window.skus):
        if times[sku] > 1:
            yield Finding(FILE, ("skus", place), f"{sku} is pre-ordered in two windows")
        if window.cap > sizes.get(sku, window.cap):
            yield Finding(FILE, ("cap",), f"{window.cap} places, but the edition of {sku} holds {sizes[sku]}")


def window_dates(window: Window, draft: Draft) -> Iterator[Finding]:
    """A window closes after it opens."""
    if time_of(window.closes_at, draft) <= time_of(window.opens_at, draft):
        yield Finding(FILE, ("closes_at",), "is not after opens_at")


def window_promise(window: Window, draft: Draft) -> Iterator[Finding]:
    """A pre-order promises one day, not before the window has closed."""
    if (window.promised_on is None) == (window.promised_days_after_close is None):
        yield Finding(FILE, (), "needs one of promised_on and promised_days_after_close")
    if window.promised_on and window.promised_on < time_of(window.closes_at, draft).date():
        yield Finding(FILE, ("promised_on",), "is before the window closes")


# Section → its rules, each for one item. A rule that meets a key it cannot read is left out; that key is noted already.
RULES: dict[str, tuple[Callable[[Any, Draft], Iterator[Finding]], ...]] = {
    "capsule": (counts_no_days, capsule_dates, demo_counts_from_opening),
    "signals": (counts_no_days,),
    "designs": (rules_piece.both_tiers,),
    "variants": (
        rules_piece.design_known,
        rules_piece.gtin_prefix,
        rules_piece.material_known,
        rules_piece.marks,
        rules_piece.coat,
        rules_piece.described_truly,
        rules_piece.looks_like_its_kin,
        rules_piece.facts_in_both_languages,
        rules_piece.weights,
        rules_piece.weight_of_disc,
        rules_piece.tag_measures,
        rules_piece.sizes_fit_the_kind,
        rules_piece.engraving_room,
        rules_piece.engraving_has_a_measure,
    ),
    "bundles": (bundle_parts, bundle_saving),
    "extras": (extra_goes_with,),
    "windows": (counts_no_days, window_pieces, window_dates, window_promise),
}
