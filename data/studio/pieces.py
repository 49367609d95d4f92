"""The pieces of both capsules, drawn from millimetres: corner charm, chain, owner tag, pet tag, band ring."""
import math

import numpy as np

import marks
import metalwork as mw
import surfaces

METALS = {"vermeil": surfaces.VERMEIL, "platinum": surfaces.PLATINUM}
CHARM_ARM, CHARM_WIDTH = 22.0, 8.4
OWNER_TAG = (28.0, 16.0)
PET_TAG_RADIUS = 12.5
SLIM_CHAIN = {   # links by their middle line, wire by its radius
    "vermeil": {"link": (2.75, 1.6), "wire": 0.30, "pitch": 2.13, "lift": 0.85},
    "platinum": {"link": (2.3, 1.3), "wire": 0.25, "pitch": 1.78, "lift": 0.72},
}
RING_INSIDE, RING_WIDTH, RING_WALL = 17.31, 4.6, 1.75   # UK N½


def finishes(metal, axis="x"):
    """Polished and satin of one metal."""
    colour = METALS[metal]
    return (surfaces.metal(f"{metal} polished", rough=0.08, **colour),
            surfaces.metal(f"{metal} satin", rough=0.22, brushed=True, aniso=0.45, axis=axis, recess_dark=0.8, **colour))


def eyelet(hole, inside, top, field, polished):
    """A turned edge round a hole, so that a ring does not saw the metal."""
    r = inside
    line = [(r - 0.2, -0.1), (r - 0.2, top - 0.3)] + mw.arc(r + 0.1, top - 0.3, 0.3, 180, 90, 8)
    line += mw.arc(r + 0.35, top - 0.3, 0.3, 90, 0, 8) + [(r + 0.65, field - 0.2)]
    return mw.lathe("eyelet", line, polished, at=(*hole, 0))


def jump_ring(at, radius, wire, polished, *turns):
    return mw.put(mw.tube("jump ring", mw.circle(radius), wire, polished), at, *turns)


def split_ring(at, radius, wire, polished, *turns):
    """A sprung ring of two turns, as on a key."""
    a = np.linspace(0.62, 4 * np.pi - 0.62, 300)
    lift = wire * 2.04 * np.clip((a - 2 * np.pi + 0.5) / 1.0, 0, 1)
    path = np.column_stack([radius * np.cos(a), radius * np.sin(a), lift - wire])
    thin = np.sqrt(np.clip(np.minimum(np.arange(300), np.arange(300)[::-1]) / 6, 0.02, 1))
    return mw.put(mw.tube("split ring", path, wire * thin, polished, closed=False), at, *turns)


def chain(start, heading, count, polished, *, bend, ground=None, pitch, **shape):
    """A cable chain from a point (mm), first heading in radians; `bend` is the turn at each link."""
    points, angle = [np.asarray(start, float)], heading
    for i in range(count):
        points.append(points[-1] + pitch * np.array([math.cos(angle), math.sin(angle)]))
        angle += bend(i)
    links(points, polished, ground=ground, **shape)


def chain_along(path, polished, *, pitch, **shape):
    """The same chain laid along a drawn curve (mm)."""
    path = np.asarray(path, float)
    run = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    at = np.arange(0, run[-1], pitch)
    points = list(np.column_stack([np.interp(at, run, path[:, 0]), np.interp(at, run, path[:, 1])]))
    links(points, polished, **shape)
    return points


def links(points, polished, *, link, wire, lift, ground=None):
    first = mw.tube("link", mw.stadium(*link), wire, polished, n=16)
    for i, (p, q) in enumerate(zip(points, points[1:])):
        part = first if i == 0 else mw.twin(f"link {i}", first.data)
        middle, ahead = (p + q) / 2, math.degrees(math.atan2(*(q - p)[::-1]))
        roll = (42 if i % 2 else -48) + mw.CHANCE.normal(0, 4)
        z = lift + (ground(*middle) if ground else 0)
        mw.put(part, (*middle, z), (ahead, "Z"), (roll, "X"))


CLASP_PLATE = 6.4      # from hole to hole


def clasp_plate(polished, satin, *, per_mm=60.0, at=(0, 0, 0), turn=(0, 0, 0)):
    """The small plate by which a chain hangs on its clasp, wide enough for the struck row; its first hole at the origin."""
    x, y, top, field, rim = CLASP_PLATE / 2 + 1.15, 1.25, 0.8, 0.68, 0.3
    line = mw.Outline.of_corners([(-x, -y), (x, -y), (x, y), (-x, y)], [1.2] * 4)
    body = mw.sweep("rim", line, mw.rim_profile(top, field, rim, lower=0.15, outer=0.2, inner=0.08), polished)
    f = mw.Field(-x, -y, x, y, per_mm, wave=0.4)
    marks.strike_row(f, "950", 0, 0, 0.98, depth=0.10, fine=0.5)
    holes = [(side * CLASP_PLATE / 2, 0.0, 0.66) for side in (-1, 1)]
    plate = f.build("field", satin, height=field, keep=line.inset(rim - 0.1), holes=holes)
    ends = [mw.lathe("end", [(0.62, 0.0), (0.62, top - 0.2), (0.7, field + 0.06), (0.8, field + 0.06), (0.9, field - 0.1)],
                     polished, at=(px, py, 0)) for px, py, _ in holes]
    moved = mw.group("clasp plate", [body, plate, *ends], at=(-CLASP_PLATE / 2, 0, 0))
    return mw.group("clasp plate", [moved], at=at, turn=turn)


