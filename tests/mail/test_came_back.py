"""Mail that comes back days later is marked by its Message-ID alone, once; and what is over is forgotten in time."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from pos import doctor, migrations
from pos.cli import main
from pos.models import AuditEntry, Letter, LetterState, MailConsent, Order, OrderState, Pickup, PickupState
from pos.paper import bounces, mail
from pos.paper.bounces import Outcome
from pos.selling import mailing
from pos.shop import Shop
from tests.mail.office import Office, posting
from tests.mail.test_outbox import ZOE, bought, the_letter
from tests.selling.shelf import Tablet

Tablets = Callable[[], Tablet]


def notification(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", part: str = "message/rfc822", extra: str = ""
) -> bytes:
    """What a mail server sends when it could not hand a letter over (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example\r
To: receipts@vitrine.example\r
Subject: Undelivered\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
I could not deliver it. {extra}\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; {ZOE}\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; 550 {ZOE} is not known here\r
\r
--b\r
Content-Type: {part}\r
\r
From: receipts@vitrine.example\r
To: {ZOE}\r
Message-ID: {message_id}\r
\r
Thank you.\r
--b--\r
""".encode()


@pytest.fixture
def sent(boutique: Shop, tablet: Tablets, office: Office) -> Letter:
    """A receipt that a mail server took."""
    bought(posting(boutique, office), tablet())
    assert mail.send_next(boutique) is LetterState.SENT
    return the_letter(boutique)


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_came_back_is_marked_once_and_its_address_is_said_again(
    boutique: Shop, sent: Letter, part: str
) -> None:
    raw = notification(sent.message_id, part=part)
    assert [bounces.take(boutique, raw) for _ in range(2)] == [Outcome.MARKED, Outcome.KNOWN]
    kept = the_letter(boutique)
    assert (kept.state, kept.cause) == (LetterState.BOUNCED, "5.1.1 came back")
    assert kept.ended_at == sent.ended_at
    seen = mailing.view(boutique, order_id=sent.order_id)
    assert seen is not None
    assert seen.bounced


def test_nothing_is_believed_but_the_message_id(boutique: Shop, sent: Letter) -> None:
    for raw in (
        notification("<receipt.0000@vitrine.example>"),
        notification(sent.message_id.upper()),
        notification(f"<x{sent.message_id[1:]}"),
        notification("'; DROP TABLE letter --"),
    ):
        assert bounces.take(boutique, raw) in (Outcome.NO_LETTER, Outcome.NO_REPORT)
    bounces.take(boutique, notification(sent.message_id, status=f"5.1.1 {ZOE} <script>"))
    assert the_letter(boutique).cause == "5.1.1 came back"


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"", Outcome.NO_REPORT),
        (b"\xff\xfe\x00" * 400, Outcome.NO_REPORT),
        (b"Subject: I like it\r\n\r\nThank you!", Outcome.NO_REPORT),
        (b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n', Outcome.NO_REPORT),
        (b"x" * (bounces.LARGEST + 1), Outcome.NO_REPORT),
        (notification("<another@house.example>", action="delayed", status="4.4.1"), Outcome.NO_FAILURE),
        (notification("<another@house.example>", action="delivered", status="2.0.0"), Outcome.NO_FAILURE),
        (notification("<another@house.example>"), Outcome.NO_LETTER),
    ],
)
def test_any_other_mail_changes_nothing(boutique: Shop, sent: Letter, raw: bytes, outcome: Outcome) -> None:
    assert bounces.take(boutique, raw) is outcome
    assert the_letter(boutique).state is LetterState.SENT


def test_a_thousand_mails_one_inside_the_other_are_nobody_s_report() -> None:
    assert bounces.read(b"Content-Type: message/rfc822\r\n\r\n" * 2000) is None


def test_a_late_letter_is_not_marked(boutique: Shop, sent: Letter) -> None:
    assert bounces.take(boutique, notification(sent.message_id, action="delayed")) is Outcome.NO_FAILURE
    assert the_letter(boutique).state is LetterState.SENT


def test_a_letter_that_was_never_sent_did_not_come_back(boutique: Shop, tablet: Tablets) -> None:
    bought(boutique, tablet())
    assert bounces.take(boutique, notification(the_letter(boutique).message_id)) is Outcome.NO_LETTER
    assert the_letter(boutique).state is LetterState.QUEUED


def test_the_mailbox_hands_it_over_from_a_folder_or_by_a_pipe(
    boutique: Shop, sent: Letter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with boutique.records.engine.begin() as line:  # records of a test bear no step
        line.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        line.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.last_step()}')")
    monkeypatch.setenv("VITRINE_DATABASE_URL", boutique.settings.database_url)
    monkeypatch.setenv("VITRINE_VAR_DIR", str(boutique.settings.var_dir))
    folder = tmp_path / "came back"
    folder.mkdir()
    (folder / "1.eml").write_bytes(notification(sent.message_id))
    (folder / "2.eml").write_bytes(b"Subject: hello\r\n\r\n")
    assert main(["mail", "bounced", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "1 marked as come back" in told
    assert "1 no notification" in told
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(notification(sent.message_id))))
    assert main(["mail", "bounced"]) == 0
    assert "1 known already" in capsys.readouterr().out


def collected(shop: Shop, order_id: str) -> None:
    with shop.jot() as tx:
        tx.exec(select(Pickup).where(Pickup.order_id == order_id)).one().state = PickupState.HANDED_OVER


def kept(shop: Shop, order_id: str) -> tuple[str, str]:
    with shop.read() as look:
        return the_letter(shop).address, look.get_one(MailConsent, order_id).address


def test_what_is_over_is_forgotten_but_not_that_it_was(boutique: Shop, sent: Letter, clock: object) -> None:
    collected(boutique, sent.order_id)
    clock.move(timedelta(days=89))  # type: ignore[attr-defined]
    assert mailing.forget_old(boutique) == 0
    clock.move(timedelta(days=2))  # type: ignore[attr-defined]
    assert mailing.forget_old(boutique) == 2
    assert mailing.forget_old(boutique) == 0
    after = the_letter(boutique)
    assert (after.message_id, after.state, after.ended_at) == (sent.message_id, LetterState.SENT, sent.ended_at)
    assert (after.facts, after.cause) == ({}, None)
    assert kept(boutique, sent.order_id) == (mail.GONE, mail.GONE)
    with boutique.read() as look:
        (said,) = look.exec(select(AuditEntry).where(AuditEntry.act == "mail forgotten"))
        assert said.facts == {"letters": 1, "addresses": 1}
        assert look.get_one(MailConsent, sent.order_id).words
    seen = mailing.view(boutique, order_id=sent.order_id)
    assert seen is not None
    assert seen.address == "•••"


def test_an_address_is_kept_while_there_is_word_to_come(boutique: Shop, sent: Letter, clock: object) -> None:
    clock.move(timedelta(days=200))  # type: ignore[attr-defined]
    mailing.forget_old(boutique)
    assert kept(boutique, sent.order_id) == (mail.GONE, ZOE), "it is still to be collected"
    with boutique.jot() as tx:
        tx.get_one(Order, sent.order_id).state = OrderState.DEPOSIT
    collected(boutique, sent.order_id)
    mailing.forget_old(boutique)
    assert kept(boutique, sent.order_id)[1] == ZOE, "it is still to be paid"


def test_a_letter_that_lies_in_a_file_is_forgotten_with_it(boutique: Shop, tablet: Tablets, clock: object) -> None:
    order_id = bought(boutique, tablet())
    assert mail.send_next(boutique) is LetterState.FILED
    folder = boutique.settings.var_dir / mail.FOLDER
    assert len(list(folder.iterdir())) == 1
    collected(boutique, order_id)
    clock.move(timedelta(days=91))  # type: ignore[attr-defined]
    mailing.forget_old(boutique)
    assert list(folder.iterdir()) == []
    seen = mailing.view(boutique, order_id=order_id)
    assert seen is not None
    assert [one.file for one in seen.letters] == [""]


def test_the_doctor_says_where_letters_go_and_what_lies_there(boutique: Shop, sent: Letter, clock: object) -> None:
    bounces.take(boutique, notification(sent.message_id))
    found = doctor._mail(boutique)
    assert found.well
    assert "0 wait, 1 came back, 0 were given up" in found.said
    boutique.settings = boutique.settings.model_copy(update={"mail_port": 9})
    found = doctor._mail(boutique)
    assert not found.well
    assert "VITRINE_MAIL_HOST" in found.todo


def test_the_doctor_sees_a_letter_that_waits_too_long(boutique: Shop, tablet: Tablets, clock: object) -> None:
    bought(boutique, tablet())
    assert doctor._mail(boutique).well
    assert "written to" in doctor._mail(boutique).said
    clock.move(timedelta(hours=2))  # type: ignore[attr-defined]
    assert not doctor._mail(boutique).well
