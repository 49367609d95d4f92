"""What the pieces lie on: a leather notebook, a slate, a quilted dog coat, paper; and the lights over them."""
import math

import numpy as np
from scipy import interpolate, ndimage

import metalwork as mw
import surfaces


def notebook(edge, *, green=((0.014, 0.045, 0.034), (0.034, 0.105, 0.078)), corner=6.5):
    """A stitched leather notebook on a desk; `edge` is its lower right corner in mm, its top is z = 0."""
    ex, ey = edge
    wide, high, thick, r = 120.0, 150.0, 3.2, 1.4
    hide = surfaces.leather("leather", *green)
    box = [(-wide, ey), (ex, ey), (ex, high), (-wide, high)]
    line = mw.Outline.of_corners(box, [corner] * 4, arc=40, straight=24)
    profile = mw.arc(r, -thick + r, r, 270, 180, 8) + mw.arc(r, -r, r, 180, 90, 12)
    mw.sweep("cover", line, profile, hide)
    _cap("cover top", line.inset(r), 0, hide)
    thread = surfaces.plain("thread", (0.55, 0.47, 0.33), 0.7, (90.0, 90.0, 90.0))
    _stitches(line.inset(4.2), thread, near=(ex, ey), reach=140)
    pages = surfaces.plain("pages", (0.78, 0.72, 0.60), 0.8, (0.3, 0.3, 60.0))
    inner = mw.Outline.of_corners([(-wide, ey + 2.2), (ex - 2.2, ey + 2.2), (ex - 2.2, high), (-wide, high)],
                                  [corner - 1] * 4, arc=40, straight=24)
    mw.sweep("pages", inner, [(0, -thick - 9), (0, -thick + 0.4)], pages)
    mw.sweep("back cover", line, [(o, z - 9 - thick + 0.1) for o, z in profile], hide)
    _plane("desk", -15.2, surfaces.stone("desk", (0.05, 0.038, 0.030), (0.11, 0.085, 0.066), 0.5))


def _cap(name, loop, z, material):
    """A flat lid over a closed loop, as a fan round its middle."""
    middle = loop.mean(axis=0)
    points = [(*middle, z), *[(*p, z) for p in loop]]
    n = len(loop)
    return mw.mesh(name, points, [(0, 1 + i, 1 + (i + 1) % n) for i in range(n)], material, smooth=False)


def _plane(name, z, material, size=600):
    s = size
    mw.mesh(name, [(-s, -s, z), (s, -s, z), (s, s, z), (-s, s, z)], [(0, 1, 2, 3)], material, smooth=False)


def _stitches(loop, thread, near, reach, *, length=2.5, step=3.25, ground=None):
    """Thread along a line: short arcs that come out of the material and go in again."""
    loop = np.vstack([loop, loop[:1]])
    run = np.r_[0, np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=1))]
    made = []
    for s in np.arange(0, run[-1] - step, step):
        at = [(np.interp(s + u * length, run, loop[:, 0]), np.interp(s + u * length, run, loop[:, 1]), u)
              for u in np.linspace(0, 1, 9)]
        if math.hypot(at[4][0] - near[0], at[4][1] - near[1]) > reach:
            continue
        z = [(ground(x, y) if ground else 0) + 0.26 * math.sin(math.pi * u) ** 0.5 - 0.12 for x, y, u in at]
        made.append(mw.tube("stitch", [(x, y, h) for (x, y, _), h in zip(at, z)], 0.27, thread, closed=False, n=10))
    return made


def slate(dark=(0.010, 0.011, 0.013), light=(0.030, 0.031, 0.034)):
    _plane("slate", 0, surfaces.stone("slate", dark, light), 400)


def paper(colour=(0.74, 0.70, 0.63)):
    """Heavy cotton paper, in the shop's own paper colour."""
    _plane("paper", 0, surfaces.plain("paper", colour, 0.85, (22.0, 22.0, 22.0), 0.25), 400)


