"""The struck row of the demo pieces. All three marks are invented; no real office's mark is drawn.

    sponsor    VTN in a long hexagon
    fineness   950 in a house (platinum), 925 in an oval (silver, under the gold of vermeil)
    office     an eight-pointed compass star in a pointed shield
"""
import math

import numpy as np

SPONSOR = "VTN"
FINENESS_SHIELD = {"950": "house", "925": "oval"}


def _hexagon(h, half):
    return [(-half, 0), (-half + h * 0.35, -h / 2), (half - h * 0.35, -h / 2), (half, 0),
            (half - h * 0.35, h / 2), (-half + h * 0.35, h / 2)]


def _house(h):
    a, b = h * 0.66, h / 2
    return [(-a, -b), (a, -b), (a, b * 0.42), (0, b * 1.22), (-a, b * 0.42)]


def _oval(h):
    a = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    return [(h * 0.82 * math.cos(v), h * 0.55 * math.sin(v)) for v in a]


def _pointed_shield(h):
    a, b = h * 0.44, h / 2
    left = [(-a * math.cos(v) ** 0.75, b * 0.05 - b * 1.15 * math.sin(v)) for v in np.linspace(0, np.pi / 2 - 1e-3, 30)]
    return [(a, b), (-a, b), *left, *[(-x, y) for x, y in left[::-1]]]


def _star(h):
    points = []
    for k in range(16):
        r = h * (0.40 if k % 4 == 0 else 0.24 if k % 4 == 2 else 0.085)
        angle = math.pi / 2 + k * math.pi / 8
        points.append((r * math.cos(angle), r * math.sin(angle) + h * 0.05))
    return points


def strike_row(field, fineness, x, y, h, *, gap=0.32, depth=0.2, fine=1.0):
    """Strike sponsor, fineness and office in a row centred on (x, y); `h` is the shields' height in mm.

    `fine` is 1 for full-sized punches and less for small ones, whose edges are finer."""
    def moved(points, cx):
        return [(px + cx, py + y) for px, py in points]

    half = h * 0.98, h * (0.66 if FINENESS_SHIELD[fineness] == "house" else 0.82), h * 0.44
    width = 2 * sum(half) + 2 * gap * h
    at = x - width / 2 + half[0]
    places = [at, at + half[0] + half[1] + gap * h, at + half[0] + 2 * half[1] + half[2] + 2 * gap * h]
    house = FINENESS_SHIELD[fineness] == "house"
    letters = {"weight": 700, "optical": 12}
    field.strike(field.polygon(moved(_hexagon(h, half[0]), places[0])),
                 field.text(SPONSOR, places[0], y, h * 0.41, track=h * 0.05, **letters),
                 (places[0], y), depth, lean=(0.05, -0.05), fine=fine)
    field.strike(field.polygon(moved(_house(h) if house else _oval(h), places[1])),
                 field.text(fineness, places[1], y - (h * 0.12 if house else 0), h * (0.42 if house else 0.48),
                            track=h * 0.02, **letters),
                 (places[1], y), depth, lean=(-0.04, 0.05), fine=fine)
    field.strike(field.polygon(moved(_pointed_shield(h), places[2])),
                 field.polygon(moved(_star(h), places[2])), (places[2], y), depth, lean=(0.05, 0.03), fine=fine)
    return width
