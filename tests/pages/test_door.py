"""In front of the shop: unknown tablets, borrowed sessions, records out of reach, addresses that lead nowhere."""

from collections.abc import Callable

import pytest

from kiosk import session
from pos.people import devices
from tests.pages.conftest import Tablet


def test_an_unknown_browser_is_told_calmly(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "cookie", lambda: None)
    tablet.screen.run()
    assert tablet.says("This tablet is not enrolled")
    assert not tablet.says("Notebook corner")


def test_a_revoked_tablet_sees_nothing_more(tablet: Tablet) -> None:
    devices.revoke(tablet.shop, device_id=tablet.device_id)
    tablet.screen.run()
    assert tablet.says("This tablet is not enrolled")


def test_a_session_is_only_served_to_the_cookie_it_began_with(
    tablet: Tablet, another: Callable[[], Tablet], monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = another()
    tablet.open("shop/basket")
    monkeypatch.setattr(session, "cookie", lambda: thief.cookie)
    tablet.screen.run()
    assert tablet.says("This tablet is not enrolled")


def test_a_page_run_without_the_shell_guards_itself(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest

    from kiosk.registry import SCREENS

    monkeypatch.setattr(session, "cookie", lambda: None)
    for screen in SCREENS:
        alone = AppTest.from_file(str(screen.path), default_timeout=60).run()
        written = "".join(str(one.value) for one in alone.get("html"))
        assert "This tablet is not enrolled</h2>" in written, screen.url
        assert written.count("<h") == 1, screen.url


def test_a_staff_page_run_without_the_shell_refuses_the_shopper(tablet: Tablet) -> None:
    from streamlit.testing.v1 import AppTest

    from kiosk.registry import SCREENS
    from pos.models import Role

    for screen in [one for one in SCREENS if one.role != Role.SHOPPER]:
        alone = AppTest.from_file(str(screen.path), default_timeout=60).run()
        assert len(alone.exception) == 1, screen.url
        assert [*alone.header, *alone.title, *alone.button, *alone.text_input, *alone.get("html")] == [], screen.url


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("shop/story", {"capsule": "no-such-capsule"}),
        ("shop/piece", {"sku": "NO-SUCH"}),
        ("shop/bundle", {"bundle": "no-such"}),
        ("shop/done", {"order": "0" * 32}),
    ],
)
def test_an_address_that_leads_nowhere_is_one_calm_sentence(tablet: Tablet, page: str, params: dict[str, str]) -> None:
    tablet.open(page, **params)
    assert tablet.says("This page is not here")
    assert tablet.screen.exception == []


@pytest.mark.parametrize("page", ["shop/story", "shop/piece", "shop/bundle", "shop/done"])
def test_a_screen_whose_words_went_with_the_last_shopper_leads_home(tablet: Tablet, page: str) -> None:
    tablet.open(page)
    assert tablet.says("Notebook corner")
    assert not tablet.says("This page is not here")


def test_records_out_of_reach_shut_the_shop_for_a_moment(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    from pos.errors import RecordsTrouble

    def trouble(*_: object, **__: object) -> None:
        raise RecordsTrouble("the disk is full")

    monkeypatch.setattr("pos.catalogue.showcase.capsules", trouble)
    tablet.screen.run()
    assert tablet.says("The shop is shut for a moment")
    assert tablet.screen.exception == []
    assert not tablet.says("disk")
