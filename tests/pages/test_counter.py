"""The counter: nothing without a PIN, a sale in a few touches, a hand-over that cannot be repeated."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from kiosk.registry import SCREENS
from pos.models import JobState, PaymentState, Printer, PrintJob, Role
from pos.people import staff
from pos.selling import basket, checkout, orders, pickup, settle
from pos.selling.views import Choice
from tests.pages.conftest import Tablet
from tests.pages.test_pay import open_order, put

STAFF_PAGES = [screen for screen in SCREENS if screen.role != Role.SHOPPER]


@pytest.fixture
def counter(tablet: Tablet) -> Tablet:
    """The tablet, unlocked by somebody of the counter, showing the sale."""
    tablet.open("counter/sell")
    tablet.unlock("counter")
    return tablet


@pytest.mark.parametrize("screen", STAFF_PAGES, ids=lambda screen: screen.url)
def test_no_staff_page_opens_without_its_role(tablet: Tablet, screen: object) -> None:
    tablet.open(str(screen.file).removesuffix(".py"))  # type: ignore[attr-defined]
    assert [header.value for header in tablet.screen.header] in (["Who is there?"], ["The brand’s board"])
    assert [part.key for part in tablet.screen.text_input] == ["pin_typed"]


def test_the_counter_s_key_does_not_open_the_board(counter: Tablet) -> None:
    counter.open("brand/board")
    assert counter.says("The brand’s board")
    counter.unlock("brand")
    assert counter.says("Taken ex VAT")


def test_a_wrong_pin_says_how_long_to_wait(tablet: Tablet) -> None:
    tablet.open("counter/sell")
    tablet.screen.text_input(key="pin_typed").set_value("000000").run()
    assert tablet.says("That is not the PIN. Next try in 1 s.")
    assert staff.glance(tablet.shop, device_id=tablet.device_id) is None


def test_the_clock_locks_the_counter(counter: Tablet) -> None:
    assert counter.says("Empty the basket") or counter.says("Tap a piece")
    counter.shop.clock.move(timedelta(minutes=counter.shop.settings.staff_lock_minutes))
    counter.screen.run()
    assert counter.says("Who is there?")


def wait(tablet: Tablet, *, share: float) -> None:
    """Nobody touches anything for this share of the time after which the counter locks."""
    tablet.shop.clock.move(timedelta(minutes=tablet.shop.settings.staff_lock_minutes * share))


def test_a_busy_counter_stays_unlocked(counter: Tablet) -> None:
    for _ in range(3):
        wait(counter, share=0.6)
        counter.parts_again()  # a tap on a piece draws the counter's part alone
        assert counter.says("Tap a piece")
        assert not counter.says("Counter, Vitrine")  # the bar above it is not drawn again


def test_the_part_of_a_page_locks_with_it(counter: Tablet) -> None:
    staff.lock(counter.shop, device_id=counter.device_id)
    counter.parts_again()
    assert counter.says("Who is there?")
    assert not counter.says("Tap a piece")


def test_a_board_that_only_refreshes_itself_locks_by_the_clock(tablet: Tablet) -> None:
    tablet.open("brand/board")
    tablet.unlock("brand")
    wait(tablet, share=0.6)
    tablet.parts_again()
    assert tablet.says("Taken ex VAT")
    wait(tablet, share=0.6)
    tablet.parts_again()
    assert tablet.says("The brand’s board")
    assert not tablet.says("Taken ex VAT")


def test_a_shopper_s_taps_do_not_keep_the_counter_unlocked(counter: Tablet) -> None:
    for _ in range(2):
        wait(counter, share=0.6)
        counter.open("shop/story", capsule="notebook-corner")
        assert counter.says("The corner that takes the knocks")
    assert staff.glance(counter.shop, device_id=counter.device_id) is None


def test_lock_shuts_it_at_once(counter: Tablet) -> None:
    counter.touch("lock")
    assert counter.says("Who is there?")


def test_a_piece_touched_is_sold_and_taken_away(counter: Tablet) -> None:
    counter.touch_card("NC-VM")
    assert counter.says("Nº 1 of 60")
    counter.screen.segmented_control(key="home_2").set_value("take_away").run()
    assert counter.says("Take £300.00 by card")
    counter.touch("go_take")
    order_id = orders.live_order(counter.shop, device_id=counter.device_id)
    assert order_id
    settle.settle(counter.shop, payment_id=put(counter, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("It is yours")
    assert counter.says("Next customer")
    counter.touch("go_finish")
    assert counter.says("Tap a piece to keep its next free number.")


def test_a_second_touch_that_is_meant_keeps_a_second_piece(counter: Tablet) -> None:
    counter.touch_card("NC-VM")
    counter.touch_card("NC-VM")
    held = basket.view(counter.shop, basket_id=counter.basket_id)
    assert [line.number for line in held.lines] == [1, 2]


def test_who_first_takes_away_and_then_collects_must_say_when(counter: Tablet) -> None:
    counter.touch_card("NC-VM")
    counter.screen.segmented_control(key="home_2").set_value("take_away").run()
    assert not counter.screen.button(key="go_take").disabled
    counter.screen.segmented_control(key="home_2").set_value("pickup").run()
    assert counter.screen.button(key="go_take").disabled
    assert not basket.view(counter.shop, basket_id=counter.basket_id).take_away


def test_the_counter_takes_no_words_that_the_customer_has_not_confirmed(counter: Tablet) -> None:
    wish = Choice("NC-VM", number=12, engraving=("MAX",))
    item = basket.hold(counter.shop, basket_id=counter.basket_id, choice=wish).item_id
    held = basket.view(counter.shop, basket_id=counter.basket_id)
    start = pickup.slots(counter.shop, boutique_id="demo", not_before=held.ready_on)[0].start
    basket.choose_pickup(counter.shop, basket_id=counter.basket_id, boutique_id="demo", start=start)
    counter.open("counter/sell")
    counter.touch("go_take")
    assert counter.says("The engraving of number 12 is not confirmed yet")
    counter.touch(f"prove_{item}")
    counter.touch("go_take")
    assert orders.live_order(counter.shop, device_id=counter.device_id)


def test_a_ring_without_its_size_is_not_taken(counter: Tablet) -> None:
    counter.touch_card("OP-RING")
    assert counter.says("Choose a size")
    held = basket.view(counter.shop, basket_id=counter.basket_id)
    counter.touch(f"link_edit_{held.lines[0].item_id}")
    counter.touch(f"{held.lines[0].item_id}_size=55")
    assert basket.view(counter.shop, basket_id=counter.basket_id).lines[0].size == "55"


def paid_order(tablet: Tablet, *choices: Choice) -> str:
    order_id = open_order(tablet, *choices)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    put(tablet, order_id, PaymentState.CAPTURED)
    return order_id


def code_of(tablet: Tablet, order_id: str) -> str:
    booked = orders.view(tablet.shop, order_id=order_id).pickup
    assert booked is not None
    return booked.code


def test_a_code_shows_the_piece_and_hands_it_over_once(counter: Tablet) -> None:
    order_id = paid_order(counter)
    code = code_of(counter, order_id)
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code.lower().replace("-", " ")).run()
    assert counter.says("Nº 12")
    counter.touch("go_hand_over")
    assert counter.says("Handed over Monday 23 November at 10:00 by Counter.")
    counter.touch("link_next")
    counter.screen.text_input(key="code").set_value(code).run()
    assert counter.says("Handed over Monday 23 November at 10:00 by Counter.")
    assert not counter.says("Hand over\n")


def test_papers_are_asked_for_where_the_sale_is_looked_up_each_once(counter: Tablet) -> None:
    order_id = paid_order(counter)
    order = orders.view(counter.shop, order_id=order_id)
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(order.code).run()
    counter.touch(f"paper_gift_receipt_{order.code}")
    assert not [button for button in counter.screen.button if button.key == f"paper_gift_receipt_{order.code}"]
    counter.touch(f"paper_invoice_{order.receipts[0]}")
    counter.touch("go_invoice")
    assert counter.says("An invoice needs the name and the address of the business.")
    counter.screen.text_input(key="invoice_name").set_value("Quayside Studios Ltd")
    counter.screen.text_area(key="invoice_address").set_value("Unit 4\nLondon ZZ99 4DD")
    counter.touch("go_invoice")
    with counter.shop.read() as look:
        kinds = look.exec(select(PrintJob.kind).where(PrintJob.order_id == order_id)).all()
    assert {"gift_receipt", "invoice"} <= set(kinds)
    assert "go_invoice" not in [button.key for button in counter.screen.button]


def test_an_unknown_code_is_one_sentence(counter: Tablet) -> None:
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value("NO-SUCH").run()
    assert counter.says("No pickup has this code. Look again, letter by letter.")


def test_a_balance_is_taken_at_the_reader_before_the_piece_leaves(counter: Tablet) -> None:
    order_id = paid_order(counter, Choice("NC-PT", number=9))
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code_of(counter, order_id)).run()
    assert counter.says("Still to be made, promised for")
    counter.touch("go_ready")
    assert counter.says("Take £432.00 at the reader")
    counter.shop.clock.move(timedelta(minutes=1))
    counter.touch("go_balance")
    assert counter.says("One moment")
    settle.settle(counter.shop, payment_id=put(counter, order_id, PaymentState.AUTHORISED, charge_id="ch_2"))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("Compare the number")  # paid: back where it is handed over, without the code again
    counter.touch("go_hand_over")
    assert counter.says("The payment is not taken yet.")
    put(counter, order_id, PaymentState.CAPTURED)
    counter.touch("go_hand_over")
    assert counter.says("Handed over")


def test_next_customer_leaves_the_ticket_of_a_walk_in_alone(counter: Tablet) -> None:
    order_id = paid_order(counter)
    counter.shop.clock.move(timedelta(minutes=1))
    basket.hold(counter.shop, basket_id=counter.basket_id, choice=Choice("NC-CH", number=20))
    counter.open("shop/done", order=order_id, by="counter")
    counter.touch("go_finish")
    assert [line.number for line in basket.view(counter.shop, basket_id=counter.basket_id).lines] == [20]
    counter.shop.clock.move(timedelta(minutes=16))  # what has lapsed may still be kept again
    counter.open("counter/sell")
    counter.unlock("counter")
    assert counter.says("Take off the list")
    counter.open("shop/done", order=order_id, by="counter")
    counter.touch("go_finish")
    assert [line.number for line in basket.view(counter.shop, basket_id=counter.basket_id).lapsed] == [20]


def test_a_reload_at_the_reader_keeps_staff_at_the_counter(counter: Tablet) -> None:
    order_id = open_order(counter)
    put(counter, order_id, PaymentState.DISPATCHED)
    counter.new_browser()
    assert counter.says("Hold your card to the reader")
    checkout.undo(counter.shop, payment_id=put(counter, order_id, PaymentState.CANCELLED))
    counter.screen.run()
    counter.touch("go_back")
    assert counter.says("Take £300.00 by card") or counter.says("Empty the basket")


def test_a_cancelled_balance_leads_back_to_the_counter_even_if_its_lock_fell(counter: Tablet) -> None:
    order_id = paid_order(counter, Choice("NC-PT", number=9))
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code_of(counter, order_id)).run()
    counter.touch("go_ready")
    counter.shop.clock.move(timedelta(minutes=1))
    counter.touch("go_balance")
    staff.lock(counter.shop, device_id=counter.device_id)
    checkout.undo(counter.shop, payment_id=put(counter, order_id, PaymentState.CANCELLED))
    counter.open("shop/pay", order=order_id, by="counter")
    assert counter.says("The deposit stands, and so does the promise.")
    counter.touch("go_back")
    assert counter.says("Who is there?")


def test_a_tablet_of_another_boutique_says_where_to_collect(
    counter: Tablet, another: Callable[[], Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = paid_order(counter)
    elsewhere = Tablet(counter.shop, monkeypatch, label="Kennel tablet", boutique="demo-pets")
    elsewhere.new_browser()
    elsewhere.open("counter/collect")
    elsewhere.unlock("counter-pets")
    elsewhere.screen.text_input(key="code").set_value(code_of(counter, order_id)).run()
    assert elsewhere.says("This pickup is booked in Vitrine, Lantern Arcade.")


@pytest.mark.parametrize("page", ["shop/pay", "shop/done"])
def test_an_order_is_shown_to_staff_of_its_boutique_and_to_no_other_role(
    counter: Tablet, another: Callable[[], Tablet], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    order_id = paid_order(counter)
    code = orders.view(counter.shop, order_id=order_id).code
    beside = another()
    beside.new_browser()
    beside.open("brand/board")
    beside.unlock("brand")
    beside.open(page, order=order_id, by="counter")
    assert not beside.says(code)
    assert beside.says("This page is not here") or beside.says("There is nothing to pay")
    beside.open("counter/sell")
    beside.unlock("counter")
    beside.open(page, order=order_id, by="counter")
    assert beside.says(code)
    elsewhere = Tablet(counter.shop, monkeypatch, label="Kennel tablet", boutique="demo-pets")
    elsewhere.new_browser()
    elsewhere.open("counter/sell")
    elsewhere.unlock("counter-pets")
    elsewhere.open(page, order=order_id, by="counter")
    assert not elsewhere.says(code)


def test_the_hand_over_is_refused_when_the_lock_fell_in_between(counter: Tablet) -> None:
    code = code_of(counter, paid_order(counter))
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code).run()
    staff.lock(counter.shop, device_id=counter.device_id)
    counter.touch("go_hand_over")
    booked = orders.view(counter.shop, order_id=pickup.find(counter.shop, code=code)).pickup
    assert booked is not None
    assert booked.handed_over_at is None


def test_two_touches_on_take_open_one_order(counter: Tablet) -> None:
    counter.touch_card("NC-VM")
    basket.take_away(counter.shop, basket_id=counter.basket_id)
    price = checkout.quote(counter.shop, basket_id=counter.basket_id)
    counter.screen.run()
    counter.touch("go_take")
    person = staff.glance(counter.shop, device_id=counter.device_id)
    assert person is not None
    second = checkout.open(
        counter.shop, quote=price, device_id=counter.device_id, terms_version="2026-11", staff_id=person.staff_id
    )
    assert second == orders.live_order(counter.shop, device_id=counter.device_id)


def slip_of(
    tablet: Tablet, order_id: str, state: JobState, cause: str | None, *, boutique: str = "demo", model: str = "t88-80"
) -> str:
    """The first slip of an order, as the worker of a printer in this boutique would leave it."""
    job_id = orders.view(tablet.shop, order_id=order_id).slips[0].job_id
    with tablet.shop.jot() as tx:
        tx.add(Printer(id="printer", boutique_id=boutique, label="Printer", host="127.0.0.1", port=9, model=model))
        tx.flush()
        job = tx.get_one(PrintJob, job_id)
        job.state, job.cause, job.printer_id = state, cause, "printer"
    return job_id


@pytest.mark.parametrize(("name", "becomes"), [("came_out", JobState.CONFIRMED), ("did_not", JobState.QUEUED)])
def test_staff_answer_whether_a_slip_came_out(counter: Tablet, name: str, becomes: JobState) -> None:
    order_id = paid_order(counter)
    job_id = slip_of(counter, order_id, JobState.UNKNOWN, "interrupted")
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code_of(counter, order_id)).run()
    assert counter.says("The shop stopped while it was being printed.")
    assert counter.says(f"/slips/{job_id}.png")
    counter.touch(f"{name}_{job_id}")
    assert orders.view(counter.shop, order_id=order_id).slips[0].state == becomes
    assert not counter.says("The shop stopped while it was being printed.")


@pytest.mark.parametrize(("model", "by_hand"), [("generic-80", True), ("t88-80", False)])
def test_a_printer_that_cannot_clear_itself_is_switched_off_and_on_before_the_answer(
    counter: Tablet, model: str, by_hand: bool
) -> None:
    order_id = paid_order(counter)
    slip_of(counter, order_id, JobState.UNKNOWN, "paper_out", model=model)
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code_of(counter, order_id)).run()
    assert counter.says("switch the printer off and on before you say so") is by_hand


def test_a_slip_is_asked_about_where_it_should_have_come_out(
    counter: Tablet, another: Callable[[], Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paid elsewhere, its paper lies elsewhere; the boutique that sold the piece sees it, and is not asked."""
    order_id = paid_order(counter)
    job_id = slip_of(counter, order_id, JobState.UNKNOWN, "silent", boutique="demo-pets")
    code = code_of(counter, order_id)
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(code).run()
    assert counter.says(f"/slips/{job_id}.png")
    assert f"did_not_{job_id}" not in [button.key for button in counter.screen.button]
    kennel = Tablet(counter.shop, monkeypatch, label="Kennel tablet", boutique="demo-pets")
    kennel.new_browser()
    kennel.open("counter/collect")
    kennel.unlock("counter-pets")
    kennel.screen.text_input(key="code").set_value(code).run()
    kennel.touch(f"did_not_{job_id}")
    assert orders.view(counter.shop, order_id=order_id).slips[0].state == JobState.QUEUED
    assert not kennel.says(orders.view(counter.shop, order_id=order_id).slips[1].job_id)


def test_an_order_s_own_code_shows_its_paper_and_hands_nothing_over(counter: Tablet) -> None:
    order_id = paid_order(counter)
    slip_of(counter, order_id, JobState.BLOCKED, "paper_out")
    counter.open("counter/collect")
    counter.screen.text_input(key="code").set_value(orders.view(counter.shop, order_id=order_id).code).run()
    assert counter.says("The paper has run out: put in a new roll.")
    assert counter.says("To hand it over, ask for the collect code.")
    assert "go_hand_over" not in [button.key for button in counter.screen.button]
