"""Our books beside Stripe's: each difference is provoked by another hand, found once, and gone when mended."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pos.books import standing
from pos.books.differences import Kind
from pos.books.reconcile import edges, reconcile
from pos.errors import PaymentTrouble, WrongState
from pos.models import Boutique, PaymentState, RefundPart, RefundState
from pos.payments import intents
from pos.payments.answers import Refusal
from pos.payments.statement import RefundLine
from pos.sandbox.stripe import readers
from pos.selling import settle
from tests.books.conftest import MONDAY, REFUND_FAILS, Books
from tests.payments import refunding
from tests.payments.conftest import Till, till_at
from tests.selling.shelf import later


def test_a_day_of_sales_agrees(books: Books) -> None:
    for _ in range(2):
        books.sold()
    report = books.compare()
    assert (report.differences, report.older, report.compared) == ((), (), 2)
    (run,) = books.runs()
    assert (run.trouble, run.differences, run.compared) == (None, 0, 2)


def test_a_declined_a_cancelled_and_an_open_payment_are_no_difference(books: Books, till: Till) -> None:
    declined, left, held = till.sale(), till_at(till.shop, till.stripe), till_at(till.shop, till.stripe)
    till.carry_on(declined)
    till.card("4000000000000002")
    till.carry_on(declined)
    cancelled, open_ = left.sale(), held.sale()
    left.carry_on(cancelled)
    intents.ask_cancel(till.shop, payment_id=cancelled, by="ada")
    left.carry_on(cancelled)
    held.carry_on(open_)
    held.card()
    intents.find_out(till.shop, payment_id=open_)
    assert books.agree()


# --- a charge that our books do not have ------------------------------------------------------------------------------


def test_a_charge_of_an_order_of_ours_that_is_not_in_the_books_is_named_with_its_order(books: Books) -> None:
    payment = books.sold()
    charge, order = books.charge_of(payment), books.till.order(payment)
    books.forget(payment)
    (found,) = books.compare().differences
    assert (found.kind, found.subject, found.ours) == (Kind.UNBOOKED, charge, "cancelled")
    assert (found.theirs, found.amount_minor, found.order_id) == ("taken 14000 gbp", 14000, order.id)


def test_a_charge_whose_payment_and_order_are_lost_is_found_by_its_metadata(books: Books) -> None:
    charge = theirs(books, metadata={"payment_id": "lost", "order_id": "lost too", "boutique": "demo"})
    (found,) = books.compare().differences
    assert (found.kind, found.subject, found.ours) == (Kind.UNBOOKED, charge, "nothing")
    assert (found.order_id, found.boutique_id) == (None, "demo")


def test_a_charge_at_our_reader_without_a_word_of_ours_is_found(books: Books) -> None:
    charge = theirs(books)
    (found,) = books.compare().differences
    assert (found.kind, found.subject, found.boutique_id) == (Kind.UNBOOKED, charge, "demo")


def test_other_business_of_the_account_is_no_difference(books: Books, till: Till) -> None:
    books.sold()
    with till.stripe.world.acting() as world:
        elsewhere = readers.make(world, code="simulated-wpe", label=None, location=None)["id"]
    charge = theirs(books, at=elsewhere, metadata={"payment_id": "of another house", "boutique": "another"})
    till.stranger.v1.refunds.create({"charge": charge, "amount": 100})
    assert books.agree()


def theirs(books: Books, *, at: str | None = None, **more: object) -> str:
    """Another system takes money at a reader; says the charge's id."""
    client, reader = books.till.stranger.v1, at or books.till.reader_id
    intent = client.payment_intents.create(
        {"amount": 500, "currency": "gbp", "allowed_payment_method_types": ["card_present"], **more}  # type: ignore[typeddict-item]
    )
    client.terminal.readers.process_payment_intent(reader, {"payment_intent": intent.id})
    books.till.stripe.present(reader)
    books.till.end_card()
    done = client.payment_intents.retrieve(intent.id)
    assert done.status == "succeeded"
    return str(done.latest_charge)


