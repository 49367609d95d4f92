"""A companion's neck, collar and tag. What was measured always wins; breed and weight are a first guess, and say so.

Rules are named as in data/reference/rules.csv (PET-…); what no source gives is the house's own and marked so.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pos.catalogue.materials import material
from pos.catalogue.reference import REFERENCE, table
from pos.errors import BreakawayNeeded, MeasureOutside, Unknown
from pos.fitting.breeds import CAT, SHORT_NOSED, SIGHTHOUNDS, Breed

GIRTH_OF_CUBE_ROOT = {"dog": 15.0, "cat": 14.6}  # neck in cm = k · kg^(1/3), ±10 %: house model, fitted to the bands
MODEL_MAY_ERR = 0.10
DOUBT = 0.25  # a measure further than this outside of what is expected is asked for again, and never refused
COLLAR_ADDS_MM = (25, 50, 75)  # to the snug girth: below 4.5 kg, to 36 kg, above (PET-05)
SOFT_SHARE, HARD_SHARE = 0.002, 0.005  # of the body's mass that tag and ring may weigh (PET-10: house rule)
RING_MG = 450  # a split ring of 1 mm steel wire (assumed)
CAT_LEAST_KG = 2.5  # PET-06
CAT_LARGE_KG = 5.0
CAT_TAGS = ("XS", "S")  # the table's use: XS for cats, S above 5 kg
BREAKAWAY, BUCKLE = "breakaway", "buckle"
GIRTH_MM = (120.0, 900.0)  # any neck a tag is hung from
WEIGHT_KG = (0.8, 100.0)


@dataclass(frozen=True)
class Animal:
    """What is known of a companion: at least its species. Weight in kg, snug girth in mm."""

    species: str
    breed: Breed | None = None
    weight_kg: float | None = None
    girth_mm: float | None = None  # measured, with a soft tape where the collar sits


@dataclass(frozen=True)
class Neck:
    """The girth in mm, low to high, and how it is known: measured, breed, weight, or species alone."""

    low_mm: float
    high_mm: float
    known_by: str
    confidence: str
    source: str

    @property
    def girth_mm(self) -> float:
        """The middle of it: what is drawn and reckoned with."""
        return (self.low_mm + self.high_mm) / 2


@dataclass(frozen=True)
class Tag:
    """A round tag for this companion: measures in mm, mass in mg, and its share of the body's mass with its ring."""

    size: str
    diameter_mm: float
    hole_mm: float
    mass_mg: int
    share: float

    @property
    def is_light(self) -> bool:
        """Whether it weighs no more than a companion should not notice."""
        return self.share <= SOFT_SHARE


@dataclass(frozen=True)
class Fit:
    """All of it: neck, weight reckoned with, collar's length in mm, tag, and what must be said (rule by rule)."""

    neck: Neck
    weight_kg: float
    weight_is_guess: bool
    collar_mm: float
    fingers: int
    tag: Tag
    advice: tuple[str, ...]


def fit(animal: Animal, *, material_id: str, folder: Path = REFERENCE) -> Fit:
    """What fits this companion in this metal. Raises Unknown for an animal or a metal the tables do not know,
    MeasureOutside for a measure no neck has."""
    _refuse_strange(animal)
    weight, guess = _weight(animal)
    neck = expected(animal) if animal.girth_mm is None else measured(animal.girth_mm)
    tag = tag_for(animal.species, weight_kg=weight, material_id=material_id, folder=folder)
    return Fit(
        neck=neck,
        weight_kg=weight,
        weight_is_guess=guess,
        collar_mm=neck.girth_mm + _collar_adds(weight),
        fingers=1 if weight < 4.5 else 3 if weight > 45 else 2,
        tag=tag,
        advice=tuple(_advice(animal, weight_kg=weight, tag=tag)),
    )


def measured(girth_mm: float) -> Neck:
    """A girth somebody took with a tape."""
    return Neck(girth_mm, girth_mm, "measured", "high", "PET-04")


def expected(animal: Animal) -> Neck:
    """The girth to expect where nobody measured: by breed and weight, by breed, by weight, or of the species at all."""
    if animal.breed and animal.weight_kg is None:
        low, high = animal.breed.girth_mm
        return Neck(low, high, "breed", animal.breed.confidence, animal.breed.source)
    if animal.weight_kg is not None:
        middle = GIRTH_OF_CUBE_ROOT[animal.species] * 10 * _build(animal.breed) * animal.weight_kg ** (1 / 3)
        return Neck(middle * (1 - MODEL_MAY_ERR), middle * (1 + MODEL_MAY_ERR), "weight", "low", "house model")
    weight, _ = _weight(animal)
    middle = GIRTH_OF_CUBE_ROOT[animal.species] * 10 * weight ** (1 / 3)
    return Neck(middle * 0.75, middle * 1.25, "species", "low", "house model")


def is_doubtful(animal: Animal) -> bool:
    """Whether a measure lies so far from what is expected that it is worth taking again; it still wins."""
    if animal.girth_mm is None or (animal.breed is None and animal.weight_kg is None):
        return False
    guess = expected(Animal(animal.species, animal.breed, animal.weight_kg))
    return not guess.low_mm * (1 - DOUBT) <= animal.girth_mm <= guess.high_mm * (1 + DOUBT)


