"""The log of certificates, open to everyone: its signed head, its entries, and proofs anyone checks without us."""

import base64
import re
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pos.errors import RecordsTrouble, Unknown
from pos.proof import certificate_log, signed_note
from pos.shop import Shop
from pos.web.patience import Patience

A_MINUTE = 120  # questions from one address: a witness that follows the log asks once for many entries
AT_MOST = 1000  # entries an answer
OPEN = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
_SEAL = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,9}")

Look = Callable[[Shop, Session, Request], Response]


def routes(shop: Shop) -> list[BaseRoute]:
    """`/log/checkpoint`, `/log/key`, `/log/entries`, `/log/proof/…`."""
    patience = Patience(RateLimitItemPerMinute(A_MINUTE))

    def door(path: str, look: Look) -> Route:
        async def asked(request: Request) -> Response:
            if patience.is_over(request):
                answer: Response = _no("too_often", 429)
                answer.headers["Retry-After"] = "60"
                return answer
            try:
                return await run_in_threadpool(_looked, shop, request, look)
            except Unknown:
                return _no("unknown", 404)
            except RecordsTrouble:
                return _no("closed", 503)

        return Route(path, asked)

    return [
        door("/log/checkpoint", _checkpoint),
        door("/log/key", _key),
        door("/log/entries", _entries),
        door("/log/proof/inclusion/{leaf}/{size}", _inclusion),
        door("/log/proof/consistency/{old}/{new}", _consistency),
        door("/log/proof/certificate/{seal}", _certificate),
    ]


def _looked(shop: Shop, request: Request, answer: Look) -> Response:
    with shop.read() as look:
        said = answer(shop, look, request)
    said.headers.update(OPEN)
    return said


def _checkpoint(shop: Shop, look: Session, request: Request) -> Response:
    """The signed head, as a C2SP note."""
    return PlainTextResponse(certificate_log.note_now(look, shop.keys))


def _key(shop: Shop, look: Session, request: Request) -> Response:
    """The keys that sign heads, as tools that check notes take them; that of today first."""
    head = certificate_log.head_of(look)
    if head is None:
        raise Unknown("log", "empty")
    keys = sorted(shop.keys.public.items(), key=lambda one: one[0] != shop.keys.key_id)
    return PlainTextResponse("".join(f"{signed_note.verifier_key(head.origin, key)}\n" for _, key in keys))


def _entries(shop: Shop, look: Session, request: Request) -> Response:
    """`?first=&past=`: entries by their numbers, at most a thousand."""
    first = _number(request.query_params.get("first", "0"))
    past = min(_number(request.query_params.get("past", str(first + AT_MOST))), first + AT_MOST)
    found = certificate_log.entries(look, first=first, past=past)
    return JSONResponse({"first": first, "entries": [certificate_log.published(one) for one in found]})


def _inclusion(shop: Shop, look: Session, request: Request) -> Response:
    leaf, size = (_number(request.path_params[name]) for name in ("leaf", "size"))
    return _proof(certificate_log.inclusion(look, leaf=leaf, size=size), leaf=leaf, size=size)


def _consistency(shop: Shop, look: Session, request: Request) -> Response:
    old, new = (_number(request.path_params[name]) for name in ("old", "new"))
    return _proof(certificate_log.consistency(look, old=old, new=new), old=old, new=new)


def _certificate(shop: Shop, look: Session, request: Request) -> Response:
    """Everything the log says of one certificate, each proven against the head of now."""
    seal = request.path_params["seal"]
    found = certificate_log.entries_of(look, seal=seal) if _SEAL.fullmatch(seal) else []
    head = certificate_log.head_of(look)
    if not found or head is None:
        raise Unknown("certificate", seal[:64])
    told = [
        {
            "leaf": one.leaf,
            "entry": certificate_log.published(one),
            "proof": _written(certificate_log.inclusion(look, leaf=one.leaf, size=head.size)),
        }
        for one in found
    ]
    return JSONResponse({"checkpoint": certificate_log.note_of(head, shop.keys), "entries": told})


def _proof(hashes: list[bytes], **of: int) -> Response:
    return JSONResponse({**of, "proof": _written(hashes)})


def _written(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]


def _number(words: str) -> int:
    if not _NUMBER.fullmatch(words):
        raise Unknown("entry", words[:20])
    return int(words)


def _no(why: str, status: int) -> Response:
    return JSONResponse({"error": why}, status, headers=OPEN)
