"""What things are made of and how they are lit: metal, leather, cloth, stone, softboxes, the camera.

One Blender unit is 10 mm. Nothing is downloaded: every surface is drawn by shader nodes.
"""
import math

import bpy
from mathutils import Matrix, Vector

PLATINUM = {"col": (0.80, 0.785, 0.76), "dark": (0.085, 0.082, 0.08)}
VERMEIL = {"col": (0.93, 0.64, 0.29), "dark": (0.16, 0.075, 0.02)}


class Nodes:
    """A short way to write a node tree: call it with a node type and its inputs, get the node."""

    def __init__(self, owner):
        if not owner.node_tree:
            owner.use_nodes = True
        self.tree = owner.node_tree
        self.tree.nodes.clear()

    def __call__(self, kind, inputs=None, **properties):
        node = self.tree.nodes.new(kind)
        for key, value in properties.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            self.plug(node.inputs[key], value)
        return node

    def plug(self, socket, value):
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def math(self, op, a, b=0.0, c=None):
        inputs = {0: a, 1: b} | ({2: c} if c is not None else {})
        return self("ShaderNodeMath", inputs, operation=op).outputs[0]

    def add(self, *terms):
        total = terms[0]
        for term in terms[1:]:
            total = self.math("ADD", total, term)
        return total

    def times(self, a, b):
        return self.math("MULTIPLY", a, b)

    def mix(self, factor, a, b):
        rgba = lambda c: c if isinstance(c, bpy.types.NodeSocket) else (*c, 1)  # noqa: E731
        return self("ShaderNodeMix", {0: factor, 6: rgba(a), 7: rgba(b)}, data_type="RGBA").outputs[2]

    def smooth(self, value, low, high, to_low=0.0, to_high=1.0):
        inputs = {"Value": value, "From Min": low, "From Max": high, "To Min": to_low, "To Max": to_high}
        return self("ShaderNodeMapRange", inputs, interpolation_type="SMOOTHSTEP").outputs[0]

    def place(self, scale=(1, 1, 1), rotation=(0, 0, 0)):
        here = self("ShaderNodeTexCoord").outputs["Object"]
        return self("ShaderNodeMapping", {"Vector": here, "Scale": scale, "Rotation": rotation}).outputs[0]

    def noise(self, vector, scale, detail=2.0, roughness=0.6, out="Fac", distortion=0.0):
        inputs = {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": distortion}
        return self("ShaderNodeTexNoise", inputs).outputs[out]

    def bump(self, height, strength, distance):
        return self("ShaderNodeBump", {"Height": height, "Strength": strength, "Distance": distance}).outputs[0]

    def surface(self, **inputs):
        shader = self("ShaderNodeBsdfPrincipled", {k.replace("_", " "): v for k, v in inputs.items()})
        self("ShaderNodeOutputMaterial", {"Surface": shader.outputs[0]})


def _material(name):
    made = bpy.data.materials.new(name)
    return made, Nodes(made)


def metal(name, *, col, dark, rough, brushed=False, aniso=0.0, axis="x", recess_dark=0.7):
    """Precious metal; `brushed` gives a satin grain along `axis`; the mesh attribute "recess" darkens cuts."""
    made, n = _material(name)
    here = n.place()
    recess = n("ShaderNodeAttribute", attribute_name="recess").outputs["Fac"]
    broad, fine = n.noise(here, 1.3, 1.0), n.noise(here, 45.0)
    colour = n.mix(n.times(recess, recess_dark), col, dark)
    roughness = n.add(rough, n.times(n.math("SUBTRACT", broad, 0.5), rough * 0.45),
                      n.times(n.math("SUBTRACT", fine, 0.5), rough * 0.35), n.times(recess, 0.05))
    along = {"x": (1.2, 260.0, 40.0), "y": (260.0, 1.2, 40.0), "z": (260.0, 40.0, 1.2)}[axis]
    grain = n.noise(n.place(along), 1.0)
    hairlines = n.smooth(n.noise(n.place((2.2, 160.0, 20.0), (0, 0, 0.6)), 1.0, 0.0), 0.70, 0.80)
    height = n.add(n.times(grain, 1.0 if brushed else 0.05), n.times(hairlines, -0.3))
    direction = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}[axis]
    tangent = n("ShaderNodeVectorTransform", {"Vector": direction},
                vector_type="VECTOR", convert_from="OBJECT", convert_to="WORLD").outputs[0]
    n.surface(Base_Color=colour, Metallic=1.0, Roughness=roughness, Anisotropic=aniso, Tangent=tangent,
              Normal=n.bump(height, 0.16 if brushed else 0.05, 0.004))
    return made


