"""The receipt for one's own phone on the done screen: a code beside the collect code, and nothing of it to be read."""

from base64 import b64encode
from datetime import timedelta

from sqlmodel import select

from kiosk.diagrams.codes import qr
from pos.models import PaymentState, Receipt
from pos.selling import receipt_links, settle
from pos.selling.views import Choice
from tests.pages.conftest import Tablet
from tests.pages.test_pay import open_order, put


def paid(tablet: Tablet, *choices: Choice) -> str:
    order_id = open_order(tablet, *choices)
    settle.settle(tablet.shop, payment_id=put(tablet, order_id, PaymentState.AUTHORISED, charge_id="ch_1"))
    tablet.open("shop/done", order=order_id)
    return order_id


def code_of(tablet: Tablet, order_id: str) -> str:
    """The picture of its code, as a browser gets it."""
    receipt = receipt_links.latest(tablet.shop, order_id=order_id)
    assert receipt is not None
    assert receipt.url.startswith(f"{tablet.shop.settings.public}/receipts/")
    return b64encode(qr(receipt.url).encode()).decode()


def test_the_code_stands_beside_the_collect_code_with_what_it_opens_and_until_when(tablet: Tablet) -> None:
    order_id = paid(tablet)
    (codes,) = [str(part.value) for part in tablet.screen.get("html") if "Your collect code" in str(part.value)]
    assert code_of(tablet, order_id) in codes, "all codes are one element: each costs the screen its own message"
    assert 'alt="Code to scan: opens receipt DEMO-000001 on your phone"' in codes
    assert "Your receipt on your phone" in codes
    assert "It opens until 23 December." in codes
    assert codes.count("vt-keep") == 3  # the certificate's too


def test_its_address_is_nowhere_to_be_read(tablet: Tablet) -> None:
    order_id = paid(tablet)
    with tablet.shop.read() as look:
        link = look.exec(select(Receipt.link).where(Receipt.order_id == order_id)).one()
    assert link
    assert link not in tablet.words
    assert "/receipts/" not in tablet.words
    assert link not in str(dict(tablet.screen.query_params))


def test_a_deposit_has_one_too(tablet: Tablet) -> None:
    order_id = paid(tablet, Choice("NC-PT", number=3))
    assert code_of(tablet, order_id) in tablet.words
    assert tablet.words.count("vt-keep") == 2  # no certificate yet


def test_in_french(tablet: Tablet) -> None:
    order_id = paid(tablet)
    tablet.open("shop/done", order=order_id, lang="fr")
    assert tablet.says("Votre reçu sur votre téléphone")
    assert tablet.says("Il s’ouvre jusqu’au 23 décembre.")


def test_a_code_that_opens_nothing_is_not_shown(tablet: Tablet) -> None:
    order_id = paid(tablet)
    code = code_of(tablet, order_id)
    tablet.shop.settings = tablet.shop.settings.model_copy(update={"receipt_link_days": 1})
    with tablet.shop.jot() as tx:
        tx.exec(select(Receipt).where(Receipt.order_id == order_id)).one().issued_at -= timedelta(days=1)
    tablet.screen.run()
    assert tablet.says("Your collect code")
    assert code not in tablet.words
    assert not tablet.says("Your receipt on your phone")