def bolt_ring(at, radius, wire, polished, *turns):
    """A sprung clasp: a hollow ring with a thumb piece, and the eye by which it hangs."""
    hollow = mw.tube("bolt ring", mw.circle(radius), wire, polished)
    thumb = mw.lathe("thumb piece", [(0.45, 0), (0.45, 0.7), (0.72, 0.8), (0.72, 1.05), (0.5, 1.25), (0.01, 1.3)], polished)
    mw.put(thumb, (radius * 0.62, radius * 0.62 + wire * 0.6, 0), (-20, "Z"), (-90, "X"))
    eye = mw.put(mw.tube("eye", mw.circle(1.25), 0.36, polished), (-radius - 1.0, 0, 0), (0, "Z"), (30, "X"))
    return mw.put(mw.group("clasp", [hollow, thumb, eye]), at, *turns)


def corner_charm(metal, *, per_mm=40.0, at=(0, 0, 0), turn=(0, 0, 0), mark_height=1.95):
    """The L of a notebook's corner: outer corner at the lower right, rivet on it, eyelet at the end of the upper arm."""
    a, w, top, field, rim = CHARM_ARM, CHARM_WIDTH, 1.9, 1.55, 1.25
    polished, satin = finishes(metal)
    line = mw.Outline.of_corners([(0, 0), (0, a), (-w, a), (-w, w), (-a, w), (-a, 0)], [4.6, 2.6, 2.6, 1.3, 2.6, 2.6])
    body = mw.sweep("rim", line, mw.rim_profile(top, field, rim), polished)
    f = mw.Field(-a, 0, 0, a, per_mm)
    x, y = f.grid()
    bow = np.hypot(np.clip(8.0 + x, 0, None), np.clip(8.0 - y, 0, None))
    margin = np.where((x > -8.0) & (y < 8.0), 8.0 - bow, np.minimum(-x, y))   # distance from the outer edges
    f.cut((np.abs(margin - 6.15) < 0.17).astype(np.float32), slope=1.3, depth=0.15)
    marks.strike_row(f, "925" if metal == "vermeil" else "950", -13.6, 3.55, mark_height)
    hole, rivet = (-w / 2 + 0.1, a - 4.3), (-4.15, 4.15)
    plate = f.build("field", satin, height=field, keep=line.inset(rim - 0.35), holes=[(*hole, 1.35), (*rivet, 0.9)])
    dome = [(1.45, field - 0.2), (1.45, field + 0.12)] + [
        (1.45 * math.cos(v), field + 0.12 + 0.62 * math.sin(v)) for v in np.linspace(0, np.pi / 2 - 0.001, 20)]
    parts = [body, plate, eyelet(hole, 1.4, top, field, polished), mw.lathe("rivet", dome, satin, at=(*rivet, 0))]
    parts.append(jump_ring((hole[0], a - 1.2, 1.0), 3.2, 0.48, polished, (90, "Z"), (27, "X")))
    return mw.group("corner charm", parts, at=at, turn=turn), polished


STONE = 0.75      # the radius of the green tourmaline


def flush_stone(polished):
    """A round brilliant sunk level with the metal: girdle below the surface, a bright cut edge round it; looks along z."""
    r = STONE
    points = [(0, 0, -0.66 * r)]
    for count, at, z, turn in ((8, 0.55, 0.05, 0.0), (8, 0.80, -0.04, 0.5), (16, 1.0, -0.16, 0.0), (8, 0.52, -0.50, 0.5)):
        a = 2 * np.pi * (np.arange(count) + turn) / count
        points += list(np.column_stack([at * r * np.cos(a), at * r * np.sin(a), np.full(count, z * r)]))
    edge = [(r * 0.45, -0.75 * r), (r * 0.97, -0.20 * r), (r * 0.97, -0.10 * r), (r + 0.10, 0.015), (r + 0.16, 0.02),
            (r + 0.22, -0.06)]
    return mw.gem("tourmaline", points, surfaces.gemstone("tourmaline")), mw.lathe("seat", edge, polished)


