"""What the shop adds to the time a printer needs: a slip at the speed of real paper, from the queue to its proof."""

import logging
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure, Measure, at_most, percentile, shown
from pos.clock import SetClock
from pos.models import JobState, Printer, Table
from pos.paper import slips, spool
from pos.paper.wire import Limits
from pos.sandbox import printer as outside
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, settings_for
from tests.paper.house import PIECE, SALE
from tests.selling.shelf import stand_up

SPEED = 150.0  # mm a second, a slow printer's
TIMES = 8
SLIPS = (("authenticity", PIECE), ("sales", SALE))
PATIENT = Limits(deadline=60)


def physical() -> Iterator[Figure]:
    """How long a slip takes against how long its paper moves, both from the virtual printer at real speed."""
    logging.disable(logging.WARNING)
    with (
        tempfile.TemporaryDirectory() as folder,
        outside.start(directory=Path(folder) / "slips", mm_per_s=SPEED) as printer,
    ):
        shop = Shop(settings_for(Path(folder)), clock=SetClock(MONDAY_MORNING))
        Table.metadata.create_all(shop.records.engine)
        with shop.jot() as tx:
            stand_up(tx)
            tx.flush()
            mine = tx.get_one(Printer, "demo-1")
            mine.host, mine.port = printer.host, printer.port
        for kind, facts in SLIPS:
            over, paper = _over(shop, printer, kind, slips.plain(facts))
            yield at_most(f"paper.{kind}_software_share", percentile(over, 0.5), "% of the paper's time", 5.0)
            yield shown(f"paper.{kind}_seconds", paper, "s", f"{paper * SPEED:.0f} mm at {SPEED:.0f} mm/s")
        shop.close()


def _over(
    shop: Shop, printer: outside.RunningPrinter, kind: str, facts: dict[str, object]
) -> tuple[list[float], float]:
    """For each slip, the share in per cent of what is added to the paper's own time; and that time."""
    shares, paper = [], 0.0
    for turn in range(TIMES + 1):
        with shop.jot() as tx:
            row = spool.job(
                kind=kind, facts=facts, printer_id="demo-1", language="en", order_id=None,
                at=shop.clock.now() + timedelta(microseconds=turn),
            )  # fmt: skip
            spool.enqueue(tx, [row])
        lie = len(printer.slips())
        before, began = printer.state()["printed_mm"], time.perf_counter()
        assert spool.print_next(shop, printer_id="demo-1", limits=PATIENT) == JobState.CONFIRMED
        took = time.perf_counter() - began
        paper = (printer.state()["printed_mm"] - before) / SPEED
        printer.wait_for_slips(lie + 1, timeout=20)  # its picture is the sandbox's work, not the shop's
        if turn:  # the first one warms up
            shares.append(100 * (took - paper) / paper)
    return shares, paper


MEASURES: tuple[Measure, ...] = ((("paper.authenticity", "paper.sales"), physical),)
