"""What our books and Stripe's say of some days, gathered: by day first, then by id what stands on one side only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from pos.books.differences import BY_STRIPE, Booked, GivenBack, Kind, Ours, Receipted, Theirs
from pos.errors import PaymentTrouble
from pos.models import (
    Boutique,
    Difference,
    Order,
    Payment,
    PaymentState,
    Reader,
    Receipt,
    Refund,
    RefundPart,
    RefundState,
    Road,
)
from pos.payments import refund_parts
from pos.payments.answers import Refusal
from pos.payments.statement import ChargeLine, RefundLine
from pos.shop import Shop

IN_ONE_QUESTION = 500  # ids a statement names
OF_A_CHARGE = ("ch_", "py_")  # how the ids of Stripe's charges begin
OF_A_REFUND = {
    Kind.REFUND_UNBOOKED,
    Kind.REFUND_AMOUNT,
    Kind.REFUND_FAILED,
    Kind.REFUND_WENT,
    Kind.BALANCE,
    Kind.NO_BALANCE,
}
MONEY_HELD_OR_TAKEN = (PaymentState.AUTHORISED, PaymentState.CAPTURED)

T = TypeVar("T")


@dataclass(frozen=True)
class Both:
    """Both sides; stood: what was a difference before; from_before: subjects that are here for that reason alone."""

    ours: Ours
    theirs: Theirs
    stood: tuple[Difference, ...]
    from_before: frozenset[str]

    @property
    def compared(self) -> int:
        """How many things stand on both sides."""
        taken = {charge.intent_id for charge in self.theirs.charges if charge.taken}
        refunds = {refund.id for refund in self.theirs.refunds}
        paid = [one for one in self.ours.payments if one.intent_id in taken]
        return len(paid) + len([one for one in self.ours.refunds if one.refund_id in refunds])


@dataclass
class _Sides:
    """Both sides while they are gathered, by id."""

    shop: Shop
    start: datetime
    end: datetime
    charges: dict[str, ChargeLine] = field(default_factory=dict)
    refunds: dict[str, RefundLine] = field(default_factory=dict)
    payments: dict[str, Booked] = field(default_factory=dict)
    parts: dict[str, GivenBack] = field(default_factory=dict)
    receipts: dict[str, Receipted] = field(default_factory=dict)


def gather(shop: Shop, *, start: datetime, end: datetime) -> Both:
    """Everything of the days from start to before end (UTC), and whatever differed before. Raises PaymentTrouble."""
    sides = _Sides(shop, start, end)
    balance = _or_raise(shop.terminal.balance_between(start, end))
    sides.charges |= {line.charge.id: line.charge for line in balance if line.charge}
    sides.charges |= {one.id: one for one in _or_raise(shop.terminal.charges_between(start, end))}
    sides.refunds |= {one.id: one for one in _or_raise(shop.terminal.refunds_between(start, end))}
    came_back = {line.refund.id: line.refund for line in balance if line.refund}
    _of_the_days(sides, also=came_back.values())
    _by_id(sides, came_back)
    of_the_days = _subjects(sides)
    with shop.read() as look:
        stood = tuple(look.exec(select(Difference).where(col(Difference.gone_at).is_(None))))
    _look_again(sides, stood)
    _by_id(sides)
    ours = _ours(sides)
    theirs = Theirs(tuple(sides.charges.values()), tuple(sides.refunds.values()), balance)
    return Both(ours, theirs, stood, frozenset(each.subject for each in stood) - of_the_days)


def _of_the_days(sides: _Sides, *, also: Iterable[RefundLine]) -> None:
    """Our rows of these days, and those that Stripe's name."""
    start, end = sides.start, sides.end
    with sides.shop.read() as look:
        captured = and_(col(Payment.captured_at) >= start, col(Payment.captured_at) < end)
        _add_payments(sides, look, captured)
        late = and_(col(Payment.state) == PaymentState.AUTHORISED, col(Payment.capture_before) < end)
        _add_payments(sides, look, late)
        _add_parts(sides, look, and_(col(RefundPart.asked_at) >= start, col(RefundPart.asked_at) < end))
        _add_receipts(sides, look, and_(col(Receipt.issued_at) >= start, col(Receipt.issued_at) < end))
    _named_by_stripe(sides, also=also)


def _named_by_stripe(sides: _Sides, *, also: Iterable[RefundLine] = ()) -> None:
    intents = {one.intent_id for one in sides.charges.values()}
    intents |= {one.intent_id for one in (*sides.refunds.values(), *also)}
    payments = {one.payment_id for one in sides.charges.values()} | {one.payment_id for one in sides.parts.values()}
    with sides.shop.read() as look:
        for some in _in_parts(intents):
            _add_payments(sides, look, col(Payment.intent_id).in_(some))
        for some in _in_parts(payments):
            _add_payments(sides, look, col(Payment.id).in_(some))
        for some in _in_parts(sides.refunds):
            _add_parts(sides, look, col(RefundPart.stripe_refund_id).in_(some))


def _look_again(sides: _Sides, stood: Iterable[Difference]) -> None:
    """What differed before, on whichever side it stands."""
    about = {each.subject for each in stood}
    charges = {each.subject for each in stood if each.subject.startswith(OF_A_CHARGE)}
    refunds = {each.subject for each in stood if each.kind in OF_A_REFUND} - charges
    with sides.shop.read() as look:
        for some in _in_parts(about):
            _add_payments(sides, look, col(Payment.id).in_(some))
            _add_parts(sides, look, col(RefundPart.id).in_(some))
            _add_receipts(sides, look, col(Receipt.number).in_(some))
    _fetch(sides.charges, charges, lambda one: sides.shop.terminal.charge_by_id(charge_id=one))
    _fetch(sides.refunds, refunds, lambda one: sides.shop.terminal.refund_by_id(refund_id=one))
    _named_by_stripe(sides)


