"""The Streamlit script: which tablet, which person, which page. Everything else is a page's own business."""

import logging

import streamlit as st

from kiosk import door, registry, session, state, unlock
from kiosk.components import idle
from pos.errors import ShopError, Unknown
from pos.models import Role
from pos.people import staff

log = logging.getLogger("kiosk.shell")
st.set_page_config(page_title="Vitrine", layout="wide", initial_sidebar_state="collapsed")

CHOOSING = ("", "story", "piece", "bundle", "fit", "basket", "counter")  # where an open payment must not be left behind


def back_to_an_open_payment(here: session.Here, url: str) -> None:
    """A reload or a walk away never loses a payment: while it is not decided, the tablet shows it.

    Whoever is unlocked stays at the counter: its ticket is the same basket.
    """
    if url in CHOOSING and here.paying is not None:
        by = {"by": "counter"} if staff.allowed(here.staff, needed=Role.STAFF) else {}
        session.go("pay", order=here.paying, **by)
        session.follow()


def serve(here: session.Here) -> None:
    """Draw the page asked for."""
    asked = registry.navigation()
    session.follow()
    back_to_an_open_payment(here, asked.url_path)
    screen = registry.BY_URL[asked.url_path]
    try:
        is_open = registry.is_open(screen, here.staff)
        state.turn_to(screen.url if is_open else "unlock")
        if is_open:
            session.hand_on(here)
            asked.run()  # the only place a page's file is run
        else:
            unlock.show(here, screen)
    except Unknown as lost:
        log.info("nothing at this address: %s", lost)
        if lost.kind == "page":  # the browser's way back to a screen whose words went with the last shopper
            session.go_on_from_nowhere(asked.url_path)
            session.follow()
        door.missing(here.language)
    idle.watch(here, screen)


language = state.language()
try:
    whoever = session.arrive()
    if whoever is None:
        door.unknown(language)
    else:
        language = whoever.language
        serve(whoever)
except ShopError:
    log.exception("a page could not be drawn")
    door.shut(language)
except Exception:
    log.exception("a page failed")
    door.shut(language)
