"""The lock of a staff page: who is there, and their PIN. The page behind it is not run until it opens."""

from datetime import timedelta

import streamlit as st

from kiosk import draw, notices, session, state, theme, who
from kiosk.components import countdown, pinpad
from kiosk.registry import Screen, is_open
from kiosk.session import Here
from pos.errors import WrongPin
from pos.models import Role
from pos.people import staff
from pos.people.staff import StaffView


def show(here: Here, screen: Screen) -> None:
    """Pick a person who may open this page, then type the PIN. A wrong one says how long to wait."""
    say = here.say
    people = [one for one in staff.people_of(here.shop, boutique_id=here.device.boutique_id) if is_open(screen, one)]
    people.sort(key=lambda one: one.role != screen.role)  # whose page it is stands first, then who may see it too
    with theme.page("unlock"), st.container(key="pad", horizontal_alignment="center", gap="medium"):
        draw.eyebrow(here.device.boutique_name)
        title = "unlock.title_board" if screen.role == Role.BRAND else "unlock.title"
        st.header(say(title), anchor=False, text_alignment="center")
        if not people:
            draw.lead(say("unlock.nobody"))
        else:
            _pad(here, people)
        st.button(say("unlock.to_shop"), key="link_shop", type="tertiary", on_click=session.go, args=("",))


def _pad(here: Here, people: list[StaffView]) -> None:
    say = here.say
    names = {one.staff_id: one.name for one in people}
    chosen = who.one_of(names, label=say("unlock.title"), key="who")
    with st.container(key="pad_notice", gap=None):
        notices.show()
        _wait(here)
    pinpad.show(
        label=say("unlock.pin_of", name=names[chosen]),
        say=say,
        tries=state.first("tries", 0),
        key="pin",
        on_pin=lambda: _open(here, chosen),
    )


def _wait(here: Here) -> None:
    """How long the next try still waits."""
    until, now = state.get("pin_wait"), here.shop.clock.now()
    if until is not None and until <= now:
        draw.quiet(here.say("unlock.wait_over"))
    elif until is not None:
        countdown.show(
            until=until, now=now, label=here.say("unlock.wait"), over=here.say("unlock.wait_over"), key="pin_wait_left"
        )


def _open(here: Here, staff_id: str) -> None:
    pin = pinpad.typed("pin")
    state.put("tries", state.get("tries", 0) + 1)
    with notices.on_screen():
        try:
            staff.unlock(here.shop, device_id=here.device.device_id, staff_id=staff_id, pin=pin)
        except WrongPin as wrong:
            state.put("pin_wait", here.shop.clock.now() + timedelta(seconds=wrong.wait or 0))
            raise
