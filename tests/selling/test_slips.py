"""What the slips of a sale say, as they are written down when it is settled."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from pos.models import Boutique, PrintJob
from pos.payments.saved_cards import Consent
from pos.selling import basket, checkout, orders, pickup
from pos.shop import Shop
from tests.selling.shelf import CHARM, EVERY_DAY, TAG, Tablet
from tests.selling.test_checkout import sold

Tablets = Callable[[], Tablet]


def collected_at(boutique: Shop, tablet: Tablet, boutique_id: str) -> dict[str, Any]:
    """Sell a charm that is collected there; says what the pickup slip is told."""
    tablet.hold(CHARM)
    slot = pickup.slots(boutique, boutique_id=boutique_id, not_before=date(2026, 11, 25))[0]
    basket.choose_pickup(boutique, basket_id=tablet.basket_id, boutique_id=boutique_id, start=slot.start)
    sold(boutique, tablet.open())
    with boutique.read() as look:
        return look.exec(select(PrintJob.facts).where(PrintJob.kind == "pickup")).one()


@pytest.fixture
def lyon(boutique: Shop) -> str:
    """Another boutique, an hour east."""
    there = {"name": "Vitrine, Lyon", "address": ["9 quai Loin"], "vat_number": "FR 1", "phone": "04 00 00 00 00"}
    with boutique.jot() as tx:
        tx.add(Boutique(id="lyon", hours=EVERY_DAY, slot_capacity=2, zone="Europe/Paris", **there))
    return "lyon"


def test_the_pickup_slip_sends_the_shopper_where_it_is_collected(boutique: Shop, tablet: Tablets, lyon: str) -> None:
    told = collected_at(boutique, tablet(), lyon)
    assert (told["supplier"]["name"], told["supplier"]["address"]) == ("Vitrine, Lyon", ["9 quai Loin"])
    assert told["zone"] == "Europe/Paris"
    with boutique.read() as look:
        receipt = look.exec(select(PrintJob.facts).where(PrintJob.kind == "sales")).one()
    assert receipt["supplier"]["name"] == "Vitrine", "the receipt is the seller's"


@pytest.mark.parametrize(("where", "asked"), [("demo", 0), ("lyon", 1)])
def test_a_boutique_the_sale_knows_already_is_not_asked_for(
    boutique: Shop, tablet: Tablets, lyon: str, where: str, asked: int
) -> None:
    """Settling takes as many statements as before where it is collected in the boutique that sells."""
    said: list[str] = []
    event.listen(boutique.records.durable, "before_cursor_execute", lambda *call: said.append(call[2]))
    collected_at(boutique, tablet(), where)
    assert sum("FROM boutique" in words for words in said) == asked


def test_a_deposit_s_receipt_is_told_which_terms_and_which_consent_were_given_and_when(
    boutique: Shop, tablet: Tablets
) -> None:
    hand = tablet()
    hand.hold(TAG)
    hand.book()
    yes = Consent("You may keep it.", "2026-11", "en")
    order_id = checkout.open(
        boutique, quote=hand.quote(), device_id=hand.device_id, terms_version="2026-10", keep_card=yes
    )
    at = orders.view(boutique, order_id=order_id).opened_at
    sold(boutique, order_id)
    with boutique.read() as look:
        told = look.exec(select(PrintJob.facts).where(PrintJob.kind == "deposit")).one()
    when = at.isoformat().replace("+00:00", "Z")
    assert told["agreed"] == {"version": "2026-10", "at": when, "text": ""}
    assert told["keep_card"] == {"version": "2026-11", "at": when, "text": yes.text}
