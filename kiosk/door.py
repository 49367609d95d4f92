"""The calm pages in front of the shop: an unknown tablet, a shut shop, a page that is gone."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kiosk import draw, state, theme
from kiosk.components.tray import nothing
from kiosk.words import Words

LOOK_AGAIN = 10.0  # seconds


def unknown(language: str) -> None:
    """This browser is not one of the shop's tablets."""
    _calm(language, "unknown")


def shut(language: str) -> None:
    """The records cannot be reached, or something nobody foresaw."""
    _calm(language, "shut", again=True)


def missing(language: str) -> None:
    """What the address names is not here."""
    _calm(language, "missing", home=True)


@st.fragment(run_every=LOOK_AGAIN)
def _look_again() -> None:
    """Nobody need stand by: the screen comes back by itself once the shop does."""
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:  # by its clock, not as a part of the page around it
        st.rerun()


def _calm(language: str, what: str, *, again: bool = False, home: bool = False) -> None:
    say = Words(language)
    with theme.page("calm"), draw.laid("door", "vt-calm st-key-calm", language=language):
        draw.eyebrow(say("shop.house"))
        draw.heading(say(f"door.{what}"), level=2)
        draw.lead(say(f"door.{what}_line"))
        if again:
            draw.primary(say("door.try_again"), key="go_again", act=nothing)
        if home:
            draw.primary(say("shop.home"), key="go_home", act=_home)
    if again:
        _look_again()


def _home() -> None:
    state.put("going", ("", {}))
