"""The hallmark picture of a piece: each mark on it can be touched, and the piece page has its meaning ready."""

from typing import Any

import pytest

from kiosk.components import tray
from kiosk.words import LANGUAGES, Words
from tests.pages.conftest import Tablet


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the part was given to draw, the last at the end."""
    given: list[dict[str, Any]] = []
    drawn = tray.show

    def show(markup: str, laid: tray.Laid, *, key: str) -> None:
        given.extend(told for part, told in laid.told.items() if part.startswith("closer_"))
        drawn(markup, laid, key=key)

    monkeypatch.setattr(tray, "show", show)
    return given


def look_at_the_marks(tablet: Tablet, sku: str, say: Words) -> None:
    tablet.open("shop/piece", sku=sku, lang=say.language)
    (thumb,) = [one for one in tablet.screen.button if one.label == say("roles.hallmark")]
    thumb.click().run()
    assert tablet.screen.exception == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mark_is_given_with_its_place_and_its_meaning(
    tablet: Tablet, shown: list[dict[str, Any]], language: str
) -> None:
    say = Words(language)
    look_at_the_marks(tablet, "NC-VM", say)
    data = shown[-1]
    assert data["src"] == "/pictures/notebook-corner/media/nc-vm-hallmark.webp"
    assert data["note"] == say("shop.render")
    assert data["hint"] == say("closer.hint")
    assert [(mark["left"], mark["top"]) for mark in data["marks"]] == [(28, 46), (52, 53), (71, 58)]
    assert [(mark["name"], mark["means"]) for mark in data["marks"]] == [
        (f"{say('marks.sponsor')} · VTN", say("marks.sponsor_line")),
        (f"{say('marks.fineness')} · 925", say("marks.fineness_line")),
        (say("marks.office"), say("marks.office_line")),
    ]


def test_a_picture_without_marks_stays_as_it_is(tablet: Tablet, shown: list[dict[str, Any]]) -> None:
    tablet.open("shop/piece", sku="NC-VM")
    assert tablet.says("nc-vm-hero.webp")
    assert shown == []
