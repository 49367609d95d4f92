"""Checked folders become the catalogue: all or nothing, as often as one likes, and never over a piece in hand."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select, update

from pos.books import audit
from pos.catalogue import loading, rows
from pos.clock import SetClock
from pos.errors import CapsuleMistakes
from pos.ids import new_id
from pos.models import (
    AuditEntry,
    Basket,
    BasketItem,
    Bundle,
    Capsule,
    Design,
    Device,
    Edition,
    Extra,
    Order,
    Piece,
    PieceState,
    PreorderWindow,
    Signal,
    Table,
    Variant,
)
from pos.people import seeding
from pos.settings import HOUSE
from pos.shop import Shop
from tests.catalogue.dated import dated
from tests.catalogue.spoiling import rewrite
from tests.conftest import MONDAY_MORNING, settings_for


def open_boutiques(shop: Shop) -> None:
    seeding.open_boutiques(shop, file=HOUSE / "data" / "boutique.toml")


@pytest.fixture
def house(shop: Shop) -> Shop:
    """A shop with its boutiques and an empty catalogue."""
    open_boutiques(shop)
    return shop


@pytest.fixture
def full(house: Shop, capsules: Path) -> Shop:
    """A shop with both demonstrations on the shelf."""
    loading.load(house, root=capsules)
    return house


def count(shop: Shop, table: type[Table]) -> int:
    with shop.read() as look:
        return look.exec(select(func.count()).select_from(table)).one()


def everything(shop: Shop) -> dict[str, list[dict[str, object]]]:
    tables = (Capsule, Signal, Design, Variant, Edition, Bundle, PreorderWindow, Extra, Piece)
    with shop.read() as look:
        return {
            table.__name__: sorted((row.model_dump() for row in look.exec(select(table))), key=repr) for table in tables
        }


def give_out(shop: Shop, *, sku: str, number: int, state: PieceState) -> None:
    """Somebody has this number: in a basket, or by an order."""
    at = shop.clock.now()
    with shop.write() as tx:
        device = Device(id=new_id(), boutique_id="demo", label="Tablet", token_hash=new_id(), enrolled_at=at)
        basket = Basket(id=new_id(), device_id=device.id, began_at=at)
        for row in (device, basket):
            tx.add(row)
            tx.flush()
        order = Order(
            id=new_id(),
            key=new_id(),
            code=new_id()[-8:],
            boutique_id="demo",
            device_id=device.id,
            basket_id=basket.id,
            language="en",
            currency="gbp",
            total_minor=1,
            vat_minor=0,
            due_now_minor=1,
            due_later_minor=0,
            opened_at=at,
        )
        tx.add(order)
        tx.flush()
        held = state == PieceState.HELD
        hand = {"basket_id": basket.id, "held_until": at + timedelta(minutes=15)} if held else {"order_id": order.id}
        tx.exec(update(Piece).where(col(Piece.sku) == sku, col(Piece.number) == number).values(state=state, **hand))
        audit.record(tx, "given out", sku, by="test")


def piece(shop: Shop, *, sku: str, number: int) -> Piece | None:
    with shop.read() as look:
        return look.exec(select(Piece).where(Piece.sku == sku, Piece.number == number)).first()


def numbers(shop: Shop, sku: str) -> list[int]:
    with shop.read() as look:
        return list(look.exec(select(Piece.number).where(Piece.sku == sku).order_by(col(Piece.number))))


def refused(shop: Shop, root: Path) -> list[str]:
    before = everything(shop)
    with pytest.raises(CapsuleMistakes) as found:
        loading.load(shop, root=root)
    assert everything(shop) == before, "nothing may be half-loaded"
    return [mistake.key for mistake in found.value.mistakes]


def test_both_demonstrations_come_onto_the_shelf_with_all_their_numbers(house, capsules):
    loaded = loading.load(house, root=capsules)
    assert loaded.capsules == ("notebook-corner", "owner-and-pet")
    assert loaded.new_pieces == count(house, Piece)
    assert numbers(house, "NC-PT") == list(range(1, 51))
    with house.read() as look:
        assert {row.state for row in look.exec(select(Piece))} == {PieceState.FREE}


def test_a_variant_keeps_what_the_paper_and_the_screen_need(full):
    with full.read() as look:
        charm, ring = look.get_one(Variant, "NC-VM"), look.get_one(Variant, "OP-RING")
    assert charm.metal["en"] == "18ct gold plated sterling silver 925, 3\u00a0µm"
    assert (charm.fineness, charm.gtin, charm.kind) == (925, "09520000000042", "charm")
    assert charm.hallmark["sponsor"] == "VTN"
    assert charm.sizes == []
    size = next(size for size in ring.sizes if size["code"] == "54.375")
    assert size == {"code": "54.375", "name": {"en": "N½ (54.4\u00a0mm)", "fr": "54 (54,4\u00a0mm)"}, "mm": 54.375}


def test_hallmark_records_hold_words_and_whole_numbers_only_since_they_are_signed(full):
    def parts(value):
        return [p for v in value.values() for p in parts(v)] if isinstance(value, dict) else [value]

    with full.read() as look:
        for variant in look.exec(select(Variant)):
            assert all(isinstance(part, str | int) for part in parts(variant.hallmark)), variant.sku


def test_loading_again_writes_nothing(full, capsules):
    before, entries = everything(full), count(full, AuditEntry)
    assert loading.load(full, root=capsules) == loading.Loaded()
    assert (everything(full), count(full, AuditEntry)) == (before, entries)


def test_prices_and_words_change_in_place(full, capsules, notebook):
    give_out(full, sku="NC-VM", number=3, state=PieceState.SOLD)
    sold = piece(full, sku="NC-VM", number=3)
    rewrite(notebook, "price_minor = 30000", "price_minor = 36000")
    rewrite(notebook, 'name.en = "Slim chain"', 'name.en = "Fine chain"')
    assert loading.load(full, root=capsules).new_pieces == 0
    with full.read() as look:
        assert look.get_one(Variant, "NC-VM").price_minor == 36000
        assert look.get_one(Design, "slim-chain").name["en"] == "Fine chain"
    assert piece(full, sku="NC-VM", number=3) == sold


@pytest.mark.parametrize("state", [PieceState.HELD, PieceState.COMMITTED, PieceState.PROMISED, PieceState.SOLD])
def test_an_edition_never_shrinks_below_a_number_in_hand(full, capsules, notebook, state):
    give_out(full, sku="NC-VM", number=41, state=state)
    rewrite(notebook, "edition = { size = 60 }", "edition = { size = 40 }")
    assert refused(full, capsules) == ["variants[NC-VM].edition.size"]
    rewrite(notebook, "edition = { size = 40 }", "edition = { size = 41 }")
    loading.load(full, root=capsules)
    assert numbers(full, "NC-VM") == list(range(1, 42))
    assert piece(full, sku="NC-VM", number=41).state == state


def test_nor_below_one_a_basket_or_an_order_names_though_it_is_free_again(full, capsules, notebook):
    give_out(full, sku="NC-VM", number=60, state=PieceState.HELD)
    with full.write() as tx:
        row = tx.exec(select(Piece).where(Piece.sku == "NC-VM", Piece.number == 60)).one()
        wish = BasketItem(
            id=new_id(), basket_id=row.basket_id, piece_id=row.id, sku="NC-VM", number=60, added_at=MONDAY_MORNING
        )
        tx.add(wish)
        row.state, row.basket_id, row.held_until = PieceState.FREE, None, None
        audit.record(tx, "released", 60, by="test")
    rewrite(notebook, "edition = { size = 60 }", "edition = { size = 50 }")
    assert refused(full, capsules) == ["variants[NC-VM].edition.size"]


def test_an_edition_may_grow(full, capsules, notebook):
    give_out(full, sku="NC-VM", number=60, state=PieceState.SOLD)
    rewrite(notebook, "edition = { size = 60 }", "edition = { size = 70 }")
    assert loading.load(full, root=capsules).new_pieces == 10
    assert numbers(full, "NC-VM") == list(range(1, 71))
    assert piece(full, sku="NC-VM", number=60).state == PieceState.SOLD


def test_an_article_number_stays_with_the_pieces_given_out_under_it(full, capsules, notebook):
    rewrite(notebook, 'gtin = "9520000000042"', 'gtin = "9520000000158"')
    loading.load(full, root=capsules)
    give_out(full, sku="NC-VM", number=1, state=PieceState.SOLD)
    rewrite(notebook, 'gtin = "9520000000158"', 'gtin = "9520000000141"')
    assert refused(full, capsules) == ["variants[NC-VM].gtin"]


def test_an_article_number_is_given_once(full, capsules, notebook):
    rewrite(notebook, 'sku = "NC-CH-PT"', 'sku = "NC-CH-PL"')
    rewrite(notebook, 'skus = ["NC-CH-PT"]', 'skus = ["NC-CH-PL"]', times=2)
    assert refused(full, capsules) == ["variants[NC-CH-PL].gtin"]


def test_a_mistake_in_one_folder_keeps_the_other_from_being_loaded(house, capsules, pair):
    rewrite(pair, "price_minor = 78000", 'price_minor = "a lot"')
    assert refused(house, capsules) == ["variants[OP-OWNER].price_minor"]
    assert count(house, Capsule) == 0


def test_a_failure_in_the_middle_of_writing_leaves_nothing_behind(house, capsules, monkeypatch):
    def broken(*_: object) -> object:
        raise OSError("the disk is full")

    monkeypatch.setattr(rows, "windows", broken)
    with pytest.raises(OSError, match="disk"):
        loading.load(house, root=capsules)
    assert [count(house, table) for table in (Capsule, Variant, Piece)] == [0, 0, 0]


def test_a_boutique_nobody_opened_is_a_mistake(house, capsules, notebook):
    rewrite(notebook, 'boutiques = ["demo"]', 'boutiques = ["demo", "moon"]')
    assert refused(house, capsules) == ["capsule.boutiques"]


def test_what_left_its_folder_is_no_longer_sold_and_comes_back_when_it_does(full, capsules, pair):
    give_out(full, sku="OP-PET-S", number=1, state=PieceState.SOLD)
    text = (pair / "capsule.toml").read_text()
    small = "[[variants]]\nsku" + text.split("[[variants]]\nsku")[4]
    rewrite(pair, small, "")
    rewrite(pair, '"OP-PET", "OP-PET-S",', '"OP-PET",', times=3)
    rewrite(pair, text[text.index('[[extras]]\nid = "ring-resizing') : text.index("# A piece named in a window")], "")
    loading.load(full, root=capsules)
    with full.read() as look:
        assert look.get_one(Variant, "OP-PET-S").retired
        assert look.get_one(Extra, "ring-resizing").retired
        assert look.get(PreorderWindow, "OP-PET-S") is None
    assert piece(full, sku="OP-PET-S", number=1).state == PieceState.SOLD
    (pair / "capsule.toml").write_text(text)
    loading.load(full, root=capsules)
    with full.read() as look:
        assert not look.get_one(Variant, "OP-PET-S").retired
        assert not look.get_one(Extra, "ring-resizing").retired
        assert look.get(PreorderWindow, "OP-PET-S")


def test_a_bundle_and_a_sighting_that_left_are_gone_from_the_screens(full, capsules, notebook):
    text = (notebook / "capsule.toml").read_text()
    rewrite(
        notebook, text[text.index('[[bundles]]\nid = "charm-and-chain-platinum"') : text.index("# A piece named")], ""
    )
    rewrite(notebook, text[text.index('[[signals]]\nid = "searched"') : text.index("# ── The pieces")], "")
    loading.load(full, root=capsules)
    with full.read() as look:
        assert look.get_one(Bundle, "charm-and-chain-platinum").retired
        kinds = look.exec(select(Signal.kind).where(Signal.capsule_id == "notebook-corner").order_by(Signal.position))
        assert list(kinds) == ["press", "creator_post", "boutique_sellout"]


def test_a_capsule_that_left_the_folders_is_closed(full, capsules, pair):
    for path in pair.iterdir():
        path.unlink()
    pair.rmdir()
    assert loading.load(full, root=capsules).capsules == ("notebook-corner",)
    with full.read() as look:
        assert look.get_one(Capsule, "owner-and-pet").closes_at == MONDAY_MORNING
        assert look.get_one(Variant, "OP-RING").retired
    assert loading.load(full, root=capsules) == loading.Loaded()


def window(shop: Shop) -> tuple[date, date, date]:
    with shop.read() as look:
        row = look.get_one(PreorderWindow, "NC-PT")
        return row.opens_at.date(), row.closes_at.date(), row.promised_on


def test_a_demonstration_counts_its_days_from_its_first_loading(full, capsules, clock):
    first = (date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 21))
    assert window(full) == first
    clock.move(timedelta(days=3))
    loading.load(full, root=capsules)
    assert window(full) == first
    with full.read() as look:
        signal = look.exec(select(Signal).where(Signal.capsule_id == "notebook-corner")).first()
    assert signal.seen_on == date(2026, 11, 4)


def test_a_demonstration_is_never_over_when_the_shop_is_opened(full, capsules, clock):
    give_out(full, sku="NC-PT", number=5, state=PieceState.PROMISED)
    clock.move(timedelta(days=8))
    assert loading.load(full, root=capsules).new_pieces == 0
    assert window(full) == (date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 29))
    assert piece(full, sku="NC-PT", number=5).state == PieceState.PROMISED


def test_written_dates_stay_as_they_are_written(house, capsules, notebook, clock):
    dated(notebook)
    loading.load(house, root=capsules)
    clock.move(timedelta(days=60))
    rewrite(notebook, "takes the knocks", "takes the blows", file="story.en.md")
    loading.load(house, root=capsules)
    assert window(house) == (date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 21))


def test_two_processes_that_open_the_shop_at_once_load_it_once(records_url, tmp_path, capsules):
    shops = [Shop(settings_for(tmp_path, database_url=records_url), clock=SetClock(MONDAY_MORNING)) for _ in range(2)]
    Table.metadata.create_all(shops[0].records.engine)
    open_boutiques(shops[0])
    troubles: list[BaseException] = []

    def open_up(shop: Shop) -> None:
        try:
            loading.load(shop, root=capsules)
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=open_up, args=(shop,)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert numbers(shops[0], "NC-PT") == list(range(1, 51))
    for shop in shops:
        shop.close()


def test_a_picture_serves_the_pieces_that_look_alike_but_not_beside_a_ruler(house, capsules, pair):
    picture = '[[picture]]\nfile = "media/{role}.webp"\nsku = "OP-PET"\nrole = "{role}"\nkind = "render"\n'
    picture += 'orientation = "4:3"\nwidth = 4\nheight = 3\nalt.en = "A disc"\nalt.fr = "Un disque"\n'
    (pair / "media").mkdir()
    for role in ("hero", "scale"):
        (pair / "media" / f"{role}.webp").write_bytes(b"")
    (pair / "media.toml").write_text(picture.format(role="hero") + picture.format(role="scale"))
    loading.load(house, root=capsules)
    with house.read() as look:
        media = look.get_one(Capsule, "owner-and-pet").media
    shown = {(entry["sku"], entry["role"]) for entry in media}
    assert shown == {
        ("OP-PET", "hero"),
        ("OP-PET-X", "hero"),
        ("OP-PET-S", "hero"),
        ("OP-PET", "scale"),
        ("OP-PET-X", "scale"),
    }
