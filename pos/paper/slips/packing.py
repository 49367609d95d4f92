"""The packing slip: what lies in the parcel, for whom, by whom, and for how much it is insured."""

from collections.abc import Iterator

from pos.money import format_money
from pos.paper.document import Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_house import PackingFacts
from pos.paper.slips.parts import centred, head, signature_line, small_facts, words_of
from pos.paper.slips.words import moment, say

_say = words_of("packing")


def packing(parcel: PackingFacts, language: Language) -> Document:
    """The slip that goes with a parcel."""
    title = _say(language, "title")
    weight = f"{parcel.weight_g}\u00a0g" if parcel.weight_g else ""
    return Document(
        title=f"{title} {parcel.parcel_no}",
        language=language,
        blocks=(
            *head(parcel.supplier, title),
            Heading(text=_say(language, "to"), level=3),
            *(Text(text=line) for line in parcel.recipient),
            Rule(),
            Heading(text=_say(language, "inside"), level=3),
            *_things(parcel, language),
            Row(left=_say(language, "things"), right=str(len(parcel.things)), weight=Weight.BOLD),
            Rule(),
            Row(left=_say(language, "insured"), right=_money(parcel.insured_minor, parcel, language), size=Size.LARGE),
            Space(mm=2),
            *small_facts(
                [
                    (_say(language, "carrier"), f"{parcel.carrier} · {parcel.service}"),
                    (_say(language, "cover"), _money(parcel.cover_minor, parcel, language)),
                    (_say(language, "parcel_weight"), weight),
                    (_say(language, "parcel"), parcel.parcel_no),
                    (say(language, "order"), parcel.order_no),
                    (_say(language, "sealed"), moment(parcel.sealed_at, parcel.zone, language)),
                    (_say(language, "packed"), parcel.packed_by),
                ]
            ),
            Space(mm=2),
            *centred([_say(language, "hand")]),
            *signature_line(language, _say(language, "packer")),
            Space(mm=4),
            Cut(),
        ),
    )


def _things(parcel: PackingFacts, language: Language) -> Iterator[Block]:
    for thing in parcel.things:
        yield Text(text=thing.name)
        below = (thing.detail, _say(language, "serial", serial=thing.serial) if thing.serial else "")
        if any(below):
            yield Text(text=" · ".join(part for part in below if part), size=Size.SMALL)
        yield Space(mm=1)


def _money(minor: int, parcel: PackingFacts, language: Language) -> str:
    return format_money(minor, parcel.currency, language)
