"""What the keys of a design or a variant must say together: marks, words, weights, sizes, room for letters."""

import math
from collections.abc import Iterator

from pos.catalogue import engraving, gtin, hallmark
from pos.catalogue.draft import FILE, UNKNOWN, Draft, readable
from pos.catalogue.hallmark import Finding
from pos.catalogue.materials import DENSITY_TOLERANCE, Material, materials
from pos.catalogue.partly import Unread
from pos.catalogue.reference import table
from pos.catalogue.schema import Design
from pos.catalogue.schema_piece import Variant
from pos.catalogue.toml_lines import Key

SIZE_KEYS = {"ring": "ring_mm", "chain": "chain_mm", "tag": "tag"}
RING_LEAST_MM, RING_MOST_MM = 36.5, 78.0  # US 0 to beyond Z+6


def both_tiers(design: Design, draft: Draft) -> Iterator[Finding]:
    """Each design comes in a core and a premium variant."""
    tiers = set(readable(draft.variants, lambda variant: variant.tier if variant.design == design.id else None))
    whole = len(list(readable(draft.variants, lambda v: (v.tier, v.design)))) == draft.names["variants"].total()
    for tier in ("core", "premium"):
        if whole and tier not in tiers:
            yield Finding(FILE, ("id",), f"no {tier} variant has this design")


