"""A shop with the small shelf of the tests, in a folder or on a server of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos.clock import SetClock
from pos.models import Table
from pos.shop import Shop
from tests.conftest import MONDAY_MORNING, settings_for
from tests.selling.rush import make_room
from tests.selling.shelf import stand_up


@contextmanager
def shop(*, charms: int = 50, **settings: object) -> Iterator[Shop]:
    """An open shop with this many charms on the shelf and room for everybody to collect."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Shop(settings_for(Path(folder), max_holds=50, **settings), clock=SetClock(MONDAY_MORNING))
        Table.metadata.create_all(opened.records.engine)
        with opened.jot() as tx:
            stand_up(tx, charms=charms)
        make_room(opened)
        try:
            yield opened
        finally:
            opened.close()
