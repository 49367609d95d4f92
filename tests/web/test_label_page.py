"""The code on a shelf label leads to a page about the kind of piece, which certifies nothing and gives nothing away."""

import json
from datetime import timedelta

import jsonschema
import pytest
from limits import RateLimitItemPerMinute
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pos.models import Capsule, Variant
from pos.settings import HOUSE
from pos.web import certificates

ADDRESS = "/01/09521234543213"
JSON = {"Accept": "application/json"}
SCHEMA = json.loads((HOUSE / "docs/label.schema.json").read_text())


@pytest.fixture(autouse=True)
def shelf(sale):
    """The piece of the sale hangs in the shop, with its label."""


def test_a_label_says_what_hangs_there_and_that_it_certifies_nothing(web):
    answer = web.get(ADDRESS)
    assert answer.status_code == 200
    assert 'data-verdict="label"' in answer.text
    for words in ("Corner charm", "Notebook corner", "Platinum 950", "950 parts", "£1,450", "VAT included", "V&amp;T"):
        assert words in answer.text
    assert "An edition of 50" in answer.text
    assert "A label, and no certificate" in answer.text
    assert "Altered" not in answer.text


def test_it_speaks_french(web):
    answer = web.get(f"{ADDRESS}?lang=fr")
    for words in ("Pendentif coin", "Platine 950", "TVA comprise", "non un certificat"):
        assert words in answer.text


def test_a_program_gets_the_same(web):
    answer = web.get(ADDRESS, headers=JSON)
    jsonschema.validate(answer.json(), SCHEMA)
    said = answer.json()
    assert (said["price"], said["certifies"]) == ({"minor": 145_000, "currency": "gbp", "vat_included": True}, False)
    assert said["hallmark"]["en"].startswith("Sponsor’s mark V&T")


@pytest.mark.parametrize(
    "path", ["/01/09520000000011", "/01/09521234543214", "/01/9521234543213", "/01/x", "/01/%00", "/01/" + "1" * 400]
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_number_of_nothing_is_said_in_words_and_never_altered(web, path, accept):
    answer = web.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert "ltered" not in answer.text
    assert ("no piece with this number" in answer.text) or answer.json() == {"error": "unknown"}


def test_what_is_not_on_show_yet_or_any_more_is_not_told(web, shop, clock):
    with shop.jot() as tx:
        tx.get_one(Capsule, "notebook").opens_at = clock.now() + timedelta(days=9)
    assert web.get(ADDRESS).status_code == 404
    with shop.jot() as tx:
        tx.get_one(Capsule, "notebook").opens_at = clock.now()
        tx.get_one(Variant, "NC-PT950").retired = True
    assert web.get(ADDRESS).status_code == 404


def test_it_is_as_patient_and_as_strict_as_a_certificate_s_page(shop, web, sale):
    strict = web.get(ADDRESS).headers
    assert strict["cache-control"] == "no-store"
    assert strict["content-security-policy"].startswith("default-src 'none'")
    assert strict["vary"] == "Accept, Accept-Language"
    with TestClient(Starlette(routes=certificates.routes(shop, rate=RateLimitItemPerMinute(2)))) as impatient:
        codes = [impatient.get(ADDRESS).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
