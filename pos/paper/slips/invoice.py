"""The full VAT invoice, for a VAT customer who asks: above GBP 250 the simplified receipt is not enough.

It names what reg. 14 of the VAT Regulations 1995 asks for: a number of its own series, the day of issue, the tax point,
supplier and customer with their addresses, the supplier's VAT number, and for each line what it is, how many, the unit
price and the amount without VAT, and the rate; then both sums, and the VAT.
"""

from collections.abc import Iterator

from pos.money import format_money
from pos.paper.document import Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_asked import InvoiceFacts, InvoiceLineFacts
from pos.paper.slips.parts import head, small_facts, vat_rate, vat_table, words_of
from pos.paper.slips.words import day, say

_say = words_of("invoice")


def invoice(told: InvoiceFacts, language: Language) -> Document:
    """The invoice of one receipt."""
    title = _say(language, "title")
    return Document(
        title=f"{title} {told.invoice_no}",
        language=language,
        blocks=(
            *head(told.supplier, title, below=say(language, "vat_number", number=told.supplier.vat_number)),
            *small_facts(
                [
                    (_say(language, "number"), told.invoice_no),
                    (_say(language, "issued"), day(told.issued_at, told.zone, language)),
                    (_say(language, "supplied"), day(told.supplied_at, told.zone, language)),
                    (say(language, "receipt"), told.receipt_no),
                    (say(language, "order"), told.order_no),
                ]
            ),
            Rule(),
            *_buyer(told, language),
            Rule(),
            Heading(text=_say(language, "lines"), level=3),
            *_lines(told, language),
            Rule(),
            Row(left=_say(language, "net"), right=_money(told.net_minor, told, language)),
            Row(left=_say(language, "vat"), right=_money(told.vat_minor, told, language)),
            Row(left=_say(language, "total"), right=_money(told.total_minor, told, language), size=Size.LARGE),
            Space(mm=2),
            vat_table(told.vat, told.currency, language),
            Rule(),
            *_ending(told, language),
            Space(mm=4),
            Cut(),
        ),
    )


def _buyer(told: InvoiceFacts, language: Language) -> Iterator[Block]:
    yield Heading(text=_say(language, "buyer"), level=3)
    yield Text(text=told.buyer.name, weight=Weight.BOLD)
    for line in told.buyer.address:
        yield Text(text=line)
    if told.buyer.vat_number:
        yield Text(text=say(language, "vat_number", number=told.buyer.vat_number), size=Size.SMALL)


def _lines(told: InvoiceFacts, language: Language) -> Iterator[Block]:
    for line in told.lines:
        yield Row(left=line.name, right=_money(line.net_minor, told, language))
        below = (_each(line, told, language), line.detail)
        yield Text(text=" · ".join(part for part in below if part), size=Size.SMALL)
        yield Space(mm=1)


def _each(line: InvoiceLineFacts, told: InvoiceFacts, language: Language) -> str:
    price = _money(round(line.net_minor / line.quantity), told, language)
    return _say(language, "each", count=line.quantity, price=price, rate=vat_rate(line.rate_bp, language))


def _ending(told: InvoiceFacts, language: Language) -> Iterator[Block]:
    if told.order_total_minor:
        total = _money(told.order_total_minor, told, language)
        yield Text(text=_say(language, "part", total=total), size=Size.SMALL)
    yield Text(text=_say(language, "paid", number=told.receipt_no), size=Size.SMALL)


def _money(minor: int, told: InvoiceFacts, language: Language) -> str:
    return format_money(minor, told.currency, language)
