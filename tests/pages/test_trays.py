"""What is laid on a tray: words are only words, and a touch does what stood there."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk import draw, state
from kiosk.components import tray
from kiosk.components.tray import Tap


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Tap], str]]:
    """Every tray as it would go to the browser."""
    trays: list[Any] = []
    monkeypatch.setattr(tray, "show", lambda markup, taps, *, key: trays.append((markup, dict(taps), key)))
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


@pytest.mark.parametrize(
    ("touched", "done"), [("keep", ["kept"]), ("rests", []), ("gone", []), (None, []), ({"odd": 1}, [])]
)
def test_a_touch_does_what_stood_there_and_nothing_else(
    touched: Any, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    taps = {
        "keep": Tap("Keep", lambda: heard.append("kept")),
        "rests": Tap("Rests", lambda: heard.append("rested"), rests=True),
    }
    monkeypatch.setattr(state, "get", lambda key: SimpleNamespace(tapped=touched))
    tray._touched("tray", taps)
    assert heard == done
