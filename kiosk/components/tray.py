"""Tray: what is read and what is touched, laid out together as one element; each touch is one of the shop's verbs.

An element of Streamlit's own costs the server 0.2 to 0.35 ms every time its screen is drawn, and a story has forty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from kiosk import state
from kiosk.components import kit

_tray = kit.component("tray", html='<div class="vt-tray"></div>\n', isolated=False)


@dataclass(frozen=True)
class Tap:
    """What can be touched on a tray: what it is called, what it does, and whether it rests."""

    words: str
    act: Callable[[], object]
    rests: bool = False


def show(markup: str, taps: Mapping[str, Tap], *, key: str) -> None:
    """Markup of ours whose words are safe, in which `data-tap` names what each button does."""
    _tray(data={"markup": markup}, key=key, on_tapped_change=partial(_touched, key, taps))


def _touched(key: str, taps: Mapping[str, Tap]) -> None:
    """What stood there when it was touched; a name that is not on this tray, or rests, does nothing."""
    tap = taps.get(str(getattr(state.get(key), "tapped", None)))
    if tap is not None and not tap.rests:
        tap.act()
