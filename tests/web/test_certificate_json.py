"""Programs get the same as people: the schema in the docs says what, and each answer is held against it."""

import json

import jsonschema
import pytest
from limits import RateLimitItemPerMinute
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pos.books import audit
from pos.models import Capsule, Certificate, CertificateState
from pos.proof import certificate, hand_over
from pos.settings import HOUSE
from pos.web import certificates
from pos.web.certificate_json import wants_json
from tests.web.test_certificates import forged

SCHEMA = json.loads((HOUSE / "docs/certificate.schema.json").read_text())
JSON = {"Accept": "application/json"}


@pytest.fixture
def issued(sale):
    return sale.certify()


@pytest.fixture
def address(shop, issued):
    return certificate.link(shop, issued)


def ask(web, address):
    answer = web.get(address, headers=JSON)
    assert answer.headers["content-type"] == "application/json"
    jsonschema.validate(answer.json(), SCHEMA)
    return answer


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_program_gets_what_was_signed_and_what_became_of_it(web, shop, address, issued):
    answer = ask(web, address)
    told = answer.json()
    assert (answer.status_code, told["verdict"], told["standing"]) == (200, "valid", "valid")
    assert told["statement"] == {k: v for k, v in issued.statement.items() if k != "engraving_sha256"}
    assert told["house"] == "Vitrine"
    assert told["proves_the_metal"] is False
    assert web.get(told["key"]["url"]).status_code == 200
    assert web.get(told["log"]["url"]).json()["entries"][0]["entry"]["certificate"] == told["log"]["certificate"]


@pytest.mark.parametrize("state", ["returned", "voided"])
def test_it_hears_what_became_of_it(web, shop, address, issued, state):
    with shop.write() as tx:
        audit.record(tx, state, None, by="test")
        tx.get(Certificate, issued.id).state = CertificateState(state)
    assert ask(web, address).json()["standing"] == state


def test_a_transfer_is_a_moment_and_no_name(web, shop, address, issued):
    code, _ = hand_over.offer(shop, certificate_id=issued.id, short_code=issued.short_code)
    hand_over.confirm(shop, certificate_id=issued.id, code=code)
    told = ask(web, address).json()
    assert (told["standing"], told["transfers"]) == ("transferred", ["2026-11-23T10:00:00Z"])


def test_what_is_not_ours_has_no_statement(web, address):
    for bad, status, verdict in (
        (forged(), 404, "unknown"),
        (address.replace("-012", "-013"), 422, "altered"),
        (address.split("?")[0], 404, "unknown"),
    ):
        answer = ask(web, bad)
        assert (answer.status_code, answer.json()) == (status, {"verdict": verdict, "house": "Vitrine"})


def test_the_picture_says_what_it_is(web, shop, address):
    own = {"file": "media/marks.webp", "sku": "NC-PT950", "role": "hallmark", "kind": "render", "alt": {"en": "Marks"}}
    with shop.write() as tx:
        audit.record(tx, "pictures", None, by="test")
        tx.get(Capsule, "notebook").media = [own]
    picture = ask(web, address).json()["picture"]
    assert (picture["shows"], picture["kind"]) == ("marks", "render")


def test_nobody_is_named_and_nothing_is_priced(web, address, issued, sale):
    said = json.dumps(ask(web, address).json(), ensure_ascii=False)
    for private in ("ZOË", "145000", sale.order.code, issued.short_code, issued.statement["engraving_sha256"]):
        assert private not in said


@pytest.mark.parametrize(
    ("accept", "wished"),
    [
        ("application/json", True),
        ("application/json;q=0.9, text/html;q=0.1", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/html;q=0.9, application/json;q=0.5", False),
        ("*/*", False),
        ("", False),
        ("application/json;q=x", False),
        ("application/json;q=0", False),
    ],
)
def test_json_is_for_whoever_wishes_it(web, address, accept, wished):
    assert wants_json(accept) is wished
    kind = web.get(address, headers={"Accept": accept}).headers["content-type"]
    assert kind.startswith("application/json" if wished else "text/html")


def test_what_stands_between_knows_that_there_are_two_answers(web, address):
    assert web.get(address).headers["vary"] == web.get(address, headers=JSON).headers["vary"]
    assert "Accept" in web.get(address).headers["vary"]


def test_a_program_that_asks_too_often_or_finds_the_records_shut_is_told_so(shop, address):
    web = TestClient(Starlette(routes=certificates.routes(shop, rate=RateLimitItemPerMinute(1))))
    assert web.get(address, headers=JSON).status_code == 200
    waits = web.get(address, headers=JSON)
    assert (waits.status_code, waits.json(), waits.headers["retry-after"]) == (429, {"error": "too_often"}, "60")
    with shop.records.writing.begin() as breaking:
        breaking.exec_driver_sql("ALTER TABLE certificate RENAME TO lost")
    shut = TestClient(Starlette(routes=certificates.routes(shop))).get(address, headers=JSON)
    assert (shut.status_code, shut.json()) == (503, {"error": "closed"})
