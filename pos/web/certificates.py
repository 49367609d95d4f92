"""The public door of proof: a certificate's page, the same as JSON, its hand-over, and the keys anyone checks with.

A shelf label's address has no serial, and leads to what the label says.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pos.catalogue.articles import article
from pos.errors import RecordsTrouble, Unknown
from pos.proof import register
from pos.proof.keys import written
from pos.proof.register import Record
from pos.shop import Shop
from pos.web import certificate_json, hand_over_page, label_page
from pos.web.certificate_json import wants_json
from pos.web.certificate_page import WORDS, page
from pos.web.patience import Patience
from pos.web.sheets import language_of, sentence

log = logging.getLogger(__name__)

Answered = Callable[[Shop, Request], Awaitable[Response]]

A_MINUTE = 30  # questions from one address: far more than a person scans
_OURS = re.compile(r"[0-9a-f]{8}")


def routes(shop: Shop, *, rate: RateLimitItem | None = None) -> list[BaseRoute]:
    """`/01/{gtin}/21/{serial}`, `/01/{gtin}` and `/keys/{key id}.pub`."""
    patience = Patience(rate or RateLimitItemPerMinute(A_MINUTE))

    async def patiently(request: Request, answered: Answered) -> Response:
        if patience.is_over(request):
            return _refused(shop, request, "too_often", status=429)
        try:
            return await answered(shop, request)
        except RecordsTrouble:
            log.exception("nothing could be looked up")
            return _refused(shop, request, "closed", status=503)

    async def certificate(request: Request) -> Response:
        return await patiently(request, _of_a_certificate)

    async def label(request: Request) -> Response:
        return await patiently(request, _of_a_label)

    async def key(request: Request) -> Response:
        key_id = request.path_params["key_id"]
        public = shop.keys.public.get(key_id) if _OURS.fullmatch(key_id) else None
        if public is None:
            return PlainTextResponse("The house has no such key.\n", 404)
        return PlainTextResponse(written(public.public_bytes_raw()) + "\n")

    # Whatever else is asked for under /01 is no certificate's address, and is told so in the same way.
    return [
        Route("/01/{gtin}", label),
        Route("/01/{rest:path}", certificate, methods=["GET", "POST"]),
        Route("/keys/{key_id}.pub", key),
    ]


async def _of_a_certificate(shop: Shop, request: Request) -> Response:
    language = language_of(request)
    record = await run_in_threadpool(register.look_up, shop, address=_asked(request), language=language)
    return await _answer(shop, request, record, language)


async def _answer(shop: Shop, request: Request, record: Record, language: str) -> Response:
    house = shop.settings.house_name
    if hand_over_page.is_asked(request) and record.certificate_id:
        answer = await hand_over_page.answer(shop, request, record, language=language)
    elif wants_json(request.headers.get("accept", "")):
        answer = certificate_json.facts(record, language=language, house=house)
    else:
        other = _with(request, lang="fr" if language == "en" else "en")
        pass_on = _with(request, **hand_over_page.ASKED, lang=language)
        answer = page(record, language=language, other=other, house=house, pass_on=pass_on)
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


async def _of_a_label(shop: Shop, request: Request) -> Response:
    language, json = language_of(request), wants_json(request.headers.get("accept", ""))
    by: dict[str, Any] = {"language": language, "house": shop.settings.house_name}
    try:
        found = await run_in_threadpool(article, shop, gtin=request.path_params["gtin"], language=language)
    except Unknown:
        answer: Response = label_page.unknown(json=json, **by)
    else:
        other = f"?lang={'fr' if language == 'en' else 'en'}"
        answer = label_page.facts(found, **by) if json else label_page.page(found, other=other, **by)
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def _refused(shop: Shop, request: Request, why: str, *, status: int) -> Response:
    if wants_json(request.headers.get("accept", "")):
        answer: Response = certificate_json.refused(why, status=status)
    else:
        words = WORDS[language_of(request)]
        answer = sentence(
            words[why],
            title=words["title"],
            language=language_of(request),
            status=status,
            house=shop.settings.house_name,
        )
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def _asked(request: Request) -> str:
    """The address as it was asked for, undecoded: one spelling only is ours."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    return f"https://house{raw.decode('latin-1')}" + (f"?{query.decode('latin-1')}" if query else "")


def _with(request: Request, **more: str) -> str:
    """The same certificate's page, asked for in another way."""
    kept = [pair for pair in request.scope["query_string"].decode("latin-1").split("&") if pair.startswith("s=")]
    return "?" + "&".join([*kept[:1], *(f"{name}={value}" for name, value in more.items())])
