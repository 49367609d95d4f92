"""What a slip costs before the printer has it: made from its facts, set, written in the printer's language, queued."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, Measure, at_most, shown
from pos.clock import SetClock
from pos.models import Table
from pos.paper import slips, spool
from pos.paper.escpos import render
from pos.paper.html import mailed
from pos.paper.models import GENERIC_58, GENERIC_80
from pos.shop import Shop
from tests.conftest import settings_for
from tests.paper.house import PIECE, SLIPS
from tests.paper.house_papers import LONG, PAPERS
from tests.selling.shelf import stand_up

TIMES = 15
TOLD = SLIPS | PAPERS


def slip() -> Iterator[Figure]:
    """Each kind, each language, both widths; the slowest of them is held against the bar."""
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(settings_for(Path(folder)), clock=SetClock(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)))
        Table.metadata.create_all(shop.records.engine)
        with shop.jot() as tx:
            stand_up(tx)
        for kind, told in TOLD.items():
            for language in ("en", "fr"):
                for model in (GENERIC_80, GENERIC_58):
                    took[f"{kind} {language} {model.name}"] = _cpu_ms(
                        lambda k=kind, t=told, tongue=language, m=model: _made(shop, k, t, tongue, m)
                    )
        shop.close()
    slowest = max(took, key=lambda name: took[name])
    yield at_most("paper.slip_cpu_ms", took[slowest], "ms", 30)
    yield shown("paper.slip_cpu_ms.all", sum(took.values()) / len(took), "ms", f"mean; the slowest is {slowest}")
    long = slips.plain(LONG)
    three_hundred = _cpu_ms(lambda: render(slips.document("sales", facts=long, language="en"), model=GENERIC_80))
    yield shown("paper.300_lines_cpu_ms", three_hundred, "ms", "a receipt of 300 lines, set and written")


def mail() -> Iterator[Figure]:
    """The same slip as HTML and plain text."""
    told = slips.plain(PIECE)
    took = _cpu_ms(lambda: mailed(slips.document("authenticity", facts=told, language="en")))
    yield shown("paper.mail_cpu_ms", took, "ms", "HTML, plain text and the code's picture")


def bytes_of() -> Iterator[Figure]:
    """The certificate on paper, without a house's mark."""
    sizes = [
        len(render(slips.document("authenticity", facts=slips.plain(PIECE), language=language), model=model))
        for language in ("en", "fr")
        for model in (GENERIC_80, GENERIC_58)
    ]
    yield at_most("paper.authenticity_bytes", float(max(sizes)), "bytes", 10 * 1024)


def _made(shop: Shop, kind: slips.Kind, told: object, language: str, model: object) -> None:
    """What the shop does for one slip: facts into the queue, and out of it to bytes."""
    facts = slips.plain(told)  # type: ignore[arg-type]
    row = spool.job(kind=kind, facts=facts, printer_id="demo-1", language=language, order_id=None, at=shop.clock.now())
    with shop.jot() as tx:
        spool.enqueue(tx, [row])
    render(slips.document(kind, facts=facts, language=language), model=model)  # type: ignore[arg-type]


def _cpu_ms(act: object) -> float:
    """The median of a few times, in processor time of this process; the first one warms up."""
    act()  # type: ignore[operator]
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        act()  # type: ignore[operator]
        took.append((time.process_time() - began) * 1000)
    return sorted(took)[TIMES // 2]


MEASURES: tuple[Measure, ...] = (
    (("paper.slip", "paper.300"), slip),
    (("paper.mail",), mail),
    (("paper.authenticity",), bytes_of),
)
