"""Who waits: by piece and in order, how they are reached, and what they are offered until when."""

from itertools import groupby

import streamlit as st

from kiosk import draw, notices, session, staff_bar, theme, waiting_room
from kiosk.words import Words
from pos.catalogue import showcase
from pos.models import Role
from pos.selling import waiting
from pos.selling.waiting import WaitingView

here = session.require(Role.STAFF)
by_whom = {"staff_id": here.staff_id or "", "device_id": here.device.device_id}


def leave(waiting_id: str) -> None:
    with notices.on_screen(at="waiting"):
        waiting.leave(here.shop, waiting_id=waiting_id, **by_whom)


def person(one: WaitingView, say: Words) -> None:
    """One row: the place, the name, the way to reach them, and the offer where there is one."""
    since = say("waiting.since", day=say.local_day(one.joined_at, zone=here.device.zone))
    told = say("waiting.by_mail") if one.reached_by == waiting.MAIL else say("waiting.by_phone")
    below = f"{since} · {told}"
    if one.offer:
        zone = here.device.zone
        day, time = say.local_day(one.offer.until, zone=zone), say.clock(one.offer.until, zone=zone)
        offered = say("waiting.offered", n=one.offer.number, day=day, time=time, code=one.offer.code)
        below += f"<br><b>{draw.safe(offered)}</b>"
    with st.container(key=f"waits_{one.waiting_id}", gap="xsmall"):
        draw.html(
            f'<table class="vt-lines"><tr><td>{one.place}. {draw.safe(one.name or say("waiting.no_name"))}'
            f"<small>{below}</small></td><td>{draw.safe(one.contact)}</td></tr></table>"
        )
        with st.container(horizontal=True, gap="small"):
            if one.offer:
                key, given = f"claim_{one.waiting_id}", {"to": "counter"}
                act = (here, one.offer.code)
                st.button(say("waiting.put"), key=key, on_click=waiting_room.claim, args=act, kwargs=given)
            key = f"link_off_{one.waiting_id}"
            st.button(say("waiting.off"), key=key, type="tertiary", on_click=leave, args=(one.waiting_id,))


@session.part(here)
def screen() -> None:
    say = here.say
    people = waiting.listed(here.shop, **by_whom)
    pieces = showcase.named(here.shop, skus=[one.sku for one in people], language=here.language)
    with st.container(key="waiting_body", gap="medium"):
        st.header(say("waiting.staff_title"), anchor=False)
        draw.quiet(say.counted("waiting.staff_line", here.shop.settings.offer_hours))
        notices.show(at="waiting")
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.text_input(say("waiting.code"), key=waiting_room.CODE, max_chars=20, autocomplete="off", width=320)
            act, to = waiting_room.claim, {"to": "counter"}
            st.button(say("waiting.put"), key="go_claim", on_click=act, args=(here, ""), kwargs=to)
        if not people:
            draw.lead(say("waiting.nobody"))
        for sku, waits in groupby(people, key=lambda one: one.sku):
            with st.container(gap="small"):
                st.subheader(pieces[sku].name, anchor=False)
                draw.quiet(draw.left(pieces[sku], say))
                for one in waits:
                    person(one, say)


with theme.page("counter"):
    staff_bar.show(here, on="waiting")
    screen()
