"""The list of pictures: what stands in each, from where it is seen, and what a person who cannot see it is told."""
import math
from dataclasses import dataclass
from typing import Callable

import numpy as np

import pieces
import sets
import surfaces

LANDSCAPE, PORTRAIT, SMALL, SQUARE = (1200, 900), (900, 1200), (960, 720), (400, 400)


@dataclass(frozen=True)
class Picture:
    name: str
    capsule: str
    role: str
    scene: Callable
    en: str
    fr: str
    sku: str | tuple | None = None
    material: str | None = None
    size: tuple = LANDSCAPE
    focus: str = "50% 50%"
    samples: int = 5

    @property
    def orientation(self):
        return {1: "4:3", 0: "1:1", -1: "3:4"}[int(np.sign(self.size[0] - self.size[1]))]


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
        surfaces.camera((3.7, -7.3, 9.2), (0.22, 0.30, 0), lens=78, blur=0.14, focus=(0.1, -0.7, 0.18), roll=1)
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
    pieces.owner_tag(at=(0, -1.0, 0.95), turn=(0, -3.8, 52))
    sets.light_bench()
    surfaces.camera((-0.6, -5.6, 6.4), (0.10, 0.10, 0), lens=66, blur=0.085, focus=(-0.2, -0.3, 0.15), roll=-1)


def owner_marks():
    owner_on_slate(per_mm=72.0)
    surfaces.camera((-1.3, -5.2, 4.6), (-0.06, -0.40, 0.13), lens=175, blur=0.055, focus=(-0.06, -0.52, 0.14), roll=-4)


def pet_on_slate(**shape):
    sets.slate()
    pieces.pet_tag(at=(0, 0, 1.15), turn=(5.2, -0.5, -12), **shape)
    sets.light_bench(back=(-1.0, 10.4, 10.8))


def pet_marks():
    pet_on_slate(per_mm=72.0)
    surfaces.camera((-0.9, -5.3, 4.4), (-0.10, -0.34, 0.13), lens=172, blur=0.055, focus=(-0.1, -0.45, 0.14), roll=3)


def pet_hero():
    pet_on_slate()
    surfaces.camera((-0.6, -5.5, 6.4), (0.08, 0.36, 0), lens=66, blur=0.075, focus=(0, -0.2, 0.2), roll=1)


def pet_hero_upright():
    pet_on_slate()
    surfaces.camera((-0.5, -5.5, 7.4), (0.06, 0.42, 0), lens=62, blur=0.075, focus=(0, -0.2, 0.2), roll=1)


def ring_on_slate(turn, **shape):
    sets.slate()
    pieces.band_ring(at=(0, 0, pieces.RING_INSIDE / 2 + pieces.RING_WALL), turn=turn, **shape)
    sets.light_bench()
    surfaces.softbox((-10, 6.5, 3.6), (0, 0, 0.8), 8, 6.5, 3.4, (1.0, 0.985, 0.96), feather=0.45)


def ring_marks():
    ring_on_slate((90, 0, 198), per_mm=72.0)
    surfaces.camera((-0.7, -5.0, 5.0), (-0.02, 0.0, 0.24), lens=165, blur=0.045, focus=(0, 0, 0.175))


def ring_stone_hero():
    """Turned so that the stone, which only its wearer knows of, looks out."""
    ring_on_slate((90, 0, 206), stone=8.4)
    surfaces.camera((-0.4, -7.6, 4.9), (0.0, 0, 0.9), lens=87, blur=0.08, focus=(0.3, 0.1, 0.5))


def ring_hero_upright(**shape):
    def scene():
        ring_on_slate((90, 0, 212), **shape)
        surfaces.camera((-0.5, -7.4, 5.6), (0.02, 0, 0.72), lens=76, blur=0.08, focus=(0, -0.3, 0.5))
    return scene


def stones_at_the_back():
    """Both premium tags lie on their faces: the green stone in each."""
    sets.slate()
    pieces.pet_tag(at=(-13, -3, 1.15), turn=(5.2, -0.5, -14), back=True)
    pieces.owner_tag(at=(15, 8, 0.95), turn=(0, -3.8, 22), back=True)
    sets.light_bench(back=(-1.0, 10.4, 10.8))
    surfaces.camera((-0.6, -6.0, 7.0), (0.10, 0.30, 0), lens=66, blur=0.075, focus=(-1.0, -0.3, 0.2), roll=1)