def gemstone(name, colour=(0.10, 0.62, 0.34)):
    """A clear green stone with the bending of light of tourmaline."""
    made, n = _material(name)
    n.surface(Base_Color=(*colour, 1), Roughness=0.0, IOR=1.63, Transmission_Weight=1.0)
    return made


def leather(name, dark, light, *, scale=9.5, rough=0.42, deep=0.035):
    made, n = _material(name)
    here = n.place()
    wander = n("ShaderNodeVectorMath", {0: n.noise(here, 5.0, 3.0, 0.5, "Color"), 1: (0.5,) * 3}, operation="SUBTRACT")
    wander = n("ShaderNodeVectorMath", {0: wander.outputs[0], "Scale": 0.16}, operation="SCALE")
    at = n("ShaderNodeVectorMath", {0: here, 1: wander.outputs[0]}, operation="ADD").outputs[0]

    def cells(size):
        return n("ShaderNodeTexVoronoi", {"Vector": at, "Scale": size}, feature="DISTANCE_TO_EDGE").outputs["Distance"]

    grain, small = n.smooth(cells(scale), 0.0, 0.22), n.smooth(cells(scale * 2.7), 0.0, 0.16)
    pores, patches = n.noise(here, 60.0), n.noise(here, 0.8, 4.0, 0.5)
    height = n.add(grain, n.times(small, 0.38), n.times(pores, 0.22))
    colour = n.mix(n.times(grain, n.smooth(patches, 0.3, 0.75)), dark, light)
    roughness = n.add(n.times(n.math("SUBTRACT", 1.0, grain), 0.22), rough, n.times(patches, 0.10))
    n.surface(Base_Color=colour, Roughness=roughness, Normal=n.bump(height, 0.9, deep), IOR=1.48,
              Coat_Weight=0.10, Coat_Roughness=0.3, Sheen_Weight=0.04)
    return made


def stone(name, dark, light, rough=0.38):
    made, n = _material(name)
    here = n.place()
    cloud, grit = n.noise(here, 0.55, 5.0, 0.62, distortion=0.6), n.noise(here, 38.0, 4.0, 0.7)
    colour = n.mix(n.smooth(cloud, 0.35, 0.7), dark, light)
    colour = n.mix(n.times(n.smooth(grit, 0.56, 0.75), 0.45), colour, tuple(min(1, v * 2.6) for v in light))
    height = n.add(grit, n.times(cloud, 1.6))
    n.surface(Base_Color=colour, Roughness=n.add(n.times(grit, 0.25), rough - 0.1),
              Normal=n.bump(height, 0.22, 0.012), IOR=1.5)
    return made


def cloth(name, dark, light, *, pitch=0.42, rough=0.62, sheen=0.25, coat=0.0):
    """Fine woven cloth; `pitch` is the distance between threads in mm."""
    made, n = _material(name)
    here = n.place()
    per_unit = 10.0 / pitch * math.pi
    split = n("ShaderNodeSeparateXYZ", {0: here})
    weft = n.math("SINE", n.times(split.outputs[0], per_unit))
    warp = n.math("SINE", n.times(split.outputs[1], per_unit))
    weave, slub = n.times(weft, warp), n.noise(n.place((3.0, 40.0, 3.0)), 1.0, 3.0)
    patches = n.noise(here, 1.1, 4.0)
    colour = n.mix(n.smooth(n.add(patches, n.times(slub, 0.3)), 0.35, 0.85), dark, light)
    n.surface(Base_Color=colour, Roughness=rough, Normal=n.bump(n.add(weave, n.times(slub, 0.8)), 0.5, 0.006),
              Sheen_Weight=sheen, Sheen_Roughness=0.4, Coat_Weight=coat, Coat_Roughness=0.35)
    return made


