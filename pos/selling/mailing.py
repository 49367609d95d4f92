"""Who gets mail of an order, and which: receipts, and word that it lies ready. Only with a consent of its own.

What a shopper types is for one order. It stands in no audit entry: that chain can never forget a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import NotAllowed, Unknown, WrongState
from pos.models import (
    Letter,
    LetterState,
    MailConsent,
    Order,
    OrderState,
    Pickup,
    PickupState,
    PrintJob,
    Role,
)
from pos.paper import mail, mail_keeping
from pos.paper.letters import checked
from pos.paper.slips.facts import PickupFacts, plain, read
from pos.paper.slips.kinds import RECEIPTS, Kind
from pos.people import rights
from pos.selling import orders
from pos.shop import Shop

BOUGHT = (OrderState.DEPOSIT, OrderState.PAID)
CORRECTED, TAKEN_BACK, NOT_READY = "another address was given", "the consent was taken back", "not ready after all"
CLOCK = "the back office"
THIS: Any = bindparam("order_id")  # each made once: docs/decisions/statements-made-once.md
AGREED = columns(col(MailConsent.address)).where(col(MailConsent.order_id) == THIS)
LETTER_SEEN: tuple[Any, ...] = (
    Letter.id,
    Letter.about,
    Letter.subject,
    Letter.state,
    Letter.attempts,
    Letter.address,
)
LETTERS = (
    columns(*LETTER_SEEN)
    .where(col(Letter.order_id) == THIS, col(Letter.address) == bindparam("address"))
    .order_by(col(Letter.queued_at), col(Letter.id))
)


@dataclass(frozen=True)
class LetterView:
    """One letter of an order: what it is about (receipt, ready), how far it is, and its file where it has one.

    waits: the mail server did not take it yet, and is asked again by and by.
    """

    about: str
    subject: str
    state: LetterState
    file: str = ""
    waits: bool = False


@dataclass(frozen=True)
class MailView:
    """Where mail of an order goes, and what was sent there; address is not whole: a screen stands in a shop."""

    address: str
    letters: tuple[LetterView, ...]

    @property
    def bounced(self) -> bool:
        """The address refuses mail, for good."""
        return any(one.state == LetterState.BOUNCED for one in self.letters)


def view(shop: Shop, *, order_id: str) -> MailView | None:
    """The mail of an order as a screen shows it; None where nobody asked for any."""
    with shop.glance() as look:
        address = look.execute(AGREED, {"order_id": order_id}).scalar()
        if address is None:
            return None
        letters: Any = look.execute(LETTERS, {"order_id": order_id, "address": address})
        return MailView(
            address=_veiled(address),
            letters=tuple(
                LetterView(
                    about=one.about,
                    subject=one.subject,
                    state=one.state,
                    waits=one.state == LetterState.QUEUED and one.attempts > 0,
                    file=_file(one),
                )
                for one in letters
            ),
        )


def agree(shop: Shop, *, order_id: str, address: str, words: str, device_id: str, staff_id: str | None = None) -> int:
    """Write down that mail of an order may go to an address, and queue what there is; says how many letters.

    words is the consent as it was read. Only the tablet that has just sold it, or somebody at the counter, may. Before
    it is paid there is nothing to send: its settlement queues the receipt. What waited for another address is not sent
    there. Raises AddressWrong, NotAllowed, WrongState or Unknown.
    """
    typed = checked(address)
    with shop.write() as tx:
        order = _ours(tx, shop, order_id=order_id, device_id=device_id, staff_id=staff_id)
        if order.state not in (OrderState.OPEN, *BOUGHT):
            raise WrongState("order", order.code, order.state)
        now = tx.now()
        tx.merge(
            MailConsent(
                order_id=order.id,
                address=typed,
                language=order.language,
                words=words,
                agreed_at=now,
                device_id=device_id,
                staff_id=staff_id,
            )
        )
        tx.flush()
        mail.let_go(tx, order_id=order.id, why=CORRECTED, but_to=typed)
        letters = [*_receipts(tx, shop, order=order, address=typed, at=now)]
        letters += _ready(tx, shop, order=order, booked=_booked(tx, order.id), address=typed, at=now)
        new = mail.enqueue(tx, letters)
        audit.record(tx, "mail agreed to", order.code, by=staff_id or device_id, letters=new)
        return new


def take_back(shop: Shop, *, order_id: str, device_id: str, staff_id: str | None = None) -> None:
    """Nothing more is sent, and the address is forgotten. Raises NotAllowed or Unknown."""
    with shop.write() as tx:
        order = _ours(tx, shop, order_id=order_id, device_id=device_id, staff_id=staff_id)
        mail.let_go(tx, order_id=order.id, why=TAKEN_BACK)
        tx.connection().execute(delete(MailConsent).where(col(MailConsent.order_id) == order.id))
        over = col(Letter.order_id) == order.id, col(Letter.state).not_in((LetterState.QUEUED, LetterState.SENDING))
        mail_keeping.burn(tx, shop, *over)
        audit.record(tx, "mail taken back", order.code, by=staff_id or device_id)


def forget_old(shop: Shop) -> int:
    """Wipe what has been over for VITRINE_MAIL_KEEP_DAYS: letters, and addresses no letter can go to any more.

    Says of how many. What was agreed to, and when, stays, and so does that there was a letter.
    """
    with shop.write() as tx:
        before = mail_keeping.limit(shop, at=tx.now())
        letters = mail_keeping.wipe(tx, shop, before=before)
        addresses = _forget_addresses(tx, before=before)
        if letters or addresses:
            audit.record(tx, "mail forgotten", None, by=CLOCK, letters=letters, addresses=addresses)
        audit.unchanged(tx)
        return letters + addresses


def _forget_addresses(tx: Writing, *, before: datetime) -> int:
    """Those of orders that are paid and collected, or over: an order that is still to be made has word to come."""
    comes = select(Pickup.order_id).where(Pickup.state == PickupState.BOOKED)
    on_its_way = col(Letter.state).in_((LetterState.QUEUED, LetterState.SENDING))
    leaving = select(Letter.order_id).where(on_its_way, col(Letter.order_id).is_not(None))
    over = select(Order.id).where(col(Order.state).not_in((OrderState.OPEN, OrderState.DEPOSIT)))
    old = update(MailConsent).where(
        col(MailConsent.agreed_at) < before,
        col(MailConsent.address) != mail.GONE,
        col(MailConsent.order_id).in_(over),
        col(MailConsent.order_id).not_in(comes),
        col(MailConsent.order_id).not_in(leaving),
    )
    return tx.connection().execute(old.values(address=mail.GONE)).rowcount


def forget(tx: Session, *, order_id: str) -> None:
    """Nothing came of an order: what was agreed to for it is over, and its address is kept no longer."""
    tx.connection().execute(delete(MailConsent).where(col(MailConsent.order_id) == order_id))


def of_sale(tx: Session, shop: Shop, *, order: Order, agreed: MailConsent | None, at: datetime) -> int:
    """Queue the receipt of a payment inside the transaction that settles it, where its buyer agreed; says how many."""
    if agreed is None or agreed.address == mail.GONE:
        return 0
    return mail.enqueue(tx, _receipts(tx, shop, order=order, address=agreed.address, at=at))


def of_ready(tx: Session, shop: Shop, *, order: Order, booked: Pickup, at: datetime) -> None:
    """Queue the word that an order lies ready, inside the transaction that says so, where its buyer agreed."""
    agreed = tx.get(MailConsent, order.id)
    if agreed is not None and agreed.address != mail.GONE:
        mail.enqueue(tx, _ready(tx, shop, order=order, booked=booked, address=agreed.address, at=at))


def not_ready(tx: Session, *, order: Order) -> None:
    """It is not ready after all: the word is not sent, if it has not left yet."""
    mail.let_go(tx, order_id=order.id, why=NOT_READY, about="ready")


def _ours(tx: Writing, shop: Shop, *, order_id: str, device_id: str, staff_id: str | None) -> Order:
    """The order, locked; a sale that is being settled is waited for, and finds the consent or is found here."""
    if staff_id is not None:
        rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act="mail")
    elif orders.live_order(shop, device_id=device_id) != order_id:
        raise NotAllowed(device_id, "mail another tablet's order")
    order = tx.exec(select(Order).where(Order.id == order_id).with_for_update()).first()
    if order is None:
        raise Unknown("order", order_id)
    return order


def _receipts(tx: Session, shop: Shop, *, order: Order, address: str, at: datetime) -> Iterator[dict[str, Any]]:
    """A letter for each receipt: what the paper says, with the appointment where there is one still."""
    tx.flush()
    jobs = tx.exec(
        select(PrintJob)
        .where(PrintJob.order_id == order.id, PrintJob.copy_number == 0, col(PrintJob.kind).in_(RECEIPTS))
        .order_by(col(PrintJob.queued_at))
    ).all()
    booked = _appointment(tx, order)
    for job in jobs:
        facts = {"slip": job.kind, "facts": job.facts, "pickup": plain(booked) if booked else None}
        number = str(job.facts["receipt_no"])
        yield _letter(shop, order, about="receipt", subject=number, address=address, facts=facts, at=at)


def _ready(
    tx: Session, shop: Shop, *, order: Order, booked: Pickup | None, address: str, at: datetime
) -> Iterator[dict[str, Any]]:
    """Word that an order lies ready; none where it did when it was sold: the receipt says so."""
    slip = _appointment(tx, order)
    if booked is None or slip is None or booked.ready_at is None or booked.ready_by is None:
        return
    told = plain(replace(slip, balance_due_minor=order.total_minor - order.paid_minor))
    facts = {"slip": Kind.PICKUP, "facts": told, "pickup": told}
    since = booked.ready_at.isoformat()  # taken back and said again, it is another word
    yield _letter(shop, order, about="ready", subject=order.code, address=address, facts=facts, at=at, again=since)


def _letter(shop: Shop, order: Order, **words: Any) -> dict[str, Any]:
    return mail.letter(shop.settings, order_id=order.id, language=order.language, **words)


def _appointment(tx: Session, order: Order) -> PickupFacts | None:
    """The pickup as its slip says it; None where there is none, or it is over."""
    booked = _booked(tx, order.id)
    if booked is None or booked.state != PickupState.BOOKED:
        return None
    told = select(PrintJob.facts).where(PrintJob.order_id == order.id, PrintJob.kind == Kind.PICKUP)
    facts = tx.exec(told.order_by(col(PrintJob.queued_at).desc())).first()
    return read(PickupFacts, dict(facts)) if facts else None


def _booked(tx: Session, order_id: str) -> Pickup | None:
    return tx.exec(select(Pickup).where(Pickup.order_id == order_id)).first()


def _veiled(address: str) -> str:
    """Enough of an address to know one's own: `z•••@example.co`."""
    if address == mail.GONE:
        return "•••"
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"


def _file(one: Any) -> str:
    """Where a letter lies that was written to a file, until it is wiped."""
    lies_there = one.state == LetterState.FILED and one.address != mail.GONE
    return f"{mail.FOLDER}/{mail.file_name(one)}" if lies_there else ""