class Quilt:
    """A padded coat: diamonds sewn through, cloth that puckers at the seams and gives under what lies on it."""

    def __init__(self, *, pitch=30.0, puff=5.2, size=(190.0, 210.0), per_mm=4.0, centre=(0.0, 25.0),
                 diamond=(0.0, 0.0)):
        """`diamond` is the middle of one of the diamonds; its side is `pitch`; the cushions stand `puff` high."""
        self.diamond = diamond
        self.size, self.per_mm, self.centre, self.pitch = size, per_mm, centre, pitch
        nx, ny = (int(v * per_mm) for v in size)
        x = np.arange(nx) / per_mm - size[0] / 2 + centre[0]
        y = np.arange(ny) / per_mm - size[1] / 2 + centre[1]
        self.x, self.y = np.meshgrid(x, y)
        dx, dy = self.x - diamond[0], self.y - diamond[1]
        u, v = (dx + dy) / pitch / math.sqrt(2) + 0.5, (dx - dy) / pitch / math.sqrt(2) + 0.5
        near = np.minimum(np.abs((u + 0.5) % 1 - 0.5), np.abs((v + 0.5) % 1 - 0.5)) * pitch
        pillow = (np.abs(np.sin(np.pi * u)) * np.abs(np.sin(np.pi * v))) ** 0.42
        self.z = puff * (pillow - 1) + self._pucker(u, v, near)

    def _pucker(self, u, v, near):
        """Small folds that run across the seams and die out towards the middle of a diamond."""
        def folds(along, across):
            rough = mw.CHANCE.standard_normal(self.z_shape()).astype(np.float32)
            soft = ndimage.gaussian_filter(rough, 2.2 * self.per_mm / 4)
            return soft / soft.std() * np.exp(-np.abs((across + 0.5) % 1 - 0.5) * self.pitch / 3.2)

        broad = ndimage.gaussian_filter(mw.CHANCE.standard_normal(self.z_shape()), 4.5 * self.per_mm)
        return 0.10 * (folds(u, v) + folds(v, u)) + 0.35 * broad / broad.std()

    def z_shape(self):
        return self.x.shape

    def ground(self, x, y):
        """Height in mm under a point."""
        i = (y - self.centre[1] + self.size[1] / 2) * self.per_mm
        j = (x - self.centre[0] + self.size[0] / 2) * self.per_mm
        return float(ndimage.map_coordinates(self.z, [[i], [j]], order=1, mode="nearest")[0])

    def press(self, x, y, radius, z, soft=3.0):
        """Push the cloth down to a plane under a piece lying at (x, y); z = height of its underside."""
        d = np.hypot(self.x - x, self.y - y)
        weight = 1 / (1 + np.exp((d - radius) / (soft / 4)))
        self.z = np.where(self.z > z - 0.05, self.z * (1 - weight) + (z - 0.05) * weight, self.z)

    def build(self, material, thread):
        nx, ny = self.z.shape[1], self.z.shape[0]
        index = np.arange(nx * ny).reshape(ny, nx)
        faces = np.column_stack([index[:-1, :-1].ravel(), index[:-1, 1:].ravel(),
                                 index[1:, 1:].ravel(), index[1:, :-1].ravel()])
        mw.mesh("quilt", np.column_stack([self.x.ravel(), self.y.ravel(), self.z.ravel()]), faces, material)
        for k in range(-5, 6):
            along = np.linspace(-150, 150, 600)
            aside = np.full_like(along, (k + 0.5) * self.pitch)
            for p, q in ((along, aside), (aside, along)):
                seam = np.column_stack([(p + q) / math.sqrt(2) + self.diamond[0], (p - q) / math.sqrt(2) + self.diamond[1]])
                _stitches(seam, thread, near=(0, 8), reach=75, length=2.2, step=3.0,
                          ground=lambda x, y: self.ground(x, y) + 0.10)


def dog_coat(*lying, colours=((0.15, 0.080, 0.034), (0.27, 0.155, 0.072))):
    """A quilted coat in camel; `lying` are (x, y, radius, underside) of what presses into it. Gives the quilt."""
    quilt = Quilt(pitch=34.0, puff=7.5, diamond=lying[0][:2])
    for x, y, radius, underside in lying:
        quilt.press(x, y, radius, underside)
    quilt.build(surfaces.cloth("coat", *colours), surfaces.plain("coat thread", (0.42, 0.28, 0.15), 0.7))
    return quilt


def pencil(at, turn, length=150.0, radius=3.4):
    """A dark six-sided pencil with a brass cap."""
    lacquer = surfaces.plain("lacquer", (0.012, 0.014, 0.016), 0.25)
    brass = surfaces.metal("brass", rough=0.2, **surfaces.VERMEIL)
    wood = mw.lathe("pencil", [(0.01, 0), (radius, 0), (radius, length)], lacquer, n=6)
    cap = mw.lathe("cap", [(radius * 1.02, length - 14), (radius * 1.06, length - 13.6), (radius * 1.06, length),
                           (radius * 0.9, length + 1.2), (0.01, length + 1.5)], brass)
    for part in (wood, cap):
        for face in part.data.polygons:
            face.use_smooth = part is cap
    return mw.group("pencil", [wood, cap], at=at, turn=turn)


