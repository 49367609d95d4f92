"""The slips, byte for byte and in both widths and languages, as they were looked at and found good.

After a change that is meant: `UPDATE_GOLDEN=1 make test`, and look at the new pictures before keeping them.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from pos.paper import slips
from pos.paper.document import Document
from pos.paper.escpos import render
from pos.paper.models import GENERIC_58, GENERIC_80, PrinterModel
from pos.paper.preview import preview
from tests.paper.house import MIXED, SLIPS

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", SLIPS)
def test_the_slip_is_as_it_was(kind: slips.Kind, language: str, model: PrinterModel) -> None:
    as_it_was(slips.document(kind, facts=slips.plain(SLIPS[kind]), language=language), model, f"{kind}-{language}")


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_sale_paid_in_several_ways_is_as_it_was(language: str, model: PrinterModel) -> None:
    slip = slips.document(slips.Kind.SALES, facts=slips.plain(MIXED), language=language)
    as_it_was(slip, model, f"mixed-{language}")


def as_it_was(slip: Document, model: PrinterModel, name: str) -> None:
    kept = GOLDEN / f"{name}-{model.name}.bin"
    sent = render(slip, model=model)
    if UPDATE:
        kept.write_bytes(sent)
        kept.with_suffix(".png").write_bytes(preview(slip, model=model))
    golden = kept.read_bytes()
    differs = next((i for i, pair in enumerate(zip(sent, golden, strict=False)) if len(set(pair)) > 1), None)
    assert sent == golden, f"from byte {differs}: {sent[differs:][:40]!r} was {golden[differs:][:40]!r}"
    assert pixels(preview(slip, model=model)) == pixels(kept.with_suffix(".png").read_bytes())


def pixels(png: bytes) -> tuple[tuple[int, int], bytes]:
    """What a picture shows, however its file is packed."""
    with Image.open(io.BytesIO(png)) as picture:
        return picture.size, picture.convert("L").tobytes()
