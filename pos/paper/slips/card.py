"""The authenticity card that lies in the box: folded once, the piece outside, its code and its care inside.

It goes with the certificate and is not one: the original is the authenticity receipt.
"""

from pos.paper.document import QR, Align, Cut, Document, Fold, Heading, Line, Rule, Size, Space, Text
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_asked import CardFacts
from pos.paper.slips.parts import centred, logo, words_of
from pos.paper.slips.words import say

_say = words_of("card")


def card(told: CardFacts, language: Language) -> Document:
    """The card of one piece; no price, it may be a gift."""
    piece = told.piece
    number = say(language, "number", number=piece.number, size=piece.edition_size)
    house = piece.supplier.name.partition(", ")[0]
    return Document(
        title=f"{_say(language, 'title')} {piece.name} {number}",
        language=language,
        blocks=(
            *logo(piece.supplier),
            Heading(text=house, level=1),
            Rule(line=Line.SHORT),
            *centred([piece.name]),
            *centred([say(language, "capsule", name=piece.capsule)], size=Size.SMALL),
            Space(mm=3),
            Text(text=number, align=Align.CENTRE, size=Size.LARGE),
            *centred([piece.metal]),
            Space(mm=5),
            Fold(),
            QR(payload=piece.verify_url),
            *centred([piece.short_code]),
            *centred([say(language, "scan_to_verify")], size=Size.SMALL),
            Space(mm=3),
            Heading(text=_say(language, "care"), level=3),
            *(Text(text=sentence, size=Size.SMALL) for sentence in told.care),
            Space(mm=2),
            *centred([_say(language, "with", serial=piece.serial)], size=Size.SMALL),
            Space(mm=3),
            Cut(),
        ),
    )
