"""The waiting list of a piece that is gone: who waits, in order; with a consent of its own, and forgotten after use.

What is typed here stands in no audit entry: that chain can never forget a person.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from pos.books import audit
from pos.db import Writing
from pos.errors import AddressWrong, NotAllowed, TooManyWaiting, Unknown, WrongState
from pos.ids import new_id
from pos.models import Device, Letter, LetterState, Offer, OfferState, Piece, Role, Waiting
from pos.paper import letters
from pos.people import rights
from pos.selling import wishes
from pos.shop import Shop, wake
from pos.stock import pieces

TOPIC = "waiting"
ABOUT = "offer"  # a letter of an offer; its subject is the offer's code
MAIL, PHONE = "mail", "phone"
LONGEST_NAME = 40
MARKS = ("Mn", "Mc", "Me", "Sk")  # what belongs to the sign before it
FEWEST_DIGITS = 7
# Each who waits keeps a piece from everybody else for hours, and may be a stranger whose address somebody made up: a
# busy evening at one tablet stays below these, whoever types in invented people for fun does not.
MOST_FOR_A_PIECE = 6  # who wait for it at one time, by one tablet
MOST_A_DAY = 20  # who joined by one tablet, whether or not they still wait
GONE = "forgotten"
_PHONE = re.compile(r"\+?[0-9 ()./-]{7,24}")


@dataclass(frozen=True)
class OfferView:
    """An offer that stands open: which number, until when (UTC), and the code that takes it."""

    code: str
    number: int
    until: datetime


@dataclass(frozen=True)
class WaitingView:
    """One person on a list, for staff: in which place, how they are reached, and what they are offered."""

    waiting_id: str
    sku: str
    place: int
    name: str
    contact: str
    reached_by: str
    joined_at: datetime
    offer: OfferView | None


def join(shop: Shop, *, sku: str, name: str, contact: str, words: str, device_id: str, language: str) -> int:
    """Put a person on the list of a piece that is gone; says in which place. Joining twice is joining once.

    contact is an e-mail address or a telephone number; words is the consent as it was read. Raises AddressWrong,
    TooManyWaiting, WrongState where the piece can be had, Unknown, WindowClosed or NotAllowed (a revoked tablet).
    """
    road = MAIL if "@" in contact else PHONE
    reached = letters.checked(contact) if road == MAIL else _phone(contact)
    try:
        with shop.write() as tx:
            device = tx.get(Device, device_id, with_for_update={"key_share": True})  # two at once are counted in turn
            if device is None or device.revoked_at is not None or not words:
                raise NotAllowed(device_id, "join a waiting list")
            now = tx.now()
            sale = wishes.on_sale(tx, sku=sku, boutique_id=device.boutique_id, at=now)
            if pieces.spare(tx, sku=sku, at=now, cap=sale.cap):
                raise WrongState("piece", sku, "free")
            mine = Waiting(
                id=new_id(), sku=sku, boutique_id=device.boutique_id, device_id=device_id,
                name=_name(name), contact=reached, reached_by=road, language=language, consent=words, joined_at=now,
            )  # fmt: skip
            tx.add(mine)
            tx.flush()
            _refuse_too_many(tx, sku=sku, device_id=device_id, at=now)
            wake(tx, TOPIC)
            audit.record(tx, "waiting list joined", sku, by=device_id)
    except IntegrityError:  # they wait already: the list says so itself
        pass
    with shop.read() as look:
        queue = list(look.exec(select(Waiting.contact).where(*_still(sku)).order_by(*IN_ORDER)))
    return queue.index(reached) + 1 if reached in queue else len(queue)


IN_ORDER = (col(Waiting.joined_at), col(Waiting.id))


def counts(shop: Shop, *, boutique_id: str) -> dict[str, int]:
    """How many joined in this boutique and still wait, for each piece: no names."""
    with shop.read() as look:
        still = Waiting.boutique_id == boutique_id, col(Waiting.left_at).is_(None)
        asked = select(Waiting.sku, func.count()).where(*still).group_by(Waiting.sku)
        return {sku: count for sku, count in look.exec(asked)}


def listed(shop: Shop, *, staff_id: str, device_id: str) -> tuple[WaitingView, ...]:
    """Who joined in this boutique and still waits, for somebody of the counter. Raises NotAllowed."""
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="see who waits")
        boutique_id = tx.get_one(Device, device_id).boutique_id
        rows: Any = tx.exec(
            select(Waiting, Offer, Piece.number)
            .join(Offer, (col(Offer.waiting_id) == col(Waiting.id)) & (col(Offer.state) == "open"), isouter=True)
            .join(Piece, col(Piece.id) == col(Offer.piece_id), isouter=True)
            .where(col(Waiting.left_at).is_(None))
            .order_by(col(Waiting.sku), *IN_ORDER)
        ).all()
        audit.unchanged(tx)
    seen: dict[str, int] = {}
    views = []
    for one, offer, number in rows:
        seen[one.sku] = seen.get(one.sku, 0) + 1
        if one.boutique_id == boutique_id:
            open_now = OfferView(offer.code, number, offer.until) if offer else None
            views.append(
                WaitingView(
                    waiting_id=one.id,
                    sku=one.sku,
                    place=seen[one.sku],
                    name=one.name,
                    contact=one.contact,
                    reached_by=one.reached_by,
                    joined_at=one.joined_at,
                    offer=open_now,
                )
            )
    return tuple(views)


def leave(shop: Shop, *, waiting_id: str, staff_id: str, device_id: str) -> None:
    """Take a person off the list, as they asked at the counter, and forget them; what was offered is free again.

    Raises NotAllowed or Unknown.
    """
    with shop.write() as tx:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="take off a list")
        lock(tx, col(Waiting.id) == waiting_id)
        one = tx.get(Waiting, waiting_id)
        if one is None:
            raise Unknown("waiting", waiting_id)
        now = tx.now()
        offer = tx.exec(select(Offer).where(Offer.waiting_id == waiting_id, Offer.state == OfferState.OPEN)).first()
        if offer is not None:
            pieces.let_go(tx, piece_ids=[offer.piece_id], basket_id=offer.basket_id)
            offer.state, offer.ended_at = OfferState.LAPSED, now
        forget(tx, waiting_ids=[waiting_id], at=now)
        wake(tx, TOPIC)
        audit.record(tx, "taken off the waiting list", one.sku, by=staff_id)


def lock(tx: Writing, which: ColumnElement[bool]) -> list[str]:
    """Nobody else moves what these people are offered, until this write is done; says who they are.

    Whoever ends an offer does this before touching the offer or its piece, so that no two ever wait for each other.
    """
    return list(tx.exec(select(Waiting.id).where(which).order_by(*IN_ORDER).with_for_update()))


def forget(tx: Writing, *, waiting_ids: list[str], at: datetime) -> int:
    """Wipe who no longer waits: the name, the way to reach them, and where a letter to them went; says how many."""
    gone = col(Waiting.id).in_(waiting_ids), col(Waiting.left_at).is_(None)
    wiped = tx.connection().execute(update(Waiting).where(*gone).values(name="", contact="", left_at=at)).rowcount
    _burn_letters(tx, select(Offer.code).where(col(Offer.waiting_id).in_(waiting_ids)))
    return int(wiped)


def _burn_letters(tx: Writing, codes: Any) -> None:
    """Letters of these offers that have not left stay here, and no address stays with one that has."""
    theirs = col(Letter.about) == ABOUT, col(Letter.subject).in_(codes)
    on_its_way = col(Letter.state) == LetterState.SENDING
    waits = update(Letter).where(*theirs, col(Letter.state) == LetterState.QUEUED)
    tx.connection().execute(waits.values(state=LetterState.GIVEN_UP, cause="the offer is over"))
    tx.connection().execute(update(Letter).where(*theirs, ~on_its_way).values(address=GONE, facts={}))


def forget_old(shop: Shop) -> int:
    """Wipe whoever has waited longer than the house keeps such a wish, and has no offer open; says how many."""
    left = select(Offer.code).where(Offer.state != OfferState.OPEN)
    kept = col(Letter.about) == ABOUT, col(Letter.address) != GONE, col(Letter.subject).in_(left)
    with shop.read() as look:
        old = _old(look, before=shop.clock.now() - timedelta(days=shop.settings.waiting_days))
        if not old and look.exec(select(Letter.id).where(*kept).limit(1)).first() is None:
            return 0
    with shop.write() as tx:
        before = tx.now() - timedelta(days=shop.settings.waiting_days)
        lock(tx, col(Waiting.id).in_(_old(tx, before=before)))
        count = forget(tx, waiting_ids=_old(tx, before=before), at=tx.now())  # who has an offer by now keeps waiting
        _burn_letters(tx, left)  # what was on its way when its offer ended
        audit.record(tx, "waiting list forgotten", count, by="shop", days=shop.settings.waiting_days)
        return count


def _refuse_too_many(tx: Session, *, sku: str, device_id: str, at: datetime) -> None:
    """Raises TooManyWaiting; counted with whoever has just been written down."""
    by_it = select(func.count()).select_from(Waiting).where(Waiting.device_id == device_id)
    for most, which in (
        (MOST_FOR_A_PIECE, _still(sku)),
        (MOST_A_DAY, (col(Waiting.joined_at) > at - timedelta(days=1),)),
    ):
        if tx.exec(by_it.where(*which)).one() > most:
            raise TooManyWaiting(most)


def _old(look: Session, *, before: datetime) -> list[str]:
    offered = select(Offer.id).where(Offer.waiting_id == Waiting.id, Offer.state == OfferState.OPEN).exists()
    still = col(Waiting.left_at).is_(None)
    return list(look.exec(select(Waiting.id).where(still, Waiting.joined_at <= before, ~offered)))


def _still(sku: str) -> tuple[Any, ...]:
    return Waiting.sku == sku, col(Waiting.left_at).is_(None)


def _name(typed: str) -> str:
    """A first name on one line, as long as the list has room for, never cut between a letter and its marks."""
    kept = " ".join("".join(letter for letter in unicodedata.normalize("NFC", typed) if letter.isprintable()).split())
    end = LONGEST_NAME
    while 0 < end < len(kept) and unicodedata.category(kept[end]) in MARKS:
        end -= 1
    return kept[:end]


def _phone(typed: str) -> str:
    """A telephone number as it is dialled. Raises AddressWrong."""
    digits = re.sub(r"[^0-9+]", "", typed)
    if not _PHONE.fullmatch(typed.strip()) or len(digits.lstrip("+")) < FEWEST_DIGITS:
        raise AddressWrong(typed[:80], "phone" if typed.strip() else "none")
    return digits
