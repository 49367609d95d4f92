"""Every page there is, where it lives, and who may see it. What is not here cannot be opened."""

from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pos.models import Role
from pos.people.staff import StaffView, allowed

PAGES = Path(__file__).parent.parent / "pages"


@dataclass(frozen=True)
class Screen:
    """One page: its address, its file, the role it needs."""

    url: str
    file: str
    role: Role = Role.SHOPPER

    @property
    def path(self) -> Path:
        """The file that draws it."""
        return PAGES / self.file


SCREENS = (
    Screen("", "shop/attract.py"),
    Screen("story", "shop/story.py"),
    Screen("piece", "shop/piece.py"),
    Screen("bundle", "shop/bundle.py"),
    Screen("fit", "shop/fit.py"),
    Screen("basket", "shop/basket.py"),
    Screen("pay", "shop/pay.py"),
    Screen("done", "shop/done.py"),
    Screen("notice", "shop/notice.py"),
    Screen("materials", "shop/materials.py"),
    Screen("delivery", "shop/delivery.py"),
    Screen("counter", "counter/sell.py", Role.STAFF),
    Screen("collect", "counter/collect.py", Role.STAFF),
    Screen("waiting", "counter/waiting.py", Role.STAFF),
    Screen("returns", "counter/returns.py", Role.STAFF),
    Screen("certificates", "counter/certificates.py", Role.STAFF),
    Screen("gift", "counter/gift.py", Role.STAFF),
    Screen("payments", "counter/payments.py", Role.STAFF),
    Screen("printers", "counter/printers.py", Role.STAFF),
    Screen("take", "counter/take.py", Role.STAFF),
    Screen("board", "brand/board.py", Role.BRAND),
)
BY_URL = {screen.url: screen for screen in SCREENS}


def is_open(screen: Screen, person: StaffView | None) -> bool:
    """Whether whoever stands here (None: the shopper) may open this page."""
    return screen.role == Role.SHOPPER or allowed(person, needed=screen.role)


def page(url: str) -> Any:
    """The page at an address, for walking there."""
    return copy(_known(url))


# Each run needs a page of its own to draw, but looking for nineteen files again costs a tenth of a screen.
_made: dict[str, Any] = {}


def _known(url: str) -> Any:
    if url in _made:
        return _made[url]
    made = _make(url)
    if get_script_run_ctx() is not None:  # outside of a script Streamlit makes half a page
        _made[url] = made
    return made


def _make(url: str) -> Any:
    screen = BY_URL[url]
    return st.Page(screen.path, url_path=screen.url or None, title="Vitrine", default=not screen.url)


def navigation() -> Any:
    """The page this address asks for. All are known to Streamlit; the shell runs it only for who may see it."""
    return copy(st.navigation([_known(screen.url) for screen in SCREENS], position="hidden"))
