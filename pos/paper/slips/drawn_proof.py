"""The drawing a customer confirmed, in the dots of a printer: the very outlines that will be cut, made larger."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageChops, ImageDraw

from pos.paper.document import Picture

WIDTH, MOST_HEIGHT = 376, 560  # dots: the narrowest paper's, less a margin; a tall piece takes no more paper than this
DOTS_PER_MM = 8
FINER = 4  # drawn so many times larger, then made small
STEPS = 8  # straight pieces of one curve
VIEW = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
PATH = re.compile(r'<path([^>]*) d="([^"]*)"')
MARKS = re.compile(r'<rect class="marks" x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"')


@dataclass(frozen=True)
class DrawnProof:
    """A picture of a proof, and how many times larger than the piece it is."""

    picture: Picture
    times: float


def drawn_proof(svg: str) -> DrawnProof:
    """A confirmed proof (pos/cutting/proof.py) as a picture for paper: its outline, its marks' place, its words."""
    view = VIEW.search(svg)
    if view is None:
        raise ValueError("not a proof of ours")
    left, top, wide, tall = (float(part) for part in view.groups())
    scale = min(WIDTH / wide, MOST_HEIGHT / tall)
    plate = Image.new("1", (round(wide * scale), round(tall * scale)))

    def dots(x: float, y: float) -> tuple[float, float]:
        return (x - left) * scale, (y - top) * scale

    pen = ImageDraw.Draw(plate)
    for kind, path in PATH.findall(svg):
        contours = [[dots(*point) for point in contour] for contour in _flat(path)]
        if "words" in kind:
            plate = _filled(plate, contours)
            pen = ImageDraw.Draw(plate)
        else:
            for contour in contours:
                pen.line(contour, fill=1, width=2)
    for box in MARKS.findall(svg):
        x, y, w, h = (float(part) for part in box)
        _dashed(pen, [dots(x, y), dots(x + w, y), dots(x + w, y + h), dots(x, y + h), dots(x, y)])
    picture = Picture(width=plate.width, height=plate.height, bits=plate.tobytes().hex())
    return DrawnProof(picture, scale / DOTS_PER_MM)


def _filled(plate: Image.Image, contours: list[Any]) -> Image.Image:
    """Letters in solid ink: what runs round one way is filled, what runs the other way, inside of it, is left free."""
    large = Image.new("L", (plate.width * FINER, plate.height * FINER))
    pen = ImageDraw.Draw(large)
    outer = _area(max(contours, key=lambda one: abs(_area(one)))) > 0 if contours else True
    for contour in sorted(contours, key=lambda one: (_area(one) > 0) != outer):
        ink = 255 if (_area(contour) > 0) == outer else 0
        pen.polygon([(x * FINER, y * FINER) for x, y in contour], fill=ink)
    words = large.resize(plate.size, Image.Resampling.BOX).point(lambda grey: 255 * (grey > 127), mode="1")
    return ImageChops.logical_or(plate, words)


def _area(contour: list[Any]) -> float:
    return float(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise([*contour, contour[0]])) / 2)


def _dashed(pen: ImageDraw.ImageDraw, corners: list[tuple[float, float]], *, dash: int = 6) -> None:
    for (x, y), (to_x, to_y) in pairwise(corners):
        length = max(abs(to_x - x), abs(to_y - y))
        for at in range(0, int(length), 2 * dash):
            share, then = at / length, min(at + dash, length) / length
            ends = [(x + (to_x - x) * part, y + (to_y - y) * part) for part in (share, then)]
            pen.line(ends, fill=1)


def _flat(path: str) -> list[list[tuple[float, float]]]:
    pen = _Flat()
    parse_path(path, pen)
    return pen.contours


class _Flat(BasePen):  # type: ignore[misc]
    """A path as straight lines, contour by contour."""

    def __init__(self) -> None:
        super().__init__(None)
        self.contours: list[list[tuple[float, float]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.contours.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.contours[-1].append(pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:
        begin = self.contours[-1][-1]
        for step in range(1, STEPS + 1):
            t, left = step / STEPS, 1 - step / STEPS
            weights = (left**3, 3 * left**2 * t, 3 * left * t**2, t**3)
            points = (begin, pt1, pt2, pt3)
            x, y = (sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
            self.contours[-1].append((x, y))

    def _closePath(self) -> None:
        self.contours[-1].append(self.contours[-1][0])
