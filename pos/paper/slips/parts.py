"""Parts that slips share: the house's head, a list of facts, the sum of money."""

from collections.abc import Iterable

from pos.paper.document import Align, Block, Fact, Heading, Line, Row, Rule, Size, Space, Text
from pos.paper.slips.facts import Language, SupplierFacts
from pos.paper.slips.words import say


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