def gauge_coin(at, turn=0.0, radius=11.715, per_mm=30.0):
    """A plain brass disc of a one-pound coin's size, with its size on it: a measure, nobody's money."""
    top = 2.8
    polished, satin = (surfaces.metal(f"gauge {n}", col=(0.62, 0.50, 0.33), dark=(0.08, 0.05, 0.03), **k) for n, k in
                       (("polished", {"rough": 0.16}), ("satin", {"rough": 0.3, "brushed": True, "aniso": 0.3})))
    line = mw.Outline.disc(radius)
    edge = mw.sweep("gauge edge", line, mw.rim_profile(top, top - 0.22, 1.0, lower=0.2, outer=0.3, inner=0.15), polished)
    f = mw.Field(-radius, -radius, radius, radius, per_mm)
    f.cut(f.text("23.4", 0, 0.9, 4.6, track=0.3), slope=1.0, depth=0.22)
    f.cut(f.text("MM", 0, -4.4, 1.9, track=0.5), slope=1.0, depth=0.18)
    face = f.build("gauge face", satin, height=top - 0.22, keep=line.inset(0.8))
    return mw.group("gauge", [edge, face], at=at, turn=(0, 0, turn))


COLLAR_WIDTH, COLLAR_THICK, NECK_LEAN = 20.0, 3.0, 15.0


def neck_form(radius, colours=((0.060, 0.064, 0.072), (0.120, 0.125, 0.135))):
    """A shop's bust of a dog's neck in dark flannel: `radius` where the collar sits, wider below."""
    slope = math.tan(math.radians(NECK_LEAN))
    profile = [(radius - z * slope + 1.2 * math.sin(z / 37.0), z) for z in np.linspace(-130, 95, 60)]
    mw.lathe("neck", profile, surfaces.cloth("flannel", *colours, pitch=0.7, rough=0.85, sheen=0.5), n=240)


def collar(radius, *, width=COLLAR_WIDTH, bow=(16.0, 13.5), tan=((0.17, 0.072, 0.028), (0.36, 0.165, 0.070))):
    """A stitched bridle-leather collar round the neck form, with a D-ring (wide, deep) held by a loop at the front.

    Gives the frame in which a tag hangs there: put a piece at `hang(y, lift)` and turn it by `HANG`; y runs up the collar.
    """
    hide = surfaces.leather("bridle", *tan, scale=16.0, rough=0.34, deep=0.012)
    thread = surfaces.plain("collar thread", (0.62, 0.53, 0.38), 0.7, (90.0, 90.0, 90.0))
    steel = surfaces.metal("ring steel", col=(0.70, 0.70, 0.70), dark=(0.08, 0.08, 0.08), rough=0.13)
    lean = math.radians(NECK_LEAN)
    outward, upward = np.array([math.cos(lean), math.sin(lean)]), np.array([-math.sin(lean), math.cos(lean)])   # (r, z)
    half, r = width / 2, 1.1

    def on(along, lift):
        """A point of the strap's section: along its width, lifted off the neck."""
        return tuple(np.array([radius, 0.0]) + along * upward + lift * outward)

    section = [(half - r, -0.4)] + [(half - r + x, z) for x, z in mw.arc(0, COLLAR_THICK - r, r, 0, 90, 10)]
    section += [(-half + r + x, z) for x, z in mw.arc(0, COLLAR_THICK - r, r, 90, 180, 10)] + [(-half + r, -0.4)]
    mw.lathe("collar", [on(*point) for point in section], hide, n=480)
    for along in (half - 2.4, 2.4 - half):
        _stitches_round(lambda lift, at=along: on(at, COLLAR_THICK + lift), thread)

    def hang(y, lift):
        rr, z = on(y, lift)
        return 0.0, -rr, z

    x, y = 0.40625 * bow[0], 0.275 * width
    loop = mw.Outline.of_corners([(-x, -y), (x, -y), (x, y), (-x, y)], [1.6] * 4)
    edge = mw.sweep("loop", loop, [(0, -1.0)] + mw.arc(1.0, 1.9, 1.0, 180, 90, 10), hide)
    lid = _cap("loop top", loop.inset(1.0), 2.9, hide)
    square = loop.inset(2.2)
    around = np.linalg.norm(np.diff(np.vstack([square, square[:1]]), axis=0), axis=1).sum()
    step = around / (round(around / 2.5) + 0.01)                  # as many stitches as close the square
    seam = _stitches(square, thread, near=(0, 0), reach=50, length=0.68 * step, step=step, ground=lambda x, y: 2.92)
    mw.group("loop", [edge, lid, *seam], at=hang(0.1 * width, COLLAR_THICK), turn=HANG)
    ring = mw.tube("D-ring", _d_line(*bow), 1.05, steel)
    mw.group("D-ring", [ring], at=hang(0.5, COLLAR_THICK + 1.4), turn=HANG)
    return hang


