"""One scanner over every public door and everything it may answer: a new door without a row here fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from pos.books import receipts
from pos.models import Order, Part, PrintJob
from pos.paper import slips
from pos.people import devices
from pos.proof import certificate
from pos.shop import Shop
from pos.web import certificates, log_doors
from pos.web.doors import Doors
from tests.paper.house import SALE
from tests.web.conftest import open_doors

LABEL = "/01/09521234543213"
# door → (what is asked for, its status); a place in braces is filled from the shop that has just sold a piece.
ASKED: dict[str, list[tuple[str, int]]] = {
    "/stripe/webhook": [("POST /stripe/webhook", 400), ("GET /stripe/webhook", 405)],
    "/healthz": [("GET /healthz", 200)],
    "/01/{gtin}": [(f"GET {LABEL}", 200), ("GET /01/09521234543214", 404), (f"POST {LABEL}", 422)],
    "/01/{rest:path}": [
        ("GET {certificate}", 200),
        ("GET {certificate}&do=hand-over", 200),
        ("POST {certificate}&do=hand-over", 403),
        ("GET {altered}", 422),
        (f"GET {LABEL}/21/NC-PT950-012", 404),
    ],
    "/keys/{key_id}.pub": [("GET /keys/{key}.pub", 200), ("GET /keys/00000000.pub", 404)],
    "/log/checkpoint": [("GET /log/checkpoint", 200)],
    "/log/key": [("GET /log/key", 200)],
    "/log/entries": [("GET /log/entries", 200), ("GET /log/entries?first=x", 404)],
    "/log/proof/inclusion/{leaf}/{size}": [
        ("GET /log/proof/inclusion/0/1", 200),
        ("GET /log/proof/inclusion/8/9", 404),
    ],
    "/log/proof/consistency/{old}/{new}": [
        ("GET /log/proof/consistency/1/1", 200),
        ("GET /log/proof/consistency/9/1", 404),
    ],
    "/log/proof/certificate/{seal}": [("GET /log/proof/certificate/" + "0" * 64, 404)],
    "/link-paid": [("GET /link-paid", 200)],
    "/link-later": [("GET /link-later", 200)],
    "/enrol/{token}": [("GET /enrol/guess", 410), ("GET /enrol/{token}", 303), ("HEAD /enrol/guess", 204)],
    "/pictures": [("GET /pictures/notebook/media/none.webp", 404), ("GET /pictures/notebook/capsule.toml", 404)],
    "/dealers-notice/{boutique_id}": [
        ("GET /dealers-notice/demo", 404),
        ("GET /dealers-notice/nowhere", 404),
        ("POST /dealers-notice/demo", 405),
    ],
    "/fonts/engraver.ttf": [("GET /fonts/engraver.ttf", 200)],
    "/slips/{job_id}.png": [("GET /slips/guess.png", 404)],
    "/receipts/{link:path}": [
        ("GET {receipt}", 200),
        ("GET /receipts/guess", 404),
        ("GET /receipts/", 404),
        ("GET /receipts/a/b", 404),
        ("POST {receipt}", 405),
    ],
    "/reader-screen/{reader_id}": [("GET /reader-screen/tmr_1", 404)],
    "/reader-screen/{reader_id}/{word}": [("GET /reader-screen/tmr_1/present", 404)],
}
FOR_EVERYONE = ("/fonts/", "/keys/")  # a browser may keep what is no secret and names nobody
FRAMED = ("/reader-screen",)  # in our own pay page
CASES = [(asked, status) for cases in ASKED.values() for asked, status in cases]


def path_of(route: Any) -> str:
    return str(route.path)


def complaints(answer: Any, *, path: str, tls: bool = False) -> Iterator[str]:
    """What a scanner of headers would say of an answer."""
    headers = answer.headers
    yield from frame_and_scripts(headers.get("content-security-policy", ""), in_a_frame_of_ours=path.startswith(FRAMED))
    yield from freshness(answer, path)
    if headers.get("x-content-type-options") != "nosniff":
        yield "may be taken for another kind of file"
    if headers.get("referrer-policy") not in ("no-referrer", "same-origin"):
        yield "tells others its address"
    yield from (f"says what serves it: {name}" for name in ("server", "x-powered-by") if name in headers)
    if ("strict-transport-security" in headers) is not tls:
        yield "no HSTS" if tls else "HSTS where there is no TLS"


def frame_and_scripts(policy: str, *, in_a_frame_of_ours: bool) -> Iterator[str]:
    if in_a_frame_of_ours and "frame-ancestors 'self'" in policy:
        return
    for rule in ("frame-ancestors 'none'", "default-src 'none'"):
        if rule not in policy:
            yield f"no {rule}: {policy!r}"


def freshness(answer: Any, path: str) -> Iterator[str]:
    """A refusal is never kept by a browser, and of answers only what names nobody and is no secret."""
    personal = answer.status_code == 200 and not path.startswith(FOR_EVERYONE)
    cached = answer.headers.get("cache-control", "")
    if (personal or answer.status_code >= 400) and "no-store" not in cached:
        yield f"is kept by a browser: {cached!r}"


@pytest.fixture
def places(shop, sale) -> dict[str, str]:
    address = certificate.link(shop, sale.certify()).removeprefix("https://id.example.co")
    return {
        "certificate": address,
        "altered": address.replace("NC-PT950-012", "NC-PT950-013"),
        "key": shop.keys.key_id,
        "token": devices.issue(shop, boutique_id="demo", label="Till"),
        "receipt": f"/receipts/{receipt_of(shop)}",
    }


def receipt_of(shop: Shop) -> str:
    """The end of the address of a receipt of the sale; its paper is somewhere on its way."""
    with shop.jot() as tx:
        order = tx.get_one(Order, "order")
        written = receipts.write_down(tx, boutique_id="demo", order=order, part=Part.NOW, rows=[], at=shop.clock.now())
        facts = slips.plain(replace(SALE, receipt_no=written.number))
        tx.add(PrintJob(id="slip", kind="sales", order_id="order", facts=facts, queued_at=written.issued_at))
    return written.link or ""


def ask(web: TestClient, asked: str, places: dict[str, str]) -> tuple[str, Any]:
    method, path = asked.format(**places).split(" ", 1)
    return path, web.request(method, path)


def test_every_door_is_scanned(shop) -> None:
    """A door that is hung tomorrow has no row yet: it fails here until somebody has said what it may answer."""
    assert {path_of(route) for route in Doors(shop).routes} == set(ASKED)


@pytest.mark.parametrize(("asked", "status"), CASES, ids=[asked for asked, _ in CASES])
def test_each_answer_of_each_door_has_its_headers(web, places, asked: str, status: int) -> None:
    path, answer = ask(web, asked, places)
    assert answer.status_code == status
    assert list(complaints(answer, path=path)) == []


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("asked", [LABEL, "/01/09521234543214", "{certificate}", "{altered}"])
def test_a_program_s_answer_is_as_strict_as_a_person_s(web, places, asked: str, accept: str) -> None:
    path = asked.format(**places)
    assert list(complaints(web.get(path, headers={"Accept": accept}), path=path)) == []


@pytest.mark.parametrize(
    ("door", "most"),
    [(LABEL, certificates.A_MINUTE), ("/log/key", log_doors.A_MINUTE), ("{receipt}", certificates.A_MINUTE)],
)
def test_whoever_asks_too_often_is_told_so_with_the_same_headers(web, places, door: str, most: int) -> None:
    path = door.format(**places)
    answers = [web.get(path) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].headers["retry-after"]
    assert list(complaints(answers[-1], path=path)) == []


@pytest.fixture
def broken(shop) -> Callable[[], TestClient]:
    """The same doors, behind each of which something fails that nobody foresaw."""

    async def fails(_: Any) -> Any:
        raise ZeroDivisionError

    doors = Doors(shop)
    paths = [path_of(route) + ("/{rest:path}" if path_of(route) == "/pictures" else "") for route in doors.routes]
    routes = [Route(path, fails, methods=["GET", "POST"]) for path in [*paths, "/"]]
    app = Starlette(routes=routes, middleware=doors.middleware)
    return TestClient(app, base_url="https://id.example.co", follow_redirects=False, raise_server_exceptions=False)


@pytest.mark.parametrize("asked", [cases[0][0] for cases in ASKED.values()], ids=list(ASKED))
def test_what_nobody_foresaw_is_answered_with_the_same_headers(broken, places, asked: str) -> None:
    path, answer = ask(broken, asked, places)
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert list(complaints(answer, path=path)) == []


def test_a_screen_that_fails_says_so_calmly_in_the_visitor_s_tongue(broken) -> None:
    answer = broken.get("/", headers={"Accept-Language": "fr"})
    assert answer.status_code == 500
    assert "Une erreur de notre côté" in answer.text
    assert "frame-ancestors" in answer.headers["content-security-policy"]


def test_behind_tls_every_door_says_to_stay_there(shop, places) -> None:
    shop.settings = shop.settings.model_copy(update={"cookie_secure": True})
    with open_doors(shop) as web:
        for cases in ASKED.values():
            path, answer = ask(web, cases[0][0], places)
            assert list(complaints(answer, path=path, tls=True)) == [], path


def test_a_screen_stays_in_its_own_frame_and_an_unknown_address_is_not_kept(web) -> None:
    screen, unknown = web.get("/"), web.get("/nothing-of-ours")
    assert (screen.status_code, unknown.status_code) == (200, 404)
    for answer in (screen, unknown):
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert unknown.headers["cache-control"] == "no-store"
