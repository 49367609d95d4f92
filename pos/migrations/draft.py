"""Writes the next migration from the models: `python -m pos.migrations.draft "what the records learn"`.

With `--first` the first one is written anew: only until the first shop has opened.
"""

import argparse
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from pos.migrations import _config, migrate

VERSIONS = Path(__file__).parent / "versions"


def draft(words: str, *, first: bool = False) -> Path:
    """Compare the models with freshly migrated records and write the difference as the next step; says where."""
    if first:
        for old in VERSIONS.glob("*.py"):
            old.unlink()
    number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        migrate(url)
        config = _config()
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        with create_engine(url).begin() as connection:
            config.attributes |= {"connection": connection, "batch": not first}
            script = command.revision(config, words, autogenerate=True, rev_id=number)
    path = Path(script.path)  # type: ignore[union-attr]
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.strip().startswith("# ###")))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words")
    parser.add_argument("--first", action="store_true")
    asked = parser.parse_args()
    print(draft(asked.words, first=asked.first))
