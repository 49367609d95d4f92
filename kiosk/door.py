"""The calm pages in front of the shop: an unknown tablet, a shut shop, a page that is gone."""

import streamlit as st

from kiosk import draw, state, theme
from kiosk.words import Words


def unknown(language: str) -> None:
    """This browser is not one of the shop's tablets."""
    _calm(language, "unknown")


def shut(language: str) -> None:
    """The records cannot be reached, or something nobody foresaw."""
    _calm(language, "shut", again=True)


def missing(language: str) -> None:
    """What the address names is not here."""
    _calm(language, "missing", home=True)


def _calm(language: str, what: str, *, again: bool = False, home: bool = False) -> None:
    say = Words(language)
    with theme.page("calm"), st.container(key="calm", horizontal_alignment="center", gap="medium"):
        draw.eyebrow(say("shop.house"))
        st.header(say(f"door.{what}"), anchor=False, text_alignment="center")
        draw.lead(say(f"door.{what}_line"))
        if again:
            st.button(say("door.try_again"), key="go_again")
        if home:
            st.button(say("shop.home"), key="go_home", on_click=_home)


def _home() -> None:
    state.put("going", ("", {}))
