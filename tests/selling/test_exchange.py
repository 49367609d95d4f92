"""An exchange: what comes back is a store credit, the next sale of that till is offered it, and the rest is paid.

On both databases. What is given back at a card's bank is no part of it: a credit is the house's own.
"""

from datetime import timedelta

from pos.models import Fate, GiftCard, OrderState, PaymentState, Road
from pos.paper.slips.kinds import Kind
from pos.payments.gift_cards import GiftCardView
from pos.selling import exchange, orders, papers, return_desk, returns, tenders
from pos.selling.papers import PaperView
from pos.selling.settle import settle
from pos.selling.tenders import Tender
from pos.selling.views import GiveBack, OrderView
from pos.shop import Shop
from tests.selling.returned import slips
from tests.selling.shelf import CHAIN, CHARM, Tablet, later
from tests.selling.test_tenders import (
    CARD,
    CASH,
    DUE,
    Counter,
    carried_on,
    counter,  # noqa: F401 (a fixture)
    drawers,
    left,
    payments,
    says,
    shop,  # noqa: F401 (a fixture)
)

CHAINED = 9500  # what a chain costs


def sell(till: Counter, sku: str, *paid: Tender, **wish: object) -> str:
    """A piece that is sold; says its order. Paid nothing: all of it by credits of an exchange."""
    first, *rest = paid
    order_id = till.keep(sku, **wish).open(first)
    for tender in rest:
        till.add(order_id, tender)
    by_card = [one.id for one in payments(till.shop, order_id) if one.method == CARD]
    for payment_id in by_card:
        says(till.shop, payment_id, PaymentState.AUTHORISED)
        settle(till.shop, payment_id=payment_id)
        says(till.shop, payment_id, PaymentState.CAPTURED)
    carried_on(till.shop, order_id)
    later(till.shop, minutes=1)
    return order_id


def bring_back(till: Counter, order_id: str, *, road: Road | None = Road.CREDIT) -> str:
    """What “Exchange” does: all of the order, as the screen shows it; says the refund."""
    seen = returns.view(till.shop, order_id=order_id)
    lines = [GiveBack(one.line_id, one.refundable_minor, Fate.STOCK) for one in seen.lines]
    return tap(till, order_id, key=return_desk.key(seen, lines, road=road), lines=lines, road=road)


def tap(till: Counter, order_id: str, *, key: str, lines: list[GiveBack], road: Road | None) -> str:
    made = returns.refund(
        till.shop,
        order_id=order_id,
        key=key,
        lines=lines,
        reason="changed_mind",
        road=road,
        staff_id="ada",
        device_id=till.tablet.device_id,
    )
    later(till.shop, seconds=1)
    return made


def offered(till: Counter) -> tuple[GiftCardView, ...]:
    return exchange.credits(till.shop, device_id=till.tablet.device_id)


def credit(till: Counter) -> GiftCardView:
    (only,) = offered(till)
    return only


def seen(till: Counter, order_id: str) -> OrderView:
    return orders.view(till.shop, order_id=order_id)


def test_for_a_dearer_piece_the_rest_is_paid(shop: Shop, counter: Counter) -> None:  # noqa: F811
    chain = sell(counter, CHAIN, Tender(CARD, CHAINED), size="45")
    bring_back(counter, chain)
    card = credit(counter)
    assert (card.balance_minor, len(slips(shop, "credit"))) == (CHAINED, 1)
    order_id = counter.keep().open(tenders.of_card(card, wanted_minor=DUE))
    assert (seen(counter, order_id).remaining_minor, offered(counter)) == (DUE - CHAINED, ())
    counter.add(order_id, Tender(CASH, DUE - CHAINED, tendered_minor=5000))
    carried_on(shop, order_id)
    assert (seen(counter, order_id).state, seen(counter, order_id).paid_minor) == (OrderState.PAID, DUE)
    assert seen(counter, chain).state == OrderState.REFUNDED
    assert left(shop, card.card_id) == 0


def test_for_a_dearer_piece_the_rest_is_paid_by_card(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHAIN, Tender(CARD, CHAINED), size="45"))
    by_credit = tenders.of_card(credit(counter), wanted_minor=DUE)
    order_id = sell(counter, CHARM, by_credit, Tender(CARD, DUE - CHAINED))
    assert seen(counter, order_id).state == OrderState.PAID


def test_for_a_cheaper_piece_the_rest_stays_on_the_slip_and_no_cash_goes_out(
    shop: Shop,  # noqa: F811
    counter: Counter,  # noqa: F811
) -> None:
    bring_back(counter, sell(counter, CHARM, Tender(CASH, DUE)))
    card, kicks = credit(counter), drawers(shop)
    order_id = sell(counter, CHAIN, tenders.of_card(card, wanted_minor=CHAINED), size="45")
    assert seen(counter, order_id).state == OrderState.PAID
    assert left(shop, card.card_id) == DUE - CHAINED
    assert drawers(shop) == kicks
    assert offered(counter) == (), "the next shopper is not offered it"


