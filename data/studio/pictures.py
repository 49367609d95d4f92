"""The list of pictures: what stands in each, from where it is seen, and what a person who cannot see it is told."""
import math
from dataclasses import dataclass
from typing import Callable

import numpy as np

import pieces
import sets
import surfaces

LANDSCAPE, PORTRAIT = (1200, 900), (900, 1200)


@dataclass(frozen=True)
class Picture:
    name: str
    capsule: str
    role: str
    scene: Callable
    en: str
    fr: str
    sku: str | None = None
    size: tuple = LANDSCAPE
    focus: str = "50% 50%"
    samples: int = 56

    @property
    def orientation(self):
        return "4:3" if self.size[0] > self.size[1] else "3:4"


def charm_on_notebook(metal, **shape):
    """The charm lies in the corner of a notebook, as the guard it is modelled on would sit."""
    def scene():
        sets.notebook((19.5, -19.5))
        _, polished = pieces.corner_charm(metal, at=(11.6, -11.6, 0.05), **shape)
        pieces.chain((7.5, 12.1), math.radians(100), 46, polished, bend=lambda i: 0.11 * math.cos(i * 0.17))
        sets.light_desk()
    return scene


def nc_hero(metal):
    def scene():
        charm_on_notebook(metal)()
        surfaces.camera((3.9, -7.2, 8.8), (0.02, 0.0, 0), lens=82, blur=0.14, focus=(0.1, -0.7, 0.18), roll=2)
    return scene


def nc_marks(metal):
    """The struck row, close enough to read."""
    def scene():
        charm_on_notebook(metal, per_mm=72.0)()
        surfaces.camera((-1.3, -4.9, 4.3), (-0.16, -0.70, 0.15), lens=118, blur=0.055, focus=(-0.22, -0.82, 0.17), roll=-3)
    return scene


def owner_on_slate(**shape):
    sets.slate()
    _, polished = pieces.owner_tag(at=(0, 0, 0.12), turn=(0, -3, 18), **shape)
    heading = math.radians(18)
    pieces.chain((16.6 * math.cos(heading), 16.6 * math.sin(heading)), heading + 0.15, 40, polished, link=(4.0, 2.7),
                 wire=0.36, pitch=3.1, lift=1.1, bend=lambda i: 0.12 * math.sin(i * 0.33 + 0.4) + 0.03)
    sets.light_bench()


def owner_hero():
    owner_on_slate()
    surfaces.camera((-0.6, -5.6, 5.9), (0.28, 0.22, 0), lens=62, blur=0.09, focus=(-0.2, -0.3, 0.13), roll=-1)


def owner_marks():
    owner_on_slate(per_mm=72.0)
    surfaces.camera((-1.3, -5.2, 4.6), (-0.06, -0.42, 0.13), lens=128, blur=0.055, focus=(-0.06, -0.52, 0.14), roll=-4)


def pet_on_slate(**shape):
    sets.slate()
    pieces.pet_tag(at=(0, 0, 0.12), turn=(2, -1, -14), **shape)
    sets.light_bench()


def pet_marks():
    pet_on_slate(per_mm=72.0)
    surfaces.camera((-0.9, -5.3, 4.4), (-0.10, -0.36, 0.13), lens=124, blur=0.055, focus=(-0.1, -0.45, 0.14), roll=3)


def pet_hero():
    pet_on_slate()
    surfaces.camera((-0.6, -5.6, 5.9), (0.05, 0.3, 0), lens=68, blur=0.08, focus=(0, -0.2, 0.13), roll=1)


def ring_on_slate(turn, **shape):
    sets.slate()
    pieces.band_ring(at=(0, 0, pieces.RING_INSIDE / 2 + pieces.RING_WALL), turn=turn, **shape)
    sets.light_bench()


def ring_marks():
    ring_on_slate((90, 0, 24), per_mm=72.0)
    surfaces.camera((-1.0, -5.6, 3.9), (0.05, 0.03, 0.22), lens=128, blur=0.05, focus=(0, 0, 0.175))


def ring_hero():
    ring_on_slate((90, 0, 30))
    surfaces.camera((-0.4, -7.6, 4.6), (0.0, 0, 0.92), lens=74, blur=0.08, focus=(0, -0.3, 0.5))


