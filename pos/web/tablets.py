"""How a browser becomes a tablet, and how the doors know one: by its cookie."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos.errors import NotAllowed, RecordsTrouble, ShopError
from pos.people import devices
from pos.people.devices import DeviceView
from pos.shop import Shop
from pos.web.sheets import language_of, sentence
from pos.words import part_of

log = logging.getLogger(__name__)

WORDS = part_of("web", "tablets")
# Doors that are no screen of a tablet: whoever comes there is not taken in.
NO_SCREENS = (
    "/_stcore/",
    "/01/",
    "/dealers-notice/",
    "/enrol/",
    "/fonts/",
    "/healthz",
    "/keys/",
    "/log/",
    "/pictures/",
    "/reader-screen",
    "/receipts/",
    "/slips/",
    "/stripe/",
)


def routes(shop: Shop) -> list[BaseRoute]:
    """`/enrol/{token}`: makes this browser a tablet and shows it the shop."""

    async def enrol(request: Request) -> Response:
        if request.method == "HEAD":  # somebody's preview, not a person: the address stays good
            return Response(status_code=204)
        language, house = language_of(request), shop.settings.house_name
        words = WORDS[language]
        try:
            cookie = await run_in_threadpool(devices.enrol, shop, token=request.path_params["token"])
        except NotAllowed:
            log.warning("an enrolment address was refused: used, old or unknown")
            return sentence(words["spent"], title=words["title"], language=language, status=410, house=house)
        except RecordsTrouble:
            return sentence(words["closed"], title=words["title"], language=language, status=503, house=house)
        answer = RedirectResponse("/", 303, headers={"Cache-Control": "no-store"})
        _give(answer, shop, cookie)
        return answer

    return [Route("/enrol/{token}", enrol)]


async def tablet_of(shop: Shop, connection: HTTPConnection) -> DeviceView | None:
    """The tablet that asks; None for any other browser. Raises RecordsTrouble."""
    cookie = connection.cookies.get(devices.COOKIE)
    return await run_in_threadpool(devices.known, shop, cookie=cookie) if cookie else None


class TakesEveryoneIn:
    """Middleware of a demonstration: a browser that opens a page becomes a tablet of VITRINE_AUTO_ENROL.

    The cookie must come with the page: the screens read it from the handshake of the socket that follows.
    """

    def __init__(self, app: ASGIApp, *, shop: Shop) -> None:
        self.app, self.shop = app, shop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where a stranger opens a page, add the cookie to the answer."""
        try:
            cookie = await self._cookie_for(scope) if self._opens_a_page(scope) else None
        except RecordsTrouble:
            await _shut(Request(scope))(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if cookie and message["type"] == "http.response.start":
                given = Response()
                _give(given, self.shop, cookie)
                MutableHeaders(scope=message).append("set-cookie", given.headers["set-cookie"])
            await send(message)

        await self.app(scope, receive, with_cookie)

    def _opens_a_page(self, scope: Scope) -> bool:
        if not self.shop.settings.auto_enrol or scope["type"] != "http" or scope["method"] != "GET":
            return False
        wanted = dict(scope["headers"]).get(b"accept", b"")
        return b"text/html" in wanted and not scope["path"].startswith(NO_SCREENS)

    async def _cookie_for(self, scope: Scope) -> str | None:
        try:
            if await tablet_of(self.shop, Request(scope)):
                return None
            return await run_in_threadpool(devices.auto_enrol, self.shop)
        except RecordsTrouble:
            raise
        except ShopError:
            log.exception("a browser could not be taken in")
            return None


def _shut(request: Request) -> Response:
    """The shop is shut for a moment: said calmly, and asked again by the browser itself."""
    language = language_of(request)
    words = WORDS[language]
    answer = sentence(words["shut"], title=words["shut_title"], language=language, status=503)
    answer.headers["Refresh"] = "10"
    return answer


def _give(answer: Response, shop: Shop, cookie: str) -> None:
    answer.set_cookie(
        devices.COOKIE,
        cookie,
        max_age=devices.COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=shop.settings.cookie_secure,
    )
