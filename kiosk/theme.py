"""The look in one place: tokens, the one stylesheet, the container every screen lives in, and how the sheet arrives.

The sheet (`look/*.css`) knows three kinds of selector: our keyed containers, plain elements inside them, and our own
`.vt-` classes on our own read-only HTML. Colours reach it, and the inside of every component, as custom properties:
they pass the border of a shadow root, so no colour is written anywhere but here and in `.streamlit/config.toml`.
"""

import gzip
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

TOKENS = {
    "paper": "#F7F4EF",  # the ground
    "shade": "#EFEAE2",  # the ground one step down: basket, bundle strip
    "white": "#FFFFFF",  # inside a field
    "ink": "#1E1C1A",  # 15.5:1 on paper
    "muted": "#6B645C",  # 5.3:1 on paper, 4.9:1 on shade: second text, never lighter
    "green": "#2F4A43",  # the one action, and what is chosen
    "green-pale": "#E1E8E3",
    "brass": "#9C7A4B",  # rules, marks, focus ring; 3.6:1, so never words
    "brass-text": "#7A5C34",  # 5.6:1: brass that may be words on paper
    "brass-light": "#E3CFAE",  # brass that may be words on a dark picture
    "brick": "#8C2F2B",  # trouble, and the last minute of a hold
    "edge": "#8A8175",  # 3.5:1: the edge of a control (WCAG 1.4.11 asks 3:1)
    "rule": "#DDD6CA",  # quiet lines, never the only edge of a control
    "night": "#14211D",  # behind a full-bleed picture until it is there
}
METALS = {  # in drawings: light, middle, dark, outline
    "white": ("#F4F3F1", "#CFCDCA", "#B4B1AD", "#8D8A86"),
    "gold": ("#F6E9CB", "#DDBF85", "#BF9A58", "#8E6E3A"),
}
CUT = "#45423F"  # the bottom of an engraved line
SHEETS = ("ground", "shop", "counter")
LOOK = Path(__file__).parent / "look"


def stylesheet() -> str:
    """The whole sheet: the tokens, then ground, shop and counter."""
    tokens = "".join(f"--vt-{name}:{value};" for name, value in TOKENS.items())
    return f":root{{{tokens}}}\n" + "\n".join((LOOK / f"{name}.css").read_text("utf-8") for name in SHEETS)


@contextmanager
def page(name: str) -> Iterator[None]:
    """Every screen lives in one container: it carries the ground, the bleed and the heights of controls."""
    with st.container(key=f"page_{name}", gap=None):
        yield


Message = MutableMapping[str, Any]
STREAMLIT_PAGE = b'id="root"'  # the shop's own plain pages (verify, enrol) dress themselves
# Else Streamlit first looks for its server below the page's own address: two 404s and a round trip on every full load.
SERVER = "<script>window.__streamlit={BACKEND_BASE_URL:location.origin}</script>"
# Before Streamlit's own scripts, which come deferred.
SCRIPTS = "".join(
    f"<script>{(LOOK / f'{name}.js').read_text('utf-8')}</script>" for name in ("way_back", "comma", "whole")
)


class Dressed:
    """Middleware: puts the stylesheet into the page itself, so that the first paint is already dressed.

    A style sent by `st.html` comes 80-330 ms after the first elements: every full load flashes and jumps. At the end
    of the body, not in the head: Streamlit writes its own rules into the head later, and on a tie the last rule wins.
    """

    # A compressed, partial or unchanged answer could not be dressed.
    PLAIN = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"})

    def __init__(self, app: Any) -> None:
        self.app = app
        self.style = f"{SERVER}{SCRIPTS}<style>{stylesheet()}</style></body>".encode()

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Dress an answer that is Streamlit's page; pass everything else on untouched."""
        if scope["type"] != "http" or b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
            await self.app(scope, receive, send)
            return
        plain = {**scope, "extensions": {}, "headers": [h for h in scope["headers"] if h[0] not in self.PLAIN]}
        small = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        await self.app(plain, receive, _Dressing(self.style, send, small=small))


class _Dressing:
    """Holds an HTML answer back until it is whole, then sends it dressed."""

    def __init__(self, style: bytes, send: Any, *, small: bool) -> None:
        self.style, self.send, self.small = style, send, small
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if b"text/html" not in dict(message["headers"]).get(b"content-type", b""):
                await self.send(message)
                return
            self.start = message
        elif self.start is None or message["type"] != "http.response.body":
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        body = self.body
        if STREAMLIT_PAGE in body:
            body = body.replace(b"</body>", self.style, 1)
        dropped = {b"content-length", b"etag", b"last-modified"}
        headers = [h for h in start["headers"] if h[0] not in dropped]
        headers.append((b"vary", b"Accept-Encoding"))
        if self.small:
            body = gzip.compress(body, 6)
            headers.append((b"content-encoding", b"gzip"))
        start["headers"] = [*headers, (b"content-length", str(len(body)).encode())]
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})
