"""Giving money back: what of which line, by which roads, and where its pieces go; written in one transaction.

Nothing is asked of Stripe here: the parts that go back to a card are written down and carried out by
pos/payments/refunds.py. Never too much, whoever gives back at the same moment: order, line and payment are each raised
by a statement that says what must hold, under the lock of the order, and the schema says it again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import case, literal, update
from sqlmodel import col, select

from pos.books import audit
from pos.books.receipts import next_number
from pos.books.vat import VatPart, by_rate
from pos.db import Writing
from pos.errors import CannotGiveBack, RefundTooMuch, Unknown, WrongState
from pos.ids import new_id
from pos.models import (
    Boutique,
    Device,
    Fate,
    GiftCard,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Pickup,
    PickupState,
    Piece,
    PieceState,
    Refund,
    RefundLine,
    RefundPart,
    Road,
    Role,
    put,
    put_all,
)
from pos.money import split, vat_inside
from pos.payments import gift_cards, refunds, roads
from pos.people import rights, staff
from pos.proof import certificate
from pos.selling import gift_slips, pickup, return_slips
from pos.selling.return_view import IN_HAND, is_deposit, paid_of, refusal, settled, view
from pos.selling.views import GiveBack
from pos.shop import Shop
from pos.stock import pieces

__all__ = ["GiveBack", "another_road", "refund", "view"]

ACT = "give money back"
HELD = (PaymentState.AUTHORISED, PaymentState.CAPTURED)
BACK_TO = {Fate.STOCK: PieceState.FREE, Fate.NONE: PieceState.FREE, Fate.INSPECTION: PieceState.INSPECTION}


@dataclass(frozen=True)
class Returned:
    """One line of which something goes back, with the VAT in it, in pence."""

    line: OrderLine
    gross_minor: int
    vat_minor: int
    fate: Fate


def refund(
    shop: Shop,
    *,
    order_id: str,
    key: str,
    lines: Sequence[GiveBack],
    reason: str,
    staff_id: str,
    device_id: str,
    manager_id: str | None = None,
    manager_pin: str | None = None,
    road: Road | None = None,
) -> str:
    """Give money back for lines of an order; says the refund's id. The same key twice is the same refund.

    road None: to the payments that paid, in proportion to what is left of each; CASH or CREDIT: all of it so instead.
    More cash of one order than VITRINE_CASH_REFUND_LIMIT needs a manager: whoever is unlocked here, or manager_id with
    their PIN. While a balance is due, all lines with all that was paid of them, or nothing. Raises CannotGiveBack,
    RefundTooMuch (what is left, in pence), ManagerNeeded, NotAllowed, WrongPin, WrongState or Unknown.
    """
    manager = staff.vouch(shop, device_id=device_id, staff_id=manager_id, pin=manager_pin) if manager_pin else None
    with shop.write(durable=True) as tx:
        person = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=ACT)
        order = tx.exec(select(Order).where(Order.id == order_id).with_for_update()).first()
        if order is None:
            raise Unknown("order", order_id)
        done = tx.exec(select(Refund).where(Refund.key == key)).first()
        if done is not None:
            audit.unchanged(tx)
            if done.order_id != order_id:
                raise WrongState("refund", done.number, "another order's")
            return done.id
        if why := refusal(tx, order=order):
            raise CannotGiveBack(order.code, why)
        back = _lines(tx, order, lines)
        made = _made(tx, order, back, key=key, reason=reason, staff_id=person.id, device_id=device_id)
        parts = _shares(tx, order, made, road=road)
        approved = manager.staff_id if manager else None
        made.manager_id = roads.approve_cash(tx, shop, made, parts=parts, person=person, manager_id=approved)
        _write(tx, shop, made, back, parts)
        ended = _pieces_back(tx, order, back)
        _close(tx, order, made)
        slips = return_slips.write_down(tx, shop, refund=made)
        _note(tx, order, made, parts, certificates=ended, slips=slips)
        return made.id


def another_road(shop: Shop, *, part_id: str, road: Road, device_id: str, **who: Any) -> str:
    """Give what failed on its way back by another road, a store credit with its slip too; see refunds.replace_failed.

    who: staff_id, and where more cash goes than staff may give, manager_id and manager_pin.
    """
    slip = _credit_slip(shop, device_id=device_id)
    return refunds.replace_failed(shop, part_id=part_id, road=road, device_id=device_id, slip=slip, **who)


def _credit_slip(shop: Shop, *, device_id: str) -> roads.Slip:
    """Prints the code of a store credit at this tablet, in the transaction that issues it."""

    def slip(tx: Writing, part: RefundPart, card: GiftCard, code: str) -> None:
        order = tx.get_one(Order, tx.get_one(Payment, part.payment_id).order_id)
        device = tx.get_one(Device, device_id)
        gift_slips.write_down(
            tx,
            shop,
            card=card,
            code=code,
            device=device,
            boutique=tx.get_one(Boutique, device.boutique_id),
            language=order.language,
            at=part.asked_at,
            order_id=order.id,
            order_code=order.code,
        )

    return slip


def _lines(tx: Writing, order: Order, wanted: Sequence[GiveBack]) -> list[Returned]:
    """Raise what is given back of each line; the statement itself refuses more than was paid of it."""
    known = {line.id: line for line in tx.exec(select(OrderLine).where(OrderLine.order_id == order.id))}
    given = {one.line_id: one for one in wanted}
    if len(given) != len(wanted) or not given.keys() <= known.keys():
        raise Unknown("line", ", ".join(sorted(given.keys() - known.keys())) or "twice")
    if order.state == OrderState.DEPOSIT:
        _refuse_less_than_all(order, known, given)
    back = []
    for line in sorted(known.values(), key=lambda line: line.position):
        asked = given.get(line.id)
        if asked is not None and asked.gross_minor > 0:
            vat = _vat(order, line, asked.gross_minor)
            back.append(Returned(line, asked.gross_minor, vat, asked.fate))
            _raise_line(tx, order, back[-1])
    if not back:
        raise RefundTooMuch(order.code, order.paid_minor - order.refunded_minor)
    return back


def _refuse_less_than_all(order: Order, known: dict[str, OrderLine], given: dict[str, GiveBack]) -> None:
    """While a balance is due there is nothing to be taken off it: all of the deposit goes back, or nothing."""
    for line in known.values():
        asked, paid = given.get(line.id), paid_of(order, line)
        if (asked.gross_minor if asked else 0) != paid:
            raise CannotGiveBack(order.code, "whole_only")
        if asked is not None and asked.fate == Fate.KEPT and line.due_later_minor:
            raise CannotGiveBack(order.code, "not_made_yet")


def _vat(order: Order, line: OrderLine, more_minor: int) -> int:
    """The VAT in what is given back now, in pence: counted over all that is given back of the line, less what was.

    So it comes to the very VAT that was charged once all is given back, in however many parts.
    """
    charged = line.vat_now_minor if is_deposit(order) else line.vat_minor
    total = line.refunded_minor + more_minor
    due = charged if total >= paid_of(order, line) else min(vat_inside(total, rate_bp=line.vat_rate_bp), charged)
    return due - line.vat_refunded_minor


def _raise_line(tx: Writing, order: Order, one: Returned) -> None:
    line, paid = one.line, OrderLine.due_now_minor if is_deposit(order) else OrderLine.gross_minor
    guard = (col(OrderLine.id) == line.id, col(OrderLine.refunded_minor) + one.gross_minor <= paid)
    more: dict[str, Any] = {
        "refunded_minor": OrderLine.refunded_minor + one.gross_minor,
        "vat_refunded_minor": OrderLine.vat_refunded_minor + one.vat_minor,
    }
    if tx.connection().execute(update(OrderLine).where(*guard).values(**more)).rowcount != 1:
        raise RefundTooMuch(line.name, paid_of(order, line) - line.refunded_minor)


def _made(tx: Writing, order: Order, back: list[Returned], **words: Any) -> Refund:
    boutique_id = tx.get_one(Device, words["device_id"]).boutique_id
    rows = by_rate(VatPart(one.line.vat_rate_bp, one.gross_minor, one.vat_minor) for one in back)
    return Refund(
        id=new_id(),
        number=f"{boutique_id.upper()}-R{next_number(tx, f'refund:{boutique_id}'):06d}",
        order_id=order.id,
        boutique_id=boutique_id,
        gross_minor=sum(one.gross_minor for one in back),
        vat_minor=sum(one.vat_minor for one in back),
        vat_rows=[asdict(row) for row in rows],
        currency=order.currency,
        at=tx.now(),
        **words,
    )


def _shares(tx: Writing, order: Order, made: Refund, *, road: Road | None) -> list[RefundPart]:
    """What goes back by which payment: in proportion to what is left of each, to the penny."""
    if road not in (None, Road.CASH, Road.CREDIT):
        raise CannotGiveBack(order.code, "road")
    payments = [one for one in tx.exec(settled(order.id)) if one.state in HELD]
    left = [one.amount_minor - one.refunded_minor for one in payments]
    if sum(left) < made.gross_minor:
        raise RefundTooMuch(order.code, sum(left))
    parts = []
    for payment, share in zip(payments, split(made.gross_minor, weights=left), strict=True):
        if share:
            _raise_payment(tx, payment, share)
            parts.append(roads.part(made, payment, share, road=road, at=made.at))
    return parts


def _raise_payment(tx: Writing, payment: Payment, share: int) -> None:
    guard = (
        col(Payment.id) == payment.id,
        col(Payment.state).in_(HELD),
        col(Payment.refunded_minor) + share <= Payment.amount_minor,
    )
    more = update(Payment).where(*guard).values(refunded_minor=Payment.refunded_minor + share)
    if tx.connection().execute(more).rowcount != 1:
        raise RefundTooMuch(payment.method, payment.amount_minor - payment.refunded_minor)


def _write(tx: Writing, shop: Shop, made: Refund, back: list[Returned], parts: list[RefundPart]) -> None:
    put(tx, made)
    rows = [
        {
            "id": new_id(),
            "refund_id": made.id,
            "order_line_id": one.line.id,
            "gross_minor": one.gross_minor,
            "vat_minor": one.vat_minor,
            "fate": one.fate,
        }
        for one in back
    ]
    put_all(tx, RefundLine, rows)
    for returned in back:
        if gift_cards.is_card(returned.line):  # its price goes back, so it buys nothing more
            gift_cards.take_back(tx, order_line_id=returned.line.id, amount_minor=returned.gross_minor)
    slip = _credit_slip(shop, device_id=made.device_id)
    roads.write_down(tx, parts, boutique_id=made.boutique_id, by=made.staff_id, slip=slip)


def _pieces_back(tx: Writing, order: Order, back: list[Returned]) -> list[str]:
    """Move what comes back; says the serials of the certificates that end with it."""
    moving: dict[Fate, list[int]] = {}
    for one in back:
        _refuse_fate(order, one)
        if one.line.piece_id is not None and one.fate in BACK_TO:
            moving.setdefault(one.fate, []).append(one.line.piece_id)
    everything = sorted(piece_id for ids in moving.values() for piece_id in ids)
    if not everything:
        return []
    pieces.lock(tx, col(Piece.id).in_(everything))
    for fate, ids in moving.items():
        made = fate != Fate.NONE
        if pieces.come_back(tx, piece_ids=sorted(ids), order_id=order.id, to=BACK_TO[fate], made=made) != len(ids):
            raise CannotGiveBack(order.code, "not_its_piece" if made else "handed_over")
    return certificate.returned(tx, piece_ids=everything, order_id=order.id)


def _refuse_fate(order: Order, one: Returned) -> None:
    comes_back = one.fate in (Fate.STOCK, Fate.INSPECTION)
    if comes_back and one.line.piece_id is None:
        raise CannotGiveBack(order.code, "no_piece")
    if one.fate == Fate.STOCK and one.line.engraving:  # somebody else's words may stand in it
        raise CannotGiveBack(order.code, "engraved")


def _close(tx: Writing, order: Order, made: Refund) -> None:
    """Raise what is given back of the order; once it is all, the order is refunded and nobody collects it any more."""
    more = col(Order.refunded_minor) + made.gross_minor
    whole = case((more >= col(Order.paid_minor), literal(OrderState.REFUNDED.value)), else_=col(Order.state))
    guard = (col(Order.id) == order.id, more <= col(Order.paid_minor))
    values: dict[str, Any] = {"refunded_minor": more, "state": whole}
    raised = update(Order).where(*guard).values(**values).returning(col(Order.state))
    state = tx.connection().execute(raised).scalar_one_or_none()
    if state is None:
        raise RefundTooMuch(order.code, order.paid_minor - order.refunded_minor)
    if state == OrderState.REFUNDED:
        _refuse_kept_in_the_safe(tx, order)
        tx.connection().execute(
            update(Order).where(col(Order.id) == order.id, col(Order.closed_at).is_(None)).values(closed_at=made.at)
        )
        pickup.cancel(tx, order_id=order.id)


def _refuse_kept_in_the_safe(tx: Writing, order: Order) -> None:
    """Whoever keeps a piece takes it along first: an order that is all given back is collected by nobody any more."""
    kept = select(Piece.id).where(Piece.order_id == order.id, col(Piece.state).in_(IN_HAND))
    lies_here = select(Pickup.id).where(Pickup.order_id == order.id, Pickup.state == PickupState.BOOKED)
    if tx.exec(kept).first() is not None and tx.exec(lies_here).first() is not None:
        raise CannotGiveBack(order.code, "hand_over_first")


def _note(tx: Writing, order: Order, made: Refund, parts: list[RefundPart], **told: list[str]) -> None:
    audit.record(
        tx,
        "money given back",
        order.code,
        by=made.staff_id,
        refund=made.number,
        amount=made.gross_minor,
        vat=made.vat_minor,
        roads=[f"{one.road} {one.amount_minor}" for one in parts],
        manager=made.manager_id or "",
        **told,
    )
