"""Parts that slips share: the house's head, a list of facts, the sum of money."""

from collections.abc import Iterable

from pos.paper.document import Align, Block, Heading, Line, Row, Rule, Size, Space, Text
from pos.paper.slips.facts import Language, SupplierFacts
from pos.paper.slips.words import say


def head(supplier: SupplierFacts, title: str) -> list[Block]:
    """The house, where it is, and what this slip is. A supplier's name may be `House, Branch`."""
    house, _, branch = supplier.name.partition(", ")
    logo: list[Block] = [supplier.logo, Space(mm=3)] if supplier.logo else []
    return [
        *logo,
        Heading(text=house, level=1),
        *centred([branch] if branch else []),
        *centred([", ".join(part for part in supplier.address if part)], size=Size.SMALL),
        *centred([supplier.phone] if supplier.phone else [], size=Size.SMALL),
        Rule(line=Line.SHORT),
        Heading(text=title, level=2),
        Space(mm=3),
    ]


def centred(lines: Iterable[str], *, size: Size = Size.NORMAL) -> list[Block]:
    """Lines in the middle."""
    return [Text(text=line, align=Align.CENTRE, size=size) for line in lines]


def facts(pairs: Iterable[tuple[str, str]], *, size: Size = Size.NORMAL) -> list[Block]:
    """Names at the left, facts at the right; a fact that is empty is left out."""
    return [Row(left=name, right=fact, size=size) for name, fact in pairs if fact]


def signature_line(language: Language, key: str) -> list[Block]:
    """Room for a hand-written name."""
    return [Space(mm=11), Rule(line=Line.FULL), *centred([say(language, key)], size=Size.SMALL)]
