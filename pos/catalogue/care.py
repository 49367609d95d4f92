"""How to look after a piece: sentences by its metal and by what it is, after the trade's practice."""

from pos.catalogue.materials import VERMEIL, material
from pos.errors import Unknown
from pos.words import lines, part_of

WORDS = part_of("paper", "care")


def care(*, material_id: str, kind: str, language: str) -> tuple[str, ...]:
    """The sentences for a piece; what is of no known metal is told what all are told."""
    try:
        metal = VERMEIL if material_id == VERMEIL else material(material_id).metal
    except Unknown:
        metal = ""
    words = WORDS[language]
    own = [words[kind]] if kind in words else []
    return (*lines(words, metal), *own, words["all"])
