"""A sold piece comes back at the counter, by taps alone: found by its number, given back once, for sale again."""

from urllib.parse import urlsplit

from playwright.sync_api import expect
from sqlmodel import select

from pos.models import Certificate, Order, OrderState, Piece, PieceState, Refund
from pos.proof.certificate import link
from tests.browser.conftest import NewTablet
from tests.browser.outside import Books
from tests.browser.tablet import LANDSCAPE, Till
from tests.house import House


def sell_a_chain(till: Till, books: Books) -> Order:
    """A chain that is taken away; says its order."""
    till.tap("Slim chain, vermeil")
    till.page.get_by_role("radio", name="Take away").tap()
    till.tap("Take £120.00 by card")
    till.at_the_reader().tap_card()
    till.shows("It is yours")
    with books.shop.read() as look:
        return look.get_one(Order, till.param("order"))


def test_a_sold_piece_comes_back_by_taps(house: House, till: Till, books: Books, tablets: NewTablet) -> None:
    till.unlock("/counter", person="Counter", pin=house.pins["Counter"])
    till.is_open()
    order = sell_a_chain(till, books)
    till.go("/returns")
    till.is_open()
    field = till.page.get_by_role("textbox", name=till.say("returns.code"))
    field.tap()
    field.fill(order.code.lower().replace("-", " "))  # as somebody types it
    field.press("Enter")
    till.says("To Visa ···· 4242")
    expect(till.page.locator(".st-key-go_give_back button")).to_be_disabled()
    till.page.get_by_role("combobox", name=till.say("returns.reason"), exact=True).tap()
    till.page.get_by_role("option", name="Changed their mind").tap()
    till.rush(till.button("Give back £120.00"), times=2)
    till.says("£120.00 is given back: refund DEMO-R")
    till.says("given back to Visa ···· 4242")
    till.paper_is_out(1)
    with books.shop.read() as look:
        assert look.get_one(Order, order.id).state == OrderState.REFUNDED
        assert len(list(look.exec(select(Refund).where(Refund.order_id == order.id)))) == 1
        (certificate,) = look.exec(select(Certificate).where(Certificate.order_id == order.id))
        assert certificate.state == "returned"
        assert look.get_one(Piece, certificate.piece_id).state == PieceState.FREE
    anyone: Till = tablets(Till, size=LANDSCAPE)
    anyone.go(certificate_address(books, certificate))
    anyone.says("no longer stands for it")


def certificate_address(books: Books, certificate: Certificate) -> str:
    """What the QR code on its paper says, at this house."""

    parts = urlsplit(link(books.shop, certificate))
    return f"{parts.path}?{parts.query}"
