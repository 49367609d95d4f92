"""The tables the trade keeps beside it: `data/reference/*.csv`, each row with its source. Read once, never written."""

import csv
from functools import lru_cache
from pathlib import Path

from pos.errors import SettingsWrong
from pos.settings import HOUSE

REFERENCE = HOUSE / "data" / "reference"

Row = dict[str, str]


@lru_cache(maxsize=64)
def table(name: str, *, folder: Path = REFERENCE) -> tuple[Row, ...]:
    """The rows of one table, as written. Raises SettingsWrong where the table is not there."""
    path = folder / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return tuple(csv.DictReader(lines))
    except OSError as trouble:
        raise SettingsWrong("VITRINE_DATA_DIR", f"the reference table {path} cannot be read") from trouble
