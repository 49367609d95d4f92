"""The address in the QR code: one spelling, and everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import CertificateAltered
from pos.proof import links
from pos.proof.links import Seal

GTIN = "09521234543213"
SEAL = Seal(key_id="4d7c01ab", digest=bytes(range(16)), signature=bytes(range(64)))
GOOD = links.build("https://id.example.co", gtin=GTIN, serial="NC-PT950-012", seal=SEAL)


def test_what_is_built_is_read_again():
    link = links.read(GOOD)
    assert (link.gtin, link.serial, link.seal) == (GTIN, "NC-PT950-012", SEAL)


@given(
    serial=st.text(
        "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz",
        min_size=1,
        max_size=20,
    ),
    digest=st.binary(min_size=16, max_size=16),
    signature=st.binary(min_size=64, max_size=64),
)
def test_every_serial_gs1_allows_comes_back_as_it_was(serial, digest, signature):
    seal = Seal(key_id="00ff00ff", digest=digest, signature=signature)
    link = links.read(links.build("https://id.example.co", gtin=GTIN, serial=serial, seal=seal))
    assert (link.serial, link.seal) == (serial, seal)


def test_a_shop_may_live_under_a_path():
    under = links.build("https://example.co/pieces", gtin=GTIN, serial="A1", seal=SEAL)
    assert links.read(under).serial == "A1"


def test_what_messengers_hang_on_an_address_changes_nothing():
    assert links.read(GOOD + "&fbclid=abc&lang=fr") == links.read(GOOD)


def test_an_address_without_a_seal_proves_nothing():
    assert links.read(GOOD.split("?")[0]).seal is None


SEALED = GOOD.split("s=")[1]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "not an address",
        "javascript:alert(1)",
        GOOD.replace("https", "ftp"),
        GOOD.replace(GTIN, "09521234543214"),  # check digit
        GOOD.replace(GTIN, GTIN[:-1]),
        GOOD.replace(GTIN, "٠٩٥٢١٢٣٤٥٤٣٢١٣"),  # digits, but not ours
        GOOD.replace("/21/", "/10/"),
        GOOD.replace("NC-PT950-012", ""),
        GOOD.replace("NC-PT950-012", "N" * 21),
        GOOD.replace("NC-PT950-012", "NC-PT950-01%32"),  # another spelling of 2
        GOOD.replace("NC-PT950-012", "NC-PT950-012%2f"),
        GOOD.replace("NC-PT950-012", "NC%00"),
        GOOD.replace("NC-PT950-012", "NC\n12"),
        GOOD.replace("4D7C01AB", "4d7c01ab"),
        GOOD[:-1],
        GOOD + "A",
        GOOD[:-1] + chr(ord(GOOD[-1]) + 1),  # the same signature, another spelling: the last character has spare bits
        GOOD + "&s=" + SEALED,
        GOOD + "&x=" + "y" * 600,
        GOOD.replace(".", ","),
    ],
)
def test_any_other_address_is_refused(address):
    with pytest.raises(CertificateAltered):
        links.read(address)


def test_a_link_is_never_built_on_a_wrong_number():
    with pytest.raises(ValueError):
        links.build("https://id.example.co", gtin="09521234543214", serial="A1", seal=SEAL)
    with pytest.raises(ValueError):
        links.build("https://id.example.co", gtin=GTIN, serial="no spaces", seal=SEAL)
