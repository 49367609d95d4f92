"""Both languages say everything, money and dates are written as each writes them."""

import re
import string
from datetime import UTC, date, datetime

import pytest

from kiosk import slips
from kiosk.words import LANGUAGES, Words, catalogue
from pos.catalogue.shelf import ROLES
from pos.models import JobState
from pos.paper.lasting import INTERRUPTED, TOO_OLD, UNPRINTABLE
from pos.paper.slips.kinds import Kind
from pos.paper.status import Cause
from pos.paper.waiting import NO_PRINTER
from pos.payments.overview import Waits
from pos.selling.views import SlipView
from pos.settings import HOUSE

EN, FR = Words("en"), Words("fr")


def entries(language: str) -> dict[str, object]:
    return {f"{screen}.{key}": words for screen, keys in catalogue(language).items() for key, words in keys.items()}


def holes(words: object) -> set[str]:
    """The facts a sentence waits for; a French one may leave out none and add none."""
    text = " ".join(words) if isinstance(words, list) else str(words)
    return {name.split(":")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_words() -> None:
    assert set(entries("en")) == set(entries("fr"))


def test_a_sentence_waits_for_the_same_facts_in_both_languages() -> None:
    english, french = entries("en"), entries("fr")
    different = {key for key in english if holes(english[key]) != holes(french[key])}
    # How a clock is written differs: 9 h 05 and 09:05 are made of the same hour and minute.
    assert {key for key in different if not key.startswith("formats.")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_with_nothing(language: str) -> None:
    assert [key for key, words in entries(language).items() if not words] == []


def test_every_word_a_page_asks_for_is_written() -> None:
    asked = set()
    for room in ("kiosk", "pages"):
        for path in (HOUSE / room).rglob("*.py"):
            for part in path.read_text().split('say("')[1:]:
                asked.add(part.split('"')[0])
    unwritten = {key for key in asked if "{" not in key and "." in key and not EN.has(key)}
    assert unwritten == set()
    assert len(asked) > 100


def test_every_kind_and_state_of_a_slip_has_its_words() -> None:
    for say in (EN, FR):
        assert [kind for kind in Kind if not say.has(f"slips.{kind}")] == []
        assert [state for state in JobState if not say.has(f"slips.{state}")] == []


@pytest.mark.parametrize("cause", [*Cause, NO_PRINTER, INTERRUPTED, TOO_OLD, UNPRINTABLE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_slip_waits_for_is_told_to_staff(language: str, cause: str) -> None:
    waiting = SlipView(job_id="1", kind="sales", state=JobState.BLOCKED, cause=cause, copy_number=0)
    assert slips.why(waiting, Words(language)).endswith(".")


def test_a_slip_that_cannot_be_set_is_no_trouble_of_the_printer() -> None:
    waiting = SlipView(job_id="1", kind="sales", state=JobState.BLOCKED, cause=UNPRINTABLE, copy_number=0)
    assert EN("slips.set_aside") in slips.figure(waiting, EN)
    assert EN("slips.blocked") not in slips.figure(waiting, EN)
    assert not slips.are_coming((waiting,))


def test_every_role_of_a_picture_has_its_word() -> None:
    for say in (EN, FR):
        assert [role for role in ROLES if not say.has(f"roles.{role}")] == []


def test_money() -> None:
    assert EN.money(145000) == "£1,450"
    assert EN.exact(145000) == "£1,450.00"
    assert FR.exact(145050) == "1\u202f450,50\u00a0£"
    assert EN.exact(-2000) == "\u2212£20.00"


def test_days() -> None:
    assert EN.on(date(2026, 12, 12)) == "12 December"
    assert FR.on(date(2026, 12, 1)) == "1er décembre"
    assert FR.day(date(2026, 11, 23)) == "lundi 23 novembre"
    assert EN.on(date(2026, 11, 3), year=True, short=True) == "3 Nov 2026"


def test_a_time_is_the_boutique_s() -> None:
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert EN.clock(summer, zone="Europe/London") == "14:30"
    assert FR.clock(summer, zone="Europe/Paris") == "15\u00a0h\u00a030"


def test_weights() -> None:
    assert EN.grams(6200) == "6.2"
    assert FR.grams(10000) == "10"
    assert FR.grams(4250) == "4,2"


def test_every_question_to_stripe_has_its_word_in_the_journal() -> None:
    asked = set(re.findall(r'self\._ask\(journal, "(\w+)"', (HOUSE / "pos" / "payments" / "terminal.py").read_text()))
    assert len(asked) > 10
    for say in (EN, FR):
        assert [verb for verb in asked if not say.has(f"payments.verb_{verb}")] == []
        assert [waits for waits in Waits if not say.has(f"payments.waits_{waits}")] == []
