"""Mail only with a consent of its own, written with what it tells of, and word that an order lies ready."""

from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import pytest
from sqlalchemy import event
from sqlmodel import select

from pos.errors import AddressWrong, NotAllowed, WrongState
from pos.models import AuditEntry, Letter, LetterState, MailConsent, Payment, PaymentState
from pos.paper import mail
from pos.selling import checkout, mailing, ready
from pos.shop import Shop
from tests.mail.office import Office, posting
from tests.mail.test_outbox import WORDS, ZOE, bought, letters
from tests.selling.shelf import CHARM, TAG, Tablet, later
from tests.selling.test_checkout import sold

Tablets = Callable[[], Tablet]


def pre_ordered(shop: Shop, tablet: Tablet) -> str:
    tablet.hold(TAG)
    tablet.book()
    order_id = tablet.open()
    sold(shop, order_id)
    return order_id


def agree(shop: Shop, tablet: Tablet, order_id: str, address: str = ZOE, *, staff_id: str | None = None) -> int:
    who = {"device_id": tablet.device_id, "staff_id": staff_id}
    return mailing.agree(shop, order_id=order_id, address=address, words=WORDS, **who)


def test_nobody_who_did_not_ask_gets_mail(boutique: Shop, tablet: Tablets) -> None:
    hand = tablet()
    order_id = pre_ordered(boutique, hand)
    counter = tablet().unlock()
    counter.say_ready(order_id)
    checkout.open_balance(boutique, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    sold(boutique, order_id)
    assert letters(boutique) == []
    assert mailing.view(boutique, order_id=order_id) is None


def test_who_asked_gets_the_receipts_and_word_that_it_is_ready_each_once(boutique: Shop, tablet: Tablets) -> None:
    hand = tablet()
    order_id = pre_ordered(boutique, hand)
    assert [agree(boutique, hand, order_id) for _ in range(2)] == [1, 0]
    counter = tablet().unlock()
    later(boutique, minutes=1)
    counter.say_ready(order_id)
    counter.say_ready(order_id)
    checkout.open_balance(boutique, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    later(boutique, minutes=1)
    sold(boutique, order_id)
    said = [(one.about, one.subject, one.facts["slip"]) for one in letters(boutique)]
    code = said[1][1]
    assert said == [
        ("receipt", "DEMO-000001", "deposit"),
        ("ready", code, "pickup"),
        ("receipt", "DEMO-000002", "balance"),
    ]


def test_a_receipt_is_written_in_the_transaction_of_its_sale(boutique: Shop, tablet: Tablets) -> None:
    """Between the sale's first word and its letter nothing is committed: neither stands without the other."""
    hand = tablet()
    order_id = pre_ordered(boutique, hand)
    agree(boutique, hand, order_id)
    counter = tablet().unlock()
    counter.say_ready(order_id)
    checkout.open_balance(boutique, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    said: list[str] = []
    event.listen(boutique.records.durable, "before_cursor_execute", lambda *call: said.append(call[2]))
    event.listen(boutique.records.durable, "commit", lambda _: said.append("COMMIT"))
    sold(boutique, order_id)
    paid = next(i for i, words in enumerate(said) if words.startswith("UPDATE orders"))
    letter = next(i for i, words in enumerate(said) if words.startswith("INSERT INTO letter"))
    assert "COMMIT" not in said[paid:letter]


def test_what_was_typed_wrong_is_corrected_and_what_waited_is_not_sent_there(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    hand = tablet()
    order_id = bought(posting(boutique, office), hand, "zoo@example.com")
    assert agree(boutique, hand, order_id) == 1
    while mail.send_next(boutique):
        pass
    assert [got["To"] for got in office.inbox] == [ZOE]
    states = {one.address: one.state for one in letters(boutique)}
    assert states == {"zoo@example.com": LetterState.GIVEN_UP, ZOE: LetterState.SENT}


def test_a_consent_that_is_taken_back_ends_it_and_the_address_is_forgotten(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    hand = tablet()
    order_id = bought(posting(boutique, office), hand)
    mail.send_next(boutique)
    mailing.take_back(boutique, order_id=order_id, device_id=hand.device_id)
    assert mailing.view(boutique, order_id=order_id) is None
    assert {one.address for one in letters(boutique)} == {mail.GONE}
    assert [one.facts for one in letters(boutique)] == [{}]


def test_a_letter_in_a_file_goes_with_the_consent(boutique: Shop, tablet: Tablets) -> None:
    hand = tablet()
    order_id = bought(boutique, hand)  # without a mail server letters are written to files
    assert mail.send_next(boutique) is LetterState.FILED
    folder = boutique.settings.own_folder() / mail.FOLDER
    assert len(list(folder.iterdir())) == 1
    mailing.take_back(boutique, order_id=order_id, device_id=hand.device_id)
    assert list(folder.iterdir()) == []


def test_the_audit_chain_never_learns_an_address(boutique: Shop, tablet: Tablets) -> None:
    bought(boutique, tablet())
    with boutique.read() as look:
        assert not any("example.com" in str(entry.facts) + entry.subject for entry in look.exec(select(AuditEntry)))


def test_only_the_tablet_that_sold_it_or_the_counter_may_ask(boutique: Shop, tablet: Tablets) -> None:
    hand, other, counter = tablet(), tablet(), tablet().unlock()
    order_id = pre_ordered(boutique, hand)
    with pytest.raises(NotAllowed):
        agree(boutique, other, order_id)
    with pytest.raises(NotAllowed):
        agree(boutique, other, order_id, staff_id="ada")
    assert agree(boutique, counter, order_id, staff_id="ada") == 1
    later(boutique, minutes=11)
    with pytest.raises(NotAllowed):
        agree(boutique, hand, order_id, "next-shopper@example.com")


def open_order(hand: Tablet) -> str:
    hand.hold(CHARM)
    hand.book()
    return hand.open()


def test_who_agrees_before_paying_gets_the_receipt_once_it_is_paid(boutique: Shop, tablet: Tablets) -> None:
    hand = tablet()
    order_id = open_order(hand)
    assert agree(boutique, hand, order_id) == 0, "there is nothing to send yet"
    sold(boutique, order_id)
    with boutique.read() as look:
        (letter,) = look.exec(select(Letter))
        assert look.get_one(MailConsent, order_id).agreed_at <= letter.queued_at
    assert (letter.about, letter.address) == ("receipt", ZOE)


def test_nothing_is_kept_of_an_order_that_came_to_nothing(boutique: Shop, tablet: Tablets) -> None:
    hand = tablet()
    order_id = open_order(hand)
    agree(boutique, hand, order_id)
    with boutique.jot() as tx:
        payment = tx.exec(select(Payment).where(Payment.order_id == order_id)).one()
        payment.state, payment_id = PaymentState.CANCELLED, payment.id
    checkout.undo(boutique, payment_id=payment_id)
    with boutique.read() as look:
        assert look.exec(select(MailConsent)).first() is None
    with pytest.raises((WrongState, NotAllowed)):
        agree(boutique, hand, order_id)


@pytest.mark.parametrize(
    "typed",
    ["", "zoe", "zoe@", "@example.com", "a b@example.com", "zoe@example", "z\r\nBcc: x@y.example@example.com",
     "zoe@exa mple.com", "z..e@example.com", f"{'z' * 65}@example.com", "zoë@example.com", "<zoe@example.com>"],
)  # fmt: skip
def test_what_is_no_address_is_refused(boutique: Shop, tablet: Tablets, typed: str) -> None:
    hand = tablet()
    order_id = pre_ordered(boutique, hand)
    with pytest.raises(AddressWrong):
        agree(boutique, hand, order_id, typed)


def test_word_that_is_taken_back_before_it_left_is_not_sent_and_said_again_it_is(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    hand = tablet()
    order_id = pre_ordered(posting(boutique, office), hand)
    agree(boutique, hand, order_id)
    mail.send_next(boutique)
    counter = tablet().unlock()
    counter.say_ready(order_id)
    ready.mark_unready(boutique, order_id=order_id, staff_id="ada", device_id=counter.device_id)
    assert mail.send_next(boutique) is None
    later(boutique, minutes=1)
    counter.say_ready(order_id)
    mail.send_next(boutique)
    assert [got["Subject"].split(":")[0] for got in office.inbox] == ["Your receipt DEMO-000001", "Ready to collect"]
    body = office.inbox[1].get_body(("plain",))
    assert body is not None
    assert "Balance due at pickup" in body.get_content()


def test_the_appointment_goes_into_a_calendar_once(boutique: Shop, tablet: Tablets, office: Office) -> None:
    hand = tablet()
    order_id = pre_ordered(posting(boutique, office), hand)
    agree(boutique, hand, order_id)
    tablet().unlock().say_ready(order_id)
    while mail.send_next(boutique):
        pass
    entries = []
    for got in office.inbox:
        (file,) = got.iter_attachments()
        assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "pickup.ics")
        raw = file.get_payload(decode=True)
        assert isinstance(raw, bytes)
        (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
        entries.append(event)
    first, second = entries
    assert first["UID"] == second["UID"], "the second mail changes the entry"
    assert first.decoded("DTSTART") == datetime(2026, 12, 12, 10, 0, tzinfo=UTC)
    assert "Lantern Arcade" in first["LOCATION"]
    assert [str(alarm["ACTION"]) for alarm in first.walk("VALARM")] == ["DISPLAY"]


def test_french_orders_are_written_to_in_french(boutique: Shop, tablet: Tablets, office: Office) -> None:
    hand = tablet()
    order_id = bought(posting(boutique, office), hand)
    with boutique.jot() as tx:
        tx.exec(select(Letter).where(Letter.order_id == order_id)).one().language = "fr"
    mail.send_next(boutique)
    got = office.inbox[0]
    assert (got["Subject"], got["Content-Language"]) == ("Votre ticket DEMO-000001", "fr")
