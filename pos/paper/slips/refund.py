"""The refund slip: what is given back, with which VAT, by which roads, and which certificates end with it.

It names what a credit note names: its own number and day, the receipts it refers to, the supplier with the VAT number,
the goods, the reason, and per rate what is taken back of net and VAT (VAT Regulations 1995, reg. 15C). What becomes of
a piece is the shop's own business and is not on it.
"""

from collections.abc import Iterator

from pos.money import format_money
from pos.paper.document import Align, Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language, RefundFacts, RoadFacts
from pos.paper.slips.parts import head, signature_line, small_facts, vat_table
from pos.paper.slips.words import brand, moment, reason, say, say_counted
from pos.words.written import FIXED


def refund(back: RefundFacts, language: Language) -> Document:
    """The slip that the shopper keeps until the money is there; with cash it is signed."""
    title = say(language, "refund")
    return Document(
        title=f"{title} {back.refund_no}",
        language=language,
        blocks=(
            *head(back.supplier, title, below=say(language, "vat_number", number=back.supplier.vat_number)),
            *_references(back, language),
            Rule(),
            *_lines(back, language),
            Rule(),
            Row(left=say(language, "given_back"), right=_money(back.total_minor, back, language), size=Size.LARGE),
            Space(mm=2),
            vat_table(back.vat, back.currency, language),
            Rule(),
            Heading(text=say(language, "goes_back"), level=3),
            *_roads(back, language),
            Rule(),
            *_certificates(back, language),
            *_ending(back, language),
            Space(mm=4),
            Cut(),
        ),
    )


def _references(back: RefundFacts, language: Language) -> list[Block]:
    who = " · ".join(dict.fromkeys(part for part in (back.cashier, back.till) if part))
    receipts = [(say(language, "of_receipt"), number) for number in back.receipts]
    return small_facts(
        [
            (say(language, "refund_no"), back.refund_no),
            *receipts,
            (say(language, "order"), back.order_no),
            (say(language, "date"), moment(back.issued_at, back.zone, language)),
            (say(language, "served"), who),
            (say(language, "allowed"), back.manager),
            (say(language, "reason"), reason(language, back.reason)),
        ]
    )


def _lines(back: RefundFacts, language: Language) -> Iterator[Block]:
    for line in back.lines:
        yield Row(left=line.name, right=_money(line.gross_minor, back, language))
        if line.detail:
            yield Text(text=line.detail, size=Size.SMALL)
        yield Space(mm=1)


def _roads(back: RefundFacts, language: Language) -> Iterator[Block]:
    for road in back.roads:
        words = say(language, f"road_{road.road}", card=_card(road, language), last4=road.last4)
        words = words[:1].upper() + words[1:].replace("···· ", f"····{FIXED}")  # a card's digits stay with their dots
        yield Row(left=words, right=_money(road.amount_minor, back, language))
        if road.road in ("card", "release"):
            yield Text(text=say(language, f"road_{road.road}_when"), size=Size.SMALL)
    if any(road.road == "cash" for road in back.roads):
        yield from signature_line(language, "received")


def _card(road: RoadFacts, language: Language) -> str:
    if not road.last4:
        return say(language, "a_card")  # Stripe did not say which: a wallet, or a page of its own
    return say(language, "card", brand=brand(road.brand), last4=road.last4)


def _certificates(back: RefundFacts, language: Language) -> Iterator[Block]:
    """Plainly, so that nobody shows an old paper as proof."""
    if back.certificates:
        many, serials = len(back.certificates), ", ".join(back.certificates)
        words = say_counted(language, "slips.no_longer_valid", many, serials=serials)
        yield Text(text=words, align=Align.CENTRE, weight=Weight.BOLD)
        yield Space(mm=2)


def _ending(back: RefundFacts, language: Language) -> list[Block]:
    """What takes days is followed up with this paper in hand."""
    on_its_way = any(road.road == "card" for road in back.roads)
    words = say(language, "keep_refund" if on_its_way else "returns")
    return [Text(text=words, size=Size.SMALL, align=Align.CENTRE)]


def _money(minor: int, back: RefundFacts, language: Language) -> str:
    return format_money(minor, back.currency, language)
