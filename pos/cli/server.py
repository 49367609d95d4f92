"""The one process that serves the shop: where it listens, how it starts and stops."""

import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from pos.errors import SettingsWrong
from pos.settings import HOUSE

CLOSING_SECONDS = 4  # how long requests under way are waited for when the shop closes


@dataclass(frozen=True)
class Place:
    """Where the shop listens."""

    host: str
    line: socket.socket

    @property
    def port(self) -> int:
        """The port, also where a free one was asked for with 0."""
        return int(self.line.getsockname()[1])

    @property
    def open_to_the_network(self) -> bool:
        """Whether other machines reach it."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def here(self) -> str:
        """Its address on this machine."""
        return f"http://127.0.0.1:{self.port}" if self._anywhere else self._url(self.host)

    @property
    def address(self) -> str:
        """Its address for whoever may reach it."""
        return self._url(_network_address()) if self._anywhere else self._url(self.host)

    @property
    def _anywhere(self) -> bool:
        return self.host in ("0.0.0.0", "::")  # noqa: S104 (asked for by name)

    def _url(self, host: str) -> str:
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@contextmanager
def listening() -> Iterator[Place]:
    """Take the place named by HOST and PORT before anything else is begun. Raises SettingsWrong where it is taken."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8501"
    if not port.isdecimal() or int(port) > 65535:
        raise SettingsWrong("PORT", f"{port!r} is no port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        line = socket.socket(family, kind, protocol)  # TCP by name: else asyncio holds small answers back, 40 ms each
    except OSError as trouble:
        raise SettingsWrong("HOST", f"{host!r} is no address of this machine ({trouble})") from None
    with line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(address)
            line.listen(512)  # before the rest: a second start must be told at once
        except OSError as trouble:
            raise SettingsWrong("PORT", f"{host}:{port} cannot be used ({trouble.strerror}); try PORT=8502") from None
        yield Place(host, line)


def config(app: ASGIApp | str, *, trusted_proxies: Sequence[str]) -> uvicorn.Config:
    """How the shop is served; only a trusted proxy is believed when it says who the visitor is (X-Forwarded-For)."""
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,  # as Streamlit's own server has it: squeezing small messages takes time
        server_header=False,  # what serves the shop, and in which version, is nobody's business
        timeout_graceful_shutdown=CLOSING_SECONDS,
        forwarded_allow_ips=",".join(trusted_proxies),
    )


def serve(place: Place, *, trusted_proxies: Sequence[str], opened: Callable[[], None]) -> int:
    """Serve `app:app` until stopped; `opened` is called once it answers. Says the exit code."""
    os.chdir(HOUSE)  # Streamlit reads .streamlit/config.toml from here
    server = _Server(config("app:app", trusted_proxies=trusted_proxies), opened=opened)
    # After a clean stop uvicorn raises the signal again: then it must not end the process before the rest is put away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run(sockets=[place.line])
    except KeyboardInterrupt:
        return 0
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, opened: Callable[[], None]) -> None:
        super().__init__(config)
        self._opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._opened()


def _network_address() -> str:
    """The address other machines of this network reach this one at; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): the route there begins at our own address
            return str(asking.getsockname()[0])
        except OSError:
            return "127.0.0.1"