def test_for_a_piece_of_the_same_price_nothing_is_left_to_pay(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHARM, Tender(CARD, DUE)))
    card = credit(counter)
    order_id = sell(counter, CHARM, tenders.of_card(card, wanted_minor=DUE), number=20)
    assert (seen(counter, order_id).state, left(shop, card.card_id)) == (OrderState.PAID, 0)


def test_its_slip_shows_both_sides_and_what_was_paid_on_top(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHAIN, Tender(CARD, CHAINED), size="45"))
    order_id = sell(counter, CHARM, tenders.of_card(credit(counter), wanted_minor=DUE), Tender(CARD, DUE - CHAINED))
    (receipt,) = seen(counter, order_id).receipts
    slip = PaperView(Kind.EXCHANGE, receipt)
    assert slip in papers.on_offer(shop, order_id=order_id)
    by = {"staff_id": "ada", "device_id": counter.tablet.device_id}
    papers.ask(shop, order_id=order_id, kind=slip.kind, of=slip.of, **by)
    (job,) = slips(shop, "exchange")
    told = job.facts
    assert [line["name"] for line in (*told["back"], *told["out"])] == [f"Piece {CHAIN}", f"Piece {CHARM}"]
    assert (told["credit_minor"], told["out_minor"], told["left_minor"]) == (CHAINED, DUE, 0)
    assert slip not in papers.on_offer(shop, order_id=order_id)


def test_a_sale_that_nothing_came_back_for_has_no_such_slip(shop: Shop, counter: Counter) -> None:  # noqa: F811
    order_id = sell(counter, CHARM, Tender(CARD, DUE))
    assert Kind.EXCHANGE not in {paper.kind for paper in papers.on_offer(shop, order_id=order_id)}


def test_tapped_twice_it_is_one_credit(shop: Shop, counter: Counter) -> None:  # noqa: F811
    order_id = sell(counter, CHARM, Tender(CARD, DUE))
    before = returns.view(shop, order_id=order_id)
    lines = [GiveBack(one.line_id, one.refundable_minor, Fate.STOCK) for one in before.lines]
    key = return_desk.key(before, lines, road=Road.CREDIT)
    first = tap(counter, order_id, key=key, lines=lines, road=Road.CREDIT)
    assert tap(counter, order_id, key=key, lines=lines, road=Road.CREDIT) == first
    assert credit(counter).balance_minor == DUE
    assert (len(slips(shop, "credit")), len(slips(shop, "refund"))) == (1, 1)


def test_its_credit_is_tapped_twice_and_spent_once(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHARM, Tender(CARD, DUE)))
    card = credit(counter)
    order_id = counter.keep(CHAIN, size="45").open(Tender(CASH, 500))
    tender = tenders.of_card(card, wanted_minor=4000)
    assert counter.add(order_id, tender, key="tap") == counter.add(order_id, tender, key="tap")
    assert left(shop, card.card_id) == DUE - 4000


def test_given_up_the_credit_is_whole_again_and_offered_again(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHAIN, Tender(CARD, CHAINED), size="45"))
    card = credit(counter)
    order_id = counter.keep().open(tenders.of_card(card, wanted_minor=DUE))
    assert offered(counter) == ()
    counter.give_up(order_id)
    carried_on(shop, order_id)
    assert seen(counter, order_id).state == OrderState.CANCELLED
    assert credit(counter) == card


def test_an_order_paid_in_two_ways_gives_one_credit_for_all_of_it(
    shop: Shop,  # noqa: F811
    counter: Counter,  # noqa: F811
) -> None:
    bring_back(counter, sell(counter, CHARM, Tender(CASH, 4000), Tender(CARD, DUE - 4000)))
    (given,) = offered(counter)
    assert given.balance_minor == given.issued_minor == DUE
    order_id = sell(counter, CHARM, tenders.of_card(given, wanted_minor=DUE), number=20)
    assert seen(counter, order_id).state == OrderState.PAID


def test_it_is_this_till_s_for_half_an_hour(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHARM, Tender(CARD, DUE)))
    assert exchange.credits(shop, device_id=Tablet(shop).enrol().device_id) == ()
    shop.clock.move(exchange.OFFERED - timedelta(minutes=1))  # type: ignore[attr-defined]
    assert offered(counter)
    later(shop, minutes=2)
    assert offered(counter) == ()


def test_a_sale_of_another_till_takes_nothing_from_it(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHARM, Tender(CARD, DUE)))
    sell(Counter(shop), CHARM, Tender(CASH, DUE), number=20)
    assert offered(counter)


def test_the_next_shopper_s_refund_ends_it(shop: Shop, counter: Counter) -> None:  # noqa: F811
    first = sell(counter, CHARM, Tender(CARD, DUE))
    second = sell(counter, CHARM, Tender(CARD, DUE), number=20)
    bring_back(counter, first)
    assert offered(counter)
    bring_back(counter, second, road=None)
    assert offered(counter) == ()


def test_a_blocked_credit_is_not_offered(shop: Shop, counter: Counter) -> None:  # noqa: F811
    bring_back(counter, sell(counter, CHARM, Tender(CARD, DUE)))
    with shop.jot() as tx:
        card = tx.get_one(GiftCard, credit(counter).card_id)
        card.blocked_at = tx.now()
    assert offered(counter) == ()
