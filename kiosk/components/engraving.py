"""Engraving: what is typed is on the piece while it is typed; Python hears it when the hand rests."""

from collections.abc import Callable, Sequence

from kiosk import state
from kiosk.components import kit

_engraving = kit.component(
    "engraving",
    html='<div class="fields"></div><div class="reasons" role="alert" hidden></div>\n'
    '<div class="shape"></div><p class="size" role="status"></p><p class="note"></p>',
)


def show(
    *,
    svg: str,
    alt: str,
    value: Sequence[str],
    labels: Sequence[str],
    room: Sequence[float],
    least: float,
    set_words: Sequence[str],
    size: str,
    reasons: Sequence[str],
    note: str,
    sample: str,
    key: str,
    on_text: Callable[[], None],
) -> None:
    """A field for each line with the real shape under it; `svg` holds a `<text class="cut">` for each line.

    room is how wide each line may run in the drawing's units, least the smallest share of its size a letter may have.
    set_words are those whose outlines the drawing holds already; size says how large they are, reasons why others
    cannot be cut.
    """
    data = {
        "svg": svg,
        "alt": alt,
        "value": list(value),
        "labels": list(labels),
        "room": list(room),
        "least": least,
        "set": list(set_words),
        "size": size,
        "reasons": list(reasons),
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
