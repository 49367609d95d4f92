"""Whose word the server takes for a visitor's address, and what it says of itself."""

import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pos.cli.server import config, listening
from pos.web.patience import neighbourhood


async def who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(neighbourhood(request))


@pytest.mark.parametrize(
    ("trusted", "counted"),
    [
        (["127.0.0.1"], "172.18.0.2"),  # a stranger may say what it likes
        ([], "172.18.0.2"),
        (["172.18.0.2"], "203.0.113.9"),
        (["127.0.0.1", "172.18.0.0/16"], "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_says_who_the_visitor_is(trusted: list[str], counted: str) -> None:
    served = config(Starlette(routes=[Route("/", who)]), trusted_proxies=trusted)
    served.load()
    web = TestClient(served.loaded_app, client=("172.18.0.2", 50000))
    # 198.51.100.1 is what the visitor wrote there; the proxy adds whom it really heard
    assert web.get("/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}).text == counted


def test_small_answers_leave_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio turns TCP's holding back off only for a socket that names TCP; 40 ms for every touch of a screen."""
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("HOST", "127.0.0.1")
    with listening() as place:
        assert place.line.proto == socket.IPPROTO_TCP


def test_the_server_does_not_say_what_it_is() -> None:
    assert config(Starlette(routes=[Route("/", who)]), trusted_proxies=[]).server_header is False
