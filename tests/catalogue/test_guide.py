"""The guide to a capsule file names every key there is."""

import re

import pytest

from pos.catalogue import schema, schema_media, schema_piece
from pos.settings import HOUSE

GUIDE = (HOUSE / "docs" / "capsule-file.md").read_text(encoding="utf-8")
TABLES = [
    schema.Capsule,
    schema.Signal,
    schema.Design,
    schema.Slot,
    schema.Bundle,
    schema.Extra,
    schema.Window,
    schema.DaysFromLoad,
    schema_piece.Variant,
    schema_piece.Measures,
    schema_piece.Sizes,
    schema_piece.Engraving,
    schema_piece.HallmarkRecord,
    schema_media.Picture,
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_is_in_the_guide(table):
    spoken = " ".join(re.findall(r"`([^`]+)`", GUIDE))
    missing = [key for key in table.model_fields if not re.search(rf"\b{key}\b", spoken)]
    assert not missing
