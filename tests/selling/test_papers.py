"""Papers that are asked for after a sale: each once, true to what was sold and taxed, and never of another's sale."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from pos.errors import NotAllowed, Unknown, WrongState
from pos.models import Boutique, Device, Fate, Order, PrintJob, Receipt, Road
from pos.paper import slips
from pos.paper.slips.kinds import Kind
from pos.selling import checkout, orders, papers, returns
from pos.selling.papers import Buyer, PaperView
from pos.selling.views import GiveBack
from pos.shop import Shop
from tests.selling.shelf import CHARM, TAG, Tablet, later
from tests.selling.test_checkout import sold

Tablets = Callable[[], Tablet]
BUYER = Buyer(name=" Quayside Studios Ltd ", address=("Unit 4", "", "London ZZ99 4DD"), vat_number="GB 000 0000 01")


@pytest.fixture
def till(tablet: Tablets) -> Tablet:
    return tablet().unlock()


def sell(till: Tablet, sku: str = CHARM, **wish: object) -> str:
    till.hold(sku, **wish)
    till.book()
    order_id = till.open()
    sold(till.shop, order_id)
    return order_id


def offered(till: Tablet, order_id: str) -> list[PaperView]:
    return list(papers.on_offer(till.shop, order_id=order_id))


def ask(till: Tablet, order_id: str, kind: Kind, of: str, **more: Any) -> dict[str, Any]:
    """Ask for a paper; says what it is told."""
    later(till.shop, seconds=1)
    papers.ask(till.shop, order_id=order_id, kind=kind, of=of, staff_id="ada", device_id=till.device_id, **more)
    with till.shop.read() as look:
        jobs = select(PrintJob).where(PrintJob.order_id == order_id, PrintJob.kind == kind)
        job = look.exec(jobs.order_by(col(PrintJob.queued_at).desc())).first()
    assert job is not None
    slips.document(kind, facts=job.facts, language=job.language)
    return job.facts


def test_what_may_be_asked_for_is_offered_until_it_is_asked_for(till: Tablet) -> None:
    order_id = sell(till)
    order = orders.view(till.shop, order_id=order_id)
    assert offered(till, order_id) == [
        PaperView(Kind.GIFT_RECEIPT, order.code),
        PaperView(Kind.CARD, order.certificates[0].serial),
        PaperView(Kind.INVOICE, "DEMO-000001"),
    ]
    ask(till, order_id, Kind.GIFT_RECEIPT, order.code)
    ask(till, order_id, Kind.CARD, order.certificates[0].serial)
    assert offered(till, order_id) == [PaperView(Kind.INVOICE, "DEMO-000001")]
    with pytest.raises(WrongState):
        ask(till, order_id, Kind.GIFT_RECEIPT, order.code)


def test_a_gift_receipt_says_no_price_and_a_fortnight_from_the_day_it_is_in_hand(till: Tablet) -> None:
    order_id = sell(till, engraving=("ZOË",))
    told = ask(till, order_id, Kind.GIFT_RECEIPT, orders.view(till.shop, order_id=order_id).code)
    assert told["lines"] == [{"name": f"Piece {CHARM}", "detail": "No. 1 of 50 · “ZOË”"}]
    assert not [key for key in told if "minor" in key]
    pickup = orders.view(till.shop, order_id=order_id).pickup
    assert pickup is not None
    assert told["until"] == (pickup.start.date() + timedelta(days=14)).isoformat()


def test_the_card_says_what_the_certificate_says_and_how_to_look_after_the_metal(till: Tablet) -> None:
    order_id = sell(till)
    serial = orders.view(till.shop, order_id=order_id).certificates[0].serial
    told = ask(till, order_id, Kind.CARD, serial)
    with till.shop.read() as look:
        original = look.exec(select(PrintJob.facts).where(PrintJob.kind == "authenticity")).one()
    assert told["piece"] == original
    assert any("Platinum" in sentence for sentence in told["care"])


def test_an_invoice_has_a_number_of_its_own_series_and_the_tax_of_its_receipt(till: Tablet) -> None:
    first, second = sell(till), sell(till)
    for order_id, receipt_no, number in (
        (second, "DEMO-000002", "DEMO-I000001"),
        (first, "DEMO-000001", "DEMO-I000002"),
    ):
        told = ask(till, order_id, Kind.INVOICE, receipt_no, buyer=BUYER)
        assert (told["invoice_no"], told["receipt_no"]) == (number, receipt_no)
    assert told["buyer"] == {
        "name": "Quayside Studios Ltd", "address": ["Unit 4", "London ZZ99 4DD"], "vat_number": "GB 000 0000 01",
    }  # fmt: skip
    (line,) = told["lines"]
    assert (line["net_minor"], line["vat_minor"], line["rate_bp"]) == (11667, 2333, 2000)
    assert told["supplied_at"] < told["issued_at"]


def test_a_deposit_and_its_balance_are_invoiced_each_with_its_own_tax_point(till: Tablet) -> None:
    order_id = sell(till, TAG)
    till.say_ready(order_id)
    checkout.open_balance(till.shop, order_id=order_id, device_id=till.device_id, staff_id="ada")
    later(till.shop, minutes=2)
    sold(till.shop, order_id)
    told = [ask(till, order_id, Kind.INVOICE, number, buyer=BUYER) for number in ("DEMO-000001", "DEMO-000002")]
    assert [one["total_minor"] for one in told] == [43500, 101500]
    assert [one["order_total_minor"] for one in told] == [145000, 145000]
    with till.shop.read() as look:
        order = look.get_one(Order, order_id)
        vat = sum(line["vat_minor"] for one in told for line in one["lines"])
        assert vat == order.vat_minor == sum(look.exec(select(Receipt.vat_minor)))


@pytest.mark.parametrize("buyer", [None, Buyer("", ("Unit 4",)), Buyer("Quayside", (" ", ""))])
def test_an_invoice_is_made_out_to_somebody_somewhere_or_takes_no_number(till: Tablet, buyer: Buyer | None) -> None:
    order_id = sell(till)
    with pytest.raises(Unknown):
        ask(till, order_id, Kind.INVOICE, "DEMO-000001", buyer=buyer)
    assert ask(till, order_id, Kind.INVOICE, "DEMO-000001", buyer=BUYER)["invoice_no"] == "DEMO-I000001"


def test_no_paper_of_another_order_or_of_none(till: Tablet) -> None:
    order_id, other = sell(till), sell(till)
    code = orders.view(till.shop, order_id=other).code
    for kind, of in ((Kind.GIFT_RECEIPT, code), (Kind.INVOICE, "DEMO-000002"), (Kind.SALES, "DEMO-000001")):
        with pytest.raises(Unknown):
            ask(till, order_id, kind, of, buyer=BUYER)


def test_a_deposit_is_no_present_yet_and_has_no_card(till: Tablet) -> None:
    order_id = sell(till, TAG)
    assert {paper.kind for paper in offered(till, order_id)} == {Kind.INVOICE}


@pytest.fixture
def elsewhere(boutique: Shop) -> Tablet:
    """A tablet of another boutique, with the same person at it."""
    with boutique.jot() as tx:
        tx.add(Boutique(id="lyon", name="Lyon", address=["9 quai Loin"], vat_number="FR 1", hours={}))
        tx.flush()
        now = boutique.clock.now()
        tx.add(Device(id="there", boutique_id="lyon", label="There", token_hash="there", enrolled_at=now))
    return Tablet(boutique, device_id="there").unlock()


def test_nobody_prints_another_boutique_s_papers(till: Tablet, elsewhere: Tablet) -> None:
    order_id = sell(till)
    code = orders.view(till.shop, order_id=order_id).code
    with pytest.raises(NotAllowed):
        ask(elsewhere, order_id, Kind.GIFT_RECEIPT, code)
    with pytest.raises(NotAllowed):
        papers.ask(
            till.shop, order_id=order_id, kind=Kind.GIFT_RECEIPT, of=code, staff_id="nobody", device_id=till.device_id
        )


def test_what_came_back_is_no_present_any_more(till: Tablet) -> None:
    order_id = sell(till)
    bring_back(till, order_id)
    assert offered(till, order_id) == []


def bring_back(till: Tablet, order_id: str) -> None:
    """All of it, for a store credit."""
    later(till.shop, minutes=1)
    seen = returns.view(till.shop, order_id=order_id)
    lines = [GiveBack(one.line_id, one.refundable_minor, Fate.STOCK) for one in seen.lines]
    returns.refund(
        till.shop, order_id=order_id, key="k", lines=lines, reason="wrong_size", road=Road.CREDIT, staff_id="ada",
        device_id=till.device_id,
    )  # fmt: skip
