"""The address of a certificate: a GS1 Digital Link that carries its own proof.

    https://id.example.co/01/09520000000011/21/NC-PT950-012?s=4D7C01AB.<digest>.<signature>

`01` is the GTIN-14 of the variant, `21` the serial of the piece (GS1 Digital Link 1.x: at most 20 characters).
`s` holds the key id, the digest of the signed statement and the signature, in capitals and digits (base 32, RFC 4648):
a QR code sets those in its alphanumeric mode, 5.5 bits each, so with an origin of up to 24 characters and a serial of
up to 14 the code is version 8 at error correction M: 49 modules, 285 dots on paper. Longer ones make it version 9.

The host is not signed: a shop may move house, and its certificates stay good. Whoever wants more than the reading of an
address checks the signature (`verify`), which does not depend on where the address leads.
"""

import base64
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from pos.catalogue.gtin import GtinWrong, checked
from pos.errors import CertificateAltered

SERIAL_LENGTH = 20  # GS1 General Specifications, AI 21
LONGEST = 600  # characters: ours are about 200
DIGEST_BYTES, SIGNATURE_BYTES = 16, 64
NO_ADDRESS = "address"  # the reason: it is not even shaped like one

# The characters GS1 allows in a serial (General Specifications, character set 82).
_SERIAL = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
_PATH = re.compile(r"(?:/[^?#]*)?/01/([0-9]{14})/21/([^/]+)")
_SEAL = re.compile(r"([0-9A-F]{8})\.([A-Z2-7]{26})\.([A-Z2-7]{103})")


@dataclass(frozen=True)
class Seal:
    """What makes an address a proof: which key signed, the digest of the statement, the signature."""

    key_id: str  # eight hex digits, small letters, as the key ring names it
    digest: bytes
    signature: bytes


@dataclass(frozen=True)
class Link:
    """A certificate's address, read; seal is None where the address carries no signature."""

    gtin: str
    serial: str
    seal: Seal | None


def build(public: str, *, gtin: str, serial: str, seal: Seal) -> str:
    """The address that goes into the QR code; public is the shop's own, without a closing slash.

    Raises ValueError where the GTIN's check digit or the serial breaks GS1's rules.
    """
    if not _is_gtin14(gtin):
        raise ValueError(f"not a GTIN-14: {gtin!r}")
    if not _SERIAL.fullmatch(serial):
        raise ValueError(f"not a GS1 serial: {serial!r}")
    proof = f"{seal.key_id.upper()}.{base32(seal.digest)}.{base32(seal.signature)}"
    return f"{public}/01/{gtin}/21/{quote(serial, safe='')}?s={proof}"


def read(address: str) -> Link:
    """Read a certificate's address strictly: it has one spelling only. Raises CertificateAltered with the reason."""
    if len(address) > LONGEST or not all("!" <= c <= "~" for c in address):
        raise CertificateAltered(NO_ADDRESS)
    try:
        parts = urlsplit(address)
    except ValueError:
        raise CertificateAltered(NO_ADDRESS) from None
    path = _PATH.fullmatch(parts.path)
    if path is None or parts.scheme not in ("http", "https"):
        raise CertificateAltered(NO_ADDRESS)
    gtin, written = path.groups()
    serial = unquote(written)
    if not _is_gtin14(gtin):
        raise CertificateAltered("check digit")
    if not _SERIAL.fullmatch(serial) or quote(serial, safe="") != written:
        raise CertificateAltered("serial")
    return Link(gtin=gtin, serial=serial, seal=_seal(parts.query))


def base32(raw: bytes) -> str:
    """Bytes in capitals and digits, without padding (RFC 4648, section 6)."""
    return base64.b32encode(raw).rstrip(b"=").decode()


def _is_gtin14(words: str) -> bool:
    try:
        return checked(words) == words
    except GtinWrong:
        return False


def _seal(query: str) -> Seal | None:
    # Other parameters are left alone: messengers hang their own on every address, and they prove nothing either way.
    given = [value for name, _, value in (pair.partition("=") for pair in query.split("&")) if name == "s"]
    if not given:
        return None
    match = _SEAL.fullmatch(given[0])
    if match is None or len(given) > 1:
        raise CertificateAltered("seal")
    return Seal(key_id=match[1].lower(), digest=_bytes(match[2]), signature=_bytes(match[3]))


def _bytes(words: str) -> bytes:
    raw = base64.b32decode(words + "=" * (-len(words) % 8))
    if base32(raw) != words:  # the last character has spare bits: only one spelling is ours
        raise CertificateAltered("seal")
    return raw
