"""Hallmark law, as far as a catalogue must keep it: who is exempt, what a record must say, what a coat may be called.

Rules are named as in data/reference/rules.csv (HM-…, DESC-…). The numbers stand in dated rows of
data/reference/hallmark_standards.csv, so that a change of law is a new row and not a change of code.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pos.catalogue.materials import VERMEIL, VERMEIL_LEAST_UM, Material
from pos.catalogue.reference import REFERENCE, table
from pos.catalogue.schema_piece import HallmarkRecord
from pos.errors import Unknown

COAT_AFTER_MARKS_MOST_UM = 2.0  # thicker needs the assay office's consent (Hallmarking Act 1973, s. 5(5); HM-16)
DEMO_OFFICE = "Demonstration"  # invented: stands only in demonstration capsules


@dataclass(frozen=True)
class Standard:
    """One legal fineness of one metal, in parts per thousand; a lighter piece than exempt_below_mg needs no mark."""

    metal: str
    fineness: int
    shield: str
    exempt_below_mg: int


@dataclass(frozen=True)
class Part:
    """One metal of a piece, in mg; metal None is base metal, which counts by weight and is never hallmarked."""

    metal: str | None
    weight_mg: int


@dataclass(frozen=True)
class Finding:
    """A rule that is broken: which, at which key, and why."""

    rule: str
    key: tuple[str | int, ...]
    reason: str


def standards(*, on: date, folder: Path = REFERENCE) -> tuple[Standard, ...]:
    """The legal finenesses on a day. Raises Unknown for a day the table does not reach back to."""
    found = tuple(
        Standard(
            metal=row["metal"],
            fineness=int(row["stamp"]),
            shield=row["uk_shield_shape"],
            exempt_below_mg=round(float(row["uk_exempt_if_weight_below_g"]) * 1000),
        )
        for row in table("hallmark_standards", folder=folder)
        if date.fromisoformat(row["valid_from"]) <= on
        and (not row["valid_to"] or on <= date.fromisoformat(row["valid_to"]))
    )
    if not found:
        raise Unknown("hallmark law", on.isoformat())
    return found


def exempt(parts: Sequence[Part], *, on: date, folder: Path = REFERENCE) -> bool:
    """Whether a piece of these metals may be described as precious without a mark: it weighs less than the limit.

    Exactly at the limit it may not: the statute says "less than" (Hallmarking Act 1973, Sch. 1 Pt II; HM-02, HM-03).
    All metal counts, stones do not (HM-05). Mixed: with platinum its limit, else with gold its limit (HM-04).
    """
    limits = {standard.metal: standard.exempt_below_mg for standard in standards(on=on, folder=folder)}
    metals = {part.metal for part in parts if part.metal}
    unknown = metals - limits.keys()
    if unknown:
        raise Unknown("precious metal", min(unknown))
    if not metals:
        return True
    ruling: str | None = min(metals)
    if len(metals) > 1:
        ruling = next((metal for metal in ("platinum", "gold") if metal in metals), None)
    return ruling is not None and sum(part.weight_mg for part in parts) < limits[ruling]


def offices(*, folder: Path = REFERENCE) -> frozenset[str]:
    """The assay offices, and the Convention's marks, a record may name."""
    return frozenset(row["office"] for row in table("assay_offices", folder=folder))


@dataclass(frozen=True)
class Described:
    """What a record is judged against: the material, the metal's weight in mg, and how the piece is sold."""

    material: Material
    metal_weight_mg: int
    preordered: bool
    demo: bool
    on: date


def faults(record: HallmarkRecord | None, *, piece: Described, folder: Path = REFERENCE) -> Iterator[Finding]:
    """Every reason why this piece may not be published with this record."""
    light = exempt([Part(piece.material.metal, piece.metal_weight_mg)], on=piece.on, folder=folder)
    if record is None:
        may = "say so with status exempt" if light else "it is too heavy to be exempt"
        yield Finding("HM-01", (), f"is missing: {piece.material.metal} needs a hallmark record ({may})")
        return
    yield from _fineness(record, piece=piece, folder=folder)
    if record.status == "exempt":
        if not light:
            yield Finding("HM-03", ("status",), _too_heavy(piece, folder=folder))
        return
    yield from _struck(record, piece=piece, folder=folder)