def _by_id(sides: _Sides, came_back: Mapping[str, RefundLine] = MappingProxyType({})) -> None:
    """What Stripe told of another day: a capture after midnight, a refund that failed later, a charge from before."""
    intents = {one.intent_id for one in sides.payments.values()}
    refunds = {one.refund_id for one in sides.parts.values() if one.refund_id}
    refunds |= {one.id for one in came_back.values() if one.intent_id in intents}
    _fetch(sides.refunds, refunds, lambda one: sides.shop.terminal.refund_by_id(refund_id=one))
    _named_by_stripe(sides)
    for booked in list(sides.payments.values()):
        if booked.intent_id and booked.state in MONEY_HELD_OR_TAKEN and not _is_told(sides, booked):
            tried = sides.shop.terminal.charges_of(intent_id=booked.intent_id)
            sides.charges |= {one.id: one for one in _or_nothing(tried) or ()}


def _is_told(sides: _Sides, booked: Booked) -> bool:
    """Whether its charge is there as it is now: a list may be older than our row, by which it was taken meanwhile."""
    charge = sides.charges.get(booked.charge_id or "")
    return charge is not None and (charge.taken or booked.state is not PaymentState.CAPTURED)


def _fetch(into: dict[str, T], wanted: Iterable[str], look: Callable[[str], T | Refusal]) -> None:
    for one in sorted(set(wanted) - set(into)):
        found = _or_nothing(look(one))
        if found is not None:
            into[one] = found


def _ours(sides: _Sides) -> Ours:
    with sides.shop.read() as look:
        orders: dict[str, str] = {}
        for some in _in_parts({one.order_id for one in sides.charges.values()}):
            orders |= dict(look.exec(select(Order.id, Order.boutique_id).where(col(Order.id).in_(some))).all())
        readers = dict(look.exec(select(Reader.id, Reader.boutique_id)).all())
        boutiques = frozenset(look.exec(select(Boutique.id)).all())
    return Ours(
        payments=tuple(sides.payments.values()),
        refunds=tuple(sides.parts.values()),
        receipts=tuple(sides.receipts.values()),
        readers=readers,
        boutiques=boutiques,
        orders=orders,
    )


def _subjects(sides: _Sides) -> frozenset[str]:
    return frozenset(sides.charges) | set(sides.refunds) | set(sides.payments) | set(sides.parts) | set(sides.receipts)


def _add_payments(sides: _Sides, look: Session, which: Any) -> None:
    asked = select(Payment, Order.boutique_id).join(Order, col(Order.id) == col(Payment.order_id))
    for one, boutique_id in look.exec(asked.where(which, col(Payment.method).in_(BY_STRIPE))):
        moments = (one.opened_at, one.authorised_at, one.captured_at)
        sides.payments[one.id] = Booked(
            payment_id=one.id,
            order_id=one.order_id,
            boutique_id=boutique_id,
            state=one.state,
            finished=one.finished_at is not None,
            amount_minor=one.amount_minor,
            currency=one.currency,
            intent_id=one.intent_id,
            charge_id=one.charge_id,
            moved_at=max(moment for moment in moments if moment),
            capture_before=one.capture_before,
        )


def _add_parts(sides: _Sides, look: Session, which: Any) -> None:
    asked: Any = select(RefundPart, Refund).join(Refund, col(Refund.id) == col(RefundPart.refund_id))
    for one, refund in look.exec(asked.where(which, col(RefundPart.road) == Road.CARD)):
        sides.parts[one.id] = GivenBack(
            part_id=one.id,
            payment_id=one.payment_id,
            order_id=refund.order_id,
            boutique_id=refund.boutique_id,
            state=RefundState(one.state),
            amount_minor=one.amount_minor,
            currency=one.currency,
            refund_id=one.stripe_refund_id,
            asked_at=one.asked_at,
        )


def _add_receipts(sides: _Sides, look: Session, which: Any) -> None:
    settles = col(Payment.receipt_no) == col(Receipt.number)
    # A hold that was released because all of it was given back is as good as taken: its refund says where it went.
    released = and_(col(Payment.state) == PaymentState.CANCELLED, refund_parts.gives_all_back())
    taken = func.sum(Payment.amount_minor).filter(or_(col(Payment.state) == PaymentState.CAPTURED, released))
    moving = func.count(col(Payment.id)).filter(col(Payment.finished_at).is_(None))
    asked: Any = (
        select(Receipt, Order.boutique_id, taken, moving)
        .join(Order, col(Order.id) == col(Receipt.order_id))
        .join(Payment, settles, isouter=True)
        .where(which)
        .group_by(col(Receipt.number), col(Order.boutique_id))
    )
    for paper, boutique_id, minor, still in look.exec(asked):
        sides.receipts[paper.number] = Receipted(
            number=paper.number,
            order_id=paper.order_id,
            boutique_id=boutique_id,
            gross_minor=paper.gross_minor,
            currency=paper.currency,
            taken_minor=int(minor or 0),
            issued_at=paper.issued_at,
            still_moving=bool(still),
        )


def _in_parts(ids: Iterable[str | None]) -> Iterator[list[str]]:
    every = sorted({one for one in ids if one})
    for at in range(0, len(every), IN_ONE_QUESTION):
        yield every[at : at + IN_ONE_QUESTION]


def _or_raise(answer: T | Refusal) -> T:
    if isinstance(answer, Refusal):
        raise PaymentTrouble(answer.code)
    return answer


def _or_nothing(answer: T | Refusal) -> T | None:
    """What is there; None where Stripe surely has nothing by that id."""
    missing = isinstance(answer, Refusal) and answer.code == "resource_missing"
    return None if missing else _or_raise(answer)
