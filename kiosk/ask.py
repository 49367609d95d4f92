"""What is asked on a tray: one of several, yes or no, a line to fill in; the answer is kept by `state`."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from kiosk import draw, state
from kiosk.components.tray import Tap, nothing


def choice(
    words: str,
    of: Mapping[Any, str],
    *,
    now: Any,
    key: str,
    act: Callable[[], object] = nothing,
    required: bool = True,
    named: bool = True,
) -> None:
    """One of several: each value with its words, and the one that is chosen now, if any is.

    A touch keeps the value under the key, then calls act. One that is not required is let go by touching it again.
    named: the question stands above it; else only who listens is told.
    """
    with draw.together("vt-ask"):
        if named:
            draw.html(f'<p class="vt-asked" aria-hidden="true">{draw.safe(words)}</p>')
        values = list(of)
        focus = values.index(now) if now in of else 0
        options = "".join(
            _option(value, of[value], key=key, act=act, on=value == now, first=i == focus, free=not required)
            for i, value in enumerate(values)
        )
        named_so = f'class="vt-choice st-key-{draw.safe(key)}" role="radiogroup" aria-label="{draw.safe(words)}"'
        draw.html(f"<div {named_so}>{options}</div>")


def _option(value: Any, words: str, *, key: str, act: Callable[[], object], on: bool, first: bool, free: bool) -> str:
    name, off = f"{key}={value}", on and free  # touched again, it is let go
    tap = f"{key}=" if off else name
    draw.lay(tap, Tap(words, partial(_keep, key, None if off else value, act)), enters=key)
    return (
        f'<button type="button" role="radio" aria-checked="{str(on).lower()}" tabindex="{0 if first else -1}" '
        f'data-as="{draw.safe(name)}" data-tap="{draw.safe(tap)}">{draw.safe(words)}</button>'
    )


def tick(words: str, *, key: str, on: bool | None = None, act: Callable[[], object] = nothing) -> None:
    """Yes or no; on is what it stands at before anybody touched it, else no."""
    is_on = bool(state.get(key) if on is None else on)
    tap = f"{key}=" if is_on else f"{key}=on"
    draw.lay(tap, Tap(words, partial(_keep, key, not is_on, act)), enters=key)
    draw.html(
        f'<div class="st-key-{draw.safe(key)}"><button type="button" class="vt-tick" role="checkbox" '
        f'aria-checked="{str(is_on).lower()}" data-as="{draw.safe(key)}" data-tap="{draw.safe(tap)}">'
        f"<i></i><span>{draw.safe(words)}</span></button></div>"
    )


def line(
    words: str, *, key: str, most: int, hint: str = "", decimal: bool = False, act: Callable[[], object] = nothing
) -> None:
    """A line to fill in, of `most` characters; nothing of the last shopper is offered to the next one.

    hint stands in it while it is empty; decimal says that a number is asked for.
    """
    more = (f' placeholder="{draw.safe(hint)}"' if hint else "") + (' inputmode="decimal"' if decimal else "")
    draw.lay(key, Tap(words, act, takes=partial(_take_line, key, most)), enters=key)
    draw.html(
        f'<label class="vt-ask st-key-{draw.safe(key)}" data-as="{draw.safe(key)}_line">'
        f'<span class="vt-asked">{draw.safe(words)}</span>'
        f'<input name="{draw.safe(key)}" data-as="{draw.safe(key)}" value="{draw.safe(state.get(key) or "")}" '
        f'maxlength="{most}" autocomplete="off" autocapitalize="off" spellcheck="false"{more}></label>'
    )


def decimal_of(key: str) -> float | None:
    """The number in a line, with a comma or a point; None where nothing was typed, NaN where it is none."""
    typed = str(state.get(key) or "").strip().replace(",", ".")
    try:
        return float(typed) if typed else None
    except ValueError:
        return math.nan


def _keep(key: str, value: Any, act: Callable[[], object]) -> None:
    state.put(key, value)
    act()


def _take_line(key: str, most: int, said: object) -> bool:
    if not isinstance(said, str):
        return False
    state.put(key, said[:most])
    return True
