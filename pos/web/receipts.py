"""The public door of a receipt: whoever has its address reads on a phone what the paper says, for some weeks."""

import logging

from limits import RateLimitItemPerMinute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pos.errors import RecordsTrouble, Unknown
from pos.selling import receipt_links
from pos.shop import Shop
from pos.web.certificates import A_MINUTE
from pos.web.patience import Patience
from pos.web.receipt_page import WORDS, page
from pos.web.sheets import language_of, sentence

log = logging.getLogger(__name__)


def routes(shop: Shop) -> list[BaseRoute]:
    """`/receipts/{link}`, and whatever else is asked for below it, which is told in the same way that it is none."""
    patience = Patience(RateLimitItemPerMinute(A_MINUTE))

    async def receipt(request: Request) -> Response:
        language = language_of(request)
        if patience.is_over(request):
            answer = _said(shop, "too_often", language=language, status=429)
            answer.headers["Retry-After"] = "60"
            return answer
        try:
            found = await run_in_threadpool(receipt_links.look_up, shop, link=request.path_params["link"])
        except Unknown:
            return _said(shop, "unknown", language=language, status=404)
        except RecordsTrouble:
            log.exception("nothing could be looked up")
            return _said(shop, "closed", language=language, status=503)
        if found.slip is None:
            return _said(shop, "over", language=found.language, status=410)
        return page(found.slip, until=found.until, zone=found.zone)

    return [Route(f"{receipt_links.PATH}{{link:path}}", receipt)]


def _said(shop: Shop, what: str, *, language: str, status: int) -> Response:
    words = WORDS[language]
    return sentence(words[what], title=words["title"], language=language, status=status, house=shop.settings.house_name)
