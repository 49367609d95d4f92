"""Anyone opens the page of a certificate; nobody learns from it what the shop has."""

import base64
import hashlib
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from limits import RateLimitItemPerMinute
from sqlalchemy import event
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pos.books import audit
from pos.models import Capsule, Certificate, CertificateState
from pos.proof import certificate, links, verify
from pos.proof.keys import key_name
from pos.proof.statement import sealed_words
from pos.web import certificates
from pos.words import part_of


@pytest.fixture
def address(shop, sale):
    """The address in the QR code of the piece that was sold."""
    return certificate.link(shop, sale.certify())


def verdict(answer):
    return re.search(r'data-verdict="(\w+)"', answer.text)[1]


def forged(**given):
    """An address somebody signed with a key of their own."""
    private = Ed25519PrivateKey.generate()
    words = {"gtin": "09521234543213", "serial": "NC-PT950-012", "digest": bytes(16)} | given
    key_id = words.pop("key_id", key_name(private.public_key()))
    seal = links.Seal(key_id=key_id, digest=words["digest"], signature=private.sign(sealed_words(**words)))
    return links.build("https://id.example.co", gtin=words["gtin"], serial=words["serial"], seal=seal)


def test_a_true_certificate_shows_its_piece(web, address):
    answer = web.get(address)
    assert (answer.status_code, verdict(answer)) == (200, "valid")
    for words in ("Corner charm", "Number 12 of 50", "Platinum 950", "950 parts in a thousand", "5.8 g", "V&amp;T"):
        assert words in answer.text
    assert "NC-PT950-012" in answer.text
    assert "22 November 2026, Lantern Arcade" in answer.text


def test_it_says_what_it_does_not_prove(web, address):
    assert "does not prove the metal" in web.get(address).text


def test_nobody_is_named_and_nothing_is_priced(web, address, sale):
    page = re.sub(r"s=[0-9A-Z.]+", "", web.get(address).text)  # a signature may spell anything
    for private in ("ZOË", "NOX", "1450", "145000", "1,450", sale.order.code):
        assert private not in page
    with sale.shop.read() as look:
        kept = look.get(Certificate, _only_id(look))
        assert kept.short_code not in page
        assert kept.statement["engraving_sha256"] not in page


def test_the_digest_of_the_confirmed_drawing_is_there_to_be_compared(web, address):
    page = web.get(address).text
    assert "2 lines, cut to order" in page
    assert " ".join(["5eed5eed"] * 8) in page


def _only_id(look):
    return look.exec(select(Certificate.id)).one()


def test_it_speaks_french_when_asked(web, address):
    for answer in (
        web.get(address + "&lang=fr"),
        web.get(address, headers={"Accept-Language": "de, fr;q=0.8, en;q=0.5"}),
    ):
        assert '<html lang="fr"' in answer.text
        assert "Pendentif coin" in answer.text
        assert "Numéro 12 sur 50" in answer.text
        assert "5,8" in answer.text
        assert "22 novembre 2026" in answer.text


@pytest.mark.parametrize("wishes", ["", "de", "*", "en;q=x, fr;q=y", "," * 500, "en-GB,fr;q=0.9"])
def test_it_speaks_english_otherwise(web, address, wishes):
    assert '<html lang="en"' in web.get(address, headers={"Accept-Language": wishes}).text


def test_the_other_language_is_the_same_certificate(web, address):
    page = web.get(address).text
    other = re.search(r'<a href="(\?s=[^"]*lang=fr)"', page)[1].replace("&amp;", "&")
    assert verdict(web.get(address.split("?")[0] + other)) == "valid"


@pytest.mark.parametrize(
    ("was", "made"), [("NC-PT950-012", "NC-PT950-013"), ("09521234543213", "09521234543220"), ("?s=", "?s=A")]
)
def test_a_changed_address_is_altered(web, address, was, made):
    answer = web.get(address.replace(was, made))
    assert (answer.status_code, verdict(answer)) == (422, "altered")
    assert "Platinum" not in answer.text


def test_another_signature_is_altered(web, address):
    other = "B" if address[-40] == "A" else "A"
    assert verdict(web.get(address[:-40] + other + address[-39:])) == "altered"


