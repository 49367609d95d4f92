"""Checking a certificate's address with nothing but the house's public key: no network, no records.

What it proves: the holder of the key issued this GTIN and serial with a statement of this digest, and none of the three
has been changed. It does not prove the metal: the hallmark does. Nor does it say what became of the piece since, which
the public page knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pos.errors import CertificateAltered, SettingsWrong
from pos.proof import links
from pos.proof.keys import key_name, public_key, public_keys, signed_by, withdrawn_keys, written
from pos.proof.links import Link, Seal
from pos.proof.statement import sealed_words

Keys = Mapping[str, Ed25519PublicKey]


class Finding(StrEnum):
    """What an address turns out to be."""

    VALID = "valid"
    ALTERED = "altered"  # a signature that does not fit, or an address nobody would have issued
    WITHDRAWN_KEY = "withdrawn_key"  # signed by a key that was the house's, and by which it no longer stands
    UNKNOWN_KEY = "unknown_key"  # signed by a key that is not the house's
    UNSIGNED = "unsigned"  # carries no signature: proves nothing
    NO_ADDRESS = "no_address"  # not the address of any certificate


@dataclass(frozen=True)
class Verdict:
    """A finding, and what the address says of itself: only to be believed where the finding is valid."""

    finding: Finding
    gtin: str = ""
    serial: str = ""
    digest: bytes = b""
    key_id: str = ""

    @property
    def valid(self) -> bool:
        """Whether the house signed this."""
        return self.finding is Finding.VALID


def check(address: str, public_keys: Keys, *, withdrawn: Keys = MappingProxyType({})) -> Verdict:
    """What a certificate's address is, by the house's public keys (by key id) and by withdrawn ones. Raises nothing."""
    try:
        link = links.read(address)
    except CertificateAltered as why:
        return Verdict(Finding.NO_ADDRESS if why.reason == links.NO_ADDRESS else Finding.ALTERED)
    if link.seal is None:
        return Verdict(Finding.UNSIGNED, gtin=link.gtin, serial=link.serial)
    return Verdict(
        _finding(link, link.seal, public_keys, withdrawn),
        gtin=link.gtin,
        serial=link.serial,
        digest=link.seal.digest,
        key_id=link.seal.key_id,
    )


def verify_offline(address: str, *, key: Path | str) -> Verdict:
    """Check an address with a public key: a folder of `*.pub` files, one such file, or the key itself as text.

    Raises SettingsWrong where there is no public key to check with.
    """
    keys, withdrawn = _keys_at(key)
    if not keys:
        raise SettingsWrong("VITRINE_KEYS_DIR", f"no public key (*.pub) in {key}")
    return check(address, keys, withdrawn=withdrawn)


def _finding(link: Link, seal: Seal, keys: Keys, withdrawn: Keys) -> Finding:
    key = keys.get(seal.key_id) or withdrawn.get(seal.key_id)
    if key is None:
        return Finding.UNKNOWN_KEY
    words = sealed_words(gtin=link.gtin, serial=link.serial, digest=seal.digest)
    if not signed_by(key, words, signature=written(seal.signature)):
        return Finding.ALTERED
    return Finding.VALID if seal.key_id in keys else Finding.WITHDRAWN_KEY


def _keys_at(place: Path | str) -> tuple[Keys, Keys]:
    path = Path(place)
    try:
        if path.is_dir():
            return public_keys(path), withdrawn_keys(path)
        key = public_key(path.read_text() if path.is_file() else str(place))
    except (OSError, ValueError) as wrong:
        raise SettingsWrong("VITRINE_KEYS_DIR", f"this is not a public key: {wrong}") from wrong
    return {key_name(key): key}, {}
