"""What surrounds a request and its answer: the key, the version, the headers, and cutting a connection."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from pos.sandbox.stripe.errors import Thing, invalid, unauthorised
from pos.sandbox.stripe.known_differences import assumed

_VERSION: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\w+))?")
_OLDEST_SERVED: Final = "2026-09-30"


@dataclass(frozen=True)
class Answer:
    """What goes back: a status, a body as text, and the headers that say how it came about."""

    status: int
    body: str
    request_id: str
    version: str
    idempotency_key: str | None = None
    replay_of: str | None = None
    should_retry: bool | None = None

    def response(self) -> Response:
        """The answer as HTTP."""
        headers = {"Request-Id": self.request_id, "Stripe-Version": self.version, "Cache-Control": "no-store"}
        if self.idempotency_key is not None:
            headers["Idempotency-Key"] = self.idempotency_key
            headers["Original-Request"] = self.replay_of or self.request_id
        if self.replay_of is not None:
            headers["Idempotent-Replayed"] = "true"
        if self.should_retry is not None:
            headers["Stripe-Should-Retry"] = "true" if self.should_retry else "false"
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Stripe"'
        return Response(self.body, self.status, headers, media_type="application/json")


class Cut(Exception):
    """The connection is to be cut instead of answered."""


def check_key(header: str | None, *, api_key: str) -> None:
    """Raises 401 for a missing or foreign key, given as Bearer or as Basic with the key for a name."""
    given = _given_key(header)
    if given is None:
        raise unauthorised(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not hmac.compare_digest(given.encode(), api_key.encode()):
        raise unauthorised(f"Invalid API Key provided: {given[:8]}{'*' * 12}{given[-4:] if len(given) > 16 else ''}")


def version_of(header: str | None) -> str:
    """The version that serves a call. Raises 400 for one this stand-in does not speak."""
    if not header:
        return str(assumed("missing_version_header"))
    parts = _VERSION.fullmatch(header)
    if parts is None:
        raise invalid(f"Invalid Stripe API version: {header}")
    if parts[1] < _OLDEST_SERVED or parts[2] != "endive":
        raise invalid(f"This stand-in serves the endive versions since {_OLDEST_SERVED}, not {header}.")
    return header


def as_text(thing: Thing) -> str:
    """The body of an answer."""
    return json.dumps(thing, separators=(",", ":"))


async def cut_connection(request: Request) -> None:
    """Close the socket under a request without a byte of an answer.

    The server's transport is reached through the `receive` it gave us; no public way exists to hang up in ASGI.
    """
    transport = getattr(getattr(request.receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the connection was cut")
    transport.abort()
    message: Mapping[str, Any] = {}
    while message.get("type") != "http.disconnect":
        message = await request.receive()


def _given_key(header: str | None) -> str | None:
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or None
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0] or None
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None
