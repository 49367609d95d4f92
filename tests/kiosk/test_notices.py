"""Every refusal of the shop has its sentence in every language; none shows a code, a class or a hole."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kiosk import notices
from kiosk.words import LANGUAGES, Words
from pos import errors
from pos.errors import (
    AlreadyHandedOver,
    BalanceDue,
    CannotEngrave,
    HoldLapsed,
    MeasureOutside,
    MeasuresDisagree,
    PieceTaken,
    PriceMoved,
    ReaderTrouble,
    ShopError,
    SlotClosed,
    Unknown,
    Withdrawn,
    WrongPin,
    WrongState,
)


def tree(kind: type[ShopError] = ShopError) -> Iterator[type[ShopError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


ALL = sorted({kind for kind in tree() if kind.__module__ == errors.__name__}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_its_own_sentence(kind: type[ShopError], language: str) -> None:
    assert Words(language).has(f"notices.{kind.__name__}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_refusal_that_knows_nothing_still_has_a_whole_sentence(kind: type[ShopError], language: str) -> None:
    words = notices.sentence(kind(), say=Words(language))
    assert words.endswith((".", "?"))
    assert "{" not in words


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (PieceTaken("NC-PT", 12), "Number 12 has just been taken. Choose another."),
        (HoldLapsed(None, None), "The time is over: nothing is kept for you any more."),
        (PriceMoved(30000, 31000), "The price has changed from £300.00 to £310.00. Look again, then pay."),
        (CannotEngrave("ἄ", "letter", "ἄ"), "“ἄ” is not a letter our engraver has. Please write it another way."),
        (CannotEngrave("long", "line_long", line=2, most=9), "Line 2 takes 9 letters at most."),
        (CannotEngrave("long", "line_long", line=None, most=3), "It takes 3 letters at most."),
        (Unknown("collect code", "XXXX"), "No pickup has this code. Look again, letter by letter."),
        (
            MeasureOutside(12.0, 90.0, "girth"),
            "No companion’s neck measures so: from 12 to 90\u00a0cm round is looked for. Please measure it again.",
        ),
        (Unknown("anything", "else"), "The shop does not know this."),
        (
            Withdrawn("extra", "Assay certificate", "Corner charm"),
            "“Assay certificate” is no longer offered. Put “Corner charm” back and keep it again without, then pay.",
        ),
        (
            MeasuresDisagree(0.1, "scale"),
            "No screen is so coarse, or so fine: this was not a bank card. Please measure both its edges once more.",
        ),
        (SlotClosed("demo", None), "Choose when you will collect it first."),
        (ReaderTrouble("tmr_1", "none"), "This tablet has no card reader. Please pay at the counter."),
        (ReaderTrouble("tmr_1", "some_new_code"), notices.Words("en")("notices.ReaderTrouble")),
        (
            WrongState("payment", "7F3K-92QD", "authorised"),
            "The payment is not taken yet. Wait a moment, then hand over.",
        ),
        (WrongState("payment", "p1", "cancelled"), notices.Words("en")("notices.WrongState")),
        (WrongPin(wait=30), "That is not the PIN. Next try in 30 s."),
        (BalanceDue("7F3K-92QD", 43200), "£432.00 is still due. Take the balance first, then hand over."),
        (
            AlreadyHandedOver("7F3K-92QD", datetime(2026, 7, 1, 13, 5, tzinfo=UTC), "Ann"),
            "This was handed over on Wednesday 1 July at 14:05 by Ann.",
        ),
    ],
    ids=lambda part: type(part).__name__ if isinstance(part, ShopError) else "",
)
def test_a_refusal_says_what_matters(refusal: ShopError, words: str) -> None:
    assert notices.sentence(refusal, say=Words("en"), zone="Europe/London") == words


def test_a_kind_of_error_nobody_wrote_words_for_speaks_for_its_parent() -> None:
    class SafeLocked(errors.Outside):
        """A later issue's."""

    assert notices.sentence(SafeLocked(), say=Words("en")) == Words("en")("notices.Outside")


def test_what_nobody_foresaw_is_logged_and_becomes_a_calm_sentence(caplog: pytest.LogCaptureFixture) -> None:
    from kiosk import state

    with notices.on_screen():
        raise KeyError("secret of the house")
    assert "secret" not in state.get("notice")
    assert "secret of the house" in caplog.text