def plain(name, colour, rough=0.6, grain=None, strength=0.5):
    made, n = _material(name)
    inputs = {"Base_Color": (*colour, 1), "Roughness": rough}
    if grain:
        inputs["Normal"] = n.bump(n.noise(n.place(grain), 1.0, 4.0), strength, 0.02)
    n.surface(**inputs)
    return made


def softbox(at, towards, width, height, power, colour=(1, 1, 1), feather=0.35, fade=None):
    """A lit plane with soft edges, seen only where something mirrors it. Positions in units of 10 mm."""
    made, n = _material("softbox")
    uv = n("ShaderNodeSeparateXYZ", {0: n("ShaderNodeTexCoord").outputs["UV"]})
    shape = None
    for axis in (0, 1):
        inside = n.math("SUBTRACT", 1.0, n.math("ABSOLUTE", n.math("MULTIPLY_ADD", uv.outputs[axis], 2.0, -1.0)))
        edge = n.smooth(inside, 0.0, feather * 2)
        shape = edge if shape is None else n.times(shape, edge)
    if fade:
        shape = n.times(shape, n.smooth(uv.outputs[1], 0.0, 1.0, *fade))
    front = n.math("SUBTRACT", 1.0, n("ShaderNodeNewGeometry").outputs["Backfacing"])
    light = n("ShaderNodeEmission", {"Color": (*colour, 1), "Strength": n.times(n.times(shape, front), power)})
    n("ShaderNodeOutputMaterial", {"Surface": light.outputs[0]})
    mesh = bpy.data.meshes.new("softbox")
    w, h = width / 2, height / 2
    mesh.from_pydata([(-w, -h, 0), (w, -h, 0), (w, h, 0), (-w, h, 0)], [], [(0, 1, 2, 3)])
    layer = mesh.uv_layers.new()
    for i, corner in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
        layer.data[i].uv = corner
    mesh.materials.append(made)
    box = bpy.data.objects.new("softbox", mesh)
    bpy.context.collection.objects.link(box)
    box.location, box.visible_camera = at, False          # its unlit back would stand black before the picture
    box.rotation_euler = (Vector(towards) - Vector(at)).to_track_quat("Z", "Y").to_euler()
    return box


def room(floor, horizon, ceiling, strength=1.0):
    """The dim room round the table, seen only in reflections."""
    world = bpy.data.worlds.new("room")
    bpy.context.scene.world = world
    n = Nodes(world)
    up = n("ShaderNodeSeparateXYZ", {0: n("ShaderNodeTexCoord").outputs["Generated"]}).outputs[2]
    colour = n.mix(n.smooth(up, 0.0, 0.9), n.mix(n.smooth(up, -0.2, 0.1), floor, horizon), ceiling)
    light = n("ShaderNodeBackground", {"Color": colour, "Strength": strength})
    n("ShaderNodeOutputWorld", {"Surface": light.outputs[0]})


def camera(at, towards, *, lens, blur, focus, roll=0.0):
    """Look from `at` to `towards` (units of 10 mm); `blur` is the radius of the iris, `focus` a sharp point."""
    data = bpy.data.cameras.new("camera")
    eye = bpy.data.objects.new("camera", data)
    bpy.context.collection.objects.link(eye)
    bpy.context.scene.camera = eye
    eye.location = at
    turn = (Vector(towards) - Vector(at)).to_track_quat("-Z", "Y")
    eye.rotation_euler = (turn.to_matrix() @ Matrix.Rotation(math.radians(roll), 3, "Z")).to_euler()
    data.lens, data.clip_start = lens, 0.01
    data.sensor_fit, data.sensor_width = "AUTO", 36.0
    data.dof.use_dof = True
    data.dof.aperture_fstop, data.dof.aperture_blades = lens * 1e-3 / (2 * blur), 9
    data.dof.focus_distance = abs((Vector(focus) - Vector(at)).dot(turn @ Vector((0, 0, -1))))
    return eye
