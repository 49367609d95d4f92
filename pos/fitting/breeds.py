"""Breeds of dogs and kinds of cats, with the neck girth each may be expected to have: a first guess, never a measure.

data/reference/pet_neck_sizes.csv. Published numbers are thin and contradict each other; each row says from where it
comes and how far it is trusted.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pos.catalogue.reference import REFERENCE, table
from pos.errors import Unknown

DOG, CAT = "dog", "cat"
SPECIES = (DOG, CAT)
# Rules PET-07 and PET-08 (data/reference/rules.csv) name kinds of dogs; which of our breeds are of them:
SHORT_NOSED = frozenset(
    {"Pug", "French Bulldog", "English Bulldog", "Boston Terrier", "Boxer", "Shih Tzu", "Bullmastiff"}
)
SIGHTHOUNDS = frozenset({"Greyhound", "Italian Greyhound", "Whippet"})


@dataclass(frozen=True)
class Breed:
    """One breed: weight in kg, expected girth in mm, from where, and how far it is trusted."""

    name: str  # in the table, English: its id
    french: str
    species: str
    weight_kg: tuple[float, float]
    girth_mm: tuple[float, float]
    disagree: bool  # published numbers and the weight model say different things
    source: str
    confidence: str

    def called(self, language: str) -> str:
        """Its name in a language of the shop."""
        name = self.french if language == "fr" else self.name.removeprefix("Cat - ")
        return name[:1].upper() + name[1:]


@lru_cache(maxsize=4)
def breeds(species: str, *, folder: Path = REFERENCE) -> tuple[Breed, ...]:
    """Every breed of a species, in the order of the table. Raises Unknown for another animal."""
    if species not in SPECIES:
        raise Unknown("species", species)
    return tuple(_breed(row) for row in table("pet_neck_sizes", folder=folder) if row["species"] == species)


def breed(name: str, *, folder: Path = REFERENCE) -> Breed:
    """One breed by its name in the table. Raises Unknown."""
    found = next((one for kind in SPECIES for one in breeds(kind, folder=folder) if one.name == name), None)
    if found is None:
        raise Unknown("breed", name)
    return found


def search(words: str, *, species: str, folder: Path = REFERENCE) -> tuple[Breed, ...]:
    """The breeds whose name, English or French, holds every one of these words, accents and capitals apart.

    Those with a word that begins so come first; no words give every breed.
    """
    wanted = _plain(words).split()
    found = [one for one in breeds(species, folder=folder) if all(word in _names(one) for word in wanted)]
    return tuple(sorted(found, key=lambda one: not all(f" {word}" in _names(one) for word in wanted)))


def _names(one: Breed) -> str:
    return f" {_plain(one.name)} {_plain(one.french)}"


def _plain(words: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", words) if not unicodedata.combining(char))
    return bare.lower().replace("-", " ").replace("’", " ").replace("'", " ").replace("œ", "oe")


def _breed(row: dict[str, str]) -> Breed:
    return Breed(
        name=row["breed"],
        french=row["breed_fr"],
        species=row["species"],
        weight_kg=(float(row["weight_min_kg"]), float(row["weight_max_kg"])),
        girth_mm=(float(row["prefill_min_cm"]) * 10, float(row["prefill_max_cm"]) * 10),
        disagree=row["published_vs_model"] != "agree",
        source=row["source"],
        confidence=row["confidence"],
    )
