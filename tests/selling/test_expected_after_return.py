"""What came back is handed over to nobody: the counter's list of pickups names only what is still the order's."""

from pos.models import Fate
from pos.selling import ready
from pos.selling.views import GiveBack
from pos.shop import Shop
from tests.selling.shelf import CHAIN, CHARM, Tablet
from tests.selling.test_returns import counter, give, pair, seen, shop

__all__ = ["counter", "shop"]


def test_a_piece_that_came_back_is_not_expected_to_be_collected(shop: Shop, counter: Tablet) -> None:
    order_id = pair(shop)
    assert {sku for one in ready.expected(shop, boutique_id="demo") for sku, _ in one.pieces} == {CHARM, CHAIN}
    charm = next(line for line in seen(shop, order_id).lines if line.sku == CHARM)
    give(counter, order_id, [GiveBack(charm.line_id, charm.refundable_minor, Fate.STOCK)])
    (one,) = ready.expected(shop, boutique_id="demo")
    assert one.pieces == ((CHAIN, 3),)
