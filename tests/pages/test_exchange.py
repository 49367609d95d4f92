"""Exchange: one touch on Returns, and the next sale of this tablet is offered the credit without its code."""

from datetime import timedelta

from sqlmodel import select

from pos.models import (
    Device,
    Fate,
    GiftCard,
    GiftCardKind,
    Method,
    Order,
    OrderState,
    PieceState,
    PrintJob,
    Refund,
    Road,
)
from pos.selling import basket, orders, returns
from pos.selling.views import Choice, OrderView
from tests.pages.conftest import Tablet
from tests.pages.test_counter import counter  # noqa: F401 (a fixture)
from tests.pages.test_returns import CHARM, field, find, line_of, rows, seen, sell, state_of, why
from tests.pages.test_take import carried_on, type_amount

DEARER = ("NC-VM", "NC-CH")  # together more than the charm that came back


def cards(tablet: Tablet) -> list[GiftCard]:
    return sorted(rows(tablet, GiftCard), key=lambda card: card.balance_minor)


def exchange_it(tablet: Tablet, *choices: Choice) -> str:
    """A sold piece is found, and exchanged; says its order."""
    order_id = sell(tablet, *choices)
    tablet.shop.clock.move(timedelta(minutes=1))
    find(tablet, seen(tablet, order_id).code)
    why(tablet)
    tablet.touch("exchange")
    return order_id


def offered(tablet: Tablet) -> list[str]:
    return [str(button.key) for button in tablet.screen.button if str(button.key).startswith("credit_")]


def test_exchange_waits_for_what_and_why(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter, CHARM, Choice("NC-VM", number=13))
    find(counter, seen(counter, order_id).code)
    assert counter.screen.button(key="exchange").disabled
    counter.screen.checkbox(key=f"back_{line_of(counter, order_id)}").check().run()
    assert counter.screen.button(key="exchange").disabled
    why(counter)
    assert not counter.screen.button(key="exchange").disabled


def test_an_exchange_gives_one_credit_with_its_slip_and_goes_on_to_the_sale(counter: Tablet) -> None:  # noqa: F811
    order_id = exchange_it(counter)
    assert counter.says("£300.00 of store credit was given back here.")
    assert counter.screen.button(key="other_ways").disabled, "it stands on the sale, with nothing chosen yet"
    (card,) = cards(counter)
    assert (card.kind, card.balance_minor) == (GiftCardKind.CREDIT, 30000)
    assert sorted(job.kind for job in rows(counter, PrintJob) if job.kind in ("credit", "refund")) == [
        "credit",
        "refund",
    ]
    assert state_of(counter) == PieceState.FREE
    assert [one.road for one in seen(counter, order_id).refunds[0].parts] == [Road.CREDIT]
    counter.open("counter/returns")
    assert counter.says("To look at"), "the screen has let the sale go"


