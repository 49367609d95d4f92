"""The boutique's card readers on the payments screen: what each showed when last looked at, and a manager's way to
clear one that hangs. The page only writes wishes down; the back office asks Stripe.
"""

import streamlit as st

from kiosk import draw, notices, state, who
from kiosk.components import pinpad
from kiosk.session import Here
from kiosk.words import Words
from pos.payments import reader_wishes
from pos.payments.reader_wishes import CHANGED, CLEARED, GONE, ReaderView

PAD_WIDTH = 420  # px
RESULTS = {CLEARED: "readers.cleared", CHANGED: "readers.changed", GONE: "readers.gone"}
TROUBLES = {"terminal_reader_busy": "readers.trouble_busy", "terminal_reader_offline": "readers.trouble_offline"}


def show(here: Here) -> None:
    """Every reader of this tablet's boutique."""
    found = reader_wishes.of_boutique(here.shop, boutique_id=here.device.boutique_id)
    if found:
        with st.container(key="money_readers", gap="xsmall"):
            st.subheader(here.say("readers.title"), anchor=False)
    for one in found:
        with st.container(key=f"money_{one.reader_id}", gap="xsmall"):
            _reader(here, one)


def showing(one: ReaderView, say: Words) -> str:
    """What it showed, in the words of a sentence."""
    shown = one.shown
    if shown is None:
        return say("readers.not_looked")
    if shown.kind is None:
        return say("readers.nothing")
    if shown.intent_id is None:
        return say("readers.not_a_payment")
    known = shown.amount_minor is not None and shown.currency is not None
    amount = say.exact(shown.amount_minor or 0, shown.currency or "gbp") if known else say("readers.an_amount")
    if shown.order_code is None:
        return say("readers.of_another", amount=amount)
    return say("readers.of_order", amount=amount, order=shown.order_code)


def outcome(one: ReaderView, say: Words) -> str:
    """What became of the last wish; empty where there is nothing to say."""
    if one.waiting:
        return say("readers.waiting")
    if one.result is None:
        return ""
    return say(RESULTS.get(one.result) or TROUBLES.get(one.result, "readers.trouble"), code=one.result)


def _reader(here: Here, one: ReaderView) -> None:
    say, zone = here.say, here.device.zone
    seen = ""
    if one.shown_at is not None:
        time = say.clock(one.shown_at, zone=zone, seconds=True)
        seen = say("readers.seen_at", day=say.local_day(one.shown_at, zone=zone), time=time)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(gap=None, width="content"):
            draw.price(one.label, showing(one, say))
            if said := [words for words in (seen, outcome(one, say)) if words]:
                draw.quiet(*said)
        with st.container(horizontal=True, gap="small", width="content"):
            st.button(say("readers.look"), key=f"look_at_{one.reader_id}", on_click=_look, args=(here, one.reader_id))
            if one.mark is not None and not one.waiting:
                pick = (one.reader_id, one.mark)
                st.button(
                    say("readers.clear"), key=f"clear_{one.reader_id}", on_click=state.put, args=("clearing", pick)
                )
    if state.get("clearing") == (one.reader_id, one.mark):
        _pin_of_a_manager(here, one)


def _pin_of_a_manager(here: Here, one: ReaderView) -> None:
    say = here.say
    managers = who.managers(here)
    draw.text(say("readers.clear_line"))
    if not managers:
        draw.quiet(say("readers.no_manager"))
    else:
        manager_id = who.one_of(managers, label=say("readers.who"), key="who_clears")
        with st.container(key="pad_of_a_manager", width=PAD_WIDTH):
            pinpad.show(
                label=say("readers.clear_of", name=managers[manager_id]),
                say=say,
                tries=state.first("clear_tries", 0),
                key="clear_pin",
                on_pin=lambda: _clear(here, one, manager_id),
            )
    st.button(say("readers.keep"), key="keep_it_there", type="tertiary", on_click=state.put, args=("clearing", None))


def _look(here: Here, reader_id: str) -> None:
    with notices.on_screen():
        by_me = {"staff_id": here.staff_id or "", "device_id": here.device.device_id}
        reader_wishes.ask_look(here.shop, reader_id=reader_id, **by_me)


def _clear(here: Here, one: ReaderView, manager_id: str) -> None:
    pin = pinpad.typed("clear_pin")
    state.put("clear_tries", state.get("clear_tries", 0) + 1)
    with notices.on_screen():
        reader_wishes.ask_clear(
            here.shop,
            reader_id=one.reader_id,
            manager_id=manager_id,
            pin=pin,
            device_id=here.device.device_id,
            expected=one.mark or "",
        )
        state.put("clearing", None)
