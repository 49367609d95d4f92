"""The returns screen: find the sale, choose, see the sums, one green button; and what waits to be looked at."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from pos.models import (
    Certificate,
    Fate,
    GiftCard,
    PaymentState,
    Piece,
    PieceState,
    PrintJob,
    Refund,
    RefundLine,
    RefundPart,
    RefundState,
    Road,
)
from pos.people import pins
from pos.selling import orders, returns, settle
from pos.selling.views import Choice, ReturnView
from tests.pages.conftest import Tablet
from tests.pages.test_counter import counter  # noqa: F401 (a fixture)
from tests.pages.test_pay import open_order, put

CARD = {"brand": "visa", "last4": "4242"}
CHARM = Choice("NC-VM", number=12)


def sell(tablet: Tablet, *choices: Choice) -> str:
    """A sale that is paid by card; says its order."""
    order_id = open_order(tablet, *choices)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1", card=CARD))
    put(tablet, order_id, PaymentState.CAPTURED)
    return order_id


def find(tablet: Tablet, words: str) -> None:
    """Type a code, or scan it."""
    tablet.open("counter/returns")
    tablet.screen.text_input(key="return_code").set_value(words).run()


def seen(tablet: Tablet, order_id: str) -> ReturnView:
    return returns.view(tablet.shop, order_id=order_id)


def line_of(tablet: Tablet, order_id: str) -> str:
    return seen(tablet, order_id).lines[0].line_id


def field(tablet: Tablet, kind: str, name: str) -> Any:
    """A field of the form; its key is new for every sale."""
    (found,) = (one for one in tablet.screen.get(kind) if str(one.key).startswith(f"return_{name}_"))
    return found


def why(tablet: Tablet, short: str = "changed_mind") -> None:
    field(tablet, "selectbox", "reason").select(short).run()


def give(tablet: Tablet) -> Any:
    return tablet.screen.button(key="go_give_back")


def rows(tablet: Tablet, table: Any) -> list[Any]:
    with tablet.shop.read() as look:
        return list(look.exec(select(table)))


def state_of(tablet: Tablet, number: int = 12) -> PieceState:
    with tablet.shop.read() as look:
        return look.exec(select(Piece.state).where(Piece.sku == "NC-VM", Piece.number == number)).one()


@pytest.mark.parametrize("by", ["order", "receipt", "collect", "small letters"])
def test_a_sale_is_found_by_each_of_its_numbers(counter: Tablet, by: str) -> None:  # noqa: F811
    order = orders.view(counter.shop, order_id=sell(counter))
    assert order.pickup
    words = {
        "order": order.code,
        "receipt": order.receipts[0],
        "collect": order.pickup.code,
        "small letters": f" {order.receipts[0].lower()} ",
    }
    find(counter, words[by])
    assert counter.says(f"Order {order.code}")
    assert counter.says("£300.00")


@pytest.mark.parametrize("words", ["AAAA-AAAA", "x" * 500, "DEMO-999999", "é", "'; --"])
def test_what_nobody_knows_is_said_in_one_sentence(counter: Tablet, words: str) -> None:  # noqa: F811
    find(counter, words)
    assert counter.says("No sale has this number.")
    assert counter.says("To look at"), "the list stands where no sale does"


def test_an_empty_field_is_no_mistake(counter: Tablet) -> None:  # noqa: F811
    find(counter, "   ")
    assert counter.says("Nothing that came back is waiting to be looked at.")
    assert not counter.says("No sale")


def test_a_sale_that_was_not_paid_says_so(counter: Tablet) -> None:  # noqa: F811
    order_id = open_order(counter)
    find(counter, orders.view(counter.shop, order_id=order_id).code)
    assert counter.says("Nothing was paid for this order")
    assert "go_give_back" not in [button.key for button in counter.screen.button]


def test_the_sums_stand_there_before_the_button_and_a_reason_is_asked_for(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    assert counter.says("To Visa ···· 4242")
    assert counter.says("Say why first.")
    assert give(counter).disabled
    why(counter)
    assert give(counter).label == "Give back £300.00"
    assert not give(counter).disabled


def test_a_piece_is_given_back_and_is_for_sale_again(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    why(counter)
    counter.touch("go_give_back")
    (made,) = rows(counter, Refund)
    assert (made.gross_minor, made.reason, made.staff_id) == (30000, "changed_mind", "counter")
    assert counter.says(f"£300.00 is given back: refund {made.number}.")
    assert counter.says("on its way to Visa ···· 4242")
    assert counter.says("Refund slip")
    assert state_of(counter) == PieceState.FREE
    assert [one.state for one in rows(counter, Certificate)] == ["returned"]
    counter.touch("link_next")
    assert counter.screen.text_input(key="return_code").value == ""
    assert counter.says("To look at")


def test_a_finger_that_touches_twice_gives_back_once(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    line = line_of(counter, order_id)
    counter.screen.text_input(key=f"amount_{line}").set_value("10").run()
    why(counter)
    button = give(counter)
    button.click().run()
    button.click()
    counter.screen.run()
    assert [one.gross_minor for one in rows(counter, Refund)] == [1000]


def test_the_same_choice_on_two_tablets_is_one_refund(counter: Tablet) -> None:  # noqa: F811
    from pos.selling import return_desk
    from pos.selling.views import GiveBack

    before = seen(counter, sell(counter))
    lines = [GiveBack(before.lines[0].line_id, 1000, Fate.KEPT)]
    key = return_desk.key(before, lines, road=None)
    assert key == return_desk.key(before, list(reversed(lines)), road=None)
    assert key != return_desk.key(before, lines, road=Road.CASH)
    find(counter, before.code)
    counter.screen.text_input(key=f"amount_{before.lines[0].line_id}").set_value("10").run()
    why(counter)
    counter.touch("go_give_back")
    assert rows(counter, Refund)[0].key == key
    after = seen(counter, before.order_id)
    assert return_desk.key(after, lines, road=None) != key, "the same again on purpose is another"


@pytest.mark.parametrize(("typed", "pence"), [("10", 1000), ("10,50", 1050), ("£1.5", 150), ("300.00", 30000)])
def test_a_part_is_given_back_and_the_piece_stays_with_the_shopper(
    counter: Tablet,  # noqa: F811
    typed: str,
    pence: int,
) -> None:
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    counter.screen.text_input(key=f"amount_{line_of(counter, order_id)}").set_value(typed).run()
    why(counter, "price")
    counter.touch("go_give_back")
    (back,) = rows(counter, RefundLine)
    assert (back.gross_minor, back.fate) == (pence, Fate.STOCK if pence == 30000 else Fate.KEPT)


@pytest.mark.parametrize("typed", ["", "0", "300.01", "-5", "much", "1" * 20])
def test_an_amount_that_is_none_is_said_at_once(counter: Tablet, typed: str) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    counter.screen.text_input(key=f"amount_{line_of(counter, order_id)}").set_value(typed).run()
    why(counter)
    assert counter.says("Type an amount up to £300.00.")
    assert give(counter).disabled


def test_of_several_lines_one_is_chosen(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter, CHARM, Choice("NC-VM", number=13))
    find(counter, seen(counter, order_id).code)
    assert give(counter).disabled
    assert counter.says("Choose what comes back first.")
    second = seen(counter, order_id).lines[1].line_id
    counter.screen.checkbox(key=f"back_{second}").check().run()
    why(counter)
    counter.touch("go_give_back")
    assert (state_of(counter, 12), state_of(counter, 13)) == (PieceState.SOLD, PieceState.FREE)
    counter.touch("link_more")
    assert give(counter).disabled, "a new choice begins with nothing"


def test_an_engraved_piece_goes_to_be_looked_at_and_passes_once_its_words_are_gone(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter, Choice("NC-VM", number=12, engraving=("ZOË",)))
    find(counter, seen(counter, order_id).code)
    assert counter.says("engraved")
    why(counter, "fault")
    field(counter, "text_input", "words").set_value("the ring is loose").run()
    counter.touch("go_give_back")
    assert state_of(counter) == PieceState.INSPECTION
    counter.touch("link_next")
    assert counter.says("Engraved for somebody: “ZOË”")
    assert counter.says("A fault in the piece · the ring is loose")
    counter.touch("well_NC-VM_12")
    assert counter.says("Somebody’s words were cut into number 12.")
    assert state_of(counter) == PieceState.INSPECTION
    counter.screen.checkbox(key="gone_NC-VM_12").check().run()
    counter.touch("well_NC-VM_12")
    assert state_of(counter) == PieceState.FREE
    assert counter.says("Nothing that came back is waiting to be looked at.")


def test_what_is_not_well_stays_and_says_why(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter, Choice("NC-VM", number=12, engraving=("ZOË",)))
    find(counter, seen(counter, order_id).code)
    why(counter)
    counter.touch("go_give_back")
    counter.touch("link_next")
    counter.touch("link_fault_NC-VM_12")
    counter.touch("keep_out_NC-VM_12")
    assert counter.says("Please say why.")
    counter.screen.text_input(key="why_NC-VM_12").set_value("a scratch").run()
    counter.touch("keep_out_NC-VM_12")
    assert counter.says("Stays here: a scratch")


def test_much_cash_asks_for_a_manager_s_pin_and_the_counter_stays_whose_it_was(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    field(counter, "segmented_control", "road").set_value("cash").run()
    why(counter)
    assert counter.says("More than £100.00 in cash for one order: a manager’s PIN is asked for.")
    counter.touch("go_give_back")
    assert rows(counter, Refund) == []
    counter.screen.text_input(key="vouch_typed").set_value("000000").run()
    assert counter.says("That is not the PIN.")
    assert rows(counter, Refund) == []
    counter.shop.clock.move(timedelta(seconds=2))
    pin = pins.new_pin(counter.shop, staff_id="manager")
    counter.screen.text_input(key="vouch_typed").set_value(pin).run()
    (made,) = rows(counter, Refund)
    assert (made.staff_id, made.manager_id) == ("counter", "manager")
    assert counter.says("given in cash")


def test_little_cash_needs_nobody_else(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    counter.screen.text_input(key=f"amount_{line_of(counter, order_id)}").set_value("20").run()
    field(counter, "segmented_control", "road").set_value("cash").run()
    why(counter)
    counter.touch("go_give_back")
    assert [(one.road, one.state) for one in rows(counter, RefundPart)] == [(Road.CASH, RefundState.REFUNDED)]


def test_a_deposit_goes_back_whole_with_one_choice(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter, Choice("NC-PT", number=7))
    find(counter, seen(counter, order_id).code)
    assert counter.says("A balance is still due, so the whole deposit goes back, or nothing.")
    assert counter.says("It was never handed over: its number is for sale again.")
    assert [box.key for box in counter.screen.checkbox] == []
    why(counter)
    counter.touch("go_give_back")
    (made,) = rows(counter, Refund)
    assert made.gross_minor == seen(counter, order_id).paid_minor
    assert counter.says(made.number)


def failed(tablet: Tablet) -> str:
    """A refund that the card's bank would not take; says its part."""
    order_id = sell(tablet)
    find(tablet, seen(tablet, order_id).code)
    tablet.screen.text_input(key=f"amount_{line_of(tablet, order_id)}").set_value("20").run()
    why(tablet)
    tablet.touch("go_give_back")
    with tablet.shop.jot() as tx:
        part = tx.exec(select(RefundPart)).one()
        part.state, part.reason = RefundState.FAILED, "lost_or_stolen_card"
        return part.id


