"""A piece that comes back: its certificate ends, its refund has a slip, and sold again it has papers of its own."""

import pytest

from pos.errors import CannotGiveBack
from pos.models import Device
from pos.money import read_money
from pos.paper import slips as papers
from pos.selling import reasons, returns
from pos.selling.views import GiveBack
from pos.shop import Shop
from tests.selling.returned import Fate, PieceState, certificates, give_back, piece, refund_of, sell, slips
from tests.selling.shelf import Tablet
from tests.selling.test_on_both import either  # noqa: F401 (a fixture)


def test_the_very_number_is_sold_again_with_a_certificate_and_an_original_of_its_own(either: Shop) -> None:  # noqa: F811
    give_back(either, sell(either), fate=Fate.STOCK)
    assert certificates(either) == {"NC-VM-012": "returned"}
    assert piece(either).state == PieceState.FREE
    sell(either)
    assert certificates(either) == {"NC-VM-012": "returned", "NC-VM-012-2": "valid"}
    originals = [job.original_of for job in slips(either, "authenticity")]
    assert originals == ["authenticity:09520000000011:NC-VM-012", "authenticity:09520000000011:NC-VM-012-2"]


def test_a_third_owner_has_a_third_certificate(boutique: Shop) -> None:
    for _ in range(2):
        give_back(boutique, sell(boutique), fate=Fate.STOCK)
    sell(boutique)
    assert list(certificates(boutique).values()) == ["returned", "returned", "valid"]
    assert list(certificates(boutique))[-1] == "NC-VM-012-3"


def test_something_off_the_price_leaves_the_certificate_as_it_is(boutique: Shop) -> None:
    order_id = sell(boutique)
    counter = Tablet(boutique).enrol().unlock()
    line = returns.view(boutique, order_id=order_id).lines[0]
    returns.refund(
        boutique,
        order_id=order_id,
        key="tap",
        lines=[GiveBack(line.line_id, 1000, Fate.KEPT)],
        reason="price",
        staff_id="ada",
        device_id=counter.device_id,
    )
    assert certificates(boutique) == {"NC-VM-012": "valid"}
    (slip,) = slips(boutique, "refund")
    assert slip.facts["certificates"] == []
    assert slip.facts["total_minor"] == 1000


def test_the_slip_tells_of_the_refund_and_waits_at_the_tablet_that_gave_it(either: Shop) -> None:  # noqa: F811
    order_id = sell(either, engraving=["ZOË"])
    made = refund_of(either, give_back(either, order_id, fate=Fate.INSPECTION, reason="fault · the clasp is loose"))
    (slip,) = slips(either, "refund")
    told = slip.facts
    assert (told["refund_no"], told["receipts"]) == (made.number, ["DEMO-000001"])
    assert (slip.device_id, slip.printer_id, slip.order_id) == (made.device_id, "demo-1", order_id)
    assert told["lines"][0]["detail"] == "No. 12 of 50 · “ZOË”"
    assert told["roads"] == [{"road": "card", "amount_minor": 14000, "brand": "visa", "last4": "4242"}]
    assert told["vat"] == [{"rate_bp": 2000, "net_minor": 11667, "vat_minor": 2333, "gross_minor": 14000}]
    assert (told["cashier"], told["manager"], told["certificates"]) == ("Ada", "", ["NC-VM-012"])
    words = str(papers.document(slip.kind, facts=told, language="fr"))
    assert "Défaut de la pièce · the clasp is loose" in words


def test_without_a_printer_the_slip_waits_for_one(boutique: Shop) -> None:
    order_id = sell(boutique)
    counter = Tablet(boutique).enrol().unlock()
    with boutique.jot() as tx:
        tx.get_one(Device, counter.device_id).printer_id = None
    give_back(boutique, order_id, fate=Fate.STOCK, tablet=counter)
    (slip,) = slips(boutique, "refund")
    assert (slip.state, slip.cause) == ("blocked", "no_printer")


def test_the_same_tap_prints_one_slip(boutique: Shop) -> None:
    order_id = sell(boutique)
    counter = Tablet(boutique).enrol().unlock()
    assert give_back(boutique, order_id, fate=Fate.STOCK, tablet=counter) == give_back(
        boutique, order_id, fate=Fate.STOCK, tablet=counter
    )
    assert len(slips(boutique, "refund")) == 1


@pytest.mark.parametrize(
    ("short", "words", "kept"),
    [
        ("fault", "", "fault"),
        ("fault", "  the clasp\n is loose ", "fault · the clasp is loose"),
        (None, "because", "because"),
        ("nonsense", "", ""),
        (None, "x" * 300, "x" * 200),
    ],
)
def test_a_reason_is_kept_short_and_can_be_read_again(short: str | None, words: str, kept: str) -> None:
    assert reasons.written(short, words) == kept


def test_a_kept_reason_is_told_apart_from_words_of_ones_own() -> None:
    assert reasons.read("fault · the clasp") == ("fault", "the clasp")
    assert reasons.read("the clasp · loose") == (None, "the clasp · loose")
    assert set(reasons.REASONS) == set(papers.words.REASON_WORDS["en"]) == set(papers.words.REASON_WORDS["fr"])


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12,50", 1250),
        ("1 250,00 £", 125000),
        ("£1,250.00", 125000),
        ("1.250,00", 125000),
    ],
)
def test_an_amount_is_read_as_people_of_both_languages_type_it(typed: str, pence: int) -> None:
    assert read_money(typed) == pence


@pytest.mark.parametrize("typed", ["", "much", "-5", "1,2345", "٣", "1" * 20, "12.5.5"])
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert read_money(typed) is None


def test_a_sold_piece_is_not_passed_off_as_one_that_was_never_made(boutique: Shop) -> None:
    """Else somebody's words would be for sale again unseen."""
    order_id = sell(boutique, engraving=["ZOË"])
    with pytest.raises(CannotGiveBack) as refused:
        give_back(boutique, order_id, fate=Fate.NONE)
    assert refused.value.reason == "handed_over"
    assert (piece(boutique).state, certificates(boutique)) == (PieceState.SOLD, {"NC-VM-012": "valid"})
