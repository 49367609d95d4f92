"""Countdown: ticks in the browser, and asks the server nothing until it is over."""

from datetime import datetime

from kiosk import draw


def show(*, until: datetime, now: datetime, label: str, over: str, key: str) -> None:
    """The time left until a moment by the shop's clock; the tablet's own clock may be wrong."""
    left = max(0, int((until - now).total_seconds() * 1000))
    told = {"left": left, "stamp": f"{until.isoformat()} {now.isoformat()}", "label": label, "over": over}
    draw.part("countdown", key=key, told=told, takes=lambda said: True)