def rolled_lead(through, radius=3.6, *, tan=((0.17, 0.072, 0.028), (0.36, 0.165, 0.070))):
    """A lead of rolled leather, lying along a smooth curve through these points (mm); it rises over a ring at the origin."""
    at = np.asarray(through, float)
    run = np.r_[0, np.cumsum(np.linalg.norm(np.diff(at, axis=0), axis=1))]
    line = interpolate.CubicSpline(run, at)
    along = np.linspace(0, run[-1], 500)

    def height(x, y):
        return radius - 0.2 + 4.8 * np.exp(-(np.hypot(x, y) / 22.0) ** 2)

    hide = surfaces.leather("rolled leather", *tan, scale=16.0, rough=0.34, deep=0.012)
    mw.tube("lead", np.column_stack([line(along), height(*line(along).T)]), radius, hide, closed=False, n=48)
    thread = surfaces.plain("lead thread", (0.62, 0.53, 0.38), 0.7, (90.0, 90.0, 90.0))
    ahead = line(along, 1) / np.linalg.norm(line(along, 1), axis=1)[:, None]
    seam = line(along) + 0.60 * radius * ahead @ np.array([[0, -1], [1, 0]])         # a little below the top, towards us
    _stitches(seam, thread, near=(0, 0), reach=100, ground=lambda x, y: height(x, y) + 0.80 * radius)


HANG = (90.0 - NECK_LEAN, 0, 0)


def _d_line(width, drop, n=60):
    """The middle line of a D lying on its back: the bar above at y = 0, the bow `drop` below."""
    a = np.linspace(math.pi, 2 * math.pi, n)
    bow = [(width / 2 * math.cos(v), (drop - 3.0) * math.sin(v) - 3.0, 0) for v in a]
    corners = [(width / 2, -1.5, 0), (width / 2 - 0.4, -0.4, 0), (width / 2 - 1.5, 0, 0)]
    bar = [(x, 0, 0) for x in np.linspace(width / 2 - 2.5, 2.5 - width / 2, 12)]
    return np.array(bow + corners + bar + [(-x, y, z) for x, y, z in corners[::-1]])


def _stitches_round(at, thread, *, count=150, share=0.72):
    """Stitches round a collar, on the half that is seen; `at` gives (radius, height) for a lift off the leather."""
    for k in range(count):
        middle = math.pi * (1 + k / count)
        turn = [middle + (u - 0.5) * share * math.pi / count for u in np.linspace(0, 1, 9)]
        path = []
        for i, angle in enumerate(turn):
            r, z = at(0.30 * math.sin(math.pi * i / 8) ** 0.5 - 0.14)
            path.append((r * math.cos(angle), r * math.sin(angle), z))
        mw.tube("stitch", path, 0.27, thread, closed=False, n=10)


# ---------------------------------------------------------------------------------------------- lights
def light_desk():
    """Evening at a desk: warm from behind, cool window at the left, a warm edge at the right."""
    surfaces.room((0.006, 0.005, 0.004), (0.03, 0.027, 0.025), (0.12, 0.12, 0.125))
    surfaces.softbox((-4.5, 8.5, 11.5), (0, 0.3, 0), 11, 6.0, 7.0, (1.0, 0.97, 0.93), feather=0.45, fade=(0.15, 1.0))
    surfaces.softbox((-10.5, 2.0, 6.5), (0, 0, 0), 4, 9, 12.0, (0.86, 0.93, 1.0), feather=0.3)
    surfaces.softbox((9.5, -2.0, 5.0), (0, 0, 0), 2.0, 7, 9.0, (1.0, 0.88, 0.74), feather=0.3)
    surfaces.softbox((0, -9, 8), (0, 0, 0), 5, 1.5, 3.0, (1, 1, 1), feather=0.3)


