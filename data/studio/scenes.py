"""The scenes: what stands in each picture and from where it is seen. `pictures` says which are drawn, and for what."""
import math

import numpy as np

import pieces
import sets
import surfaces


def charm_on_notebook(metal, **shape):
    """The charm lies in the corner of a notebook, as the guard it is modelled on would sit."""
    def scene():
        sets.notebook((19.5, -19.5))
        _, polished = pieces.corner_charm(metal, at=(11.6, -11.6, 0.1), turn=(2.2, 0, 0), **shape)
        pieces.chain((7.5, 11.75), math.radians(100), 90, polished, bend=lambda i: 0.062 * math.cos(i * 0.098),
                     **pieces.SLIM_CHAIN[metal])
        sets.light_desk()
    return scene


def nc_hero(metal):
    def scene():
        charm_on_notebook(metal)()
        surfaces.camera((3.9, -7.2, 8.8), (0.02, 0.0, 0), lens=82, blur=0.14, focus=(0.1, -0.7, 0.18), roll=2)
    return scene


def nc_hero_upright(metal):
    """The charm low in the frame, its chain a long line above it."""
    def scene():
        charm_on_notebook(metal)()
        surfaces.camera((3.6, -7.3, 9.2), (0.10, 0.30, 0), lens=78, blur=0.14, focus=(0.1, -0.7, 0.18), roll=1)
    return scene


def nc_marks(metal):
    """The struck row, close enough to read."""
    def scene():
        charm_on_notebook(metal, per_mm=64.0)()
        surfaces.camera((1.1, -5.0, 4.6), (-0.15, -0.74, 0.15), lens=138, blur=0.05, focus=(-0.2, -0.82, 0.17), roll=0)
    return scene


def owner_on_slate(**shape):
    sets.slate()
    pieces.owner_tag(at=(0, 0, 0.95), turn=(0, -3.8, 18), **shape)
    sets.light_bench()


def owner_hero():
    owner_on_slate()
    surfaces.camera((-0.6, -5.6, 5.9), (0.14, 0.06, 0), lens=70, blur=0.085, focus=(-0.2, -0.3, 0.15), roll=-1)


def owner_hero_upright():
    """The plate stands steeply, as it hangs."""
    sets.slate()
    pieces.owner_tag(at=(0, -1.0, 0.95), turn=(0, -3.8, 47))
    sets.light_bench(back=(-1.4, 9.7, 11.1))
    surfaces.camera((-0.6, -5.6, 6.4), (0.04, 0.08, 0), lens=69, blur=0.085, focus=(-0.2, -0.3, 0.15), roll=-1)


def owner_marks():
    owner_on_slate(per_mm=72.0)
    surfaces.camera((-1.3, -5.2, 4.6), (-0.06, -0.40, 0.13), lens=175, blur=0.055, focus=(-0.06, -0.52, 0.14), roll=-4)


def pet_on_slate(back=(-1.0, 10.4, 10.8), **shape):
    sets.slate()
    pieces.pet_tag(at=(0, 0, 1.15), turn=(5.2, -0.5, -12), **shape)
    sets.light_bench(back=back)


def pet_marks():
    pet_on_slate(per_mm=72.0)
    surfaces.camera((-0.9, -5.3, 4.4), (-0.10, -0.34, 0.13), lens=172, blur=0.055, focus=(-0.1, -0.45, 0.14), roll=3)


def pet_hero():
    pet_on_slate()
    surfaces.camera((-0.6, -5.5, 6.4), (0.08, 0.36, 0), lens=66, blur=0.075, focus=(0, -0.2, 0.2), roll=1)


def pet_hero_upright():
    pet_on_slate(back=(-1.0, 8.8, 12.2))
    surfaces.camera((-0.5, -5.5, 7.4), (0.05, 0.38, 0), lens=71, blur=0.075, focus=(0, -0.2, 0.2), roll=1)


def ring_on_slate(turn, **shape):
    """Lit as its marks are, so that the row inside shows also from farther off."""
    sets.slate((0.005, 0.0055, 0.0065), (0.015, 0.0155, 0.017))
    pieces.band_ring(at=(0, 0, pieces.RING_INSIDE / 2 + pieces.RING_WALL), turn=turn, **shape)
    sets.light_hollow()
    surfaces.softbox((-10, 4.0, 3.6), (0, 0, 0.8), 8, 6.5, 3.4, (1.0, 0.985, 0.96), feather=0.45)


