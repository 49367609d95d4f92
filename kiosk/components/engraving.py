"""Engraving: what is typed is on the piece while it is typed; Python hears it when the hand rests."""

from collections.abc import Callable, Sequence
from functools import partial

from kiosk import draw, state

LONGEST = 200  # characters of a line that are looked at at all; what can be cut is far less


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
    told = {
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
    draw.part("engraving", key=key, told=told, takes=partial(_take, key, len(labels)), act=on_text)


def typed(key: str) -> tuple[str, ...] | None:
    """The lines as they stand, empty ones at the end left out; None where nobody typed."""
    words: tuple[str, ...] | None = state.get(key)
    return words


def _take(key: str, lines: int, said: object) -> bool:
    if not isinstance(said, list) or len(said) > lines or not all(isinstance(line, str) for line in said):
        return False
    words = [line[:LONGEST] for line in said]
    while words and not words[-1].strip():
        words.pop()
    state.put(key, tuple(words))
    return True