def tag_for(species: str, *, weight_kg: float, material_id: str, folder: Path = REFERENCE) -> Tag:
    """The largest round tag whose band holds this weight and which is light enough; else the smallest there is."""
    rows = table("tag_sizes", folder=folder)
    tags = [_tag(row, weight_kg=weight_kg, material_id=material_id, folder=folder) for row in rows]
    banded = [tag for tag, row in zip(tags, rows, strict=True) if _holds(row, species=species, weight_kg=weight_kg)]
    light = [tag for tag in banded if tag.is_light]
    return (light or tags[:1])[-1]


def right_tags(species: str, *, told: Animal | None, material_id: str, folder: Path = REFERENCE) -> Mapping[str, float]:
    """The tags of this metal that are right for a companion, by size with their width in mm: the one that fits what was
    told of it; as long as nothing was, every one its species takes."""
    wide = {row["tag_size"]: float(row["diameter_mm"]) for row in table("tag_sizes", folder=folder)}
    right = CAT_TAGS if species == CAT else tuple(wide)
    if told is not None and told.species == species:
        with suppress(MeasureOutside):
            right = (fit(told, material_id=material_id, folder=folder).tag.size,)
    return {size: wide[size] for size in right}


def refuse_collar(species: str, *, collar: str | None) -> None:
    """A cat wears a tag only on a collar that opens by itself (PET-06). Raises BreakawayNeeded."""
    if species == CAT and collar != BREAKAWAY:
        raise BreakawayNeeded()


def collar_of(species: str, *, opens: bool) -> str | None:
    """The collar a tag hangs from; whether it opens by itself is asked of a cat's alone."""
    if species == CAT:
        return BREAKAWAY if opens else None  # still to be said: a cat is sold a tag for no other
    return BUCKLE


def _holds(row: dict[str, str], *, species: str, weight_kg: float) -> bool:
    if species == CAT:
        return row["tag_size"] == CAT_TAGS[weight_kg > CAT_LARGE_KG]
    return float(row["pet_weight_min_kg"]) <= weight_kg <= float(row["pet_weight_max_kg"])


def _tag(row: dict[str, str], *, weight_kg: float, material_id: str, folder: Path) -> Tag:
    across, hole, thick = float(row["diameter_mm"]), float(row["hole_mm"]), float(row["thickness_mm"])
    density = material(material_id, folder=folder).density
    mass = round(math.pi / 4 * (across**2 - hole**2) * thick * density)  # mm³ · g/cm³ = mg
    return Tag(
        size=row["tag_size"],
        diameter_mm=across,
        hole_mm=hole,
        mass_mg=mass,
        share=(mass + RING_MG) / (weight_kg * 1_000_000),
    )


def _collar_adds(weight_kg: float) -> int:
    small, middling, large = COLLAR_ADDS_MM
    return small if weight_kg < 4.5 else middling if weight_kg <= 36 else large


def _weight(animal: Animal) -> tuple[float, bool]:
    """The weight in kg, and whether it is a guess: from the breed, from a measured neck, or of the species at all."""
    if animal.weight_kg is not None:
        return animal.weight_kg, False
    if animal.breed:
        return sum(animal.breed.weight_kg) / 2, True
    if animal.girth_mm is not None:
        return (animal.girth_mm / 10 / GIRTH_OF_CUBE_ROOT[animal.species]) ** 3, True
    return (4.0 if animal.species == CAT else 12.0), True


def _build(breed: Breed | None) -> float:
    """How stout a breed's neck is for its weight, beside the average of its species."""
    if breed is None:
        return 1.0
    weight, girth = sum(breed.weight_kg) / 2, sum(breed.girth_mm) / 2
    return float(girth / (GIRTH_OF_CUBE_ROOT[breed.species] * 10 * weight ** (1 / 3)))


def _refuse_strange(animal: Animal) -> None:
    if animal.species not in GIRTH_OF_CUBE_ROOT or (animal.breed and animal.breed.species != animal.species):
        raise Unknown("species", animal.species)
    if animal.girth_mm is not None and not GIRTH_MM[0] <= animal.girth_mm <= GIRTH_MM[1]:
        raise MeasureOutside(*(mm / 10 for mm in GIRTH_MM), "girth")
    if animal.weight_kg is not None and not WEIGHT_KG[0] <= animal.weight_kg <= WEIGHT_KG[1]:
        raise MeasureOutside(*WEIGHT_KG, "weight")


def _advice(animal: Animal, *, weight_kg: float, tag: Tag) -> list[str]:
    """The rules that speak of this companion, the gravest first."""
    name = animal.breed.name if animal.breed else ""
    said = {
        "PET-06": animal.species == CAT,
        "PET-06-small": animal.species == CAT and weight_kg < CAT_LEAST_KG,
        "PET-10-hard": tag.share > HARD_SHARE,
        "PET-10": SOFT_SHARE < tag.share <= HARD_SHARE,
        "PET-08": name in SIGHTHOUNDS,
        "PET-07": name in SHORT_NOSED,
        "PET-01": animal.species != CAT,
        "PET-09": True,
    }
    return [rule for rule, speaks in said.items() if speaks]