def ring_marks():
    """The hollow inside mirrors a wide arc of the room: it has a light of its own, so that the marks stand dark on bright."""
    sets.slate()
    pieces.band_ring(at=(0, 0, pieces.RING_INSIDE / 2 + pieces.RING_WALL), turn=(90, 0, 188), per_mm=72.0)
    sets.light_hollow()
    surfaces.camera((-0.62, -5.0, 5.0), (0.08, 0.0, 0.24), lens=165, blur=0.045, focus=(0, 0, 0.175))


def ring_stone_marks():
    """The row, and along the inside from it the stone."""
    sets.slate()
    pieces.band_ring(at=(0, 0, pieces.RING_INSIDE / 2 + pieces.RING_WALL), turn=(90, 0, 190), per_mm=64.0, stone=8.4)
    sets.light_hollow()
    surfaces.camera((-0.75, -5.0, 5.0), (0.20, 0.0, 0.34), lens=128, blur=0.04, focus=(0.2, 0, 0.26))


def ring_stone_hero():
    """Turned so that the stone, which only its wearer knows of, looks out."""
    ring_on_slate((90, 0, 206), stone=8.4)
    surfaces.camera((-0.4, -7.6, 4.9), (0.0, 0, 0.97), lens=87, blur=0.08, focus=(0.3, 0.1, 0.5))


def ring_hero_upright(**shape):
    def scene():
        ring_on_slate((90, 0, 203), **shape)
        surfaces.camera((-0.5, -7.4, 5.6), (0.03, 0, 0.74), lens=90, blur=0.08, focus=(0, -0.3, 0.5))
    return scene


def stones_at_the_back():
    """Both premium tags lie on their faces: the green stone in each."""
    sets.slate()
    pieces.pet_tag(at=(-14, -4, 1.15), turn=(5.2, -0.5, -14), back=True)
    pieces.owner_tag(at=(14, 6, 0.95), turn=(0, -3.8, 22), back=True)
    sets.light_bench(back=(-1.0, 9.4, 11.6))
    surfaces.camera((-0.3, -6.0, 7.4), (0.08, 0.26, 0), lens=55, blur=0.06, focus=(-0.6, -0.1, 0.2), roll=0)


def ring_hero():
    ring_on_slate((90, 0, 208))
    surfaces.camera((-0.4, -7.6, 4.9), (0.0, 0, 0.97), lens=87, blur=0.08, focus=(0, -0.3, 0.5))


def ring_on_lead():
    """The band, slipped over a rolled leather lead and come to rest on it, on dark stone."""
    sets.slate((0.045, 0.042, 0.038), (0.100, 0.094, 0.086))
    sets.rolled_lead([(-150, 35), (-95, -25), (-45, -19), (0, 0), (35, 16), (70, 52), (60, 105), (0, 150)])
    pieces.band_ring(at=(0, 0, 8.5), turn=(138, 0, 116))
    sets.light_bench(back=(-1.2, 9.4, 11.0))
    surfaces.softbox((9.5, 3.0, 4.5), (0, 0, 0.8), 9, 6, 4.5, (1.0, 0.97, 0.92), feather=0.4)
    surfaces.softbox((-7, -7.5, 5), (0, 0, 0.8), 6, 5, 3.5, (0.94, 0.97, 1.0), feather=0.4)
    surfaces.softbox((-8, 4.0, 5.6), (0, 0, 0.8), 5, 5, 4.0, (0.97, 0.985, 1.0), feather=0.4)
    surfaces.camera((-1.2, -7.6, 6.6), (0.1, 0.30, 0.5), lens=72, blur=0.10, focus=(0, -0.6, 0.6), roll=0)


