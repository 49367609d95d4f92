"""What the marks say, in our own words, and where the official notice stands. One tap from every shopper's screen."""

import streamlit as st

from kiosk import basket_bar, draw, session, theme
from kiosk.diagrams.shields import shield
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say


def shields(names: tuple[str, ...]) -> None:
    draw.html(
        '<dl class="vt-shields">'
        + "".join(
            f"<div>{draw.drawing(shield(name), alt='')}<dt>{draw.safe(say(f'marks.{name}'))}</dt>"
            f"<dd>{draw.safe(say(f'marks.{name}_line'))}</dd></div>"
            for name in names
        )
        + "</dl>"
    )


with theme.page("notice"):
    with st.container(key="notice_body", gap="medium"):
        basket_bar.tongue(here)
        with st.container(gap="xsmall"):
            st.title(say("marks.title"), anchor=False)
            draw.lead(say("marks.lead"))
        shields(("sponsor", "fineness", "office", "date"))
        st.subheader(say("marks.shapes"), anchor=False)
        shields(("platinum", "gold", "silver", "palladium"))
        draw.text(say("marks.vermeil"), say("marks.stamp"))
        with st.container(key="strip_official", gap="xsmall"):
            st.subheader(say("marks.official"), anchor=False)
            draw.text(say("marks.official_line"), say("marks.ours"))
    with st.container(key="bar", gap=None, horizontal_alignment="right"):
        st.button(say("shop.back"), type="primary", key="go_back", on_click=basket_bar.way_back)
