"""Countdown: ticks in the browser, and asks the server nothing until it is over."""

from collections.abc import Callable
from datetime import datetime

from kiosk.components import kit

_countdown = kit.component("countdown", html='<p role="timer"><span class="label"></span> <time></time></p>\n')


def show(
    *, until: datetime, now: datetime, label: str, over: str, key: str, on_over: Callable[[], None] = kit.nothing
) -> None:
    """The time left until a moment by the shop's clock; the tablet's own clock may be wrong."""
    left = max(0, int((until - now).total_seconds() * 1000))
    data = {"left": left, "stamp": f"{until.isoformat()} {now.isoformat()}", "label": label, "over": over}
    _countdown(data=data, key=key, on_over_change=on_over)
