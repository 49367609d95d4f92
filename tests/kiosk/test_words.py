"""Whatever a screen has to name has its word, money and dates are written as each language writes them."""

import re
from datetime import UTC, date, datetime, time

import pytest

from kiosk import slips
from kiosk.words import LANGUAGES, Words
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


def test_a_number_takes_the_form_its_language_has_for_it() -> None:
    assert [EN.counted("shop.pieces", n) for n in (0, 1, 2)] == ["0 pieces", "1 piece", "2 pieces"]
    assert [FR.counted("shop.pieces", n) for n in (0, 1, 2)] == ["0\u00a0pièce", "1\u00a0pièce", "2\u00a0pièces"]


def test_sentences_that_belong_together_are_said_together() -> None:
    assert [len(say.many("basket.terms_text")) for say in (EN, FR)] == [4, 4]


def test_what_nobody_wrote_is_no_key_on_a_screen() -> None:
    assert not EN.has("basket.nobody_wrote_this")
    for say in (EN, FR):
        with pytest.raises(KeyError):
            say("basket.nobody_wrote_this")
        with pytest.raises(KeyError):
            say.counted("basket.nobody_wrote_this", 2)


def test_days() -> None:
    assert EN.on(date(2026, 12, 12)) == "12 December"
    assert FR.on(date(2026, 12, 1)) == "1er décembre"
    assert FR.day(date(2026, 11, 23)) == "lundi 23 novembre"
    assert EN.on(date(2026, 11, 3), year=True, short=True) == "3\u00a0Nov\u00a02026"
    assert FR.on(date(2026, 12, 12), year=True, short=True) == "12\u00a0déc.\u00a02026"
    assert (FR.weekday(date(2026, 11, 28)), FR.weekday(date(2026, 11, 28), short=True)) == ("samedi", "sam.")
    assert EN.week() == ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def test_a_time_is_the_boutique_s() -> None:
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert EN.clock(summer, zone="Europe/London") == "14:30"
    assert FR.clock(summer, zone="Europe/Paris") == "15\u00a0h\u00a030"
    assert FR.clock(summer, zone="Europe/Paris", seconds=True) == "15\u00a0h\u00a030\u00a0min\u00a000"
    assert (EN.hour(time(9, 5)), FR.hour(time(9, 5))) == ("09:05", "9\u00a0h\u00a005")


def test_weights() -> None:
    assert EN.grams(6200) == "6.2"
    assert FR.grams(10000) == "10"
    assert FR.grams(4250) == "4,25"
    assert [EN.grams(mg) for mg in (490, 494, 495, 500)] == ["0.49", "0.49", "0.5", "0.5"]


def test_shares() -> None:
    assert (EN.percent(0.245), FR.percent(0.245)) == ("24%", "24\u00a0%")


def test_every_question_to_stripe_has_its_word_in_the_journal() -> None:
    asked = set(re.findall(r'self\._ask\(journal, "(\w+)"', (HOUSE / "pos" / "payments" / "terminal.py").read_text()))
    assert len(asked) > 10
    for say in (EN, FR):
        assert [verb for verb in asked if not say.has(f"payments.verb_{verb}")] == []
        assert [waits for waits in Waits if not say.has(f"payments.waits_{waits}")] == []
