"""The public door of proof: a certificate's page, and the public keys anyone checks with."""

import ipaddress
import logging
import re

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pos.errors import RecordsTrouble
from pos.proof import register
from pos.proof.keys import written
from pos.shop import Shop
from pos.web.certificate_page import page
from pos.web.certificate_words import WORDS
from pos.web.sheets import language_of, sentence

log = logging.getLogger(__name__)

A_MINUTE = 30  # questions from one address: far more than a person scans
_OURS = re.compile(r"[0-9a-f]{8}")


def routes(shop: Shop, *, rate: RateLimitItem | None = None) -> list[BaseRoute]:
    """`/01/{gtin}/21/{serial}` and `/keys/{key id}.pub`."""
    rate = rate or RateLimitItemPerMinute(A_MINUTE)
    limiter = MovingWindowRateLimiter(MemoryStorage())

    async def certificate(request: Request) -> Response:
        language = language_of(request)
        words = WORDS[language]
        if not limiter.hit(rate, neighbourhood(request)):
            answer = sentence(words["too_often"], title=words["title"], language=language, status=429)
            answer.headers["Retry-After"] = "60"
            return answer
        try:
            record = await run_in_threadpool(register.look_up, shop, address=_asked(request), language=language)
        except RecordsTrouble:
            log.exception("a certificate could not be looked up")
            return sentence(words["closed"], title=words["title"], language=language, status=503)
        return page(record, language=language, other=_in(request, "fr" if language == "en" else "en"))

    async def key(request: Request) -> Response:
        key_id = request.path_params["key_id"]
        public = shop.keys.public.get(key_id) if _OURS.fullmatch(key_id) else None
        if public is None:
            return PlainTextResponse("The house has no such key.\n", 404)
        return PlainTextResponse(written(public.public_bytes_raw()) + "\n")

    # Whatever else is asked for under /01 is no certificate's address, and is told so in the same way.
    return [Route("/01/{rest:path}", certificate), Route("/keys/{key_id}.pub", key)]


def neighbourhood(request: Request) -> str:
    """Whom a question is counted for: an IPv4 address, or the /64 network a household's IPv6 addresses share."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped  # how an IPv4 visitor looks to a server that listens on `::`
    return str(address)


def _asked(request: Request) -> str:
    """The address as it was asked for, undecoded: one spelling only is ours."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    return f"https://house{raw.decode('latin-1')}" + (f"?{query.decode('latin-1')}" if query else "")


def _in(request: Request, language: str) -> str:
    """The same page in another language."""
    kept = [pair for pair in request.scope["query_string"].decode("latin-1").split("&") if pair.startswith("s=")]
    return "?" + "&".join([*kept[:1], f"lang={language}"])
