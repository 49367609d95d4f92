"""The gift card, or the store credit: the amount, the code to scan and to read, and until when. Paper is all it is."""

from datetime import date

from pos.money import format_money
from pos.paper.document import QR, Align, Cut, Document, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import GiftFacts, Language
from pos.paper.slips.parts import centred, head
from pos.paper.slips.words import day, say, say_day


def gift(card: GiftFacts, language: Language) -> Document:
    """A gift card on paper; without its code it is drawn for a screen, which must not show it."""
    return _card(card, language, title=say(language, "gift_card"))


def credit(card: GiftFacts, language: Language) -> Document:
    """A store credit, likewise."""
    return _card(card, language, title=say(language, "store_credit"))


def _card(card: GiftFacts, language: Language, *, title: str) -> Document:
    until = say_day(date.fromisoformat(card.expires_on), language) if card.expires_on else ""
    return Document(
        title=f"{title} ···· {card.last4}",
        language=language,
        blocks=(
            *head(card.supplier, title),
            Text(text=format_money(card.amount_minor, card.currency, language), align=Align.CENTRE, size=Size.LARGE),
            *centred([say(language, "good_until", day=until) if until else say(language, "good_for_ever")]),
            Space(mm=2),
            *_code(card, language),
            Space(mm=2),
            Rule(),
            Row(left=say(language, "issued"), right=day(card.issued_at, card.zone, language), size=Size.SMALL),
            *([Row(left=say(language, "order"), right=card.order_no, size=Size.SMALL)] if card.order_no else []),
            Space(mm=2),
            *centred([say(language, "replaces_card")] if card.replaced else [], size=Size.SMALL),
            *centred([say(language, "gift_terms")], size=Size.SMALL),
            Space(mm=4),
            Cut(),
        ),
    )


def _code(card: GiftFacts, language: Language) -> list[QR | Text]:
    if not card.code:
        ending = say(language, "code_ends", last4=card.last4)
        return [
            Text(text=ending, align=Align.CENTRE, weight=Weight.BOLD),
            Text(text=say(language, "code_on_paper"), align=Align.CENTRE, size=Size.SMALL),
        ]
    groups = card.code.split("-")
    half = (len(groups) + 1) // 2  # two lines: a large code is wider than narrow paper
    lines = ["-".join(part) for part in (groups[:half], groups[half:])]
    return [
        QR(payload=card.code),
        *(Text(text=line, align=Align.CENTRE, size=Size.LARGE) for line in lines),
        Text(text=say(language, "card_code"), align=Align.CENTRE, size=Size.SMALL),
    ]
