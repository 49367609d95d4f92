"""How this screen looks: the one door to `st.session_state`. Nothing that must outlive a reload is kept here.

Whatever is kept goes when the shopper goes, without being named anywhere, and so do the keys of widgets. What stays is
the tablet's and is named in THE_TABLETS: `device` (the one this session began on), `language`, `zone`, `going` (where a
callback wants to go), `tries` and `pin_wait` (how often a PIN was typed, and how long the next try waits), `kind` (what
the counter's shelf shows), `heard` (when each tray was touched last), and a page's `notice` (what was refused and is
not yet shown, or not for long enough); what was said at a place of its own (`notices.show(at=...)`) goes with the
shopper.
`entered` says which keys are filled in on which tray: they go when the tray does, as the fields of Streamlit do.
`went` is where a callback led last, `shown_page` the page that was drawn last; what is BEGUN at the counter goes when
another one is.
"""

from collections.abc import Collection
from typing import Any

import streamlit as st

THE_TABLETS = ("device", "language", "zone", "going", "tries", "pin_wait", "kind", "notice", "notice_said", "heard")
BEGUN = ("certificate_act", "vouching", "hand_over_code")  # good for whoever stands here now, on this page


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


def comes_anew(tray: str) -> None:
    """A tray is about to be laid: where it did not lie there before, what was entered on it then is over."""
    if get(tray) is None:
        entered_on(tray, ())


def entered_on(tray: str, keys: Collection[str]) -> None:
    """These keys are filled in on this tray now; what was filled in on it otherwise is forgotten."""
    before = first("entered", {})
    for key in before.get(tray, ()):
        if key not in keys:
            take(key)
    before[tray] = tuple(keys)


def clear() -> None:
    """Forget everything of this session."""
    for key in list(st.session_state):
        del st.session_state[key]


def forget() -> None:
    """The shopper goes, and with them everything that is not the tablet's own."""
    for key in list(st.session_state):
        if key not in THE_TABLETS:
            del st.session_state[key]


def turn_to(page: str) -> None:
    """This page is drawn now; on leaving another, what was begun there is begun no more."""
    if get("shown_page") != page:
        for key in BEGUN:
            take(key)
        for tray in list(get("entered", ())):
            entered_on(tray, ())
    put("shown_page", page)


def language() -> str:
    """The language these screens speak; English before anybody chose."""
    return str(get("language", "en"))
