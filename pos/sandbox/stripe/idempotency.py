"""Idempotency keys: the first answer is kept and given again (docs.stripe.com/api/idempotent_requests)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from pos.sandbox.stripe.errors import Thing, invalid, key_in_use, other_endpoint, other_params
from pos.sandbox.stripe.known_differences import assumed
from pos.sandbox.stripe.world import World

LONGEST: Final = 255
KIND: Final = "answer"


@dataclass(frozen=True)
class Kept:
    """A first answer: its status, its body as it went out, and the request it was given to."""

    status: int
    body: str
    request_id: str


class Answers:
    """The keys in use and the answers kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._in_use: dict[str, str] = {}

    def begin(self, key: str, *, path: str, given: Thing) -> Kept | None:
        """Take a key, or return the answer it already has.

        Raises 400 idempotency_error for another request under the same key, 409 idempotency_key_in_use while the
        first has no answer yet.
        """
        if len(key) > LONGEST:
            raise invalid(f"Idempotency keys can only be up to {LONGEST} characters long.")
        if key in self._in_use:
            raise key_in_use(key)
        print_ = _fingerprint(given)
        kept = self._world.shelf.find(KIND, key)
        if kept is not None and self._world.clock.now() - kept["at"] > assumed("key_lifetime_hours") * 3600:
            self._world.shelf.drop(KIND, key)
            kept = None
        if kept is not None:
            if kept["path"] != path:
                raise other_endpoint(key, kept["path"])
            if kept["given"] != print_:
                raise other_params(key)
            return Kept(kept["status"], kept["body"], kept["request_id"])
        self._in_use[key] = path
        return None

    def end(self, key: str) -> None:
        """Give a key back without an answer: nothing had begun."""
        self._in_use.pop(key, None)

    def keep(self, key: str, *, path: str, given: Thing, answer: Kept) -> None:
        """Keep the first answer under its key."""
        self._world.shelf.put(
            KIND,
            key,
            {
                "path": path,
                "given": _fingerprint(given),
                "status": answer.status,
                "body": answer.body,
                "request_id": answer.request_id,
                "at": self._world.clock.now(),
            },
        )


def _fingerprint(given: Thing) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
