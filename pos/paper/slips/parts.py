"""Parts that slips share: the house's head, a list of facts, the sum of money."""

from collections.abc import Iterable
from typing import Protocol

from pos.books.vat import OUTSIDE_SCOPE
from pos.money import format_money
from pos.paper.document import Align, Block, Fact, Heading, Line, Row, Rule, Size, Space, Table, Text
from pos.paper.slips.facts import Language, SupplierFacts, VatFacts
from pos.paper.slips.words import WORDS, percent, say
from pos.words import part_of


class Says(Protocol):
    """The words of one slip."""

    def __call__(self, language: Language, key: str, **values: object) -> str:
        """The words for a key, with its values in place."""


def words_of(part: str) -> Says:
    """The words of one slip, by the short names they have in its part of the catalogue."""
    own = part_of("paper", part)

    def says(language: Language, key: str, **values: object) -> str:
        return own[language][key].format(**values)

    return says


def head(supplier: SupplierFacts, title: str, *, below: str = "") -> list[Block]:
    """The house, where it is, and what this slip is. A supplier's name may be `House, Branch`."""
    house, _, branch = supplier.name.partition(", ")
    return [
        *logo(supplier),
        Heading(text=house, level=1),
        *centred([branch] if branch else []),
        *centred([", ".join(part for part in supplier.address if part)], size=Size.SMALL),
        *centred([line for line in (supplier.phone, below) if line], size=Size.SMALL),
        Rule(line=Line.SHORT),
        Heading(text=title, level=2),
        Space(mm=3),
    ]


def logo(supplier: SupplierFacts) -> list[Block]:
    """The house's own picture, where it has one."""
    return [supplier.logo, Space(mm=3)] if supplier.logo else []


def centred(lines: Iterable[str], *, size: Size = Size.NORMAL) -> list[Block]:
    """Lines in the middle."""
    return [Text(text=line, align=Align.CENTRE, size=size) for line in lines]


def facts(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """Labels at the left, facts at the right; a fact that is empty is left out."""
    return [Fact(label=label, fact=fact) for label, fact in pairs if fact]


def small_facts(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """The same in small print."""
    return [Row(left=label, right=fact, size=Size.SMALL) for label, fact in pairs if fact]


def signature_line(language: Language, key: str) -> list[Block]:
    """Room for a hand-written name; key is one of the words that all slips share, or the words themselves."""
    words = say(language, key) if key in WORDS[language] else key
    return [Space(mm=11), Rule(line=Line.FULL), *centred([words], size=Size.SMALL), Space(mm=2)]


def vat_table(rows: Iterable[VatFacts], currency: str, language: Language) -> Table:
    """VAT by rate: rate, net, VAT, gross."""

    def money(minor: int) -> str:
        return format_money(minor, currency, language)

    return Table(
        head=tuple(say(language, key) for key in ("vat_rate", "net", "vat", "gross")),
        rows=tuple(
            (vat_rate(row.rate_bp, language), money(row.net_minor), money(row.vat_minor), money(row.gross_minor))
            for row in rows
        ),
    )


def vat_rate(rate_bp: int, language: Language) -> str:
    """A rate of VAT, or that there is none."""
    return say(language, "outside_vat") if rate_bp == OUTSIDE_SCOPE else percent(rate_bp, language)
