"""One measured figure and the bar it must clear."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Measure = tuple[tuple[str, ...], Callable[[], Iterable["Figure"]]]


@dataclass(frozen=True)
class Figure:
    """A value with its unit; the bar says what is good enough, in words, and ok whether it is."""

    name: str
    value: float | str
    unit: str
    bar: str
    ok: bool

    def row(self) -> dict[str, Any]:
        """As a line of the results."""
        return vars(self)

    def __str__(self) -> str:
        value = f"{self.value:,.2f}" if isinstance(self.value, float) else str(self.value)
        return f"{'ok  ' if self.ok else 'MISS'} {self.name:<34} {value:>14} {self.unit:<12} {self.bar}"


def at_most(name: str, value: float, unit: str, bar: float) -> Figure:
    """A figure that must not be greater than its bar."""
    return Figure(name, value, unit, f"at most {bar:g}", value <= bar)


def at_least(name: str, value: float, unit: str, bar: float) -> Figure:
    """A figure that must not be smaller than its bar."""
    return Figure(name, value, unit, f"at least {bar:g}", value >= bar)


def exactly(name: str, value: object, wanted: object) -> Figure:
    """A finding that must be just this."""
    return Figure(name, str(value), "", f"exactly {wanted}", value == wanted)


def shown(name: str, value: float, unit: str, why: str) -> Figure:
    """A figure without a bar, for comparison."""
    return Figure(name, value, unit, why, True)


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
