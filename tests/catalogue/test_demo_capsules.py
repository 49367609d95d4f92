"""Both demonstrations keep what the product promises of them."""

import re
from datetime import timedelta
from itertools import combinations

import pytest

from pos.catalogue import charges, gtin, reading, schema
from pos.catalogue.reading import CapsuleFolder
from pos.catalogue.schema_media import Picture
from pos.catalogue.schema_piece import Variant
from pos.money import vat_inside
from pos.settings import HOUSE
from tests.catalogue.spoiling import DAY, rewrite


@pytest.fixture(scope="module")
def both() -> tuple[CapsuleFolder, ...]:
    return reading.read_all(HOUSE / "data" / "capsules", on=DAY)


@pytest.fixture(scope="module")
def notebook_corner(both: tuple[CapsuleFolder, ...]) -> schema.CapsuleFile:
    return both[0].file


@pytest.fixture(scope="module")
def owner_and_pet(both: tuple[CapsuleFolder, ...]) -> schema.CapsuleFile:
    return both[1].file


def piece(file: schema.CapsuleFile, sku: str) -> Variant:
    return next(variant for variant in file.variants if variant.sku == sku)


def days(window: schema.Window) -> int:
    opens, closes = (
        schema.moment(when, loaded_on=DAY, zone=reading.ZONE) for when in (window.opens_at, window.closes_at)
    )
    return (closes - opens) // timedelta(days=1)


def test_they_are_two_in_their_order(both):
    assert [folder.slug for folder in both] == ["notebook-corner", "owner-and-pet"]


def test_the_platinum_corner_is_one_of_fifty_at_1_8_times_the_core(notebook_corner):
    core, premium = piece(notebook_corner, "NC-VM"), piece(notebook_corner, "NC-PT")
    assert (core.tier, core.material_id, premium.tier) == ("core", "VERMEIL", "premium")
    assert premium.material_id.startswith("PT950")
    assert premium.edition.size == 50
    assert premium.price_minor * 10 == core.price_minor * 18


def test_the_platinum_corner_is_pre_ordered_for_seven_days_and_the_vermeil_is_in_stock(notebook_corner):
    window = notebook_corner.window_of("NC-PT")
    assert window
    assert days(window) == 7
    assert notebook_corner.window_of("NC-VM") is None
    assert notebook_corner.window_of("NC-CH") is None


def test_charm_and_chain_are_sold_as_a_bundle_from_stock(notebook_corner):
    bundle = next(bundle for bundle in notebook_corner.bundles if bundle.id == "charm-and-chain")
    assert [slot.skus for slot in bundle.slots] == [("NC-VM",), ("NC-CH",)]


def test_a_creator_s_edit_puts_a_pre_order_and_a_piece_from_stock_together(notebook_corner):
    bundle = next(bundle for bundle in notebook_corner.bundles if bundle.id == "diarists-edit")
    assert [slot.skus for slot in bundle.slots] == [("NC-PT",), ("NC-CH",)]
    assert "creator" in bundle.occasion.en
    assert any(signal.kind == "creator_post" for signal in notebook_corner.signals)


def test_owner_and_pet_is_one_bundle_pre_ordered_for_ten_days(owner_and_pet):
    bundle = owner_and_pet.bundles[0]
    assert ["OP-OWNER" in bundle.slots[0].skus, "OP-PET" in bundle.slots[1].skus] == [True, True]
    for variant in owner_and_pet.variants:
        window = owner_and_pet.window_of(variant.sku)
        assert window
        assert days(window) == 10


def test_the_tags_are_engraved_platinum_and_may_have_an_assay_certificate(owner_and_pet):
    tags = [variant for variant in owner_and_pet.variants if variant.design in ("owner-tag", "pet-tag")]
    assert all(tag.engraving and tag.material_id.startswith("PT950") for tag in tags)
    certificate = next(extra for extra in owner_and_pet.extras if extra.id == "assay-certificate")
    assert certificate.price_minor > 0
    assert {tag.sku for tag in tags} <= set(certificate.skus)


def test_resizing_of_the_ring_is_included_and_the_pet_boutique_hands_over(owner_and_pet):
    resizing = next(extra for extra in owner_and_pet.extras if extra.id == "ring-resizing")
    assert (resizing.price_minor, "OP-RING" in resizing.skus) == (0, True)
    assert "demo-pets" in owner_and_pet.capsule.boutiques


