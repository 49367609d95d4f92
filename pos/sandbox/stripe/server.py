"""The stand-in as a running server on loopback: `start()` for the command line, the demo and the tests."""

import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from pos.sandbox.stripe import locations, presenting, readers
from pos.sandbox.stripe.app import application
from pos.sandbox.stripe.cards import VISA
from pos.sandbox.stripe.faults import Armed
from pos.sandbox.stripe.settings import Settings
from pos.sandbox.stripe.transcript import Transcript
from pos.sandbox.stripe.world import World

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_BOUTIQUE: Final = {
    "display_name": "Boutique (sandbox)",
    "address": {"line1": "1 Sample Row", "city": "London", "postal_code": "W1A 1AA", "country": "GB"},
}
_PATIENCE: Final = 10.0  # seconds for the server thread to come up or go down


@dataclass(frozen=True)
class ReaderInfo:
    """One reader of the sandbox."""

    id: str
    label: str
    location: str | None


@dataclass
class RunningStripe:
    """A stand-in that answers. stop() ends it; what it kept in its directory stays."""

    url: str
    world: World
    _server: uvicorn.Server
    _thread: threading.Thread

    @property
    def api_key(self) -> str:
        """The key every call must carry; made at random, the same for the same directory."""
        return self.world.api_key

    @property
    def webhook_secret(self) -> str:
        """What events are signed with; made at random, the same for the same directory."""
        return self.world.webhook_secret

    @property
    def readers(self) -> tuple[ReaderInfo, ...]:
        """The readers registered, oldest first."""
        with self.world.lock:
            kept = [reader for _, reader in self.world.shelf.items(readers.KIND)]
        return tuple(ReaderInfo(r["id"], r["label"], r["location"]) for r in kept)

    @property
    def transcript(self) -> Transcript:
        """What was said so far."""
        return self.world.transcript

    def reader(self, label: str) -> ReaderInfo:
        """The reader with a label. Raises KeyError."""
        for reader in self.readers:
            if reader.label == label:
                return reader
        raise KeyError(label)

    def screen_url(self, reader_id: str) -> str:
        """Where a reader is drawn."""
        return f"{self.url}/_sandbox/reader/{reader_id}"

    def listen(self, url: str) -> None:
        """Deliver signed events to an address from now on. Raises ValueError for an address that is none."""
        self.world.listen(url)

    def fault(
        self,
        name: str,
        *,
        on: str | None = None,
        times: int | None = 1,
        skip: int = 0,
        settings: Mapping[str, Any] | None = None,
    ) -> Armed:
        """Arm a fault; see faults.FaultBoard.set. Raises UnknownFault."""
        return self.world.faults.set(name, on=on, times=times, skip=skip, settings=settings)

    def clear_faults(self) -> int:
        """Disarm everything. Returns how many were armed."""
        return self.world.faults.clear()

    def present(self, reader_id: str, *, card: str = VISA, how: str = "tap", pin: bool = False) -> None:
        """Hold a card to a reader as a person would: how is tap, insert or phone, card a test number.

        Raises errors.Refused when nothing waits for a card.
        """
        with self.world.acting() as world:
            presenting.by_hand(world, reader_id, presenting.Gesture(card, how, pin=pin))

    def cancel_on_reader(self, reader_id: str) -> None:
        """Press cancel on a reader as a person would. Raises errors.Refused where there is no such button."""
        with self.world.acting() as world:
            presenting.cancel_by_hand(world, reader_id)

    def advance(self, *, seconds: float) -> None:
        """Push the stand-in's time forward and do what falls due."""
        self.world.clock.advance(seconds=seconds)
        self.world.catch_up()

    def stop(self) -> None:
        """Answer what is under way, then stop. Safe to call twice."""
        if not self._thread.is_alive():
            return
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        self.world.close()

    def __enter__(self) -> "RunningStripe":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    directory: Path | None = None,
    readers: Sequence[str] = ("Counter",),
    webhooks: Sequence[str] = (),
    settings: Settings | None = None,
) -> RunningStripe:
    """Start the stand-in in a thread of its own and return when it answers.

    port 0 takes any free one. readers are labels: one simulated reader each, found again by its label in a directory
    used before. webhooks are addresses for signed events. Without a directory everything is forgotten at the end.
    Raises ValueError for a host that is not loopback, OSError for a port in use.
    """
    if host not in _LOOPBACK:
        raise ValueError(f"the Stripe stand-in answers on this machine only, not on {host}")
    line = _listening(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{line.getsockname()[1]}"
    try:
        world = World(directory, settings=settings)
        world.address = address
        app = application(world)  # first: what fell due while nobody was here is done by acts that it brings along
        _furnish(world, readers)
    except BaseException:
        line.close()
        raise
    server, thread = _serving(app, line)
    running = RunningStripe(address, world, server, thread)
    for url in webhooks:
        running.listen(url)
    return running


def _serving(app: Starlette, line: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    config = uvicorn.Config(
        app,
        log_config=None,  # whoever starts it decides how to log
        log_level="warning",
        access_log=False,
        ws="none",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([line],), name="stripe stand-in", daemon=True)
    thread.start()
    _wait_until(server, thread)
    return server, thread


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's delay (40 ms an answer) off only where it is.
    line = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
        line.listen(256)
    except OSError:
        line.close()
        raise
    return line


def _furnish(world: World, labels: Sequence[str]) -> None:
    with world.acting():
        kept = [location for _, location in world.shelf.items(locations.KIND)]
        location = kept[0] if kept else locations.make(world, _BOUTIQUE)
        known = {reader["label"] for _, reader in world.shelf.items(readers.KIND)}
        for label in labels:
            if label not in known:
                readers.make(world, code="simulated-wpe", label=label, location=location["id"])


def _wait_until(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    for _ in range(int(_PATIENCE / 0.01)):
        if server.started:
            return
        if not thread.is_alive():
            break
        pause.wait(0.01)
    raise OSError("the Stripe stand-in did not come up")