def ring_hero():
    ring_on_slate((90, 0, 208))
    surfaces.camera((-0.4, -7.6, 4.9), (0.0, 0, 0.9), lens=87, blur=0.08, focus=(0, -0.3, 0.5))


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
        surfaces.camera((1.6, -6.8, 8.6), (0.0, 0.15, 0), lens=74, blur=0.11, focus=(0.0, -0.1, 0.08), roll=2)
    return scene


def chain_hero_upright(metal):
    """The meander seen along its run: it comes down the frame to the clasp and goes on."""
    def scene():
        sets.notebook((70, -80))
        meander(metal)
        sets.light_desk()
        surfaces.camera((0.9, -7.6, 9.2), (0.05, 0.35, 0), lens=66, blur=0.11, focus=(0.0, -0.1, 0.08), roll=50)
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


def tags_on_coat():
    """Owner's and pet's tags side by side on a quilted dog coat."""
    sets.dog_coat((-11, -9, 14.0, -1.5), (13, 15, 15.5, -1.5))
    pieces.pet_tag(at=(-11, -9, -0.35), turn=(4.6, -0.5, -16))
    pieces.owner_tag(at=(13, 15, -0.85), turn=(0, -3.4, 20))
    sets.light_coat()


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


def tags_scale():
    sets.slate()
    pieces.pet_tag(at=(-27, -2, 1.15), turn=(5.2, -0.5, 0))
    sets.gauge_coin((0, -2.5, 0), turn=-4)
    pieces.owner_tag(at=(30, -2.5, 0.95), turn=(0, -3.8, 0))
    sets.light_bench(back=(-0.8, 5.8, 12.2))
    surfaces.camera((0.1, -7.0, 12.6), (0.33, 0.15, 0), lens=54, blur=0.05, focus=(0, 0, 0.15))


def swatch(metal):
    """A trade sample of the metal under soft light, close enough that nothing else is in the frame."""
    def scene():
        pieces.sample(metal)
        sets.light_bench(back=(-1.5, 8.0, 11.0))
        surfaces.camera((0, -4.4, 7.4), (0, 0, 0), lens=88, blur=0.05, focus=(0, 0, 0.2))
    return scene


# The premium tags carry their stone on the back, so that their face is the same.
OWNER_TAGS, PET_TAGS = ("OP-OWNER", "OP-OWNER-X"), ("OP-PET", "OP-PET-S", "OP-PET-X")