def meander(metal, swing=46.0, reach=150.0):
    """The slim chain laid in a loose meander, its clasp in the middle; the platinum clasp bears the marks on its plate."""
    polished, satin = pieces.finishes(metal)
    plate = metal == "platinum"
    straight = pieces.CLASP_PLATE + 3.0 if plate else 0.0
    run = np.linspace(-reach, reach, int(reach * 20) + 1)
    along = np.where(run < -straight, run + straight, np.maximum(run, 0))          # straight where the plate lies
    heading = math.radians(80) - 1.72 * np.cos(along * math.pi / swing)      # the curve a river makes
    curve = np.cumsum(np.column_stack([np.cos(heading), np.sin(heading)]), axis=0) * (run[1] - run[0])
    curve -= curve[len(run) // 2]
    shape = pieces.SLIM_CHAIN[metal]
    pieces.chain_along(curve[run < (-4.75 - pieces.CLASP_PLATE - 0.1 if plate else -4.45)][::-1], polished, **shape)
    pieces.chain_along(curve[run > 2.3], polished, **shape)
    ahead = curve[np.searchsorted(run, 3)] - curve[np.searchsorted(run, -4)]
    turn = math.atan2(*ahead[::-1])
    pieces.bolt_ring((0, 0, 0.72), 2.5, 0.5, polished, (math.degrees(turn), "Z"))
    if plate:
        eye = (-4.62 * math.cos(turn), -4.62 * math.sin(turn), 0.12)
        pieces.clasp_plate(polished, satin, at=eye, turn=(5, 0, math.degrees(turn)))


def chain_hero(metal):
    def scene():
        sets.notebook((70, -80))
        meander(metal)
        sets.light_desk()
        if metal == "platinum":         # a white metal wants more light above, and its plate a closer look
            surfaces.softbox((3.5, -1.5, 11), (0, 0, 0), 6, 4, 6.0, feather=0.35)
            surfaces.camera((1.5, -6.8, 8.6), (0.25, 0.12, 0), lens=94, blur=0.11, focus=(-0.3, 0.0, 0.08), roll=2)
        else:
            surfaces.camera((1.6, -6.8, 8.6), (0.0, 0.15, 0), lens=74, blur=0.11, focus=(0.0, -0.1, 0.08), roll=2)
    return scene


def chain_hero_upright(metal):
    """The meander seen along its run: it comes down the frame to the clasp and goes on."""
    def scene():
        sets.notebook((70, -80))
        meander(metal)
        sets.light_desk()
        if metal == "platinum":         # a white metal wants more light above
            surfaces.softbox((3.5, -1.5, 11), (0, 0, 0), 6, 4, 6.0, feather=0.35)
        surfaces.camera((1.4, -7.0, 9.8), (-0.05, 0.06, 0), lens=70, blur=0.11, focus=(0.0, -0.1, 0.08), roll=4)
    return scene


def chain_marks():
    """The plate of the clasp, close enough to read what is struck in it."""
    sets.notebook((70, -80))
    meander("platinum", reach=60.0)
    sets.light_desk()
    surfaces.camera((-0.35, -4.6, 4.4), (-0.66, 0.24, 0.05), lens=190, blur=0.045, focus=(-0.75, 0.22, 0.08), roll=0)


def nc_attract(portrait):
    """Room for words: below in portrait, at the left in landscape."""
    def scene():
        charm_on_notebook("vermeil")()
        if portrait:
            surfaces.camera((3.6, -7.3, 9.4), (0.10, -0.62, 0), lens=78, blur=0.15, focus=(0.1, -0.7, 0.18), roll=2)
        else:
            surfaces.camera((3.6, -7.3, 8.6), (-0.72, 0.30, 0), lens=66, blur=0.15, focus=(0.1, -0.7, 0.18), roll=2)
    return scene


def nc_lifestyle():
    """The charm on its chain, left lying on a closed notebook beside a pencil."""
    charm_on_notebook("vermeil")()
    sets.pencil((-158, -30, 3.0), (90, 0, 118))
    surfaces.camera((4.2, -11.0, 12.5), (-1.2, 0.9, 0), lens=64, blur=0.20, focus=(0, -0.6, 0.18), roll=2)


def nc_pt_lifestyle():
    """The charm in platinum, its chain laid in a loop, a pencil put down beyond it; seen from the other side."""
    sets.notebook((19.5, -19.5))
    _, polished = pieces.corner_charm("platinum", at=(11.6, -11.6, 0.1), turn=(2.2, 0, 0))
    pieces.chain((7.5, 11.75), math.radians(86), 95, polished, bend=lambda i: 0.08 if i < 40 else -0.07,
                 **pieces.SLIM_CHAIN["platinum"])
    sets.pencil((-152, 138, 3.0), (90, 0, 50))
    sets.light_desk()
    surfaces.softbox((3.6, 9.6, 11.0), (0, 0, 0), 8, 6, 4.2, (1.0, 0.985, 0.96), feather=0.45, fade=(0.1, 1.0))    # for its face
    surfaces.softbox((8, -9, 7), (1, -1, 0), 6, 4, 2.5, (1.0, 0.95, 0.88), feather=0.4)
    surfaces.camera((-3.5, -11.2, 12.4), (-1.4, 1.15, 0), lens=64, blur=0.18, focus=(0, -0.6, 0.18), roll=-2)


def pet_on_collar():
    """The tag hangs from the D-ring of a leather collar, on a shop's bust of a dog's neck."""
    neck = 54.0
    sets.neck_form(neck)
    hang = sets.collar(neck)
    bow = 0.5 - 13.5            # where the D-ring's bow hangs, along the collar
    x, y, z = hang(bow - 17.8, sets.COLLAR_THICK + 0.8)
    pieces.pet_tag(at=(x, y, z), turn=(sets.HANG[0] - 2.0, 2.5, 0), ring_turn=(-48, 4))
    sets.light_bust()
    surfaces.camera((-2.6, -17.5, 1.6), (0.25, -6.0, -1.75), lens=62, blur=0.10, focus=(0, -6.6, -2.6), roll=0)


def small_pet_on_collar():
    """The small tag on the narrow collar of a small dog."""
    neck = 40.0
    sets.neck_form(neck)
    hang = sets.collar(neck, width=14.0, bow=(13.0, 11.0), tan=((0.10, 0.014, 0.011), (0.25, 0.040, 0.030)))
    x, y, z = hang(0.5 - 11.0 - 15.3, sets.COLLAR_THICK + 0.8)
    pieces.pet_tag(at=(x, y, z), turn=(sets.HANG[0] - 2.0, 2.5, 0), ring_turn=(-48, 4), radius=10.0, word="PIP")
    sets.light_bust()
    surfaces.camera((-2.3, -15.6, 1.2), (0.2, -4.6, -1.45), lens=66, blur=0.10, focus=(0, -5.2, -2.2), roll=0)


def tags_on_coat():
    """Owner's and pet's tags side by side on a quilted dog coat."""
    sets.dog_coat((-11, -9, 14.0, -1.5), (13, 15, 15.5, -1.5))
    pieces.pet_tag(at=(-11, -9, -0.35), turn=(4.6, -0.5, -16))
    pieces.owner_tag(at=(13, 15, -0.85), turn=(0, -3.4, 20))
    sets.light_coat()


def small_pet_on_coat(back=(-1.2, 9.3, 11.2), **shape):
    """The small tag by itself in the middle of one cushion of the coat, its ring leaning the other way."""
    sets.dog_coat((0, 0, 11.0, -1.45), (1.6, 12.4, 3.0, -2.1))
    pieces.pet_tag(at=(0, 0, -0.35), turn=(5.2, 0.5, 13), ring_turn=(33, 0), radius=10.0, word="PIP", **shape)
    sets.light_coat(back)


def small_pet_hero():
    small_pet_on_coat()
    surfaces.camera((0.7, -6.2, 7.4), (-0.02, 0.24, 0), lens=82, blur=0.085, focus=(0, -0.2, 0.1), roll=-1)


def small_pet_hero_upright():
    small_pet_on_coat(back=(-1.2, 8.7, 11.7))
    surfaces.camera((0.6, -6.2, 8.2), (-0.04, 0.30, 0), lens=80, blur=0.085, focus=(0, -0.2, 0.1), roll=-1)


def small_pet_marks():
    """The struck row under the name, and the near edge of the tag."""
    small_pet_on_coat(per_mm=72.0)
    surfaces.camera((0.9, -5.3, 4.4), (0.06, -0.36, 0), lens=184, blur=0.05, focus=(0.08, -0.36, 0.06), roll=-3)


def coat_view(portrait):
    def scene():
        tags_on_coat()
        if portrait:
            surfaces.camera((-0.8, -8.8, 9.0), (0.05, -0.45, 0), lens=60, blur=0.12, focus=(0, 0, 0.1), roll=0)
        else:
            surfaces.camera((-0.8, -7.8, 8.6), (0.20, 0.45, 0), lens=56, blur=0.12, focus=(0, 0, 0.1), roll=0)
    return scene


def charm_scale(metal):
    def scene():
        sets.slate()
        pieces.corner_charm(metal, at=(-2.5, -11, 0.15), turn=(2.2, 0, 0))
        sets.gauge_coin((15.5, -2.5, 0), turn=6)
        sets.light_bench(back=(-0.8, 5.8, 12.2))
        surfaces.camera((0.05, -5.6, 10.6), (0.07, 0.05, 0), lens=76, blur=0.05, focus=(0, 0, 0.15))
    return scene


def chain_scale(metal):
    """The whole chain of 45 cm, coiled on a slate beside the gauge disc; its clasp at the outer end."""
    def scene():
        sets.slate()
        polished, satin = pieces.finishes(metal)
        coil(metal, polished, satin)
        sets.gauge_coin((26.5, -5.5, 0), turn=4)
        sets.light_bench(back=(-0.8, 5.8, 12.2))
        surfaces.camera((0.05, -6.6, 12.2), (0.06, 0.02, 0), lens=58, blur=0.05, focus=(0, -0.3, 0.1))
    return scene


def coil(metal, polished, satin, *, middle=(-14.0, 1.0), length=430.0, inner=5.5, apart=3.9):
    """A loose coil from the inside out, then straight on to the clasp."""
    turn = np.linspace(0, 60, 24000)
    r = inner + apart * turn / (2 * math.pi) + 0.55 * np.sin(2.3 * turn / math.pi) * np.clip(turn / 12, 0, 1)
    path = np.column_stack([middle[0] + r * np.cos(turn + 0.6), middle[1] + 0.93 * r * np.sin(turn + 0.6)])
    run = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    path = path[run <= length]
    shape = pieces.SLIM_CHAIN[metal]
    points = pieces.chain_along(path, polished, **shape)
    away = points[0] - points[1]
    pieces.jump_ring((*(points[0] + 0.95 * away / np.linalg.norm(away)), 0.7), 1.25, 0.36, polished,
                     (math.degrees(math.atan2(*away[::-1])), "Z"), (30, "X"))
    end, ahead = points[-1], points[-1] - points[-2]
    turn = math.atan2(*ahead[::-1])
    along = np.array([math.cos(turn), math.sin(turn)])
    if metal == "platinum":
        pieces.clasp_plate(polished, satin, at=(*(end + 6.3 * along), 0.12), turn=(0, 0, math.degrees(turn)))
        end = end + 6.4 * along
    pieces.bolt_ring((*(end + 4.55 * along), 0.72), 2.5, 0.5, polished, (math.degrees(turn), "Z"))


def small_pet_scale():
    sets.slate()
    pieces.pet_tag(at=(-13, -4, 1.05), turn=(5.2, -0.5, -6), radius=10.0)
    sets.gauge_coin((13.5, -2.5, 0), turn=6)
    sets.light_bench(back=(-0.8, 5.8, 12.2))
    surfaces.camera((0.05, -5.6, 10.6), (0.0, 0.08, 0), lens=76, blur=0.05, focus=(0, 0, 0.15))


def ring_scale(**shape):
    """The band stands, its marks in sight, beside the gauge disc."""
    def scene():
        sets.slate((0.005, 0.0055, 0.0065), (0.015, 0.0155, 0.017))
        pieces.band_ring(at=(-12.6, 1.0, pieces.RING_INSIDE / 2 + pieces.RING_WALL), turn=(90, 0, 200), **shape)
        sets.gauge_coin((13.4, -1.0, 0), turn=5)
        sets.light_hollow()
        surfaces.softbox((-11, 4.0, 3.6), (-1.4, 0, 0.8), 8, 6.5, 3.4, (1.0, 0.985, 0.96), feather=0.45)
        surfaces.camera((-0.1, -8.0, 6.6), (0.06, 0, 0.50), lens=67, blur=0.06, focus=(-1.4, -0.2, 0.5))
    return scene


def tags_scale():
    sets.slate()
    pieces.pet_tag(at=(-27, -2, 1.15), turn=(5.2, -0.5, 0))
    sets.gauge_coin((0, -2.5, 0), turn=-4)
    pieces.owner_tag(at=(30, -2.5, 0.95), turn=(0, -3.8, 0))
    sets.light_bench(back=(-0.8, 5.8, 12.2))
    surfaces.camera((0.1, -7.0, 12.6), (0.33, 0.15, 0), lens=54, blur=0.05, focus=(0, 0, 0.15))
