"""A letter is sent once, tried again with patience, and marked where the address refuses it; it is in nobody's way."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import col, select

from pos.models import Letter, LetterState
from pos.paper import mail
from pos.paper.letters import checked
from pos.selling import mailing
from pos.shop import Shop
from tests.mail.office import Office, knows, posting, served
from tests.selling.shelf import CHARM, Tablet, later
from tests.selling.test_checkout import sold

WORDS = "Send my receipt and word that it is ready to this address, and nothing else."
ZOE = "zoe@example.com"
Tablets = Callable[[], Tablet]


def bought(shop: Shop, tablet: Tablet, address: str = ZOE) -> str:
    """Sell a charm that is collected, and ask for its receipt by mail."""
    tablet.hold(CHARM)
    tablet.book()
    order_id = tablet.open()
    sold(shop, order_id)
    mailing.agree(shop, order_id=order_id, address=address, words=WORDS, device_id=tablet.device_id)
    return order_id


def letters(shop: Shop) -> list[Letter]:
    with shop.read() as look:
        return list(look.exec(select(Letter).order_by(col(Letter.queued_at), col(Letter.id))))


def the_letter(shop: Shop) -> Letter:
    (only,) = letters(shop)
    return only


def test_a_receipt_reaches_the_mail_server_whole(boutique: Shop, tablet: Tablets, office: Office) -> None:
    bought(posting(boutique, office), tablet())
    assert mail.send_next(boutique) is LetterState.SENT
    assert mail.send_next(boutique) is None
    (got,) = office.inbox
    assert (got["To"], got["From"]) == (ZOE, "Vitrine <receipts@vitrine.example>")
    assert got["Subject"] == "Your receipt DEMO-000001"
    assert got["Message-ID"] == the_letter(boutique).message_id
    kinds = [part.get_content_type() for part in got.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    text = got.get_body(("plain",))
    assert text is not None
    assert "£140.00" in text.get_content()


def test_a_receipt_of_accents_and_long_words_arrives_as_it_was_written(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    hand = tablet()
    hand.hold(CHARM, engraving=("ŁÓDŹ ZOË",))
    hand.book()
    order_id = hand.open()
    sold(posting(boutique, office), order_id)
    mailing.agree(boutique, order_id=order_id, address=ZOE, words=WORDS, device_id=hand.device_id)
    mail.send_next(boutique)
    for kind in ("plain", "html"):
        body = office.inbox[0].get_body((kind,))
        assert body is not None
        assert "ŁÓDŹ ZOË" in body.get_content()


@pytest.mark.parametrize("says", ["451 later", "421 busy"])
def test_what_the_server_does_not_take_now_is_tried_again_later_each_time(
    boutique: Shop, tablet: Tablets, office: Office, says: str
) -> None:
    bought(posting(boutique, office), tablet())
    office.answer = says
    waits = []
    for _ in range(len(mail.WAITS) + 1):
        assert mail.send_next(boutique) is LetterState.QUEUED
        assert mail.send_next(boutique) is None, "not before its time"
        waits.append(round((the_letter(boutique).not_before - boutique.clock.now()).total_seconds()))
        later(boutique, seconds=waits[-1])
    assert waits == [*mail.WAITS, mail.WAITS[-1]]
    office.answer = "250 taken"
    assert mail.send_next(boutique) is LetterState.SENT
    assert len(office.inbox) == 1


def test_after_days_it_is_given_up(boutique: Shop, tablet: Tablets, office: Office) -> None:
    bought(posting(boutique, office), tablet())
    office.answer = "451 later"
    later(boutique, days=4)
    assert mail.send_next(boutique) is LetterState.GIVEN_UP
    assert the_letter(boutique).cause == "451 later"


def test_a_server_that_is_not_there_is_waited_for(boutique: Shop, tablet: Tablets, office: Office) -> None:
    bought(posting(boutique, office, mail_port=1), tablet())
    assert mail.send_next(boutique) is LetterState.QUEUED
    assert "ConnectionRefused" in (the_letter(boutique).cause or "")


def test_an_address_that_is_refused_for_good_is_marked_and_not_tried_again(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    order_id = bought(posting(boutique, office), tablet())
    office.refused[ZOE] = "550 nobody here"
    assert mail.send_next(boutique) is LetterState.BOUNCED
    later(boutique, days=1)
    assert mail.send_next(boutique) is None
    seen = mailing.view(boutique, order_id=order_id)
    assert seen is not None
    assert (seen.bounced, the_letter(boutique).cause) == (True, "550 nobody here")


@pytest.mark.parametrize(
    ("says", "then"), [("554 no such thing", LetterState.BOUNCED), ("452 full", LetterState.QUEUED)]
)
def test_a_letter_that_is_refused_for_what_it_says_bounces_and_a_full_box_is_waited_for(
    boutique: Shop, tablet: Tablets, office: Office, says: str, then: LetterState
) -> None:
    bought(posting(boutique, office), tablet())
    office.answer = says
    assert mail.send_next(boutique) is then


def test_a_line_that_breaks_after_the_letter_was_taken_sends_the_same_letter_again(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    bought(posting(boutique, office), tablet())
    office.hangs_up = True
    assert mail.send_next(boutique) is LetterState.QUEUED
    office.hangs_up = False
    later(boutique, seconds=mail.WAITS[0] + 1)
    mail.send_next(boutique)
    first, second = office.inbox
    assert first["Message-ID"] == second["Message-ID"], "whoever gets both can tell"
    assert first["Date"] == second["Date"]


def test_a_letter_whose_worker_died_is_sent_once_its_time_is_over(
    boutique: Shop, tablet: Tablets, office: Office
) -> None:
    bought(posting(boutique, office), tablet())
    assert mail._claim(boutique, letter_id=the_letter(boutique).id)
    assert mail.send_next(boutique) is None, "it may still be alive"
    later(boutique, minutes=6)
    boutique.name = "another process"
    assert mail.send_next(boutique) is LetterState.SENT


def test_one_worker_has_a_letter(boutique: Shop, tablet: Tablets) -> None:
    bought(boutique, tablet())
    letter_id = the_letter(boutique).id
    assert [mail._claim(boutique, letter_id=letter_id) for _ in range(3)] == [True, False, False]


def test_without_a_server_each_letter_is_a_file_for_the_shop_alone(boutique: Shop, tablet: Tablets) -> None:
    order_id = bought(boutique, tablet())
    assert mail.send_next(boutique) is LetterState.FILED
    seen = mailing.view(boutique, order_id=order_id)
    assert seen is not None
    (file,) = (boutique.settings.var_dir / "mail").iterdir()
    assert seen.letters[0].file == f"mail/{file.name}"
    assert b"Subject: Your receipt DEMO-000001" in file.read_bytes()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_letter_that_cannot_be_set_lets_the_next_pass(boutique: Shop, tablet: Tablets, office: Office) -> None:
    bought(posting(boutique, office), tablet())
    with boutique.jot() as tx:
        tx.exec(select(Letter)).one().facts = {"slip": "poem", "facts": {}, "pickup": None}
    later(boutique, seconds=1)
    bought(boutique, tablet(), "second@example.com")
    assert [mail.send_next(boutique) for _ in range(3)] == [LetterState.QUEUED, LetterState.SENT, None]
    assert office.inbox[0]["To"] == "second@example.com"


@contextmanager
def locked(certified: ssl.SSLContext, **how: object) -> Iterator[Office]:
    yield from served(Office(), **how)


def test_by_starttls_and_with_a_password(boutique: Shop, tablet: Tablets, certified: ssl.SSLContext) -> None:
    how = {"tls_context": certified, "require_starttls": True, "auth_required": True, "authenticator": knows}
    with locked(certified, **how) as office:
        secure = {"mail_security": "starttls", "mail_user": "vitrine", "mail_password": "open"}
        bought(posting(boutique, office, **secure), tablet())
        assert mail.send_next(boutique) is LetterState.SENT


def test_by_tls_from_the_first_byte(boutique: Shop, tablet: Tablets, certified: ssl.SSLContext) -> None:
    with locked(certified, ssl_context=certified) as office:
        bought(posting(boutique, office, mail_security="tls"), tablet())
        assert mail.send_next(boutique) is LetterState.SENT


def test_a_wrong_password_is_our_own_trouble_and_the_letter_waits(
    boutique: Shop, tablet: Tablets, certified: ssl.SSLContext
) -> None:
    how = {"tls_context": certified, "require_starttls": True, "auth_required": True, "authenticator": knows}
    with locked(certified, **how) as office:
        secure = {"mail_security": "starttls", "mail_user": "vitrine", "mail_password": "wrong"}
        bought(posting(boutique, office, **secure), tablet())
        assert mail.send_next(boutique) is LetterState.QUEUED
        assert "535" in (the_letter(boutique).cause or "")


def test_a_certificate_nobody_vouches_for_is_refused(
    boutique: Shop, tablet: Tablets, certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with locked(certified, tls_context=certified, require_starttls=True) as office:
        bought(posting(boutique, office, mail_security="starttls"), tablet())
        assert mail.send_next(boutique) is LetterState.QUEUED
        assert office.inbox == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" zoe@Example.COM ", "zoe@example.com"), ("z.o+e@bücher.example", "z.o+e@xn--bcher-kva.example")],
)
def test_an_address_is_written_down_in_one_way(typed: str, kept: str) -> None:
    assert checked(typed) == kept