PICTURES = [
    # ---- notebook corner
    Picture("nc-vm-hero", "notebook-corner", "hero", nc_hero("vermeil"), sku="NC-VM", focus="46% 55%", samples=10,
            en="An L-shaped charm in vermeil lies in the stitched corner of a dark green leather notebook. A line is "
               "engraved along it, a rivet sits in its corner, and its chain leads away.",
            fr="Une breloque en L, en vermeil, est posée dans le coin surpiqué d’un carnet de cuir vert foncé. Un filet "
               "y est gravé, un rivet marque son angle et sa chaîne s’éloigne."),
    Picture("nc-pt-hero", "notebook-corner", "hero", nc_hero("platinum"), sku="NC-PT", focus="46% 55%",
            en="The L-shaped corner charm in platinum on dark green leather, with three marks struck in its lower arm "
               "and a platinum chain.",
            fr="La breloque d’angle en L, en platine, sur du cuir vert foncé : trois poinçons sur la branche inférieure "
               "et une chaîne en platine."),
    Picture("nc-ch-hero", "notebook-corner", "hero", chain_hero("vermeil"), sku="NC-CH",
            en="A slim cable chain in vermeil lies in loose curves on dark green leather; its bolt-ring clasp is in the "
               "middle.",
            fr="Une fine chaîne forçat en vermeil dessine des courbes souples sur du cuir vert foncé ; son fermoir "
               "anneau ressort est au centre."),
    Picture("nc-ch-pt-hero", "notebook-corner", "hero", chain_hero("platinum"), sku="NC-CH-PT",
            en="A slim cable chain in platinum lies in loose curves on dark green leather; in the middle its bolt-ring "
               "clasp, with a small plate that bears three marks.",
            fr="Une fine chaîne forçat en platine dessine des courbes souples sur du cuir vert foncé ; au centre, son "
               "fermoir anneau ressort et une petite plaque qui porte trois poinçons."),
    Picture("nc-ch-pt-hallmark", "notebook-corner", "hallmark", chain_marks, sku="NC-CH-PT",
            en="Close view of the plate on the platinum chain’s clasp: VTN in a hexagon, 950 in a house shape, a compass "
               "star in a shield. The marks are invented.",
            fr="Gros plan de la plaquette du fermoir de la chaîne en platine : VTN dans un hexagone, 950 dans une forme de "
               "maison, une rose des vents dans un écu. Les poinçons sont inventés."),
    Picture("nc-vm-hallmark", "notebook-corner", "hallmark", nc_marks("vermeil"), sku="NC-VM",
            en="Close view of the marks on the vermeil charm: VTN in a hexagon, 925 in an oval, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la breloque en vermeil : VTN dans un hexagone, 925 dans un ovale, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("nc-pt-hallmark", "notebook-corner", "hallmark", nc_marks("platinum"), sku="NC-PT",
            en="Close view of the marks on the platinum charm: VTN in a hexagon, 950 in a house shape, a compass star in "
               "a shield. The marks are invented.",
            fr="Gros plan des poinçons de la breloque en platine : VTN dans un hexagone, 950 dans une forme de maison, "
               "une rose des vents dans un écu. Les poinçons sont inventés."),
    Picture("notebook-corner-attract-portrait", "notebook-corner", "hero", nc_attract(True), size=PORTRAIT,
            focus="52% 38%",
            en="A gold-coloured L-shaped charm in the corner of a dark green leather notebook.",
            fr="Une breloque dorée en L, dans le coin d’un carnet de cuir vert foncé."),
    Picture("notebook-corner-attract", "notebook-corner", "hero", nc_attract(False), focus="62% 55%",
            en="A gold-coloured L-shaped charm in the corner of a dark green leather notebook, seen from a little way off.",
            fr="Une breloque dorée en L, dans le coin d’un carnet de cuir vert foncé, vue d’un peu plus loin."),
    Picture("nc-lifestyle", "notebook-corner", "lifestyle", nc_lifestyle, sku=("NC-VM", "NC-CH"), focus="50% 60%",
            en="The vermeil charm on its chain, left on a closed green notebook beside a black pencil.",
            fr="La breloque en vermeil et sa chaîne, laissées sur un carnet vert fermé, près d’un crayon noir."),
    Picture("nc-vm-scale", "notebook-corner", "scale", charm_scale("vermeil"), sku="NC-VM",
            en="The vermeil charm beside a brass disc of a one-pound coin’s size, 23.4 mm: the charm is a little smaller.",
            fr="La breloque en vermeil à côté d’un disque de laiton de la taille d’une pièce d’une livre, 23,4 mm : la "
               "breloque est un peu plus petite."),
    Picture("nc-pt-scale", "notebook-corner", "scale", charm_scale("platinum"), sku="NC-PT",
            en="The platinum charm beside a brass disc of a one-pound coin’s size, 23.4 mm: the charm is a little smaller.",
            fr="La breloque en platine à côté d’un disque de laiton de la taille d’une pièce d’une livre, 23,4 mm : la "
               "breloque est un peu plus petite."),
    # ---- owner and pet
    Picture("op-owner-hallmark", "owner-and-pet", "hallmark", owner_marks, sku=OWNER_TAGS,
            en="Close view of the marks on the owner tag: VTN in a hexagon, 950 in a house shape, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la plaque : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-pet-hallmark", "owner-and-pet", "hallmark", pet_marks, sku=PET_TAGS,
            en="Close view of the marks on the pet tag: VTN in a hexagon, 950 in a house shape, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la médaille : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-ring-hallmark", "owner-and-pet", "hallmark", ring_marks, sku="OP-RING",
            en="Close view of the inside of the band: VTN in a hexagon, 950 in a house shape, a compass star in a shield. "
               "The marks are invented.",
            fr="Gros plan de l’intérieur de l’anneau : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-owner-hero", "owner-and-pet", "hero", owner_hero, sku=OWNER_TAGS, focus="48% 55%",
            en="A rounded rectangular platinum tag, engraved “BISCUIT & MOI”, with three struck marks and its ring, on "
               "dark slate.",
            fr="Une plaque rectangulaire arrondie en platine, gravée « BISCUIT & MOI », avec trois poinçons et son "
               "anneau, sur ardoise sombre."),
    Picture("op-pet-hero", "owner-and-pet", "hero", pet_hero, sku=PET_TAGS, focus="50% 58%",
            en="A round platinum pet tag, engraved “BISCUIT”, with three struck marks and a split ring, on dark slate.",
            fr="Une médaille ronde en platine pour animal, gravée « BISCUIT », avec trois poinçons et un anneau brisé, "
               "sur ardoise sombre."),
    Picture("op-ring-hero", "owner-and-pet", "hero", ring_hero, sku="OP-RING",
            en="A platinum band ring with a satin outside stands on dark slate; its marks can be seen inside.",
            fr="Un anneau jonc en platine, satiné à l’extérieur, se tient debout sur une ardoise sombre ; on devine ses "
               "poinçons à l’intérieur."),
    Picture("op-ring-x-hero", "owner-and-pet", "hero", ring_stone_hero, sku="OP-RING-X",
            en="A platinum band ring stands on dark slate; inside it, above its marks, a small round green stone is set "
               "level with the metal.",
            fr="Un anneau jonc en platine se tient debout sur une ardoise sombre ; à l’intérieur, au-dessus des poinçons, "
               "une petite pierre verte ronde est sertie à fleur de métal."),
    Picture("op-stone-detail", "owner-and-pet", "detail", stones_at_the_back, sku=("OP-OWNER-X", "OP-PET-X"),
            en="The backs of both premium tags in platinum, plain but for one small round green stone in the middle of "
               "each.",
            fr="Le revers des deux médailles premium en platine, nu à l’exception d’une petite pierre verte ronde, sertie "
               "au milieu de chacune."),
    Picture("op-pet-collar", "owner-and-pet", "pet", pet_on_collar, sku=("OP-PET", "OP-PET-X"),
            en="The round pet tag hangs by its split ring from the D-ring of a stitched tan leather collar, on a bust of a "
               "dog’s neck.",
            fr="La médaille ronde pend par son anneau brisé à l’anneau en D d’un collier de cuir fauve surpiqué, sur un "
               "buste de cou de chien."),
    Picture("owner-and-pet-attract-portrait", "owner-and-pet", "hero", coat_view(True), size=PORTRAIT,
            focus="50% 40%",
            en="Two platinum tags, one for the owner and one for the pet, on a quilted camel dog coat.",
            fr="Deux plaques en platine, l’une pour l’humain, l’autre pour l’animal, sur un manteau de chien matelassé."),
    Picture("op-lifestyle", "owner-and-pet", "lifestyle", coat_view(False), sku=OWNER_TAGS + PET_TAGS, samples=14,
            en="The owner tag and the pet tag lie side by side on a quilted camel dog coat.",
            fr="La plaque de l’humain et la médaille de l’animal, côte à côte sur un manteau de chien matelassé couleur "
               "chameau."),
    Picture("op-scale", "owner-and-pet", "scale", tags_scale, sku=("OP-OWNER", "OP-OWNER-X", "OP-PET", "OP-PET-X"),
            en="From left to right: the round pet tag of 25 mm, a brass disc of a one-pound coin’s size, 23.4 mm, and the "
               "owner tag of 28 by 16 mm.",
            fr="De gauche à droite : la médaille ronde de 25 mm, un disque de laiton de la taille d’une pièce d’une "
               "livre, 23,4 mm, et la plaque de 28 sur 16 mm."),
    # ---- the heroes once more, composed for an upright frame
    Picture("nc-vm-hero-portrait", "notebook-corner", "hero", nc_hero_upright("vermeil"), sku="NC-VM", size=PORTRAIT,
            focus="50% 62%",
            en="The L-shaped charm in vermeil lies in the corner of a dark green leather notebook, its slim chain running "
               "up the picture.",
            fr="La breloque en L, en vermeil, dans le coin d’un carnet de cuir vert foncé ; sa chaîne fine remonte "
               "l’image."),
    Picture("nc-pt-hero-portrait", "notebook-corner", "hero", nc_hero_upright("platinum"), sku="NC-PT", size=PORTRAIT,
            focus="50% 62%",
            en="The L-shaped charm in platinum lies in the corner of a dark green leather notebook, its slim chain running "
               "up the picture.",
            fr="La breloque en L, en platine, dans le coin d’un carnet de cuir vert foncé ; sa chaîne fine remonte "
               "l’image."),
    Picture("nc-ch-hero-portrait", "notebook-corner", "hero", chain_hero_upright("vermeil"), sku="NC-CH", size=PORTRAIT,
            en="The slim chain in vermeil winds up the picture on dark green leather, its bolt-ring clasp in the middle.",
            fr="La fine chaîne en vermeil serpente à la verticale sur du cuir vert foncé, son fermoir anneau ressort au "
               "centre."),
    Picture("nc-ch-pt-hero-portrait", "notebook-corner", "hero", chain_hero_upright("platinum"), sku="NC-CH-PT",
            size=PORTRAIT,
            en="The slim chain in platinum winds up the picture on dark green leather; in the middle its clasp, with a "
               "small plate that bears three marks.",
            fr="La fine chaîne en platine serpente à la verticale sur du cuir vert foncé ; au centre, son fermoir et la "
               "plaquette aux trois poinçons."),
    Picture("op-owner-hero-portrait", "owner-and-pet", "hero", owner_hero_upright, sku=OWNER_TAGS, size=PORTRAIT,
            en="The rounded platinum tag, engraved “BISCUIT & MOI”, stands steeply across an upright picture, on dark "
               "slate.",
            fr="La plaque arrondie en platine, gravée « BISCUIT & MOI », en diagonale dans une image verticale, sur "
               "ardoise sombre."),
    Picture("op-pet-hero-portrait", "owner-and-pet", "hero", pet_hero_upright, sku=PET_TAGS, size=PORTRAIT,
            en="The round platinum pet tag, engraved “BISCUIT”, with its split ring above it, on dark slate.",
            fr="La médaille ronde en platine, gravée « BISCUIT », son anneau brisé au-dessus d’elle, sur ardoise sombre."),
    Picture("op-ring-hero-portrait", "owner-and-pet", "hero", ring_hero_upright(), sku="OP-RING", size=PORTRAIT,
            en="The platinum band ring stands upright on dark slate and is mirrored in it; its marks can be seen inside.",
            fr="L’anneau jonc en platine se dresse sur une ardoise sombre qui le reflète ; on voit ses poinçons à "
               "l’intérieur."),
    Picture("op-ring-x-hero-portrait", "owner-and-pet", "hero", ring_hero_upright(stone=8.4), sku="OP-RING-X",
            size=PORTRAIT,
            en="The platinum band ring with the green stone inside it stands upright on dark slate.",
            fr="L’anneau jonc en platine, une pierre verte à l’intérieur, se dresse sur une ardoise sombre."),
    # ---- the metals
    Picture("nc-vermeil-swatch", "notebook-corner", "swatch", swatch("vermeil"), material="VERMEIL", size=SQUARE, samples=8,
            en="Vermeil close to: a satin surface, yellow as eighteen-carat gold, and a polished wire across it.",
            fr="Le vermeil de près : une surface satinée, jaune comme l’or dix-huit carats, et un fil poli en travers."),
    Picture("nc-platinum-swatch", "notebook-corner", "swatch", swatch("platinum"), material="PT950RU", size=SQUARE,
            samples=8,
            en="Platinum close to: a satin surface of a cool, even white, and a polished wire across it.",
            fr="Le platine de près : une surface satinée d’un blanc froid et égal, et un fil poli en travers."),
    Picture("op-platinum-swatch", "owner-and-pet", "swatch", swatch("platinum"), material="PT950RU", size=SQUARE, samples=8,
            en="Platinum close to: a satin surface of a cool, even white, and a polished wire across it.",
            fr="Le platine de près : une surface satinée d’un blanc froid et égal, et un fil poli en travers."),
]
