"""The gift receipt: what the present is, and the code that exchanges it. Nothing on it says what it cost."""

from collections.abc import Iterator
from datetime import date

from pos.paper.document import QR, Align, Block, Cut, Document, Rule, Size, Space, Text
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_asked import GiftReceiptFacts
from pos.paper.slips.parts import centred, head, small_facts, words_of
from pos.paper.slips.words import day, say, say_day

_say = words_of(
    en={
        "title": "Gift receipt",
        "code": "Exchange code",
        "until": "Exchange until",
        "bring": (
            "Bring this slip with the piece, unworn: it is exchanged, or becomes a store credit, for what was paid. "
            "A piece that was engraved or resized was made for its owner and stays theirs, unless something is wrong "
            "with it. Your legal rights are not affected."
        ),
    },
    fr={
        "title": "Ticket cadeau",
        "code": "Code d’échange",
        "until": "Échange jusqu’au",
        "bring": (
            "Apportez ce ticket avec la pièce, non portée : elle est échangée, ou devient un avoir, à la valeur payée. "
            "Une pièce gravée ou mise à taille a été faite pour son propriétaire et lui reste, sauf défaut. "
            "Vos droits légaux demeurent."
        ),
    },
)


def gift_receipt(present: GiftReceiptFacts, language: Language) -> Document:
    """What goes into the wrapping."""
    title = _say(language, "title")
    return Document(
        title=f"{title} {present.code}",
        language=language,
        blocks=(
            *head(present.supplier, title),
            *_lines(present),
            Rule(),
            *small_facts(
                [
                    (say(language, "date"), day(present.sold_at, present.zone, language)),
                    (_say(language, "until"), say_day(date.fromisoformat(present.until), language)),
                ]
            ),
            Space(mm=2),
            QR(payload=present.code),
            Text(text=present.code, align=Align.CENTRE, size=Size.LARGE),
            *centred([_say(language, "code")], size=Size.SMALL),
            Space(mm=3),
            *centred([_say(language, "bring")], size=Size.SMALL),
            Space(mm=4),
            Cut(),
        ),
    )


def _lines(present: GiftReceiptFacts) -> Iterator[Block]:
    for line in present.lines:
        yield Text(text=line.name)
        if line.detail:
            yield Text(text=line.detail, size=Size.SMALL)
        yield Space(mm=1)
