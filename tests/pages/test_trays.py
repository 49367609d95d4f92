"""What is laid on a tray: words are only words, and a touch does what stood there."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from kiosk import ask, draw, state
from kiosk.components import tray
from kiosk.components.tray import Tap


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Tap], str]]:
    """Every tray as it would go to the browser."""
    trays: list[Any] = []
    monkeypatch.setattr(tray, "show", lambda markup, on, *, key: trays.append((markup, dict(on.taps), key)))
    return trays


def test_words_on_a_tray_are_only_words(shown: list[Any]) -> None:
    with draw.laid("one", "vt-together"):
        draw.title("<script>")
        draw.button('"><img onerror=', key='a"b', act=lambda: None)
        draw.over("Bold & bolder", key="c", act=lambda: None)
    (markup, taps, _) = shown[0]
    assert "<script" not in markup
    assert "<img" not in markup
    assert 'data-tap="a"b"' not in markup
    assert 'aria-label="Bold &amp; bolder"' in markup
    assert [tap.words for tap in taps.values()] == ['"><img onerror=', "Bold & bolder"]


def test_a_tray_in_a_tray_is_part_of_it(shown: list[Any]) -> None:
    with draw.laid("outer", "vt-body"), draw.laid("inner", "vt-foot"):
        draw.button("Back", key="back", act=lambda: None)
    assert [(key, list(taps)) for _, taps, key in shown] == [("outer", ["back"])]
    assert '<div class="vt-body"><div class="vt-foot"><button' in shown[0][0]


def test_what_is_chosen_says_so_to_who_does_not_see_it(shown: list[Any]) -> None:
    with draw.laid("one", "vt-together"):
        draw.over("First", key="a", act=lambda: None, on=True)
        draw.over("Second", key="b", act=lambda: None, on=False)
        draw.button("Third", key="c", act=lambda: None)
    assert re.findall(r'data-tap="(.)"[^>]*?(?: aria-pressed="(\w+)")?>', shown[0][0]) == [
        ("a", "true"),
        ("b", "false"),
        ("c", ""),
    ]


def test_two_of_one_name_are_refused(shown: list[Any]) -> None:
    with pytest.raises(AssertionError, match="laid twice"), draw.laid("one", "vt-together"):
        draw.button("First", key="a", act=lambda: None)
        draw.button("Second", key="a", act=lambda: None)
    assert shown == []


def test_what_fails_while_a_tray_is_laid_leaves_no_tray_open(shown: list[Any]) -> None:
    with pytest.raises(ZeroDivisionError), draw.laid("broken", "vt-body"):
        draw.title("Half a tray")
        raise ZeroDivisionError
    assert shown == []
    with draw.laid("whole", "vt-body"):
        draw.title("A tray")
    assert len(shown) == 1
    assert "Half" not in shown[0][0]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], list[str]]:
    """What is done once the browser has said something of a tray, and whatever it says next."""
    done: list[str] = []
    heard: dict[str, int] = {}
    taps = {
        "keep": Tap("Keep", lambda: done.append("kept")),
        "back": Tap("Back", lambda: done.append("back")),
        "rests": Tap("Rests", lambda: done.append("rested"), rests=True),
    }
    monkeypatch.setattr(state, "first", lambda key, value: heard)

    def say(what: Any) -> list[str]:
        monkeypatch.setattr(state, "get", lambda key: SimpleNamespace(tapped=what))
        tray._touched("tray", taps)
        return list(done)

    return say


@pytest.mark.parametrize(
    ("touched", "done"),
    [
        ([[1, "keep"]], ["kept"]),
        ([[1, "rests"]], []),
        ([[1, "gone"]], []),
        ([[1, "gone"], [2, "back"]], ["back"]),
        (None, []),
        ({"odd": 1}, []),
        ([["keep", 1], [1], "keep", [1, ["keep"]]], []),
    ],
)
def test_a_touch_does_what_stood_there_and_nothing_else(
    touched: Any, done: list[str], said: Callable[[Any], list[str]]
) -> None:
    assert said(touched) == done


def test_two_touches_while_a_screen_is_drawn_are_both_done_in_their_order(said: Callable[[Any], list[str]]) -> None:
    """Streamlit has kept the second answer only; it says the first touch too."""
    assert said([[1, "keep"], [2, "back"]]) == ["kept", "back"]


def test_a_touch_that_is_said_again_is_done_once(said: Callable[[Any], list[str]]) -> None:
    said([[1, "keep"]])
    assert said([[1, "keep"], [2, "back"]]) == ["kept", "back"]


def test_an_impatient_finger_means_one_thing_once(said: Callable[[Any], list[str]]) -> None:
    assert said([[1, "keep"], [2, "keep"], [3, "keep"]]) == ["kept"]


def test_what_was_touched_last_is_what_counts(said: Callable[[Any], list[str]]) -> None:
    """A size, another one, and the first again, while a screen was drawn: the finger rests on the first."""
    assert said([[1, "keep"], [2, "back"], [3, "keep"]])[-1] == "kept"


def test_what_was_said_after_a_shopper_had_gone_is_not_kept_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finish, and a line that is let go of before the screen has gone: both are said in one breath."""
    said = SimpleNamespace(tapped=[[1, "finish"], [2, "address", "zoe@vitrine.example"]])
    monkeypatch.setattr(st, "session_state", {"done": said, "language": "fr", "found": "a ring"})
    monkeypatch.setattr(tray, "show", lambda markup, on, *, key: tray._touched(key, on.taps))
    with draw.laid("done", "vt-block"):
        ask.line("Address", key="address", most=50)
        draw.button("Finish", key="finish", act=state.forget)
    assert (state.get("address"), state.get("found")) == (None, None)
    assert state.language() == "fr"
