"""Papers that a shopper may ask for after a sale: one touch each; a full invoice asks for whom it is first."""

import streamlit as st

from kiosk import draw, notices, state
from kiosk.session import Here
from kiosk.words import Words
from pos.paper.slips.kinds import Kind
from pos.selling import papers
from pos.selling.papers import Buyer, PaperView

NAME, ADDRESS, VAT = "invoice_name", "invoice_address", "invoice_vat"
LONGEST = 300


def show(here: Here, order_id: str) -> None:
    """The papers of an order that nobody has asked for yet; nothing where there are none."""
    offered, say = papers.on_offer(here.shop, order_id=order_id), here.say
    if not offered:
        return
    with st.container(key="more_paper", gap="small"):
        st.subheader(say("more_paper.title"), anchor=False)
        with st.container(horizontal=True, gap="small"):
            for one in offered:
                _button(here, order_id, one, say)
        asked = next((one for one in offered if one.of == state.get("invoice_for")), None)
        if asked is not None:
            _invoice(here, order_id, asked, say)


def _button(here: Here, order_id: str, one: PaperView, say: Words) -> None:
    key, words = f"paper_{one.kind}_{one.of}", say(f"more_paper.{one.kind}", of=one.of)
    if one.kind == Kind.INVOICE:
        st.button(words, key=key, on_click=state.put, args=("invoice_for", one.of))
    else:
        st.button(words, key=key, on_click=_ask, args=(here, order_id, one))


def _invoice(here: Here, order_id: str, one: PaperView, say: Words) -> None:
    draw.quiet(say("more_paper.invoice_line", of=one.of))
    st.text_input(say("more_paper.name"), key=NAME, max_chars=120, autocomplete="off")
    st.text_area(say("more_paper.address"), key=ADDRESS, max_chars=LONGEST, height=120)
    st.text_input(say("more_paper.vat_number"), key=VAT, max_chars=30, autocomplete="off")
    notices.show(at="invoice")
    words = say("more_paper.print_invoice")
    st.button(words, key="go_invoice", type="primary", on_click=_ask_invoice, args=(here, order_id, one))


def _ask(here: Here, order_id: str, one: PaperView) -> None:
    with notices.on_screen():
        _queue(here, order_id, one)


def _ask_invoice(here: Here, order_id: str, one: PaperView) -> None:
    typed = {name: str(state.get(name) or "") for name in (NAME, ADDRESS, VAT)}
    with notices.on_screen(at="invoice"):
        _queue(here, order_id, one, Buyer(typed[NAME], tuple(typed[ADDRESS].splitlines()), typed[VAT]))
        for name in (NAME, ADDRESS, VAT):  # the next one is made out to somebody else
            state.put(name, "")
        state.put("invoice_for", None)


def _queue(here: Here, order_id: str, one: PaperView, buyer: Buyer | None = None) -> None:
    by = {"staff_id": here.staff_id or "", "device_id": here.device.device_id}
    papers.ask(here.shop, order_id=order_id, kind=one.kind, of=one.of, buyer=buyer, **by)