def test_another_houses_certificate_is_unknown(web, address):
    answer = web.get(forged())
    assert (answer.status_code, verdict(answer)) == (404, "unknown")


def test_an_address_without_a_signature_is_unknown_even_for_a_piece_we_sold(web, address):
    assert verdict(web.get(address.split("?")[0])) == "unknown"


def test_what_we_signed_but_do_not_know_is_unknown(web, shop, sale):
    digest = bytes(16)
    words = sealed_words(gtin="09521234543213", serial="NC-PT950-049", digest=digest)
    seal = links.Seal(key_id=shop.keys.key_id, digest=digest, signature=shop.keys.private.sign(words))
    lost = links.build("https://id.example.co", gtin="09521234543213", serial="NC-PT950-049", seal=seal)
    assert verdict(web.get(lost)) == "unknown"


def test_records_that_were_tampered_with_are_altered(web, shop, address):
    with shop.write() as tx:
        audit.record(tx, "tampered", None, by="test")
        kept = tx.get(Certificate, _only_id(tx))
        kept.statement = {**kept.statement, "metal": {"en": "Pure gold", "fr": "Or pur"}}
    answer = web.get(address)
    assert verdict(answer) == "altered"
    assert "Pure gold" not in answer.text


def test_a_forger_gets_one_answer_whether_the_number_was_sold_or_not(web, shop, address):
    sold, unsold = (web.get(forged(serial=serial, key_id=shop.keys.key_id)) for serial in ("NC-PT950-012", "X-1"))
    assert sold.text.replace("NC-PT950-012", "") == re.sub(r"s=[^&]*", _seal(sold), unsold.text)
    assert verdict(sold) == verdict(unsold) == "altered"


def _seal(answer):
    return re.search(r"s=[^&]*", answer.text)[0]


def test_an_unsigned_address_never_reaches_the_records(web, shop, address):
    asked = []
    event.listen(shop.records.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    for bad in (forged(), forged(key_id=shop.keys.key_id), address.split("?")[0]):
        web.get(bad)
    assert asked == []
    web.get(address)
    assert asked


@pytest.mark.parametrize(("state", "words"), [("returned", "Returned"), ("voided", "Void")])
def test_it_says_what_became_of_the_piece(web, shop, address, state, words):
    with shop.write() as tx:
        audit.record(tx, state, None, by="test")
        tx.get(Certificate, _only_id(tx)).state = CertificateState(state)
    answer = web.get(address)
    assert (verdict(answer), f'data-state="{state}"' in answer.text) == ("valid", True)
    assert f"<b>{words}</b>" in answer.text


def test_the_page_of_a_returned_certificate_does_not_say_whether_the_piece_was_sold_again(web, shop, sale, address):
    with shop.write() as tx:
        audit.record(tx, "refund", sale.order.code, by="test")
        certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
    lying_here = web.get(address).text
    again = certificate.link(shop, sale.certify())
    assert web.get(address).text == lying_here
    assert "no longer stands for it" in lying_here
    assert 'data-state="valid"' in web.get(again).text


@pytest.mark.parametrize(
    ("role", "kind", "said"),
    [
        ("hallmark", "render", "marks on a piece of this design. A drawing made by computer"),
        ("hallmark", "photograph", "The marks on a piece of this design.</figcaption>"),
        ("hero", "render", "A piece of this design. A picture made by computer"),
    ],
)
def test_the_picture_says_what_it_is(web, shop, address, role, kind, said):
    own = {"file": "media/marks.webp", "sku": "NC-PT950", "role": role, "kind": kind, "alt": {"en": "Three marks"}}
    other = {**own, "file": "media/other.webp", "sku": "NC-VM", "role": "hallmark"}
    with shop.write() as tx:
        audit.record(tx, "pictures", None, by="test")
        tx.get(Capsule, "notebook").media = [other, own]
    page = web.get(address).text
    assert '<img src="/pictures/notebook/media/marks.webp" alt="Three marks">' in page
    assert "other.webp" not in page
    assert said in page


def test_the_swatch_of_its_metal_stands_beside_its_name(web, shop, sale, address):
    swatch = {"file": "media/s.webp", "role": "swatch", "kind": "render", "alt": {"en": "Close to"}}
    mark = '<img class="swatch" src="/pictures/notebook/media/{}.webp" alt="">'
    assert 'class="swatch"' not in web.get(address).text
    with shop.write() as tx:
        audit.record(tx, "pictures", None, by="test")
        tx.get(Capsule, "notebook").media = [
            {**swatch, "material": "VERMEIL"},
            {**swatch, "material": sale.variant.material_id, "file": "media/platinum.webp"},
        ]
    page = web.get(address).text
    assert f"{mark.format('platinum')}Platinum 950<small>" in page
    assert mark.format("s") not in page


@pytest.mark.parametrize(
    ("hallmark", "said"),
    [
        ({"status": "exempt", "fineness": 925}, "lighter than the weight"),
        ({"status": "planned", "fineness": 950}, "before the piece is handed over"),
        (
            {
                "status": "hallmarked",
                "sponsor": "VTN",
                "fineness": 950,
                "office": "O",
                "convention": True,
                "symbol": "orb",
            },
            "Sponsor’s mark VTN, fineness mark 950, assay office O, symbol: orb, Common Control Mark.",
        ),
    ],
)
def test_the_marks_are_told_as_recorded(web, shop, sale, hallmark, said):
    sale.variant.hallmark = hallmark
    assert said in web.get(certificate.link(shop, sale.certify())).text


def test_names_cannot_smuggle_anything_into_the_page(web, shop, sale):
    sale.variant.name = {"en": "<script>alert(1)</script>", "fr": "<b>"}
    page = web.get(certificate.link(shop, sale.certify())).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_may_run_nothing_and_stays_out_of_frames_and_searches(web, address):
    headers = web.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]
    assert "set-cookie" not in headers


