"""PIN pad: digits stay in the browser until the key that means it, and are shown as dots."""

from collections.abc import Callable

from kiosk import state
from kiosk.components import kit
from kiosk.words import Words

MARKUP = '<p class="label"></p>\n<output aria-live="polite"></output><div class="keys"></div>'
_pinpad = kit.component("pinpad", html=MARKUP)
LEAST, MOST = 4, 8


def show(*, label: str, say: Words, tries: int, key: str, on_pin: Callable[[], None]) -> None:
    """Twelve keys of 72 px. A new number of tries empties the pad."""
    words = {"ok": say("unlock.ok"), "erase": say("unlock.erase")}
    data = {"label": label, "words": words, "tries": tries, "least": LEAST, "most": MOST}
    _pinpad(data=data, key=key, on_pin_change=on_pin)


def typed(key: str) -> str:
    """The PIN just confirmed, inside the callback; the browser has forgotten it already."""
    answer = state.get(key)
    return str(getattr(answer, "pin", None) or "") if answer is not None else ""
