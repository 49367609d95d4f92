"""Two boutiques, a reader and a printer in each, a few people."""

import pytest

from pos.books import audit
from pos.models import Boutique, Printer, Reader, Role, Staff
from pos.shop import Shop
from tests.conftest import QUICK


@pytest.fixture
def shop(shop: Shop) -> Shop:
    with shop.write() as tx:
        audit.record(tx, "set up", None, by="test")
        for name in ("arcade", "yard"):
            tx.add(Boutique(id=name, name=name.title(), address=[], vat_number="GB 0", hours={}))
        tx.flush()
        for name in ("arcade", "yard"):
            tx.add(Reader(id=f"tmr_{name}", boutique_id=name, label="Reader"))
            tx.add(Printer(id=f"printer-{name}", boutique_id=name, label="Printer", host="127.0.0.1"))
        tx.add(Staff(id="ann", boutique_id="arcade", name="Ann", role=Role.STAFF, pin_hash=QUICK.hash("246810")))
        tx.add(Staff(id="max", boutique_id="arcade", name="Max", role=Role.MANAGER, pin_hash=QUICK.hash("135791")))
        tx.add(Staff(id="yves", boutique_id="yard", name="Yves", role=Role.STAFF, pin_hash=QUICK.hash("112233")))
        tx.add(Staff(id="brand", name="Brand", role=Role.BRAND, pin_hash=QUICK.hash("998877")))
    return shop
