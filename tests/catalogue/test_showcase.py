"""What is on show is what may be sold, at this moment, in this boutique, in this language."""

from datetime import timedelta

import pytest

from pos.books import audit
from pos.catalogue import showcase
from pos.catalogue.views import PictureView, leading
from pos.clock import SetClock
from pos.errors import Unknown
from pos.models import Capsule, PreorderWindow, Variant
from pos.people import devices
from pos.selling import basket
from pos.selling.views import Choice
from pos.shop import Shop


@pytest.fixture
def basket_id(stocked: Shop) -> str:
    token = devices.issue(stocked, boutique_id="demo", label="Tablet")
    known = devices.known(stocked, cookie=devices.enrol(stocked, token=token))
    assert known is not None
    return basket.live(stocked, device_id=known.device_id, language="en")


def piece(shop: Shop, sku: str, boutique_id: str = "demo") -> showcase.VariantView:
    return showcase.variant(shop, sku=sku, boutique_id=boutique_id, language="en")[0]


def test_a_boutique_shows_its_own_capsules(stocked: Shop) -> None:
    def shown(boutique_id: str) -> list[str]:
        return [one.capsule_id for one in showcase.capsules(stocked, boutique_id=boutique_id, language="en")]

    assert shown("demo") == ["notebook-corner", "owner-and-pet"]
    assert shown("demo-pets") == ["owner-and-pet"]


def test_a_capsule_of_another_boutique_cannot_be_opened(stocked: Shop) -> None:
    with pytest.raises(Unknown):
        showcase.capsule(stocked, capsule_id="notebook-corner", boutique_id="demo-pets", language="en")
    with pytest.raises(Unknown):
        piece(stocked, "NC-VM", boutique_id="demo-pets")
    with pytest.raises(Unknown):
        showcase.bundle(stocked, bundle_id="charm-and-chain", boutique_id="demo-pets", language="en")


def test_a_capsule_leaves_the_attract_screen_when_it_closes(stocked: Shop, clock: SetClock) -> None:
    clock.move(timedelta(days=60))
    assert showcase.capsules(stocked, boutique_id="demo", language="en") == ()
    assert not piece(stocked, "NC-VM").can_be_kept


def test_the_words_are_of_one_language(stocked: Shop) -> None:
    view = showcase.capsule(stocked, capsule_id="notebook-corner", boutique_id="demo", language="fr")
    assert view.title == "Le coin qui prend les coups"
    assert view.variants[0].name == "Breloque coin, vermeil"
    assert view.variants[0].version == "Vermeil"
    assert view.bundles[0].slots[0].name == "La breloque"
    assert len(view.signals) == 4


def test_what_is_left_follows_the_pieces_and_the_clock(stocked: Shop, clock: SetClock, basket_id: str) -> None:
    basket.hold(stocked, basket_id=basket_id, choice=Choice("NC-VM", number=5))
    assert piece(stocked, "NC-VM").left == 59
    clock.move(timedelta(minutes=16))
    assert piece(stocked, "NC-VM").left == 60


def test_no_more_is_left_than_the_window_has_places(stocked: Shop) -> None:
    with stocked.jot() as tx:
        tx.get_one(PreorderWindow, "NC-PT").cap = 3
    assert piece(stocked, "NC-PT").left == 3


def test_a_shut_window_is_not_sold(stocked: Shop, clock: SetClock) -> None:
    assert piece(stocked, "NC-PT").can_be_kept
    clock.move(timedelta(days=8))
    assert not piece(stocked, "NC-PT").can_be_kept
    assert "NC-PT" not in {one.sku for one in showcase.on_sale(stocked, boutique_id="demo", language="en")}


def test_a_deposit_is_the_share_of_the_window(stocked: Shop) -> None:
    view = piece(stocked, "NC-PT")
    assert (view.due_now_minor, view.due_later_minor) == (10800, 43200)
    assert piece(stocked, "NC-VM").due_later_minor == 0


def test_every_number_is_somebody_s_or_free(stocked: Shop, clock: SetClock, basket_id: str) -> None:
    basket.hold(stocked, basket_id=basket_id, choice=Choice("NC-VM", number=5))
    basket.hold(stocked, basket_id=basket_id, choice=Choice("NC-VM", number=6))
    mine = showcase.numbers(stocked, sku="NC-VM", basket_id=basket_id)
    theirs = showcase.numbers(stocked, sku="NC-VM", basket_id=None)
    assert (mine.mine, mine.reserved, theirs.reserved) == ((5, 6), (), (5, 6))
    assert len(mine.free) == 58
    clock.move(timedelta(minutes=16))
    assert showcase.numbers(stocked, sku="NC-VM", basket_id=basket_id).free == tuple(range(1, 61))


