"""Engraving: what is typed is on the piece while it is typed; Python hears it when the hand rests."""

from collections.abc import Callable, Sequence

from kiosk import state
from kiosk.components import kit

_engraving = kit.component(
    "engraving", html='<div class="fields"></div>\n<div class="shape"></div><p class="note" role="status"></p>'
)


def show(
    *,
    svg: str,
    alt: str,
    value: Sequence[str],
    labels: Sequence[str],
    limits: Sequence[int],
    note: str,
    sample: str,
    key: str,
    on_text: Callable[[], None],
) -> None:
    """A field for each line with the real shape under it; `svg` holds a `<text class="cut">` for each line."""
    data = {
        "svg": svg,
        "alt": alt,
        "value": list(value),
        "labels": list(labels),
        "limits": list(limits),
        "note": note,
        "sample": sample,
    }
    _engraving(data=data, key=key, default={"text": list(value)}, on_text_change=on_text)


def typed(key: str) -> tuple[str, ...]:
    """The lines as they stand, empty ones at the end left out."""
    answer = state.get(key)
    lines = [str(line) for line in (getattr(answer, "text", None) or ())]
    while lines and not lines[-1].strip():
        lines.pop()
    return tuple(lines)
