"""Collect: scan or type the code, compare the number with the piece, take what is still due, hand it over once.

An order's own code finds it too, with its paper; only the collect code, which the shopper has, hands it over.
"""

import streamlit as st

from kiosk import draw, notices, session, slips, staff_bar, state, theme
from kiosk.words import Words
from pos.catalogue import showcase
from pos.errors import Unknown
from pos.ids import plain_code
from pos.models import JobState, OrderState, PickupState, Role
from pos.paper import spool
from pos.selling import checkout, orders, pickup
from pos.selling.views import OrderView, PickupView

LOOK_EVERY = 2.0  # seconds between looks at the printer, while paper is still coming

here = session.require(Role.STAFF)


def look_up() -> None:
    """A scanner types the code and Enter; so does a person."""
    typed = str(state.get("code") or "").strip()
    state.put("collecting", None)
    if not typed:
        return
    with notices.on_screen():
        state.put("collecting", order_of(plain_code(typed)))


def order_of(code: str) -> tuple[str, bool]:
    """The order of a collect code, or of an order's own code in this boutique; and which it was. Raises Unknown."""
    try:
        return pickup.find(here.shop, code=code), True
    except Unknown:
        try:
            order_id = orders.by_code(here.shop, code=code)
        except Unknown:
            order_id = ""
        if not order_id or not here.serves(orders.view(here.shop, order_id=order_id)):
            raise
        return order_id, False


def answer(job_id: str, *, yes: bool) -> None:
    """Somebody has looked whether a slip came out."""
    with notices.on_screen():
        device_id = here.device.device_id
        spool.came_out(here.shop, job_id=job_id, staff_id=here.staff_id or "", device_id=device_id, yes=yes)


def take_balance(order: OrderView) -> None:
    with notices.on_screen():
        checkout.open_balance(
            here.shop, order_id=order.order_id, device_id=here.device.device_id, staff_id=here.staff_id or ""
        )
        session.go("pay", order=order.order_id, by="counter")


def hand_over(code: str) -> None:
    with notices.on_screen():
        pickup.hand_over(here.shop, code=code, staff_id=here.staff_id or "", device_id=here.device.device_id)


def next_code() -> None:
    state.put("code", "")
    state.put("collecting", None)


def pieces(order: OrderView, say: Words) -> None:
    known = showcase.named(here.shop, skus=[line.sku for line in order.lines if line.number], language=here.language)
    certificates = {(one.sku, one.number): one.short_code for one in order.certificates}
    with st.grid(2, min_column_width=300, gap="large"):
        for position, line in enumerate(order.lines):
            if line.number is None:
                continue
            piece, certificate = known.get(line.sku), certificates.get((line.sku, line.number))
            picture = draw.img(piece.hero if piece else None, initials=line.sku)
            cut = "".join(f'<span class="vt-cut">{draw.safe(words)}</span>' for words in line.engraving)
            below = [line.detail, say("collect.certificate", code=certificate) if certificate else ""]
            quiet = "".join(f'<span class="vt-quiet">{draw.safe(words)}</span>' for words in below if words)
            with st.container(key=f"handover_{position}", gap="small"):
                draw.html(f'<div class="vt-frame">{picture}</div>')
                number = say("shop.number", n=line.number)
                draw.html(
                    f'<div class="vt-certificate"><span class="vt-big">{draw.safe(number)}</span>'
                    f"<b>{draw.safe(piece.name if piece else line.name)}</b>{cut}{quiet}</div>"
                )


def paper(order_id: str) -> None:
    """The slips of an order, where they are and why; what nobody knows is asked."""
    say = here.say
    every = orders.view(here.shop, order_id=order_id).slips
    st.subheader(say("collect.paper"), anchor=False)
    with st.grid(3, min_column_width=230, gap="large"):
        for one in every:
            with st.container(key=f"paper_{one.job_id}", gap="small"):
                draw.html(slips.figure(one, say, cause=True))
                if one.state == JobState.UNKNOWN:
                    ask(one.job_id, say)


def ask(job_id: str, say: Words) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, yes in (("came_out", True), ("did_not", False)):
            st.button(
                say(f"collect.{name}"),
                key=f"{name}_{job_id}",
                on_click=answer,
                args=(job_id,),
                kwargs={"yes": yes},
            )


def verdict(order: OrderView, booked: PickupView, say: Words) -> None:
    """Handed over already, a balance to take, or to be handed over now."""
    if booked.state == PickupState.HANDED_OVER and booked.handed_over_at:
        words = say(
            "collect.handed_over",
            day=say.local_day(booked.handed_over_at, zone=booked.zone),
            time=say.clock(booked.handed_over_at, zone=booked.zone),
            who=booked.handed_over_by or "",
        )
        draw.html(f'<p class="vt-trouble" role="status">{draw.safe(words)}</p>')
        st.button(say("collect.next"), key="go_next", type="primary", on_click=next_code)
    elif order.state == OrderState.DEPOSIT:
        draw.due(
            [
                (say("collect.paid"), say.exact(order.paid_minor), ""),
                (say("collect.balance"), say.exact(order.due_later_minor), ""),
            ]
        )
        amount = say.exact(order.due_later_minor)
        st.button(
            say("collect.take_balance", amount=amount),
            key="go_balance",
            type="primary",
            on_click=take_balance,
            args=(order,),
        )
    else:
        draw.due([(say("collect.paid"), say.exact(order.paid_minor), "")])
        draw.lead(say("collect.hand_over_line"))
        st.button(say("collect.hand_over"), key="go_hand_over", type="primary", on_click=hand_over, args=(booked.code,))


def found(order_id: str, say: Words, *, by_collect_code: bool) -> None:
    order = orders.view(here.shop, order_id=order_id)
    if order.pickup:
        appointment(order, order.pickup, say)
    else:
        draw.eyebrow(say("collect.order", code=order.code))
    pieces(order, say)
    if order.pickup and by_collect_code:
        verdict(order, order.pickup, say)
    else:
        draw.due([(say("collect.paid"), say.exact(order.paid_minor), "")])
        if order.pickup and order.pickup.state == PickupState.BOOKED:
            draw.lead(say("collect.needs_code"))
        st.button(say("collect.next"), key="go_next", on_click=next_code)
    if order.slips and order.boutique_id == here.device.boutique_id:
        coming = slips.are_coming(order.slips)
        session.part(here, run_every=LOOK_EVERY if coming else None)(paper)(order_id)


def appointment(order: OrderView, booked: PickupView, say: Words) -> None:
    """When and where it is collected."""
    slot = say(
        "collect.slot",
        day=say.local_day(booked.start, zone=booked.zone),
        **{"from": say.clock(booked.start, zone=booked.zone), "to": say.clock(booked.end, zone=booked.zone)},
    )
    draw.eyebrow(f"{say('collect.order', code=order.code)} · {slot}")
    if booked.boutique_id != here.device.boutique_id:
        draw.lead(say("collect.elsewhere", boutique=booked.boutique_name))


with theme.page("collect"):
    staff_bar.show(here, on="collect")
    with st.container(key="collect_body", gap="medium"):
        st.header(here.say("collect.title"), anchor=False)
        st.text_input(
            here.say("collect.code"), key="code", placeholder=here.say("collect.code_hint"), on_change=look_up
        )
        notices.show()
        collecting = state.get("collecting")
        if collecting:
            order_id, by_collect_code = collecting
            found(order_id, here.say, by_collect_code=by_collect_code)
        else:
            draw.quiet(here.say("collect.hint"))
