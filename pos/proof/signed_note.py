"""A signed note: text and under it a signature, each a line, as C2SP's `signed-note` and `tlog-checkpoint` write them.

    vitrine.log/4f0c…            the log's own name
    8                            how many entries
    38wTubDKkyxo3j1Z6q…          the root over them, base 64

    — vitrine.log/4f0c… xuYc4TwHbgSf…       a dash, who signs, base 64 of (4 bytes that name the key, the signature)

Any tool that reads checkpoints of transparency logs reads these.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"  # signed-note: the kind of a key
DASH = "\N{EM DASH} "


@dataclass(frozen=True)
class Checkpoint:
    """How long a log is, and the root over all of it."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_hash(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes by which a note names its key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """The key as tools that check notes take it: name, hash and key."""
    raw = base64.b64encode(ED25519 + key.public_bytes_raw()).decode()
    return f"{name}+{key_hash(name, key).hex()}+{raw}"


def written(checkpoint: Checkpoint, *, key: Ed25519PublicKey, signature: bytes) -> str:
    """The whole note."""
    signed = base64.b64encode(key_hash(checkpoint.origin, key) + signature).decode()
    return f"{checkpoint.text}\n{DASH}{checkpoint.origin} {signed}\n"


def read(note: str) -> tuple[Checkpoint, list[tuple[str, bytes, bytes]]]:
    """A note in parts: what it says, and its signatures as (name, key hash, signature). Raises ValueError."""
    text, apart, lines = note.partition(f"\n\n{DASH}")
    said = text.split("\n")
    if not apart or len(said) < 3 or not said[0] or not said[1].isascii() or not said[1].isdigit():
        raise ValueError("this is no signed checkpoint")
    signatures = []
    for line in (DASH + lines).splitlines():
        name, _, signed = line.removeprefix(DASH).rpartition(" ")
        raw = _unwritten(signed)
        signatures.append((name, raw[:4], raw[4:]))
    checkpoint = Checkpoint(origin=said[0], size=int(said[1]), root=_unwritten(said[2]))
    if checkpoint.text != text + "\n":
        raise ValueError("this checkpoint says more than a log of ours does")
    return checkpoint, signatures


def verified(note: str, *, key: Ed25519PublicKey) -> Checkpoint:
    """What a note says, signed by this key under the log's name. Raises ValueError where it is not."""
    checkpoint, signatures = read(note)
    for name, named, signature in signatures:
        if name == checkpoint.origin and named == key_hash(name, key) and _signed(key, checkpoint, signature):
            return checkpoint
    raise ValueError("this checkpoint is not signed by that key")


def _signed(key: Ed25519PublicKey, checkpoint: Checkpoint, signature: bytes) -> bool:
    try:
        key.verify(signature, checkpoint.text.encode())
    except InvalidSignature:
        return False
    return True


def _unwritten(words: str) -> bytes:
    try:
        return base64.b64decode(words, validate=True)
    except binascii.Error as wrong:
        raise ValueError(f"not base 64: {words!r}") from wrong