def test_an_exchange_touched_twice_is_one(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    why(counter)
    button = counter.screen.button(key="exchange")
    button.click()
    counter.screen.run()
    button.click()
    counter.screen.run()
    assert len(rows(counter, Refund)) == len(cards(counter)) == 1


def test_an_exchange_needs_no_manager_whatever_road_was_chosen(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    field(counter, "segmented_control", "road").set_value("cash").run()
    why(counter)
    counter.touch("exchange")
    assert [one.balance_minor for one in cards(counter)] == [30000]


def test_somebody_else_gave_it_back_before_the_exchange(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    why(counter)
    given = [returns.GiveBack(line_of(counter, order_id), 29000, Fate.KEPT)]
    who = {"staff_id": "counter", "device_id": counter.device_id}
    returns.refund(counter.shop, order_id=order_id, key="another tablet", lines=given, reason="price", **who)
    counter.touch("exchange")
    assert counter.says("Only £10.00 is left to give back of this.")
    assert cards(counter) == []


def choose(tablet: Tablet, *skus: str) -> None:
    """Another piece is chosen, to be taken away, and the ways to pay are open."""
    tablet.open("counter/sell")
    for sku in skus:
        tablet.touch_card(sku)
    basket.take_away(tablet.shop, basket_id=tablet.basket_id)
    tablet.open("counter/take")


def bought(tablet: Tablet) -> OrderView:
    """The order that this tablet opened last."""
    with tablet.shop.read() as look:
        newest = select(Order.id).where(Order.device_id == tablet.device_id).order_by(Order.opened_at.desc())  # type: ignore[attr-defined]
        order_id = look.exec(newest).first()
    assert order_id is not None
    return orders.view(tablet.shop, order_id=order_id)


def look_again(tablet: Tablet) -> None:
    tablet.open("counter/take", order=bought(tablet).order_id)


def test_a_touch_pays_by_the_credit_and_the_rest_is_cash(counter: Tablet) -> None:  # noqa: F811
    exchange_it(counter)
    (card,) = cards(counter)
    choose(counter, *DEARER)
    whole = basket.view(counter.shop, basket_id=counter.basket_id).quote.due_now_minor  # type: ignore[union-attr]
    assert whole > 30000
    (button,) = offered(counter)
    assert counter.screen.button(key=button).label == f"Store credit ···· {card.last4}, £300.00"
    counter.touch(button)
    look_again(counter)
    assert offered(counter) == []
    assert bought(counter).remaining_minor == whole - 30000
    assert counter.says(f"Store credit ···· {card.last4}")
    counter.touch("go_cash")
    carried_on(counter)
    assert bought(counter).paid_minor == whole
    assert [one.balance_minor for one in cards(counter)] == [0]


def test_no_more_than_the_price_is_taken_and_the_rest_stays_on_the_slip(counter: Tablet) -> None:  # noqa: F811
    exchange_it(counter)
    choose(counter, "NC-CH")
    whole = basket.view(counter.shop, basket_id=counter.basket_id).quote.due_now_minor  # type: ignore[union-attr]
    assert whole < 30000
    (button,) = offered(counter)
    assert counter.says("£300.00 of store credit, given back here. What is left of it stays on its slip.")
    assert f"£{whole / 100:.2f}" in counter.screen.button(key=button).label
    counter.touch(button)
    carried_on(counter)
    look_again(counter)
    assert bought(counter).state == OrderState.PAID
    assert [one.balance_minor for one in cards(counter)] == [30000 - whole]
    assert "drawer" not in [job.kind for job in rows(counter, PrintJob)]


def test_a_typed_amount_is_all_that_the_touch_takes(counter: Tablet) -> None:  # noqa: F811
    exchange_it(counter)
    choose(counter, *DEARER)
    type_amount(counter, "5000")
    counter.touch(offered(counter)[0])
    look_again(counter)
    assert [one.balance_minor for one in cards(counter)] == [25000]
    assert "£250.00" in counter.screen.button(key=offered(counter)[0]).label, "the rest of it is offered still"


def test_the_credit_touched_twice_is_one_tender(counter: Tablet) -> None:  # noqa: F811
    exchange_it(counter)
    choose(counter, *DEARER)
    type_amount(counter, "5000")
    button = counter.screen.button(key=offered(counter)[0])
    button.click()
    counter.screen.run()
    button.click()
    counter.screen.run()
    assert [one.amount_minor for one in bought(counter).tenders] == [5000]


def test_a_reload_keeps_the_offer_and_another_tablet_has_none(counter: Tablet) -> None:  # noqa: F811
    exchange_it(counter)
    choose(counter, *DEARER)
    counter.new_browser()
    counter.open("counter/take")
    assert len(offered(counter)) == 1
    with counter.shop.jot() as tx:
        for refund in tx.exec(select(Refund)):
            other = Device(id="other", boutique_id="demo", label="Other", token_hash="x", enrolled_at=tx.now())
            tx.add(other)
            tx.flush()
            refund.device_id = "other"
    counter.open("counter/take")
    assert offered(counter) == []


def test_what_was_paid_in_two_ways_comes_as_one_credit(counter: Tablet) -> None:  # noqa: F811
    choose(counter, "NC-VM")
    for amount in ("10000", ""):
        type_amount(counter, amount)
        counter.touch("go_cash")
        look_again(counter)
    carried_on(counter)
    assert {one.method for one in bought(counter).payments} == {Method.CASH}
    counter.shop.clock.move(timedelta(minutes=1))
    find(counter, bought(counter).code)
    why(counter)
    counter.touch("exchange")
    paid = sum(one.balance_minor for one in cards(counter))
    choose(counter, *DEARER)
    assert len(offered(counter)) == 1
    assert counter.says(f"£{paid / 100:.2f} of store credit, given back here.")
    counter.touch(offered(counter)[0])
    look_again(counter)
    assert [one.balance_minor for one in cards(counter)] == [0]


def test_given_up_the_credit_is_whole_and_offered_again(counter: Tablet) -> None:  # noqa: F811
    exchange_it(counter)
    choose(counter, *DEARER)
    counter.touch(offered(counter)[0])
    look_again(counter)
    counter.touch("link_give_up")
    counter.touch("give_up")
    carried_on(counter)
    assert [one.balance_minor for one in cards(counter)] == [30000]
    counter.open("counter/take")
    assert len(offered(counter)) == 1


def test_an_exchange_speaks_french(counter: Tablet) -> None:  # noqa: F811
    counter.touch("staff_tongue")
    exchange_it(counter)
    assert counter.says("Avoir de")
    choose(counter, *DEARER)
    assert counter.screen.button(key=offered(counter)[0]).label.startswith("Avoir ···· ")
