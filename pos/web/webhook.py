"""Stripe's door: who is not Stripe learns nothing, and a shop that cannot listen now is asked to be told again."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pos.errors import NotAllowed, RecordsTrouble
from pos.payments import webhook
from pos.payments.terminal import LARGEST_EVENT
from pos.shop import Shop
from pos.web.bodies import TooLarge, body_of

log = logging.getLogger(__name__)


def routes(shop: Shop) -> list[BaseRoute]:
    """`POST /stripe/webhook`: 200 once it is written down; 400 for anybody else; 503 asks Stripe to come again."""

    async def receive(request: Request) -> Response:
        try:
            raw = await body_of(request, most=LARGEST_EVENT)
            signature = request.headers.get("stripe-signature", "")
            await run_in_threadpool(webhook.receive, shop, raw=raw, signature=signature)
        except TooLarge:
            log.warning("a webhook of more than %d bytes was refused", LARGEST_EVENT)
            return PlainTextResponse("Too large.\n", 413)
        except NotAllowed as refusal:
            log.warning("a webhook was refused: %s", refusal)
            return PlainTextResponse("Refused.\n", 400)
        except RecordsTrouble:
            return PlainTextResponse("Not now.\n", 503)
        return PlainTextResponse("Received.\n")

    return [Route("/stripe/webhook", receive, methods=["POST"])]
