"""Signing keys: Ed25519, in a folder of their own or in the environment, never in the records.

In the folder `current` names the key that signs; every `*.pub` beside it still verifies, every `*.withdrawn` does no
longer. It is made at the first start. Back it up: without the private key no new certificate can be issued under the
old name, though old ones go on verifying with the public halves. Where VITRINE_SIGNING_KEY is set, that key signs, and
the folder, where there is one, only adds what verifies.
"""

import base64
import fcntl
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import inspect
from sqlmodel import Session, select

from pos.errors import SettingsWrong
from pos.models import Certificate
from pos.settings import Settings


@dataclass(frozen=True)
class KeyRing:
    """The key that signs, and every public key that may verify."""

    key_id: str
    private: Ed25519PrivateKey = field(repr=False)
    public: dict[str, Ed25519PublicKey] = field(repr=False)
    withdrawn: dict[str, Ed25519PublicKey] = field(repr=False, default_factory=dict)
    earlier: tuple[Ed25519PrivateKey, ...] = field(repr=False, default=())  # private halves that are still kept

    @property
    def known(self) -> dict[str, Ed25519PublicKey]:
        """Every key that ever signed for the house, the withdrawn too: for what lies in the log."""
        return {**self.withdrawn, **self.public}

    @classmethod
    def of(cls, settings: Settings, *, make: bool = True) -> "KeyRing":
        """The keys of a shop: from the environment where it holds one, else from the folder, made where make says so.

        Raises SettingsWrong.
        """
        if settings.signing_key:
            return cls.told(settings)
        return cls.open(settings.keys) if make else cls.there(settings.keys)

    @classmethod
    def told(cls, settings: Settings) -> "KeyRing":
        """The key of the environment signs; with it verifies what the environment and the folder name."""
        try:
            private = Ed25519PrivateKey.from_private_bytes(_unwritten(settings.signing_key))
        except ValueError as wrong:
            raise SettingsWrong("VITRINE_SIGNING_KEY", "it is no private key (32 bytes, base64url)") from wrong
        key_id = key_name(private.public_key())
        verify, withdrawn = told_keys(settings)
        if key_id in withdrawn:
            raise SettingsWrong("VITRINE_SIGNING_KEY", f"its public half {key_id} was withdrawn")
        return cls(key_id, private, {**verify, key_id: private.public_key()}, withdrawn=withdrawn)

    @classmethod
    def open(cls, folder: Path) -> "KeyRing":
        """The keys in a folder; makes the first one. Raises SettingsWrong where they cannot be read or are too open."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (folder / "current").exists():
                _make(folder)
            return cls.there(folder)
        except OSError as wrong:
            raise _unusable(wrong) from wrong

    @classmethod
    def there(cls, folder: Path) -> "KeyRing":
        """The keys in a folder as they are: nothing is made. Raises SettingsWrong where one is missing or too open."""
        try:
            key_id = (folder / "current").read_text().strip()
            path = folder / f"{key_id}.key"
            if path.stat().st_mode & 0o077:
                raise SettingsWrong("VITRINE_KEYS_DIR", f"{path.name} may be read by others; chmod 600 it")
            private = Ed25519PrivateKey.from_private_bytes(_unwritten(path.read_text()))
            public = public_keys(folder)
            if key_name(private.public_key()) != key_id or key_id not in public:
                raise ValueError(f"{key_id}.key and {key_id}.pub do not belong together, or one is another's")
            return cls(key_id, private, public, withdrawn=withdrawn_keys(folder), earlier=_earlier(folder, key_id))
        except (OSError, ValueError) as wrong:
            raise _unusable(wrong) from wrong

    def sign(self, words: bytes) -> str:
        """A signature over these bytes, base64url without padding: 86 characters."""
        return written(self.private.sign(words))

    def secret(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose, made from the key that signs (HKDF, RFC 5869): never in the records."""
        return self.secrets(purpose)[0]

    def secrets(self, purpose: str) -> list[bytes]:
        """The same of every private key that is still kept, the one that signs first: what was sealed before opens."""
        info = f"vitrine {purpose}".encode()
        return [
            HKDF(SHA256(), length=32, salt=None, info=info).derive(key.private_bytes_raw())
            for key in (self.private, *self.earlier)
        ]

    def verifies(self, words: bytes, *, signature: str, key_id: str) -> bool:
        """Whether this signature over these bytes was made by the named key."""
        key = self.public.get(key_id)
        return key is not None and signed_by(key, words, signature=signature)


