"""The authenticity receipt: what the house states of one numbered piece, and where to check it. No price: it is a gift.

It is the maker's own paper, not a laboratory's, and says so: the hallmark proves the metal (Hallmarking Act 1973).
Marks stand here only as recorded.
"""

from pos.paper.document import QR, Align, Cut, Document, Line, Rule, Size, Space, Text
from pos.paper.slips.facts import Language, PieceFacts
from pos.paper.slips.parts import centred, facts, head, signature_line
from pos.paper.slips.words import day, grams, say


def authenticity(piece: PieceFacts, language: Language) -> Document:
    """The original certificate of a piece, on paper."""
    title = say(language, "authenticity")
    number = say(language, "number", number=piece.number, size=piece.edition_size)
    return Document(
        title=f"{title} {piece.name} {number}",
        language=language,
        blocks=(
            *head(piece.supplier, title),
            *centred([piece.name]),
            *centred([say(language, "capsule", name=piece.capsule)], size=Size.SMALL),
            Space(mm=2),
            Text(text=number, align=Align.CENTRE, size=Size.LARGE),
            Space(mm=2),
            Rule(),
            *facts(_facts(piece, language)),
            Rule(),
            Space(mm=1),
            QR(payload=piece.verify_url),
            Text(text=piece.short_code, align=Align.CENTRE, size=Size.LARGE),
            *centred([say(language, "scan_to_verify")], size=Size.SMALL),
            Rule(line=Line.SHORT),
            Text(text=say(language, "statement"), align=Align.CENTRE, size=Size.SMALL),
            *signature_line(language, "for_house"),
            Space(mm=4),
            Cut(),
        ),
    )


def _facts(piece: PieceFacts, language: Language) -> list[tuple[str, str]]:
    return [
        (say(language, "design"), piece.design),
        (say(language, "metal"), piece.metal),
        (say(language, "fineness"), say(language, "permille", number=piece.fineness)),
        (say(language, "weight"), grams(piece.weight_mg, language)),
        (say(language, "size"), piece.size),
        (say(language, "serial"), piece.serial),
        (say(language, "hallmark"), _hallmark(piece, language)),
        (say(language, "engraving"), "\n".join(piece.engraving)),
        (say(language, "sold"), day(piece.issued_at, piece.zone, language)),
        (say(language, "sold_at"), piece.supplier.name),
    ]


def _hallmark(piece: PieceFacts, language: Language) -> str:
    if piece.marks:
        return "\u00a0· ".join(piece.marks)  # a line may end in a dot, never begin with one
    return say(language, "exempt", reason=piece.exemption) if piece.exemption else say(language, "no_hallmark")