def test_three_independent_kinds_of_sighting_stand_behind_each(both):
    for folder in both:
        assert len({signal.kind for signal in folder.file.signals}) >= 3
        assert len({signal.platform for signal in folder.file.signals}) >= 3
        ages = [signal.seen_on.days_from_load for signal in folder.file.signals]
        assert 7 <= -min(ages) <= 21, "from signal to live product in 7 to 21 days"


def test_every_article_number_is_of_the_prefix_for_examples(both):
    numbers = [variant.gtin for folder in both for variant in folder.file.variants]
    assert all(gtin.is_demo(number) and gtin.checked(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_no_purchase_a_shopper_can_make_ends_like_a_decline_of_stripes_test_mode(both):
    found = charges.with_test_endings(folder.file for folder in both)
    assert not found, [charge.what for charge in found]


def test_no_three_purchases_together_do_either(both):
    alone = [charge for folder in both for charge in charges.singles(folder.file)]
    for three in combinations(alone, 3):
        whole = three[0] + three[1] + three[2]
        assert not {amount % 100 for amount in whole.amounts} & charges.TEST_ENDINGS, whole.what


def test_nor_does_the_tax_in_a_price_or_a_deposit(both):
    for folder in both:
        for charge in charges.singles(folder.file):
            taxes = {vat_inside(amount, rate_bp=2000) % 100 for amount in charge.amounts}
            assert not taxes & charges.TEST_ENDINGS, charge.what


def test_a_price_with_such_an_ending_would_be_seen(notebook, both):
    rewrite(notebook, "price_minor = 30000", "price_minor = 30005")
    spoiled = reading.read(notebook, on=DAY)
    assert "NC-VM" in {charge.what for charge in charges.with_test_endings([spoiled.file])}


def test_every_piece_leaves_a_margin(both):
    for folder in both:
        for variant in folder.file.variants:
            net = variant.price_minor - vat_inside(variant.price_minor, rate_bp=variant.vat_rate_bp)
            assert net > variant.cost_minor * 1.2, variant.sku


def test_french_words_keep_their_spaces_before_high_punctuation(both):
    for folder in both:
        french = [folder.story["fr"], *_french(folder.file.model_dump())]
        loose = [words for words in french if re.search(r"[^\u00a0\u202f/\d][;:!?»]|«[^\u00a0\u202f]", words)]
        assert not loose


def _french(part: object) -> list[str]:
    if isinstance(part, dict):
        own = part.get("fr", ())
        found = [own] if isinstance(own, str) else list(own)
        return found + [words for key, value in part.items() if key != "fr" for words in _french(value)]
    if isinstance(part, tuple | list):
        return [words for value in part for words in _french(value)]
    return []


def test_the_stories_are_short_and_told_in_both_languages(both):
    for folder in both:
        assert set(folder.story) == {"en", "fr"}
        assert all(80 <= len(words.split()) <= 180 for words in folder.story.values())


# ── The pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────

WIDE, UPRIGHT = "leads wide", "leads upright"
STRUCK = {"hallmarked", "planned"}  # a piece exempt from hallmarking has no marks to show
PET_DESIGN = "pet-tag"
LARGEST, LARGEST_THUMB = 180_000, 20_000  # bytes, for a tablet on a shop's Wi-Fi


def test_every_piece_every_metal_and_every_capsule_has_its_pictures(both):
    for folder in both:
        missing = _owed(folder) - {(picture.sku, _use(picture)) for picture in folder.pictures}
        assert not missing, "still to be drawn"
        swatches = {picture.material for picture in folder.pictures if picture.role == "swatch"}
        assert {variant.material_id for variant in folder.file.variants} <= swatches
        for picture in folder.pictures:
            assert picture.thumb, picture.file
            assert (folder.path / picture.file).stat().st_size <= LARGEST, picture.file
            assert (folder.path / picture.thumb).stat().st_size <= LARGEST_THUMB, picture.thumb


def _use(picture: Picture) -> str:
    """What a picture is for; one that leads is also for the shape of its frame."""
    if picture.role in ("hero", "attract"):
        return UPRIGHT if picture.height > picture.width else WIDE
    return picture.role


def _owed(folder: CapsuleFolder) -> set[tuple[str | None, str]]:
    """Every picture a shopper is to find: whose it is (none: the whole capsule's) and what for."""
    owed: set[tuple[str | None, str]] = {(None, WIDE), (None, UPRIGHT)}
    for variant in folder.file.variants:
        uses = [WIDE, UPRIGHT, "scale", "lifestyle"]
        uses += ["hallmark"] if variant.hallmark and variant.hallmark.status in STRUCK else []
        uses += ["pet"] if variant.design == PET_DESIGN else []
        owed |= {(variant.sku, use) for use in uses}
    return owed
