"""Anyone with the public key tells a true certificate from a forged one, without the shop."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import SettingsWrong
from pos.proof import links, verify
from pos.proof.keys import KeyRing, key_name, written
from pos.proof.links import Seal, base32
from pos.proof.statement import sealed_words
from pos.proof.verify import Finding

GTIN = "09521234543213"
HOUSE = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
KEYS = {key_name(HOUSE.public_key()): HOUSE.public_key()}


def signed(private=HOUSE, *, key_id=None, gtin=GTIN, serial="NC-PT950-012", digest=bytes(range(16))):
    signature = private.sign(sealed_words(gtin=gtin, serial=serial, digest=digest))
    seal = Seal(key_id=key_id or key_name(private.public_key()), digest=digest, signature=signature)
    return links.build("https://id.example.co", gtin=gtin, serial=serial, seal=seal)


TRUE = signed()


def test_a_true_certificate_is_valid_under_any_host():
    assert verify.check(TRUE, KEYS).valid
    assert verify.check(TRUE.replace("https://id.example.co", "http://elsewhere.example"), KEYS).valid


@pytest.mark.parametrize(
    ("was", "made"),
    [
        ("NC-PT950-012", "NC-PT950-011"),  # another number
        ("NC-PT950-012", "NC-PT950-01"),
        (GTIN, "09521234543220"),  # another article, its check digit right
        (base32(bytes(range(16))), base32(bytes(16))),  # another statement
    ],
)
def test_whatever_is_changed_shows(was, made):
    assert was in TRUE
    assert verify.check(TRUE.replace(was, made), KEYS).finding is Finding.ALTERED


@given(st.integers(0, len(TRUE) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567890abc/.?=&%-"))
def test_no_character_after_the_host_can_be_another(place, made):
    start = TRUE.index("/01/")
    place = start + place % (len(TRUE) - start)
    forged = TRUE[:place] + made + TRUE[place + 1 :]
    assert verify.check(forged, KEYS).valid is (forged == TRUE)


def test_another_houses_key_is_not_ours():
    assert verify.check(signed(OTHER), KEYS).finding is Finding.UNKNOWN_KEY


def test_a_forger_who_borrows_our_key_id_is_found_out():
    forged = signed(OTHER, key_id=key_name(HOUSE.public_key()))
    assert verify.check(forged, KEYS).finding is Finding.ALTERED


def test_an_address_without_a_signature_proves_nothing():
    assert verify.check(TRUE.split("?")[0], KEYS).finding is Finding.UNSIGNED


def test_the_key_may_be_a_folder_a_file_or_its_own_words(tmp_path):
    ring = KeyRing.open(tmp_path / "keys")
    address = signed(ring.private)
    words = written(ring.private.public_key().public_bytes_raw())
    only_public = tmp_path / "public"
    only_public.mkdir()
    (only_public / "house.pub").write_text(words)
    for key in (tmp_path / "keys", tmp_path / "keys" / f"{ring.key_id}.pub", words):
        assert verify.verify_offline(address, key=key).valid
    assert verify.verify_offline(TRUE, key=words).finding is Finding.UNKNOWN_KEY


def test_a_public_key_file_may_bear_any_name(tmp_path):
    (tmp_path / "house.pub").write_text(written(HOUSE.public_key().public_bytes_raw()))
    assert verify.verify_offline(TRUE, key=tmp_path).valid


def test_without_a_key_nothing_is_said_of_the_certificate(tmp_path):
    for key in (tmp_path, tmp_path / "nothing.pub", "gibberish"):
        with pytest.raises(SettingsWrong):
            verify.verify_offline(TRUE, key=key)
