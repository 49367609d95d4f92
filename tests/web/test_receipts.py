"""A receipt opens on a phone by its own address, for some weeks: what the paper says, to whoever was given the code."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from pos.errors import RecordsTrouble
from pos.models import AuditEntry, PrintJob, Receipt
from pos.paper import document as d
from pos.paper import slips
from pos.selling import checkout, mailing, receipt_links
from pos.shop import Shop
from pos.web import receipt_page, sheets
from tests.mail.test_outbox import WORDS, ZOE
from tests.paper.house import SALE, SLIPS, SUPPLIER
from tests.paper.test_html import Reader
from tests.selling.shelf import CHARM, TAG, Tablet, later, stand_up
from tests.selling.test_checkout import sold

PAGE = {"Accept": "text/html"}
NOBODY_S = ("A" * 43, "guess", "A" * 44, "A" * 42 + "%00", "A" * 42 + "é", "", "a/b", "A" * 3000)


@pytest.fixture
def shopper(shop: Shop) -> Tablet:
    """A tablet of a shop with a small shelf."""
    with shop.jot() as tx:
        stand_up(tx)
    return Tablet(shop).enrol()


def buy(tablet: Tablet, sku: str = CHARM, **wish: object) -> str:
    tablet.hold(sku, number=3, **wish)
    tablet.book()
    order_id = tablet.open()
    sold(tablet.shop, order_id)
    return order_id


def path_to(shop: Shop, order_id: str) -> str:
    latest = receipt_links.latest(shop, order_id=order_id)
    assert latest is not None
    return latest.url.removeprefix("https://id.example.co")


def words_of(slip: d.Document) -> list[str]:
    """Everything a document says, block by block."""
    said: list[str] = []
    for block in slip.blocks:
        match block:
            case d.Heading() | d.Text():
                said.append(block.text)
            case d.Row():
                said += [block.left, block.right]
            case d.Table():
                said += [*block.head, *(entry for row in block.rows for entry in row)]
    return said


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def test_the_page_says_what_the_paper_says_and_until_when_it_opens(web: TestClient, shopper: Tablet) -> None:
    order_id = buy(shopper, engraving=("ABC",))
    answer = web.get(path_to(shopper.shop, order_id), headers=PAGE)
    assert answer.status_code == 200
    with shopper.shop.read() as look:
        job = look.exec(select(PrintJob).where(PrintJob.order_id == order_id, PrintJob.kind == "sales")).one()
    printed = words_of(slips.document(job.kind, facts=job.facts, language="en"))
    shown = flat(" ".join(Reader(answer.text).words))
    assert [words for words in printed if flat(words) not in shown] == []
    for words in ("DEMO-000001", "Piece NC-VM", "£140.00", "ABC", "GB 000 0000 00", "opens until 23 December 2026"):
        assert words in shown
    assert "<title>Sales receipt DEMO-000001</title>" in answer.text


def test_it_tells_nothing_of_the_buyer_that_the_paper_does_not(web: TestClient, shopper: Tablet) -> None:
    order_id = buy(shopper)
    shop, who = shopper.shop, {"device_id": shopper.device_id}
    mailing.agree(shop, order_id=order_id, address=ZOE, words=WORDS, **who)
    path = path_to(shop, order_id)
    before = web.get(path).text
    assert "zoe" not in before.lower()
    mailing.take_back(shop, order_id=order_id, **who)
    assert web.get(path).text == before, "what is wiped of a person changes no receipt"


def test_it_speaks_the_language_of_its_sale(web: TestClient, shopper: Tablet) -> None:
    order_id = buy(shopper)
    with shopper.shop.jot() as tx:
        tx.exec(select(PrintJob).where(PrintJob.order_id == order_id, PrintJob.kind == "sales")).one().language = "fr"
    path = path_to(shopper.shop, order_id)
    text = web.get(f"{path}?lang=en", headers={"Accept-Language": "en"}).text
    assert '<html lang="fr">' in text
    assert "Ticket de caisse" in text
    assert "jusqu’au 23 décembre 2026" in text
    later(shopper.shop, days=30)
    assert "Ce lien n’est plus valable" in web.get(path).text


def test_its_time_is_over_after_some_weeks_and_the_page_says_whom_to_ask(web: TestClient, shopper: Tablet) -> None:
    shop, order_id = shopper.shop, buy(shopper)
    path = path_to(shop, order_id)
    later(shop, days=29, hours=23, minutes=59)
    assert web.get(path).status_code == 200
    later(shop, minutes=1)
    answer = web.get(path)
    assert answer.status_code == 410
    assert "This link is over. Ask in the boutique" in answer.text
    assert "DEMO-000001" not in answer.text
    assert receipt_links.latest(shop, order_id=order_id) is None, "no screen shows a code that opens nothing"


def test_a_house_may_choose_another_time(web: TestClient, shopper: Tablet) -> None:
    shop, order_id = shopper.shop, buy(shopper)
    path = path_to(shop, order_id)
    later(shop, days=2)
    shop.settings = shop.settings.model_copy(update={"receipt_link_days": 1})
    assert web.get(path).status_code == 410


def test_whatever_is_no_receipt_is_answered_in_the_same_words(web: TestClient, shopper: Tablet) -> None:
    buy(shopper)
    answers = [web.get(f"/receipts/{link}", headers=PAGE) for link in NOBODY_S]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.text, tuple(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert "There is no receipt at this address" in answers[0].text
    assert "Il n’y a pas de reçu" in web.get("/receipts/guess", headers={"Accept-Language": "fr"}).text


def test_one_letter_wrong_opens_nothing(web: TestClient, shopper: Tablet) -> None:
    path = path_to(shopper.shop, buy(shopper))
    for wrong in (path[:-1], path + "A", path.swapcase().replace("/RECEIPTS/", "/receipts/")):
        assert web.get(wrong).status_code == 404


def test_a_deposit_and_its_balance_have_an_address_each_and_the_last_is_shown(web: TestClient, shopper: Tablet) -> None:
    shop, order_id = shopper.shop, buy(shopper, TAG)
    deposit = path_to(shop, order_id)
    assert "Deposit receipt" in web.get(deposit).text
    counter = Tablet(shop).enrol().unlock()
    counter.say_ready(order_id)
    checkout.open_balance(shop, order_id=order_id, device_id=counter.device_id, staff_id="ada")
    sold(shop, order_id)
    balance = path_to(shop, order_id)
    assert balance != deposit
    first, second = web.get(deposit).text, web.get(balance).text
    assert ("DEMO-000001" in first, "DEMO-000002" in first) == (True, False)
    assert ("DEMO-000002" in second, "DEMO-000001" in second) == (True, False)


def test_a_receipt_from_before_there_were_addresses_has_none(web: TestClient, shopper: Tablet) -> None:
    order_id = buy(shopper)
    with shopper.shop.jot() as tx:
        tx.exec(select(Receipt)).one().link = None
    assert receipt_links.latest(shopper.shop, order_id=order_id) is None
    assert web.get("/receipts/None").status_code == 404


def test_a_receipt_whose_slip_nobody_kept_is_none(web: TestClient, shopper: Tablet) -> None:
    order_id = buy(shopper)
    path = path_to(shopper.shop, order_id)
    with shopper.shop.jot() as tx:
        tx.delete(tx.exec(select(PrintJob).where(PrintJob.order_id == order_id, PrintJob.kind == "sales")).one())
    answer = web.get(path, headers=PAGE)
    assert answer.status_code == 404
    assert "There is no receipt at this address" in answer.text


def test_its_secret_stands_in_no_log_and_no_audit_entry(
    web: TestClient, shopper: Tablet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, order_id = shopper.shop, buy(shopper)
    path = path_to(shop, order_id)
    secret = path.rpartition("/")[2]

    def lost(*_: object, **__: object) -> None:
        raise RecordsTrouble("gone")

    with caplog.at_level(logging.DEBUG, "pos"):
        web.get(path)
        web.get(path + "A")
        later(shop, days=31)
        web.get(path)
        monkeypatch.setattr(receipt_links, "look_up", lost)
        answer = web.get(path)
    assert answer.status_code == 503
    assert "cannot be reached now" in answer.text
    assert caplog.records
    ours = [record for record in caplog.records if record.name.startswith("pos")]
    assert ours
    assert not any(secret in logging.Formatter().format(record) for record in ours)
    with shop.read() as look:
        assert not any(secret in str(entry.facts) for entry in look.exec(select(AuditEntry)))
        kept = look.exec(select(Receipt).where(col(Receipt.link) == secret)).one()
    assert secret not in repr(kept)


@pytest.mark.parametrize("kind", slips.kinds.RECEIPTS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_kind_of_receipt_is_a_page_without_scripts_styles_or_pictures_from_elsewhere(
    kind: slips.Kind, language: str
) -> None:
    logo = d.Picture(width=12, height=2, bits="fff00ff0")
    facts = replace(SLIPS[kind], supplier=replace(SUPPLIER, logo=logo))
    slip = slips.document(kind, facts=slips.plain(facts), language=language)
    answer = receipt_page.page(slip, until=facts.issued_at + timedelta(days=30), zone=facts.zone)
    text = bytes(answer.body).decode()
    read = Reader(text)
    shown = flat(" ".join(read.words))
    assert [words for words in words_of(slip) if flat(words) not in shown] == []
    assert not {"script", "img", "link", "a", "form"} & {tag for tag, _ in read.tags}
    assert not any(name == "style" or name.startswith("on") for _, attrs in read.tags for name in attrs)
    assert [attrs["aria-hidden"] for tag, attrs in read.tags if tag == "svg"] == ["true"], "its name stands below it"
    assert 'd="M0 0h12v1h-12zM4 1h8v1h-8z"' in text
    assert answer.headers["content-security-policy"] == sheets.STRICT["Content-Security-Policy"]


def test_words_of_a_receipt_are_never_mark_up() -> None:
    facts = replace(SALE, cashier="<script>alert(1)</script>", till='"><b onclick=x>')
    page = receipt_page.page(
        slips.document("sales", facts=slips.plain(facts), language="en"), until=SALE.issued_at, zone="UTC"
    )
    assert b"<script>" not in bytes(page.body)
    assert b"<b onclick" not in bytes(page.body)


def test_a_code_on_a_slip_is_drawn_and_said() -> None:
    slip = d.Document(
        title="t", language="en", blocks=(d.QR(payload="https://id.example.co"), d.Fact(label="a", fact="b"))
    )
    text = bytes(receipt_page.page(slip, until=SALE.issued_at, zone="UTC").body).decode()
    assert 'role="img" aria-label="https://id.example.co"' in text
    assert 'viewBox="-4 -4 ' in text