def design_known(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A variant is of a design of its own file."""
    if variant.design not in draft.names["designs"]:
        yield Finding(UNKNOWN, ("design",), f"there is no design {variant.design} in this file")


def gtin_prefix(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A demonstration uses GS1's prefix for examples, and nobody else does; in-store numbers mean nothing outside."""
    if gtin.is_demo(variant.gtin) != draft.capsule.demo:
        said = "a demonstration uses the prefix 952" if draft.capsule.demo else "the prefix 952 is for demonstrations"
        yield Finding("GTIN", ("gtin",), said)
    if gtin.is_in_store(variant.gtin):
        yield Finding("GTIN", ("gtin",), "an in-store number (02, 04, 20-29) means another article in another shop")


def _material(variant: Variant, draft: Draft) -> Material:
    found = materials(folder=draft.folder).get(variant.material_id)
    if found is None:
        raise Unread("material_id")
    return found


def material_known(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """The material stands in the table of materials."""
    known = materials(folder=draft.folder)
    if variant.material_id not in known:
        yield Finding(UNKNOWN, ("material_id",), f"“{variant.material_id}” is none of {', '.join(known)}")


def marks(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A precious piece that is not exempt by weight is not published without its hallmark record."""
    described = hallmark.Described(
        material=_material(variant, draft),
        metal_weight_mg=variant.metal_weight_mg,
        preordered=draft.preordered(variant.sku),
        demo=draft.capsule.demo,
        on=draft.on,
    )
    for fault in hallmark.faults(variant.hallmark, piece=described, folder=draft.folder):
        yield Finding(fault.rule, ("hallmark", *fault.key), fault.reason)


def coat(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A gold coat is as thick as its name says, and laid at the right moment."""
    marked = variant.hallmark is not None and variant.hallmark.status != "exempt"
    yield from hallmark.coat_faults(
        material_id=variant.material_id,
        plating_um=variant.plating_um,
        before_marks=variant.plated_before_hallmark,
        marked=marked,
    )


def described_truly(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """The words about a piece say no more of its metal than is so."""
    material = _material(variant, draft)
    for tongue in ("en", "fr"):
        said: list[tuple[Key, str]] = [
            (("name", tongue), getattr(variant.name, tongue)),
            (("line", tongue), getattr(variant.line, tongue)),
        ]
        said += [(("facts", tongue, n), words) for n, words in enumerate(getattr(variant.facts, tongue))]
        for key, words in said:
            for rule, reason in hallmark.word_faults(
                words, language=tongue, material=material, evidence=variant.evidence
            ):
                yield Finding(rule, key, reason)


def looks_like_its_kin(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A picture may be lent only between pieces of one design and one metal: it agrees with the words beside it."""
    if variant.looks_like is None:
        return
    others = [other for other in draft.variants if other is not variant]
    kin = set(readable(others, lambda other: (other.sku, other.design, other.material_id)))
    if (variant.looks_like, variant.design, variant.material_id) not in kin:
        said = f"{variant.looks_like} is no other variant of this design in this metal"
        yield Finding(UNKNOWN, ("looks_like",), said)


def facts_in_both_languages(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """What is promised in one language is promised in the other."""
    if len(variant.facts.en) != len(variant.facts.fr):
        yield Finding(
            FILE, ("facts",), f"{len(variant.facts.en)} sentences in English, {len(variant.facts.fr)} in French"
        )


def weights(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """The metal weighs no more than the piece."""
    if variant.metal_weight_mg > variant.weight_mg:
        yield Finding(FILE, ("metal_weight_mg",), "is more than weight_mg")


def weight_of_disc(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A plain round tag weighs what its measures and the alloy's density say, to 4 %."""
    size = variant.measures_mm
    if size.tag_size is None or size.diameter is None or size.depth is None:
        return
    hole = size.hole or 0.0
    mass = math.pi / 4 * (size.diameter**2 - hole**2) * size.depth * _material(variant, draft).density
    if abs(variant.metal_weight_mg - mass) > DENSITY_TOLERANCE * mass:
        yield Finding("WEIGHT", ("metal_weight_mg",), f"a disc of these measures weighs about {mass:.0f} mg")


def tag_measures(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A tag called S is as wide as an S in the table."""
    row = next(
        (r for r in table("tag_sizes", folder=draft.folder) if r["tag_size"] == variant.measures_mm.tag_size), None
    )
    diameter = variant.measures_mm.diameter
    if row and diameter is not None and not math.isclose(diameter, float(row["diameter_mm"])):
        yield Finding("TAG", ("measures_mm", "diameter"), f"a tag {row['tag_size']} is {row['diameter_mm']} mm wide")


def sizes_fit_the_kind(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """A ring is chosen by ring sizes, a chain by lengths, a tag by tag sizes: rising, two or more."""
    if variant.sizes is None:
        return
    kinds = dict(readable(draft.designs, lambda design: (design.id, design.kind)))
    wanted = SIZE_KEYS.get(kinds.get(variant.design, ""), "")
    given = {key: values for key in SIZE_KEYS.values() if (values := getattr(variant.sizes, key))}
    if variant.design in kinds and set(given) != {wanted}:
        yield Finding(
            "SIZE", ("sizes",), f"a {kinds[variant.design]} takes " + (f"only {wanted}" if wanted else "no sizes")
        )
    for key, values in given.items():
        if len(values) < 2:
            yield Finding("SIZE", ("sizes", key), "one size is no choice: say it in measures_mm")
        if len(set(values)) != len(values):
            yield Finding("SIZE", ("sizes", key), "names a size twice")
    for place, mm in enumerate(variant.sizes.ring_mm or ()):
        if not RING_LEAST_MM <= mm <= RING_MOST_MM:
            yield Finding("SIZE", ("sizes", "ring_mm", place), f"{mm:g} mm is no inner circumference of a ring")


def engraving_room(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """No more letters are offered than fit the metal, and the marks keep free room around them."""
    words = variant.engraving
    if words is None:
        return
    if len(words.chars_per_line) != words.lines:
        yield Finding(
            "ENGRAVE", ("engraving", "chars_per_line"), f"needs one number for each of the {words.lines} lines"
        )
    marked = variant.hallmark is not None and variant.hallmark.status != "exempt"
    if marked and words.keep_out_mm < engraving.LEAST_KEEP_OUT_MM:
        said = f"at least {engraving.LEAST_KEEP_OUT_MM:g} mm stay free round the marks"
        yield Finding("HM-18", ("engraving", "keep_out_mm"), said)
    for what, most in _rooms(variant, draft):
        for place, asked in enumerate(words.chars_per_line):
            fits = most[place] if place < len(most) else 0
            if asked > fits:
                said = f"{asked} letters of {words.cap_height_mm:g} mm do not fit {what}: {fits} do"
                yield Finding("ENGRAVE", ("engraving", "chars_per_line", place), said)


def _rooms(variant: Variant, draft: Draft) -> Iterator[tuple[str, tuple[int, ...]]]:
    words = variant.engraving
    assert words is not None
    tags = {*(variant.sizes.tag or () if variant.sizes else ()), variant.measures_mm.tag_size} - {None}
    for tag in sorted(str(tag) for tag in tags):
        limits = engraving.tag_limits(tag, cap_height_mm=words.cap_height_mm, folder=draft.folder)
        yield f"a tag {tag}", limits.chars_per_line if limits else ()
    if words.width_mm is not None:
        most = engraving.straight_capacity(words.width_mm, cap_height_mm=words.cap_height_mm)
        yield f"{words.width_mm:g} mm", (most,) * words.lines


def engraving_has_a_measure(variant: Variant, draft: Draft) -> Iterator[Finding]:
    """Room for letters is known in millimetres: a round tag's from its table, any other from width_mm."""
    tagged = variant.measures_mm.tag_size or (variant.sizes and variant.sizes.tag)
    if variant.engraving and not tagged and variant.engraving.width_mm is None:
        yield Finding("ENGRAVE", ("engraving", "width_mm"), "is missing: how long is the line that can be cut?")
