"""A tablet on the counter: the real shell and pages over a stocked shop, without a browser.

The components' JavaScript cannot run here; each is stood in for by a native control that calls the same callback.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from kiosk import session, state
from kiosk.components import pinpad, tray
from pos.models import Reader
from pos.people import devices, pins
from pos.selling import basket
from pos.settings import HOUSE
from pos.shop import Shop

SHELL = str(HOUSE / "kiosk" / "shell.py")
READER = "tmr_test"


class Tablet:
    """One enrolled tablet of the demo boutique, and the screen it shows."""

    def __init__(self, shop: Shop, monkeypatch: pytest.MonkeyPatch, *, label: str, boutique: str = "demo") -> None:
        self.shop, self.monkeypatch = shop, monkeypatch
        token = devices.issue(shop, boutique_id=boutique, label=label, reader_id=READER if boutique == "demo" else None)
        self.cookie = devices.enrol(shop, token=token)
        known = devices.known(shop, cookie=self.cookie)
        assert known is not None
        self.device_id = known.device_id
        self.screen: Any = None

    def new_browser(self) -> AppTest:
        """A reload: a new session of the same tablet."""
        self.monkeypatch.setattr(session, "cookie", lambda: self.cookie)
        self.screen = AppTest.from_file(SHELL, default_timeout=60).run()
        return self.screen

    def open(self, file: str, **params: str) -> AppTest:
        """Walk to a page of `pages/` by its address."""
        self.screen.switch_page(f"../pages/{file}.py")
        self.screen.query_params.clear()
        for name, value in params.items():
            self.screen.query_params[name] = value
        return self.screen.run()

    def touch(self, key: str) -> AppTest:
        """Touch the button of this key."""
        return self.screen.button(key=key).click().run()

    def chosen(self, key: str) -> str | None:
        """The value of a choice that stands as chosen."""
        found = re.findall(rf'aria-checked="true"[^>]* data-as="{re.escape(key)}=([^"]*)"', self._markup)
        return found[0] if found else None

    def tick(self, key: str, *, on: bool = True) -> AppTest:
        """Set a tick, or take it off."""
        return self.touch(f"{key}={'on' if on else ''}")

    def ticked(self, key: str) -> bool:
        """Whether a tick is set; it must stand on the screen."""
        (stands,) = re.findall(rf'aria-checked="(\w+)" data-as="{re.escape(key)}"', self._markup)
        return bool(stands == "true")

    @property
    def _markup(self) -> str:
        return "".join(str(one.value) for one in self.screen.get("html"))

    def touch_card(self, sku: str) -> AppTest:
        """Touch the card of a piece; its button is another one after each touch."""
        (key,) = [button.key for button in self.screen.button if str(button.key).startswith(f"open_{sku}_")]
        return self.touch(key)

    def clocks(self) -> list[str]:
        """Draw the page again; the parts of it that the browser is asked to start again by itself."""
        run, heard = LocalScriptRunner.run, []

        def listening(runner: LocalScriptRunner, *args: Any, **kwargs: Any) -> Any:
            drawn = run(runner, *args, **kwargs)
            heard.extend(one.auto_rerun.fragment_id for one in runner.forward_msgs() if one.HasField("auto_rerun"))
            return drawn

        with self.monkeypatch.context() as once:
            once.setattr(LocalScriptRunner, "run", listening)
            self.screen.run()
        return heard

    def parts_again(self, only: list[str] | None = None) -> AppTest:
        """The parts of the page start again alone, as by their clock or by a tap in them; the rest is not drawn."""
        parts = only or list(self.screen._fragment_storage._fragments)
        assert parts
        run = LocalScriptRunner._run_script

        def only_parts(runner: LocalScriptRunner, asked: RerunData) -> None:
            run(runner, replace(asked, fragment_id_queue=parts))

        with self.monkeypatch.context() as once:
            once.setattr(LocalScriptRunner, "_run_script", only_parts)
            return self.screen.run()

    def says(self, words: str) -> bool:
        """Whether these words stand anywhere on the screen."""
        return words in self.words

    @property
    def words(self) -> str:
        """Everything that is written on the screen."""
        screen = self.screen
        parts: list[Any] = [*screen.title, *screen.header, *screen.subheader, *screen.get("html")]
        labels = [button.label for button in screen.button]
        return "\n".join([*(str(part.value) for part in parts), *labels])

    @property
    def headings(self) -> list[str]:
        """What leads the screen and its parts, drawn by us or by Streamlit, in no certain order."""
        drawn = "".join(str(one.value) for one in self.screen.get("html"))
        theirs = [one.value for kind in ("title", "header", "subheader") for one in getattr(self.screen, kind)]
        return theirs + [unescape(words) for words in re.findall(r"<h[123][^>]*>(.*?)</h[123]>", drawn)]

    @property
    def pays(self) -> bool:
        """Whether the basket's green button can be touched."""
        return not self.screen.button(key="go_pay").disabled

    @property
    def basket_id(self) -> str:
        """Its live basket."""
        return basket.live(self.shop, device_id=self.device_id, language="en")

    def unlock(self, staff_id: str) -> AppTest:
        """Type the right PIN of a person."""
        pin = pins.new_pin(self.shop, staff_id=staff_id)
        if "who" in [group.key for group in self.screen.segmented_control]:
            self.screen.segmented_control(key="who").set_value(staff_id).run()
        return self.screen.text_input(key="pin_typed").set_value(pin).run()


