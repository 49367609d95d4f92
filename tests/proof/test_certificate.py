"""The house states what a piece is, once, and signs it."""

import json

import pytest
import qrcode
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from pos.books import audit
from pos.models import Boutique, Certificate, CertificateState
from pos.proof import certificate, verify
from pos.proof.keys import KeyRing, public_keys
from pos.proof.statement import digest, quickly


def test_a_sold_piece_gets_a_certificate_that_the_public_key_alone_verifies(sale, shop):
    address = certificate.link(shop, sale.certify())
    verdict = verify.verify_offline(address, key=shop.settings.keys)
    assert verdict.valid
    assert (verdict.gtin, verdict.serial) == ("09521234543213", "NC-PT950-012")


def test_the_statement_says_what_the_piece_is(sale):
    said = sale.certify().statement
    assert (said["number"], said["edition_size"]) == (12, 50)
    assert (said["fineness"], said["weight_mg"]) == (950, 5800)
    assert said["metal"]["fr"] == "Platine 950"
    assert said["hallmark"]["sponsor"] == "V&T"
    assert said["issued_on"] == "2026-11-22"
    assert said["issuer"] == "Lantern Arcade"


def test_the_date_is_the_boutiques_own(sale, shop):
    with shop.write() as tx:
        audit.record(tx, "boutique moved", "demo", by="test")
        tx.get(Boutique, "demo").zone = "Europe/Paris"
    assert sale.certify().statement["issued_on"] == "2026-11-23"


def test_neither_price_nor_engraved_words_are_stated(sale):
    words = json.dumps(sale.certify().statement, ensure_ascii=False)
    assert "ZOË" not in words
    assert "145000" not in words


def test_whoever_holds_the_paper_can_show_that_its_words_are_the_stated_ones(sale):
    issued = sale.certify()
    stated = issued.statement["engraving_sha256"]
    assert certificate.engraving_digest(["ZOË & NOX", "2026"], short_code=issued.short_code) == stated
    assert certificate.engraving_digest(["ZOE & NOX", "2026"], short_code=issued.short_code) != stated
    assert certificate.engraving_digest(["ZOË & NOX", "2026"], short_code="AAAA-AAAA") != stated


def test_a_piece_without_engraving_states_none(sale):
    sale.line.engraving = []
    said = sale.certify().statement
    assert (said["engraved_lines"], said["engraving_sha256"]) == (0, "")


def test_a_piece_has_one_original_certificate(sale):
    sale.certify()
    with pytest.raises(IntegrityError):
        sale.certify()


def come_back(sale) -> list[str]:
    """The piece comes back, as a refund writes it."""
    with sale.shop.write() as tx:
        serials = certificate.returned(tx, piece_ids=[sale.piece.id], order_id=sale.order.id)
        audit.record(tx, "refund", sale.order.code, by="test", certificates=serials)
    return serials


def test_a_piece_that_came_back_and_is_sold_again_has_a_certificate_of_its_own(sale, shop):
    first = sale.certify()
    assert come_back(sale) == ["NC-PT950-012"]
    again = sale.certify()
    assert again.serial == "NC-PT950-012-2"
    with shop.read() as look:
        kept = {one.serial: one.state for one in look.exec(select(Certificate))}
    assert kept == {"NC-PT950-012": CertificateState.RETURNED, "NC-PT950-012-2": CertificateState.VALID}
    verdicts = [verify.verify_offline(certificate.link(shop, one), key=shop.settings.keys) for one in (first, again)]
    assert [one.valid for one in verdicts] == [True, True], "a signature stays what it is; the page knows the rest"


def test_only_a_valid_certificate_of_this_order_comes_back_and_only_once(sale):
    sale.certify()
    with sale.shop.write() as tx:
        audit.unchanged(tx)
        assert certificate.returned(tx, piece_ids=[sale.piece.id], order_id="another") == []
    assert come_back(sale) == ["NC-PT950-012"]
    assert come_back(sale) == []


def test_the_address_is_the_same_each_time_it_is_made(sale, shop):
    issued = sale.certify()
    assert certificate.link(shop, issued) == certificate.link(shop, issued)


def test_the_statement_survives_the_records_word_for_word(sale, shop):
    issued = sale.certify()
    with shop.read() as look:
        kept = look.get(Certificate, issued.id)
        assert kept is not issued
        assert digest(kept.statement) == digest(issued.statement)
        assert certificate.link(shop, kept) == certificate.link(shop, issued)


def test_an_old_certificate_verifies_after_the_signing_key_was_replaced(sale, shop, tmp_path):
    address = certificate.link(shop, sale.certify())
    folder = shop.settings.keys
    (folder / "current").unlink()
    ring = KeyRing.open(folder)
    assert ring.key_id != shop.keys.key_id
    assert verify.check(address, ring.public).valid
    assert len(public_keys(folder)) == 2


@pytest.mark.parametrize("origin", ["https://id.example.co", "https://id.example.co.uk", "http://127.0.0.1:8501"])
def test_the_code_on_paper_is_no_finer_than_version_8(sale, shop, origin):
    address = certificate.link(shop, sale.certify()).replace("https://id.example.co", origin)
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(address)
    code.make(fit=True)
    assert code.version <= 8


def test_a_long_sku_gives_way_in_the_serial():
    assert certificate.serial_of("NC-VM", number=7) == "NC-VM-007"
    assert certificate.serial_of("OWNER-AND-PET-TAG-LARGE", number=120) == "OWNER-AND-PET-TA-120"
    assert certificate.serial_of("OWNER-AND-PET-TAG-LARGE", number=120, issue=2) == "OWNER-AND-PET--120-2"


def test_a_fraction_is_never_signed():
    with pytest.raises(TypeError):
        certificate.plain({"weight_g": 5.8})
    assert rfc8785.dumps(certificate.plain({"b": [1, True], "a": None})) == b'{"b":[1,true]}'


@settings(deadline=None)
@given(
    st.recursive(
        st.text(st.characters(codec="utf-8")) | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans(),
        lambda parts: st.lists(parts) | st.dictionaries(st.text(st.characters(codec="ascii")), parts),
    )
)
def test_the_quick_writer_writes_what_is_signed_as_rfc_8785_does(value):
    assert quickly(value) == rfc8785.dumps(value)
