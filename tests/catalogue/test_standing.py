"""The catalogue is kept in memory for as long as it stands, and not a moment longer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pos.catalogue import showcase
from pos.catalogue.standing import CHANGES, standing
from pos.migrations import migrate
from pos.models.catalogue import COUNTED, Capsule, Variant, counting
from pos.settings import Settings
from pos.shop import Shop
from tests.conftest import stock


def changes(shop: Shop) -> int:
    with shop.glance() as look:
        return standing(shop, look).changes


@pytest.fixture
def migrated(tmp_path: Path, records_url: str) -> Iterator[Shop]:
    """Records whose shape the migrations made, on either database."""
    migrate(records_url)
    shop = Shop(Settings(home=tmp_path, database_url=records_url))
    yield shop
    shop.close()


@pytest.mark.parametrize("table", [one.__tablename__ for one in COUNTED])
def test_no_write_into_the_catalogue_goes_uncounted(migrated: Shop, table: str) -> None:
    """A migration that makes a table anew takes its triggers with it; this is where that shows."""
    with migrated.records.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        events = "SELECT event_manipulation FROM information_schema.triggers WHERE event_object_table = :table"
        found = set(connection.execute(text(names if sqlite else events), {"table": table}).scalars())
    what = ("INSERT", "UPDATE", "DELETE")
    assert found == ({f"count_{table}_{one.lower()}" for one in what} if sqlite else set(what))


def test_the_tables_as_described_count_as_the_migrated_ones_do(stocked: Shop) -> None:
    with stocked.records.engine.connect() as connection:
        made = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")).scalar_one()
    assert made == len(COUNTED) * 3 == len([line for line in counting("sqlite") if "TRIGGER" in line])


def test_what_stands_is_read_once(stocked: Shop) -> None:
    with stocked.glance() as one, stocked.glance() as another:
        assert standing(stocked, one) is standing(stocked, another)


def test_a_price_that_is_changed_elsewhere_is_on_the_next_screen(stocked: Shop) -> None:
    before = showcase.variant(stocked, sku="NC-VM", boutique_id="demo", language="en")[0].price_minor
    counted = changes(stocked)
    elsewhere = Shop(stocked.settings, clock=stocked.clock)
    with elsewhere.jot() as tx:
        tx.get_one(Variant, "NC-VM").price_minor = before + 100
    elsewhere.close()
    assert showcase.variant(stocked, sku="NC-VM", boutique_id="demo", language="en")[0].price_minor == before + 100
    assert changes(stocked) > counted


def test_a_screen_reads_all_of_it_in_the_look_it_began(migrated: Shop) -> None:
    """Its rows are those of its count, and a rush of screens after a change needs one connection each, not two."""
    stock(migrated)
    with migrated.glance() as look:
        counted = look.execute(CHANGES).scalar_one()
        with migrated.jot() as tx:
            before = tx.get_one(Variant, "NC-VM").price_minor
            tx.get_one(Variant, "NC-VM").price_minor = before + 100
        seen = standing(migrated, look)
        price = next(row[0].price_minor for row in seen.rows if row[0].sku == "NC-VM")
        assert (seen.changes, price) == (counted, before)
        assert look.execute(CHANGES).scalar_one() == counted, "the look goes on"
        assert migrated.records.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    assert changes(migrated) > counted


def test_a_change_that_was_taken_back_changes_nothing(stocked: Shop) -> None:
    counted = changes(stocked)
    with pytest.raises(ZeroDivisionError), stocked.jot() as tx:
        tx.get_one(Variant, "NC-VM").price_minor = 1
        tx.flush()
        raise ZeroDivisionError
    assert changes(stocked) == counted
    assert showcase.variant(stocked, sku="NC-VM", boutique_id="demo", language="en")[0].price_minor != 1


def test_the_clock_ends_a_capsule_that_stands_in_memory(stocked: Shop) -> None:
    """Kept are the rows, not whether they are open: that is a question of the moment."""
    open_now = showcase.capsules(stocked, boutique_id="demo", language="en")
    with stocked.jot() as tx:
        tx.get_one(Capsule, open_now[0].capsule_id).closes_at = stocked.clock.now() - timedelta(seconds=1)
    assert len(showcase.capsules(stocked, boutique_id="demo", language="en")) == len(open_now) - 1