@pytest.fixture
def shop(stocked: Shop) -> Shop:
    """The demo shop, with a card reader."""
    with stocked.jot() as tx:
        tx.add(Reader(id=READER, boutique_id="demo", label="Counter"))
    return stocked


def _show_tray(markup: str, laid: tray.Laid, *, key: str) -> None:
    state.entered_on(key, laid.entered)
    st.color_picker("laid", key=key)  # a tray has a state of Streamlit's as long as it lies there
    st.html(markup)
    for name, tap in laid.taps.items():
        if name in laid.told:
            _show_part(name, laid.told[name], tap)
        elif tap.takes is not None:
            st.text_input(tap.words, key=name, on_change=_fill_in, args=(tap, lambda name=name: state.get(name)))
        else:
            st.button(tap.words, key=name, on_click=tap.act, disabled=tap.rests)


def _show_part(name: str, told: dict[str, Any], tap: tray.Tap) -> None:
    key = f"{name}_typed"
    if "total" in told:
        key = f"{name}_picked"
        numbers = [None, *range(1, told["total"] + 1)]
        st.selectbox("number", numbers, key=key, on_change=_fill_in, args=(tap, lambda: state.get(key)))
    elif "points" in told and told["points"] is None:
        names, key = ("long", "short", "dots"), f"{name}_card"
        said = (tap, lambda: dict(zip(names, map(float, state.get(key).split()), strict=True)))
        st.text_input("card", key=key, on_change=_fill_in, args=said)
    elif "points" in told:
        key = f"{name}_ring"
        taken = (tap, lambda: {"diameter": state.get(key)})
        st.number_input("inside", value=None, key=key, on_change=_fill_in, args=taken)
    elif "labels" in told:
        lines = (tap, lambda: (state.get(key) or "").splitlines())
        st.text_area("words", value="\n".join(told["value"]), key=key, on_change=_fill_in, args=lines)
        st.html("".join(f"<p>{words}</p>" for words in [*told["reasons"], told["size"]]))


def _fill_in(tap: tray.Tap, said: Callable[[], Any]) -> None:
    assert tap.takes is not None
    if tap.takes(said()):
        tap.act()


@pytest.fixture(autouse=True)
def native_controls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Components as native controls that call the same callbacks."""

    def show_pad(*, key: str, on_pin: Callable[[], None], **_: Any) -> None:
        st.text_input("PIN", key=f"{key}_typed", on_change=on_pin)

    monkeypatch.setattr(tray, "show", _show_tray)
    monkeypatch.setattr(pinpad, "show", show_pad)
    monkeypatch.setattr(pinpad, "typed", lambda key: state.get(f"{key}_typed"))


@pytest.fixture
def tablet(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Tablet:
    """A tablet of the demo boutique, showing the attract screen."""
    monkeypatch.setitem(session._house, "shop", shop)
    first = Tablet(shop, monkeypatch, label="Test tablet")
    first.new_browser()
    return first


@pytest.fixture
def another(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Tablet]:
    """Makes a second tablet of the same boutique; no browser is open on it."""
    return lambda: Tablet(tablet.shop, monkeypatch, label="Another tablet")