def refuse_lost(settings: Settings, *, records: Session) -> None:
    """Open nothing where a key that certificates were signed with has no public half here.

    A folder that was lost must be restored, never replaced in silence: the certificates it signed would prove nothing.
    A key that was taken out on purpose is named by a file `<key id>.withdrawn`. Raises SettingsWrong.
    """
    folder = settings.keys
    kept = {key_id for keys in told_keys(settings) for key_id in keys}
    kept |= {path.stem for path in folder.glob("*.withdrawn")}
    if settings.signing_key:
        kept.add(KeyRing.told(settings).key_id)
    lost = sorted(_in_use(records) - kept)
    if lost:
        names = ", ".join(f"{key_id}.pub" for key_id in lost)
        reason = f"certificates were signed with keys that are not in {folder} ({names}); restore it from its backup"
        raise SettingsWrong("VITRINE_KEYS_DIR", reason)


def public_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """Every public key in a folder, by key id, whatever its file is called."""
    keys = [public_key(path.read_text()) for path in folder.glob("*.pub")]
    return {key_name(key): key for key in keys}


def told_keys(settings: Settings) -> tuple[dict[str, Ed25519PublicKey], dict[str, Ed25519PublicKey]]:
    """The public keys that verify, and those that were withdrawn, of the folder and the environment together.

    What was withdrawn in one of them verifies no more. Raises SettingsWrong.
    """
    try:
        folder = (public_keys(settings.keys), withdrawn_keys(settings.keys))
    except (OSError, ValueError) as wrong:
        raise _unusable(wrong) from wrong
    verify = {**folder[0], **_listed("VITRINE_PUBLIC_KEYS", settings.public_keys)}
    withdrawn = {**folder[1], **_listed("VITRINE_WITHDRAWN_KEYS", settings.withdrawn_keys)}
    return {key_id: key for key_id, key in verify.items() if key_id not in withdrawn}, withdrawn


def _listed(setting: str, words: tuple[str, ...]) -> dict[str, Ed25519PublicKey]:
    try:
        keys = [public_key(one) for one in words]
    except ValueError as wrong:
        raise SettingsWrong(setting, "one of them is no public key (32 bytes, base64url)") from wrong
    return {key_name(key): key for key in keys}


def withdrawn_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys in a folder that were withdrawn, by key id; an empty file says so by its name alone."""
    said = [path.read_text() for path in folder.glob("*.withdrawn")]
    keys = [public_key(words) for words in said if words.strip()]
    return {key_name(key): key for key in keys}


def public_key(words: str) -> Ed25519PublicKey:
    """A public key from its text, base64url without padding. Raises ValueError where it is none."""
    return Ed25519PublicKey.from_public_bytes(_unwritten(words))


def signed_by(key: Ed25519PublicKey, words: bytes, *, signature: str) -> bool:
    """Whether this signature over these bytes was made by this key."""
    try:
        key.verify(read_signature(signature), words)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_signature(signature: str) -> bytes:
    """The 64 bytes of a written signature; raises ValueError for any but its one spelling."""
    raw = _unwritten(signature)
    if written(raw) != signature:
        raise ValueError("not a signature as it is written here")
    return raw


def key_name(key: Ed25519PublicKey) -> str:
    """The id of a key: the first eight hex digits of the SHA-256 of its public bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:8]


def written(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _in_use(records: Session) -> set[str]:
    if not inspect(records.connection()).has_table("certificate"):
        return set()  # records that are still to be made have signed nothing
    return set(records.exec(select(Certificate.key_id).distinct()))


def _earlier(folder: Path, key_id: str) -> tuple[Ed25519PrivateKey, ...]:
    paths = [path for path in sorted(folder.glob("*.key")) if path.stem != key_id]
    return tuple(Ed25519PrivateKey.from_private_bytes(_unwritten(path.read_text())) for path in paths)


def _unusable(wrong: Exception) -> SettingsWrong:
    return SettingsWrong("VITRINE_KEYS_DIR", f"the signing keys cannot be used: {wrong}")


def _unwritten(words: str) -> bytes:
    words = words.strip()
    return base64.b64decode(words + "=" * (-len(words) % 4), altchars=b"-_", validate=True)


def _make(folder: Path) -> None:
    """Make the first key. Of several first starts at once one makes it; each file is there whole, or not at all."""
    door = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)  # until it is shut
        if (folder / "current").exists():
            return
        private = Ed25519PrivateKey.generate()
        key_id = key_name(private.public_key())
        keep(folder / f"{key_id}.key", written(private.private_bytes_raw()))
        keep(folder / f"{key_id}.pub", written(private.public_key().public_bytes_raw()))
        keep(folder / "current", key_id)  # last: from here on the key is the shop's
    finally:
        os.close(door)


def keep(path: Path, words: str) -> None:
    """Write a file of the folder, whole or not at all, for this person alone (0600)."""
    half = path.with_name(f"{path.name}.new")
    half.unlink(missing_ok=True)  # of a start that was cut off
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(words + "\n")
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