def test_a_piece_that_left_its_folder_is_named_but_not_sold(stocked: Shop) -> None:
    with stocked.jot() as tx:
        tx.get_one(Variant, "NC-CH").retired = True
    with pytest.raises(Unknown):
        piece(stocked, "NC-CH")
    assert showcase.named(stocked, skus=["NC-CH"], language="en")["NC-CH"].name == "Slim chain, vermeil"


def test_the_first_of_a_family_is_the_one_asked_for(stocked: Shop) -> None:
    family = showcase.variant(stocked, sku="OP-PET-S", boutique_id="demo", language="en")
    assert family[0].sku == "OP-PET-S"
    assert {one.sku for one in family} == {"OP-PET", "OP-PET-S", "OP-PET-X"}


def test_a_bundle_shows_the_cheapest_of_each_place_first_and_what_it_saves(stocked: Shop) -> None:
    bundle = showcase.bundle(stocked, bundle_id="owner-and-pet", boutique_id="demo", language="en")
    assert [slot.variants[0].price_minor for slot in bundle.slots] == [78000, 54000]
    assert bundle.saving_minor == 12000
    assert bundle.can_be_kept


def test_a_pickup_is_offered_here_first_then_where_all_of_it_is_shown(stocked: Shop) -> None:
    def where(*capsules: str) -> list[str]:
        return [one.boutique_id for one in showcase.places(stocked, capsule_ids=capsules, boutique_id="demo")]

    assert where("owner-and-pet") == ["demo", "demo-pets"]
    assert where("owner-and-pet", "notebook-corner") == ["demo"]


def test_the_hero_leads_with_its_upright_sister() -> None:
    wide = PictureView("/a", "/a", "hero", "", "50% 50%", True)
    tall = PictureView("/b", "/b", "hero", "", "50% 50%", True, is_tall=True)
    mark = PictureView("/c", "/c", "hallmark", "", "50% 50%", True)
    first = leading([mark, tall, wide])
    assert first is not None
    assert (first.src, first.tall) == ("/a", tall)
    assert leading([mark]) == mark
    assert leading([]) is None


def test_every_hallmark_picture_says_where_its_three_marks_are(stocked: Shop) -> None:
    seen = set()
    for sku in ("NC-VM", "NC-PT", "NC-CH-PT", "OP-OWNER-X", "OP-PET", "OP-PET-S", "OP-RING", "OP-RING-X"):
        piece = showcase.variant(stocked, sku=sku, boutique_id="demo", language="fr")[0]
        for picture in piece.pictures:
            names = [mark.name for mark in picture.marks]
            assert names == (["sponsor", "fineness", "office"] if picture.role == "hallmark" else [])
            seen.add((picture.src, picture.marks))
    assert len({marks for _, marks in seen if marks}) == 8  # each measured by itself


def test_each_metal_has_the_swatch_of_a_capsule_that_is_open_here(stocked: Shop, clock: SetClock) -> None:
    def shown(boutique_id: str) -> dict[str, str]:
        found = showcase.swatches(stocked, boutique_id=boutique_id, language="fr")
        return {metal: f"{picture.alt} {picture.src}" for metal, picture in found.items()}

    swatch = {"role": "swatch", "file": "media/s.webp", "kind": "render", "alt": {"en": "Close to", "fr": "De près"}}
    hero = {"role": "hero", "file": "media/h.webp", "alt": {"en": "A piece", "fr": "Une pièce"}}
    with stocked.write() as tx:
        audit.record(tx, "pictures", None, by="test")
        tx.get_one(Capsule, "notebook-corner").media = [hero, {**swatch, "material": "VERMEIL"}]
        tx.get_one(Capsule, "owner-and-pet").media = [{**swatch, "material": "PT950RU"}]
    assert shown("demo") == {
        "VERMEIL": "De près /pictures/notebook-corner/media/s.webp",
        "PT950RU": "De près /pictures/owner-and-pet/media/s.webp",
    }
    assert set(shown("demo-pets")) == {"PT950RU"}
    clock.move(timedelta(days=60))
    assert shown("demo") == {}


def test_an_upright_frame_has_the_upright_hero(stocked: Shop) -> None:
    wide = {
        "sku": "NC-VM",
        "role": "hero",
        "file": "media/wide.webp",
        "width": 4,
        "height": 3,
        "alt": {"en": "A piece"},
    }
    tall = {**wide, "file": "media/tall.webp", "width": 3, "height": 4}

    def shown() -> list[str]:
        view = piece(stocked, "NC-VM")
        return [picture.src.rpartition("/")[2] for picture in (view.hero, view.upright) if picture]

    def hang(*rows: dict[str, object]) -> None:
        with stocked.write() as tx:
            audit.record(tx, "pictures", None, by="test")
            tx.get_one(Capsule, "notebook-corner").media = list(rows)

    hang(wide, tall)
    assert shown() == ["wide.webp", "tall.webp"]
    hang(wide)
    assert shown() == ["wide.webp", "wide.webp"]
    hang()
    assert shown() == []
