"""Is the shop open: for tablets, which reload when another process answers, and for whoever watches over it."""

import logging

from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pos.errors import RecordsTrouble
from pos.shop import Shop

log = logging.getLogger(__name__)


def routes(shop: Shop) -> list[BaseRoute]:
    """`/healthz`: `{"ok", "boot", "records"}`; 503 where the records do not answer."""

    async def healthz(_: Request) -> Response:
        records = await run_in_threadpool(reachable, shop)
        told = {"ok": records, "boot": shop.name, "records": records}
        return JSONResponse(told, 200 if records else 503, headers={"Cache-Control": "no-store"})

    return [Route("/healthz", healthz)]


def reachable(shop: Shop) -> bool:
    """Whether the records answer a question."""
    try:
        with shop.read() as look:
            look.connection().execute(text("SELECT 1"))
    except RecordsTrouble:
        return False
    return True
