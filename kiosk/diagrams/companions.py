"""A dog's or a cat's neck from the front, with collar and tag, to scale: neck and tag are as broad as they are."""

import math

from kiosk.diagrams.scale import GREEN, INK, QUIET, across, bar, metal, metal_of, sheet
from kiosk.theme import METALS, TOKENS
from pos.cutting.ground import round_
from pos.fitting.breeds import CAT

# Heads in units of the neck's width; the origin is the middle of the collar, y goes down.
DOG_HEAD = (
    "M-.5 -.28C-.6 -.5 -.66 -.72 -.62 -.98C-.58 -1.22 -.36 -1.36 0 -1.36C.36 -1.36 .58 -1.22 .62 -.98"
    "C.66 -.72 .6 -.5 .5 -.28"
)
DOG_EARS = (
    "M-.5 -1.24C-.74 -1.3 -.9 -1.1 -.94 -.84C-.97 -.62 -.86 -.5 -.76 -.58C-.68 -.66 -.66 -.84 -.61 -1"
    "M.5 -1.24C.74 -1.3 .9 -1.1 .94 -.84C.97 -.62 .86 -.5 .76 -.58C.68 -.66 .66 -.84 .61 -1"
)
DOG_FACE = (
    "M-.3 -.3C-.34 -.52 -.22 -.72 0 -.72C.22 -.72 .34 -.52 .3 -.3M-.13 -.66C-.08 -.72 .08 -.72 .13 -.66"
    "C.1 -.56 .05 -.53 0 -.53C-.05 -.53 -.1 -.56 -.13 -.66ZM0 -.53V-.42M-.2 -.4C-.1 -.33 -.04 -.35 0 -.42"
    "C.04 -.35 .1 -.33 .2 -.4"
)
CAT_HEAD = (
    "M-.5 -.3C-.72 -.46 -.8 -.66 -.76 -.9L-.8 -1.5C-.62 -1.44 -.48 -1.32 -.36 -1.2C-.14 -1.26 .14 -1.26 .36 -1.2"
    "C.48 -1.32 .62 -1.44 .8 -1.5L.76 -.9C.8 -.66 .72 -.46 .5 -.3"
)
CAT_EARS = "M-.7 -1.3L-.68 -1.04M.7 -1.3L.68 -1.04"
CAT_FACE = (
    "M-.07 -.64H.07L0 -.56ZM0 -.56V-.5M-.14 -.46C-.08 -.42 -.02 -.44 0 -.5C.02 -.44 .08 -.42 .14 -.46"
    "M-.26 -.56L-.86 -.62M-.26 -.51L-.84 -.48M.26 -.56L.86 -.62M.26 -.51L.84 -.48"
)
EYES = {"dog": ((0.27, -0.88, 0.05),), "cat": ((0.33, -0.82, 0.06),)}
COLLAR = ((200, 8.0), (300, 12.0), (420, 18.0), (math.inf, 25.0))  # width of a collar in mm, by girth below (assumed)


def collar_width(girth_mm: float) -> float:
    """How broad a collar for this neck is, in mm."""
    return next(mm for below, mm in COLLAR if girth_mm < below)


def companion(
    *, species: str, girth_mm: float, tag_mm: float, hole_mm: float, material_id: str, girth_words: str, tag_words: str
) -> str:
    """The companion with its collar and its tag; words stand over the girth and beside the tag."""
    wide = girth_mm / math.pi  # a neck is taken for round
    band, size = collar_width(girth_mm), wide * 0.09
    drop = band / 2 + wide * 0.1  # the collar hangs lower in the middle
    bore, r = hole_mm / 2, tag_mm / 2
    middle = drop + bore * 0.4 + r  # the tag hangs from a ring below the collar
    low = max(middle + r, wide * 0.66)
    return sheet(
        -wide * 1.05,
        -wide * (1.62 if species == CAT else 1.48),
        wide * 2.1,
        wide * (1.62 if species == CAT else 1.48) + low + size * 3.4,
        metal(metal_of(material_id))
        + _animal(species, wide)
        + _collar(wide, band)
        + _tag(middle, r=r, bore=bore, material_id=material_id)
        + across(0, -band * 0.5 - size * 0.5, wide, size=size, words=girth_words)
        + _beside_tag(middle, r=r, size=size, words=tag_words)
        + bar(-wide, low + size * 1.6, size=size, mm=10 if wide < 90 else 50),
    )


def _animal(species: str, wide: float) -> str:
    head, ears, face = (CAT_HEAD, CAT_EARS, CAT_FACE) if species == CAT else (DOG_HEAD, DOG_EARS, DOG_FACE)
    eyes = "".join(
        f'<circle cx="{side * x:g}" cy="{y:g}" r="{r:g}" fill="{INK}" stroke="none"/>'
        for x, y, r in EYES[species]
        for side in (-1, 1)
    )
    neck = "M-.5 -.3V.16C-.52 .36 -.66 .5 -.92 .62M.5 -.3V.16C.52 .36 .66 .5 .92 .62"
    return (
        f'<g transform="scale({wide:g})" stroke="{QUIET}" stroke-width=".014">'
        f'<path d="{head}"/><path d="{ears}"/><path d="{face}"/>{eyes}<path class="neck" d="{neck}"/></g>'
    )


def _collar(wide: float, band: float) -> str:
    half, sag = wide / 2, wide * 0.2
    return (
        f'<path class="collar" fill="{GREEN}" stroke="{TOKENS["night"]}" stroke-width="{band * 0.04:g}" '
        f'd="M{-half:g} {-band / 2:g}Q0 {-band / 2 + sag:g} {half:g} {-band / 2:g}V{band / 2:g}'
        f'Q0 {band / 2 + sag:g} {-half:g} {band / 2:g}Z"/>'
    )


def _tag(middle: float, *, r: float, bore: float, material_id: str) -> str:
    edge = METALS[metal_of(material_id)][3]
    eye = middle - r + bore + 1.5  # a wall of 1.5 mm over the hole
    ring = bore + 1.5
    return (
        f'<path class="tag" fill="url(#m)" fill-rule="evenodd" stroke="{edge}" stroke-width=".3" '
        f'd="{round_(0, middle, r)}{round_(0, eye, bore)}"/>'
        f'<circle cx="0" cy="{eye - ring + 0.6:g}" r="{ring:g}" stroke="{edge}" stroke-width="1"/>'
    )


def _beside_tag(middle: float, *, r: float, size: float, words: str) -> str:
    return f'<text x="{r + size * 0.6:g}" y="{middle + size * 0.36:g}" font-size="{size:g}" fill="{INK}">{words}</text>'
