"""Who is asked for a PIN: the people of a boutique, one of whom is chosen."""

import streamlit as st

from kiosk.session import Here
from pos.models import Role
from pos.people import staff


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