def light_bench(back=(-1.5, 11.5, 9.0)):
    """A photographer's bench: a large box `back` there, which the face of a tag mirrors; strips along the edges."""
    surfaces.room((0.004, 0.004, 0.005), (0.02, 0.02, 0.022), (0.10, 0.105, 0.115))
    surfaces.softbox(back, (0, 0, 0), 15, 7.5, 5.2, (1.0, 0.985, 0.96), feather=0.42, fade=(0.35, 1.0))
    surfaces.softbox((-10, -1.5, 7), (0, 0, 0), 4, 7, 9.0, (0.90, 0.95, 1.0), feather=0.3)
    surfaces.softbox((9, -3, 4.5), (0, 0, 0), 2.2, 6, 9.0, (1.0, 0.90, 0.78), feather=0.3)
    surfaces.softbox((-3.5, -9, 6.5), (0, 0, 0), 4.5, 1.2, 5.0, (1, 1, 1), feather=0.3)
    surfaces.softbox((3.5, -8, 1.6), (0, 0, 0.1), 9, 1.1, 3.2, (1.0, 0.97, 0.93), feather=0.35)


def light_hollow():
    """For the inside of a band that stands: one wide window behind it, which the hollow mirrors from edge to edge."""
    surfaces.room((0.004, 0.004, 0.005), (0.02, 0.02, 0.022), (0.10, 0.105, 0.115))
    surfaces.softbox((-0.8, 10.9, 7.4), (0, 0, 0.3), 32, 15, 1.6, (1.0, 0.985, 0.96), feather=0.16, fade=(0.55, 1.0))
    surfaces.softbox((-10, -1.5, 7), (0, 0, 0), 4, 7, 7.0, (0.90, 0.95, 1.0), feather=0.3)
    surfaces.softbox((9, -3, 4.5), (0, 0, 0), 2.2, 6, 9.0, (1.0, 0.90, 0.78), feather=0.3)
    surfaces.softbox((-3.5, -9, 6.5), (0, 0, 0), 4.5, 1.2, 4.0, (1, 1, 1), feather=0.3)
    surfaces.softbox((1.5, -9, 2.4), (0, 0, 0.1), 14, 2.2, 3.4, (1.0, 0.97, 0.93), feather=0.35)


def light_bust():
    """A window before the bust, a little above the eye, which a hanging tag mirrors; a warm edge from behind."""
    surfaces.room((0.006, 0.006, 0.007), (0.028, 0.027, 0.027), (0.08, 0.08, 0.085))
    surfaces.softbox((3.0, -20.0, 4.5), (0, -6, -2), 17, 10.0, 5.0, (1.0, 0.985, 0.96), feather=0.45, fade=(0.55, 1.0))
    surfaces.softbox((-15, -9, 5), (0, -5, -1), 6, 10, 10.0, (0.90, 0.95, 1.0), feather=0.3)
    surfaces.softbox((13, -4, 6), (0, -5, -1), 3, 9, 14.0, (1.0, 0.90, 0.78), feather=0.3)
    surfaces.softbox((1, -7, 15), (0, -5, -1), 11, 6, 10.0, (1, 0.98, 0.95), feather=0.35)


def light_coat(back=(-1.3, 8.6, 11.6)):
    """Daylight in a hall: broad and soft from `back`, a little warmth from the right."""
    surfaces.room((0.01, 0.009, 0.008), (0.04, 0.038, 0.036), (0.10, 0.10, 0.105))
    surfaces.softbox(back, (0, 0, 0), 16, 8.0, 3.6, (1.0, 0.985, 0.96), feather=0.45, fade=(0.2, 1.0))
    surfaces.softbox((-10.5, 2.5, 4.2), (0, 0, 0), 4, 7, 15.0, (0.92, 0.96, 1.0), feather=0.3)
    surfaces.softbox((9, -2, 5.0), (0, 0, 0), 2.5, 7, 7.0, (1.0, 0.90, 0.78), feather=0.3)
    surfaces.softbox((0, -9, 7), (0, 0, 0), 5, 1.5, 3.0, (1, 1, 1), feather=0.3)