def chain_hero():
    """The slim chain laid in a loose meander, its clasp sharp in the middle."""
    sets.notebook((70, -80))
    polished, _ = pieces.finishes("vermeil")
    run = np.linspace(-150, 150, 3001)
    heading = math.radians(80) - 1.72 * np.cos(run * math.pi / 46)      # the curve a river makes
    curve = np.cumsum(np.column_stack([np.cos(heading), np.sin(heading)]), axis=0) * (run[1] - run[0])
    curve -= curve[1500]
    shape = {"pitch": 2.3, "link": (2.95, 2.0), "wire": 0.27, "lift": 0.85}
    pieces.chain_along(curve[run < -4.45][::-1], polished, **shape)
    pieces.chain_along(curve[run > 2.3], polished, **shape)
    ahead = curve[np.searchsorted(run, 3)] - curve[np.searchsorted(run, -4)]
    pieces.bolt_ring((0, 0, 0.72), 2.5, 0.5, polished, (math.degrees(math.atan2(*ahead[::-1])), "Z"))
    sets.light_desk()
    surfaces.camera((1.6, -6.8, 8.6), (0.0, 0.15, 0), lens=74, blur=0.11, focus=(0.0, -0.1, 0.08), roll=2)


PICTURES = [
    # ---- notebook corner
    Picture("nc-vm-hero", "notebook-corner", "hero", nc_hero("vermeil"), sku="NC-VM", focus="46% 55%",
            en="An L-shaped charm in vermeil lies in the stitched corner of a dark green leather notebook. A line is "
               "engraved along it, a rivet sits in its corner, and its chain leads away.",
            fr="Une breloque en L, en vermeil, est posée dans le coin surpiqué d’un carnet de cuir vert foncé. Un filet "
               "y est gravé, un rivet marque son angle et sa chaîne s’éloigne."),
    Picture("nc-pt-hero", "notebook-corner", "hero", nc_hero("platinum"), sku="NC-PT", focus="46% 55%",
            en="The L-shaped corner charm in platinum on dark green leather, with three marks struck in its lower arm "
               "and a platinum chain.",
            fr="La breloque d’angle en L, en platine, sur du cuir vert foncé : trois poinçons sur la branche inférieure "
               "et une chaîne en platine."),
    Picture("nc-ch-hero", "notebook-corner", "hero", chain_hero, sku="NC-CH",
            en="A slim cable chain in vermeil lies in loose curves on dark green leather; its bolt-ring clasp is in the "
               "middle.",
            fr="Une fine chaîne forçat en vermeil dessine des courbes souples sur du cuir vert foncé ; son fermoir "
               "anneau ressort est au centre."),
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
    # ---- owner and pet
    Picture("op-owner-hallmark", "owner-and-pet", "hallmark", owner_marks, sku="OP-OWNER",
            en="Close view of the marks on the owner tag: VTN in a hexagon, 950 in a house shape, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la plaque : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-pet-hallmark", "owner-and-pet", "hallmark", pet_marks, sku="OP-PET",
            en="Close view of the marks on the pet tag: VTN in a hexagon, 950 in a house shape, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la médaille : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-ring-hallmark", "owner-and-pet", "hallmark", ring_marks, sku="OP-RING",
            en="Close view of the inside of the band: VTN in a hexagon, 950 in a house shape, a compass star in a shield. "
               "The marks are invented.",
            fr="Gros plan de l’intérieur de l’anneau : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-owner-hero", "owner-and-pet", "hero", owner_hero, sku="OP-OWNER", focus="48% 55%",
            en="A rounded rectangular platinum tag, engraved “BISCUIT & MOI”, with three struck marks and a fine chain, "
               "on dark slate.",
            fr="Une plaque rectangulaire arrondie en platine, gravée « BISCUIT & MOI », avec trois poinçons et une fine "
               "chaîne, sur ardoise sombre."),
    Picture("op-pet-hero", "owner-and-pet", "hero", pet_hero, sku="OP-PET", focus="50% 58%",
            en="A round platinum pet tag, engraved “BISCUIT”, with three struck marks and a split ring, on dark slate.",
            fr="Une médaille ronde en platine pour animal, gravée « BISCUIT », avec trois poinçons et un anneau brisé, "
               "sur ardoise sombre."),
    Picture("op-ring-hero", "owner-and-pet", "hero", ring_hero, sku="OP-RING",
            en="A platinum band ring with a satin outside stands on dark slate; its marks can be seen inside.",
            fr="Un anneau jonc en platine, satiné à l’extérieur, se tient debout sur une ardoise sombre ; on devine ses "
               "poinçons à l’intérieur."),
]
