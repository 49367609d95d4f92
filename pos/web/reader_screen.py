"""A reader's own screen beside the pay page, where the reader has none in sight (VITRINE_READER_SCREEN_URL).

Passed through, so that the tablet speaks with the shop alone and only the shop's tablets reach it.
"""

import logging
import re

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pos.errors import RecordsTrouble
from pos.shop import Shop
from pos.web.bodies import TooLarge, body_of
from pos.web.tablets import tablet_of

log = logging.getLogger(__name__)

SECONDS = 5
LARGEST_QUESTION, LARGEST_ANSWER = 4 * 1024, 512 * 1024  # bytes
_WORD = re.compile(r"[a-z_]{0,40}")
PASSED_ON = ("content-type", "cache-control")


class ReaderScreen:
    """The way to the screen, kept open between questions."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._client: httpx.AsyncClient | None = None

    def routes(self) -> list[BaseRoute]:
        """`/reader-screen/{reader}` for a tablet's own reader, and one word under it: it leads nowhere else."""
        methods = ["GET", "POST"]
        return [
            Route("/reader-screen/{reader_id}", self._pass_on, methods=methods),
            Route("/reader-screen/{reader_id}/{word}", self._pass_on, methods=methods),
        ]

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _pass_on(self, request: Request) -> Response:
        word = request.path_params.get("word", "")
        try:
            tablet = await tablet_of(self.shop, request)
            url = self.shop.settings.reader_screen_url
            own = tablet is not None and tablet.reader_id == request.path_params["reader_id"]
            if url is None or not own or not _WORD.fullmatch(word):
                return PlainTextResponse("There is no reader to show here.\n", 404)
            return await self._ask("/".join([str(url).rstrip("/"), word]).rstrip("/"), request)
        except TooLarge:
            return PlainTextResponse("Too large.\n", 413)
        except (httpx.HTTPError, RecordsTrouble) as trouble:
            log.warning("the reader's screen cannot be shown: %r", trouble)
            again = {} if word else {"Refresh": "2"}  # a frame that was refused once would stay so beside the pay page
            return PlainTextResponse("The reader's screen does not answer now.\n", 502, headers=again)

    async def _ask(self, url: str, request: Request) -> Response:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False)
        asked = self._client.stream(
            request.method,
            url,
            params=dict(request.query_params),
            content=await body_of(request, most=LARGEST_QUESTION),
            headers={"content-type": request.headers.get("content-type", "text/plain")},
        )
        async with asked as answer:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise httpx.DecodingError("more than a screen")
            headers = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
            return Response(bytes(body), answer.status_code, headers=headers)
