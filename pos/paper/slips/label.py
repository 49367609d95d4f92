"""The label on the shelf: the design, its price with VAT, how many there will ever be, and a code to scan."""

from pos.money import format_money
from pos.paper.document import QR, Align, Cut, Document, Heading, Line, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_house import LabelFacts
from pos.paper.slips.parts import centred, words_of
from pos.paper.slips.words import say

_say = words_of("label")


def label(told: LabelFacts, language: Language) -> Document:
    """One label; a price is shown with its VAT."""
    house = told.supplier.name.partition(", ")[0]
    price = format_money(told.price_minor, told.currency, language, whole=True)
    return Document(
        title=f"{_say(language, 'title')} {told.sku}",
        language=language,
        blocks=(
            Heading(text=house, level=2),
            Rule(line=Line.SHORT),
            Text(text=told.name, align=Align.CENTRE, weight=Weight.BOLD),
            *centred([told.metal]),
            *centred([say(language, "capsule", name=told.capsule)] if told.capsule else [], size=Size.SMALL),
            Space(mm=2),
            Text(text=price, align=Align.CENTRE, size=Size.LARGE),
            *centred([_say(language, "vat")], size=Size.SMALL),
            QR(payload=told.payload),
            *centred([_say(language, "edition", size=told.edition_size)], size=Size.SMALL),
            *centred([told.sku], size=Size.SMALL),
            Space(mm=2),
            Cut(),
        ),
    )
