"""The words of a certificate as they are signed: canonical JSON (RFC 8785), its digest, what is sealed."""

import hashlib
import json
from typing import Any

import rfc8785

from pos.proof import links

QUICK = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(statement: dict[str, Any]) -> bytes:
    """The first 16 bytes of the SHA-256 of a statement's canonical JSON: another statement for it costs 2^128 tries."""
    return hashlib.sha256(rfc8785.dumps(statement)).digest()[: links.DIGEST_BYTES]


def sealed_words(*, gtin: str, serial: str, digest: bytes) -> bytes:
    """The very bytes the signature is over: canonical JSON (RFC 8785)."""
    return rfc8785.dumps(
        {"type": "certificate", "v": 1, "gtin": gtin, "serial": serial, "digest": links.base32(digest)}
    )


def quickly(value: Any) -> bytes:
    """The canonical JSON of words, whole numbers and lists and tables of them with plain names, several times as fast.

    Only for whoever has a hash to compare with, and asks RFC 8785's own writer where it differs: of a fraction or a
    name beyond ASCII this may be another spelling.
    """
    return QUICK.encode(value).encode()
