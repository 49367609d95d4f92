"""One signing key follows another with overlap: made beside it first, used later, withdrawn only where it is stolen."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.errors import Unknown, WrongState
from pos.proof import keys
from pos.proof.keys import KeyRing


def make_next(folder: Path) -> str:
    """Make a key beside the one that signs, which does not sign yet; says its id. Raises SettingsWrong."""
    KeyRing.there(folder)  # a folder of keys, and a whole one
    private = Ed25519PrivateKey.generate()
    key_id = keys.key_name(private.public_key())
    keys.keep(folder / f"{key_id}.key", keys.written(private.private_bytes_raw()))
    keys.keep(folder / f"{key_id}.pub", keys.written(private.public_key().public_bytes_raw()))
    return key_id


def use(folder: Path, *, key_id: str) -> None:
    """Let another key of the folder sign, from the next start of each process.

    Raises Unknown where it is not there whole, SettingsWrong where the folder cannot be used.
    """
    if not (folder / f"{key_id}.key").exists() or key_id not in keys.public_keys(folder):
        raise Unknown("key", key_id)
    before = KeyRing.there(folder).key_id
    keys.keep(folder / "current", key_id)
    try:
        KeyRing.there(folder)
    except Exception:
        keys.keep(folder / "current", before)
        raise


def withdraw(folder: Path, *, key_id: str) -> None:
    """The house no longer stands by what this key signed. Raises Unknown, or WrongState for the key that signs."""
    if KeyRing.there(folder).key_id == key_id:
        raise WrongState("key", key_id, "the one that signs: let another sign first")
    found = [path for path in folder.glob("*.pub") if keys.key_name(keys.public_key(path.read_text())) == key_id]
    if not found:
        raise Unknown("key", key_id)
    for path in found:
        path.rename(folder / f"{key_id}.withdrawn")
