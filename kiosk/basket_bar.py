"""What stands low on a shopper's screen: what is kept for how long, the way to the basket, and the quiet last lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from kiosk import draw, notices, session
from kiosk.components import countdown
from kiosk.registry import BY_URL
from kiosk.session import Here
from pos.selling.views import BasketView

PARTS = ("countdown",)  # what a tray needs that the bar may stand on


@contextmanager
def low(css: str = "") -> Iterator[None]:
    """The bar low on a screen: what it is about, and its one action; above it what the shop refuses."""
    with draw.laid("bar", f"vt-bar {css}".strip(), parts=PARTS):
        notices.show()
        yield


def show(here: Here) -> None:
    """The way to the basket, while there is something in it."""
    held = here.held()
    many = len(held.lines) + len(held.lapsed)
    if not many:
        return
    say = here.say
    with low():
        draw.price(say("shop.basket_bar"), say.counted("shop.pieces", many))
        clock(here, held)
        draw.primary(say("shop.basket_open"), key="go_basket", act=session.go, args=("basket",))


def clock(here: Here, held: BasketView) -> None:
    """How long the first piece is still kept."""
    if held.held_until is not None:
        countdown.show(
            until=held.held_until,
            now=here.shop.clock.now(),
            label=here.say("shop.held"),
            over=here.say("shop.held_over"),
            key="held",
        )


def top(here: Here, *, back: tuple[str, dict[str, Any]]) -> None:
    """Above a screen: the way back, and the other language."""
    url, params = back
    with draw.laid("top", "vt-top"):
        draw.button(here.say("shop.back"), key="link_back", act=session.go, args=(url,), kwargs=params)
        tongue(here)


def tongue(here: Here) -> None:
    """The other language, in its own words."""
    other = "fr" if here.language == "en" else "en"
    with draw.laid("tongue", "vt-block"):
        draw.button(here.say("shop.other_language"), key="link_tongue", act=_speak, args=(here, other))


ALWAYS = ("notice", "materials", "delivery", "fit")  # one tap from every shopper's screen


def footer(here: Here, *, back: tuple[str, dict[str, Any]]) -> None:
    """Below a screen: the marks, the materials, delivery and returns, sizes; each leads back to where it was asked."""
    url, params = back
    with draw.laid("foot", "vt-foot"):
        for page in ALWAYS:
            if page != url:
                draw.button(
                    here.say(f"shop.{page}_link"),
                    key=f"link_{page}",
                    act=session.go,
                    args=(page,),
                    kwargs={"from_": url, **params},
                )


def came_from() -> tuple[str, dict[str, Any]]:
    """The screen one of these was asked for on, with the words of its address; attract, where none is named."""
    asked = {name: str(value) for name, value in dict(st.query_params).items()}
    asked.pop("lang", None)
    url = asked.pop("from_", "") or asked.pop("via", "")
    return (url, asked) if url in BY_URL else ("", {})


def own_address() -> dict[str, str]:
    """The words of this screen's own address, for a way back to it that forgets none of them, its own way back too."""
    asked = {name: str(value) for name, value in dict(st.query_params).items() if name != "lang"}
    came = asked.pop("from_", "")
    return {**asked, **({"via": came} if came else {})}


def way_back() -> None:
    """Back to the screen one of these was asked for on."""
    url, params = came_from()
    session.go(url, **params)


def only_back(here: Here) -> None:
    """What stands low on a screen that is only read: the way back."""
    with low("vt-right"):
        draw.primary(here.say("shop.back"), key="go_back", act=way_back)


def _speak(here: Here, language: str) -> None:
    with notices.on_screen():
        here.speak(language)
