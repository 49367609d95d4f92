"""The exchange slip: what came back, what went out for it, and the difference, on one paper.

It explains and proves no tax: that is on the refund slip and on the receipt, which it names.
"""

from collections.abc import Iterable, Iterator

from pos.money import format_money
from pos.paper.document import Align, Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language, LineFacts
from pos.paper.slips.facts_asked import ExchangeFacts
from pos.paper.slips.parts import head, small_facts, words_of
from pos.paper.slips.words import moment, say

_say = words_of("exchange")


def exchange(told: ExchangeFacts, language: Language) -> Document:
    """Both sides of an exchange."""
    title = _say(language, "title")
    who = " · ".join(dict.fromkeys(part for part in (told.cashier, told.till) if part))
    return Document(
        title=f"{title} {told.receipt_no}",
        language=language,
        blocks=(
            *head(told.supplier, title),
            *small_facts(
                [
                    *((say(language, "refund_no"), number) for number in told.refunds),
                    (say(language, "receipt"), told.receipt_no),
                    (say(language, "order"), told.order_no),
                    (say(language, "date"), moment(told.issued_at, told.zone, language)),
                    (say(language, "served"), who),
                ]
            ),
            Rule(),
            Heading(text=_say(language, "back"), level=3),
            *_lines(told.back, told, language),
            Rule(),
            Heading(text=_say(language, "out"), level=3),
            *_lines(told.out, told, language),
            Rule(),
            *_sums(told, language),
            Space(mm=2),
            Text(text=_say(language, "tax"), size=Size.SMALL, align=Align.CENTRE),
            Space(mm=4),
            Cut(),
        ),
    )


def _lines(lines: Iterable[LineFacts], told: ExchangeFacts, language: Language) -> Iterator[Block]:
    for line in lines:
        yield Row(left=line.name, right=format_money(line.gross_minor, told.currency, language))
        if line.detail:
            yield Text(text=line.detail, size=Size.SMALL)
        yield Space(mm=1)


def _sums(told: ExchangeFacts, language: Language) -> Iterator[Block]:
    def money(minor: int) -> str:
        return format_money(minor, told.currency, language)

    yield Row(left=say(language, "total"), right=money(told.out_minor))
    yield Row(left=_say(language, "credit"), right=money(-told.credit_minor))
    if told.paid_minor:
        yield Row(left=_say(language, "paid"), right=money(told.paid_minor), size=Size.LARGE)
    else:
        yield Text(text=_say(language, "even"), weight=Weight.BOLD)
    if told.left_minor:
        yield Row(left=_say(language, "left"), right=money(told.left_minor))
