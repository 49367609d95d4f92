"""expand[]: ids in an answer replaced by the objects they name (docs.stripe.com/expand)."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pos.sandbox.stripe import readers
from pos.sandbox.stripe.errors import Thing, invalid
from pos.sandbox.stripe.world import World

DEEPEST: Final = 4

# For every kind: what may be expanded, and what stands there. None: an id of a kind not served here, always null.
EXPANDABLE: Final[Mapping[str, Mapping[str, str | None]]] = {
    "payment_intent": {
        "application": None,
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": None,
        "payment_method": "payment_method",
        "payment_record": None,
        "review": None,
        "source": None,
        "transfer_data.destination": None,
    },
    "charge": {
        "application": None,
        "application_fee": None,
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "on_behalf_of": None,
        "payment_intent": "payment_intent",
        "refunds": "refunds",
        "review": None,
        "source_transfer": None,
        "transfer": None,
        "transfer_data.destination": None,
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
        "source_transfer_reversal": None,
        "transfer_reversal": None,
    },
    "terminal.reader": {
        "action.process_payment_intent.payment_intent": "payment_intent",
        "action.refund_payment.charge": "charge",
        "action.refund_payment.payment_intent": "payment_intent",
        "action.refund_payment.refund": "refund",
        "location": "terminal.location",
    },
    "customer": {
        "default_source": None,
        "invoice_settings.default_payment_method": "payment_method",
        "test_clock": None,
    },
    "payment_method": {"customer": "customer", "card.generated_from.setup_attempt": None},
    "checkout.session": {"payment_intent": "payment_intent"},
    "balance_transaction": {"source": "charge"},
    "terminal.location": {},
    "event": {},
}


def check(kind: str, paths: list[str], *, listed: bool) -> None:
    """Raises 400 for a property that cannot be expanded, or a path deeper than four levels."""
    for path in paths:
        rest = path
        if listed:
            head, _, rest = path.partition(".")
            if head != "data":
                raise _not_expandable(path)
        levels = _levels(kind, rest, path)
        if levels > DEEPEST:
            raise invalid(f"You can only expand up to {DEEPEST} levels deep ({path}).", param="expand")


def copied(thing: Thing) -> Thing:
    """A deep copy of plain values."""
    copy: Thing = json.loads(json.dumps(thing))
    return copy


def render(world: World, thing: Thing, *, paths: list[str]) -> Thing:
    """An answer as it goes out: readers as they are now, and what was asked for expanded. Paths were checked."""
    shown = _shown(world, thing)
    if not paths:
        return shown
    shown = copied(shown)
    listed = shown["object"] in ("list", "search_result")
    for path in paths:
        members, rest = (shown["data"], path.partition(".")[2]) if listed else ([shown], path)
        for member in members:
            _expand(world, member, member["object"], rest)
    return shown


def _shown(world: World, thing: Thing) -> Thing:
    if thing["object"] == readers.KIND and "deleted" not in thing:
        return readers.view(world, thing)
    if thing["object"] == "list":
        return {**thing, "data": [_shown(world, member) for member in thing["data"]]}
    return thing


def _levels(kind: str, rest: str, whole: str) -> int:
    name = _name(kind, rest)
    if name is None:
        raise _not_expandable(whole)
    deeper = rest[len(name) + 1 :]
    if not deeper:
        return 1
    target = EXPANDABLE[kind][name]
    if target is None or target not in EXPANDABLE:
        raise _not_expandable(whole)
    return 1 + _levels(target, deeper, whole)


def _name(kind: str, rest: str) -> str | None:
    return next((n for n in EXPANDABLE.get(kind, {}) if rest == n or rest.startswith(n + ".")), None)


def _expand(world: World, thing: Thing, kind: str, rest: str) -> None:
    name = _name(kind, rest)
    if name is None:  # a balance line's source is of two kinds; the path was right for the other
        return
    target, deeper = EXPANDABLE[kind][name], rest[len(name) + 1 :]
    holder, last = _holder(thing, name)
    if target is None or holder is None:
        return
    if target == "refunds":
        holder[last] = _refunds(world, thing)
    elif isinstance(holder.get(last), str):
        found = world.shelf.find(target, holder[last]) or _elsewhere(world, holder[last])
        holder[last] = copied(_shown(world, found)) if found is not None else holder[last]
    if deeper and isinstance(holder.get(last), dict):
        _expand(world, holder[last], holder[last]["object"], deeper)


def _elsewhere(world: World, key: str) -> Thing | None:
    return world.shelf.find("refund", key)  # the source of a balance line is a charge or a refund


def _holder(thing: Thing, name: str) -> tuple[Thing | None, str]:
    *way, last = name.split(".")
    at: Any = thing
    for step in way:
        at = at.get(step) if isinstance(at, dict) else None
    return (at if isinstance(at, dict) else None), last


def _refunds(world: World, charge: Thing) -> Thing:
    data = [copied(r) for r in world.shelf.newest_first("refund") if r["charge"] == charge["id"]]
    url = f"/v1/charges/{charge['id']}/refunds"
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}


def _not_expandable(path: str) -> Exception:
    return invalid(f"This property cannot be expanded ({path}).", param="expand")