def test_what_was_taken_for_a_cancelled_order_is_gone_once_it_is_given_back_whole(books: Books) -> None:
    charge = theirs(books)
    assert [one.kind for one in books.compare().differences] == [Kind.UNBOOKED]
    books.till.stranger.v1.refunds.create({"charge": charge})
    assert books.agree()


def test_a_payment_that_is_being_taken_at_this_moment_is_no_difference_yet(books: Books, till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    intents.find_out(till.shop, payment_id=payment)
    till.stranger.v1.payment_intents.capture(till.payment(payment).intent_id or "")
    assert books.agree()
    later(till.shop, minutes=16)
    assert [one.kind for one in books.compare().differences] == [Kind.UNBOOKED]
    till.carry_on(payment)
    assert books.agree()


def test_a_payment_that_is_taken_between_two_questions_is_no_difference(
    books: Books, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = held(books)
    ask = till.shop.terminal.refunds_between

    def meanwhile(start: datetime, end: datetime) -> tuple[RefundLine, ...] | Refusal:
        till.carry_on(payment)  # Stripe's charges were listed a moment ago, our rows are read in a moment
        return ask(start, end)

    monkeypatch.setattr(till.shop.terminal, "refunds_between", meanwhile)
    assert books.agree()
    till.assert_sold_once(payment)


# --- a payment that Stripe does not have ------------------------------------------------------------------------------


def test_a_payment_captured_here_whose_charge_was_never_taken(books: Books, till: Till) -> None:
    payment = till.sale()
    till.carry_on(payment)
    till.card()
    intents.find_out(till.shop, payment_id=payment)
    now = till.shop.clock.now()
    books.write(payment, state=PaymentState.CAPTURED, captured_at=now)
    assert books.differences() == [(Kind.NOT_AT_STRIPE, "captured", "held")]


def test_a_payment_captured_here_that_stripe_has_never_heard_of(books: Books) -> None:
    payment = books.sold()
    with books.till.stripe.world.acting() as world:
        world.shelf.drop("charge", books.charge_of(payment))
        for key, line in world.shelf.items("balance_transaction"):
            if line["source"] == books.charge_of(payment):
                world.shelf.drop("balance_transaction", key)
    assert books.differences() == [(Kind.NOT_AT_STRIPE, "captured", "nothing")]


def test_another_amount_and_another_currency(books: Books) -> None:
    payment = books.sold()
    books.write(payment, amount_minor=14100)
    assert (Kind.AMOUNT, "asked 14100 gbp", "taken 14000 gbp") in books.differences()
    books.write(payment, amount_minor=14000, currency="eur")
    assert books.differences() == [(Kind.CURRENCY, "asked 14000 eur", "taken 14000 gbp")]
    books.write(payment, currency="gbp")
    assert books.agree()


def test_an_order_that_paid_twice_names_the_second_charge(books: Books, till: Till) -> None:
    payment = books.sold()
    second = theirs(books, metadata={"payment_id": payment, "boutique": "demo"})
    (found,) = books.compare().differences
    assert (found.kind, found.subject, found.order_id) == (Kind.PAID_TWICE, second, till.order(payment).id)
    till.stranger.v1.refunds.create({"charge": second})
    assert books.agree()


def test_one_intent_with_two_charges_that_were_taken_is_paid_twice(books: Books) -> None:
    payment = books.sold()
    with books.till.stripe.world.acting() as world:
        first = world.shelf.get("charge", books.charge_of(payment), param="id")
        world.shelf.put("charge", "ch_second", {**first, "id": "ch_second", "created": first["created"] - 5})
    (found,) = books.compare().differences
    assert (found.kind, found.subject) == (Kind.PAID_TWICE, "ch_second")


# --- holds and receipts -----------------------------------------------------------------------------------------------


def held(books: Books) -> str:
    payment = books.till.sale()
    books.till.carry_on(payment)
    books.till.card()
    intents.find_out(books.shop, payment_id=payment)
    return payment


def test_a_hold_that_nobody_took_before_its_last_day(books: Books) -> None:
    held(books)
    later(books.shop, days=1)
    assert books.agree()
    later(books.shop, days=2)
    assert books.differences(days=3) == [(Kind.HOLD_LAPSED, "authorised", "held")]


def test_a_hold_that_stripe_has_let_go(books: Books) -> None:
    payment = held(books)
    books.till.stripe.advance(seconds=3 * 24 * 3600)
    later(books.shop, days=3)
    books.till.stranger.v1.payment_intents.retrieve(books.till.payment(payment).intent_id or "")
    assert books.differences(days=3) == [(Kind.HOLD_LAPSED, "authorised", "released")]
    books.till.carry_on(payment)
    assert not books.compare(days=3).differences


def test_a_receipt_whose_money_never_came(books: Books, till: Till) -> None:
    payment = held(books)
    settle.settle(till.shop, payment_id=payment)
    till.stranger.v1.payment_intents.cancel(till.payment(payment).intent_id or "")
    assert books.agree()  # a moment later it may be taken
    till.carry_on(payment)
    assert books.differences() == [(Kind.RECEIPT, "asked 14000 gbp", "taken 0 gbp")]


def test_a_hold_that_is_released_because_all_is_given_back_leaves_no_difference(books: Books, till: Till) -> None:
    counter = refunding.held(till)
    counter.give_back()
    assert counter.carry_on() == RefundState.REFUNDED
    till.carry_on(counter.payment_id)
    assert till.payment(counter.payment_id).state == PaymentState.CANCELLED
    assert books.agree()


# --- refunds ----------------------------------------------------------------------------------------------------------


def test_a_refund_on_both_sides_agrees(books: Books) -> None:
    payment = books.sold()
    books.given_back(
        payment, refund_id=books.refund_at_stripe(payment, amount=5000), state=RefundState.REFUNDED, amount=5000
    )
    report = books.compare()
    assert (report.differences, report.compared) == ((), 2)


@pytest.mark.parametrize("amount", [5000, 14000])
def test_a_refund_in_the_dashboard_is_not_in_our_books(books: Books, amount: int) -> None:
    refund = books.refund_at_stripe(books.sold(), amount=amount)
    (found,) = books.compare().differences
    assert (found.kind, found.subject, found.amount_minor) == (Kind.REFUND_UNBOOKED, refund, amount)


def test_a_refund_whose_answer_is_on_its_way_is_no_difference_yet(books: Books) -> None:
    payment = books.sold()
    books.refund_at_stripe(payment)
    books.given_back(payment, refund_id=None, state=RefundState.QUEUED)
    assert books.agree()
    later(books.shop, minutes=16)
    assert [kind for kind, *_ in books.differences()] == [Kind.REFUND_UNBOOKED]


@pytest.mark.parametrize("refund_id", [None, "re_nowhere"])
def test_a_refund_in_our_books_that_stripe_has_not(books: Books, refund_id: str | None) -> None:
    books.given_back(books.sold(), refund_id=refund_id, state=RefundState.REFUNDED)
    assert books.differences() == [(Kind.REFUND_NOT_AT_STRIPE, "refunded", "nothing")]


def test_a_refund_of_another_amount(books: Books) -> None:
    payment = books.sold()
    books.given_back(payment, refund_id=books.refund_at_stripe(payment, amount=5000), state=RefundState.REFUNDED)
    assert books.differences() == [(Kind.REFUND_AMOUNT, "refunded 14000 gbp", "succeeded 5000 gbp")]


def test_a_refund_that_failed_days_later_but_is_refunded_here(books: Books) -> None:
    payment = books.sold(REFUND_FAILS)
    part = books.given_back(payment, refund_id=books.refund_at_stripe(payment), state=RefundState.REFUNDED)
    books.till.stripe.advance(seconds=2 * 24 * 3600)
    wednesday = MONDAY + timedelta(days=2)
    report = reconcile(books.shop, first=wednesday, last=wednesday)  # its sale and its refund are of Monday
    assert [(one.kind, one.ours, one.theirs) for one in report.differences] == [
        (Kind.REFUND_FAILED, "refunded 14000 gbp", "failed 14000 gbp")
    ]
    with books.shop.jot() as tx:
        tx.get_one(RefundPart, part).state = RefundState.FAILED
    assert not reconcile(books.shop, first=wednesday, last=wednesday).differences


def test_a_refund_that_went_but_failed_here(books: Books) -> None:
    payment = books.sold()
    books.given_back(payment, refund_id=books.refund_at_stripe(payment), state=RefundState.FAILED)
    assert [kind for kind, *_ in books.differences()] == [Kind.REFUND_WENT]


# --- the balance ------------------------------------------------------------------------------------------------------


def test_a_charge_without_a_line_of_the_balance(books: Books) -> None:
    charge = books.charge_of(books.sold())
    line = books.till.stranger.v1.charges.retrieve(charge).balance_transaction
    with books.till.stripe.world.acting() as world:
        world.shelf.drop("balance_transaction", str(line))
    books.spoil("charge", charge, balance_transaction=None)
    assert books.agree()  # it may come within the hour
    later(books.shop, hours=3)
    assert books.differences() == [(Kind.NO_BALANCE, "taken 14000 gbp", "nothing")]


@pytest.mark.parametrize("wrong", [{"amount": 13000, "net": 13000 - 206}, {"net": 1}])
def test_a_line_of_the_balance_that_says_another_amount(books: Books, wrong: dict[str, int]) -> None:
    charge = books.charge_of(books.sold())
    line = books.till.stranger.v1.charges.retrieve(charge).balance_transaction
    books.spoil("balance_transaction", str(line), **wrong)
    later(books.shop, hours=3)
    assert [kind for kind, *_ in books.differences()] == [Kind.BALANCE]


def test_a_settlement_in_another_currency_is_left_alone(books: Books) -> None:
    charge = books.charge_of(books.sold())
    line = books.till.stranger.v1.charges.retrieve(charge).balance_transaction
    books.spoil("balance_transaction", str(line), amount=16000, net=15794, currency="eur", exchange_rate=1.14)
    later(books.shop, hours=3)
    assert books.agree()


def test_a_refund_whose_balance_is_missing(books: Books) -> None:
    payment = books.sold()
    refund = books.refund_at_stripe(payment)
    books.given_back(payment, refund_id=refund, state=RefundState.REFUNDED)
    books.spoil("refund", refund, balance_transaction=None)
    assert books.differences() == [(Kind.NO_BALANCE, "refunded 14000 gbp", "nothing")]


def test_a_refund_that_failed_before_anything_had_left_the_balance_needs_no_line_of_it(books: Books) -> None:
    payment = books.sold()
    refund = books.refund_at_stripe(payment)
    books.given_back(payment, refund_id=refund, state=RefundState.FAILED)
    books.spoil("refund", refund, status="failed", balance_transaction=None)
    assert books.agree()


# --- days -------------------------------------------------------------------------------------------------------------


def at_stripe(books: Books, payment: str, moment: datetime) -> None:
    """The charge and its line of the balance were made at this moment."""
    charge = books.charge_of(payment)
    line = books.till.stranger.v1.charges.retrieve(charge).balance_transaction
    books.spoil("charge", charge, created=int(moment.timestamp()))
    books.spoil("balance_transaction", str(line), created=int(moment.timestamp()))


@pytest.mark.parametrize("day", [MONDAY, MONDAY + timedelta(days=1)])
def test_a_charge_a_second_before_midnight_and_our_row_a_second_after_agree(books: Books, day: date) -> None:
    payment = books.sold()
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    at_stripe(books, payment, midnight - timedelta(seconds=1))
    books.write(payment, captured_at=midnight, authorised_at=midnight)
    report = reconcile(books.shop, first=day, last=day)
    assert (report.differences, report.compared) == ((), 1)


@pytest.mark.parametrize("day", [MONDAY, MONDAY + timedelta(days=1)])
def test_a_card_of_one_day_taken_on_the_next_agrees(books: Books, day: date) -> None:
    payment = books.sold()
    charge, midnight = books.charge_of(payment), datetime(2026, 11, 24, tzinfo=UTC)
    line = books.till.stranger.v1.charges.retrieve(charge).balance_transaction
    books.spoil("charge", charge, created=int(midnight.timestamp()) - 1)
    books.spoil("balance_transaction", str(line), created=int(midnight.timestamp()) + 3600)
    books.write(payment, captured_at=midnight + timedelta(hours=1))
    later(books.shop, days=1)
    assert not reconcile(books.shop, first=day, last=day).differences


def test_days_are_those_of_the_house(books: Books) -> None:
    summer = edges(books.shop, first=date(2026, 7, 1), last=date(2026, 7, 1))
    assert summer == (datetime(2026, 6, 30, 23, tzinfo=UTC), datetime(2026, 7, 1, 23, tzinfo=UTC))
    long = edges(books.shop, first=date(2026, 10, 25), last=date(2026, 10, 25))
    assert long[1] - long[0] == timedelta(hours=25)
    with books.shop.jot() as tx:
        tx.get_one(Boutique, "demo").zone = "Europe/Paris"
    assert edges(books.shop, first=MONDAY, last=MONDAY)[0] == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_days_the_wrong_way_round_are_refused(books: Books) -> None:
    with pytest.raises(WrongState):
        reconcile(books.shop, first=MONDAY, last=MONDAY - timedelta(days=1))


def test_more_than_a_page_is_read_to_its_end(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.payments.terminal.LONGEST_PAGE", 2)
    for number in range(1, 6):
        books.sold(number=number)
    assert (books.compare().compared, books.compare().differences) == (5, ())
    asked = [one for one in books.till.stripe.transcript.exchanges("/v1/charges") if one.verb == "GET"]
    assert any("starting_after" in one.query for one in asked)


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_difference_is_kept_until_the_books_agree_again_however_old_it_is(books: Books) -> None:
    refund = books.refund_at_stripe(payment := books.sold(), amount=5000)
    assert len(books.compare().differences) == 1
    first = books.rows()[0]
    later(books.shop, days=30)
    now = reconcile(books.shop, first=MONDAY + timedelta(days=29), last=MONDAY + timedelta(days=30))
    assert (now.differences, [one.subject for one in now.older]) == ((), [refund])
    (row,) = books.rows()
    assert (row.id, row.first_seen_at, row.gone_at) == (first.id, first.first_seen_at, None)
    assert row.last_seen_at > first.last_seen_at
    books.given_back(payment, refund_id=refund, state=RefundState.REFUNDED, amount=5000)
    reconcile(books.shop, first=MONDAY + timedelta(days=29), last=MONDAY + timedelta(days=30))
    assert books.rows()[0].gone_at == books.shop.clock.now()
    assert standing.count(books.shop) == 0


def test_what_was_gone_and_comes_back_is_the_same_difference_again(books: Books) -> None:
    payment = books.sold()
    for amount, stands in ((14100, 1), (14000, 0), (14100, 1)):
        books.write(payment, amount_minor=amount)
        books.compare()
        assert len([row for row in books.rows() if row.kind == Kind.AMOUNT]) == 1
        assert len([row for row in books.rows() if row.kind == Kind.AMOUNT and row.gone_at is None]) == stands


def test_the_same_again_finds_the_same(books: Books) -> None:
    books.refund_at_stripe(books.sold(), amount=5000)
    books.forget(books.sold())
    assert books.compare().differences == books.compare().differences
    assert len(books.rows()) == 2


@pytest.mark.parametrize("what", ["/v1/charges", "/v1/refunds", "/v1/balance_transactions"])
def test_where_stripe_cannot_be_asked_nothing_is_taken_for_gone(books: Books, what: str) -> None:
    books.refund_at_stripe(books.sold(), amount=5000)
    books.compare()
    books.till.stripe.fault("error_500_before", on=f"GET {what}", times=None)
    with pytest.raises(PaymentTrouble):
        books.compare()
    assert standing.count(books.shop) == 1
    assert [run.trouble for run in books.runs()] == [None, "api_error"]


def test_nothing_is_ever_said_of_a_card(books: Books) -> None:
    books.sold()
    charges = books.shop.terminal.charges_between(*edges(books.shop, first=MONDAY, last=MONDAY))
    assert not isinstance(charges, Refusal)
    assert charges
    assert not {"card", "last4", "exp_month", "fingerprint"} & set(vars(charges[0]))
    assert "4242" not in repr(charges)
