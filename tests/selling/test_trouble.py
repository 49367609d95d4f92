"""When the records themselves are in trouble: one clear refusal, and nothing is lost or half done."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from pos.books import audit
from pos.errors import RecordsTrouble
from pos.models import Certificate, Order, OrderState, Piece, PieceState, Receipt
from pos.selling import basket
from pos.shop import Shop
from tests.conftest import settings_for
from tests.selling.shelf import CHARM, Tablet
from tests.selling.test_checkout import sold

Tablets = Callable[[], Tablet]


@contextmanager
def every_connection(shop: Shop, words: str) -> Iterator[None]:
    """Have every connection begin with these words."""

    def prepare(line: Any, _: Any) -> None:
        line.execute(words)

    shop.records.engine.dispose()
    event.listen(shop.records.engine, "connect", prepare)
    try:
        yield
    finally:
        event.remove(shop.records.engine, "connect", prepare)
        shop.records.engine.dispose()


def test_a_full_disk_stops_the_sale_and_after_room_is_made_it_goes_on(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    with every_connection(boutique, "PRAGMA max_page_count=1"), pytest.raises(RecordsTrouble) as refused:
        for _ in range(50):  # no page more than there is: what is left of the last pages takes a few sales
            _sell(shopper)
    assert "full" in refused.value.cause
    with boutique.read() as look:
        assert audit.broken_at(look) is None
        paid = look.exec(select(Order).where(Order.state == OrderState.PAID)).all()
        assert len(look.exec(select(Receipt)).all()) == len(paid) == len(look.exec(select(Certificate)).all())
        assert len(look.exec(select(Piece).where(Piece.state == PieceState.SOLD)).all()) == len(paid)
    _sell(tablet())


def _sell(shopper: Tablet) -> None:
    shopper.hold(CHARM)
    shopper.book()
    sold(shopper.shop, shopper.open())


def test_records_locked_by_another_program_refuse_and_lose_nothing(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    basket_id = shopper.basket_id
    path = boutique.settings.database_url.removeprefix("sqlite:///")
    with (
        every_connection(boutique, "PRAGMA busy_timeout=50"),
        closing(sqlite3.connect(path, isolation_level=None)) as backup,
    ):
        backup.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordsTrouble) as refused:
            shopper.hold(CHARM, number=12)
        assert "locked" in refused.value.cause
        assert basket.view(boutique, basket_id=basket_id).lines == ()  # a look is still possible
        backup.execute("ROLLBACK")
        assert shopper.hold(CHARM, number=12).number == 12


def test_records_without_tables_refuse(shop: Shop, tmp_path: Any) -> None:
    lost = Shop(shop.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'lost' / 'other.db'}"}))
    with pytest.raises(RecordsTrouble), lost.read() as look:
        look.connection().exec_driver_sql("SELECT 1 FROM piece")
    lost.close()


def test_a_file_that_is_no_database_is_trouble_with_the_records(tmp_path: Any) -> None:
    (tmp_path / "vitrine.db").write_bytes(b"this is a shopping list, not a database" * 100)
    shop = Shop(settings_for(tmp_path))
    with pytest.raises(RecordsTrouble), shop.read() as look:
        look.exec(select(Order)).all()
    shop.close()
