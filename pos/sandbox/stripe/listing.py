"""Lists with cursors, newest first, and search by a small part of Stripe's query language."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from pos.sandbox.stripe.errors import Thing, invalid, missing
from pos.sandbox.stripe.world import Call, World

Keep = Callable[[Thing], bool]
_LARGEST_PAGE: Final = 100
_CLAUSE: Final = re.compile(
    r"""\s*(?P<not>-)?(?P<field>\w+)(?:\[(?P<q>["'])(?P<key>.*?)(?P=q)\])?(?P<op>:|>=|<=|>|<)"""
    r"""(?P<v>["'])?(?P<value>(?(v).*?|[^\s]+))(?(v)(?P=v))(?:\s+(?P<join>AND|OR)\s+|\s*$)""",
    re.DOTALL,
)


def page(world: World, call: Call, kind: str, *, keep: Keep = lambda thing: True) -> Thing:
    """One page of a list: {object: list, data, has_more, url}.

    Raises 400 for a limit outside 1-100 or two cursors, 404 resource_missing for a cursor nobody knows.
    """
    created = call.params.get("created") or {}
    found = [t for t in world.shelf.newest_first(kind) if keep(t) and _within(t, created)]
    limit = _limit(call)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise invalid("You may only specify one of these parameters: ending_before, starting_after.")
    if before:
        young = found[: _place(found, kind, before, "ending_before")]
        return envelope(young[-limit:], more=len(young) > limit, url=call.path)
    start = _place(found, kind, after, "starting_after") + 1 if after else 0
    return envelope(found[start : start + limit], more=len(found) > start + limit, url=call.path)


def envelope(data: list[Thing], *, more: bool, url: str) -> Thing:
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": more, "url": url}


def search(world: World, call: Call, kind: str) -> Thing:
    """Objects that fit a query such as metadata['order_id']:'V-1' AND status:'requires_capture'.

    Served: metadata, status, currency, customer, amount and created, with -, AND or OR (not both), and > >= < <=
    for numbers. Raises 400 for anything else.
    """
    fits = _query(call.params["query"])
    lag = world.faults.strike("search", kind)
    young = world.clock.now() - float(lag.settings["seconds"]) if lag else None
    found = [t for t in world.shelf.newest_first(kind) if fits(t) and (young is None or t["created"] <= young)]
    limit, start = _limit(call), _start(call.params.get("page"))
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": f"page_{start + limit}" if more else None,
        "url": call.path,
    }


def _limit(call: Call) -> int:
    limit = call.params.get("limit")
    limit = 10 if limit is None else limit
    if not 1 <= limit <= _LARGEST_PAGE:
        raise invalid("Invalid limit: must be between 1 and 100.", param="limit", code="parameter_invalid_integer")
    return int(limit)


def _start(page_token: str | None) -> int:
    if page_token is None:
        return 0
    number = page_token.removeprefix("page_")
    if not number.isdecimal():
        raise invalid("Invalid page.", param="page")
    return int(number)


def _place(found: list[Thing], kind: str, cursor: str, param: str) -> int:
    for place, thing in enumerate(found):
        if thing["id"] == cursor:
            return place
    raise missing(kind, cursor, param=param)


def _within(thing: Thing, bounds: Thing) -> bool:
    at = thing.get("created", 0)
    tests = {"gt": at.__gt__, "gte": at.__ge__, "lt": at.__lt__, "lte": at.__le__}
    return all(tests[name](bound) for name, bound in bounds.items() if bound is not None)


def _query(text: str) -> Keep:
    tests: list[Keep] = []
    joins: set[str] = set()
    at = 0
    while at < len(text):
        clause = _CLAUSE.match(text, at)
        if clause is None:
            raise invalid(f"We were unable to parse your search query: {text[at:][:60]}", param="query")
        tests.append(_test(clause))
        joins |= {clause["join"]} - {None}
        at = clause.end()
    if not tests or len(joins) > 1:
        raise invalid("A search query joins its clauses with AND or with OR, not with both.", param="query")
    some = any if joins == {"OR"} else all
    return lambda thing: some(test(thing) for test in tests)


def _test(clause: re.Match[str]) -> Keep:
    field, key, op, value = clause["field"], clause["key"], clause["op"], clause["value"]
    if field not in ("metadata", "status", "currency", "customer", "amount", "created"):
        raise invalid(f"Field `{field}` is an unsupported search field.", param="query")
    if (field == "metadata") != (key is not None):
        raise invalid("Only metadata takes a key in brackets, and always does.", param="query")

    def fits(thing: Thing) -> bool:
        held: Any = thing.get(field) if key is None else (thing.get("metadata") or {}).get(key)
        return _compare(held, op, value) != bool(clause["not"])

    return fits


def _compare(held: Any, op: str, value: str) -> bool:
    if value == "null":
        return held is None
    if held is None:
        return False
    if op == ":":
        return str(held) == value
    if not isinstance(held, int) or not value.isdecimal():
        return False
    bound = int(value)
    return {">": held > bound, ">=": held >= bound, "<": held < bound, "<=": held <= bound}[op]


def filters(call: Call, *names: str) -> Keep:
    """Keeps what agrees with every given parameter of that name."""
    wanted = {name: call.params[name] for name in names if call.params.get(name) is not None}
    return lambda thing: all(thing[name] == value for name, value in wanted.items())


def merged(old: Thing, new: Thing | None, *, given: bool) -> Thing:
    """Metadata after an update: given keys replace, an empty value removes, an empty hash clears."""
    if not given:
        return old
    if new is None:
        return {}
    both: Iterable[tuple[str, Any]] = {**old, **new}.items()
    return {key: value for key, value in both if value != ""}
