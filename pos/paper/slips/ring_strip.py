"""The ring strip: paper to wind round a finger, with its own scale and two bars to check it by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, with_config

from pos.paper.document import Align, Cut, Document, Ruler, Size, Space, Text, Weight
from pos.paper.slips.facts import CHECKED, Language, SupplierFacts
from pos.paper.slips.parts import head
from pos.words import lines, part_of

LONG_MM = 80  # Z+6, the largest of the trade's sizes, is 76.25 mm round

WORDS = part_of("paper", "ring_strip")


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
    words = WORDS[language]
    supplier = _FACTS.validate_python(dict(kept)).supplier
    return Document(
        title=words["title"],
        language=language,
        blocks=(
            *head(supplier, words["title"]),
            *(Text(text=line, size=Size.SMALL) for line in lines(words, "how")),
            Space(mm=4),
            Ruler(mm=LONG_MM),
            Space(mm=3),
            Text(text=words["check"], weight=Weight.BOLD, align=Align.CENTRE),
            Space(mm=4),
            Cut(),
        ),
    )
