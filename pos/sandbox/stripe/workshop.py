"""The sandbox's own door, never under /v1: faults, webhooks, time, the transcript, and who is who."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pos.sandbox.stripe import readers
from pos.sandbox.stripe.faults import FAULTS, UnknownFault
from pos.sandbox.stripe.known_differences import KNOWN_DIFFERENCES
from pos.sandbox.stripe.world import World

_Handler = Callable[[Request], Awaitable[Response]]


def routes(world: World) -> list[Route]:
    """Every path of the sandbox's own door."""
    return [
        Route("/info", _info(world)),
        Route("/faults", _faults(world), methods=["GET", "POST", "DELETE"]),
        Route("/faults/{key}", _one_fault(world), methods=["DELETE"]),
        Route("/webhooks", _webhooks(world), methods=["GET", "POST", "DELETE"]),
        Route("/clock", _clock(world), methods=["GET", "POST"]),
        Route("/transcript", _transcript(world), methods=["GET", "DELETE"]),
        Route("/known_differences", _differences),
    ]


def _info(world: World) -> _Handler:
    async def info(request: Request) -> Response:
        with world.lock:
            shown = [
                {"id": reader["id"], "label": reader["label"], "location": reader["location"]}
                for _, reader in world.shelf.items(readers.KIND)
            ]
        return JSONResponse({"url": str(request.base_url).rstrip("/"), "readers": shown})

    return info


def _faults(world: World) -> _Handler:
    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            return JSONResponse({"cleared": world.faults.clear()})
        if request.method == "POST":
            try:
                return JSONResponse(_arm(world, await _object(request)), 201)
            except (UnknownFault, ValueError, TypeError) as trouble:
                return JSONResponse({"error": str(trouble)}, 400)
        table = [
            {"fault": f.name, "stage": f.stage, "says": f.says, "settings": dict(f.settings)} for f in FAULTS.values()
        ]
        return JSONResponse({"faults": table, "armed": [a.as_dict() for a in world.faults.armed()]})

    return faults


def _arm(world: World, wish: dict[str, Any]) -> dict[str, Any]:
    foreign = set(wish) - {"fault", "on", "times", "skip", "settings"}
    if foreign or "fault" not in wish:
        raise ValueError("a fault takes: fault, on, times, skip, settings")
    times = wish.get("times", 1)
    if times is not None and (not isinstance(times, int) or times < 1):
        raise ValueError("times is a whole number from 1, or null for “until cleared”")
    armed = world.faults.set(
        str(wish["fault"]),
        on=wish.get("on"),
        times=times,
        skip=int(wish.get("skip", 0)),
        settings=wish.get("settings"),
    )
    return armed.as_dict()


def _one_fault(world: World) -> _Handler:
    async def one(request: Request) -> Response:
        cleared = world.faults.clear(request.path_params["key"])
        return JSONResponse({"cleared": cleared}, 200 if cleared else 404)

    return one


def _webhooks(world: World) -> _Handler:
    async def webhooks(request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"urls": world.post.urls})
        wish = await _object(request)
        try:
            if request.method == "POST":
                world.listen(str(wish.get("url", "")))
            else:
                world.post.remove(str(wish.get("url", "")))
        except ValueError as trouble:
            return JSONResponse({"error": str(trouble)}, 400)
        return JSONResponse({"urls": world.post.urls})

    return webhooks


def _clock(world: World) -> _Handler:
    async def clock(request: Request) -> Response:
        if request.method == "POST":
            wish = await _object(request)
            try:
                world.clock.advance(seconds=float(wish["advance"]))
            except (KeyError, TypeError, ValueError):
                return JSONResponse({"error": "give {“advance”: seconds}, not negative"}, 400)
            world.catch_up()
        return JSONResponse({"now": world.clock.now()})

    return clock


def _transcript(world: World) -> _Handler:
    async def transcript(request: Request) -> Response:
        if request.method == "DELETE":
            world.transcript.clear()
        return JSONResponse(world.transcript.as_dict())

    return transcript


async def _differences(_request: Request) -> Response:
    rows = [
        {"key": row.key, "question": row.question, "assumed": row.assumed, "because": row.because}
        for row in KNOWN_DIFFERENCES.values()
    ]
    return JSONResponse({"known_differences": rows})


async def _object(request: Request) -> dict[str, Any]:
    try:
        wish = await request.json()
    except ValueError:
        return {}
    return wish if isinstance(wish, dict) else {}
