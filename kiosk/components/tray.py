"""Tray: what is read, touched and filled in, laid out together as one element; each touch is one of the shop's verbs.

An element of Streamlit's own costs the server 0.2 to 0.45 ms every time its screen is drawn, and a basket had eighty.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from kiosk import state
from kiosk.components import kit

PARTS = {  # what has a life of its own in the browser, and its markup; each has a .js and a .css of its name
    "closer": '<div class="frame"><div class="box"><img alt=""></div><div class="foot">'
    '<p class="told" role="status" aria-atomic="true"><b></b> <span></span></p><span class="note"></span></div></div>',
    "countdown": '<p role="timer"><span class="label"></span> <time></time></p>',
    "engraving": '<div class="fields"></div><div class="reasons" role="alert" hidden></div>'
    '<div class="shape"></div><p class="size" role="status"></p><p class="note"></p>',
    "sizer": '<div class="sizer"><p class="step" role="status"></p><p class="moved" role="alert"></p>'
    '<div class="glass"><div class="thing"></div></div><div class="set"><button type="button" class="less">−</button>'
    '<input type="range"><button type="button" class="more">+</button></div>'
    '<p class="read"></p><button type="button" class="ok"></button></div>',
    "numbers": '<div class="numbers" role="radiogroup"></div>',
}


def nothing() -> None:
    """What a touch does where keeping its answer is all."""


@dataclass(frozen=True)
class Tap:
    """What can be touched or filled in on a tray: what it is called, what it does, and whether it rests.

    takes looks at what the browser says with it, and keeps it; where it does not take it, nothing is done.
    """

    words: str
    act: Callable[[], object]
    rests: bool = False
    takes: Callable[[object], bool] | None = None


@dataclass
class Laid:
    """What lies on a tray: what is touched, what its parts are told, and under which keys something is entered.

    parts are those that may lie on it; its script is made of them.
    """

    parts: tuple[str, ...] = ()
    taps: dict[str, Tap] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)


def show(markup: str, laid: Laid, *, key: str) -> None:
    """Markup of ours whose words are safe, in which `data-tap` names what each button does."""
    state.entered_on(key, laid.entered)
    heard = state.first("heard", {}).get(key, 0)
    data = {"markup": markup, "heard": heard, "parts": laid.told}
    _made_of(laid.parts)(data=data, key=key, on_tapped_change=partial(_touched, key, laid.taps))


@cache
def _made_of(parts: tuple[str, ...]) -> Any:
    """The component whose script holds these parts and no others: a message carries the whole of it every time."""
    own = ",\n".join(f"{name}: {_part(name)}" for name in parts)
    return kit.component(
        "tray",
        html='<div class="vt-tray"></div>\n',
        isolated=False,
        called="_".join(("tray", *parts)),
        before=f"const PARTS = {{{own}}};\n",
    )


def _part(name: str) -> str:
    script = re.sub(r"^export default", "return", kit.text(name, "js"), flags=re.MULTILINE)
    return (
        f"{{html: {json.dumps(PARTS[name])}, css: {json.dumps(kit.text(name, 'css'))}, draw: (() => {{{script}}})()}}"
    )


def _touched(key: str, taps: dict[str, Tap]) -> None:
    """Do what stood there when it was touched; a name that is not on this tray, or rests, does nothing.

    Streamlit keeps one answer of a component: of two touches while a script runs the first would be lost. So the
    browser says again whatever was not answered yet, each under the moment it was touched, and is heard once.
    """
    heard, entered = state.first("heard", {}), state.first("entered", {})
    new = [touch for touch in _touches(getattr(state.get(key), "tapped", None)) if touch[0] > heard.get(key, 0)]
    heard[key] = max((at for at, *_ in new), default=heard.get(key, 0))
    for name, touches in groupby(new, key=itemgetter(1)):  # an impatient finger means one thing once
        (_, _, said), tap = list(touches)[-1], taps.get(name)
        if tap is not None and not tap.rests and (tap.takes is None or tap.takes(said)):
            tap.act()
        if state.first("entered", {}) is not entered:
            return  # the shopper went with it: what was said after is not kept for the next one


def _touches(said: object) -> Iterator[tuple[int, str, object]]:
    """The moment of each touch, in ms, its name, and what was said with it; whatever is none is not looked at."""
    for touch in said if isinstance(said, list) else ():
        match touch:
            case [int(at), str(name)]:
                yield at, name, None
            case [int(at), str(name), value]:
                yield at, name, value
