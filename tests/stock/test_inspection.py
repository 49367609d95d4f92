"""What came back is looked at before it is for sale again."""

import pytest
from sqlmodel import select

from pos.books import audit
from pos.errors import NotAllowed, StillEngraved, Unknown, WrongState
from pos.models import AuditEntry, Boutique, Capsule, Device, Role, Staff
from pos.shop import Shop
from pos.stock import inspection
from tests.selling.conftest import boutique  # noqa: F401 (a fixture)
from tests.selling.returned import CHARM, Fate, PieceState, give_back, piece, sell
from tests.selling.shelf import Tablet, later
from tests.selling.test_on_both import either  # noqa: F401 (a fixture)


def came_back(shop: Shop, *, engraving: tuple[str, ...] = ()) -> Tablet:
    """Number 12 was sold and lies in inspection; a counter to look at it from."""
    give_back(shop, sell(shop, engraving=engraving), fate=Fate.INSPECTION, reason="fault")
    return Tablet(shop).enrol().unlock()


def look_at(shop: Shop, counter: Tablet, *, number: int = 12, words_gone: bool = False) -> None:
    inspection.passed(
        shop, sku=CHARM, number=number, words_gone=words_gone, staff_id="ada", device_id=counter.device_id
    )


def test_it_waits_until_somebody_says_that_it_is_well(either: Shop) -> None:  # noqa: F811
    counter = came_back(either)
    (one,) = inspection.waiting(either, boutique_id="demo")
    assert (one.sku, one.number, one.boutique, one.reason) == (CHARM, 12, "Vitrine", "fault")
    assert one.refund_no == "DEMO-R000001"
    look_at(either, counter)
    assert inspection.waiting(either, boutique_id="demo") == ()
    again = piece(either)
    assert (again.state, again.order_id, again.sold_at) == (PieceState.FREE, None, None)
    assert counter.hold(CHARM, number=12).number == 12


def test_an_engraved_piece_is_not_sold_with_somebody_s_words_in_it(either: Shop) -> None:  # noqa: F811
    counter = came_back(either, engraving=("ZOË",))
    assert inspection.waiting(either, boutique_id="demo")[0].engraving == ("ZOË",)
    with pytest.raises(StillEngraved):
        look_at(either, counter)
    assert piece(either).state == PieceState.INSPECTION
    look_at(either, counter, words_gone=True)
    assert piece(either).state == PieceState.FREE


def test_only_the_last_owner_s_words_count(boutique: Shop) -> None:  # noqa: F811
    look_at(boutique, came_back(boutique, engraving=("ZOË",)), words_gone=True)
    later(boutique, minutes=1)
    counter = came_back(boutique)
    (one,) = inspection.waiting(boutique, boutique_id="demo")
    assert (one.engraving, one.refund_no) == ((), "DEMO-R000002")
    look_at(boutique, counter)


def test_it_passes_once(boutique: Shop) -> None:  # noqa: F811
    counter = came_back(boutique)
    look_at(boutique, counter)
    with pytest.raises(WrongState):
        look_at(boutique, counter)
    with pytest.raises(Unknown):
        look_at(boutique, counter, number=999)


def test_what_is_not_well_stays_and_says_why(either: Shop) -> None:  # noqa: F811
    counter = came_back(either)
    given = {"sku": CHARM, "number": 12, "staff_id": "ada", "device_id": counter.device_id}
    with pytest.raises(Unknown):
        inspection.keep_out(either, why="  ", **given)
    inspection.keep_out(either, why="a scratch\n on the back", **given)
    (one,) = inspection.waiting(either, boutique_id="demo")
    assert (one.kept_out, piece(either).state) == ("a scratch on the back", PieceState.INSPECTION)
    look_at(either, counter)
    with either.read() as look:
        acts = [entry.act for entry in look.exec(select(AuditEntry).where(AuditEntry.subject == f"{CHARM} 12"))]
        assert audit.broken_at(look) is None
    assert acts[-2:] == ["inspection not passed", "inspection passed"]


def test_what_was_wrong_before_it_was_sold_again_is_not_said_again(boutique: Shop) -> None:  # noqa: F811
    counter = came_back(boutique)
    inspection.keep_out(boutique, sku=CHARM, number=12, why="a scratch", staff_id="ada", device_id=counter.device_id)
    look_at(boutique, counter)
    later(boutique, minutes=1)
    came_back(boutique)
    assert inspection.waiting(boutique, boutique_id="demo")[0].kept_out == ""


@pytest.mark.parametrize(("shown_in", "may"), [([], True), (["demo", "lyon"], True), (["demo"], False)])
def test_a_boutique_that_does_not_show_the_capsule_has_no_say(
    boutique: Shop,  # noqa: F811
    shown_in: list[str],
    may: bool,
) -> None:
    came_back(boutique)
    with boutique.jot() as tx:
        tx.get_one(Capsule, "nc").boutiques = shown_in
        tx.add(Boutique(id="lyon", name="Lyon", address=[], vat_number="FR 1", hours={}))
        tx.flush()
        tx.add(Staff(id="luc", boutique_id="lyon", name="Luc", role=Role.STAFF, pin_hash="-"))
    there = Tablet(boutique).enrol()
    with boutique.jot() as tx:
        tx.get_one(Device, there.device_id).boutique_id = "lyon"
    there.unlock("luc")
    assert bool(inspection.waiting(boutique, boutique_id="lyon")) is may
    asked = {"sku": CHARM, "number": 12, "words_gone": True, "staff_id": "luc", "device_id": there.device_id}
    if may:
        inspection.passed(boutique, **asked)
        assert piece(boutique).state == PieceState.FREE
    else:
        with pytest.raises(NotAllowed):
            inspection.passed(boutique, **asked)


def test_nobody_passes_a_piece_from_a_locked_counter(boutique: Shop) -> None:  # noqa: F811
    came_back(boutique)
    with pytest.raises(NotAllowed):
        look_at(boutique, Tablet(boutique).enrol())
