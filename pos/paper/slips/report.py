"""The till's day on paper: the X report reads it, the Z report closes it. Both add up, or are not printed."""

from collections.abc import Iterable, Iterator

from pos.money import format_money
from pos.paper.document import Block, Cut, Document, Heading, Row, Rule, Size, Space, Text, Weight
from pos.paper.slips.facts import Language
from pos.paper.slips.facts_house import ReportFacts, TakingFacts
from pos.paper.slips.parts import head, signature_line, small_facts, vat_table, words_of
from pos.paper.slips.words import moment, say

_say = words_of("report")


def x_report(day: ReportFacts, language: Language) -> Document:
    """The day so far."""
    end: list[Block] = [Text(text=_say(language, "still_open"), size=Size.SMALL)]
    return _report(day, language, title=_say(language, "x"), at="read", end=end)


def z_report(day: ReportFacts, language: Language) -> Document:
    """The day, closed; it witnesses the log of the certificates."""
    end = [*_checkpoint(day, language), *signature_line(language, _say(language, "signed"))]
    return _report(day, language, title=_say(language, "z", number=day.number), at="closed", end=end)


def _report(day: ReportFacts, language: Language, *, title: str, at: str, end: list[Block]) -> Document:
    return Document(
        title=f"{title} {day.till}",
        language=language,
        blocks=(
            *head(day.supplier, title, below=say(language, "vat_number", number=day.supplier.vat_number)),
            *_references(day, language, at=at),
            Rule(),
            *_roads(day.takings, day, language, of="takings", total="taken"),
            *_roads(day.back, day, language, of="back", total="given"),
            Row(
                left=_say(language, "kept"), right=_money(day.taken_minor - day.back_minor, day, language),
                size=Size.LARGE,
            ),
            Rule(),
            *_vat(day, language),
            *_drawer(day, language),
            Rule(),
            *end,
            Space(mm=4),
            Cut(),
        ),
    )  # fmt: skip


def _references(day: ReportFacts, language: Language, *, at: str) -> list[Block]:
    numbers = _say(language, "range", first=day.first_receipt, last=day.last_receipt) if day.first_receipt else ""
    return small_facts(
        [
            (_say(language, "till"), day.till),
            (_say(language, "opened"), moment(day.opened_at, day.zone, language)),
            (_say(language, "by"), day.opened_by),
            (_say(language, at), moment(day.at, day.zone, language)),
            (_say(language, "by"), day.by),
            (_say(language, "receipts"), numbers),
            (_say(language, "sales"), str(day.sales)),
            (_say(language, "refunds"), str(day.refunds)),
        ]
    )


def _roads(
    roads: Iterable[TakingFacts], day: ReportFacts, language: Language, *, of: str, total: str
) -> Iterator[Block]:
    yield Heading(text=_say(language, of), level=3)
    for road in roads:
        name = _say(language, "counted_times", name=road.name, count=road.count)
        yield Row(left=name, right=_money(road.amount_minor, day, language))
    minor = day.taken_minor if of == "takings" else day.back_minor
    yield Row(left=_say(language, total), right=_money(minor, day, language), weight=Weight.BOLD)
    yield Space(mm=2)


def _vat(day: ReportFacts, language: Language) -> Iterator[Block]:
    for key, rows in (("vat", day.vat), ("vat_back", day.vat_back)):
        if rows:
            yield Heading(text=_say(language, key), level=3)
            yield vat_table(rows, day.currency, language)
            yield Rule()


def _drawer(day: ReportFacts, language: Language) -> Iterator[Block]:
    drawer = day.drawer
    yield Heading(text=_say(language, "drawer"), level=3)
    yield Row(left=_say(language, "float"), right=_money(drawer.float_minor, day, language))
    yield Row(left=_say(language, "cash_sales"), right=_money(drawer.sales_minor, day, language))
    if drawer.back_minor:
        yield Row(left=_say(language, "cash_back"), right=_money(-drawer.back_minor, day, language))
    for move in drawer.moves:
        yield Row(left=f"{move.why} · {move.by}", right=_money(move.amount_minor, day, language))
    yield Row(left=_say(language, "expected"), right=_money(drawer.expected_minor, day, language), weight=Weight.BOLD)
    if drawer.counted_minor is None:
        return
    yield Row(left=_say(language, "counted"), right=_money(drawer.counted_minor, day, language), weight=Weight.BOLD)
    off = drawer.counted_minor - drawer.expected_minor
    if off == 0:
        yield Text(text=_say(language, "exact"), weight=Weight.BOLD)
    else:
        yield Row(left=_say(language, "over" if off > 0 else "short"), right=_money(abs(off), day, language))


def _checkpoint(day: ReportFacts, language: Language) -> Iterator[Block]:
    if day.checkpoint:
        yield Heading(text=_say(language, "log"), level=3)
        for line in day.checkpoint:
            yield Text(text=line, size=Size.SMALL)


def _money(minor: int, day: ReportFacts, language: Language) -> str:
    return format_money(minor, day.currency, language)
