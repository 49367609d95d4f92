"""Drawings are to scale, and whole."""

import re
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from kiosk.diagrams.codes import qr
from kiosk.diagrams.plates import plate
from kiosk.diagrams.reader import RESTING, WAITING
from kiosk.diagrams.shields import OUTLINES, shield
from pos.catalogue.engraving import Limits
from pos.cutting.ground import Ground, ground
from pos.cutting.setting import set_words

CORNER = {"width": 22.0, "height": 22.0, "depth": 1.9}
TAG = {"width": 28.0, "height": 16.0, "hole": 2.6}
DISC = {"diameter": 25.0, "hole": 3.0}
BAND = {"width": 4.6, "inner_circumference": 54.375}


def box(svg: str) -> tuple[float, float]:
    """Width and height in millimetres, without the room round the piece."""
    _, _, width, height = (float(part) for part in re.search(r'viewBox="([^"]+)"', svg)[1].split())  # type: ignore[index]
    return (width - 16) / 10, (height - 16) / 10


GROUNDS = [
    ground(kind="charm", measures=CORNER),
    ground(kind="tag", measures=TAG),
    ground(kind="tag", measures=DISC),
    ground(kind="ring", measures=BAND),
]
EVERY = pytest.mark.parametrize("on", GROUNDS, ids=["corner", "plate", "disc", "band"])


@pytest.mark.parametrize(
    ("on", "size"), list(zip(GROUNDS, [(22, 22), (28, 16), (25, 25), (35.8875, 4.6)], strict=True))
)
def test_a_plate_has_the_measures_of_its_piece(on: Ground, size: tuple[float, float]) -> None:
    svg = plate(on=on, material_id="PT950RU", lines=1, cap_height_mm=2.5)
    assert box(svg) == pytest.approx(size, abs=0.001)


@EVERY
def test_a_plate_is_well_formed_with_a_place_for_each_line(on: Ground) -> None:
    drawn = ET.fromstring(plate(on=on, material_id="VERMEIL", lines=2, cap_height_mm=2.0))
    lines = [node for node in drawn.iter() if node.get("class") == "cut"]
    assert [node.get("data-line") for node in lines] == ["0", "1"]
    # Capitals of 2.0 mm, 0.67 em high, are letters of 29.9 tenths of a millimetre.
    assert {node.get("font-size") for node in lines} == {"29.9"}


@EVERY
def test_words_that_are_set_stand_on_the_plate_as_outlines(on: Ground) -> None:
    found = set_words(["MAX"], limits=Limits((9,), 2.0), on=on)
    drawn = ET.fromstring(plate(on=on, material_id="VERMEIL", lines=1, cap_height_mm=2.0, words=found))
    (cut,) = [node for node in drawn.iter() if node.get("class") == "exact"]
    across = [float(x) for x in re.findall(r"M(-?[\d.]+)[ ,]", cut.attrib["d"])]
    assert found.lines[0].x * 10 - 0.5 <= min(across)
    assert max(across) <= (found.lines[0].x + found.lines[0].width) * 10 + 0.5


def test_gold_is_not_drawn_as_platinum() -> None:
    wanted = {"on": GROUNDS[0], "lines": 1, "cap_height_mm": 3.0}
    assert plate(material_id="VERMEIL", **wanted) != plate(material_id="PT950RU", **wanted)  # type: ignore[arg-type]


def test_a_code_on_the_screen_can_be_scanned() -> None:
    svg = qr("7F3K-92QD")
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    picture = Image.new("L", (side * 8 + 64, side * 8 + 64), 255)
    pen = ImageDraw.Draw(picture)
    for y, row in re.findall(r"M0 (\d+)\.5([^M\"]+)", svg):
        x, top = 0, int(y) * 8 + 32
        for kind, run in re.findall(r"([hm])(\d+)", row):
            if kind == "h":
                pen.rectangle((x * 8 + 32, top, (x + int(run)) * 8 + 31, top + 7), fill=0)
            x += int(run)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == ["7F3K-92QD"]


@pytest.mark.parametrize("svg", [RESTING, WAITING, *(shield(name) for name in OUTLINES)])
def test_every_drawing_is_well_formed(svg: str) -> None:
    assert ET.fromstring(svg).tag.endswith("svg")
