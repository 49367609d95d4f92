"""How this screen looks: the one door to `st.session_state`. Nothing that must outlive a reload is kept here.

Keys of ours: `device` (the tablet this session began on), `language`, `zone`, `going` (where a callback wants to go),
`at_the_reader` (whether the pay page shows a payment that is still open), `notice` (what was refused and is not yet
shown), `notice_said` (what a part that draws itself anew still shows, and until when), `found` (a size the shopper
found out, until they go), `strip_asked` (a paper strip is on its way), `glass_again` and `glass_tries` (the screen is
being measured with a card), `waiting_joined` (the list they have just joined, and their place), `steps` (what this
shopper was counted for already; only the counts leave this screen).
Keys of widgets are their pages'.
"""

from typing import Any

import streamlit as st


def get(key: str, default: Any = None) -> Any:
    """What is kept under a key, or what a widget of this key holds."""
    return st.session_state.get(key, default)


def put(key: str, value: Any) -> None:
    """Keep something for the next runs of this session."""
    st.session_state[key] = value


def first(key: str, value: Any) -> Any:
    """What is kept under a key; this value, where nothing is yet."""
    return st.session_state.setdefault(key, value)


def take(key: str, default: Any = None) -> Any:
    """What is kept under a key, and forget it."""
    return st.session_state.pop(key, default)


def clear() -> None:
    """Forget everything of this session."""
    for key in list(st.session_state):
        del st.session_state[key]


def language() -> str:
    """The language these screens speak; English before anybody chose."""
    return str(get("language", "en"))
