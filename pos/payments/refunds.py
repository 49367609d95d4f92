"""Carrying out what goes back to a card: the hold is released, or Stripe is asked for a refund, once for each part.

Every question is the payment's own: the intent says whether money is held or taken, at the moment of acting. A part has
one key for each try that Stripe may have answered, and after the first try its refunds are listed before another:
ours bears the part's id. Whatever is refused is believed only when the list shows none of ours.

What failed is owed to the shopper still; a person finds another road (`replace_failed`).
"""

import logging
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from pos.books import audit
from pos.db import Writing
from pos.errors import CannotGiveBack, Unknown
from pos.models import Device, Order, Payment, PaymentState, Refund, RefundPart, RefundState, Road, Role
from pos.payments import lease, outcome, record, refund_parts, roads
from pos.payments.answers import Kind, RefundAnswer, Refusal
from pos.payments.journal import Journal
from pos.payments.outcome import Look
from pos.payments.refund_parts import OPEN, Part, open_parts
from pos.people import rights, staff
from pos.shop import Shop

__all__ = ["carry_on", "open_parts", "recover", "replace_failed"]

log = logging.getLogger(__name__)

STATES = {
    "succeeded": RefundState.REFUNDED,
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
NOT_TAKEN_YET = "not_taken_yet"  # a part of a hold: it is given back once the whole is taken
ACT = "give money back"


def carry_on(shop: Shop, *, part_id: str) -> RefundState:
    """Do the next things for a part until it waits, or is done; says its state. Safe from anywhere, at any time.

    Raises Unknown.
    """
    with lease.holding_part(shop, part_id=part_id) as mine:
        part = refund_parts.facts(shop, part_id=part_id)
        if not mine or part.state == RefundState.FAILED or part.road not in refund_parts.BY_STRIPE:
            return part.state
        if part.stripe_refund_id is not None:
            return _look(shop, part)
        return _act(shop, part) if part.state in OPEN else part.state


def recover(shop: Shop) -> tuple[str, ...]:
    """Carry on every part that is due; says which could not be, and goes on with the others."""
    troubles = []
    for part_id in open_parts(shop, due=True):
        try:
            carry_on(shop, part_id=part_id)
        except Exception:  # whatever it is, the others are still to be carried on
            log.exception("part %s of a refund could not be carried on", part_id)
            troubles.append(part_id)
    return tuple(troubles)


def _act(shop: Shop, part: Part) -> RefundState:
    """The payment decides: what is only held is released, whole, or waited for; what is taken is refunded."""
    state = _payment(shop, part)
    if state is PaymentState.AUTHORISED and part.whole:
        state = outcome.close(shop, record.facts(shop, payment_id=part.payment_id))
    if state is PaymentState.CANCELLED:
        return refund_parts.move(shop, part, RefundState.REFUNDED, road=Road.RELEASE, reason=None)
    if state is PaymentState.CAPTURED:
        return _refund(shop, part)
    return refund_parts.wait(shop, part, reason=NOT_TAKEN_YET)


def _payment(shop: Shop, part: Part) -> PaymentState:
    """How the payment stands, asked of Stripe while that may change."""
    known = record.facts(shop, payment_id=part.payment_id)
    if known.state is not PaymentState.AUTHORISED or part.intent_id is None:
        return known.state
    intent = shop.terminal.fetch_intent(_journal(shop, part), intent_id=part.intent_id)
    return outcome.apply(shop, payment_id=part.payment_id, look=Look(known.attempts, intent))


def _refund(shop: Shop, part: Part) -> RefundState:
    journal = _journal(shop, part)
    if part.attempts:  # it may have been made, and the answer lost
        found = _ours(shop, part)
        if isinstance(found, Refusal):
            return refund_parts.wait(shop, part, state=RefundState.UNKNOWN, reason=found.code)
        if found is not None:
            return _take_in(shop, part, found)
    key = f"refund:{part.id}:{journal.spent_keys('create_refund')}"
    begun = refund_parts.begin_try(shop, part)
    if begun is None:
        return refund_parts.facts(shop, part_id=part.id).state
    assert part.intent_id is not None
    answer = shop.terminal.create_refund(
        journal,
        key=key,
        intent_id=part.intent_id,
        amount_minor=part.amount_minor,
        metadata={"refund_part_id": part.id, "payment_id": part.payment_id, "refund": part.number},
    )
    if isinstance(answer, RefundAnswer):
        return _take_in(shop, begun, answer)
    return _refused(shop, begun, answer)


def _refused(shop: Shop, part: Part, refusal: Refusal) -> RefundState:
    """No refund came back: busy is asked again; a clear no ends it, once the list shows that none of ours was made."""
    if refusal.kind is Kind.BUSY:
        return refund_parts.wait(shop, part, reason=refusal.code)
    if refusal.kind is not Kind.REFUSED:
        return refund_parts.wait(shop, part, state=RefundState.UNKNOWN, reason=refusal.code)
    found = _ours(shop, part)
    if isinstance(found, Refusal):
        return refund_parts.wait(shop, part, state=RefundState.UNKNOWN, reason=refusal.code)
    if found is not None:
        return _take_in(shop, part, found)
    log.error("refund %s of order %s: Stripe gives nothing back (%s)", part.number, part.order_code, refusal.code)
    return refund_parts.move(shop, part, RefundState.FAILED, reason=refusal.code[:80])


def _look(shop: Shop, part: Part) -> RefundState:
    assert part.stripe_refund_id is not None
    answer = shop.terminal.fetch_refund(_journal(shop, part), refund_id=part.stripe_refund_id)
    if isinstance(answer, RefundAnswer):
        return _take_in(shop, part, answer)
    return refund_parts.wait(shop, part, reason=part.reason)


def _take_in(shop: Shop, part: Part, refund: RefundAnswer) -> RefundState:
    state = STATES.get(refund.status, RefundState.PENDING)
    if part.state == RefundState.REFUNDED and state == RefundState.PENDING:  # an older word: it never goes back
        state = part.state
    reason = (refund.failure_reason or refund.status)[:80] if state == RefundState.FAILED else None
    if state == RefundState.FAILED:
        log.error("refund %s of order %s failed (%s): it is owed still", part.number, part.order_code, reason)
    return refund_parts.move(shop, part, state, stripe_refund_id=refund.id, reason=reason)


def _ours(shop: Shop, part: Part) -> RefundAnswer | Refusal | None:
    assert part.intent_id is not None
    found = shop.terminal.list_refunds(_journal(shop, part), intent_id=part.intent_id)
    if isinstance(found, Refusal):
        return found
    return next((one for one in found if one.part_id == part.id), None)


def _journal(shop: Shop, part: Part) -> Journal:
    return Journal(shop, payment_id=part.payment_id, part_id=part.id)


def replace_failed(
    shop: Shop,
    *,
    part_id: str,
    road: Road,
    staff_id: str,
    device_id: str,
    manager_id: str | None = None,
    manager_pin: str | None = None,
    slip: roads.Slip | None = None,
) -> str:
    """Give what failed back by another road (CARD: to the same card once more); says the new part's id.

    slip prints a store credit (returns.another_road brings it). Asked twice it is one part; of cash the limit of the
    whole order counts. Raises CannotGiveBack (it has not failed, or went another road already), ManagerNeeded,
    NotAllowed, WrongPin or Unknown.
    """
    manager = staff.vouch(shop, device_id=device_id, staff_id=manager_id, pin=manager_pin) if manager_pin else None
    with shop.write(durable=True) as tx:
        person = rights.demand(tx, shop, staff_id=staff_id, device_id=device_id, needed=Role.STAFF, act=ACT)
        order, refund, payment = _locked(tx, part_id=part_id)
        before = tx.exec(select(RefundPart).where(RefundPart.replaces == part_id)).first()
        if before is not None and before.road == road:
            audit.unchanged(tx)
            return before.id
        if road not in (Road.CARD, Road.CASH, Road.CREDIT) or (road == Road.CARD and payment.intent_id is None):
            raise CannotGiveBack(order.code, "road")
        now = tx.now()
        amount = _end_failed(tx, part_id=part_id, at=now)
        if amount is None:
            raise CannotGiveBack(order.code, "not_failed")
        part = roads.part(refund, payment, amount, road=road, replaces=part_id, at=now)
        approved = manager.staff_id if manager else None
        allowed = roads.approve_cash(tx, shop, refund, parts=[part], person=person, manager_id=approved)
        boutique_id = tx.get_one(Device, device_id).boutique_id
        roads.write_down(tx, [part], boutique_id=boutique_id, by=person.id, slip=slip)
        told = {"road": road, "amount": amount, "instead_of": part_id, "manager": allowed or ""}
        audit.record(tx, "refund by another road", refund.number, by=person.id, **told)
        return part.id


def _locked(tx: Writing, *, part_id: str) -> tuple[Order, Refund, Payment]:
    found = tx.exec(
        select(Order, Refund, Payment)
        .join(Refund, col(Refund.order_id) == col(Order.id))
        .join(RefundPart, col(RefundPart.refund_id) == col(Refund.id))
        .join(Payment, col(Payment.id) == col(RefundPart.payment_id))
        .where(RefundPart.id == part_id)
        .with_for_update(of=Order)
    ).first()
    if found is None:
        raise Unknown("part of a refund", part_id)
    return found


def _end_failed(tx: Writing, *, part_id: str, at: datetime) -> int | None:
    """What failed is another part's from now on; says its amount, None where it has not failed or is that already."""
    failed = (
        col(RefundPart.id) == part_id,
        col(RefundPart.state) == RefundState.FAILED,
        col(RefundPart.finished_at).is_(None),
    )
    ended = update(RefundPart).where(*failed).values(finished_at=at).returning(col(RefundPart.amount_minor))
    return tx.exec(ended).scalar_one_or_none()
