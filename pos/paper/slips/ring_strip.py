"""The ring strip: paper to wind round a finger, with its own scale and two bars to check it by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, with_config

from pos.paper.document import Align, Cut, Document, Ruler, Size, Space, Text, Weight
from pos.paper.slips.facts import CHECKED, Language, SupplierFacts
from pos.paper.slips.parts import head

LONG_MM = 80  # Z+6, the largest of the trade's sizes, is 76.25 mm round

WORDS = {
    "en": {
        "title": "Ring strip",
        "check": "Lay both bars on a ruler: each must be 10\u00a0mm. If one is not, do not use this strip.",
        "how": (
            "1. Cut along the dashes.",
            "2. Wind the strip round the finger, the scale outside, the blank end beneath.",
            "3. Read the millimetres where the strip meets its 0. That is the ring’s size in Europe.",
            "4. An estimate, to about half a size: the counter’s gauge confirms it.",
        ),
    },
    "fr": {
        "title": "Bande baguier",
        "check": "Posez les deux traits sur une règle\u00a0: chacun mesure 10\u00a0mm. Sinon, n’utilisez pas la bande.",
        "how": (
            "1. Découpez le long des tirets.",
            "2. Enroulez la bande autour du doigt, l’échelle dehors, le bout blanc dessous.",
            "3. Lisez les millimètres là où la bande rejoint son 0. C’est la taille européenne de la bague.",
            "4. C’est une estimation, à une demi-taille près\u00a0: le baguier du comptoir la confirme.",
        ),
    },
}


@with_config(CHECKED)
@dataclass(frozen=True, kw_only=True)
class StripFacts:
    """Whose strip it is; nobody's finger stands in it."""

    supplier: SupplierFacts


_FACTS = TypeAdapter(StripFacts)


def facts_of(supplier: SupplierFacts) -> dict[str, Any]:
    """The facts of a strip as the records keep them."""
    kept: dict[str, Any] = _FACTS.dump_python(StripFacts(supplier=supplier), mode="json")
    return kept


def ring_strip(kept: Mapping[str, Any], language: Language) -> Document:
    """The strip of a boutique."""
    words: dict[str, Any] = WORDS[language]
    supplier = _FACTS.validate_python(dict(kept)).supplier
    return Document(
        title=words["title"],
        language=language,
        blocks=(
            *head(supplier, words["title"]),
            *(Text(text=line, size=Size.SMALL) for line in words["how"]),
            Space(mm=4),
            Ruler(mm=LONG_MM),
            Space(mm=3),
            Text(text=words["check"], weight=Weight.BOLD, align=Align.CENTRE),
            Space(mm=4),
            Cut(),
        ),
    )
