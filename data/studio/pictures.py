"""The list of pictures: its scene, its piece and role, and what a person who cannot see it is told."""
from dataclasses import dataclass
from typing import Callable

import scenes

LANDSCAPE, PORTRAIT, SMALL = (1200, 900), (900, 1200), (800, 600)


@dataclass(frozen=True)
class Picture:
    name: str
    capsule: str
    role: str
    scene: Callable
    en: str
    fr: str
    sku: str | tuple | None = None
    size: tuple = LANDSCAPE
    focus: str = "50% 50%"
    samples: int = 5
    marks: tuple = ()      # which mark, and the percent of width and height its middle is at

    @property
    def orientation(self):
        return "4:3" if self.size[0] > self.size[1] else "3:4"


@dataclass(frozen=True)
class Swatch:
    """A metal, cut out of a finished picture; `box` is left, top and side, as shares of that picture's width."""
    name: str
    capsule: str
    material: str
    source: str
    box: tuple
    en: str
    fr: str
    sku = None
    role, orientation, focus = "swatch", "1:1", "50% 50%"


# The premium tags carry their stone on the back, so that their face is the same.
OWNER_TAGS, PET_TAGS = ("OP-OWNER", "OP-OWNER-X"), ("OP-PET", "OP-PET-X")

PICTURES = [
    # ---- notebook corner
    Picture("nc-vm-hero", "notebook-corner", "hero", scenes.nc_hero("vermeil"), sku="NC-VM", focus="46% 55%", samples=10,
            en="An L-shaped charm in vermeil lies in the stitched corner of a dark green leather notebook. A line is "
               "engraved along it, a rivet sits in its corner, and its chain leads away.",
            fr="Une breloque en L, en vermeil, est posée dans le coin surpiqué d’un carnet de cuir vert foncé. Un filet "
               "y est gravé, un rivet marque son angle et sa chaîne s’éloigne."),
    Picture("nc-pt-hero", "notebook-corner", "hero", scenes.nc_hero("platinum"), sku="NC-PT", focus="46% 55%",
            en="The L-shaped corner charm in platinum on dark green leather, with three marks struck in its lower arm "
               "and a platinum chain.",
            fr="La breloque d’angle en L, en platine, sur du cuir vert foncé : trois poinçons sur la branche inférieure "
               "et une chaîne en platine."),
    Picture("nc-ch-hero", "notebook-corner", "hero", scenes.chain_hero("vermeil"), sku="NC-CH",
            en="A slim cable chain in vermeil lies in loose curves on dark green leather; its bolt-ring clasp is in the "
               "middle.",
            fr="Une fine chaîne forçat en vermeil dessine des courbes souples sur du cuir vert foncé ; son fermoir "
               "anneau ressort est au centre."),
    Picture("nc-ch-pt-hero", "notebook-corner", "hero", scenes.chain_hero("platinum"), sku="NC-CH-PT",
            en="A slim cable chain in platinum lies in loose curves on dark green leather; in the middle its bolt-ring "
               "clasp, with a small plate that bears three marks.",
            fr="Une fine chaîne forçat en platine dessine des courbes souples sur du cuir vert foncé ; au centre, son "
               "fermoir anneau ressort et une petite plaque qui porte trois poinçons."),
    Picture("nc-ch-pt-hallmark", "notebook-corner", "hallmark", scenes.chain_marks, sku="NC-CH-PT",
            marks=(("sponsor", 33, 44), ("fineness", 47, 50), ("office", 58, 52)),
            en="Close view of the plate on the platinum chain’s clasp: VTN in a hexagon, 950 in a house shape, a compass "
               "star in a shield. The marks are invented.",
            fr="Gros plan de la plaquette du fermoir de la chaîne en platine : VTN dans un hexagone, 950 dans une forme de "
               "maison, une rose des vents dans un écu. Les poinçons sont inventés."),
    Picture("nc-vm-hallmark", "notebook-corner", "hallmark", scenes.nc_marks("vermeil"), sku="NC-VM",
            marks=(("sponsor", 28, 46), ("fineness", 52, 53), ("office", 71, 58)),
            en="Close view of the marks on the vermeil charm: VTN in a hexagon, 925 in an oval, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la breloque en vermeil : VTN dans un hexagone, 925 dans un ovale, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("nc-pt-hallmark", "notebook-corner", "hallmark", scenes.nc_marks("platinum"), sku="NC-PT",
            marks=(("sponsor", 29, 47), ("fineness", 51, 54), ("office", 69, 58)),
            en="Close view of the marks on the platinum charm: VTN in a hexagon, 950 in a house shape, a compass star in "
               "a shield. The marks are invented.",
            fr="Gros plan des poinçons de la breloque en platine : VTN dans un hexagone, 950 dans une forme de maison, "
               "une rose des vents dans un écu. Les poinçons sont inventés."),
    Picture("notebook-corner-attract-portrait", "notebook-corner", "hero", scenes.nc_attract(True), size=PORTRAIT,
            focus="52% 38%",
            en="A gold-coloured L-shaped charm in the corner of a dark green leather notebook.",
            fr="Une breloque dorée en L, dans le coin d’un carnet de cuir vert foncé."),
    Picture("notebook-corner-attract", "notebook-corner", "hero", scenes.nc_attract(False), focus="62% 55%",
            en="A gold-coloured L-shaped charm in the corner of a dark green leather notebook, seen from a little way off.",
            fr="Une breloque dorée en L, dans le coin d’un carnet de cuir vert foncé, vue d’un peu plus loin."),
    Picture("nc-lifestyle", "notebook-corner", "lifestyle", scenes.nc_lifestyle, sku=(None, "NC-VM", "NC-CH"), focus="50% 60%",
            en="The vermeil charm on its chain, left on a closed green notebook beside a black pencil.",
            fr="La breloque en vermeil et sa chaîne, laissées sur un carnet vert fermé, près d’un crayon noir."),
    Picture("nc-pt-lifestyle", "notebook-corner", "lifestyle", scenes.nc_pt_lifestyle, sku=("NC-PT", "NC-CH-PT"), samples=8,
            focus="50% 60%",
            en="The platinum charm in the corner of a closed green notebook, its platinum chain laid in a loop; beyond it a "
               "black pencil.",
            fr="La breloque en platine dans le coin d’un carnet vert fermé, sa chaîne en platine posée en boucle ; plus loin, "
               "un crayon noir."),
    Picture("nc-vm-scale", "notebook-corner", "scale", scenes.charm_scale("vermeil"), sku="NC-VM",
            en="The vermeil charm beside a brass disc of a one-pound coin’s size, 23.4 mm: the charm is a little smaller.",
            fr="La breloque en vermeil à côté d’un disque de laiton de la taille d’une pièce d’une livre, 23,4 mm : la "
               "breloque est un peu plus petite."),
    Picture("nc-pt-scale", "notebook-corner", "scale", scenes.charm_scale("platinum"), sku="NC-PT",
            en="The platinum charm beside a brass disc of a one-pound coin’s size, 23.4 mm: the charm is a little smaller.",
            fr="La breloque en platine à côté d’un disque de laiton de la taille d’une pièce d’une livre, 23,4 mm : la "
               "breloque est un peu plus petite."),
    Picture("nc-ch-scale", "notebook-corner", "scale", scenes.chain_scale("vermeil"), sku="NC-CH",
            en="The whole vermeil chain, coiled on dark slate beside a brass disc of a one-pound coin’s size, 23.4 mm: a link "
               "is about a tenth as wide as the disc.",
            fr="Toute la chaîne en vermeil, enroulée sur ardoise sombre à côté d’un disque de laiton de la taille d’une "
               "pièce d’une livre, 23,4 mm : un maillon est environ dix fois moins large que le disque."),
    Picture("nc-ch-pt-scale", "notebook-corner", "scale", scenes.chain_scale("platinum"), sku="NC-CH-PT",
            en="The whole platinum chain, coiled on dark slate beside a brass disc of a one-pound coin’s size, 23.4 mm; the "
               "plate with its marks is at the outer end, next to the clasp.",
            fr="Toute la chaîne en platine, enroulée sur ardoise sombre à côté d’un disque de laiton de la taille d’une "
               "pièce d’une livre, 23,4 mm ; la plaquette aux poinçons est au bout, près du fermoir."),
    # ---- owner and pet
    Picture("op-owner-hallmark", "owner-and-pet", "hallmark", scenes.owner_marks, sku=OWNER_TAGS,
            marks=(("sponsor", 38, 64), ("fineness", 58, 51), ("office", 70, 38)),
            en="Close view of the marks on the owner tag: VTN in a hexagon, 950 in a house shape, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la plaque : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-pet-hallmark", "owner-and-pet", "hallmark", scenes.pet_marks, sku=PET_TAGS,
            marks=(("sponsor", 34, 53), ("fineness", 58, 55), ("office", 76, 57)),
            en="Close view of the marks on the pet tag: VTN in a hexagon, 950 in a house shape, a compass star in a "
               "shield. The marks are invented.",
            fr="Gros plan des poinçons de la médaille : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-pet-s-hallmark", "owner-and-pet", "hallmark", scenes.small_pet_marks, sku="OP-PET-S", samples=10,
            marks=(("sponsor", 35, 50), ("fineness", 58, 48), ("office", 74, 46)),
            en="Close view of the marks on the small pet tag, under the name PIP: VTN in a hexagon, 950 in a house shape, a "
               "compass star in a shield. The marks are invented.",
            fr="Gros plan des poinçons de la petite médaille, sous le nom PIP : VTN dans un hexagone, 950 dans une forme de "
               "maison, une rose des vents dans un écu. Les poinçons sont inventés."),
    Picture("op-ring-hallmark", "owner-and-pet", "hallmark", scenes.ring_marks, sku="OP-RING",
            marks=(("sponsor", 29, 57), ("fineness", 51, 54), ("office", 66, 44)),
            en="Close view of the inside of the band: VTN in a hexagon, 950 in a house shape, a compass star in a shield. "
               "The marks are invented.",
            fr="Gros plan de l’intérieur de l’anneau : VTN dans un hexagone, 950 dans une forme de maison, une rose des "
               "vents dans un écu. Les poinçons sont inventés."),
    Picture("op-ring-x-hallmark", "owner-and-pet", "hallmark", scenes.ring_stone_marks, sku="OP-RING-X",
            marks=(("sponsor", 28, 62), ("fineness", 45, 59), ("office", 56, 51)),
            en="Close view of the inside of the band: VTN in a hexagon, 950 in a house shape, a compass star in a shield and, "
               "further along, the small green stone. The marks are invented.",
            fr="Gros plan de l’intérieur de l’anneau : VTN dans un hexagone, 950 dans une forme de maison, une rose des vents "
               "dans un écu et, plus loin, la petite pierre verte. Les poinçons sont inventés."),
    Picture("op-owner-hero", "owner-and-pet", "hero", scenes.owner_hero, sku=OWNER_TAGS, focus="48% 55%",
            en="A rounded rectangular platinum tag, engraved “BISCUIT & MOI”, with three struck marks and its ring, on "
               "dark slate.",
            fr="Une plaque rectangulaire arrondie en platine, gravée « BISCUIT & MOI », avec trois poinçons et son "
               "anneau, sur ardoise sombre."),
    Picture("op-pet-hero", "owner-and-pet", "hero", scenes.pet_hero, sku=PET_TAGS, focus="50% 58%",
            en="A round platinum pet tag, engraved “BISCUIT”, with three struck marks and a split ring, on dark slate.",
            fr="Une médaille ronde en platine pour animal, gravée « BISCUIT », avec trois poinçons et un anneau brisé, "
               "sur ardoise sombre."),
    Picture("op-pet-s-hero", "owner-and-pet", "hero", scenes.small_pet_hero, sku="OP-PET-S", focus="50% 45%", samples=12,
            en="A small round platinum pet tag, engraved “PIP”, with three struck marks and a split ring, on one cushion of "
               "a quilted camel dog coat.",
            fr="Une petite médaille ronde en platine pour animal, gravée « PIP », avec trois poinçons et un anneau brisé, "
               "posée sur un carreau d’un manteau de chien matelassé couleur chameau."),
    Picture("op-ring-hero", "owner-and-pet", "hero", scenes.ring_hero, sku="OP-RING",
            en="A platinum band ring with a satin outside stands on dark slate; its marks can be seen inside.",
            fr="Un anneau jonc en platine, satiné à l’extérieur, se tient debout sur une ardoise sombre ; on devine ses "
               "poinçons à l’intérieur."),
    Picture("op-ring-x-hero", "owner-and-pet", "hero", scenes.ring_stone_hero, sku="OP-RING-X",
            en="A platinum band ring stands on dark slate; inside it, a little way along from its marks, a small round green "
               "stone is set level with the metal.",
            fr="Un anneau jonc en platine se tient debout sur une ardoise sombre ; à l’intérieur, un peu plus loin que les "
               "poinçons, une petite pierre verte ronde est sertie à fleur de métal."),
    Picture("op-stone-detail", "owner-and-pet", "detail", scenes.stones_at_the_back, sku=("OP-OWNER-X", "OP-PET-X"),
            en="The backs of both premium tags in platinum, plain but for one small round green stone in the middle of "
               "each.",
            fr="Le revers des deux médailles premium en platine, nu à l’exception d’une petite pierre verte ronde, sertie "
               "au milieu de chacune."),
    Picture("op-pet-collar", "owner-and-pet", "pet", scenes.pet_on_collar, sku=("OP-PET", "OP-PET-X"), size=SMALL,
            en="The round pet tag hangs by its split ring from the D-ring of a stitched tan leather collar, on a bust of a "
               "dog’s neck.",
            fr="La médaille ronde pend par son anneau brisé à l’anneau en D d’un collier de cuir fauve surpiqué, sur un "
               "buste de cou de chien."),
    Picture("op-pet-s-collar", "owner-and-pet", "pet", scenes.small_pet_on_collar, sku="OP-PET-S", size=SMALL, samples=8,
            en="The small round pet tag, engraved “PIP”, hangs by its split ring from the D-ring of a narrow dark red leather "
               "collar, on a bust of a small dog’s neck.",
            fr="La petite médaille ronde, gravée « PIP », pend par son anneau brisé à l’anneau en D d’un étroit collier de "
               "cuir rouge sombre, sur un buste de cou de petit chien."),
    Picture("owner-and-pet-attract-portrait", "owner-and-pet", "hero", scenes.coat_view(True), size=PORTRAIT,
            focus="50% 40%",
            en="Two platinum tags, one for the owner and one for the pet, on a quilted camel dog coat.",
            fr="Deux plaques en platine, l’une pour l’humain, l’autre pour l’animal, sur un manteau de chien matelassé."),
    Picture("op-lifestyle", "owner-and-pet", "lifestyle", scenes.coat_view(False), samples=14,
            sku=(None, *OWNER_TAGS, "OP-PET", "OP-PET-S", "OP-PET-X"),
            en="The owner tag and the pet tag lie side by side on a quilted camel dog coat.",
            fr="La plaque de l’humain et la médaille de l’animal, côte à côte sur un manteau de chien matelassé couleur "
               "chameau."),
    Picture("op-ring-lifestyle", "owner-and-pet", "lifestyle", scenes.ring_on_lead, sku=("OP-RING", "OP-RING-X"), samples=10,
            en="The platinum band ring, slipped over a dog’s lead of rolled tan leather, rests on it, on dark stone.",
            fr="L’anneau jonc en platine, enfilé sur une laisse de cuir rond fauve, y repose, sur une pierre sombre."),
    Picture("op-scale", "owner-and-pet", "scale", scenes.tags_scale, sku=("OP-OWNER", "OP-OWNER-X", "OP-PET", "OP-PET-X"),
            en="From left to right: the round pet tag of 25 mm, a brass disc of a one-pound coin’s size, 23.4 mm, and the "
               "owner tag of 28 by 16 mm.",
            fr="De gauche à droite : la médaille ronde de 25 mm, un disque de laiton de la taille d’une pièce d’une "
               "livre, 23,4 mm, et la plaque de 28 sur 16 mm."),
    Picture("op-pet-s-scale", "owner-and-pet", "scale", scenes.small_pet_scale, sku="OP-PET-S",
            en="The small round pet tag of 20 mm beside a brass disc of a one-pound coin’s size, 23.4 mm: the tag is a little "
               "smaller.",
            fr="La petite médaille ronde de 20 mm à côté d’un disque de laiton de la taille d’une pièce d’une livre, "
               "23,4 mm : la médaille est un peu plus petite."),
    Picture("op-ring-scale", "owner-and-pet", "scale", scenes.ring_scale(), sku="OP-RING",
            en="The platinum band ring stands beside a brass disc of a one-pound coin’s size, 23.4 mm: in size N½ it is a little "
               "smaller.",
            fr="L’anneau jonc en platine, debout à côté d’un disque de laiton de la taille d’une pièce d’une livre, 23,4 mm : "
               "en taille 54, il est un peu plus petit."),
    Picture("op-ring-x-scale", "owner-and-pet", "scale", scenes.ring_scale(stone=8.4), sku="OP-RING-X",
            en="The platinum band ring with the green stone inside it stands beside a brass disc of a one-pound coin’s size, "
               "23.4 mm: in size N½ it is a little smaller.",
            fr="L’anneau jonc en platine, une pierre verte à l’intérieur, debout à côté d’un disque de laiton de la taille "
               "d’une pièce d’une livre, 23,4 mm : en taille 54, il est un peu plus petit."),
    # ---- the heroes once more, composed for an upright frame
    Picture("nc-vm-hero-portrait", "notebook-corner", "hero", scenes.nc_hero_upright("vermeil"), sku="NC-VM", size=PORTRAIT,
            focus="50% 62%",
            en="The L-shaped charm in vermeil lies in the corner of a dark green leather notebook, its slim chain running "
               "up the picture.",
            fr="La breloque en L, en vermeil, dans le coin d’un carnet de cuir vert foncé ; sa chaîne fine remonte "
               "l’image."),
    Picture("nc-pt-hero-portrait", "notebook-corner", "hero", scenes.nc_hero_upright("platinum"), sku="NC-PT", size=PORTRAIT,
            focus="50% 62%",
            en="The L-shaped charm in platinum lies in the corner of a dark green leather notebook, its slim chain running "
               "up the picture.",
            fr="La breloque en L, en platine, dans le coin d’un carnet de cuir vert foncé ; sa chaîne fine remonte "
               "l’image."),
    Picture("nc-ch-hero-portrait", "notebook-corner", "hero", scenes.chain_hero_upright("vermeil"), sku="NC-CH", size=PORTRAIT,
            en="The slim chain in vermeil winds up the picture on dark green leather, its bolt-ring clasp in the middle.",
            fr="La fine chaîne en vermeil serpente à la verticale sur du cuir vert foncé, son fermoir anneau ressort au "
               "centre."),
    Picture("nc-ch-pt-hero-portrait", "notebook-corner", "hero", scenes.chain_hero_upright("platinum"), sku="NC-CH-PT",
            size=PORTRAIT,
            en="The slim chain in platinum winds up the picture on dark green leather; in the middle its clasp, with a "
               "small plate that bears three marks.",
            fr="La fine chaîne en platine serpente à la verticale sur du cuir vert foncé ; au centre, son fermoir et la "
               "plaquette aux trois poinçons."),
    Picture("op-owner-hero-portrait", "owner-and-pet", "hero", scenes.owner_hero_upright, sku=OWNER_TAGS, size=PORTRAIT,
            en="The rounded platinum tag, engraved “BISCUIT & MOI”, stands steeply across an upright picture, on dark "
               "slate.",
            fr="La plaque arrondie en platine, gravée « BISCUIT & MOI », en diagonale dans une image verticale, sur "
               "ardoise sombre."),
    Picture("op-pet-hero-portrait", "owner-and-pet", "hero", scenes.pet_hero_upright, sku=PET_TAGS, size=PORTRAIT,
            en="The round platinum pet tag, engraved “BISCUIT”, with its split ring above it, on dark slate.",
            fr="La médaille ronde en platine, gravée « BISCUIT », son anneau brisé au-dessus d’elle, sur ardoise sombre."),
    Picture("op-pet-s-hero-portrait", "owner-and-pet", "hero", scenes.small_pet_hero_upright, sku="OP-PET-S", size=PORTRAIT,
            samples=12,
            en="The small round platinum pet tag, engraved “PIP”, its split ring above it, between the seams of a quilted "
               "camel dog coat.",
            fr="La petite médaille ronde en platine, gravée « PIP », son anneau brisé au-dessus d’elle, entre les coutures "
               "d’un manteau de chien matelassé couleur chameau."),
    Picture("op-ring-hero-portrait", "owner-and-pet", "hero", scenes.ring_hero_upright(), sku="OP-RING", size=PORTRAIT,
            en="The platinum band ring stands upright on dark slate; its three marks can be read inside it.",
            fr="L’anneau jonc en platine se dresse sur une ardoise sombre ; ses trois poinçons se lisent à l’intérieur."),
    Picture("op-ring-x-hero-portrait", "owner-and-pet", "hero", scenes.ring_hero_upright(stone=8.4), sku="OP-RING-X",
            size=PORTRAIT,
            en="The platinum band ring stands upright on dark slate; inside it, past its three marks, is the small green stone.",
            fr="L’anneau jonc en platine se dresse sur une ardoise sombre ; à l’intérieur, après ses trois poinçons, la "
               "petite pierre verte."),
    # ---- the metals, each cut out of a picture of a piece
    Swatch("vermeil-swatch", "notebook-corner", "VERMEIL", "nc-vm-hallmark", (0.637, 0.155, 0.20),
           en="Vermeil close to: brushed, then polished round the edge; yellow as eighteen-carat gold.",
           fr="Le vermeil de près : brossé, puis poli au bord ; jaune comme l’or dix-huit carats."),
    Swatch("platinum-swatch", "notebook-corner", "PT950RU", "nc-pt-hallmark", (0.637, 0.155, 0.20),
           en="Platinum close to: brushed, then polished round the edge; a cool, even white.",
           fr="Le platine de près : brossé, puis poli au bord ; d’un blanc froid et égal."),
    Swatch("platinum-swatch", "owner-and-pet", "PT950RU", "op-pet-hallmark", (0.667, 0.497, 0.25),
           en="Platinum close to: brushed, a cool, even white.",
           fr="Le platine de près : brossé, d’un blanc froid et égal."),
]
