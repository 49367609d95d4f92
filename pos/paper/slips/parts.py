"""Parts that slips share: the house's head, a list of facts, the sum of money."""

from collections.abc import Iterable

from pos.books.vat import OUTSIDE_SCOPE
from pos.money import format_money
from pos.paper.document import Align, Block, Fact, Heading, Line, Row, Rule, Size, Space, Table, Text
from pos.paper.slips.facts import Language, SupplierFacts, VatFacts
from pos.paper.slips.words import percent, say


def head(supplier: SupplierFacts, title: str, *, below: str = "") -> list[Block]:
    """The house, where it is, and what this slip is. A supplier's name may be `House, Branch`."""
    house, _, branch = supplier.name.partition(", ")
    logo: list[Block] = [supplier.logo, Space(mm=3)] if supplier.logo else []
    return [
        *logo,
        Heading(text=house, level=1),
        *centred([branch] if branch else []),
        *centred([", ".join(part for part in supplier.address if part)], size=Size.SMALL),
        *centred([line for line in (supplier.phone, below) if line], size=Size.SMALL),
        Rule(line=Line.SHORT),
        Heading(text=title, level=2),
        Space(mm=3),
    ]


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
    """Room for a hand-written name."""
    return [Space(mm=11), Rule(line=Line.FULL), *centred([say(language, key)], size=Size.SMALL), Space(mm=2)]


def vat_table(rows: Iterable[VatFacts], currency: str, language: Language) -> Table:
    """VAT by rate: rate, net, VAT, gross."""

    def money(minor: int) -> str:
        return format_money(minor, currency, language)

    return Table(
        head=tuple(say(language, key) for key in ("vat_rate", "net", "vat", "gross")),
        rows=tuple(
            (_rate(row.rate_bp, language), money(row.net_minor), money(row.vat_minor), money(row.gross_minor))
            for row in rows
        ),
    )


def _rate(rate_bp: int, language: Language) -> str:
    return say(language, "outside_vat") if rate_bp == OUTSIDE_SCOPE else percent(rate_bp, language)
