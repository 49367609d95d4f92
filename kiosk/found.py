"""What a shopper has found out about their size. It lives on this screen alone, and goes when the shopper goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk import state
from pos.catalogue.views import VariantView
from pos.fitting import rings
from pos.fitting.pets import Animal


@dataclass(frozen=True)
class RingFound:
    """A finger: its inner circumference in mm, and how it was measured (glass or paper)."""

    circumference_mm: float
    by: str


def ring() -> RingFound | None:
    """The ring size that was found."""
    found: RingFound | None = _kept("ring")
    return found


def chain() -> float | None:
    """The length of chain that was liked, in mm."""
    found: float | None = _kept("chain")
    return found


def pet() -> tuple[str, str | None] | None:
    """The species of the companion and its collar (breakaway, buckle; a cat's None until it is said)."""
    who: tuple[str, str | None] | None = _kept("pet")
    return who


def animal() -> Animal | None:
    """What was told of the companion where its tag was looked for."""
    told: Animal | None = _kept("animal")
    return told


def keep(**things: Any) -> None:
    """Keep what was found: `ring=RingFound(…)`, `chain=450.0`, `pet=("cat", "breakaway")`."""
    state.put("found", {**(state.get("found") or {}), **things})


def size_for(piece: VariantView) -> str | None:
    """Of the sizes this piece comes in, the one for what was found; None where nothing was, or none is near."""
    by_mm = {size.mm: size.code for size in piece.sizes if size.mm is not None}
    finger, length = ring(), chain()
    if piece.kind == "ring" and finger:
        wanted = rings.advised(finger.circumference_mm, band_mm=band_mm(piece.measures))
        nearest = rings.nearest_offered(wanted, offered=by_mm)
        return by_mm[nearest] if nearest is not None else None
    return by_mm.get(length) if piece.kind == "chain" and length else None


def band_mm(measures: Mapping[str, Any]) -> float:
    """How broad a ring's band is, in mm; a slim one where nobody says."""
    return float(measures.get("width") or 2.5)


def _kept(name: str) -> Any:
    return (state.get("found") or {}).get(name)
