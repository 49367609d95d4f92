"""Receipts for money: a sale paid at once, the deposit of a pre-order, its balance.

What must stand on it: supplier, address and VAT number, time of supply, description, total with VAT, and per rate the
gross and the rate (VAT Regulations 1995 reg. 16A, up to GBP 250); the number, net and VAT are there as well. The card's
data are those the card schemes ask for.
"""

from collections.abc import Iterator

from pos.money import format_money
from pos.paper.document import Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import AgreedFacts, Language, LineFacts, SaleFacts, TenderFacts
from pos.paper.slips.parts import centred, head, signature_line, small_facts, vat_table
from pos.paper.slips.words import brand, card_word, moment, say

SIGNED = {"signature", "offline_pin_and_signature"}
SIMPLIFIED_MINOR = 25_000  # up to here a receipt is the invoice of a VAT customer too (reg. 16A)
OF_THE_HOUSE = {"gift_card", "store_credit"}  # cards that are known by our words, not by Stripe's


def sales(sale: SaleFacts, language: Language) -> Document:
    """The receipt of a sale paid in full."""
    return _receipt(sale, language, title=say(language, "sales"), end=_ending(sale, language))


def deposit(sale: SaleFacts, language: Language) -> Document:
    """The receipt of a deposit: what is paid now, what is due later, and on which terms."""
    words = [sale.promised, sale.terms or say(language, "terms"), _agreed(sale.agreed, sale, language, key="accepted")]
    end: list[Block] = [Text(text=text, size=Size.SMALL) for text in words if text]
    if sale.keep_card is not None:
        end += _keep_card(sale.keep_card, sale, language)
    return _receipt(sale, language, title=say(language, "deposit"), end=[*end, Space(mm=2), *_ending(sale, language)])


def balance(sale: SaleFacts, language: Language) -> Document:
    """The receipt of the balance: what was paid before and what is paid now."""
    end: list[Block] = centred([say(language, "settled")] if not sale.due_later_minor else [])
    return _receipt(sale, language, title=say(language, "balance"), end=[*end, *_kept(sale, language)])


def _keep_card(consent: AgreedFacts, sale: SaleFacts, language: Language) -> Iterator[Block]:
    """What the shopper let us keep, word for word: card scheme rules want the agreement in the cardholder's hand."""
    yield Rule()
    yield Heading(text=say(language, "kept_card"), level=3)
    yield Text(text=consent.text, size=Size.SMALL)
    yield Text(text=_agreed(consent, sale, language, key="consented"), size=Size.SMALL)


def _agreed(agreed: AgreedFacts | None, sale: SaleFacts, language: Language, *, key: str) -> str:
    if agreed is None:
        return ""
    return say(language, key, version=agreed.version, at=moment(agreed.at, sale.zone, language))


def _receipt(sale: SaleFacts, language: Language, *, title: str, end: list[Block]) -> Document:
    return Document(
        title=f"{title} {sale.receipt_no}",
        language=language,
        blocks=(
            *head(sale.supplier, title, below=say(language, "vat_number", number=sale.supplier.vat_number)),
            *_references(sale, language),
            Rule(),
            *_lines(sale, language),
            Rule(),
            *_sums(sale, language),
            Space(mm=2),
            vat_table(sale.vat, sale.currency, language),
            Rule(),
            *_tenders(sale, language),
            Rule(),
            *end,
            Space(mm=4),
            Cut(),
        ),
    )


def _references(sale: SaleFacts, language: Language) -> list[Block]:
    return small_facts(
        [
            (say(language, "receipt"), sale.receipt_no),
            (say(language, "order"), sale.order_no),
            (say(language, "date"), moment(sale.issued_at, sale.zone, language)),
            (say(language, "served"), " · ".join(dict.fromkeys(part for part in (sale.cashier, sale.till) if part))),
        ]
    )


def _lines(sale: SaleFacts, language: Language) -> Iterator[Block]:
    for line in sale.lines:
        yield Row(left=line.name, right=format_money(line.gross_minor, sale.currency, language))
        detail = _detail(line, sale, language)
        if detail:
            yield Text(text=detail, size=Size.SMALL)
        yield Space(mm=1)


def _detail(line: LineFacts, sale: SaleFacts, language: Language) -> str:
    if line.quantity == 1:
        return line.detail
    each, rest = divmod(line.gross_minor, line.quantity)
    price = format_money(each, sale.currency, language)
    counted = f"× {line.quantity}" if rest else say(language, "each", count=line.quantity, price=price)
    return " · ".join(part for part in (counted, line.detail) if part)


def _sums(sale: SaleFacts, language: Language) -> Iterator[Block]:
    def money(minor: int) -> str:
        return format_money(minor, sale.currency, language)

    if sale.savings:
        yield Row(left=say(language, "subtotal"), right=money(sale.list_minor))
        for saving in sale.savings:
            yield Row(left=saving.name, right=money(-saving.amount_minor))
    if sale.paid_minor == sale.total_minor:
        yield Row(left=say(language, "total"), right=money(sale.total_minor), size=Size.LARGE)
        return
    yield Row(left=say(language, "order_total"), right=money(sale.total_minor))
    if sale.paid_before_minor:
        yield Row(left=say(language, "paid_before"), right=money(sale.paid_before_minor))
    yield Row(left=say(language, "paid_now"), right=money(sale.paid_minor), size=Size.LARGE)
    yield Row(left=say(language, "due_later"), right=money(sale.due_later_minor), weight=Weight.BOLD)


def _tenders(sale: SaleFacts, language: Language) -> Iterator[Block]:
    yield Heading(text=say(language, "payment"), level=3)
    for tender in sale.tenders:
        yield from (_cash if tender.tendered_minor is not None else _card)(tender, sale, language)
        if tender.cvm in SIGNED:
            yield from signature_line(language, "signature")


def _cash(tender: TenderFacts, sale: SaleFacts, language: Language) -> Iterator[Block]:
    def money(minor: int) -> str:
        return format_money(minor, sale.currency, language)

    given = tender.tendered_minor or 0
    yield Row(left=say(language, "cash"), right=money(tender.amount_minor))
    if given != tender.amount_minor:
        yield from small_facts(
            [(say(language, "tendered"), money(given)), (say(language, "change"), money(given - tender.amount_minor))]
        )


def _card(tender: TenderFacts, sale: SaleFacts, language: Language) -> Iterator[Block]:
    name = say(language, tender.brand) if tender.brand in OF_THE_HOUSE else brand(tender.brand)
    card = say(language, "card", brand=name, last4=tender.last4)
    left = "" if tender.left_minor is None else format_money(tender.left_minor, sale.currency, language)
    yield Row(left=card, right=format_money(tender.amount_minor, sale.currency, language))
    yield from small_facts(
        [
            (say(language, "left_on_card"), left),
            (say(language, "read"), tender.read_method and card_word(language, tender.read_method)),
            (say(language, "application"), tender.application_name),
            (say(language, "aid"), tender.aid),
            (say(language, "authorisation"), tender.auth_code),
            (say(language, "cvm"), tender.cvm and card_word(language, tender.cvm)),
        ]
    )


def _ending(sale: SaleFacts, language: Language) -> list[Block]:
    return [*centred([say(language, "thanks")]), *_kept(sale, language)]


def _kept(sale: SaleFacts, language: Language) -> list[Block]:
    words = [sale.returns or say(language, "returns")]
    if sale.total_minor > SIMPLIFIED_MINOR and any(row.vat_minor for row in sale.vat):
        words.append(say(language, "full_invoice"))
    return centred(words, size=Size.SMALL)
