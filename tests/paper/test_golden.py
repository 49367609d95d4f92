"""The slips, byte for byte and in both widths and languages, as they were looked at and found good.

After a change that is meant: `UPDATE_GOLDEN=1 make test`, and look at the new pictures before keeping them. Where a
picture differs, the failure names a file that shows it before and after, side by side, with what differs in red.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pos.paper import slips
from pos.paper.document import Document
from pos.paper.escpos import render
from pos.paper.models import GENERIC_58, GENERIC_80, PrinterModel
from pos.paper.preview import preview
from tests.paper.house import MIXED, SLIPS
from tests.paper.house_papers import HARD, LONG, PAPERS

GOLDEN = Path(__file__).parent / "golden"
DIFFERS = Path(__file__).parent / "differs"
TOLD = SLIPS | PAPERS
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", TOLD)
def test_the_slip_is_as_it_was(kind: slips.Kind, language: str, model: PrinterModel) -> None:
    as_it_was(slips.document(kind, facts=slips.plain(TOLD[kind]), language=language), model, f"{kind}-{language}")


def test_every_kind_of_slip_is_looked_at() -> None:
    assert set(TOLD) == set(slips.Kind)


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_sale_paid_in_several_ways_is_as_it_was(language: str, model: PrinterModel) -> None:
    slip = slips.document(slips.Kind.SALES, facts=slips.plain(MIXED), language=language)
    as_it_was(slip, model, f"mixed-{language}")


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_hardest_receipt_is_as_it_was(language: str, model: PrinterModel) -> None:
    slip = slips.document(slips.Kind.SALES, facts=slips.plain(HARD), language=language)
    as_it_was(slip, model, f"hard-{language}")


@pytest.mark.parametrize("model", [GENERIC_80, GENERIC_58], ids=lambda model: model.name)
def test_three_hundred_lines_are_as_they_were(model: PrinterModel) -> None:
    as_it_was(slips.document(slips.Kind.SALES, facts=slips.plain(LONG), language="en"), model, "long-en")


def as_it_was(slip: Document, model: PrinterModel, name: str) -> None:
    kept = GOLDEN / f"{name}-{model.name}.bin"
    sent = render(slip, model=model)
    if UPDATE:
        kept.write_bytes(sent)
        kept.with_suffix(".png").write_bytes(preview(slip, model=model))
    golden = kept.read_bytes()
    differs = next((i for i, pair in enumerate(zip(sent, golden, strict=False)) if len(set(pair)) > 1), None)
    assert sent == golden, f"from byte {differs}: {sent[differs:][:40]!r} was {golden[differs:][:40]!r}"
    now, before = preview(slip, model=model), kept.with_suffix(".png").read_bytes()
    assert pixels(now) == pixels(before), f"look at {side_by_side(before, now, kept.stem)}"


def test_a_picture_that_changed_is_shown_beside_the_one_before(tmp_path: Path) -> None:
    """What a person looks at before a golden picture is replaced: before, after, and what differs in red."""
    told = slips.plain(SLIPS[slips.Kind.SALES])
    before, now = (
        preview(slips.document(slips.Kind.SALES, facts=facts, language="en"), model=GENERIC_58)
        for facts in (told, told | {"cashier": "Somebody else", "till": "A till with a name as long as this one"})
    )
    with Image.open(side_by_side(before, now, "sales", folder=tmp_path)) as sheet:
        width, height = pixels(now)[0]
        assert sheet.size == (3 * width + 2 * GAP, max(height, pixels(before)[0][1]))
        last = sheet.crop((2 * (width + GAP), 0, sheet.width, sheet.height)).convert("RGB")
        assert RED in {colour for _, colour in last.getcolors(1 << 24) or []}


GAP, RED = 24, (200, 30, 30)


def side_by_side(before: bytes, now: bytes, name: str, *, folder: Path = DIFFERS) -> Path:
    """A picture of both, and of their difference; says where it is."""
    old, new = (Image.open(io.BytesIO(png)).convert("RGB") for png in (before, now))
    size = max(old.width, new.width), max(old.height, new.height)
    same = [Image.new("RGB", size, "white") for _ in range(2)]
    for page, picture in zip(same, (old, new), strict=True):
        page.paste(picture, (0, 0))
    differs = ImageChops.difference(*same).convert("L").point(lambda grey: 255 * (grey > 40))
    shown = same[1].copy()
    shown.paste(RED, (0, 0, *size), differs)
    sheet = Image.new("RGB", (3 * size[0] + 2 * GAP, size[1]), "lightgrey")
    for i, page in enumerate((*same, shown)):
        sheet.paste(page, (i * (size[0] + GAP), 0))
    folder.mkdir(exist_ok=True)
    sheet.save(folder / f"{name}.png")
    return folder / f"{name}.png"


def pixels(png: bytes) -> tuple[tuple[int, int], bytes]:
    """What a picture shows, however its file is packed."""
    with Image.open(io.BytesIO(png)) as picture:
        return picture.size, picture.convert("L").tobytes()
