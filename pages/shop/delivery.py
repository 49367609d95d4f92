"""How a piece comes to whom it belongs to, where and when, and how it may come back."""

from datetime import time

import streamlit as st

from kiosk import basket_bar, draw, measuring, session, theme
from kiosk.words import Words
from pos.catalogue.houses import WEEK, HouseView, houses
from pos.models import Role

here = session.require(Role.SHOPPER)
say = here.say


def where(house: HouseView, say: Words) -> None:
    with st.container(key=f"house_{house.boutique_id}", gap=None), draw.together():
        draw.heading(house.name)
        draw.quiet(", ".join(house.address), *([house.phone] if house.phone else []))
        rows = []
        for day, name in zip(WEEK, say.week(), strict=True):
            hours = house.hours.get(day)
            words = " – ".join(say.hour(time.fromisoformat(at)) for at in hours) if hours else say("delivery.closed")
            rows.append((name.capitalize(), words))
        measuring.table("delivery.hours_of", rows, say, name=house.name)
        draw.quiet(say.counted("delivery.ahead", house.pickup_days))


with theme.page("delivery"):
    with st.container(key="delivery_body", gap="medium"):
        basket_bar.tongue(here)
        with st.container(gap="xsmall"):
            st.title(say("delivery.title"), anchor=False)
            draw.lead(say("delivery.lead"))
        with st.grid(2, min_column_width=340, gap="large"):
            with st.container(gap="small"):
                st.subheader(say("delivery.collect"), anchor=False)
                draw.text(*say.many("delivery.collect_lines"))
            with st.container(gap="small"):
                st.subheader(say("delivery.back_home"), anchor=False)
                draw.text(*say.many("basket.terms_text")[1:3])
        st.subheader(say("delivery.where"), anchor=False)
        with st.grid(2, min_column_width=340, gap="large"):
            for house in houses(here.shop, first=here.device.boutique_id):
                where(house, say)
        with st.container(key="strip_law", gap="xsmall"):
            st.subheader(say("delivery.law"), anchor=False)
            draw.text(*say.many("delivery.law_lines"))
    with st.container(key="bar", gap=None, horizontal_alignment="right"):
        st.button(say("shop.back"), type="primary", key="go_back", on_click=basket_bar.way_back)
