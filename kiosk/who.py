"""Who is asked for a PIN: the people of a boutique, one of whom is chosen."""

from collections.abc import Callable

import streamlit as st

from kiosk import draw, state
from kiosk.components import pinpad
from kiosk.session import Here
from pos.models import Role
from pos.people import staff

Vouched = Callable[..., None]  # is told manager_id and manager_pin


def managers(here: Here) -> dict[str, str]:
    """The managers of this tablet's boutique, by their ids."""
    people = staff.people_of(here.shop, boutique_id=here.device.boutique_id)
    return {one.staff_id: one.name for one in people if staff.allowed(one, needed=Role.MANAGER)}


def one_of(names: dict[str, str], *, label: str, key: str) -> str:
    """Choose a person; where there is one only, nothing is asked."""
    first = next(iter(names))
    if len(names) == 1:
        return first
    return st.segmented_control(
        label,
        list(names),
        format_func=lambda one: names[one],
        default=first,
        required=True,
        key=key,
        width="stretch",
        label_visibility="collapsed",
    )


def vouch(here: Here, on_pin: Vouched) -> None:
    """Which manager allows it, and their PIN: it opens nothing and is asked for each time; `vouching` says for what."""
    names, say = managers(here), here.say
    if not names:
        draw.lead(say("returns.no_manager"))
        return
    with st.container(key="vouch_pad", gap="small", horizontal_alignment="center"):
        manager_id = one_of(names, label=say("returns.manager"), key="vouching_manager")

        def typed() -> None:
            state.put("tries", state.get("tries", 0) + 1)
            on_pin(manager_id=manager_id, manager_pin=pinpad.typed("vouch"))

        label = say("unlock.pin_of", name=names[manager_id])
        pinpad.show(label=label, say=say, tries=state.first("tries", 0), key="vouch", on_pin=typed)
        words = say("returns.no_pin")
        st.button(words, key="link_no_pin", type="tertiary", on_click=state.put, args=("vouching", None))
