"""The pickup slip: when, what, the code, and what is still to pay. Whoever holds it may collect."""

from collections.abc import Iterator

from pos.money import format_money
from pos.paper.document import QR, Align, Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language, PickupFacts
from pos.paper.slips.parts import centred, head
from pos.paper.slips.words import clock, day, say, zone_name


def pickup(booked: PickupFacts, language: Language) -> Document:
    """The slip that the shopper brings back."""
    title = say(language, "pickup")
    hours = say(language, "from_to", start=clock(booked.starts_at, booked.zone), end=clock(booked.ends_at, booked.zone))
    return Document(
        title=f"{title} {booked.code}",
        language=language,
        blocks=(
            *head(booked.supplier, title),
            *centred([_sentence(day(booked.starts_at, booked.zone, language, weekday=True))]),
            Text(text=hours, align=Align.CENTRE, size=Size.LARGE),
            *centred([zone_name(booked.starts_at, booked.zone)], size=Size.SMALL),
            Space(mm=2),
            QR(payload=booked.payload),
            Text(text=booked.code, align=Align.CENTRE, size=Size.LARGE),
            *centred([say(language, "collect_code")], size=Size.SMALL),
            Space(mm=3),
            Rule(),
            Heading(text=say(language, "pieces"), level=3),
            *_pieces(booked),
            Rule(),
            _balance(booked, language),
            Row(left=say(language, "order"), right=booked.order_no, size=Size.SMALL),
            Space(mm=3),
            *centred([say(language, "bring")], size=Size.SMALL),
            Space(mm=4),
            Cut(),
        ),
    )


def _pieces(booked: PickupFacts) -> Iterator[Block]:
    for piece in booked.pieces:
        name, _, details = piece.partition(" · ")
        yield Text(text=name)
        if details:
            yield Text(text=details, size=Size.SMALL)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _balance(booked: PickupFacts, language: Language) -> Block:
    if not booked.balance_due_minor:
        return Text(text=say(language, "nothing_due"), weight=Weight.BOLD)
    due = format_money(booked.balance_due_minor, booked.currency, language)
    return Row(left=say(language, "balance_due"), right=due, weight=Weight.BOLD)
