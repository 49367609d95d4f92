"""The bench: outlines, swept edges, tubes, and a field of metal in which letters are cut and marks are struck.

Everything here is in millimetres; meshes are made at one Blender unit = 10 mm.
"""
import math
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage, spatial

MM = 0.1
CHANCE = np.random.default_rng(7)


def lettering(size_px, weight=600, optical=20):
    """Source Serif as it comes with Streamlit; DejaVu Serif where that is not installed."""
    root = Path(__file__).parents[2]
    found = sorted(root.glob(".venv/lib/*/site-packages/streamlit/static/static/media/SourceSerifVariable-Roman*"))
    if not found:
        return ImageFont.truetype("DejaVuSerif-Bold.ttf", size_px)
    font = ImageFont.truetype(str(found[0]), size_px)
    font.set_variation_by_axes([weight, optical])
    return font


# ---------------------------------------------------------------------------------------------- meshes
def mesh(name, points, faces, material, smooth=True, attributes=None):
    points, faces = np.asarray(points, np.float32), np.asarray(faces, np.int32)
    data = bpy.data.meshes.new(name)
    count, sides = faces.shape
    data.vertices.add(len(points))
    data.vertices.foreach_set("co", (points * MM).ravel())
    data.loops.add(count * sides)
    data.loops.foreach_set("vertex_index", faces.ravel())
    data.polygons.add(count)
    data.polygons.foreach_set("loop_start", np.arange(count, dtype=np.int32) * sides)
    data.polygons.foreach_set("use_smooth", np.full(count, smooth))
    data.update(calc_edges=True)
    for key, values in (attributes or {}).items():
        data.attributes.new(key, "FLOAT", "POINT").data.foreach_set("value", np.asarray(values, np.float32))
    data.materials.append(material)
    return twin(name, data)


def twin(name, data):
    """One more object of the same mesh: a link of a chain, a stitch."""
    made = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(made)
    return made


def group(name, parts, at=(0, 0, 0), turn=(0, 0, 0)):
    """Tie parts together; `at` in mm, `turn` in degrees."""
    made = bpy.data.objects.new(name, None)
    bpy.context.collection.objects.link(made)
    for part in parts:
        part.parent = made
    made.location = [v * MM for v in at]
    made.rotation_euler = [math.radians(v) for v in turn]
    return made


def put(part, at, *turns):
    """Place a part at a point (mm) after turning it: turns are (degrees, axis), the last is done first."""
    place = Matrix.Translation([v * MM for v in at])
    for degrees, axis in turns:
        place = place @ Matrix.Rotation(math.radians(degrees), 4, axis)
    part.matrix_world = place
    return part


def _rows(loops, closed_rows=False):
    """Quads between neighbouring loops of equal length."""
    size = len(loops[0])
    i = np.arange(size)
    j = (i + 1) % size
    last = len(loops) if closed_rows else len(loops) - 1
    faces = []
    for k in range(last):
        k2 = (k + 1) % len(loops)
        faces.append(np.column_stack([k * size + i, k * size + j, k2 * size + j, k2 * size + i]))
    return np.vstack(faces)


class Outline:
    """A closed line with outward normals, so that it can be drawn again any distance inside."""

    def __init__(self, points, normals):
        self.points, self.normals = np.asarray(points, float), np.asarray(normals, float)

    def inset(self, distance):
        return self.points - distance * self.normals

    @classmethod
    def of_corners(cls, corners, radii, arc=28, straight=10):
        """Corners anticlockwise, each with its own radius; corners that turn inwards are rounded too."""
        corners = [np.asarray(c, float) for c in corners]
        points, normals = [], []
        for i, (corner, radius) in enumerate(zip(corners, radii)):
            before, after = corners[i - 1] - corner, corners[(i + 1) % len(corners)] - corner
            before, after = before / np.linalg.norm(before), after / np.linalg.norm(after)
            n1, n2 = np.array([-before[1], before[0]]), np.array([after[1], -after[0]])
            turn = 1.0 if before[0] * after[1] - before[1] * after[0] < 0 else -1.0
            half = math.acos(np.clip(before @ after, -1, 1)) / 2
            centre = corner + (before + after) / np.linalg.norm(before + after) * radius / math.sin(half)
            a1, a2 = math.atan2(n1[1], n1[0]), math.atan2(n2[1], n2[0])
            sweep = (a2 - a1 + math.pi) % (2 * math.pi) - math.pi
            for t in np.linspace(0, 1, arc):
                n = np.array([math.cos(a1 + sweep * t), math.sin(a1 + sweep * t)])
                points.append(centre + turn * radius * n)
                normals.append(n)
        return cls(*_fill_straights(points, normals, len(corners), arc, straight))

    @classmethod
    def disc(cls, radius, count=240):
        a = np.linspace(0, 2 * np.pi, count, endpoint=False)
        n = np.column_stack([np.cos(a), np.sin(a)])
        return cls(radius * n, n)


