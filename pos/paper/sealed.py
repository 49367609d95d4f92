"""What a slip says and the records must not: kept sealed until the slip is proven printed, then no longer kept at all.

A gift card's code is money for whoever reads it: in the database, in a backup of it, on a screen. It is sealed with a
key that is made from the shop's signing key, which never lies in the records (AES-256-GCM, NIST SP 800-38D).
"""

import base64
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos.errors import WrongState
from pos.models import PrintJob
from pos.shop import Shop

SEALED = "sealed"  # the fact that holds the secret ones
NONCE = 12  # bytes


def seal(shop: Shop, facts: Mapping[str, Any], *, names: tuple[str, ...]) -> dict[str, Any]:
    """Facts for the records: these words are emptied, and kept beside the others under seal."""
    kept = {name: _seal(shop, name, facts[name]) for name in names}
    return {**facts, **dict.fromkeys(names, ""), SEALED: kept}


def opened(shop: Shop, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with their secret words, for the printer alone. Raises WrongState where another key sealed them."""
    secret = {name: _open(shop, name, words) for name, words in facts.get(SEALED, {}).items()}
    return {**veiled(facts), **secret}


def veiled(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without their secret words, for a screen, and for the records once the slip is printed."""
    return {name: fact for name, fact in facts.items() if name != SEALED}


def forget(job: PrintJob) -> None:
    """A slip is on paper: what was kept under seal for the printer is needed no more."""
    if holds_secret(job.facts):
        job.facts = veiled(job.facts)


def holds_secret(facts: Mapping[str, Any]) -> bool:
    """Whether something in these facts is under seal."""
    return SEALED in facts


def _seal(shop: Shop, name: str, words: str) -> str:
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + _keys(shop)[0].encrypt(nonce, words.encode(), name.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def _open(shop: Shop, name: str, words: str) -> str:
    sealed = base64.urlsafe_b64decode(words)
    for key in _keys(shop):
        with suppress(InvalidTag):
            return key.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode()).decode()
    raise WrongState("slip", name, "sealed with another key")


def _keys(shop: Shop) -> list[AESGCM]:
    """The key that seals, and after it those that sealed before the shop signed with another one."""
    return [AESGCM(secret) for secret in shop.keys.secrets("slips under seal")]
