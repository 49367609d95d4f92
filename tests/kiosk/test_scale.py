"""Drawings of what fits are to scale, whole, and well formed."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from kiosk.diagrams import coins, companions, necks, rings
from pos.fitting import chains

NS = "{http://www.w3.org/2000/svg}"
CORNER = {"width": 22.0, "height": 22.0}


def drawn(svg: str) -> ET.Element:
    """The drawing; its window and its outer size are the same millimetres."""
    root = ET.fromstring(svg)
    _, _, wide, tall = (float(part) for part in root.attrib["viewBox"].split())
    assert (root.attrib["width"], root.attrib["height"]) == (f"{wide:g}mm", f"{tall:g}mm")
    return root


def part(root: ET.Element, name: str) -> ET.Element:
    return next(node for node in root.iter() if node.get("class") == name)


def numbers(path: str) -> list[float]:
    return [float(one) for one in re.findall(r"-?[\d.]+", path)]


def companion(species: str, girth: float, tag: float) -> ET.Element:
    words = {"girth_words": "42 cm", "tag_words": f"{tag} mm"}
    return drawn(
        companions.companion(species=species, girth_mm=girth, tag_mm=tag, hole_mm=2.5, material_id="PT950RU", **words)
    )


@pytest.mark.parametrize("mm", [40.0, 54.375, 76.25])
def test_a_ring_is_as_wide_inside_as_its_size_says(mm: float) -> None:
    root = drawn(rings.ring(circumference_mm=mm, depth_mm=1.75, material_id="PT950RU", words="w"))
    assert 2 * math.pi * float(part(root, "inside").attrib["r"]) == pytest.approx(mm, rel=1e-4)
    measure = numbers(part(root, "measure").attrib["d"])
    assert measure[-3] - measure[0] == pytest.approx(mm / math.pi, rel=1e-4)


@pytest.mark.parametrize(("length", "girth"), [(400, 340), (450, 340), (600, 400)])
def test_a_chain_hangs_as_deep_as_its_length_says(length: float, girth: float) -> None:
    lie = chains.lie(length, girth_mm=girth)
    assert lie is not None
    root = drawn(necks.neck(lie, words="45 cm"))
    x, y, cx, cy, end, low = numbers(part(root, "chain").attrib["d"])
    assert (x, y, cx, end, low) == pytest.approx((-lie.half_width_mm, 0, 0, lie.half_width_mm, 0), abs=1e-3)
    # The curve's deepest point lies half way to its control point; along it runs the chain's front.
    assert cy / 2 == pytest.approx(lie.drop_mm, rel=1e-4)
    steps = [i / 2000 for i in range(2001)]
    points = [((1 - t) ** 2 * x + t**2 * end, 2 * t * (1 - t) * cy) for t in steps]
    front = sum(math.dist(a, b) for a, b in pairwise(points))
    assert front + math.pi * lie.half_width_mm == pytest.approx(length, rel=1e-3)
    _, top, _, tall = numbers(root.attrib["viewBox"])
    assert lie.drop_mm < top + tall


@pytest.mark.parametrize("coin", [coins.POUND, coins.EURO])
def test_a_piece_lies_beside_a_coin_at_one_scale(coin: coins.Coin) -> None:
    root = drawn(coins.beside(kind="charm", measures=CORNER, material_id="VERMEIL", coin=coin, words="22 mm"))
    measure = numbers(part(root, "measure").attrib["d"])
    assert measure[-3] - measure[0] == pytest.approx(22)
    edge = part(root, "coin")
    if edge.tag == f"{NS}circle":
        assert 2 * float(edge.attrib["r"]) == coin.mm
    else:
        corners = [tuple(map(float, pair.split(","))) for pair in edge.attrib["points"].split()]
        assert max(math.dist(a, b) for a in corners for b in corners) == pytest.approx(coin.mm, abs=1e-3)
        assert len(corners) == 12


@pytest.mark.parametrize(("species", "girth", "tag"), [("dog", 330, 20), ("dog", 680, 30), ("cat", 220, 16)])
def test_a_companion_s_neck_collar_and_tag_have_one_scale(species: str, girth: float, tag: float) -> None:
    root = companion(species, girth, tag)
    collar = numbers(part(root, "collar").attrib["d"])
    assert collar[4] - collar[0] == pytest.approx(girth / math.pi, rel=1e-3)
    disc = numbers(part(root, "tag").attrib["d"])
    assert disc[2] * 2 == pytest.approx(tag)
    scale = next(node for node in root.iter() if "scale" in (node.get("transform") or ""))
    assert float(numbers(scale.attrib["transform"])[0]) == pytest.approx(girth / math.pi, rel=1e-3)


@pytest.mark.parametrize(("species", "girth", "tag"), [("dog", 150, 30), ("dog", 900, 30), ("cat", 180, 30)])
def test_nothing_of_a_tag_is_cut_off(species: str, girth: float, tag: float) -> None:
    root = companion(species, girth, tag)
    left, top, wide, tall = numbers(root.attrib["viewBox"])
    disc = numbers(part(root, "tag").attrib["d"])
    assert left < disc[0]
    assert disc[0] + tag < left + wide
    assert disc[1] + tag / 2 < top + tall


@pytest.mark.parametrize("girth", [150, 420])
def test_the_bar_is_as_long_as_it_says(girth: float) -> None:
    root = companion("dog", girth, 20)
    ends = numbers(part(root, "bar").attrib["d"])
    said = [node.text for node in root.iter(f"{NS}text") if node.text and node.text.endswith("mm")]
    assert f"{round(ends[3] - ends[0], 2):g} mm" in said