def _fill_straights(points, normals, corners, arc, straight):
    filled, across = [], []
    for i in range(corners):
        filled += points[i * arc:(i + 1) * arc]
        across += normals[i * arc:(i + 1) * arc]
        p, q = points[(i + 1) * arc - 1], points[((i + 1) % corners) * arc]
        for t in np.linspace(0, 1, straight + 2)[1:-1]:
            filled.append(p + (q - p) * t)
            across.append(across[-1])
    return filled, across


def sweep(name, outline, profile, material):
    """Draw an edge: `profile` is a list of (inset, height)."""
    loops = [np.column_stack([outline.inset(o), np.full(len(outline.points), z)]) for o, z in profile]
    return mesh(name, np.vstack(loops), _rows(loops), material)


def arc(cx, cz, r, start, end, n=12):
    return [(cx + r * math.cos(a), cz + r * math.sin(a)) for a in np.linspace(math.radians(start), math.radians(end), n)]


def rim_profile(top, field, width, lower=0.3, outer=0.55, inner=0.3):
    """A raised polished border: from below, round the outside, over the top, down to the sunk field."""
    line = arc(lower, lower, lower, 270, 180) + [(0, top * 0.4), (0, top * 0.6)]
    line += arc(outer, top - outer, outer, 180, 90) + [(width * 0.5 + 0.25, top)]
    return line + arc(width - inner, top - inner, inner, 90, 0) + [(width, field + 0.01), (width, field - 0.2)]


def lathe(name, profile, material, at=(0, 0, 0), n=96):
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    loops = [np.column_stack([r * np.cos(a), r * np.sin(a), np.full(n, z)]) + np.array(at) for r, z in profile]
    return mesh(name, np.vstack(loops), _rows(loops), material)


def tube(name, path, radius, material, closed=True, n=20):
    """Wire along a path; `radius` in mm is one number or one for each point."""
    path = np.asarray(path, float)
    along = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    if not closed:
        along[0], along[-1] = path[1] - path[0], path[-1] - path[-2]
    along /= np.linalg.norm(along, axis=1)[:, None]
    up = np.array([0, 0, 1.0]) if abs(along[:, 2]).max() < 0.9 else np.array([0, 1.0, 0])
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)[:, None]
    loops, radii = [], np.broadcast_to(radius, len(path))
    for point, ahead, thick in zip(path, along, radii):
        side = np.cross(ahead, up)
        side /= np.linalg.norm(side)
        loops.append(point + thick * (np.cos(a) * side + np.sin(a) * np.cross(side, ahead)))
    return mesh(name, np.vstack(loops), _rows(loops, closed_rows=closed), material)


def gem(name, points, material):
    """A cut stone: the flat facets between its corners."""
    points = np.asarray(points, float)
    hull = spatial.ConvexHull(points)
    faces = [face if np.dot(np.cross(points[face[1]] - points[face[0]], points[face[2]] - points[face[0]]), plane[:3]) > 0
             else face[::-1] for face, plane in zip(hull.simplices, hull.equations)]
    return mesh(name, points, faces, material, smooth=False)


def circle(radius, n=120, z=0.0):
    a = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.column_stack([radius * np.cos(a), radius * np.sin(a), np.full(n, z)])


def stadium(length, width, n=24):
    """The middle line of an oval link."""
    r, h = width / 2, (length - width) / 2
    a = np.linspace(-np.pi / 2, np.pi / 2, n)
    right = [(h + r * np.cos(x), r * np.sin(x), 0) for x in a]
    return np.array(right + [(-h - r * np.cos(x), -r * np.sin(x), 0) for x in a])


