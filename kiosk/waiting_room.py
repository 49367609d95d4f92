"""Below a piece that is gone: leave a first name and a way to be reached, or type the code of what was offered."""

import streamlit as st

from kiosk import draw, notices, session, state
from kiosk.session import Here
from kiosk.words import Words
from pos.catalogue.views import VariantView
from pos.paper import letters
from pos.selling import offers, waiting

NAME, CONTACT, AGREED, CODE = "waiting_name", "waiting_contact", "waiting_agreed", "waiting_code"


def show(here: Here, piece: VariantView) -> None:
    """The list of this piece, and the way to take what one was offered."""
    say = here.say
    with st.container(key="waiting", gap="small"):
        st.subheader(say("waiting.title"), anchor=False)
        joined = state.get("waiting_joined")
        if joined and joined[0] == piece.sku:
            words = say("waiting.first" if joined[1] == 1 else "waiting.place", n=joined[1])
            draw.html(f'<p class="vt-lead" role="status">{draw.safe(words)}</p>')
        else:
            _ask(here, piece, say)
        notices.show(at="waiting")
        _code(here, say)


def _ask(here: Here, piece: VariantView, say: Words) -> None:
    draw.quiet(say("waiting.line"))
    # Nothing of the last shopper is offered to the next one.
    st.text_input(say("waiting.name"), key=NAME, max_chars=waiting.LONGEST_NAME, autocomplete="off")
    st.text_input(say("waiting.contact"), key=CONTACT, max_chars=letters.LONGEST, autocomplete="off")
    st.checkbox(_consent(here), key=AGREED)
    ready = bool(state.get(AGREED) and state.get(CONTACT))
    st.button(say("waiting.join"), key="go_wait", disabled=not ready, on_click=_join, args=(here, piece.sku))


def _code(here: Here, say: Words) -> None:
    if not st.toggle(say("waiting.has_code"), key="waiting_has_code"):
        return
    st.text_input(say("waiting.code"), key=CODE, max_chars=20, autocomplete="off")
    st.button(say("waiting.take"), key="go_claim", on_click=claim, args=(here, ""))


def _consent(here: Here) -> str:
    return here.say.counted("waiting.consent", here.shop.settings.waiting_days)


def _join(here: Here, sku: str) -> None:
    """What is agreed to is what stands beside the box, in the language it was read in."""
    with notices.on_screen(at="waiting"):
        place = waiting.join(
            here.shop,
            sku=sku,
            name=str(state.get(NAME) or ""),
            contact=str(state.get(CONTACT) or ""),
            words=_consent(here) if state.get(AGREED) else "",
            device_id=here.device.device_id,
            language=here.language,
        )
        state.put("waiting_joined", (sku, place))
        for field in (NAME, CONTACT):
            state.put(field, "")
        state.put(AGREED, False)


def claim(here: Here, code: str, *, to: str = "piece") -> None:
    """The offered piece into this basket, then on to its page: its size and its words are still to be chosen."""
    with notices.on_screen(at="waiting"):
        held = offers.claim(here.shop, code=code or str(state.get(CODE) or ""), basket_id=here.basket_id())
        state.put(CODE, "")
        session.go(to, **({"sku": held.sku, "item": held.item_id} if to == "piece" else {}))
