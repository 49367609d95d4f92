"""From basket to order to sale: prices to the penny, one order whatever is tapped, pieces that change hands once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import func, select

from pos.books import audit
from pos.errors import (
    BasketEmpty,
    HoldLapsed,
    NotAllowed,
    PriceMoved,
    SizeNeeded,
    SlotClosed,
    WindowClosed,
    Withdrawn,
    WrongState,
)
from pos.models import (
    AuditEntry,
    Bundle,
    Certificate,
    Device,
    Extra,
    Order,
    OrderState,
    Part,
    Payment,
    PaymentState,
    PickupState,
    Piece,
    PieceState,
    Printer,
    PrintJob,
    Receipt,
    Variant,
)
from pos.selling import basket, checkout, orders, pickup
from pos.selling.settle import settle
from pos.shop import Shop
from tests.selling.shelf import CHAIN, CHARM, TAG, Tablet, later

Tablets = Callable[[], Tablet]
CARD = {"brand": "visa", "last4": "4242", "read_method": "contactless_emv"}


def payment_of(shop: Shop, order_id: str) -> str:
    return orders.view(shop, order_id=order_id).payment.payment_id


def answered(shop: Shop, order_id: str, state: PaymentState) -> str:
    """What Stripe said, written down as the payments room does."""
    payment_id = payment_of(shop, order_id)
    with shop.jot() as tx:
        payment = tx.get_one(Payment, payment_id)
        payment.state, payment.card = state, CARD
    return payment_id


def sold(shop: Shop, order_id: str) -> None:
    settle(shop, payment_id=answered(shop, order_id, PaymentState.AUTHORISED))
    answered(shop, order_id, PaymentState.CAPTURED)


def states(shop: Shop, sku: str) -> dict[int, PieceState]:
    with shop.read() as look:
        return {p.number: p.state for p in look.exec(select(Piece).where(Piece.sku == sku))}


def count(shop: Shop, table: Any) -> int:
    with shop.read() as look:
        return look.exec(select(func.count()).select_from(table)).one()


def test_a_sale_from_hold_to_receipt(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12, engraving=("ABC",))
    start = shopper.book()
    order_id = shopper.open()
    assert states(boutique, CHARM)[12] == PieceState.COMMITTED
    sold(boutique, order_id)
    seen = orders.view(boutique, order_id=order_id)
    assert (seen.state, seen.paid_minor, seen.total_minor, seen.vat_minor) == (OrderState.PAID, 14000, 14000, 2333)
    assert states(boutique, CHARM)[12] == PieceState.SOLD
    assert seen.receipts == ("DEMO-000001",)
    assert [slip.kind for slip in seen.slips] == ["sales", "authenticity", "pickup"]
    assert [(issued.sku, issued.number) for issued in seen.certificates] == [(CHARM, 12)]
    assert seen.pickup is not None
    assert (seen.pickup.start, seen.pickup.state) == (start, PickupState.BOOKED)


def test_settling_twice_is_settling_once(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    before = [count(boutique, table) for table in (Receipt, Certificate, PrintJob, AuditEntry)]
    settle(boutique, payment_id=payment_of(boutique, order_id))
    assert [count(boutique, table) for table in (Receipt, Certificate, PrintJob, AuditEntry)] == before


def test_the_same_price_sent_twice_opens_one_order(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    quote = shopper.quote()
    assert shopper.open(quote) == shopper.open(quote)
    assert count(boutique, Order) == count(boutique, Payment) == 1


def test_a_price_that_moved_stops_the_sale(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    shown = shopper.quote()
    with boutique.jot() as tx:
        tx.get_one(Variant, CHARM).price_minor = 15000
    with pytest.raises(PriceMoved) as refused:
        shopper.open(shown)
    assert (refused.value.shown, refused.value.now) == (14000, 15000)
    assert states(boutique, CHARM)[1] == PieceState.HELD


def test_a_forged_quote_is_refused(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    shown = shopper.quote()
    cheap = replace(shown, lines=(replace(shown.lines[0], gross_minor=1, due_now_minor=1),), total_minor=1)
    with pytest.raises(PriceMoved):
        shopper.open(cheap)


def test_a_lapsed_hold_stops_the_sale_and_takes_no_money(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    shown = shopper.quote()
    later(boutique, minutes=15)
    with pytest.raises(HoldLapsed):
        shopper.open(shown)
    assert count(boutique, Payment) == 0


def test_after_open_the_clock_does_not_take_the_piece_away(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    shopper.book()
    order_id = shopper.open()
    later(boutique, hours=3)
    sold(boutique, order_id)
    assert states(boutique, CHARM)[12] == PieceState.SOLD


def test_a_cancelled_payment_gives_the_piece_back_to_the_basket(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    shopper.book()
    order_id = shopper.open()
    payment_id = answered(boutique, order_id, PaymentState.CANCELLED)
    checkout.undo(boutique, payment_id=payment_id)
    checkout.undo(boutique, payment_id=payment_id)
    assert states(boutique, CHARM)[12] == PieceState.HELD
    assert orders.view(boutique, order_id=order_id).state == OrderState.CANCELLED
    again = shopper.open()
    assert again != order_id
    sold(boutique, again)
    assert states(boutique, CHARM)[12] == PieceState.SOLD


def test_a_piece_whose_time_is_over_is_free_after_a_cancelled_payment(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    shopper.book()
    order_id = shopper.open()
    later(boutique, minutes=20)
    checkout.undo(boutique, payment_id=answered(boutique, order_id, PaymentState.CANCELLED))
    assert states(boutique, CHARM)[12] == PieceState.FREE
    assert tablet().hold(CHARM, number=12).number == 12


def test_an_authorised_payment_is_not_undone_and_a_declined_one_not_settled(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    order_id = shopper.open()
    with pytest.raises(WrongState):
        settle(boutique, payment_id=answered(boutique, order_id, PaymentState.DECLINED))
    with pytest.raises(WrongState):
        checkout.undo(boutique, payment_id=answered(boutique, order_id, PaymentState.AUTHORISED))


def test_a_bundle_is_priced_to_the_penny(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold_pair(charm=7, chain=3)
    shopper.book()
    quote = shopper.quote()
    assert quote.total_minor == 14000 + 9500 - 2001
    assert sum(line.gross_minor for line in quote.lines) == quote.total_minor
    assert {line.sku: line.gross_minor for line in quote.lines} == {CHARM: 12808, CHAIN: 8691}
    assert sum(line.vat_minor for line in quote.lines) == quote.vat_minor
    order_id = shopper.open(quote)
    sold(boutique, order_id)
    assert states(boutique, CHARM)[7] == states(boutique, CHAIN)[3] == PieceState.SOLD
    with boutique.read() as look:
        receipt = look.exec(select(Receipt)).one()
    assert (receipt.gross_minor, receipt.vat_minor) == (quote.total_minor, quote.vat_minor)


def test_a_pre_order_pays_its_deposit_now_and_its_balance_at_the_counter(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(TAG, number=3)
    shopper.book()
    quote = shopper.quote()
    assert (quote.due_now_minor, quote.due_later_minor) == (43500, 101500)
    order_id = shopper.open(quote)
    sold(boutique, order_id)
    deposit = orders.view(boutique, order_id=order_id)
    assert (deposit.state, deposit.paid_minor) == (OrderState.DEPOSIT, 43500)
    assert [slip.kind for slip in deposit.slips] == ["deposit", "pickup"]
    assert deposit.certificates == ()
    assert states(boutique, TAG)[3] == PieceState.PROMISED
    later(boutique, days=20)
    counter = tablet().unlock()
    counter.say_ready(order_id)
    asked = checkout.open_balance(
        boutique, order_id=order_id, device_id=counter.device_id, staff_id=counter.staff_id or ""
    )
    again = checkout.open_balance(
        boutique, order_id=order_id, device_id=counter.device_id, staff_id=counter.staff_id or ""
    )
    assert asked == again
    sold(boutique, order_id)
    whole = orders.view(boutique, order_id=order_id)
    assert (whole.state, whole.paid_minor) == (OrderState.PAID, 145000)
    assert [payment.part for payment in whole.payments] == [Part.NOW, Part.BALANCE]
    assert [slip.kind for slip in whole.slips] == ["deposit", "pickup", "balance", "authenticity"]
    with boutique.read() as look:
        vat = [receipt.vat_minor for receipt in look.exec(select(Receipt).order_by(Receipt.number))]
    assert sum(vat) == whole.vat_minor


def test_a_balance_that_was_cancelled_leaves_the_promise_and_can_be_asked_again(
    boutique: Shop, tablet: Tablets
) -> None:
    shopper, counter = tablet(), tablet().unlock()
    shopper.hold(TAG, number=3)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    ask = {"order_id": order_id, "device_id": counter.device_id, "staff_id": counter.staff_id or ""}
    counter.say_ready(order_id)
    first = checkout.open_balance(boutique, **ask)
    checkout.undo(boutique, payment_id=answered(boutique, order_id, PaymentState.CANCELLED))
    assert states(boutique, TAG)[3] == PieceState.PROMISED
    assert orders.view(boutique, order_id=order_id).state == OrderState.DEPOSIT
    second = checkout.open_balance(boutique, **ask)
    assert first != second
    sold(boutique, order_id)
    assert orders.view(boutique, order_id=order_id).state == OrderState.PAID


def test_only_the_counter_takes_a_balance(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(TAG)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    with pytest.raises(NotAllowed):
        checkout.open_balance(boutique, order_id=order_id, device_id=shopper.device_id, staff_id="ada")


def test_a_service_is_a_line_of_its_own_and_makes_the_piece_later(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, extras=("assay",))
    assert basket.view(boutique, basket_id=shopper.basket_id).ready_on == date(2026, 11, 26)
    shopper.book()
    quote = shopper.quote()
    assert [(line.sku, line.gross_minor) for line in quote.lines] == [(CHARM, 14000), ("assay", 4500)]
    order_id = shopper.open(quote)
    sold(boutique, order_id)
    assert orders.view(boutique, order_id=order_id).paid_minor == 18500


def test_a_shopper_without_a_pickup_is_asked_for_one(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    with pytest.raises(SlotClosed):
        shopper.open()
    basket.take_away(boutique, basket_id=shopper.basket_id)
    with pytest.raises(SlotClosed):
        shopper.open()


def test_the_counter_hands_over_at_once_what_is_ready(boutique: Shop, tablet: Tablets) -> None:
    counter = tablet().unlock()
    counter.hold(CHARM)
    basket.take_away(boutique, basket_id=counter.basket_id)
    order_id = counter.open()
    sold(boutique, order_id)
    assert orders.view(boutique, order_id=order_id).pickup is None


def test_a_pre_order_cannot_be_collected_before_it_is_promised(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(TAG)
    tomorrow = pickup.slots(boutique, boutique_id="demo", not_before=date(2026, 11, 24))[0]
    with pytest.raises(SlotClosed):
        basket.choose_pickup(boutique, basket_id=shopper.basket_id, boutique_id="demo", start=tomorrow.start)


def test_a_piece_with_sizes_is_not_sold_without_one(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHAIN)
    shopper.book()
    with pytest.raises(SizeNeeded):
        shopper.open()


def test_an_empty_basket_has_no_price(tablet: Tablets) -> None:
    with pytest.raises(BasketEmpty):
        tablet().quote()


def test_a_tablet_shows_the_order_it_is_paying_and_then_the_next_shopper(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    assert orders.live_order(boutique, device_id=shopper.device_id) is None
    shopper.hold(CHARM)
    shopper.book()
    order_id = shopper.open()
    later(boutique, hours=1)
    assert orders.live_order(boutique, device_id=shopper.device_id) == order_id
    sold(boutique, order_id)
    assert orders.live_order(boutique, device_id=shopper.device_id) == order_id
    later(boutique, minutes=11)
    assert orders.live_order(boutique, device_id=shopper.device_id) is None


def test_what_was_bought_is_gone_from_the_tablet_when_the_next_basket_is_begun(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    later(boutique, minutes=1)
    assert orders.live_order(boutique, device_id=shopper.device_id) == order_id
    basket.live(boutique, device_id=shopper.device_id, language="en")
    assert orders.live_order(boutique, device_id=shopper.device_id) is None


def test_every_write_is_in_the_chain_and_a_changed_entry_breaks_it(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM)
    shopper.book()
    sold(boutique, shopper.open())
    with boutique.read() as look:
        assert audit.broken_at(look) is None
    with boutique.jot() as tx:
        entry = tx.exec(select(AuditEntry).where(AuditEntry.act == "order opened")).one()
        entry.facts = {**entry.facts, "due_now": 1}
        seq = entry.seq
    with boutique.read() as look:
        assert audit.broken_at(look) == seq


def test_an_old_cancel_that_comes_again_leaves_a_new_balance_alone(boutique: Shop, tablet: Tablets) -> None:
    shopper, counter = tablet(), tablet().unlock()
    shopper.hold(TAG, number=3)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    ask = {"order_id": order_id, "device_id": counter.device_id, "staff_id": "ada"}
    counter.say_ready(order_id)
    first = checkout.open_balance(boutique, **ask)
    answered(boutique, order_id, PaymentState.CANCELLED)
    checkout.undo(boutique, payment_id=first)
    checkout.open_balance(boutique, **ask)
    checkout.undo(boutique, payment_id=first)
    assert states(boutique, TAG)[3] == PieceState.COMMITTED
    sold(boutique, order_id)
    assert orders.view(boutique, order_id=order_id).state == OrderState.PAID


def test_what_was_kept_before_its_window_shut_is_not_sold_after_it(boutique: Shop, tablet: Tablets) -> None:
    later(boutique, days=7, hours=13, minutes=55)  # five minutes before the window shuts
    shopper = tablet()
    shopper.hold(TAG)
    shopper.book()
    shown = shopper.quote()
    later(boutique, minutes=6)
    with pytest.raises(WindowClosed):
        shopper.open(shown)


def test_a_withdrawn_piece_or_service_stops_the_sale(boutique: Shop, tablet: Tablets) -> None:
    shopper, other = tablet(), tablet()
    shopper.hold(CHARM)
    shopper.book()
    other.hold(CHARM, extras=("assay",))
    other.book()
    shown, with_service = shopper.quote(), other.quote()
    with boutique.jot() as tx:
        tx.get_one(Variant, CHARM).retired = True
    with pytest.raises(Withdrawn) as refused:
        shopper.open(shown)
    assert (refused.value.kind, refused.value.name) == ("variant", "Piece NC-VM")
    with boutique.jot() as tx:
        tx.get_one(Variant, CHARM).retired = False
        tx.get_one(Extra, "assay").retired = True
    with pytest.raises(Withdrawn) as refused:
        other.open(with_service)
    assert (refused.value.kind, refused.value.name, refused.value.piece) == ("extra", "Assay", "Piece NC-VM")


def test_a_withdrawn_bundle_stops_the_sale_and_its_pieces_can_be_bought_one_by_one(
    boutique: Shop, tablet: Tablets
) -> None:
    shopper = tablet()
    held = shopper.hold_pair(charm=7, chain=3)
    shopper.book()
    shown = shopper.quote()
    with boutique.jot() as tx:
        tx.get_one(Bundle, "pair").retired = True
    with pytest.raises(Withdrawn) as refused:
        shopper.open(shown)
    assert (refused.value.kind, refused.value.name) == ("bundle", "Charm and chain")
    basket.release(boutique, basket_id=shopper.basket_id, item_id=held[0].item_id)
    shopper.hold(CHARM, number=7)
    assert shopper.open()


@pytest.mark.parametrize("hours", [0, 24])
def test_a_basket_still_has_its_price_when_something_in_it_is_withdrawn(
    boutique: Shop, tablet: Tablets, hours: int
) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12, extras=("assay",))
    shopper.hold_pair(charm=7, chain=3)
    with boutique.jot() as tx:
        tx.get_one(Extra, "assay").retired = tx.get_one(Bundle, "pair").retired = True
    later(boutique, hours=hours)
    seen = basket.view(boutique, basket_id=shopper.basket_id)
    assert [line.number for line in (*seen.lines, *seen.lapsed)] == [12, 7, 3]
    if hours == 0:
        assert seen.quote is not None
        assert seen.quote.total_minor == 14000 + 4500 + 14000 + 9500 - 2001


def test_words_changed_in_another_window_are_another_price_tag(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    held = shopper.hold(CHARM, engraving=("MUM",))
    shopper.book()
    shown = shopper.quote()
    basket.change(boutique, basket_id=shopper.basket_id, item_id=held.item_id, engraving=("DAD",))
    with pytest.raises(PriceMoved):
        shopper.open(shown)


def test_a_balance_is_papered_where_it_is_paid(boutique: Shop, tablet: Tablets) -> None:
    shopper, counter = tablet(), tablet().unlock()
    with boutique.jot() as tx:
        tx.add(Printer(id="counter", boutique_id="demo", label="Counter", host="127.0.0.1", port=9))
        tx.flush()
        tx.get_one(Device, counter.device_id).printer_id = "counter"
    shopper.hold(TAG)
    shopper.book()
    order_id = shopper.open()
    sold(boutique, order_id)
    counter.say_ready(order_id)
    checkout.open_balance(boutique, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    sold(boutique, order_id)
    with boutique.read() as look:
        places = {job.kind: job.printer_id for job in look.exec(select(PrintJob))}
    assert places == {"deposit": "demo-1", "pickup": "demo-1", "balance": "counter", "authenticity": "counter"}


def test_a_piece_of_a_wiped_basket_is_free_after_a_cancelled_payment(boutique: Shop, tablet: Tablets) -> None:
    shopper = tablet()
    shopper.hold(CHARM, number=12)
    shopper.book()
    order_id = shopper.open()
    basket.wipe(boutique, basket_id=shopper.basket_id)
    checkout.undo(boutique, payment_id=answered(boutique, order_id, PaymentState.CANCELLED))
    assert states(boutique, CHARM)[12] == PieceState.FREE


def test_a_counter_that_was_left_does_nothing_for_the_next_hand(boutique: Shop, tablet: Tablets) -> None:
    counter = tablet().unlock()
    counter.hold(CHARM)
    basket.take_away(boutique, basket_id=counter.basket_id)
    quote = counter.quote()
    later(boutique, minutes=boutique.settings.staff_lock_minutes)
    with pytest.raises(NotAllowed):
        counter.open(quote)