def _too_heavy(piece: Described, *, folder: Path) -> str:
    metal = piece.material.metal
    limit = next(s.exempt_below_mg for s in standards(on=piece.on, folder=folder) if s.metal == metal)
    return f"{piece.metal_weight_mg} mg of {metal} is not exempt: only less than {limit} mg is"


def _fineness(record: HallmarkRecord, *, piece: Described, folder: Path) -> Iterator[Finding]:
    material = piece.material
    if record.fineness != material.fineness:
        said = f"{record.fineness} is not the fineness of {material.id}, which is {material.fineness}"
        yield Finding("HM-13", ("fineness",), said)
    elif (material.metal, record.fineness) not in {
        (s.metal, s.fineness) for s in standards(on=piece.on, folder=folder)
    }:
        yield Finding("HM-09", ("fineness",), f"{record.fineness} is no legal fineness of {material.metal}")


def _struck(record: HallmarkRecord, *, piece: Described, folder: Path) -> Iterator[Finding]:
    needed = ("sponsor", "office", "picture") if record.status == "hallmarked" else ("office",)
    for field in needed:
        if getattr(record, field) is None:
            yield Finding("HM-09", (field,), f"is missing: a {record.status} piece names it")
    if record.status == "planned" and not piece.preordered:
        yield Finding("HM-01", ("status",), "planned is for pre-orders only: what is sold from stock bears its marks")
    if record.office is None:
        return
    if record.office not in offices(folder=folder):
        yield Finding("HM-09", ("office",), f"“{record.office}” is not in the table of assay offices")
    elif (record.office == DEMO_OFFICE) != piece.demo:
        said = (
            "a demonstration names the invented office" if piece.demo else "the invented office is for demonstrations"
        )
        yield Finding("HM-09", ("office",), said)


def coat_faults(
    *, material_id: str, plating_um: float | None, before_marks: bool | None, marked: bool
) -> Iterator[Finding]:
    """What is wrong with a gold coat: too thin to be called vermeil, or too thick to be laid over marks."""
    if material_id != VERMEIL:
        return
    if plating_um is None:
        yield Finding("DESC-04", ("plating_um",), "is missing: vermeil prints its measured thickness")
        return
    if plating_um < VERMEIL_LEAST_UM:
        said = f"{plating_um:g} µm is under {VERMEIL_LEAST_UM:g} µm: this may not be called vermeil"
        yield Finding("DESC-04", ("plating_um",), said)
    if marked and plating_um > COAT_AFTER_MARKS_MOST_UM and not before_marks:
        said = f"must be true: over {COAT_AFTER_MARKS_MOST_UM:g} µm is plated before the marks are struck"
        yield Finding("HM-16", ("plated_before_hallmark",), said)


# In French "or" also begins a sentence ("now"): only the metal is meant.
_GOLD = {
    "en": re.compile(r"\bgold\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:en or|d[’']or|or \d+|or jaune|or rose|or blanc|plaquée? or)\b", re.IGNORECASE),
}
_PLATED = re.compile(r"\b(?:plated|rolled|plaquée?s?)\b", re.IGNORECASE)
_CLAIM = re.compile(r"hypo-?allerg\w+|nickel[- ]free|sans nickel", re.IGNORECASE)


def word_faults(words: str, *, language: str, material: Material, evidence: str | None) -> Iterator[tuple[str, str]]:
    """Rule and reason for each word a description may not use for this metal.

    "gold" of a coated piece only beside "plated" or "rolled" (Hallmarking Act 1973, Sch. 1 Pt I; DESC-01);
    "hypoallergenic" and "nickel-free" only with evidence on record (DESC-10).
    """
    if material.id == VERMEIL and _GOLD[language].search(words) and not _PLATED.search(words):
        yield "DESC-01", "says gold without plated: the metal is coated silver"
    claim = _CLAIM.search(words)
    if claim and not evidence:
        yield "DESC-10", f"says “{claim[0]}” without evidence on record"
