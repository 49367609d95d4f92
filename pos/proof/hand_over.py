"""A piece passes to a new owner: the old one gets a code, good once and for a while, and the new one confirms with it.

Whoever holds the paper is taken for the owner: the short code on it opens a hand-over on the public page; at the
counter a person of the boutique looks at the paper instead. The records keep the hash of the hand-over code and name no
owner, old or new. Public is that the piece was passed on, and when; the log of certificates has an entry of it.
"""

import hashlib
import hmac
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, update
from sqlmodel import col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import TooManyTries, Unknown, WrongState
from pos.ids import people_code, plain_code, secret_token
from pos.models import Certificate, CertificateState, HandOver, LogAct, Role, put
from pos.people import rights
from pos.proof import certificate_log
from pos.shop import Shop

CODE_LENGTH = 12  # 25^12 is 6e16: with the wait after each wrong one nobody comes to it by trying
LONGEST_WAIT = 300  # seconds
OFFER, CONFIRM = "give a hand-over code", "confirm a hand-over"
ON_THE_PAGE = "the public page"
CODE = "hand-over code"
VALID = col(Certificate.state) == CertificateState.VALID


def offer(shop: Shop, *, certificate_id: str, short_code: str) -> tuple[str, datetime]:
    """A hand-over code for whoever knows the short code on the paper, and until when it is good; told once.

    An earlier code that was not used is good no more. Raises Unknown where the short code is another's, TooManyTries
    (wait, in seconds), or WrongState where the certificate stands for its piece no longer.
    """
    said = plain_code(short_code).encode()
    _try(shop, certificate_id, lambda _, kept: hmac.compare_digest(kept.short_code.encode(), said), what="short code")
    return _offered(shop, certificate_id)


def offer_at_counter(
    shop: Shop, *, certificate_id: str, tap: str, staff_id: str, device_id: str
) -> tuple[str, datetime]:
    """A hand-over code for whoever shows the paper at the counter, and until when it is good.

    tap (a secret_token) names the touch that asks: a finger that touches twice gets one code. The records keep nothing
    it could be made from again. Raises NotAllowed, Unknown or WrongState.
    """
    return _offered(shop, certificate_id, tap=tap, staff_id=staff_id, device_id=device_id)


def confirm(shop: Shop, *, certificate_id: str, code: str) -> datetime:
    """The new owner says the code: from now on the piece is passed on; says since when.

    Raises Unknown for a code that is wrong, used, over, or of another certificate (which of them is not said),
    TooManyTries (wait, in seconds), or WrongState where the certificate stands for its piece no longer.
    """
    hashed = _hash(code)
    _try(shop, certificate_id, lambda tx, kept: hmac.compare_digest(_offered_hash(tx, kept), hashed), what=CODE)
    return _confirmed(shop, certificate_id, hashed)


def confirm_at_counter(shop: Shop, *, certificate_id: str, code: str, staff_id: str, device_id: str) -> datetime:
    """The same, said to a person at the counter. Raises NotAllowed, Unknown or WrongState."""
    return _confirmed(shop, certificate_id, _hash(code), staff_id=staff_id, device_id=device_id)


def _offered(
    shop: Shop, certificate_id: str, *, tap: str = "", staff_id: str | None = None, device_id: str = ""
) -> tuple[str, datetime]:
    made_of = hashlib.sha512((tap or secret_token()).encode()).digest()
    code, offer_id = people_code(CODE_LENGTH, of=made_of[:32]), made_of[48:].hex()
    with shop.write() as tx:
        if staff_id is not None:
            rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=OFFER)
        found = _in_force(tx, certificate_id)
        before = tx.get(HandOver, offer_id)
        if before is not None:
            audit.unchanged(tx)
            return code, before.expires_at
        now = tx.now()
        until = now + timedelta(days=shop.settings.hand_over_days)
        ended = update(HandOver).where(*_open(certificate_id)).values(withdrawn_at=now)
        tx.connection().execute(ended)
        put(
            tx,
            HandOver(
                id=offer_id,
                certificate_id=certificate_id,
                code_hash=_hash(code),
                made_at=now,
                made_by=staff_id,
                expires_at=until,
            ),
        )
        found.hand_over_failures, found.hand_over_locked_until = 0, None
        audit.record(tx, "hand-over offered", found.serial, by=staff_id or ON_THE_PAGE)
    return code, until


def _confirmed(
    shop: Shop, certificate_id: str, hashed: str, *, staff_id: str | None = None, device_id: str = ""
) -> datetime:
    with shop.write(durable=True) as tx:
        if staff_id is not None:
            rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=CONFIRM)
        found = _in_force(tx, certificate_id)
        now = tx.now()
        # Of two who say the same code one is first, and the statement itself knows which.
        still = (
            *_open(certificate_id),
            col(HandOver.code_hash) == hashed,
            col(HandOver.expires_at) > now,
            exists(select(Certificate.id).where(Certificate.id == certificate_id, VALID)),
        )
        passed = update(HandOver).where(*still).values(confirmed_at=now, confirmed_by=staff_id)
        if tx.connection().execute(passed).rowcount != 1:
            raise Unknown(CODE, "…")  # never what was typed: it may be a code with one letter wrong
        found.hand_over_failures, found.hand_over_locked_until = 0, None
        certificate_log.note(tx, LogAct.TRANSFERRED, found, at=now)
        audit.record(tx, "handed over to a new owner", found.serial, by=staff_id or ON_THE_PAGE)
    return now


def _open(certificate_id: str) -> tuple[Any, ...]:
    """What is offered and neither confirmed nor withdrawn: of a certificate at most one, by the schema."""
    return (
        col(HandOver.certificate_id) == certificate_id,
        col(HandOver.confirmed_at).is_(None),
        col(HandOver.withdrawn_at).is_(None),
    )


def _in_force(tx: Writing, certificate_id: str) -> Certificate:
    """The certificate, locked: it is not given back while its piece is passed on."""
    found = tx.get(Certificate, certificate_id, with_for_update=True)
    if found is None:
        raise Unknown("certificate", certificate_id)
    if found.state != CertificateState.VALID:
        raise WrongState("certificate", found.serial, found.state)
    return found


def _offered_hash(tx: Writing, kept: Certificate) -> str:
    return tx.exec(select(HandOver.code_hash).where(*_open(kept.id))).first() or ""


def _hash(code: str) -> str:
    """What the records keep of a code, as typed: SHA-256, hexadecimal, of its one spelling."""
    return hashlib.sha256(plain_code(code).encode()).hexdigest()


def _try(shop: Shop, certificate_id: str, fits: Callable[[Writing, Certificate], bool], *, what: str) -> None:
    """Look at a code that somebody said; a wrong one makes the next wait: 1, 2, 4 … 300 seconds, for everybody."""
    with shop.jot() as tx:
        found = tx.get(Certificate, certificate_id, with_for_update=True)
        if found is None:
            raise Unknown("certificate", certificate_id)
        now = tx.now()
        until = found.hand_over_locked_until
        if until is not None and until > now:
            raise TooManyTries(math.ceil((until - now).total_seconds()))
        good = fits(tx, found)
        if not good:
            found.hand_over_failures += 1
            pause = min(2 ** min(found.hand_over_failures - 1, 16), LONGEST_WAIT)
            found.hand_over_locked_until = now + timedelta(seconds=pause)
    if not good:
        raise Unknown(what, "…")