def test_the_style_sheet_is_the_one_the_policy_knows(web, address):
    answer = web.get(address)
    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text


def test_whoever_asks_too_often_waits(shop, address):
    app = Starlette(routes=certificates.routes(shop, rate=RateLimitItemPerMinute(3)))
    first, second = TestClient(app, client=("198.51.100.1", 1)), TestClient(app, client=("198.51.100.2", 1))
    assert [first.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = first.get(address)
    assert refused.headers["retry-after"] == "60"
    assert part_of("web", "certificate")["en"]["too_often"] in refused.text
    assert second.get(address).status_code == 200


def test_a_household_is_counted_once(shop, address):
    app = Starlette(routes=certificates.routes(shop, rate=RateLimitItemPerMinute(1)))
    same, also, other = (TestClient(app, client=(host, 1)) for host in ("2001:db8::1", "2001:db8::2", "2001:db8:1::1"))
    assert [one.get(address).status_code for one in (same, also, other)] == [200, 429, 200]


def test_on_a_server_of_both_families_each_ipv4_visitor_counts_alone(shop, address):
    app = Starlette(routes=certificates.routes(shop, rate=RateLimitItemPerMinute(1)))
    first, second = (TestClient(app, client=(f"::ffff:203.0.113.{last}", 1)) for last in (7, 8))
    assert [one.get(address).status_code for one in (first, first, second)] == [200, 429, 200]


def test_records_that_cannot_be_reached_prove_nothing_either_way(web, shop, address):
    with shop.records.writing.begin() as breaking:
        breaking.exec_driver_sql("ALTER TABLE certificate RENAME TO lost")
    answer = web.get(address)
    assert answer.status_code == 503
    assert "may be perfectly good" in answer.text


def test_anyone_may_have_the_public_key_and_nobody_the_private_one(web, shop, tmp_path, address):
    answer = web.get(f"/keys/{shop.keys.key_id}.pub")
    assert answer.status_code == 200
    assert verify.verify_offline(address, key=answer.text.strip()).valid
    for path in (f"/keys/{shop.keys.key_id}.key", "/keys/current.pub", "/keys/..%2Fcurrent.pub", "/keys/00000000.pub"):
        assert web.get(path).status_code == 404
