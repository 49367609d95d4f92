"""Checking the signatures of many certificates at once, beside whoever reads them: by several processes where many."""

import hashlib
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pos.proof.keys import read_signature
from pos.proof.links import DIGEST_BYTES, base32
from pos.proof.statement import digest, quickly, sealed_words

WAITING = 8  # batches that may lie unfinished: what is read must not heap up
MANY = 20_000  # certificates from which other processes are worth their start


class Sealed(NamedTuple):
    """A certificate as the books have it, and its name in the log."""

    leaf: int
    seal: str
    gtin: str
    serial: str
    statement: str  # JSON
    signature: str
    key_id: str
    sku: str | None  # of the piece it belongs to in the books
    number: int | None


Wrong = tuple[int, str]  # leaf, why


class Seals:
    """Looks at batches of certificates, in order; `wrong` says the first that does not fit."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey], *, many: int) -> None:
        self._keys = {key_id: key.public_bytes_raw() for key_id, key in keys.items()}
        # Started anew and not forked: this process has threads and a line to its records.
        apart = multiprocessing.get_context("spawn")
        self._crew: Executor | None = ProcessPoolExecutor(os.cpu_count(), apart) if many >= MANY else None
        self._out: deque[Future[Wrong | None]] = deque()

    def __enter__(self) -> "Seals":
        return self

    def __exit__(self, *_: object) -> None:
        if self._crew is not None:
            self._crew.shutdown(wait=True, cancel_futures=True)

    def look_at(self, batch: Sequence[Sealed]) -> Wrong | None:
        """Hand over a batch; says what was found wrong in an earlier one, once it is known."""
        if self._crew is None:
            return first_wrong(batch, self._keys)
        self._out.append(self._crew.submit(first_wrong, batch, self._keys))
        return self._oldest() if len(self._out) > WAITING else None

    def wrong(self) -> Wrong | None:
        """The first that does not fit, of all that was handed over."""
        while self._out:
            if found := self._oldest():
                return found
        return None

    def _oldest(self) -> Wrong | None:
        return self._out.popleft().result()


def first_wrong(batch: Sequence[Sealed], raw_keys: Mapping[str, bytes]) -> Wrong | None:
    """The first certificate of a batch whose signature does not fit, or which is not the one that was entered."""
    keys = {key_id: Ed25519PublicKey.from_public_bytes(raw) for key_id, raw in raw_keys.items()}
    for one in batch:
        if why := _misfit(one, keys):
            return one.leaf, why
    return None


def _misfit(one: Sealed, keys: Mapping[str, Ed25519PublicKey]) -> str:
    try:
        said, raw = json.loads(one.statement), read_signature(one.signature)
        words = _quick_words(one, said)
        if hashlib.sha256(words + raw).hexdigest() != one.seal:  # then how RFC 8785 itself writes it
            words = sealed_words(gtin=one.gtin, serial=one.serial, digest=digest(said))
    except ValueError:
        return "its certificate cannot be read"
    if one.key_id not in keys:
        return f"its certificate is signed with a key the house does not have ({one.key_id})"
    try:
        keys[one.key_id].verify(raw, words)
    except InvalidSignature:
        return "the signature of its certificate does not fit"
    if hashlib.sha256(words + raw).hexdigest() != one.seal:
        return "it names another certificate than the books"
    belongs = (said.get("sku"), said.get("number")) == (one.sku, one.number)
    return "" if belongs else "its certificate is not of the piece it belongs to in the books"


def _quick_words(one: Sealed, said: object) -> bytes:
    short = base32(hashlib.sha256(quickly(said)).digest()[:DIGEST_BYTES])
    return quickly({"type": "certificate", "v": 1, "gtin": one.gtin, "serial": one.serial, "digest": short})
