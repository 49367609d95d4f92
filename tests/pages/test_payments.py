"""The payments screen: what waits stands there with one safe button, and is gone when it is done."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from kiosk.words import Words
from pos.books import differences as said
from pos.books.differences import Kind
from pos.ids import new_id
from pos.models import Difference, PaymentState, Reader, Reconciliation, RefundState
from pos.payments import record
from pos.people import pins, staff
from pos.selling import orders
from tests.pages.conftest import READER, Tablet
from tests.pages.test_counter import counter  # noqa: F401 (a fixture)
from tests.pages.test_pay import open_order, put

AT_STRIPE = ("succeeded", "pending", "failed", "canceled", "requires_action")  # how a charge or a refund stands there
HERE = (said.NOTHING, said.ONCE, said.TAKEN, said.HELD, said.RELEASED, said.ASKED, said.NET_WRONG)
SAYINGS = (*HERE, *AT_STRIPE, *PaymentState, *RefundState)


def test_nothing_open_is_said_calmly(counter: Tablet) -> None:  # noqa: F811
    counter.open("counter/payments")
    assert counter.says("Nothing is open.")


def test_what_waits_for_a_card_can_be_let_go(counter: Tablet) -> None:  # noqa: F811
    order_id = open_order(counter)
    payment_id = put(counter, order_id, PaymentState.DISPATCHED)
    counter.open("counter/payments")
    assert counter.says("waits for a card")
    assert counter.says("Corner charm, vermeil Nº 12")
    counter.touch(f"let_go_{payment_id}")
    assert record.facts(counter.shop, payment_id=payment_id).known.cancel_why == "asked"
    assert counter.says("is being cancelled")


def test_the_journal_of_a_payment_opens_and_shuts(counter: Tablet) -> None:  # noqa: F811
    payment_id = put(counter, open_order(counter), PaymentState.UNKNOWN)
    counter.open("counter/payments")
    assert counter.says("waits for Stripe to say how it stands")
    counter.touch(f"link_said_{payment_id}")
    assert counter.says("Nothing was asked of Stripe yet.")
    counter.touch(f"link_said_{payment_id}")
    assert not counter.says("Nothing was asked of Stripe yet.")


def difference(tablet: Tablet, boutique_id: str = "demo", **facts: object) -> None:
    """What a comparison with Stripe has found."""
    now = tablet.shop.clock.now()
    told = {
        "kind": "refund_unbooked",
        "subject": f"re_{boutique_id}",
        "ours": "nothing",
        "theirs": "succeeded 5000 gbp",
    }
    with tablet.shop.jot() as tx:
        tx.add(
            Difference(
                id=new_id(), boutique_id=boutique_id, amount_minor=5000, first_seen_at=now, last_seen_at=now,
                **{**told, **facts},
            )
        )  # fmt: skip


def compared(tablet: Tablet, *, hours_ago: int) -> None:
    at = tablet.shop.clock.now() - timedelta(hours=hours_ago)
    with tablet.shop.jot() as tx:
        tx.add(Reconciliation(id=new_id(), starts_at=at - timedelta(days=3), ends_at=at, ran_at=at))


def test_a_difference_with_stripe_stands_on_every_staff_screen_until_it_is_gone(counter: Tablet) -> None:  # noqa: F811
    assert not counter.says("with Stripe")
    order_id = open_order(counter)
    difference(counter, order_id=order_id)
    difference(counter, boutique_id="demo-pets")
    counter.open("counter/collect")
    counter.touch("differences")
    assert counter.says("given back at Stripe, not in the books")
    assert counter.says("£50.00")
    assert counter.says(orders.view(counter.shop, order_id=order_id).code)
    assert counter.says("here nothing, at Stripe given back £50.00")
    assert counter.says("say here which line it was for")
    with counter.shop.jot() as tx:
        tx.exec(update(Difference).values(gone_at=tx.now()))
    counter.open("counter/payments")
    assert not counter.says("given back at Stripe")
    assert "differences" not in [button.key for button in counter.screen.button]


def test_it_is_said_when_the_books_were_last_compared_and_that_it_is_too_long_ago(counter: Tablet) -> None:  # noqa: F811
    counter.open("counter/payments")
    assert counter.says("Not compared yet")
    compared(counter, hours_ago=37)
    counter.open("counter/payments")
    assert counter.says("agree")
    assert counter.says("too long ago")
    compared(counter, hours_ago=6)
    counter.open("counter/payments")
    assert counter.says("Last compared")
    assert not counter.says("too long ago")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_kind_of_difference_has_its_words_and_what_to_do(kind: Kind, language: str) -> None:
    assert Words(language).has(f"books.{kind}")
    assert Words(language)(f"books.{kind}_todo").endswith(".")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_whatever_a_side_says_has_its_words(language: str) -> None:
    assert [word for word in SAYINGS if not Words(language).has(f"books.said_{word}")] == []


def test_the_board_says_it_in_one_line(tablet: Tablet) -> None:
    tablet.open("brand/board")
    tablet.unlock("brand")
    assert tablet.says("have not been compared")
    compared(tablet, hours_ago=6)
    tablet.open("brand/board")
    assert tablet.says("agree, compared")
    difference(tablet)
    difference(tablet, boutique_id="demo-pets")
    tablet.open("brand/board")
    assert tablet.says("2 differences between the books")
    assert "differences" not in [button.key for button in tablet.screen.button]  # the payments are not the brand's


def on_reader(tablet: Tablet, **values: object) -> None:
    """What the back office has seen on the reader."""
    with tablet.shop.jot() as tx:
        tx.exec(update(Reader).where(col(Reader.id) == READER).values(shown_at=tx.now(), look_asked_at=None, **values))


def test_a_manager_takes_off_the_reader_what_was_seen_on_it(counter: Tablet) -> None:  # noqa: F811
    counter.open("counter/payments")
    assert counter.says("Nobody has looked yet.")
    assert f"clear_{READER}" not in [button.key for button in counter.screen.button]
    counter.touch(f"look_at_{READER}")
    assert counter.says("One moment…")
    theirs = {"kind": "process_payment_intent", "intent_id": "pi_theirs", "amount_minor": 500, "currency": "gbp"}
    on_reader(counter, shown={"reader_id": READER, "label": "Counter", **theirs})
    counter.open("counter/payments")
    assert counter.says("shows £5.00 of another system")
    counter.touch(f"clear_{READER}")
    assert counter.says("standing at the reader")
    counter.screen.text_input(key="clear_pin_typed").set_value("000000").run()
    assert counter.says("That is not the PIN.")
    counter.shop.clock.move(timedelta(minutes=1))
    pin = pins.new_pin(counter.shop, staff_id="manager")
    counter.screen.text_input(key="clear_pin_typed").set_value(pin).run()
    with counter.shop.read() as look:
        reader = look.get_one(Reader, READER)
    assert (reader.clear_asked_by, reader.clear_expected) == ("manager", "pi_theirs")
    assert counter.says("One moment…")
    assert staff.glance(counter.shop, device_id=counter.device_id).staff_id == "counter"  # type: ignore[union-attr]
    on_reader(counter, shown={"reader_id": READER, "label": "Counter"}, clear_result="cleared")
    counter.open("counter/payments")
    assert counter.says("It was taken off.")
    assert counter.says("shows nothing")


@pytest.mark.parametrize("result", ["changed", "gone", "terminal_reader_busy", "terminal_reader_offline", "no_answer"])
def test_whatever_becomes_of_it_is_said(counter: Tablet, result: str) -> None:  # noqa: F811
    on_reader(counter, clear_result=result)
    counter.open("counter/payments", lang="fr")
    assert counter.screen.exception == []
    assert counter.says("retiré") or counter.says("lecteur") or counter.says("Il ne montrait plus rien")
