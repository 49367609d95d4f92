"""The way of one request: key, version, idempotency, checks, locks, the act itself, the answer."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from pos.sandbox.stripe import expand, operations
from pos.sandbox.stripe.errors import Refused, Thing, broken, key_in_use, locked, other_params, too_many, unknown_url
from pos.sandbox.stripe.faults import Armed
from pos.sandbox.stripe.form import decode, typed
from pos.sandbox.stripe.idempotency import Answers, Kept
from pos.sandbox.stripe.operations import Operation
from pos.sandbox.stripe.settings import API_VERSION
from pos.sandbox.stripe.shelf import new_id
from pos.sandbox.stripe.transcript import Exchange
from pos.sandbox.stripe.wire import Answer, Cut, as_text, check_key, cut_connection, version_of
from pos.sandbox.stripe.world import Call, World

_log = logging.getLogger(__name__)
_STEP = 0.01  # seconds between two looks at a lock or at a card being authorised
_AT_THE_DOOR: Final[dict[str, Callable[[str], Refused]]] = {
    "rate_limit": lambda key: too_many(),
    "lock_timeout": lambda key: locked(),
    "key_in_use": key_in_use,
    "key_clash": other_params,
}


@dataclass
class Visit:
    """One request on its way through the door, and what was found out about it so far."""

    verb: str
    path: str
    query: str
    form: str
    request_id: str
    key: str | None
    version: str = API_VERSION
    route: str | None = None
    given: Thing = field(default_factory=dict)
    struck: list[str] = field(default_factory=list)
    holds_key: bool = False

    @property
    def what(self) -> str:
        """“VERB /path”, as faults are aimed."""
        return f"{self.verb} {self.path}"


class Door:
    """Answers every request under /v1."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answers = Answers(world)

    async def answer(self, request: Request) -> Response:
        """One request, answered or cut."""
        visit = Visit(
            verb=request.method,
            path=request.url.path,
            query=request.url.query,
            form=(await request.body()).decode("utf-8", "replace"),
            request_id=new_id("req"),
            key=request.headers.get("idempotency-key") if request.method == "POST" else None,
        )
        try:
            answer = await self._answer(visit, request)
        except Cut:
            self._note(visit, None)
            await cut_connection(request)
            return Response(status_code=500)  # never sent: nobody is there any more
        finally:
            if visit.holds_key and visit.key is not None:
                self._answers.end(visit.key)
        self._note(visit, answer)
        return answer.response()

    async def _answer(self, visit: Visit, request: Request) -> Answer:
        world = self._world
        try:
            check_key(request.headers.get("authorization"), api_key=world.api_key)
            visit.version = version_of(request.headers.get("stripe-version"))
            found = operations.find(visit.verb, visit.path)
            if found is None:
                raise unknown_url(visit.verb, visit.path)
            operation, ids = found
            visit.route = operation.path
            self._at_the_door(visit)
            visit.given = decode(visit.form if visit.verb == "POST" else visit.query)
            world.catch_up()
            if visit.key is not None:
                kept = self._answers.begin(visit.key, path=visit.path, given=visit.given)
                if kept is not None:
                    return Answer(
                        kept.status, kept.body, visit.request_id, visit.version, visit.key, replay_of=kept.request_id
                    )
                visit.holds_key = True
            call = Call(visit.verb, visit.path, typed(operation.takes, visit.given), ids, visit.request_id, visit.key)
            expand.check(operation.shows, call.params.get("expand") or [], listed=operation.listed)
        except Refused as refusal:
            return self._refusal(visit, refusal)
        return await self._locked(visit, operation, call)

    async def _locked(self, visit: Visit, operation: Operation, call: Call) -> Answer:
        given = {**call.params, **call.ids}
        ids = {str(given[name]) for name in operation.locks if given.get(name)}
        try:
            await self._hold(ids)
        except Refused as refusal:
            return self._refusal(visit, refusal)
        try:
            early = await self._suffer(visit, "key")
            answer = early or self._act(visit, operation, call)
        finally:
            self._world.let_go(ids)
        if early is None and operation.path.endswith("present_payment_method"):
            answer = await self._landed(visit, operation, call, answer)
        return await self._suffer(visit, "answer") or answer

    def _act(self, visit: Visit, operation: Operation, call: Call) -> Answer:
        with self._world.lock:
            try:
                thing = operation.run(self._world, call)
                body = expand.render(self._world, thing, paths=call.params.get("expand") or [])
                answer = self._plain(visit, 200, as_text(body))
                stored = True
            except Refused as refusal:
                answer, stored = self._refusal(visit, refusal), refusal.stored
            except Exception:
                _log.exception("the stand-in failed at %s", visit.what)
                answer, stored = self._refusal(visit, broken()), True
            if stored:
                self._keep(visit, answer)
            self._world.commit()
        return answer

    async def _landed(self, visit: Visit, operation: Operation, call: Call, answer: Answer) -> Answer:
        """The test helper answers when the outcome has landed."""
        reader = call.ids["reader"]
        if answer.status != 200:
            return answer
        while (self._world.shelf.find("reader_state", reader) or {}).get("authorising") is not None:
            await asyncio.sleep(_STEP)
            self._world.catch_up()
        with self._world.lock:
            thing = self._world.shelf.get("terminal.reader", reader, param="reader")
            body = expand.render(self._world, thing, paths=call.params.get("expand") or [])
            landed = self._plain(visit, 200, as_text(body))
            self._keep(visit, landed)
            self._world.commit()
        return landed

    # --- faults -------------------------------------------------------------------------------------------------

    def _strike(self, visit: Visit, stage: str) -> list[Armed]:
        struck = self._world.faults.strike_all(stage, visit.what)
        visit.struck += [fault.fault for fault in struck]
        return struck

    def _at_the_door(self, visit: Visit) -> None:
        for fault in self._strike(visit, "door"):
            raise _AT_THE_DOOR[fault.fault](visit.key or "")

    async def _suffer(self, visit: Visit, stage: str) -> Answer | None:
        """What goes wrong at a stage: nothing, a wait, a 500 in place of the answer, or a cut line."""
        for fault in self._strike(visit, stage):
            if fault.fault.startswith("socket_drop"):
                raise Cut
            if fault.fault.startswith("error_500"):
                return self._broken(visit, fault)
            await asyncio.sleep(float(fault.settings["seconds"]))
        return None

    def _broken(self, visit: Visit, fault: Armed) -> Answer:
        answer = self._refusal(visit, broken())
        with self._world.lock:
            if fault.settings["stored"]:
                self._keep(visit, answer)
            self._world.commit()
        return answer

    # --- small steps --------------------------------------------------------------------------------------------

    async def _hold(self, ids: set[str]) -> None:
        patience = self._world.settings.lock_wait
        while ids and not self._world.try_hold(ids):
            if patience <= 0:
                raise locked()
            await asyncio.sleep(_STEP)
            patience -= _STEP
            self._world.catch_up()

    def _plain(self, visit: Visit, status: int, body: str, *, should_retry: bool | None = None) -> Answer:
        return Answer(status, body, visit.request_id, visit.version, visit.key, should_retry=should_retry)

    def _refusal(self, visit: Visit, refusal: Refused) -> Answer:
        body = as_text(refusal.body(visit.request_id))
        return self._plain(visit, refusal.status, body, should_retry=refusal.should_retry)

    def _keep(self, visit: Visit, answer: Answer) -> None:
        if visit.key is not None:
            kept = Kept(answer.status, answer.body, answer.request_id)
            self._answers.keep(visit.key, path=visit.path, given=visit.given, answer=kept)

    def _note(self, visit: Visit, answer: Answer | None) -> None:
        self._world.transcript.exchange(
            Exchange(
                at=self._world.clock.now(),
                verb=visit.verb,
                path=visit.path,
                query=visit.query,
                form=visit.form,
                status=answer.status if answer else 0,
                answer=answer.body if answer else None,
                request_id=visit.request_id,
                route=visit.route,
                idempotency_key=visit.key,
                replayed=bool(answer and answer.replay_of),
                version=visit.version,
                faults=tuple(visit.struck),
            )
        )
