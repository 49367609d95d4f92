"""All the doors that are not screens, and what stands before every door."""

import logging
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos.shop import Shop
from pos.web import certificates, health, log_doors, pay_links, pictures, receipts, slips, tablets, webhook
from pos.web.reader_screen import ReaderScreen
from pos.web.sheets import language_of, sentence
from pos.words import part_of

log = logging.getLogger(__name__)

# Streamlit opens these to everyone: its own figures, and a way to drive the screens without a browser.
SHUT = ("/_stcore/metrics", "/_stcore/agent")
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'",  # all that Streamlit's own scripts and styles leave possible
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Of what is no screen nothing may run or be framed: an answer in words, a picture, JSON.
NO_SCREEN = "default-src 'none'; frame-ancestors 'none'"
SCREENS_BELOW = ("/_stcore/", "/reader-screen")  # Streamlit's own, and the reader beside the pay page, in its frame
NO_STORE = "no-store"  # of a refusal: even a 404 is kept by a browser that is told nothing (RFC 9111 §4.2.2)
WORDS = part_of("web", "doors")
ONLY_TLS = "max-age=31536000"  # Strict-Transport-Security: a year (RFC 6797), where the shop is behind TLS


class Doors:
    """The HTTP routes and the middleware of one shop; `close` when it shuts."""

    def __init__(self, shop: Shop) -> None:
        self._reader_screen = ReaderScreen(shop)
        self.routes: Sequence[BaseRoute] = (
            *webhook.routes(shop),
            *health.routes(shop),
            *certificates.routes(shop),
            *log_doors.routes(shop),
            *pay_links.routes(shop),
            *receipts.routes(shop),
            *tablets.routes(shop),
            *pictures.routes(shop),
            *slips.routes(shop),
            *self._reader_screen.routes(),
        )
        self.middleware: Sequence[Middleware] = (
            Middleware(Guard, secure=shop.settings.cookie_secure),
            Middleware(tablets.TakesEveryoneIn, shop=shop),
        )

    async def close(self) -> None:
        """Let go of what the doors keep open."""
        await self._reader_screen.close()


class Guard:
    """Middleware: shuts what nobody may open, and gives every answer its security headers."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"Strict-Transport-Security": ONLY_TLS} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 at a shut door; else pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._dress(message, scope["path"])
            await send(message)

        if scope["path"].replace("//", "/").startswith(SHUT):
            await PlainTextResponse("Not found.\n", 404)(scope, receive, guarded)
            return
        if _leads_to_no_screen(scope):
            await RedirectResponse("/", 307)(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception:
            # Whatever nobody foresaw is answered here: the server's own words would go out without these headers.
            if not begun:
                await _went_wrong(Request(scope))(scope, receive, guarded)
            raise  # into the server's log

    def _dress(self, message: Message, path: str) -> None:
        headers = MutableHeaders(scope=message)
        if path.startswith(tablets.NO_SCREENS) and not path.startswith(SCREENS_BELOW):
            headers.setdefault("Content-Security-Policy", NO_SCREEN)
        if message["status"] >= 400:
            headers.setdefault("Cache-Control", NO_STORE)
        for name, value in self.headers.items():
            headers.setdefault(name, value)


def _went_wrong(request: Request) -> Response:
    words = WORDS[language_of(request)]
    return sentence(words["wrong_line"], title=words["wrong"], language=language_of(request), status=500)


def _leads_to_no_screen(scope: Scope) -> bool:
    """A page asked for below an address of ours: every screen is one word, and further down Streamlit shows nothing."""
    wants_a_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
    path = scope["path"].strip("/")
    return (
        scope["method"] == "GET" and wants_a_page and "/" in path and not scope["path"].startswith(tablets.NO_SCREENS)
    )