# ------------------------------------------------------------------------------- a field of metal to cut
class Field:
    """A height map in mm over a rectangle: letters are cut into it, marks are struck, then it becomes a mesh."""

    def __init__(self, x0, y0, x1, y1, per_mm, wave=1.0):
        self.x0, self.y0, self.x1, self.y1, self.per_mm = x0, y0, x1, y1, per_mm
        self.nx, self.ny = int((x1 - x0) * per_mm) + 1, int((y1 - y0) * per_mm) + 1
        self.z = np.zeros((self.ny, self.nx), np.float32)
        self.recess = np.zeros_like(self.z)
        # Finished by hand, never dead flat: waves a few thousandths of a millimetre high.
        for size, height in ((1.6, 0.0022), (5.0, 0.010)):
            small = CHANCE.standard_normal((max(4, self.ny // 8), max(4, self.nx // 8))).astype(np.float32)
            soft = ndimage.gaussian_filter(small, size * per_mm / 16)
            soft = ndimage.zoom(soft, (self.ny / soft.shape[0], self.nx / soft.shape[1]), order=1)
            self.z += wave * height * soft[:self.ny, :self.nx] / soft.std()

    def grid(self):
        yy, xx = np.mgrid[0:self.ny, 0:self.nx]
        return xx / self.per_mm + self.x0, yy / self.per_mm + self.y0

    def _sheet(self, draw, over=2):
        sheet = Image.new("L", (self.nx * over, self.ny * over), 0)
        draw(sheet, ImageDraw.Draw(sheet), self.per_mm * over)
        return np.asarray(sheet.resize((self.nx, self.ny), Image.BOX), np.float32)[::-1] / 255.0

    def _pixel(self, x, y, scale):
        return (x - self.x0) * scale, (self.y1 - y) * scale

    def polygon(self, points):
        def draw(_sheet, pen, scale):
            pen.polygon([self._pixel(*p, scale) for p in points], fill=255)
        return self._sheet(draw)

    def text(self, words, x, y, height, track=0.0, weight=600, optical=20):
        """Words centred on (x, y) by their capitals' height in mm; `track` is extra space between letters in mm."""
        def draw(_sheet, pen, scale):
            font = lettering(int(height * scale / 0.67), weight, optical)
            gap = track * scale
            wide = sum(font.getlength(c) + gap for c in words) - gap
            px, py = self._pixel(x, y - height / 2, scale)
            px -= wide / 2
            for c in words:
                pen.text((px, py), c, font=font, fill=255, anchor="ls")
                px += font.getlength(c) + gap
        return self._sheet(draw)

    def inside(self, mask):
        """Signed distance in mm to the edge of a mask, positive inside."""
        b = mask > 0.5
        return (ndimage.distance_transform_edt(b) - ndimage.distance_transform_edt(~b)).astype(np.float32) / self.per_mm

    def cut(self, mask, slope=1.1, depth=0.26, burr=0.012):
        """Engrave with a V-shaped tool, which throws up a fine burr."""
        d = self.inside(mask)
        groove = ndimage.gaussian_filter(np.clip(d * slope, 0, depth), 0.012 * self.per_mm)
        self.z -= groove
        self.z += burr * np.exp(-(np.clip(-d, 0, None) / 0.06) ** 2) * (d <= 0)
        self.recess = np.maximum(self.recess, np.clip(groove / depth, 0, 1))

    def strike(self, shield, device, centre, depth=0.2, lean=(0, 0), fine=1.0):
        """Strike a punch: the shield sinks, the device stands in it, metal is thrown up at the edge."""
        def step(v, width):
            t = np.clip(v / width + 0.5, 0, 1)
            return t * t * (3 - 2 * t)

        d_shield, d_device = self.inside(shield), self.inside(device)
        x, y = self.grid()
        deep = depth * (1 + lean[0] * (x - centre[0]) + lean[1] * (y - centre[1]))
        f, g = step(d_shield, 0.10 * fine), step(d_device, 0.09 * fine)
        sunk = ndimage.gaussian_filter((deep * f * (1 - 0.93 * g)).astype(np.float32), 0.014 * fine * self.per_mm)
        self.z -= sunk
        self.z += 0.03 * fine * np.exp(-(np.clip(-d_shield, 0, None) / (0.11 * fine)) ** 2) * (1 - f)
        self.recess = np.maximum(self.recess, np.clip(sunk / depth, 0, 1))

    def build(self, name, material, *, height, keep=None, holes=(), bend=None):
        """The mesh: only what is inside the outline `keep` and outside the holes (x, y, radius); `bend` maps x, y, z."""
        x, y = self.grid()
        mask = np.ones_like(self.z, bool) if keep is None else self.polygon(keep) > 0.5
        for hx, hy, r in holes:
            mask &= (x - hx) ** 2 + (y - hy) ** 2 > r * r
        points = np.column_stack([x.ravel(), y.ravel(), (self.z + height).ravel()])
        if bend:
            points = bend(points)
        index = np.arange(self.nx * self.ny).reshape(self.ny, self.nx)
        k = mask[:-1, :-1] & mask[1:, :-1] & mask[:-1, 1:] & mask[1:, 1:]
        faces = np.column_stack([index[:-1, :-1][k], index[:-1, 1:][k], index[1:, 1:][k], index[1:, :-1][k]])
        used = np.zeros(len(points), bool)
        used[faces.ravel()] = True
        number = np.cumsum(used) - 1
        return mesh(name, points[used], number[faces], material, attributes={"recess": self.recess.ravel()[used]})
