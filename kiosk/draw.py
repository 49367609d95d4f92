"""What is read, and what is touched where it is read, as HTML of our own: every word is escaped here, and only here."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from kiosk import state
from kiosk.components import tray
from kiosk.words import Words
from pos.catalogue.views import PictureView, VariantView, WindowView

_together: ContextVar[list[str] | None] = ContextVar("together", default=None)
_tray: ContextVar[tray.Laid | None] = ContextVar("tray", default=None)
STANDING, LEFT = "standing", "left"  # when a pane stands upright, as in the stylesheet


def safe(words: Any) -> str:
    """Words that may stand inside HTML."""
    return escape(str(words), quote=True)


def html(markup: str, **options: Any) -> None:
    """Markup whose words are safe already."""
    held = _together.get()
    if held is None:
        st.html(markup, **options)
    else:
        held.append(markup)


@contextmanager
def together(css: str = "vt-together") -> Iterator[None]:
    """What is only read, drawn inside, goes to the browser as one element: each costs the screen its own message."""
    with _held() as held:
        yield
    if held:
        html(f'<div class="{css}">{"".join(held)}</div>')


@contextmanager
def laid(key: str, css: str, *, parts: Sequence[str] = (), language: str = "") -> Iterator[None]:
    """What is read, touched and filled in inside goes to the browser as one element; inside another, as part of that.

    Nothing of Streamlit's own can stand in it. css is the class of ours that sets it out; parts names what of
    `tray.PARTS` may lie on it, whether or not it does now: another script would be another element. language is said
    where the page around it does not say it.
    """
    if _tray.get() is not None:
        with together(css):
            yield
        return
    state.comes_anew(key)
    on = tray.Laid(tuple(parts))
    before = _tray.set(on)
    try:
        with _held() as held:
            yield
    finally:
        _tray.reset(before)
    spoken = f' lang="{language}"' if language else ""
    tray.show(f'<div class="{css}"{spoken}>{"".join(held)}</div>', on, key=key)


def lay(key: str, tap: tray.Tap, *, enters: str = "") -> None:
    """Something that can be touched or filled in; enters is the key under which it is kept what was."""
    on = _tray.get()
    assert on is not None, f"{key} is laid nowhere"
    assert key not in on.taps, f"{key} is laid twice: a touch could not tell which was meant"
    on.taps[key] = tap
    if enters:
        on.entered.add(enters)


def part(
    name: str,
    *,
    key: str,
    told: dict[str, Any],
    takes: Callable[[object], bool] | None = None,
    act: Callable[[], object] = tray.nothing,
    css: str = "",
) -> None:
    """A part with a life of its own (`tray.PARTS`), and what it is told; where nothing is laid, on a tray of its own.

    takes looks at its answer and keeps it under the part's key, then act is done.
    """
    on = _tray.get()
    if on is None:
        with laid(f"{key}_tray", "vt-block", parts=(name,)):
            part(name, key=key, told=told, takes=takes, act=act, css=css)
        return
    assert name in on.parts, f"{name} is no part of this tray"
    on.told[key] = told
    if takes is not None:
        lay(key, tray.Tap(name, act, takes=takes), enters=key)
    html(f'<div class="{css} st-key-{safe(key)}" data-part="{name}" data-as="{safe(key)}"></div>')


def button(
    words: str,
    *,
    key: str,
    act: Callable[..., object],
    args: Sequence[Any] = (),
    kwargs: dict[str, Any] | None = None,
    css: str = "vt-link",
    markup: str = "",
    rests: bool = False,
    on: bool | None = None,
) -> None:
    """A button of what is `laid`; markup is how its words are drawn, where they are drawn otherwise than written.

    on says of one of several whether it is the chosen one, to who does not see it.
    """
    lay(key, tray.Tap(words, partial(act, *args, **(kwargs or {})), rests))
    named = f' aria-label="{safe(words)}"' if markup else ""
    stands = (f' aria-pressed="{str(on).lower()}"' if on is not None else "") + (" disabled" if rests else "")
    html(f'<button type="button" class="{css}" data-tap="{safe(key)}"{named}{stands}>{markup or safe(words)}</button>')


def primary(words: str, *, key: str, **tap: Any) -> None:
    """The one action of a screen, green."""
    plain(words, key=key, css="vt-primary", **tap)


def plain(words: str, *, key: str, css: str = "vt-plain", **tap: Any) -> None:
    """An action that stands by itself."""
    with together(f"vt-go st-key-{key}"):
        button(words, key=key, css=css, **tap)


@contextmanager
def _held() -> Iterator[list[str]]:
    held: list[str] = []
    before = _together.set(held)
    try:
        yield held
    finally:
        _together.reset(before)


def title(words: str) -> None:
    """The name of a screen."""
    html(f'<h1 class="vt-h1">{safe(words)}</h1>')


def heading(words: str, *, level: int = 3) -> None:
    """The heading of a part."""
    html(f'<h{level} class="vt-h{level}">{safe(words)}</h{level}>')


def eyebrow(words: str) -> None:
    """The small capitals above a title."""
    html(f'<p class="vt-eyebrow">{safe(words)}</p>')


def lead(words: str, *, role: str = "") -> None:
    """One sentence under a title."""
    html(f'<p class="vt-lead"{f""" role="{role}" """ if role else ""}>{safe(words)}</p>')


def quiet(*words: str) -> None:
    """Second text, one line each."""
    html("<div>" + "".join(f'<p class="vt-quiet">{safe(line)}</p>' for line in words) + "</div>")


def text(*paragraphs: str) -> None:
    """Running text."""
    html("<div>" + "".join(f'<p class="vt-text">{safe(line)}</p>' for line in paragraphs) + "</div>")


def prose(paragraphs: Iterable[str]) -> None:
    """A short text, in two columns where there is room."""
    html('<div class="vt-prose">' + "".join(f'<p class="vt-text">{safe(line)}</p>' for line in paragraphs) + "</div>")


def price(amount: str, note: str = "") -> None:
    """An amount in the serif, with what it is for."""
    tail = f' <span class="vt-quiet">{safe(note)}</span>' if note else ""
    html(f'<p class="vt-price">{safe(amount)}{tail}</p>')


def heading_row(title: str, note: str, *, level: int = 3) -> None:
    """A heading with something on its right."""
    html(f'<div class="vt-row"><h{level}>{safe(title)}</h{level}><p class="vt-quiet">{safe(note)}</p></div>')


def facts(lines: Iterable[str]) -> None:
    """Facts under one another, a rule below each."""
    html('<ul class="vt-facts">' + "".join(f"<li>{safe(line)}</li>" for line in lines) + "</ul>")


def img(
    picture: PictureView | None, *, thumb: bool = False, initials: str = "", eager: bool = False, css: str = ""
) -> str:
    """A picture for a frame of ours: cached by the browser, cut round its focus; letters where there is none."""
    if picture is None:
        return f'<span class="vt-nopicture">{safe(initials)}</span>'
    source = picture.thumb if thumb else picture.src
    loading = "" if eager else ' loading="lazy"'
    named = f' class="{css}"' if css else ""
    return (
        f'<img{named} src="{safe(source)}" alt="{safe(picture.alt)}" '
        f'style="object-position:{safe(picture.focus)}" decoding="async"{loading}>'
    )


def full(picture: PictureView | None, *, upright: str, initials: str = "") -> str:
    """A picture that fills a pane; where the pane stands upright (STANDING, LEFT), its sister.

    Each has words and a focus of its own; the one that is not shown is not read out. Both load at once: a pane that
    leads a screen must never stand empty.
    """
    if picture is None or picture.tall is None:
        return img(picture, initials=initials, eager=True)
    shown = img(picture, eager=True, css=f"vt-not-{upright}")
    return shown + img(picture.tall, eager=True, css=f"vt-only-{upright}")


def cut(lines: Iterable[str]) -> str:
    """An engraving beside its piece: every line of it says how long it is, so that none is broken to find room."""
    return "".join(f'<span class="vt-cut" style="--letters:{len(words)}">{safe(words)}</span>' for words in lines)


def drawing(svg: str, *, alt: str, css: str = "") -> str:
    """A drawing as an image: `st.html` takes inline SVG out."""
    data = b64encode(svg.encode()).decode()
    return f'<img class="{css}" alt="{safe(alt)}" src="data:image/svg+xml;base64,{data}">'


def to_scale(svg: str, *, alt: str, points_per_mm: float | None = None, most_points: float = 620) -> bool:
    """A drawing made in millimetres; true to size where this glass was measured and has room. Says whether it is."""
    wide = float(svg.split('width="', 1)[1].split("mm", 1)[0])
    true = points_per_mm is not None and wide * points_per_mm <= most_points
    style = f' style="width:{wide * (points_per_mm or 0):.1f}px"' if true else ""
    html(f'<figure class="vt-scale{" on" if true else ""}"{style}>{drawing(svg, alt=alt)}</figure>')
    return true


def due(parts: Sequence[tuple[str, str, str]]) -> None:
    """Amounts side by side: name, amount, note."""
    cells = "".join(
        f"<div><dt>{safe(name)}</dt><dd>{safe(amount)}</dd>{f'<dd><small>{safe(note)}</small></dd>' * bool(note)}</div>"
        for name, amount, note in parts
    )
    html(f'<dl class="vt-due">{cells}</dl>')


def figures(rows: Sequence[tuple[str, str, str]]) -> None:
    """A row of large figures: name, figure, note."""
    cells = "".join(
        f"<div><dt>{safe(name)}</dt><dd>{safe(figure)}</dd><dd><small>{safe(note)}</small></dd></div>"
        for name, figure, note in rows
    )
    html(f'<dl class="vt-figures">{cells}</dl>')


def card(
    key: str,
    *,
    picture: PictureView | None,
    badge: str,
    name: str,
    price: str,
    note: str,
    off: bool = False,
    as_seen: str = "",
    **tap: Any,
) -> None:
    """A piece to be touched, in what is `laid`: our figure, and one button over it.

    as_seen names what a tap would do now; once it names another thing it is another button, and a second tap that was
    meant for the first one does not reach it.
    """
    initials = "".join(word[:1] for word in name.split()[:2]).upper()
    with together("vt-open"):
        html(
            f'<figure class="vt-card{" off" if off else ""}"><div class="vt-frame">{img(picture, initials=initials)}'
            f'<span class="vt-badge">{safe(badge)}</span></div><figcaption><b>{safe(name)}</b>'
            f'<span class="vt-line"><span>{safe(price)}</span><span class="vt-quiet">{safe(note)}</span></span>'
            "</figcaption></figure>"
        )
        over(f"{name}, {price}, {note}", key=f"open_{key}{as_seen and '_'}{as_seen}", **tap)


def over(words: str, *, key: str, **tap: Any) -> None:
    """A button over the whole of what it stands in: it has words for who does not see that."""
    button(words, key=key, css="vt-over", markup=" ", **tap)


def left(piece: VariantView, say: Words) -> str:
    """`12 of 50 left`, from stock; of a pre-order its places, of which there may be fewer than numbers."""
    if piece.window is not None and piece.window.is_open and piece.left > 1:
        return say.counted("shop.places", piece.left)
    if piece.left == 0:
        return say("shop.sold_out", total=piece.edition_size)
    if piece.left == 1:
        return say("shop.left_one", total=piece.edition_size)
    return say("shop.left", n=piece.left, total=piece.edition_size)


def stock(piece: VariantView, say: Words) -> str:
    """`12 of 50 left`, and from which day a pre-order is ready: `12 of 50 left · from 12 Dec`."""
    if piece.window is None or not piece.window.is_open:
        return left(piece, say)
    return f"{left(piece, say)} · {say('basket.later_on', date=say.on(piece.window.promised_on, short=True))}"


def preorder(window: WindowView, say: Words, *, zone: str) -> str:
    """`Pre-order until 30 November, ready from 12 December`."""
    return say("shop.preorder", date=say.last_day(window.closes_at, zone=zone), promised=say.on(window.promised_on))


def badge(piece: VariantView, say: Words) -> str:
    """What the metal carries: struck, to be struck, or exempt."""
    key = {"hallmarked": "shop.hallmark", "planned": "shop.hallmark_planned"}.get(
        piece.hallmark.status, "shop.hallmark_exempt"
    )
    return say(key, fineness=piece.hallmark.fineness)
