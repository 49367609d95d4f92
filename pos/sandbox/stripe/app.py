"""The stand-in as one ASGI application: Stripe's paths under /v1, its own doors under /_sandbox."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import Lifespan

from pos.sandbox.stripe import hosted, presenting, refunds, screen, workshop
from pos.sandbox.stripe.door import Door
from pos.sandbox.stripe.world import World

_VERBS = ["GET", "POST", "DELETE", "PUT", "PATCH"]


def application(world: World) -> Starlette:
    """The whole stand-in over one world."""
    world.acts[presenting.LAND] = presenting.land
    world.acts["refund fails"] = refunds.fail
    presenting.restore(world)
    own = Mount("/_sandbox", routes=[*screen.routes(world), *hosted.routes(world), *workshop.routes(world)])
    return Starlette(
        routes=[Route("/v1/{rest:path}", Door(world).answer, methods=_VERBS), own], lifespan=_lifespan(world)
    )


def _lifespan(world: World) -> Lifespan[Starlette]:
    @contextlib.asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def alarm(seconds: float) -> None:
            loop.call_soon_threadsafe(loop.call_later, seconds + 0.002, world.catch_up)

        world.alarm = alarm
        waiting = world.next_due()
        if waiting is not None:
            alarm(waiting)
        yield
        world.alarm = lambda seconds: None

    return alive