def owner_tag(*, per_mm=40.0, at=(0, 0, 0), turn=(0, 0, 0), words=("BISCUIT", "& MOI"), back=False):
    """The plate with its jump ring; `back` shows the side without letters, where the premium tag has its stone."""
    length, width = OWNER_TAG
    x, y, top, field, rim = length / 2, width / 2, 1.15, 0.95, 0.95
    polished, satin = finishes("platinum")
    line = mw.Outline.of_corners([(-x, -y), (x, -y), (x, y), (-x, y)], [4.2] * 4, arc=40)
    body = mw.sweep("rim", line, mw.rim_profile(top, field, rim, lower=0.22, outer=0.38, inner=0.2), polished)
    f = mw.Field(-x, -y, x, y, per_mm)
    hole = (x - 3.6, 0.0)
    if not back:
        f.cut(f.text(words[0], -2.1, 2.9, 2.6, track=0.42), slope=1.05, depth=0.24)
        f.cut(f.text(words[1], -2.1, -0.75, 1.7, track=0.34), slope=1.1, depth=0.18)
        marks.strike_row(f, "950", -2.1, -4.6, 1.65, depth=0.16)
    stone = [(-2.1, 0.0, STONE + 0.08)] if back else []
    plate = f.build("field", satin, height=field, keep=line.inset(rim - 0.3), holes=[(*hole, 1.3), *stone])
    parts = [body, plate, eyelet(hole, 1.35, top, field, polished)]
    parts += [mw.put(part, (-2.1, 0, field)) for part in flush_stone(polished)] if back else []
    parts.append(jump_ring((x - 0.6, 0, 0.6), 3.5, 0.45, polished, (27, "X")))
    return mw.group("owner tag", parts, at=at, turn=turn), polished


def pet_tag(*, per_mm=40.0, at=(0, 0, 0), turn=(0, 0, 0), word="BISCUIT", ring_turn=(-31, 0), radius=PET_TAG_RADIUS,
            back=False):
    """The disc with its split ring; `back` shows the side without letters, where the premium tag has its stone."""
    r, top, field, rim = radius, 1.15, 0.95, 0.95
    polished, satin = finishes("platinum")
    line = mw.Outline.disc(r)
    body = mw.sweep("rim", line, mw.rim_profile(top, field, rim, lower=0.22, outer=0.38, inner=0.2), polished)
    f = mw.Field(-r, -r, r, r, per_mm)
    hole = (0.0, r - 3.4)
    if not back:
        f.cut(f.text(word, 0, 0.072 * r, min(2.7, 0.235 * r), track=0.38), slope=1.05, depth=0.24)
        marks.strike_row(f, "950", 0, -0.368 * r, min(1.7, 0.15 * r), depth=0.16)
    stone = [(0.0, 0.0, STONE + 0.08)] if back else []
    plate = f.build("field", satin, height=field, keep=line.inset(rim - 0.3), holes=[(*hole, 1.45), *stone])
    parts = [body, plate, eyelet(hole, 1.5, top, field, polished)]
    parts += [mw.put(part, (0, 0, field)) for part in flush_stone(polished)] if back else []
    parts.append(split_ring((0, r + 1.7, 0.6), 5.1, 0.44, polished, (90 + ring_turn[1], "Z"), (ring_turn[0], "X")))
    return mw.group("pet tag", parts, at=at, turn=turn), polished


def band_ring(*, per_mm=44.0, at=(0, 0, 0), turn=(0, 0, 0), row=1.75, stone=None):
    """A court band, satin outside between polished edges; the marks are struck inside, at the ring's lowest point.

    `stone` is its distance from the marks in mm, along the inside."""
    r, half, wall = RING_INSIDE / 2, RING_WIDTH / 2, RING_WALL
    polished, satin = finishes("platinum", axis="y")
    line = mw.arc(r + 0.28, -half + 0.28, 0.28, 180, 270, 8) + mw.arc(r + wall - 0.75, -half + 0.42, 0.42, 270, 330, 8)
    edge = mw.lathe("edge", line, polished, n=360)
    other = mw.lathe("edge", [(a, -z) for a, z in line], polished, n=360)
    out_r, out_z = line[-1]
    crown = [(out_r + (r + wall - out_r) * (1 - (z / out_z) ** 2) ** 0.75, z) for z in np.linspace(out_z, -out_z, 40)]
    outside = mw.lathe("outside", crown, satin, n=360)
    f = mw.Field(-math.pi * r, -half + 0.28, math.pi * r, half - 0.28, per_mm, wave=0.4)
    marks.strike_row(f, "950", 0, 0, row, depth=0.16)

    def bend(points):
        angle, depth = -points[:, 0] / r - np.pi / 2, r - points[:, 2]
        return np.column_stack([depth * np.cos(angle), depth * np.sin(angle), points[:, 1]])

    inside_satin = surfaces.metal("platinum inside", rough=0.13, recess_dark=0.8, **surfaces.PLATINUM)
    holes = [] if stone is None else [(stone, 0.0, STONE + 0.1)]
    parts = [edge, other, outside, f.build("inside", inside_satin, height=0.0, bend=bend, holes=holes)]
    for x, _, _ in holes:
        angle = -x / r - math.pi / 2
        parts += [mw.put(part, (r * math.cos(angle), r * math.sin(angle), 0), (math.degrees(angle) + 180, "Z"), (90, "Y"))
                  for part in flush_stone(polished)]
    return mw.group("band ring", parts, at=at, turn=turn), polished
