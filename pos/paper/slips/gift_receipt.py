"""The gift receipt: what the present is, and the code that exchanges it. Nothing on it says what it cost."""

from collections.abc import Iterator
from datetime import date

from pos.paper.document import QR, Align, Block, Cut, Document, Rule, Size, Space, Text
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_asked import GiftReceiptFacts
from pos.paper.slips.parts import centred, head, small_facts, words_of
from pos.paper.slips.words import day, say, say_day

_say = words_of("gift_receipt")


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
