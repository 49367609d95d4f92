"""A waiting list: in order, with an offer that the clock ends, and never a piece that somebody else has."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from pos.clock import SetClock
from pos.errors import AddressWrong, NotAllowed, SoldOut, TooManyWaiting, Unknown, WindowFull, WrongState
from pos.ids import new_id, people_code
from pos.models import (
    AuditEntry,
    Basket,
    Boutique,
    Capsule,
    Device,
    Fate,
    Letter,
    LetterState,
    Offer,
    OfferState,
    Piece,
    PieceState,
    PreorderWindow,
    Table,
)
from pos.models import Waiting as Row
from pos.paper import mail
from pos.paper.letters import message
from pos.selling import basket, offers, orders, waiting
from pos.settings import Settings
from pos.shop import Shop
from pos.stock import pieces
from tests.conftest import MONDAY_MORNING
from tests.selling.returned import give_back, sell
from tests.selling.shelf import CHARM, TAG, Tablet, later, stand_up
from tests.selling.test_checkout import sold
from tests.selling.waiting import Other

CONSENT = "Tell me, and use my address for this alone."
ADA, BEN = "ada@example.co", "+44 20 7946 0000"


@pytest.fixture
def last(settings: Settings, records_url: str) -> Iterator[Shop]:
    """A shop with one charm and two places of a pre-order, on each kind of database."""
    opened = Shop(settings.model_copy(update={"database_url": records_url}), clock=SetClock(MONDAY_MORNING))
    Table.metadata.create_all(opened.records.engine)
    with opened.jot() as tx:
        stand_up(tx, charms=1, cap=1)
    yield opened
    opened.close()


def join(shop: Shop, tablet: Tablet, contact: str = ADA, *, sku: str = CHARM, name: str = "Ada") -> int:
    given = {"device_id": tablet.device_id, "words": CONSENT, "language": "en"}
    return waiting.join(shop, sku=sku, name=name, contact=contact, **given)  # type: ignore[arg-type]


def open_offers(shop: Shop) -> list[Offer]:
    with shop.read() as look:
        return list(look.exec(select(Offer).where(Offer.state == OfferState.OPEN).order_by(col(Offer.made_at))))


def people(shop: Shop) -> list[Row]:
    with shop.read() as look:
        return list(look.exec(select(Row).order_by(col(Row.joined_at), col(Row.id))))


def piece(shop: Shop) -> Piece:
    with shop.read() as look:
        return look.exec(select(Piece).where(Piece.sku == CHARM)).one()


def test_what_can_be_had_has_no_list(last: Shop) -> None:
    tablet = Tablet(last).enrol()
    with pytest.raises(WrongState):
        join(last, tablet)


def test_they_wait_in_order_and_joining_twice_is_joining_once(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    assert join(last, buyer) == 1
    assert join(last, buyer, BEN, name="Ben") == 2
    assert join(last, buyer, "Ada@EXAMPLE.co".replace("Ada", "ada")) == 1
    assert waiting.counts(last, boutique_id="demo") == {CHARM: 2}


def test_only_who_can_be_reached_and_agreed_waits(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    for nobody in ("", "ada@", "12 34", "call me"):
        with pytest.raises(AddressWrong):
            join(last, buyer, nobody)
    with pytest.raises(NotAllowed):
        waiting.join(last, sku=CHARM, name="", contact=ADA, words="", device_id=buyer.device_id, language="en")
    assert people(last) == []


def test_nobody_fills_a_list_with_invented_people(last: Shop) -> None:
    tablet, other = Tablet(last).enrol(), Tablet(last).enrol()
    tablet.hold(CHARM)
    for n in range(waiting.MOST_FOR_A_PIECE):
        assert join(last, tablet, f"nobody{n}@example.co") == n + 1
    with pytest.raises(TooManyWaiting) as refused:
        join(last, tablet, ADA)
    assert refused.value.most == waiting.MOST_FOR_A_PIECE
    assert join(last, tablet, "nobody0@example.co") == 1  # who waits already is told their place
    assert join(last, other, ADA) == waiting.MOST_FOR_A_PIECE + 1


def test_a_day_at_one_tablet_has_an_end_though_the_counter_takes_them_off(last: Shop) -> None:
    counter, tablet = Tablet(last).enrol().unlock(), Tablet(last).enrol()
    sell(last, number=1)
    for n in range(waiting.MOST_A_DAY):
        join(last, tablet, f"nobody{n}@example.co")
        later(last, minutes=1)
        by = {"staff_id": "ada", "device_id": counter.device_id}
        for one in waiting.listed(last, **by):
            waiting.leave(last, waiting_id=one.waiting_id, **by)
    with pytest.raises(TooManyWaiting):
        join(last, tablet)
    later(last, days=1)
    assert join(last, tablet) == 1


def test_a_hold_that_ends_is_offered_to_whoever_waits_and_to_nobody_else(last: Shop) -> None:
    buyer, other = Tablet(last).enrol(), Tablet(last).enrol()
    buyer.hold(CHARM)
    join(last, buyer)
    later(last, minutes=16)
    with pytest.raises(SoldOut):  # before anybody looked: it is the list's already
        other.hold(CHARM)
    assert offers.look_after(last) == 1
    assert offers.look_after(last) == 0
    with pytest.raises(SoldOut):
        other.hold(CHARM)
    (offer,) = open_offers(last)
    held = offers.claim(last, code=offer.code.lower().replace("-", " "), basket_id=other.basket_id)
    assert (held.sku, held.number) == (CHARM, 1)
    other.book()
    assert other.open()


def test_what_comes_back_from_a_buyer_is_offered_first(last: Shop) -> None:
    order_id = sell(last, number=1)
    join(last, Tablet(last).enrol())
    assert offers.look_after(last) == 0
    give_back(last, order_id, fate=Fate.STOCK)
    assert offers.look_after(last) == 1
    assert piece(last).state == PieceState.HELD


def test_a_place_of_a_pre_order_that_is_given_back_is_offered(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(TAG)
    join(last, buyer, sku=TAG)
    assert offers.look_after(last) == 0
    basket.wipe(last, basket_id=buyer.basket_id)
    assert offers.look_after(last) == 1
    with pytest.raises(WindowFull):  # nine more numbers lie there, but the window has one place
        Tablet(last).enrol().hold(TAG)


def test_an_offer_ends_by_the_clock_and_passes_to_the_next(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    join(last, buyer)
    join(last, buyer, BEN, name="Ben")
    basket.wipe(last, basket_id=buyer.basket_id)
    offers.look_after(last)
    (first,) = open_offers(last)
    later(last, hours=last.settings.offer_hours)
    with pytest.raises(WrongState):
        offers.claim(last, code=first.code, basket_id=buyer.basket_id)
    offers.look_after(last)
    (second,) = open_offers(last)
    ada, ben = people(last)
    assert second.waiting_id == ben.id
    assert (ada.name, ada.contact) == ("", "")
    with pytest.raises(WrongState):
        offers.claim(last, code=first.code, basket_id=buyer.basket_id)
    assert offers.claim(last, code=second.code, basket_id=buyer.basket_id).number == 1


def test_an_offer_made_in_the_office_leaves_the_done_page_of_its_tablet_alone(last: Shop) -> None:
    tablet, other = Tablet(last).enrol().unlock(), Tablet(last).enrol()
    other.hold(TAG)
    join(last, tablet, sku=TAG)
    tablet.hold(CHARM)
    tablet.book()
    order_id = tablet.open()
    sold(last, order_id)
    later(last, minutes=1)
    basket.wipe(last, basket_id=other.basket_id)
    assert offers.look_after(last) == 1
    assert orders.live_order(last, device_id=tablet.device_id) == order_id
    assert tablet.basket_id  # the next shopper
    assert orders.live_order(last, device_id=tablet.device_id) is None


def test_a_capsule_that_moved_is_offered_to_who_waits_and_then_had_by_everybody(last: Shop) -> None:
    """Ada joined here; her charm is shown in the other boutique now, and the letter sends her there."""
    tablet = Tablet(last).enrol()
    tablet.hold(CHARM)
    join(last, tablet)
    with last.jot() as tx:
        tx.add(Boutique(id="far", name="The Far Side", address=["2 Quay"], vat_number="", hours={}, slot_capacity=2))
        tx.get_one(Capsule, "nc").boutiques = ["far"]
    there, passer_by = Tablet(last).enrol(), Tablet(last).enrol()
    with last.jot() as tx:
        for one in (there, passer_by):
            tx.get_one(Device, one.device_id).boutique_id = "far"
    later(last, minutes=16)
    assert offers.look_after(last) == 1
    with last.read() as look:
        assert look.exec(select(Letter)).one().facts["boutique"] == ["The Far Side", "2 Quay"]
    later(last, hours=last.settings.offer_hours)  # she does not come
    assert offers.look_after(last) == 0
    assert passer_by.hold(CHARM).number == 1


def test_what_is_off_sale_is_offered_to_nobody_and_nothing_is_tried(
    last: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = Tablet(last).enrol()
    tablet.hold(CHARM)
    join(last, tablet)
    other = Tablet(last).enrol()
    other.hold(TAG)
    join(last, other, sku=TAG)
    basket.wipe(last, basket_id=tablet.basket_id)
    basket.wipe(last, basket_id=other.basket_id)
    tried: list[str] = []
    monkeypatch.setattr(offers, "offer_next", lambda shop, *, sku: tried.append(sku))
    with last.jot() as tx:
        tx.get_one(PreorderWindow, TAG).closes_at = tx.now()
    offers.look_after(last)
    assert tried == [CHARM]
    with last.jot() as tx:
        tx.get_one(Capsule, "nc").closes_at = tx.now()
    offers.look_after(last)
    assert tried == [CHARM]


def test_whose_own_hold_lapsed_takes_the_offer_into_the_basket_that_still_shows_it(last: Shop) -> None:
    tablet = Tablet(last).enrol()
    tablet.hold(CHARM)
    join(last, tablet)
    later(last, minutes=16)
    offers.look_after(last)
    held = offers.claim(last, code=open_offers(last)[0].code, basket_id=tablet.basket_id)
    assert [line.item_id for line in basket.view(last, basket_id=tablet.basket_id).lines] == [held.item_id]


def test_a_code_is_good_once_and_a_guess_opens_nothing(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    join(last, buyer)
    basket.wipe(last, basket_id=buyer.basket_id)
    offers.look_after(last)
    (offer,) = open_offers(last)
    with pytest.raises(Unknown):
        offers.claim(last, code="AAAA-AAAA-AAAA", basket_id=buyer.basket_id)
    offers.claim(last, code=offer.code, basket_id=buyer.basket_id)
    with pytest.raises(WrongState):
        offers.claim(last, code=offer.code, basket_id=Tablet(last).enrol().basket_id)


def test_the_letter_says_what_is_kept_and_how_it_is_taken_in_their_language(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    given = {"words": CONSENT, "device_id": buyer.device_id}
    waiting.join(last, sku=CHARM, name="Zoë", contact=ADA, language="fr", **given)
    basket.wipe(last, basket_id=buyer.basket_id)
    offers.look_after(last)
    with last.read() as look:
        letter = look.exec(select(Letter)).one()
    sent = message(last.settings, letter)
    body = sent.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    for said in ("Bonjour Zoë,", "Le numéro 1 est revenu", open_offers(last)[0].code, "JUSQU’AU 24 NOVEMBRE 2026"):
        assert said in words
    assert sent["Subject"] == "À vous : une pièce vous est réservée"


def test_after_use_nothing_is_left_of_who_waited(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    join(last, buyer)
    basket.wipe(last, basket_id=buyer.basket_id)
    offers.look_after(last)
    assert mail.send_next(last) == LetterState.FILED
    offers.claim(last, code=open_offers(last)[0].code, basket_id=buyer.basket_id)
    with last.read() as look:
        letter = look.exec(select(Letter)).one()
        told = [str(entry.facts) + entry.subject for entry in look.exec(select(AuditEntry))]
    assert (letter.address, letter.facts) == ("forgotten", {})
    assert [(one.name, one.contact) for one in people(last)] == [("", "")]
    assert not any("ada" in words.lower() and "@" in words for words in told)


def test_who_waited_too_long_is_forgotten(last: Shop) -> None:
    buyer = Tablet(last).enrol()
    sell(last, number=1)
    join(last, buyer)
    later(last, days=last.settings.waiting_days - 1)
    assert waiting.forget_old(last) == 0
    later(last, days=1)
    assert waiting.forget_old(last) == 1
    assert (people(last)[0].name, waiting.counts(last, boutique_id="demo")) == ("", {})
    assert waiting.forget_old(last) == 0


def test_names_are_for_staff_and_whoever_asks_is_taken_off(last: Shop) -> None:
    counter, shopper = Tablet(last).enrol().unlock(), Tablet(last).enrol()
    shopper.hold(CHARM)
    join(last, shopper, BEN, name="Ben")
    by = {"staff_id": "ada", "device_id": counter.device_id}
    with pytest.raises(NotAllowed):
        waiting.listed(last, staff_id="ada", device_id=shopper.device_id)
    (ben,) = waiting.listed(last, **by)
    assert (ben.place, ben.name, ben.contact, ben.offer) == (1, "Ben", "+442079460000", None)
    basket.wipe(last, basket_id=shopper.basket_id)
    offers.look_after(last)
    assert waiting.listed(last, **by)[0].offer is not None
    waiting.leave(last, waiting_id=ben.waiting_id, **by)
    assert waiting.listed(last, **by) == ()
    assert shopper.hold(CHARM).number == 1


@pytest.mark.postgres
@pytest.mark.parametrize("records_url", ["postgres"], indirect=True)
def test_who_is_taken_off_while_they_take_their_offer_holds_nobody_up(
    last: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, tablet = Tablet(last).enrol().unlock(), Tablet(last).enrol()
    tablet.hold(CHARM)
    join(last, tablet)
    basket.wipe(last, basket_id=tablet.basket_id)
    offers.look_after(last)
    (offer,), basket_id = open_offers(last), tablet.basket_id
    takes_it = Other(lambda: offers.claim(last, code=offer.code, basket_id=basket_id))
    let_go = pieces.let_go

    def meanwhile(*args: Any, **named: Any) -> int:
        takes_it.go_as_far_as_possible(last)
        return let_go(*args, **named)

    monkeypatch.setattr(pieces, "let_go", meanwhile)
    waiting.leave(last, waiting_id=offer.waiting_id, staff_id="ada", device_id=counter.device_id)
    assert isinstance(takes_it.end(), WrongState)
    assert piece(last).state == PieceState.FREE


@pytest.mark.postgres
@pytest.mark.parametrize("records_url", ["postgres"], indirect=True)
def test_who_is_taken_off_while_their_time_ends_holds_nobody_up(last: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = Tablet(last).enrol()
    tablet.hold(CHARM)
    join(last, tablet)
    basket.wipe(last, basket_id=tablet.basket_id)
    offers.look_after(last)
    (offer,) = open_offers(last)
    later(last, hours=last.settings.offer_hours)
    counter = Tablet(last).enrol().unlock()
    the_clock = Other(lambda: offers.look_after(last))
    let_go = pieces.let_go

    def meanwhile(*args: Any, **named: Any) -> int:
        the_clock.go_as_far_as_possible(last)
        return let_go(*args, **named)

    monkeypatch.setattr(pieces, "let_go", meanwhile)
    waiting.leave(last, waiting_id=offer.waiting_id, staff_id="ada", device_id=counter.device_id)
    assert the_clock.end() == 0
    assert (open_offers(last), people(last)[0].contact) == ([], "")


def offer_without_guard(shop: Shop, gate: threading.Barrier) -> None:
    """The twin: look what is free and who waits, then write. Shows that the race is real."""
    with shop.read() as look:
        seen = look.exec(select(Piece).where(Piece.sku == CHARM)).one()
        offered = select(Offer.waiting_id).where(Offer.state == OfferState.OPEN)
        first = look.exec(select(Row).where(col(Row.id).not_in(offered)).order_by(col(Row.joined_at))).first()
    gate.wait()
    if first is None or seen.state != PieceState.FREE:
        return
    now = shop.clock.now()
    with shop.jot() as tx:
        mine = Basket(id=new_id(), device_id=first.device_id, began_at=now, closed_at=now)
        tx.add(mine)
        tx.flush()
        held = {"state": PieceState.HELD, "basket_id": mine.id, "held_until": now + timedelta(hours=1)}
        tx.exec(update(Piece).where(col(Piece.id) == seen.id).values(**held))
        words: dict[str, Any] = {"piece_id": seen.id, "basket_id": mine.id, "made_at": now, "until": now}
        tx.add(Offer(id=new_id(), waiting_id=first.id, code=people_code(12), **words))


@pytest.mark.parametrize(
    "guard", [True, pytest.param(False, marks=pytest.mark.xfail(strict=True, reason="shows that the race is real"))]
)
def test_two_are_never_offered_one_piece(last: Shop, guard: bool) -> None:
    buyer = Tablet(last).enrol()
    buyer.hold(CHARM)
    join(last, buyer)
    join(last, buyer, BEN, name="Ben")
    basket.wipe(last, basket_id=buyer.basket_id)
    gate = threading.Barrier(2)
    if not guard:
        with last.jot() as tx:
            tx.connection().execute(text("DROP INDEX uq_offer_piece"))
            tx.connection().execute(text("DROP INDEX uq_offer_waiting"))

    def offer() -> None:
        if guard:
            gate.wait()
            with suppress(IntegrityError):  # the other was first, and the records say so
                offers.offer_next(last, sku=CHARM)
        else:
            offer_without_guard(last, gate)

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(offer), both.submit(offer)]:
            done.result(60)
    (made,) = open_offers(last)
    assert piece(last).basket_id == made.basket_id


def test_a_first_name_is_kept_as_long_as_there_is_room_and_never_cut_within_a_letter(last: Shop) -> None:
    Tablet(last).enrol().hold(CHARM)
    counter = Tablet(last).enrol().unlock()
    typed = "  Zoë\u202e\n" + "a" * 35 + "q\u0301\u0302"  # q takes its accents as marks; the 40th sign would be one
    join = {"sku": CHARM, "words": CONSENT, "device_id": counter.device_id, "language": "en"}
    waiting.join(last, name=typed, contact=ADA, **join)
    waiting.join(last, name="", contact=BEN, **join)
    names = [one.name for one in waiting.listed(last, staff_id="ada", device_id=counter.device_id)]
    assert names == ["Zoë" + "a" * 35, ""]
