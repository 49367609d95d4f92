"""What is asked on a tray: the answer is kept as long as the question stands there, and nonsense is not taken."""

import re
from typing import Any

import pytest

from kiosk import ask, draw, state
from kiosk.components import engraving, numbers, tray
from kiosk.words import Words
from pos.catalogue.views import NumbersView
from pos.selling import orders
from tests.pages.conftest import Tablet
from tests.pages.test_shop import ready_to_pay

Kept = dict[str, Any]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """What is kept of the answers; trays are not shown."""
    answers: Kept = {}
    monkeypatch.setattr(state, "put", answers.__setitem__)
    monkeypatch.setattr(state, "get", lambda key, default=None: answers.get(key, default))
    monkeypatch.setattr(state, "comes_anew", lambda key: None)
    monkeypatch.setattr(tray, "show", lambda markup, on, *, key: answers.update(markup=markup, on=on))
    return answers


def choose(now: str | None, *, required: bool) -> None:
    with draw.laid("one", "vt-together"):
        ask.choice("Metal", {"vm": "Vermeil", "pt": "<Platinum>"}, now=now, key="metal", required=required)


def test_a_choice_says_which_is_chosen_and_where_the_keyboard_enters(kept: Kept) -> None:
    choose("pt", required=True)
    found = re.findall(r'role="radio" aria-checked="(\w+)" tabindex="(-?\d)"[^>]*data-tap="([^"]+)"', kept["markup"])
    assert found == [("false", "-1", "metal=vm"), ("true", "0", "metal=pt")]
    assert 'role="radiogroup" aria-label="Metal"' in kept["markup"]
    assert "&lt;Platinum&gt;" in kept["markup"]


def test_nothing_chosen_yet_is_entered_at_the_first(kept: Kept) -> None:
    choose(None, required=True)
    assert re.findall(r'aria-checked="(\w+)" tabindex="(-?\d)"', kept["markup"]) == [("false", "0"), ("false", "-1")]


def test_a_touch_keeps_what_was_touched(kept: Kept) -> None:
    choose("vm", required=True)
    kept["on"].taps["metal=pt"].act()
    assert kept["metal"] == "pt"


def test_what_is_not_required_is_let_go_by_touching_it_again(kept: Kept) -> None:
    choose("vm", required=False)
    assert set(kept["on"].taps) == {"metal=", "metal=pt"}
    kept["on"].taps["metal="].act()
    assert kept["metal"] is None


def test_a_tick_is_set_and_taken_off_by_different_touches(kept: Kept) -> None:
    """Said twice, neither is undone."""
    with draw.laid("one", "vt-together"):
        ask.tick("I agree", key="terms")
    (name,) = kept["on"].taps
    kept["on"].taps[name].act()
    assert (name, kept["terms"]) == ("terms=on", True)
    with draw.laid("one", "vt-together"):
        ask.tick("I agree", key="terms")
    (name,) = kept["on"].taps
    kept["on"].taps[name].act()
    assert (name, kept["terms"]) == ("terms=", False)


def test_a_line_takes_words_and_no_more_of_them_than_it_has_room_for(kept: Kept) -> None:
    with draw.laid("one", "vt-together"):
        ask.line("Address", key="address", most=5)
    takes = kept["on"].taps["address"].takes
    assert takes("zoe@example") is True
    assert kept["address"] == "zoe@e"
    for nonsense in (None, 5, ["zoe"], {"a": 1}):
        assert takes(nonsense) is False
    assert kept["address"] == "zoe@e"


def test_what_was_typed_is_only_words(kept: Kept) -> None:
    kept["address"] = '"><img src=x onerror=alert(1)>'
    with draw.laid("one", "vt-together"):
        ask.line("Address", key="address", most=50)
    assert "<img" not in kept["markup"]


@pytest.mark.parametrize("said", [None, 0, 61, -1, "12", 12.0, True, [12], {"picked": 12}])
def test_a_number_the_edition_does_not_have_is_not_taken(kept: Kept, said: Any) -> None:
    edition = NumbersView(size=60, taken=(), reserved=(), mine=(), free=tuple(range(1, 61)))
    numbers.show(edition, mine=None, say=Words("en"), key="number", on_pick=lambda: None)
    tap = kept["on"].taps["number"]
    assert tap.takes(said) is False
    assert "number" not in kept
    assert tap.takes(12) is True
    assert numbers.picked("number") == 12


@pytest.mark.parametrize("said", [None, "AB", 5, [1], ["A", "B", "C"], [["A"]]])
def test_words_that_are_no_lines_are_not_taken(kept: Kept, said: Any) -> None:
    with draw.laid("one", "vt-block", parts=("engraving",)):
        drawn: dict[str, Any] = {"svg": "", "alt": "", "value": (), "labels": ("1", "2"), "room": (), "least": 1.0}
        more: dict[str, Any] = {"set_words": (), "size": "", "reasons": (), "note": "", "sample": "", "key": "words"}
        engraving.show(**drawn, **more, on_text=lambda: None)
    takes = kept["on"].taps["words"].takes
    assert takes(said) is False
    assert engraving.typed("words") is None
    assert takes(["A" * 500, " "]) is True
    assert engraving.typed("words") == ("A" * engraving.LONGEST,)


def test_a_part_that_is_not_named_for_a_tray_is_refused(kept: Kept) -> None:
    """Its script is made of the parts it names: another script would be another element, and all of it drawn anew."""
    with pytest.raises(AssertionError, match="no part of this tray"), draw.laid("one", "vt-block"):
        draw.part("closer", key="c", told={})


def test_the_script_of_a_tray_holds_its_parts_and_no_others() -> None:
    whole = tray._part("numbers")
    assert whole.startswith("{html: ")
    assert "export default" not in whole
    assert "setTriggerValue(" in whole


def test_what_was_entered_goes_with_its_screen(tablet: Tablet) -> None:
    """A size that was touched and not kept, words nobody kept: on coming back the screen is as the records say."""
    tablet.open("shop/piece", sku="OP-RING")
    tablet.touch("OP-RING_size=55")
    assert tablet.chosen("OP-RING_size") == "55"
    tablet.open("shop/story", capsule="owner-and-pet")
    tablet.open("shop/piece", sku="OP-RING")
    assert tablet.chosen("OP-RING_size") is None


def test_what_was_entered_goes_when_its_question_does(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="OP-PET")
    tablet.touch("OP-PET_species=cat")
    tablet.tick("OP-PET_breakaway")
    assert tablet.ticked("OP-PET_breakaway")
    tablet.touch("OP-PET_species=dog")
    tablet.touch("OP-PET_species=cat")
    assert not tablet.ticked("OP-PET_breakaway"), "whether this collar opens was asked anew"


def test_terms_are_agreed_to_anew_on_another_visit(tablet: Tablet) -> None:
    tablet.open("shop/piece", sku="NC-CH")
    tablet.touch("go_keep")
    tablet.open("shop/basket")
    tablet.tick("terms")
    assert tablet.ticked("terms")
    tablet.open("shop/notice")
    tablet.open("shop/basket")
    assert not tablet.ticked("terms")


def test_terms_that_are_taken_back_with_the_touch_before_it_are_not_paid_by(tablet: Tablet) -> None:
    ready_to_pay(tablet)
    tablet.screen.button(key="terms=").click()
    tablet.screen.button(key="go_pay").click().run()
    assert orders.live_order(tablet.shop, device_id=tablet.device_id) is None
    assert not tablet.ticked("terms")
