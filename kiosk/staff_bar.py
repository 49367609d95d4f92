"""What stands above every staff page: where one can go, who is here, and the lock."""

import streamlit as st

from kiosk import draw, notices, session, state
from kiosk.registry import BY_URL, is_open
from kiosk.session import Here
from pos.books import standing
from pos.paper import desk
from pos.people import staff

LOOK_EVERY = 20.0  # seconds between looks whether whoever unlocked the counter is still here

PLACES = {
    "counter": "counter.sell",
    "collect": "counter.collect",
    "waiting": "counter.waiting",
    "returns": "counter.returns",
    "certificates": "counter.certificates",
    "gift": "counter.gift",
    "payments": "counter.payments",
    "printers": "counter.printers",
    "board": "counter.board",
}


def show(here: Here, *, on: str) -> None:
    """The bar; `on` is the page it stands over."""
    say = here.say
    with st.container(key="staff_bar", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, gap="small", width="content"):
            for url, words in PLACES.items():
                if is_open(BY_URL[url], here.staff):
                    with st.container(key=f"{'on' if url == on else 'off'}_{url}", width="content"):
                        st.button(say(words), key=f"to_{url}", type="tertiary", on_click=session.go, args=(url,))
            _slips(here)
            if on != "printers":
                _printers(here)
            _differences(here)
        with st.container(horizontal=True, gap="small", width="content", vertical_alignment="center"):
            name = here.staff.name if here.staff else ""
            who = say("counter.who", name=name, boutique=here.device.boutique_name)
            draw.html(f'<p class="vt-quiet">{draw.safe(who)}</p>', width="content")
            other = "fr" if here.language == "en" else "en"
            st.button(other.upper(), key="staff_tongue", type="tertiary", on_click=session.speak, args=(other,))
            st.button(say("counter.lock"), key="lock", on_click=_lock, args=(here,))
    # Nothing else on a page need have a clock, and a locked counter must not leave names on the glass.
    session.part(here, run_every=LOOK_EVERY)(lambda: None)()


def _slips(here: Here) -> None:
    """Slips that nobody knows to be printed: the way to the question, wherever staff are."""
    if not is_open(BY_URL["collect"], here.staff):
        return
    asked = desk.to_look_for(here.shop, boutique_id=here.device.boutique_id)
    if asked:
        words = here.say.counted("counter.slips", len(asked))
        st.button(words, key="slips_to_look_for", on_click=_look_for, args=(asked[0],))


def _printers(here: Here) -> None:
    """Printers that need somebody, for what no order's page asks about: the quiet way to their screen."""
    if not is_open(BY_URL["printers"], here.staff):
        return
    many = desk.waits_for_a_person(here.shop, boutique_id=here.device.boutique_id)
    if many:
        words = here.say.counted("printers.chip", many)
        st.button(words, key="link_printers_wait", type="tertiary", on_click=session.go, args=("printers",))


def _differences(here: Here) -> None:
    """What our books and Stripe's say differently of this boutique: the way to it, wherever staff are."""
    if not is_open(BY_URL["payments"], here.staff):
        return
    found = standing.count(here.shop, boutique_id=here.device.boutique_id)
    if found:
        words = here.say.counted("books.chip", found)
        st.button(words, key="differences", on_click=session.go, args=("payments",))


def _look_for(order_id: str | None) -> None:
    if order_id is None:  # a card of the house that belongs to no order
        session.go("gift")
        return
    state.put("collecting", (order_id, False))
    session.go("collect")


def _lock(here: Here) -> None:
    with notices.on_screen():
        staff.lock(here.shop, device_id=here.device.device_id, by=here.staff_id)
