"""Tray: what is read and what is touched, laid out together as one element; each touch is one of the shop's verbs.

An element of Streamlit's own costs the server 0.2 to 0.35 ms every time its screen is drawn, and a story has forty.
"""

from collections.abc import Callable, Iterator, Mapping
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
    heard = state.first("heard", {}).get(key, 0)
    _tray(data={"markup": markup, "heard": heard}, key=key, on_tapped_change=partial(_touched, key, taps))


def _touched(key: str, taps: Mapping[str, Tap]) -> None:
    """Do what stood there when it was touched; a name that is not on this tray, or rests, does nothing.

    Streamlit keeps one answer of a component: of two touches while a script runs the first would be lost. So the
    browser says again whatever was not answered yet, each under the moment it was touched, and is heard once.
    """
    heard = state.first("heard", {})
    new = [touch for touch in _touches(getattr(state.get(key), "tapped", None)) if touch[0] > heard.get(key, 0)]
    heard[key] = max((at for at, _ in new), default=heard.get(key, 0))
    for name in dict.fromkeys(name for _, name in new):  # an impatient finger means one thing once
        tap = taps.get(name)
        if tap is not None and not tap.rests:
            tap.act()


def _touches(said: object) -> Iterator[tuple[int, str]]:
    """The moment of each touch, in ms, and its name; whatever is none is not looked at."""
    for touch in said if isinstance(said, list) else ():
        match touch:
            case [int(at), str(name)]:
                yield at, name
