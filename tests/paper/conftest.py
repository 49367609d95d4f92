"""A virtual printer to send to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos.paper.wire import Address, Limits
from pos.sandbox import printer as sandbox

QUICK = Limits(connect=2.0, answer=2.0, ready=5.0, deadline=10.0, drain=0.2)  # for a busy machine; never waited for
IMPATIENT = replace(QUICK, answer=0.15)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[sandbox.RunningPrinter]:
    """An 80 mm printer without a fault."""
    with sandbox.start(directory=tmp_path / "tray") as running:
        yield running


@pytest.fixture
def address(printer: sandbox.RunningPrinter) -> Address:
    """Where it listens."""
    return Address(printer.host, printer.port)