def test_what_failed_is_owed_and_goes_by_another_road(counter: Tablet) -> None:  # noqa: F811
    part_id = failed(counter)
    counter.screen.run()
    assert counter.says("failed: the shop owes it to the shopper still.")
    counter.touch(f"cash_{part_id}")
    with counter.shop.read() as look:
        parts = list(look.exec(select(RefundPart).order_by(col(RefundPart.asked_at), col(RefundPart.id))))
    assert [(one.road, one.state) for one in parts][-1] == (Road.CASH, RefundState.REFUNDED)
    assert parts[-1].replaces == part_id
    counter.screen.run()
    assert counter.says("failed; given by another road")


def test_somebody_else_gave_it_back_first(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    why(counter)
    line = line_of(counter, order_id)
    returns.refund(
        counter.shop,
        order_id=order_id,
        key="another tablet",
        lines=[returns.GiveBack(line, 29000, Fate.KEPT)],
        reason="price",
        staff_id="counter",
        device_id=counter.device_id,
    )
    counter.touch("go_give_back")
    assert counter.says("Only £10.00 is left to give back of this.")
    assert [one.gross_minor for one in rows(counter, Refund)] == [29000]


def test_it_speaks_french(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    counter.touch("staff_tongue")
    find(counter, seen(counter, order_id).code)
    assert counter.says("Ce qui revient")
    why(counter)
    counter.touch("go_give_back")
    assert counter.says("en route vers Visa ···· 4242")
    assert counter.says("Changement d’avis")


def test_store_credit_is_given_at_once_and_its_slip_comes_out_here(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    find(counter, seen(counter, order_id).code)
    field(counter, "segmented_control", "road").set_value("credit").run()
    assert counter.says("As store credit")
    why(counter)
    counter.touch("go_give_back")
    (card,) = rows(counter, GiftCard)
    assert card.balance_minor == 30000
    assert counter.says("given as store credit")
    (told,) = (job.facts for job in rows(counter, PrintJob) if job.kind == "refund")
    assert told["roads"] == [{"road": "credit", "amount_minor": 30000, "brand": "", "last4": card.last4}]
    assert len([job for job in rows(counter, PrintJob) if job.kind == "credit"]) == 1


def test_what_is_owed_may_become_store_credit(counter: Tablet) -> None:  # noqa: F811
    part_id = failed(counter)
    counter.screen.run()
    counter.touch(f"credit_{part_id}")
    assert [card.balance_minor for card in rows(counter, GiftCard)] == [2000]


def test_cash_that_was_given_before_counts_for_what_is_owed(counter: Tablet) -> None:  # noqa: F811
    order_id = sell(counter)
    counter_gives = {"order_id": order_id, "reason": "price", "staff_id": "counter", "device_id": counter.device_id}
    line = line_of(counter, order_id)
    for key, pence, way in (("cash", 9000, Road.CASH), ("card", 2000, None)):
        lines = [returns.GiveBack(line, pence, Fate.KEPT)]
        returns.refund(counter.shop, key=key, lines=lines, road=way, **counter_gives)
    with counter.shop.jot() as tx:
        part = tx.exec(select(RefundPart).where(RefundPart.road == Road.CARD)).one()
        part.state, part_id = RefundState.FAILED, part.id
    find(counter, seen(counter, order_id).code)
    counter.touch(f"cash_{part_id}")
    pin = pins.new_pin(counter.shop, staff_id="manager")
    counter.screen.text_input(key="vouch_typed").set_value(pin).run()
    assert counter.says("failed; given by another road")
    assert sum(one.amount_minor for one in rows(counter, RefundPart) if one.road == Road.CASH) == 11000


def test_what_was_chosen_for_one_sale_is_not_left_on_the_tablet_for_the_next(counter: Tablet) -> None:  # noqa: F811
    first, second = sell(counter, CHARM), sell(counter, Choice("NC-VM", number=13))
    find(counter, seen(counter, first).code)
    field(counter, "segmented_control", "road").set_value("cash").run()
    field(counter, "text_input", "words").set_value("the ring is loose").run()
    before = {field(counter, *one).key for one in (("segmented_control", "road"), ("text_input", "words"))}
    counter.screen.text_input(key="return_code").set_value(seen(counter, second).code).run()
    after = {field(counter, *one).key for one in (("segmented_control", "road"), ("text_input", "words"))}
    assert not before & after  # a browser keeps what was chosen in a widget whose key it knows
    assert counter.says("To Visa")
    assert "the ring is loose" not in [one.value for one in counter.screen.text_input]
