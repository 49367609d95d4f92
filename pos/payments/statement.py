"""Stripe's own books as it tells them: charges, refunds and the lines of the balance; frozen, and without card data."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

Row = TypeVar("Row", covariant=True)
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class BalanceLine:
    """One line of the balance; money in the smallest unit, a refund's is negative. type is Stripe's word."""

    id: str
    type: str
    amount: int
    fee: int
    net: int
    currency: str
    source_id: str | None
    charge: "ChargeLine | None" = None  # what it is for, where it is a charge
    refund: "RefundLine | None" = None  # the same where it is a refund; its own lines are not expanded


@dataclass(frozen=True)
class ChargeLine:
    """A charge; money in the smallest unit, times UTC. refunded: all of it went back, or its hold was released."""

    id: str
    status: str
    amount: int
    amount_captured: int
    currency: str
    captured: bool
    refunded: bool
    created: datetime
    intent_id: str | None
    payment_id: str | None  # what our metadata names
    order_id: str | None
    boutique: str | None
    reader_id: str | None
    capture_before: datetime | None
    balance: BalanceLine | None

    @property
    def taken(self) -> bool:
        """Whether money came by it."""
        return self.captured and self.status == "succeeded"


@dataclass(frozen=True)
class RefundLine:
    """A refund; its amount is positive, in the smallest unit, times UTC."""

    id: str
    status: str
    amount: int
    currency: str
    created: datetime
    charge_id: str | None
    intent_id: str | None
    balance: BalanceLine | None
    came_back: BalanceLine | None  # the line by which a failed one returned to the balance

    @property
    def live(self) -> bool:
        """Whether the money went, or is on its way."""
        return self.status not in ("failed", "canceled")

    @property
    def moved(self) -> bool:
        """Whether it must have left the balance: one that was pending may fail before anything had."""
        left = self.balance is not None or self.came_back is not None
        return self.status == "succeeded" or (self.status == "failed" and left)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list, and the cursor of the next; None: it was the last."""

    rows: tuple[Row, ...]
    after: str | None


def charge_line(said: Plain) -> ChargeLine:
    """A charge as Stripe sent it."""
    details = said.get("payment_method_details") or {}
    shown = details.get(details.get("type")) or {}
    ours = said.get("metadata") or {}
    before = shown.get("capture_before")
    return ChargeLine(
        id=str(said["id"]),
        status=str(said["status"]),
        amount=int(said["amount"]),
        amount_captured=int(said["amount_captured"]),
        currency=str(said["currency"]),
        captured=bool(said["captured"]),
        refunded=bool(said["refunded"]),
        created=_moment(said["created"]),
        intent_id=_id_of(said.get("payment_intent")),
        payment_id=ours.get("payment_id"),
        order_id=ours.get("order_id"),
        boutique=ours.get("boutique"),
        reader_id=shown.get("reader"),
        capture_before=_moment(before) if before else None,
        balance=_expanded(said.get("balance_transaction")),
    )


def refund_line(said: Plain) -> RefundLine:
    """A refund as Stripe sent it."""
    return RefundLine(
        id=str(said["id"]),
        status=str(said.get("status")),
        amount=int(said["amount"]),
        currency=str(said["currency"]),
        created=_moment(said["created"]),
        charge_id=_id_of(said.get("charge")),
        intent_id=_id_of(said.get("payment_intent")),
        balance=_expanded(said.get("balance_transaction")),
        came_back=_expanded(said.get("failure_balance_transaction")),
    )


def balance_line(said: Plain) -> BalanceLine:
    """A line of the balance as Stripe sent it, with what it is for where that was expanded."""
    source = said.get("source")
    line = BalanceLine(
        id=str(said["id"]),
        type=str(said["type"]),
        amount=int(said["amount"]),
        fee=int(said["fee"]),
        net=int(said["net"]),
        currency=str(said["currency"]),
        source_id=_id_of(source),
    )
    if not isinstance(source, Mapping):
        return line
    if source.get("object") == "charge":  # the source names this line by its id alone
        return replace(line, charge=replace(charge_line(source), balance=line))
    return replace(line, refund=refund_line(source)) if source.get("object") == "refund" else line


def _expanded(said: Any) -> BalanceLine | None:
    return balance_line(said) if isinstance(said, Mapping) else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _id_of(said: Any) -> str | None:
    return said if isinstance(said, str) or said is None else str(said["id"])


def page_of(read: Callable[[Mapping[str, Any]], Row]) -> Callable[[Mapping[str, Any]], Page[Row]]:
    """How a page of a list is read, by how one line of it is."""

    def rows(said: Mapping[str, Any]) -> Page[Row]:
        data = said["data"]
        return Page(tuple(read(one) for one in data), str(data[-1]["id"]) if said.get("has_more") and data else None)

    return rows


def between(start: datetime, end: datetime) -> dict[str, Any]:
    """Stripe counts in whole seconds: what was made in the second of end is the next day's."""
    return {"created": {"gte": math.ceil(start.timestamp()), "lt": math.ceil(end.timestamp())}}
