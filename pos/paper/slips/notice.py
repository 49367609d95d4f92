"""The hand-out about hallmarks, for whoever asks what the marks mean. It explains in our own words.

The Dealer's Notice itself is the British Hallmarking Council's, hangs whole and unaltered on the counter (Hallmarking
Act 1973, s. 11), and is never printed from here. Weights are those of Sch. 1 Pt II para. 12: strictly below them a mark
is not needed.
"""

from pos.paper.document import Align, Cut, Document, Heading, Rule, Size, Space, Table, Text
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_house import NoticeFacts
from pos.paper.slips.parts import centred, head, words_of
from pos.words import written

# Metal, the weight in g from which it must be marked, the finenesses the Act names (Sch. 2).
STANDARDS = {
    "gold": (1.0, "375 585 750 916 990 999"),
    "silver": (7.78, "800 925 958 999"),
    "platinum": (0.5, "850 900 950 999"),
    "palladium": (1.0, "500 950 999"),
}
_say = words_of("notice")


def notice(told: NoticeFacts, language: Language) -> Document:
    """The hand-out."""
    title = _say(language, "title")
    head_row = tuple(_say(language, key) for key in ("metal", "from", "parts"))
    return Document(
        title=title,
        language=language,
        blocks=(
            *head(told.supplier, title),
            Text(text=_say(language, "why")),
            Space(mm=2),
            Heading(text=_say(language, "marks"), level=3),
            *(Text(text=_say(language, mark)) for mark in ("sponsor", "fineness", "office")),
            Space(mm=2),
            Heading(text=_say(language, "metals"), level=3),
            Table(head=head_row, rows=tuple(_row(metal, language) for metal in STANDARDS)),
            Space(mm=2),
            Text(text=_say(language, "plated")),
            Rule(),
            Text(text=_say(language, "official"), size=Size.SMALL, align=Align.CENTRE),
            *centred([told.supplier.phone] if told.supplier.phone else [], size=Size.SMALL),
            Space(mm=4),
            Cut(),
        ),
    )


def _row(metal: str, language: Language) -> tuple[str, str, str]:
    weight, finenesses = STANDARDS[metal]
    return _say(language, metal), f"{written.decimal(weight, language, places=2)}\u00a0g", finenesses
