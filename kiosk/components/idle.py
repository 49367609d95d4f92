"""Idle: a shopper's screen warns, then starts over in a new browser session. And every screen outlives a new server."""

import streamlit as st

from kiosk import state
from kiosk.components import kit
from kiosk.registry import Screen
from kiosk.session import Here
from pos.models import Role

MARKUP = '<dialog><h2></h2><p></p><button type="button"></button></dialog>\n'
WARNING_SECONDS = 20
_idle = kit.component("idle", html=MARKUP)


def watch(here: Here, screen: Screen) -> None:
    """Watch for silence on a shopper's screen, and for a server that came back as another one.

    Attract is where silence leads, and nobody is sent away from the reader while a payment is open.
    """
    say = here.say
    leaves_nothing = here.at_the_counter  # a ticket begun beside this page is the next customer's, and stays
    waiting = screen.url == "pay" and state.get("at_the_reader")
    watched = screen.role == Role.SHOPPER and screen.url and not waiting
    data = {
        "seconds": here.shop.settings.idle_seconds if watched else 0,
        "screen": screen.url,
        "address": st.query_params.to_dict(),
        "warning": WARNING_SECONDS,
        "home": f"/{'counter' if leaves_nothing else ''}?lang={here.device.language}",
        "boot": here.shop.name,
        "language": here.language,
        "words": {
            **{name: say(f"idle.{name}") for name in ("title", "stay", "away", "away_line", "skip")},
            **{name: say.counted("idle.line", n, s="{s}") for name, n in (("line", 2), ("line_one", 1))},
        },
    }
    _idle(data=data, key="idle_watch", height=1, on_gone_change=_stay if leaves_nothing else here.wipe)


def _stay() -> None:
    """Nothing is wiped."""
